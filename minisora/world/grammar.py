"""From a scene to a sentence about it, and to exactly what that sentence names.

All words come from the world's entries and all sentence frames from `frames.py`; nothing here knows a particular
shape, motion or place. Read `write` first, then `Writer.caption`.
"""

from collections.abc import Callable
from dataclasses import replace

from minisora.world import frames
from minisora.world.naming import Named, name_request, name_scene
from minisora.world.places import LINES, has_places, home_in
from minisora.world.request import ActorRequest, Caption, RelationRequest, SceneRequest
from minisora.world.scene import Scene
from minisora.world.tables import Rng, Shape, Words, World
from minisora.world.verbs import behind, said
from minisora.world.whereabouts import passing
from minisora.world.wording import Dice, inflected

MAX_WORDS = 45  # of a caption with several actors, before it is written again in brief
NO_ARTICLE = 0.22
TRIES = 8
STOP = ". "


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
    return _say(world, name_scene(world, scene, Dice(rng, free=False), short), rng, free)


def describe(world: World, scene: Scene, rng: Rng) -> str:
    """A dense sentence that names everything visible in the scene."""
    return write(world, scene, rng, short=0.0).text


def expand(world: World, request: SceneRequest, rng: Rng) -> Caption:
    """A dense caption in the trained style from a request: all that it names, and the rest made up to fit.

    Args:
        world: tables with the words.
        request: as `parse` returns it; one without actors gets one that is made up.
        rng: source of what is made up and of the wording.
    Returns:
        The text, all that it names (more than was asked for), and for each actor its index in `request.actors`.
    """
    return _say(world, name_request(world, request, Dice(rng, free=False)), rng, free=False)


