"""From a scene to a sentence about it, and to exactly what that sentence names.

All words come from the world's entries and all sentence frames from `frames.py`; nothing here knows a particular
shape, motion or place. Read `write` first, then `Writer.caption`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from minisora.world import frames
from minisora.world.request import ActorRequest, Caption, RelationRequest, SceneRequest
from minisora.world.scene import Relation, Scene
from minisora.world.tables import Rng, Words, World

DRAWS = 192  # random numbers drawn at once for a caption; more are drawn where they run out
PLAINEST = 0.35  # how often the first phrasing is taken without a draw among all
FREE_SHARE = 0.5  # how often a free phrasing is taken where there is one, in a free caption
MAX_WORDS = 45  # of a caption with several actors, before it is written again in brief
SIDE_SHARE = 0.06  # how often a camera that stands still is mentioned
NO_ARTICLE = 0.22
WALLED_ACTOR = 0  # by the recipe of walls in `sampling.py`, the first actor is the one that passes


def write(world: World, scene: Scene, rng: Rng, short: float = 0.1, free: bool = False) -> Caption:
    """A sentence about a scene, with what it names.

    Args:
        world: tables with the words.
        scene: what is to be described.
        rng: source of all choices.
        short: probability that attributes are left out; otherwise everything visible is named.
        free: use phrasings and frames that usual captions never contain; at least one in every caption.
    Returns:
        The text, its request (None where nothing was said; actors in the order of mention) and that order.
    """
    named = _named(world, scene, Dice(rng, free=False), short)
    for attempt in range(8):
        dice = Dice(rng, free, always=attempt > 4)
        writer = Writer(world, scene, named, dice, brief=attempt > 0 or len(scene.actors) > 2)
        caption = writer.caption()
        if dice.took_free == free and (len(scene.actors) == 1 or len(caption.text.split()) <= MAX_WORDS):
            break
    return caption


def describe(world: World, scene: Scene, rng: Rng) -> str:
    """A dense sentence that names everything visible in the scene."""
    return write(world, scene, rng, short=0.0).text


class Dice:
    """Choices for one caption: cheap, since numbers are drawn from the generator many at once."""

    def __init__(self, rng: Rng, free: bool, always: bool = False) -> None:
        self.rng, self.free, self.share = rng, free, 1.0 if always else FREE_SHARE
        self.took_free = False
        self._numbers = rng.random(DRAWS).tolist()

    def number(self) -> float:
        """A number in 0…1."""
        if not self._numbers:
            self._numbers = self.rng.random(DRAWS).tolist()
        return float(self._numbers.pop())

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.number() < probability

    def among(self, options: Sequence[Any]) -> Any:
        """One of the options, each as likely as the others."""
        return options[int(self.number() * len(options))]

    def words(self, words: Words) -> str:
        """A phrasing: a free one now and then in a free caption, else the plainest or any usual one."""
        if self.free and words.free and self.chance(self.share):
            self.took_free = True
            return str(self.among(words.free))
        return words.usual[0] if self.chance(PLAINEST) else str(self.among(words.usual))

    def shuffled(self, count: int) -> list[int]:
        """The numbers below `count` in random order."""
        return sorted(range(count), key=lambda _: self.number())


@dataclass(frozen=True)
class Named:
    """What a caption will say, actors as in the scene."""

    actors: tuple[ActorRequest, ...]
    background: str | None
    texture: str | None
    camera: str | None
    relation: Relation | None
    walled: bool


def _named(world: World, scene: Scene, dice: Dice, short: float) -> Named:
    """Choose what to name: everything, or with probability `short` less, but never so that actors get mixed up."""
    still = scene.camera.move == world.still_camera
    camera = None if still and not dice.chance(SIDE_SHARE) else scene.camera.move
    relation = scene.relations[0] if scene.relations else None
    texture = scene.texture or None
    actors = tuple(_full(world, actor) for actor in scene.actors)
    full = Named(actors, scene.background, texture, camera, relation, scene.wall is not None)
    return _shortened(full, dice) if dice.chance(short) else full


def _full(world: World, actor: Any) -> ActorRequest:
    speed = actor.speed if world.motions[actor.motion].has_speed and actor.speed != world.plain_speed else None
    return ActorRequest(actor.shape, actor.colour, actor.size, actor.motion, speed)


def _shortened(full: Named, dice: Dice) -> Named:
    """Without some attributes. A motion is left out of all actors or of none: "a circle and a star bouncing"."""
    alone = len(full.actors) == 1
    mute = dice.chance(0.15) and (alone or not full.walled)
    shapes = [actor.shape for actor in full.actors]
    actors = []
    for actor in full.actors:
        drop: dict[str, None] = {}
        if mute:
            drop.update(motion=None, speed=None)
        if dice.chance(0.4):
            drop.update(speed=None)
        if dice.chance(0.4):
            drop.update(size=None)
        if dice.chance(0.12):
            drop.update(shape=None)
        elif dice.chance(0.12) and shapes.count(actor.shape) == 1:
            drop.update(colour=None)
        actors.append(replace(actor, **drop))
    background = None if dice.chance(0.5) else full.background
    relation = None if dice.chance(0.2) else full.relation
    return replace(full, actors=tuple(actors), background=background, relation=relation)


class Writer:
    """One caption in the making."""

    def __init__(self, world: World, scene: Scene, named: Named, dice: Dice, brief: bool) -> None:
        self.world, self.scene, self.dice = world, scene, dice
        self.actors = list(named.actors)
        self.named, self.brief = named, brief
        self.order: list[int] = dice.shuffled(len(self.actors))
        self.articles = True
        self.wall_inline = named.walled and dice.chance(0.6)
        self.spoken = [self._spoken(actor) for actor in self.actors]

    # --- the whole -----------------------------------------------------------------------------------------------

    def caption(self) -> Caption:
        """The text and its request."""
        before, after, sentences = self._surroundings()
        body, glue = self._body(opened=bool(before))
        if self.named.walled and not self.wall_inline:
            sentences.insert(0, self._wall_sentence())
        text = before + body + after
        text += "".join(glue + sentence for sentence in sentences)
        return Caption(self._polished(text), self._request(), tuple(self.order))

    def _request(self) -> SceneRequest:
        place = {actor: k for k, actor in enumerate(self.order)}
        relation = self.named.relation
        relations = (
            (RelationRequest(relation.name, place[relation.subject], place[relation.object]),) if relation else ()
        )
        return SceneRequest(
            actors=tuple(self.actors[k] for k in self.order),
            background=self.named.background,
            relations=relations,
            behind_wall=(place[WALLED_ACTOR],) if self.named.walled else (),
            camera=self.named.camera,
            texture=self.named.texture,
        )

    def _polished(self, text: str) -> str:
        """Capitals and a final stop, or neither."""
        if not self.dice.chance(0.6 if ". " in text else 0.25):
            return text
        parts = [part[:1].upper() + part[1:] for part in text.split(". ")]
        return ". ".join(parts) + "."

    # --- actors --------------------------------------------------------------------------------------------------

    def _body(self, opened: bool) -> tuple[str, str]:
        """All actors (and how they are related), and what goes between sentences."""
        relation = self.named.relation
        if relation and len(self.actors) == 2 and self.dice.chance(0.6):
            return self._related(relation), self.dice.words(frames.STRONG_JOINS)
        clauses, glue = self._clauses(opened)
        strong = glue if glue in frames.STRONG_JOINS.usual else self.dice.words(frames.STRONG_JOINS)
        if not relation:
            return clauses, strong
        sentence = self._relation_sentence(relation)
        return clauses + (", " if sentence.startswith("with ") else strong) + sentence, strong

    def _clauses(self, opened: bool) -> tuple[str, str]:
        """One clause for each actor, and the glue between them; `opened`: something stands before it already."""
        moving = any(actor.motion for actor in self.actors) or self.wall_inline
        phrases = not moving or self.dice.chance(0.6)
        opener = self._opener() if phrases and not opened else ""
        table = (frames.PHRASES if moving else frames.NOUN_PHRASES) if phrases else frames.SENTENCES
        frame = self.dice.words(table)
        self.articles = not (phrases and opener in ("", "a video of ") and self.dice.chance(NO_ARTICLE))
        clauses = [self._clause(k, frame) for k in self.order]
        strong = frame.startswith("{ing}") or ". " in frame
        joins = frames.STRONG_JOINS if strong else frames.PHRASE_JOINS if phrases else frames.SENTENCE_JOINS
        glue = self.dice.words(joins)
        return opener + _joined(clauses, glue), glue

    def _opener(self) -> str:
        if len(self.actors) in frames.NUMERALS and self.dice.chance(0.2):
            return self.dice.words(frames.COUNTS).format(count=frames.NUMERALS[len(self.actors)])
        return self.dice.words(frames.OPENERS)

    def _clause(self, k: int, frame: str) -> str:
        """An actor in a frame; the plainest one where the frame asks for what is not said."""
        size, colour, _ = self.spoken[k]
        if ("{size}" in frame and not size) or ("{traits}" in frame and not (size or colour)):
            frame = "{np} {does}" if "{does}" in frame and frame in _ALL_SENTENCES else "{np} {ing}"
        slots = {slot: fill(self, k) for slot, fill in _SLOTS.items() if slot in frame}
        return frame.format(**slots).strip()

    def _spoken(self, actor: ActorRequest) -> tuple[str, str, str]:
        """The words for size, colour ("" if unsaid) and shape."""
        world, words = self.world, self.dice.words
        size = words(world.sizes[actor.size].words) if actor.size else ""
        colour = words(world.colours[actor.colour].words) if actor.colour else ""
        return size, colour, words(world.shapes[actor.shape].words if actor.shape else frames.NOUNS)

    def noun_phrase(self, k: int, sized: bool = True, coloured: bool = True) -> str:
        """ "a small red circle"."""
        size, colour, noun = self.spoken[k]
        size, colour = size if sized else "", colour if coloured else ""
        if size and colour:
            text = self.dice.words(frames.ADJECTIVES).format(size=size, colour=colour, noun=noun)
        else:
            text = f"{size}{colour} {noun}".strip()
        return self._with_article(text)

    def _with_article(self, text: str) -> str:
        return f"{_article(text)} {text}" if self.articles else text

    def traits(self, k: int) -> str:
        """ "small and red", in either order."""
        traits = [trait for trait in self.spoken[k][:2] if trait]
        return " and ".join(traits if self.dice.chance(0.5) else traits[::-1])

    def reference(self, k: int) -> str:
        """ "the red circle" for somebody named before, or as much of it as tells the actors apart."""
        _, colour, noun = self.spoken[k]
        actor = self.actors[k]
        if len(self.actors) == 1:
            return frames.PRONOUN
        shapes = [other.shape for other in self.actors]
        if actor.shape and shapes.count(actor.shape) == 1 and None not in shapes and self.dice.chance(0.35):
            return f"the {noun}"
        return f"the {colour} {noun}" if colour else f"the {noun}"

    # --- what they do --------------------------------------------------------------------------------------------

    def predicate(self, k: int, participle: bool) -> str:
        """ "moving left slowly" or "moves left slowly", with the wall where that is said in the same breath."""
        text = self._moving(self.actors[k], participle)
        if not (self.wall_inline and k == WALLED_ACTOR):
            return text
        wall = self._verb(self.world.wall_words, participle)
        return self.dice.words(frames.WALL_INLINE).format(motion=text, wall=wall) if text else wall

    def _moving(self, actor: ActorRequest, participle: bool) -> str:
        if not actor.motion:
            return ""
        motion = self._verb(self.world.motions[actor.motion].words, participle)
        if not actor.speed:
            return motion
        speed = self.dice.words(self.world.speeds[actor.speed].words)
        frame = self.dice.words(frames.ADVERBS) if speed.endswith("ly") else frames.ADVERBS.usual[0]
        verb, _, rest = motion.partition(" ")
        return " ".join(frame.format(verb=verb, rest=rest, speed=speed).split())

    def _verb(self, words: Words, participle: bool) -> str:
        return self.dice.words(_inflected(words, participle, self.brief))

    def _wall_sentence(self) -> str:
        participle = self.dice.words(frames.WALL_SENTENCES)
        slots = {"ref": self.reference(WALLED_ACTOR)}
        form = "ing" if "{ing}" in participle else "does"
        return participle.format(**slots, **{form: self._verb(self.world.wall_words, form == "ing")})

    # --- relations -----------------------------------------------------------------------------------------------

    def _relation_sentence(self, relation: Relation) -> str:
        kind = self.world.relations[relation.name]
        passive = bool(kind.inverse_words.usual) and self.dice.chance(0.3)
        frame = self.dice.words(frames.RELATION_PASSIVES if passive else frames.RELATION_SENTENCES)
        return frame.format(
            a_ref=self.reference(relation.subject),
            b_ref=self.reference(relation.object),
            ing=self._verb(kind.words, True) if not passive else "",
            inverse=self.dice.words(kind.inverse_words) if passive else "",
        )

    def _related(self, relation: Relation) -> str:
        """Both actors and how they stand to each other in one clause; sets the order of mention."""
        kind, (a, b) = self.world.relations[relation.name], (relation.subject, relation.object)
        passive = bool(kind.inverse_words.usual) and self.dice.chance(0.4)
        table = frames.RELATIONS if not kind.follows else frames.FOLLOWED if passive else frames.FOLLOWS
        frame = self.dice.words(table)
        if not any(actor.motion for actor in self.actors):
            frame = table.usual[0].replace(", both {moving}", "").replace("{a}, ", "{a} ")
        self._say_motions(frame, a, b)
        slots = {
            "ing": lambda: self._verb(kind.words, True),
            "does": lambda: self._verb(kind.words, False),
            "inverse": lambda: self.dice.words(kind.inverse_words),
            "moving": lambda: self._moving(self.actors[a], True),
            "a_np": lambda: self.noun_phrase(a),
            "b_np": lambda: self.noun_phrase(b),
            "a": lambda: self._clause(a, "{np} {ing}"),
            "b": lambda: self._clause(b, "{np} {ing}"),
        }
        self.order = sorted((a, b), key=lambda k: frame.index("{a" if k == a else "{b"))
        return frame.format(**{slot: fill() for slot, fill in slots.items() if f"{{{slot}}}" in frame})

    def _say_motions(self, frame: str, a: int, b: int) -> None:
        """Leave unsaid what the frame does not say; whoever follows moves as the followed one does."""
        if "{moving}" in frame:
            self.actors[b] = replace(self.actors[b], motion=self.actors[a].motion, speed=self.actors[a].speed)
            return
        for k, slot in ((a, "{a}"), (b, "{b}")):
            if slot not in frame:
                self.actors[k] = replace(self.actors[k], motion=None, speed=None)

    # --- surroundings --------------------------------------------------------------------------------------------

    def _surroundings(self) -> tuple[str, str, list[str]]:
        """What comes before, what is glued on after, and sentences of their own, for ground and camera."""
        before, after, sentences = "", "", []
        if self.named.background or self.named.texture:
            before, after, sentence = self._ground()
            sentences += [sentence] if sentence else []
        if self.named.camera:
            first, last, sentence = self._camera(self.named.camera, bool(before))
            before, after = before or first, after + last
            sentences += [sentence] if sentence else []
        return before, after, sentences

    def _ground(self) -> tuple[str, str, str]:
        place = self.dice.number()
        if place < 0.15 and self.named.background:
            frame = self.dice.words(frames.GROUND_SENTENCES)
            return "", "", frame.format(**self._ground_slots())
        if place < 0.4:
            return self.dice.words(frames.GROUND_BEFORE).format(**self._ground_slots()), "", ""
        return "", self.dice.words(frames.GROUND_AFTER).format(**self._ground_slots()), ""

    def _ground_slots(self) -> dict[str, str]:
        name = self.named.background
        colour = self.dice.words(self.world.backgrounds[name].words) if name else ""
        bare = frames.GROUND.format(colour=colour).strip()
        textured = "{ground}"
        if self.named.texture:
            texture = self.dice.words(self.world.textures[self.named.texture].words)
            textured = self.dice.words(frames.TEXTURED).format(ground="{ground}", texture=texture)
        return {
            "colour": textured.format(ground=colour),
            "ground": textured.format(ground=f"{_article(bare)} {bare}"),
            "bare_ground": textured.format(ground=bare),
        }

    def _camera(self, move: str, late: bool) -> tuple[str, str, str]:
        words = self.world.cameras[move].words
        place = self.dice.number()
        early = not late and place < 0.2
        table = frames.CAMERA_BEFORE if early else frames.CAMERA_AFTER if place < 0.65 else frames.CAMERA_SENTENCES
        frame = self.dice.words(table)
        text = frame.format(**{form: self._verb(words, form == "ing") for form in ("ing", "does") if form in frame})
        if early:
            return text, "", ""
        return ("", text, "") if table is frames.CAMERA_AFTER else ("", "", text)


_SLOTS = {
    "np": lambda writer, k: writer.noun_phrase(k),
    "plain": lambda writer, k: writer.noun_phrase(k, sized=False),
    "bare": lambda writer, k: writer.noun_phrase(k, sized=False, coloured=False),
    "traits": lambda writer, k: writer.traits(k),
    "size": lambda writer, k: writer.spoken[k][0],
    "ing": lambda writer, k: writer.predicate(k, True),
    "does": lambda writer, k: writer.predicate(k, False),
}
_ALL_SENTENCES = frozenset(frames.SENTENCES.usual + frames.SENTENCES.free)


def _article(text: str) -> str:
    return "an" if text[:1] in "aeiou" else "a"


def _joined(clauses: list[str], glue: str) -> str:
    """ "A, B and C" where the glue has a word in it, else the same glue everywhere."""
    if len(clauses) < 3 or not any(letter.isalpha() for letter in glue):
        return glue.join(clauses)
    return ", ".join(clauses[:-1]) + glue + clauses[-1]


_INFLECTED: dict[tuple[int, bool, bool], tuple[Words, Words]] = {}


def _inflected(words: Words, participle: bool, brief: bool) -> Words:
    """The phrasings in one form of the verb, only the short ones if `brief`; kept, since it is asked for often."""
    key = (id(words), participle, brief)
    if key not in _INFLECTED:
        chosen = Words(_of_form(words.usual, participle, brief), _of_form(words.free, participle, brief))
        _INFLECTED[key] = (words, chosen)  # holding the words keeps their id from being given to others
    return _INFLECTED[key][1]


def _of_form(phrases: Iterable[str], participle: bool, brief: bool) -> tuple[str, ...]:
    """Phrases whose first word is a participle, or is not; all of them where there is no verb at all ("above")."""
    kept = tuple(phrase for phrase in phrases if phrase.split()[0].endswith("ing") == participle) or tuple(phrases)
    least = min((len(phrase.split()) for phrase in kept), default=0)
    return tuple(phrase for phrase in kept if len(phrase.split()) <= least + 1) if brief else kept
