"""Help while a sentence is being typed: how it goes on, and where a word is not known. All of it from the tables."""

import unicodedata
from dataclasses import dataclass

from minisora.world.frames import GROUND
from minisora.world.lexicon import lexicon, tokens_of, vocabulary
from minisora.world.parser import parse
from minisora.world.places import can_do, has_places
from minisora.world.tables import World
from minisora.world.verbs import said

__all__ = ["Completion", "Mark", "complete", "mark_unknown"]

MOST = 8  # suggestions at once
PHRASINGS = 2  # of each entry that are suggested; the others are understood, too
LONGEST_TAIL = 5  # words before the caret that may begin a phrase
SHORTEST = 2  # letters of them

# What may come after a thing of a kind: names of tables, or words as they stand.
AFTER: dict[str, tuple[str, ...]] = {
    "": ("a",),
    "a": ("sizes", "colours", "shapes"),
    "the": ("colours", "shapes"),
    "size": ("colours", "shapes"),
    "colour": ("shapes",),
    "shape": ("motions", "and", "grounds"),
    "noun": ("motions", "and", "grounds"),
    "motion": ("speeds", "wall", "and a", "grounds"),
    "speed": ("and a", "grounds"),
    "and": ("a",),
    "relation": ("a",),
    "inverse": ("a",),
    "wall": ("grounds",),
    "scene": ("textures", "the camera"),
    "camera": (),
}
# And in a world with places.
AFTER_PLACES: dict[str, tuple[str, ...]] = {
    **AFTER,
    "motion": ("speeds", "props", "and a", "grounds"),
    "gait": ("left", "right", "grounds"),
    "background": ("lights", "weathers", "the camera"),
    "light": ("weathers", "the camera"),
    "weather": ("lights", "the camera"),
    "prop": ("grounds",),
}


@dataclass(frozen=True)
class Mark:
    """A word that the world does not know: where it stands in the text, and the nearest words that are known."""

    start: int
    stop: int
    word: str
    nearest: tuple[str, ...]


@dataclass(frozen=True)
class Completion:
    """How a text may go on: `text` in the place of all from `start` on, and the kind of thing that it is."""

    start: int
    text: str
    kind: str


def mark_unknown(world: World, text: str) -> tuple[Mark, ...]:
    """Where the words stand that are not understood.

    Args:
        world: that reads the text.
        text: what was typed, in any state.
    Returns:
        Marks in order of place; none for an empty text.
    Raises:
        PromptError: the text is too long to be read.
    """
    spans = _words_with_spans(text)
    if not spans:
        return ()
    marks = []
    for unknown in parse(world, text).unknown:
        wanted = unknown.word.split()
        for first in range(len(spans) - len(wanted) + 1):
            some = spans[first : first + len(wanted)]
            if [word for word, _, _ in some] == wanted:
                marks.append(Mark(some[0][1], some[-1][2], unknown.word, unknown.nearest))
    return tuple(sorted(marks, key=lambda mark: mark.start))


def complete(world: World, text: str, most: int = MOST) -> tuple[Completion, ...]:
    """How a text may go on.

    Args:
        world: whose phrases are offered.
        text: all that stands before the caret.
        most: suggestions at most.
    Returns:
        Phrases that begin with the last words; where there is none, and a word has just ended, what may come next.
    """
    spans = _words_with_spans(text)
    open_word = bool(text) and not text[-1].isspace()
    least = 1 if open_word or _last_kind(world, text) == "unknown" else 2  # "left " is a word, "moving " half a phrase
    phrases = [*(_motions_of(world, text) if has_places(world) else []), *_phrases(world)]
    for length in range(min(LONGEST_TAIL, len(spans)), least - 1, -1):
        tail = " ".join(word for word, _, _ in spans[-length:])
        if len(tail) < SHORTEST:
            continue
        begun = tail if open_word else tail + " "
        start = spans[-length][1]
        found = [
            Completion(start, phrase, kind) for kind, phrase in phrases if phrase.startswith(begun) and phrase != tail
        ]
        if found:
            return tuple(dict.fromkeys(found))[:most]
    if open_word:
        return ()
    return tuple(Completion(len(text), phrase, kind) for kind, phrase in _next(world, text)[:most])


