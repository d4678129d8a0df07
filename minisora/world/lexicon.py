"""Words to meanings: the world's phrases as a table for longest-match reading, and the vocabulary as a list.

A token is a word in lower case or a punctuation mark. A meaning is (axis, name of the entry).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any

from minisora.world import frames
from minisora.world.tables import Words, World
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
        self.names = {axis.removesuffix("s"): list(getattr(world, axis)) for axis in AXES}

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
            if found and found[0].kind == "speed":
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
    for kind, name, words in _entries(world):
        every = (*words.usual, *words.free, *words.heard)
        verbs = {phrase.split()[0] for phrase in every} if kind == "motion" else set()
        for phrase in every:
            several = third_person(phrase.split()[0]) in verbs  # "move left", where one "moves left"
            yield phrase, ("motions" if several else kind, name)
            if kind == "shape":
                yield third_person(phrase), ("shapes", name)
            if kind == "camera":
                yield f"camera {phrase}", (kind, name)
                yield f"camera is {phrase}", (kind, name)
                yield f"{phrase} camera", (kind, name)
    for noun in (*frames.NOUNS.usual, *frames.NOUNS.free):
        yield noun, ("noun", noun)
        yield third_person(noun), ("nouns", noun)
    for kind, words_of_grammar in FUNCTION_WORDS.items():
        for word in words_of_grammar.split():
            yield word, (kind, word)


def _entries(world: World) -> Iterator[tuple[str, str, Words]]:
    """Kind, name and words of every entry; bare camera phrases come last, since "moves left" is a motion first."""
    for axis in AXES:
        for name, entry in getattr(world, axis).items():
            yield axis.removesuffix("s"), name, entry.words
    for name, relation in world.relations.items():
        yield "inverse", name, relation.inverse_words
    yield "wall", "wall", world.wall_words


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
    """All words of a world by axis ("shapes", "colours", …, "wall"), each with an example prompt."""
    listed = {axis: _listed(axis, getattr(world, axis)) for axis in AXES}
    words = world.wall_words
    wall = VocabularyEntry("wall", words.usual, words.free, words.heard, EXAMPLES["wall"].format(words.usual[0]))
    return {**listed, "wall": (wall,)} if words.usual else listed


def _listed(axis: str, table: Mapping[str, Any]) -> tuple[VocabularyEntry, ...]:
    entry = partial(_entry, axis)
    said = ((name, value.words) for name, value in table.items())
    return tuple(entry(name, words) for name, words in said if words.usual or words.heard)


def _entry(axis: str, name: str, words: Words) -> VocabularyEntry:
    said = (*words.usual, *words.heard)
    return VocabularyEntry(name, words.usual, words.free, words.heard, EXAMPLES[axis].format(said[0] if said else name))