def _say(world: World, named: Named, rng: Rng, free: bool) -> Caption:
    """Write until the caption is short enough and, if asked for, has something free in it."""
    for attempt in range(TRIES):
        dice = Dice(rng, free, always=attempt > TRIES // 2)
        caption = Writer(world, named, dice, brief=attempt > 0 or len(named.actors) > 2).caption()
        if dice.took_free == free and (len(named.actors) == 1 or len(caption.text.split()) <= MAX_WORDS):
            break
    return caption


class Writer:
    """One caption in the making."""

    def __init__(self, world: World, named: Named, dice: Dice, brief: bool) -> None:
        self.world, self.dice = world, dice
        self.actors = list(named.actors)
        self.named, self.brief = named, brief
        self.order = dice.shuffled(len(self.actors))
        self.articles = True
        self.wall_inline = named.walled is not None and dice.chance(0.6)
        self.spoken = [self._spoken(actor) for actor in self.actors]

    # --- the whole -----------------------------------------------------------------------------------------------

    def caption(self) -> Caption:
        """The text and its request."""
        before, after, sentences = self._surroundings()
        body, glue = self._body(before)
        if self.named.walled is not None and not self.wall_inline:
            sentences.insert(0, self._wall_sentence(self.named.walled))
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
            behind_wall=() if self.named.walled is None else (place[self.named.walled],),
            camera=self.named.camera,
            texture=self.named.texture,
            light=self.named.light,
            weather=self.named.weather,
            prop=self.named.prop,
        )

    def _polished(self, text: str) -> str:
        """Capitals and a final stop, or neither."""
        if not self.dice.chance(0.6 if ". " in text else 0.25):
            return text
        parts = [part[:1].upper() + part[1:] for part in text.split(". ")]
        return ". ".join(parts) + "."

    # --- actors --------------------------------------------------------------------------------------------------

    def _body(self, before: str) -> tuple[str, str]:
        """All actors (and how they are related) after what stands before, and what goes between sentences."""
        relation = self.named.relation
        if relation and len(self.actors) == 2 and self.dice.chance(0.6):
            return self._related(relation), self.dice.words(frames.STRONG_JOINS)
        clauses, glue = self._clauses(before)
        strong = glue if glue in frames.STRONG_JOINS.usual else self.dice.words(frames.STRONG_JOINS)
        if not relation:
            return clauses, strong
        sentence = self._relation_sentence(relation)
        return clauses + (", " if sentence.startswith("with ") else strong) + sentence, strong

    def _clauses(self, before: str) -> tuple[str, str]:
        """One clause for each actor, and the glue between them, after what stands before already."""
        moving = any(actor.motion for actor in self.actors) or self.wall_inline
        phrases = not moving or self.dice.chance(0.6) or before.endswith(frames.OPEN_ENDED)
        opener = self._opener() if phrases and not before else ""
        table = (frames.PHRASES if moving else frames.NOUN_PHRASES) if phrases else frames.SENTENCES
        if not all(size or colour for size, colour, _ in self.spoken):
            table = Words(table.usual, tuple(frame for frame in table.free if "{traits}" not in frame))
        frame = self.dice.words(table)
        self.articles = not (phrases and opener in ("", "a video of ") and self.dice.chance(NO_ARTICLE))
        clauses = [self._clause(k, frame) for k in self.order]
        strong = frame.startswith("{ing}")
        joins = frames.STRONG_JOINS if strong else frames.PHRASE_JOINS if phrases else frames.SENTENCE_JOINS
        glue = STOP if STOP in frame or len(clauses) == 1 else self.dice.words(joins)
        return opener + _joined(clauses, glue), glue

    def _opener(self) -> str:
        if len(self.actors) in frames.NUMERALS and self.dice.chance(0.2):
            counts = frames.CHARACTER_COUNTS if has_places(self.world) else frames.COUNTS
            return self.dice.words(counts).format(count=frames.NUMERALS[len(self.actors)])
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
        nouns = frames.CHARACTERS if has_places(world) else frames.NOUNS
        return size, colour, words(world.shapes[actor.shape].words if actor.shape else nouns)

    def noun_phrase(self, k: int, sized: bool = True, coloured: bool = True) -> str:
        """ "a small red circle"."""
        size, colour, noun = self.spoken[k]
        size, colour = size if sized else "", colour if coloured else ""
        if size and colour:
            frame = self.dice.words(frames.ADJECTIVES)
            frame = frame if self.articles else frame.replace(",", "")  # "red, small circle" needs its "a"
            text = frame.format(size=size, colour=colour, noun=noun)
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
        if len(self.actors) == 1 and not self.named.camera:  # "the camera pans left. it passes …": who does?
            return frames.PRONOUN
        shapes = [other.shape for other in self.actors]
        if actor.shape and shapes.count(actor.shape) == 1 and None not in shapes and self.dice.chance(0.35):
            return f"the {noun}"
        return f"the {colour} {noun}" if colour else f"the {noun}"

    # --- what they do --------------------------------------------------------------------------------------------

    def predicate(self, k: int, participle: bool) -> str:
        """ "moving left slowly" or "moves left slowly", with the wall where that is said in the same breath."""
        text = self._moving(self.actors[k], participle)
        if not (self.wall_inline and k == self.named.walled):
            return text
        wall = self._verb(self._wall_words(k), participle)
        return self.dice.words(frames.WALL_INLINE).format(motion=text, wall=wall) if text else wall

    def _moving(self, actor: ActorRequest, participle: bool) -> str:
        if not actor.motion:
            return ""
        shape = self.world.shapes[actor.shape] if actor.shape else None
        motion = self._verb(said(self.world, self.world.motions[actor.motion].words, shape), participle)
        if not actor.speed:
            return motion
        speed = self.dice.words(self.world.speeds[actor.speed].words)
        verb, _, rest = motion.partition(" ")
        table = frames.ADVERBS if rest else frames.ADVERBS_ALONE
        frame = self.dice.words(table) if speed.endswith("ly") else table.usual[0]
        return " ".join(frame.format(verb=verb, rest=rest, speed=speed).split())

    def _verb(self, words: Words, participle: bool) -> str:
        return self.dice.words(inflected(words, participle, self.brief))

    def _wall_sentence(self, k: int) -> str:
        frame = self.dice.words(frames.WALL_SENTENCES)
        form = "ing" if "{ing}" in frame else "does"
        return frame.format(**{"ref": self.reference(k), form: self._verb(self._wall_words(k), form == "ing")})

    def _wall_words(self, k: int) -> Words:
        """What an actor does that passes behind the wall, or behind the prop that is named."""
        if self.named.prop is None:
            return self.world.wall_words
        words = behind(self.world.prop_words, self.world.props[self.named.prop])
        return said(self.world, words, self._shape(k))

    def _shape(self, k: int) -> Shape | None:
        name = self.actors[k].shape
        return self.world.shapes[name] if name else None

    # --- relations -----------------------------------------------------------------------------------------------

    def _relation_sentence(self, relation: RelationRequest) -> str:
        kind = self.world.relations[relation.name]
        passive = bool(kind.inverse_words.usual) and self.dice.chance(0.3)
        frame = self.dice.words(frames.RELATION_PASSIVES if passive else frames.RELATION_SENTENCES)
        return frame.format(
            a_ref=self.reference(relation.subject),
            b_ref=self.reference(relation.object),
            ing=self._verb(kind.words, True) if not passive else "",
            inverse=self.dice.words(kind.inverse_words) if passive else "",
        )

    def _related(self, relation: RelationRequest) -> str:
        """Both actors and how they stand to each other in one clause; sets the order of mention."""
        kind, (a, b) = self.world.relations[relation.name], (relation.subject, relation.object)
        passive = bool(kind.inverse_words.usual) and self.dice.chance(0.4)
        table = frames.RELATIONS if not kind.follows else frames.FOLLOWED if passive else frames.FOLLOWS
        if kind.meets:
            frame = self.dice.words(frames.MEETS)
        elif any(actor.motion for actor in self.actors):
            frame = self.dice.words(table)
        else:
            frame = table.usual[0].replace(", both {moving}", "").replace("{a}, ", "{a} ")
        self._say_motions(frame, a, b)
        slots: dict[str, Callable[[], str]] = {
            "ing": lambda: self._verb(kind.words, True),
            "does": lambda: self._verb(kind.words, False),
            "inverse": lambda: self.dice.words(kind.inverse_words),
            "moving": lambda: self._moving(self._alike(a, b), True),
            "a_np": lambda: self.noun_phrase(a),
            "b_np": lambda: self.noun_phrase(b),
            "a": lambda: self._clause(a, "{np} {ing}"),
            "b": lambda: self._clause(b, "{np} {ing}"),
        }
        self.order = sorted((a, b), key=lambda k: frame.index("{a" if k == a else "{b"))
        return frame.format(**{slot: fill() for slot, fill in slots.items() if f"{{{slot}}}" in frame})

    def _alike(self, a: int, b: int) -> ActorRequest:
        """Who moves as both do: of no kind, where they are of two."""
        one, other = self.actors[a], self.actors[b]
        return one if one.shape == other.shape else replace(one, shape=None)

    def _say_motions(self, frame: str, a: int, b: int) -> None:
        """Leave unsaid what the frame does not say; whoever follows moves as the followed one does."""
        walled = "{a}" if self.named.walled == a else "{b}"
        self.wall_inline = self.wall_inline and walled in frame  # else it gets a sentence of its own
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
        painted = self._painted()
        if (self.named.background and not painted) or self.named.texture:
            before, after, sentence = self._ground()
            sentences += [sentence] if sentence else []
        if painted or self.named.light or self.named.weather:
            first, last, sentence = self._place(self._where(), bool(before))
            before, after = before or first, after + last
            sentences += [sentence] if sentence else []
        if self.named.camera:
            first, last, sentence = self._camera(self.named.camera, bool(before))
            before, after = before or first, after + last
            sentences += [sentence] if sentence else []
        return before, after, sentences

    def _painted(self) -> bool:
        """Whether a place is named, not a plain colour."""
        name = self.named.background
        return name is not None and self.world.backgrounds[name].paint is not None

    def _where(self) -> list[str]:
        """Phrases for the place, the light and the weather, as far as they are named."""
        world, named = self.world, self.named
        phrases = []
        if self._painted():
            phrases.append(self._passed(self.dice.words(world.backgrounds[named.background or ""].words)))
        sky = [world.lights[named.light].words] if named.light else []
        sky += [world.weathers[named.weather].words] if named.weather else []
        if len(sky) > 1 and self.dice.chance(0.3):
            sky.reverse()
        return phrases + [self.dice.words(words) for words in sky]

    def _passed(self, phrase: str) -> str:
        """ "in a city" or, of one who gets on, "through the city"; of one in the air, "over the city"."""
        actor, world = self.actors[0], self.world
        motion = world.motions[actor.motion] if actor.motion else None
        if len(self.actors) > 1 or not (motion and motion.direction) or not self.dice.chance(0.35):
            return phrase
        shape = self._shape(0)
        place = world.backgrounds[self.named.background or ""]
        above = bool(shape and home_in(shape, place) not in LINES and set(LINES) & set(place.levels))
        ways = passing(phrase, above)
        return self.dice.among(ways) if ways else phrase

    def _place(self, where: list[str], late: bool) -> tuple[str, str, str]:
        """Where it is, before all else unless something stands there already (`late`), after it, or by itself."""
        roll, glue = self.dice.number(), self.dice.words(frames.PLACE_JOINS)
        if roll < 0.15:
            return "", "", self.dice.words(frames.PLACE_SENTENCES).format(where=glue.join(where))
        if roll < 0.35 and not late:
            return self.dice.words(frames.PLACE_BEFORE).format(where=glue.join(where)), "", ""
        after = self.dice.words(frames.PLACE_AFTER)
        if roll < 0.5 and len(where) > 1 and not late:  # "at night, a red car drives right through the city"
            first = self.dice.words(frames.PLACE_BEFORE).format(where=glue.join(where[1:]))
            return first, after.format(where=where[0]), ""
        return "", after.format(where=glue.join(where)), ""

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
        if early and self.world.cameras[move].follows and not self.named.relation:
            return self.dice.words(frames.SHOT_BEFORE), "", ""
        table = frames.CAMERA_BEFORE if early else frames.CAMERA_AFTER if place < 0.65 else frames.CAMERA_SENTENCES
        frame = self.dice.words(table)
        text = frame.format(**{form: self._verb(words, form == "ing") for form in ("ing", "does") if form in frame})
        if early:
            return text, "", ""
        return ("", text, "") if table is frames.CAMERA_AFTER else ("", "", text)


_SLOTS: dict[str, Callable[[Writer, int], str]] = {
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