def _words_with_spans(text: str) -> list[tuple[str, int, int]]:
    """The tokens of a text, each with the place of the letters that it was read from."""
    found, start = [], -1
    for place, letter in enumerate(text + " "):
        part_of_word = letter.isalnum() or (start >= 0 and unicodedata.category(letter) in ("Cf", "Mn"))
        if part_of_word:
            start = place if start < 0 else start
            continue
        if start >= 0:
            found += [(word, start, place) for word in tokens_of(text[start:place])]
            start = -1
        if not letter.isspace():
            found += [(mark, place, place + 1) for mark in tokens_of(letter)]
    return found


def _phrases(world: World) -> list[tuple[str, str]]:
    """Kind and phrase of all that is suggested: the plainest phrasings first, as the tables are ordered."""
    listed: list[tuple[str, str]] = []
    for rank in range(PHRASINGS):
        for axis, entries in vocabulary(world).items():
            listed += [(axis, words[rank]) for entry in entries if len(words := entry.usual or entry.heard) > rank]
    grounds = _grounds(world)
    cameras = [("cameras", f"the camera {entry.usual[0]}") for entry in vocabulary(world)["cameras"] if entry.usual]
    return [*listed, *grounds, *cameras]


def _grounds(world: World) -> list[tuple[str, str]]:
    """What may be said of the ground: "on a black background", "in a city"."""
    plain = [background for background in world.backgrounds.values() if background.paint is None]
    places = [background for background in world.backgrounds.values() if background.paint is not None]
    said_of = [place.words.usual[0] for place in places if place.words.usual]
    said_of += [f"on a {GROUND.format(colour=each.words.usual[0])}" for each in plain if each.words.usual]
    return [("backgrounds", phrase) for phrase in said_of]


def _next(world: World, text: str) -> list[tuple[str, str]]:
    """Kind and phrase of what may come after a text that ends with a whole word, the kinds taking turns."""
    after = AFTER_PLACES if has_places(world) else AFTER
    rows = [_of_kind(world, kind, text) for kind in after.get(_last_kind(world, text), ())]
    deepest = max((len(row) for row in rows), default=0)
    share = max(1, MOST // max(len(rows), 1))
    first = [entry for row in rows for entry in row[:share]]
    later = [row[k] for k in range(share, deepest) for row in rows if k < len(row)]
    return [*first, *later]


def _last_kind(world: World, text: str) -> str:
    """What the last thing in a text is: an axis or a word of grammar; "" for an empty text."""
    items = lexicon(world).items(text)
    return items[-1].kind if items else ""


def _of_kind(world: World, kind: str, text: str) -> list[tuple[str, str]]:
    """What there is of a kind: motions with the verbs of whom the text mentioned last."""
    if kind == "grounds":
        return _grounds(world)
    if kind == "textures":
        return [(kind, f"with {entry.usual[0]}") for entry in vocabulary(world)[kind] if entry.usual]
    if kind == "motions" and has_places(world):
        return _motions_of(world, text)
    entries = vocabulary(world).get(kind)
    if entries is None:
        return [("words", kind)] if kind not in ("wall", "props", "lights", "weathers") else []
    phrases = [(kind, (entry.usual or entry.heard)[0]) for entry in entries]
    return [(kind, f"and {word}") for kind, word in phrases] if kind in ("wall", "props") else phrases


def _motions_of(world: World, text: str) -> list[tuple[str, str]]:
    shapes = [world.shapes[item.name] for item in lexicon(world).items(text) if item.kind == "shape"]
    who = shapes[-1] if shapes else None
    able = [motion for motion in world.motions.values() if who is None or can_do(who, motion)]
    words = [said(world, motion.words, who) for motion in able if motion.common > 0]
    return [("motions", each.usual[0]) for each in words if each.usual]
