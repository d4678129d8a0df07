"""From a sentence to what it asks for: the inverse of the grammar, and patient with what users type.

The text is read as items (`lexicon.py`): adjectives, nouns, predicates, words of grammar. A `Reader` walks over them
once and keeps who is being talked about. What a sentence doesn't name is not asked for; what is not understood is
reported with the nearest known words and otherwise passed over.
"""

from dataclasses import dataclass, field, replace

from minisora.errors import PromptError
from minisora.world.lexicon import Item, Lexicon, lexicon, nearest_words, vocabulary
from minisora.world.request import ActorRequest, RelationRequest, SceneRequest, UnknownWord
from minisora.world.tables import World
from minisora.world.whereabouts import says_where

__all__ = ["MAX_CHARACTERS", "nearest_words", "parse", "vocabulary"]

MAX_CHARACTERS = 2000
EXPLAINED = 24  # unknown words that get nearest ones; looking for more would take long
EXAMPLE = "a small red circle moving right and a large blue star bouncing"
NUMBERS = {"two": 2, "three": 3, "2": 2, "3": 3}
ADJECTIVES = frozenset({"colour", "size"})
NOUNS = frozenset({"shape", "shapes", "noun", "nouns"})
PLURALS = frozenset({"shapes", "nouns"})
PREDICATES = frozenset({"motion", "motions", "speed"})
TWICE = "twice"  # why a word was not understood: something else was said before


def parse(world: World, prompt: str) -> SceneRequest:
    """What a sentence asks for.

    Args:
        world: tables with the words.
        prompt: a sentence or several, at most 2,000 characters.
    Returns:
        Actors in the order of mention, with None for all that is not named, and the words that were not understood.
    Raises:
        PromptError: the prompt is empty or too long.
    """
    if len(prompt) > MAX_CHARACTERS:
        raise PromptError(
            f"the prompt has {len(prompt):,} characters; at most {MAX_CHARACTERS:,} are read. Shorten it."
        )
    table = lexicon(world)
    items = table.items(prompt)
    if not any(item.kind not in ("stop", "comma") for item in items):
        raise PromptError(f"the prompt is empty. Say what to show, for example: {EXAMPLE}")
    return Reader(items).read().request(table)


@dataclass
class OpenRelation:
    """A relation that still waits for an actor."""

    name: str
    inverse: bool
    subject: int | None = None
    object: int | None = None


