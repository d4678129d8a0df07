"""Words to meanings: the world's phrases as a table for longest-match reading, and the vocabulary as a list.

A token is a word in lower case or a punctuation mark. A meaning is (axis, name of the entry).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from minisora.world import frames
from minisora.world.places import can_do, has_places
from minisora.world.tables import Words, World
from minisora.world.verbs import bare_forms, behind, said, said_by_anybody
from minisora.world.whereabouts import rephrased
from minisora.world.words import third_person

Tokens = tuple[str, ...]
Meaning = tuple[str, str]

NEAREST = 3
LIKENESS = 0.6  # of difflib, from 0 to 1
OF = "of"  # "moving left of the star" is no motion to the left

AMERICAN = {"traveling": "travelling", "color": "colour", "colors": "colours", "centre": "center"}
SHORTENED = {"s": "is", "re": "are", "ll": "will"}  # after an apostrophe: "it's", "they're"

# Words of grammar rather than of the world, by what the reader does with them. What is under "filler" is passed over.
FUNCTION_WORDS: Mapping[str, str] = {
    "a": "a an another some one",
    "the": "the",
    "it": "it he she",
    "all": "both they each",
    "and": "and",
    "be": "is are was were be being been",
    "clause": "while as whereas with alongside together then meanwhile but plus",
    "count": "two three 2 3",
    "scene": "background backdrop ground scene setting frame screen view picture",
    "filler": (
        "there that which who this here now look see sees seen show shows showing shown you we i me us of video clip"
        " film movie animation imagine on in at by to from for against front behind everything colour coloured colours"
        " has have having also other others all can could will same time so its their only just please make draw give"
        " generate create want would like let camera happens set over covered where"
    ),
}
# What users may say between somebody and a place: "driving through the rain", "flying over there".
PLACE_FILLER = (
    "through along across over into onto past near beside around inside outside within amid among towards toward away"
    " out off weather way"
)
PUNCTUATION = {
    ".": "stop",
    ";": "stop",
    ":": "stop",
    "!": "stop",
    "?": "stop",
    ",": "comma",
    "(": "comma",
    ")": "comma",
}
AXES = ("shapes", "colours", "sizes", "speeds", "motions", "backgrounds", "textures", "relations", "cameras")
SCENERY = ("lights", "weathers", "props")  # only of worlds that have them
EXAMPLES = {
    "shapes": "a red {}",
    "colours": "a {} circle",
    "sizes": "a {} red circle",
    "speeds": "a red circle moving left {}",
    "motions": "a red square {}",
    "backgrounds": "a red circle on a {} background",
    "textures": "a red circle on a black background with {}",
    "relations": "a red circle {} a blue star",
    "cameras": "a red circle on a black background with a grid, the camera {}",
    "wall": "a red circle moving left, {}",
}


@dataclass(frozen=True)
class Item:
    """Something read: its kind (an axis or a word of grammar), its name, the words it was read from."""

    kind: str
    name: str
    text: str
    place: int = 0


@dataclass(frozen=True)
class VocabularyEntry:
    """What one thing is called: in captions, in free captions, by users; and a prompt that has it."""

    name: str
    usual: tuple[str, ...]
    free: tuple[str, ...]
    heard: tuple[str, ...]
    example: str


def tokens_of(text: str) -> list[str]:
    """Words and punctuation, in lower case; marks that cannot be seen (such as direction marks) are dropped."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    text = re.sub(r"['’](s|re|ll)\b", lambda found: " " + SHORTENED[found[1]], text)
    text = re.sub(r"\s[–—-]+\s|—", " , ", text).replace("\n", " . ")
    words = re.findall(r"[^\W_]+|[.,;:!?()]|[^\w\s]", text)
    kept = (word for word in words if word in PUNCTUATION or word.isalnum() or unicodedata.category(word[0]) == "So")
    return [AMERICAN.get(word, word) for word in kept]


class Lexicon:
    """All phrases of a world with what they mean."""

    def __init__(self, world: World) -> None:
        self.phrases: dict[str, list[tuple[Tokens, tuple[Meaning, ...]]]] = {}
        self.speeds: dict[str, list[tuple[Tokens, tuple[Meaning, ...]]]] = {}
        known: dict[Tokens, list[Meaning]] = {}
        speeds: dict[Tokens, list[Meaning]] = {}
        for phrase, meaning in _meanings(world):
            table = speeds if meaning[0] == "speed" else known
            table.setdefault(tuple(tokens_of(phrase)), []).append(meaning)
        self._fill(self.phrases, known)
        self._fill(self.speeds, speeds)
        self.words = self._sayable(known, speeds)
        self.longer: dict[str, list[str]] = {}  # "moving" → "moving left", …
        for _, _, words in _entries(world):
            for phrase in (phrase for phrase in words.usual if " " in phrase):
                self.longer.setdefault(phrase.split()[0], []).append(phrase)
        self.names = {axis.removesuffix("s"): list(getattr(world, axis)) for axis in (*AXES, *SCENERY)}

    @staticmethod
    def _fill(table: dict[str, list[tuple[Tokens, tuple[Meaning, ...]]]], known: dict[Tokens, list[Meaning]]) -> None:
        for tokens in sorted(known, key=len, reverse=True):
            table.setdefault(tokens[0], []).append((tokens, tuple(known[tokens])))

    @staticmethod
    def _sayable(*tables: dict[Tokens, list[Meaning]]) -> list[str]:
        """Words to suggest for one that is not known: all that mean something alone, without plurals."""
        pairs = [(tokens, means[0][0]) for table in tables for tokens, means in table.items() if len(tokens) == 1]
        return [tokens[0] for tokens, kind in pairs if kind not in FUNCTION_WORDS and not kind.endswith("s")]

    def items(self, text: str) -> list[Item]:
        """Read a text phrase by phrase, the longest first. Speeds are taken out before: "moving slowly to the left"."""
        tokens = tokens_of(text)
        places = list(range(len(tokens)))
        speeds, tokens, places = self._without_speeds(tokens, places)
        items, at = [], 0
        while at < len(tokens):
            item, length = self._longest(self.phrases, tokens, at)
            items.append(Item(item.kind, item.name, item.text, places[at]))
            at += length
        return sorted([*items, *speeds], key=lambda item: item.place)

    def _without_speeds(self, tokens: list[str], places: list[int]) -> tuple[list[Item], list[str], list[int]]:
        speeds, rest, kept, at = [], [], [], 0
        while at < len(tokens):
            found = self._longest(self.speeds, tokens, at) if tokens[at] in self.speeds else None
            longer = self._longest(self.phrases, tokens, at)[1] if found else 0  # "slow down", not "slow"
            if found and found[0].kind == "speed" and found[1] >= longer:
                speeds.append(Item("speed", found[0].name, found[0].text, places[at]))
                at += found[1]
                continue
            rest.append(tokens[at])
            kept.append(places[at])
            at += 1
        return speeds, rest, kept

    def _longest(
        self, table: dict[str, list[tuple[Tokens, tuple[Meaning, ...]]]], tokens: list[str], at: int
    ) -> tuple[Item, int]:
        for phrase, meanings in table.get(tokens[at], ()):
            end = at + len(phrase)
            kind, name = meanings[0]
            if tuple(tokens[at:end]) == phrase and not (
                kind in ("motion", "motions") and tokens[end : end + 1] == [OF]
            ):
                return Item(kind, name, " ".join(phrase)), len(phrase)
        return Item(PUNCTUATION.get(tokens[at], "unknown"), "", tokens[at]), 1

    def nearest(self, word: str) -> tuple[str, ...]:
        """Phrases that go on from this word ("moving"), else words that are spelled alike; empty if there are none."""
        return tuple(self.longer.get(word, [])[:NEAREST] or get_close_matches(word, self.words, NEAREST, LIKENESS))

    def nearest_name(self, axis: str, word: str) -> tuple[str, ...]:
        """Names on one axis for a word that is none of them ("colour", "black"), the most alike first."""
        return tuple(get_close_matches(word, self.names[axis], NEAREST, 0.0))


def _meanings(world: World) -> Iterator[tuple[str, Meaning]]:
    """Every phrase with what it means; where one has two meanings, the first one given counts."""
    entries = list(_entries(world))
    verbs: dict[str, set[str]] = {}  # of each motion
    for kind, name, words in entries:
        if kind == "motion":
            every = (*words.usual, *words.free, *words.heard)
            verbs.setdefault(name, set()).update(phrase.split()[0] for phrase in every)
    for kind, name, words in entries:
        every = (*words.usual, *words.free, *words.heard)
        follows = kind == "camera" and world.cameras[name].follows
        for phrase in every:
            several = kind == "motion" and third_person(phrase.split()[0]) in verbs[name]  # "move left"
            if not follows or phrase.endswith("shot"):  # "a cat following it" is no camera
                yield phrase, ("motions" if several else kind, name)
            if kind == "shape":
                yield third_person(phrase), ("shapes", name)
            if kind == "camera":
                yield f"camera {phrase}", (kind, name)
                yield f"camera is {phrase}", (kind, name)
                yield f"{phrase} camera", (kind, name)
    nouns = (frames.NOUNS, frames.CHARACTERS) if has_places(world) else (frames.NOUNS,)
    for noun in dict.fromkeys(noun for words in nouns for noun in (*words.usual, *words.free)):
        yield noun, ("noun", noun)
        yield third_person(noun), ("nouns", noun)
    for kind, words_of_grammar in FUNCTION_WORDS.items():
        for word in words_of_grammar.split():
            yield word, (kind, word)
    if has_places(world):
        yield from _loose_meanings(world)


def _loose_meanings(world: World) -> Iterator[tuple[str, Meaning]]:
    """What else users say where there are places: other prepositions, a way of getting on without a direction."""
    for name, place in world.backgrounds.items():
        for phrase in (*place.words.usual, *place.words.free, *place.words.heard) if place.paint else ():
            for other in rephrased(phrase):
                yield other, ("background", name)
    for phrase in bare_forms(world):
        yield phrase, ("gait", phrase)
    for word in PLACE_FILLER.split():
        yield word, ("filler", word)


def _entries(world: World) -> Iterator[tuple[str, str, Words]]:
    """Kind, name and words of every entry; bare camera phrases come last, since "moves left" is a motion first.

    A motion's phrases come with every character's verbs, those that captions use before what is only heard: "stopping"
    is a motion, though a car that stops may stand still.
    """
    for axis in AXES:
        entries = [(name, entry.words) for name, entry in getattr(world, axis).items()]
        if axis == "motions":
            spelled = [(name, said_by_anybody(world, words)) for name, words in entries]
            entries = [(name, Words(words.usual, words.free, _of_several(words))) for name, words in spelled]
            entries += [(name, Words((), (), words.heard)) for name, words in spelled]
        for name, words in entries:
            yield axis.removesuffix("s"), name, words
    for name, relation in world.relations.items():
        yield "inverse", name, relation.inverse_words
    yield "wall", "wall", world.wall_words
    for axis in SCENERY:
        for name, entry in getattr(world, axis).items():
            yield axis.removesuffix("s"), name, _passing(world, name) if axis == "props" else entry.words


def _of_several(words: Words) -> tuple[str, ...]:
    """ "move left", said of several where captions say "moves left" of one."""
    told = {*words.usual, *words.free}
    split = ((phrase, *phrase.partition(" ")) for phrase in words.heard)
    return tuple(phrase for phrase, verb, space, rest in split if third_person(verb) + space + rest in told)


def _passing(world: World, prop: str) -> Words:
    """Passing behind a prop, with every character's verbs."""
    return said_by_anybody(world, behind(world.prop_words, world.props[prop]))


_LEXICONS: dict[int, tuple[World, Lexicon]] = {}
_KEPT = 8


def lexicon(world: World) -> Lexicon:
    """The table of a world's phrases, made once for each world."""
    if id(world) not in _LEXICONS:
        while len(_LEXICONS) >= _KEPT:
            _LEXICONS.pop(next(iter(_LEXICONS)))
        _LEXICONS[id(world)] = (world, Lexicon(world))
    return _LEXICONS[id(world)][1]


def nearest_words(world: World, word: str) -> tuple[str, ...]:
    """Up to three words of the world that are spelled like this one, the most alike first."""
    return lexicon(world).nearest(word.casefold())


def vocabulary(world: World) -> dict[str, tuple[VocabularyEntry, ...]]:
    """All words of a world by axis ("shapes", "colours", …, "wall"), each with an example prompt.

    A motion that every character calls otherwise is listed with the verbs of anybody, and with each one's plainest.
    """
    listed = {axis: _listed(world, axis) for axis in (*AXES, *SCENERY) if axis in AXES or getattr(world, axis)}
    words = world.wall_words
    if not words.usual:
        return listed
    example = examples(world)["wall"].format(words.usual[0])
    return {**listed, "wall": (VocabularyEntry("wall", words.usual, words.free, words.heard, example),)}


def examples(world: World) -> dict[str, str]:
    """A prompt for each axis of a world, with {} where its words go."""
    if not has_places(world):
        return EXAMPLES
    first, second = (shape.words.usual[0] for shape in (*world.shapes.values(), *world.shapes.values())[:2])
    others = {"circle": first, "square": first, "star": second, " on a black background with a grid": ""}
    named = dict(EXAMPLES)
    for word, other in others.items():
        named = {axis: text.replace(word, other) for axis, text in named.items()}
    return {**named, **dict.fromkeys(("lights", "weathers"), f"a red {first} {{}}"), "props": named["wall"]}


def _listed(world: World, axis: str) -> tuple[VocabularyEntry, ...]:
    entries = []
    for name, value in getattr(world, axis).items():
        words = value.words
        if axis == "props":
            words = said(world, behind(world.prop_words, world.props[name]), None)
        if axis == "motions":
            words = _plainly(world, name)
        if words.usual or words.heard:
            entries.append(_entry(world, axis, name, words))
    return tuple(entries)


def _plainly(world: World, motion: str) -> Words:
    """A motion's words with the verbs of anybody, and its first phrase with each character's own."""
    entry = world.motions[motion]
    anybody = said(world, entry.words, None)
    able = [shape for shape in world.shapes.values() if can_do(shape, entry)]
    own = [said(world, entry.words, shape).usual[:1] for shape in able] if anybody is not entry.words else []
    usual = tuple(dict.fromkeys((*anybody.usual, *(phrase for phrases in own for phrase in phrases))))
    return Words(usual, anybody.free, anybody.heard)


def _entry(world: World, axis: str, name: str, words: Words) -> VocabularyEntry:
    phrases = (*words.usual, *words.heard)
    example = examples(world)[axis]
    if axis == "backgrounds" and world.backgrounds[name].paint is not None:
        example = examples(world)["weathers"]
    return VocabularyEntry(name, words.usual, words.free, words.heard, example.format(phrases[0] if phrases else name))
