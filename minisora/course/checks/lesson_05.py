"""Checks of lesson 05, Words in: joining pieces, dropping captions, guidance, and a word that means nothing."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor

from minisora.course.checking import attempt, exercise, like, require, same_shape, unlike
from minisora.models.text_encoder import TextEncoder
from minisora.world import SHAPES

__all__ = ["colour_distances", "drop_captions", "guide", "merge", "nonsense"]

CLEAR = 0.6  # of the distance to the next meaning, at most
NO_COLOUR = "no colour"


# --- what the lesson goes on with -------------------------------------------------------------------------------------


def _merged(tokens: Sequence[str], pair: tuple[str, str]) -> list[str]:
    joined: list[str] = []
    at = 0
    while at < len(tokens):
        two = tuple(tokens[at : at + 2]) == pair
        joined.append("".join(tokens[at : at + (2 if two else 1)]))
        at += 2 if two else 1
    return joined


def _dropped(captions: Sequence[str], draws: Sequence[float], share: float) -> list[str]:
    return ["" if draw < share else caption for caption, draw in zip(captions, draws, strict=True)]


def _guided(with_words: Tensor, without: Tensor, scale: float) -> Tensor:
    return without + scale * (with_words - without)


# --- the checks -------------------------------------------------------------------------------------------------------


@exercise(instead=_merged)
def merge(yours: Any) -> Iterator[str]:
    """Joining a pair of pieces wherever it stands."""
    got = attempt(yours, list("ring"), ("i", "n"))
    require(not isinstance(got, str), f"Pieces are asked for, as a list; yours is one text, {got!r}.")
    got = list(got)
    require(got != list("ring"), "The pair stands in the middle of r, i, n, g, but yours joined nothing.")
    require("".join(got) == "ring", f"All letters should still be there, in order; yours are {got}.")
    require(got == ["r", "in", "g"], f"From r, i, n, g the pair i, n should leave three pieces; yours are {got}.")
    yield "a pair in the middle is joined"

    got = list(attempt(yours, list("inning"), ("i", "n")))
    asked = "Does your loop go on after the first one?"
    require(got != ["in", "n", "i", "n", "g"], f"The pair stands twice in inning; yours joined it once. {asked}")
    require("".join(got) == "inning", f"All letters of inning should still be there; yours are {got}.")
    require(got == ["in", "n", "in", "g"], f"The pair stands twice in inning; yours leaves {got}.")
    yield "and wherever else it stands"

    got = list(attempt(yours, list("begin"), ("i", "n")))
    require("".join(got) == "begin", f"Something is lost at the end of begin; yours leaves {got}.")
    require(got == ["b", "e", "g", "in"], f"The pair at the very end of begin counts, too; yours leaves {got}.")
    got = list(attempt(yours, list("inch"), ("i", "n")))
    require(got == ["in", "c", "h"], f"In inch the last piece is not part of a pair; yours leaves {got}.")
    yield "at the end of a word, too"

    got = list(attempt(yours, list("aaa"), ("a", "a")))
    asked = "A letter that was joined already is used up."
    require("".join(got) == "aaa", f"Three letters a became {got}. {asked}")
    require(got == ["aa", "a"], f"Reading from the left, three letters a are two pieces; yours are {got}.")
    got = list(attempt(yours, ["mov", "ing"], ("mov", "ing")))
    require(got == ["moving"], f"Pieces may be longer than a letter: mov and ing; yours leaves {got}.")
    require(list(attempt(yours, ["a"], ("a", "b"))) == ["a"], "A single piece has no partner and stays as it is.")
    yield "no letter is used twice"


@exercise(instead=_dropped)
def drop_captions(yours: Any) -> Iterator[str]:
    """Some captions become the empty sentence."""
    captions, draws = ["a red circle", "a blue star", "a ring"], [0.05, 0.5, 0.95]
    got = attempt(yours, captions, draws, 0.1)
    require(not isinstance(got, str), "A list of captions goes in and comes out; yours is one text.")
    got = list(got)
    asked = "A clip without words is still a clip to learn from."
    require(len(got) == 3, f"Three captions went in, {len(got)} came out. {asked}")
    require(None not in got, "The empty sentence is a text without letters; yours has None in its place.")
    require(got != ["a red circle", "", ""], "Yours kept a tenth and dropped the rest: which side of 0.1 is dropped?")
    require(got != captions, "A draw of 0.05 lies below a share of 0.1, but yours dropped nothing.")
    asked = "The whole sentence goes, so that nothing is left to read."
    require(got[0] == "", f"The first caption should become empty; yours is {got[0]!r}. {asked}")
    require(got[1:] == captions[1:], f"The other two should stay as they are; yours are {got[1:]}.")
    yield "one of three is dropped, and it is the right one"

    require(list(attempt(yours, captions, draws, 0.0)) == captions, "With a share of 0 every caption should stay.")
    require(list(attempt(yours, captions, draws, 1.0)) == [""] * 3, "With a share of 1 every caption should go.")
    yield "a share of 0 drops nothing, a share of 1 everything"


@exercise(instead=_guided)
def guide(yours: Any) -> Iterator[str]:
    """From the guess without words through the guess with words, and beyond."""
    with_words, without = torch.tensor([3.0, -1.0]), torch.tensor([2.0, 0.0])
    got = attempt(yours, with_words, without, 1.0)
    same_shape(got, (2,), "The guided guess")
    asked = "At scale 1 the words are followed plainly"
    unlike(got, without, f"{asked}, but yours gave the guess without them. Where does it start, and where does it go?")
    unlike(got, 2 * with_words - without, f"{asked}; yours is already one step beyond. Which guess do you start from?")
    unlike(got, 2 * without - with_words, f"Yours goes away from the words. {asked}: 2 becomes 3.")
    like(got, with_words, f"{asked}: 2 without words and 3 with them give 3; yours gives {float(got[0]):g}.")
    yield "at scale 1 it is the guess with the words"

    got = attempt(yours, with_words, without, 0.0)
    like(got, without, f"At scale 0 nobody hears the words: it should be 2, and yours gives {float(got[0]):g}.")
    got = attempt(yours, with_words, without, 3.0)
    asked = "How far do the words move the guess, and how often is that taken?"
    like(got, torch.tensor([5.0, -3.0]), f"At scale 3 it should be 5; yours gives {float(got[0]):g}. {asked}")
    yield "at scale 3 it goes three times as far"


@exercise()
def nonsense(yours: Any) -> Iterator[str]:
    """A word that nobody knows, and that is read as a colour."""
    require(isinstance(yours, str), "This time the answer is a word, in quotation marks.")
    word = yours.strip()
    require(word.isascii() and word.isalpha() and word.islower(), "Use one word of small letters from a to z.")
    require(4 <= len(word) <= 12, f"Use 4 to 12 letters; yours has {len(word)}.")
    known = [name for name in _colour_words() if name in word]
    asked = "Find one that hides no colour."
    require(not known, f"There is a real word in it, {known[0] if known else ''}. {asked}")
    require(SHAPES.parse(f"a small {word} circle").unknown != (), f"The world knows {word}. Invent another one.")
    yield "nobody knows that word"

    distances = colour_distances(_encoder(), word)
    first, second = sorted(distances, key=distances.__getitem__)[:2]
    ratio = distances[first] / distances[second]
    asked = "Which pieces is a real colour cut into, and which of them does a reader trust?"
    require(first != NO_COLOUR, f"It is read as no colour at all: the encoder looks past it. {asked}")
    given = f"{first} at {distances[first]:.1f} and {second} at {distances[second]:.1f}"
    require(ratio <= CLEAR, f"It lies between {given}: too far from both to be clear. {asked}")
    yield f"it is read as {first}, {1 / ratio:.1f} times nearer than anything else"


# --- what a word is read as -------------------------------------------------------------------------------------------


@torch.no_grad()
def colour_distances(encoder: TextEncoder, word: str) -> dict[str, float]:
    """How far the states of a sentence with a word are from those with each colour in its place.

    Args:
        encoder: reads.
        word: stands before "circle".
    Returns:
        A distance for each colour of the world, and one for "no colour", the sentence without a word there.
    """
    names = [*SHAPES.colours, ""]
    states = encoder([f"a small {name} circle moving right".replace("  ", " ") for name in [*names, word]]).states
    away = torch.cdist(states[-1:].flatten(1), states[:-1].flatten(1))[0]
    return {name or NO_COLOUR: float(value) for name, value in zip(names, away, strict=True)}


@cache
def _encoder() -> TextEncoder:
    from minisora.pipeline import TextToVideoPipeline

    encoder: TextEncoder = TextToVideoPipeline.from_pretrained("nano", device="cpu").parts.text_encoder
    return encoder


@cache
def _colour_words() -> tuple[str, ...]:
    phrases = [
        phrase for colour in SHAPES.colours.values() for words in vars(colour.words).values() for phrase in words
    ]
    return tuple(sorted({word for phrase in phrases for word in phrase.replace("-", " ").split() if len(word) > 2}))