@dataclass
class Reader:
    """One walk over the items. Actors are dicts of what was said about them."""

    items: list[Item]
    at: int = 0
    actors: list[dict[str, str]] = field(default_factory=list)
    current: list[int] = field(default_factory=list)  # whom a predicate is about
    pending: dict[str, str] = field(default_factory=dict)  # said before its noun
    article: str = ""  # "a" or "the" while its noun is awaited
    count: int = 1
    fresh: bool = True  # nobody was mentioned in this sentence yet
    about_ground: bool = False  # after "the background is"
    about_camera: bool = False
    nameless: bool = False  # a word that is not known stands where the noun should
    open: OpenRelation | None = None
    relations: list[RelationRequest] = field(default_factory=list)
    walled: list[int] = field(default_factory=list)
    shared: dict[str, str] = field(default_factory=dict)  # said of all before anybody was mentioned
    everybody: bool = False
    place: dict[str, str] = field(default_factory=dict)  # background, texture, camera, light, weather, prop
    unknown: dict[str, str] = field(default_factory=dict)  # word → the axis it was meant for, "", or TWICE

    def read(self) -> "Reader":
        """Take every item in turn."""
        for at, item in enumerate(self.items):
            self.at = at
            getattr(self, f"_on_{_HANDLERS.get(item.kind, item.kind)}")(item)
        self._on_stop(Item("stop", "", ""))
        if self.shared and not self.actors:
            self.actors.append({})
        for actor in self.actors:
            for key, value in self.shared.items():
                actor.setdefault(key, value)
        return self

    def request(self, table: Lexicon) -> SceneRequest:
        """All that was understood."""
        unknown = []
        for k, (word, axis) in enumerate(self.unknown.items()):
            nearest = table.nearest_name(axis, word) if axis in table.names else table.nearest(word)
            unknown.append(UnknownWord(word, nearest if k < EXPLAINED and axis != TWICE else ()))
        return SceneRequest(
            actors=tuple(ActorRequest(**actor) for actor in self.actors),
            background=self.place.get("background"),
            relations=tuple(self.relations),
            behind_wall=tuple(dict.fromkeys(self.walled)),
            camera=self.place.get("camera"),
            texture=self.place.get("texture"),
            light=self.place.get("light"),
            weather=self.place.get("weather"),
            prop=self.place.get("prop"),
            unknown=tuple(unknown),
        )

    # --- looking ahead -------------------------------------------------------------------------------------------

    def _next(self, skip: frozenset[str] = frozenset()) -> Item:
        for item in self.items[self.at + 1 :]:
            if item.kind not in skip:
                return item
        return Item("stop", "", "")

    def _noun_ahead(self, more: frozenset[str] = frozenset()) -> bool:
        """Whether a noun follows after nothing but adjectives, unknown words and what is in `more`."""
        return self._next(ADJECTIVES | {"unknown"} | more).kind in NOUNS

    def _inverted(self) -> bool:
        """ "moving left is a red circle": a predicate, "is", and then somebody."""
        rest = self.items[self.at + 1 :]
        skipped = PREDICATES | {"and", "wall", "comma"}
        place = next((k for k, item in enumerate(rest) if item.kind not in skipped), None)
        if place is None or rest[place].kind != "be" or place + 1 >= len(rest):
            return False
        return rest[place + 1].kind in {"a", "the"} | ADJECTIVES | NOUNS

    # --- punctuation and small words -----------------------------------------------------------------------------

    def _on_stop(self, item: Item) -> None:
        """A sentence ends: whatever waits for more is closed."""
        self._close()
        if self.open and self.open.object is not None and self.actors:
            others = [k for k in range(len(self.actors)) if k != self.open.object]
            if others:
                self._relate(others[-1], self.open.object)
        if item.text == "" and self.pending:
            self._add(self.pending)  # "small and red": said of nobody, so of somebody
        self.open, self.fresh, self.everybody = None, True, False
        self.about_ground = self.about_camera = False

    def _on_comma(self, item: Item) -> None:
        self._on_and(item)
        self.everybody = False

    def _on_and(self, item: Item) -> None:
        """ "a red, small circle" goes on, any other noun phrase ends."""
        self.about_ground = self.about_camera = False
        if not (self.article and self._next().kind in ADJECTIVES and self._noun_ahead(frozenset({"comma", "and"}))):
            self._close()

    def _on_clause(self, item: Item) -> None:
        self.about_ground = self.about_camera = self.everybody = False
        self._close()

    def _on_article(self, item: Item) -> None:
        self._close()
        if item.text == "one" and self.items[self.at - 1].kind in ADJECTIVES | {"the"} and self.at:
            return
        self.article, self.count, self.about_ground = item.kind, 1, False

    def _on_count(self, item: Item) -> None:
        self._close()
        self.article, self.count = "a", NUMBERS[item.text]

    def _on_it(self, item: Item) -> None:
        self._close()
        if not self.actors:
            return
        if self.open:
            self._mention(next((k for k in reversed(range(len(self.actors))) if k != self.open.subject), 0))
        self.current, self.fresh = self.current[-1:] or [len(self.actors) - 1], False

    def _on_all(self, item: Item) -> None:
        self._close()
        self.everybody = True
        self.current, self.fresh = list(range(len(self.actors))), not self.actors

    def _on_be(self, item: Item) -> None:
        if not self.pending:
            self._close()

    def _on_filler(self, item: Item) -> None:
        """Passed over."""

    def _on_unknown(self, item: Item) -> None:
        self.nameless = bool(self.article)
        self.unknown[item.text] = ""

    # --- noun phrases --------------------------------------------------------------------------------------------

    def _on_adjective(self, item: Item) -> None:
        """Belongs to the noun that follows, or says something about who was mentioned last."""
        following = self._next(ADJECTIVES | {"unknown"}).kind
        if following == "scene" or self.about_ground:
            self.unknown[item.text] = "background"
        elif self.article or following in NOUNS or not self.actors:
            self._keep(self.pending, item)
        else:
            for k in self.current or [len(self.actors) - 1]:
                self._keep(self.actors[k], item)

    def _on_noun(self, item: Item) -> None:
        """Somebody new, or somebody who was mentioned before."""
        said = dict(self.pending)
        if item.kind in ("shape", "shapes"):
            said["shape"] = item.name
        article, count = self.article, self.count
        predicate = {key: said.pop(key) for key in ("motion", "speed", "wall") if key in said}
        self._reset()
        if not said and (item.kind == "nouns" or self.items[self.at - 1].kind in NOUNS):
            return  # "two shapes: …", "a square thing"
        naming = article == "the" or (not article and said.keys() >= {"shape", "colour"})
        known = self._known(said) if naming else None
        found = [known] if known is not None else [self._add(said) for _ in range(count)]
        for k in found:
            self._mention(k)
            if predicate.pop("wall", None):
                self.walled.append(k)
            for key, value in predicate.items():
                self.actors[k].setdefault(key, value)
        self.current, self.fresh, self.everybody = found, False, False

    def _known(self, said: dict[str, str]) -> int | None:
        """The one actor of whom all this was said before; None if nobody or several."""
        matches = [k for k, actor in enumerate(self.actors) if said.items() <= actor.items()]
        return matches[0] if len(matches) == 1 and said else None

    def _add(self, said: dict[str, str]) -> int:
        self.actors.append({key: value for key, value in said.items() if key != "wall"})
        if "wall" in said:
            self.walled.append(len(self.actors) - 1)
        return len(self.actors) - 1

    def _keep(self, actor: dict[str, str], item: Item) -> None:
        """Say it of an actor; a second, other value is reported as not understood."""
        if actor.setdefault(item.kind, item.name) != item.name:
            self.unknown[item.text] = TWICE

    def _reset(self) -> None:
        self.pending, self.article, self.count, self.nameless = {}, "", 1, False

    def _close(self, predicate: bool = False) -> None:
        """End a noun phrase without a noun: "a big red, moving left" is somebody, "a red" before a full stop too."""
        adjectives = any(key in self.pending for key in ADJECTIVES)
        if self.article and (adjectives or (self.nameless and predicate)):
            said, self.pending = self.pending, {}
            self.current, self.fresh = [self._add(said)], False
            self._mention(self.current[0])
        self.article, self.count, self.nameless = "", 1, False

    # --- predicates ----------------------------------------------------------------------------------------------

    def _on_predicate(self, item: Item) -> None:
        """A motion or a speed: of the noun that follows, of everybody, or of who was mentioned last."""
        if item.kind == "motions":  # "a circle and a star bounce"
            self.everybody = self.everybody or not self.article
            item = replace(item, kind="motion")
        if item.kind == "speed" and (self.about_camera or self._next().kind == "camera"):
            self.unknown[item.text] = TWICE  # the world's cameras have one speed
            return
        if self.article and self._noun_ahead(PREDICATES):
            self._keep(self.pending, item)
            return
        self._close(predicate=True)
        if self.everybody:
            for actor in [actor for actor in self.actors if item.kind not in actor] or self.actors:
                self._keep(actor, item)
            if not self.actors:
                self._keep(self.shared, item)
        elif self._fronted():
            self._keep(self.pending, item)
        else:
            for k in self.current or [len(self.actors) - 1]:
                self._keep(self.actors[k], item)

    def _fronted(self) -> bool:
        """Whether a predicate stands before the one that it is about."""
        return not self.actors or (self.fresh and ("motion" in self.pending or self._inverted()))

    def _on_wall(self, item: Item) -> None:
        self._close(predicate=True)
        if self._fronted():
            self.pending["wall"] = item.name
        else:
            self.walled.extend(self.current or [len(self.actors) - 1])

    def _on_prop(self, item: Item) -> None:
        """Passing behind a tree: as behind a wall, and what it is."""
        self._keep(self.place, item)
        self._on_wall(replace(item, kind="wall"))

    def _on_gait(self, item: Item) -> None:
        """ "walking", without a direction: somebody is there, and which way is left open."""
        if not (self.article and self._noun_ahead(PREDICATES)):
            self._close(predicate=True)

    def _on_relation(self, item: Item) -> None:
        """Its object comes next; its subject was mentioned, or comes after that: "above a star there is a circle"."""
        self._close(predicate=True)
        subject = self.current[-1] if self.current and not self.fresh else None
        self.open = OpenRelation(item.name, item.kind == "inverse", subject)

    def _mention(self, k: int) -> None:
        """Somebody is mentioned: an open relation may have waited for that."""
        if self.open is None:
            return
        if self.open.subject is not None:
            self._relate(self.open.subject, k)
        elif self.open.object is None:
            self.open.object = k
        else:
            self._relate(k, self.open.object)

    def _relate(self, subject: int, other: int) -> None:
        if self.open and subject != other:
            pair = (other, subject) if self.open.inverse else (subject, other)
            self.relations.append(RelationRequest(self.open.name, *pair))
        self.open = None

    # --- place and camera ----------------------------------------------------------------------------------------

    def _on_background(self, item: Item) -> None:
        ahead = self._next().kind in ADJECTIVES | NOUNS and self._noun_ahead()
        if ahead and not says_where(item.text):
            self.unknown[item.text] = "colour"  # "a black circle"
            return
        self._on_place(item)

    def _on_place(self, item: Item) -> None:
        self._close()
        self.everybody = self.about_ground = False
        self.about_camera = item.kind == "camera" and not item.text.endswith("shot")
        self._keep(self.place, item)

    def _on_scene(self, item: Item) -> None:
        """ "background" and the like: ends a noun phrase that is nobody."""
        self.unknown.update(dict.fromkeys(self.pending.values() if self.article else (), "background"))
        self._reset()
        self.about_ground = True


_HANDLERS = {
    **dict.fromkeys(ADJECTIVES, "adjective"),
    **dict.fromkeys(NOUNS, "noun"),
    **dict.fromkeys(PREDICATES, "predicate"),
    **dict.fromkeys(("relation", "inverse"), "relation"),
    **dict.fromkeys(("texture", "camera", "light", "weather"), "place"),
    **dict.fromkeys(("a", "the"), "article"),
}
