"""Checks of lesson 12, Care: plain letters, a pattern found in a picture, a threshold, a filter of one's own."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from minisora.course.checking import attempt, exercise, require
from minisora.guards.disguises import fold
from minisora.guards.policy import PromptPolicy, read_policy
from minisora.safety.redteam import attacks
from minisora.safety.redteam.ordinary import HARMLESS, captions

__all__ = ["likeness", "my_filter", "plain", "suite", "threshold"]

Plane = NDArray[np.floating[Any]]

KINDS = ("spelling", "look-alike letters", "invisible letters", "spacing")  # what a filter of words can be asked for
CAUGHT, REFUSED = 0.9, 0.06  # shares: of the attacks at least, of ordinary sentences at most


# --- what the lesson goes on with -------------------------------------------------------------------------------------


def _likeness(grey: Plane, pattern: Plane) -> float:
    apart = grey - grey.mean()
    return float((apart * pattern).sum() / (apart.std() * math.sqrt(grey.size)))


def _threshold(unmarked: Sequence[float], rate: float) -> float:
    falling = sorted(unmarked, reverse=True)
    return falling[int(rate * len(falling))]


# --- the checks -------------------------------------------------------------------------------------------------------

# What is typed, what it should become, and what a reader has forgotten where it does not.
LETTERS = (
    ("a red GUN", "a red gun", "Capitals stay capitals in yours"),
    ("a red ｇｕｎ", "a red gun", "There are wide letters, which Unicode knows as another form of the plain ones"),
    ("a red gün", "a red gun", "An accent is left in yours. Taken apart, it is a letter and a mark behind it"),
    ("a red g\u200bun", "a red gun", "There is a letter that nobody can see, of no width, in the middle of the word"),
    ("a red knіfe", "a red knife", "One of these letters is Cyrillic and looks Latin. Which table knows them"),
    (
        "a red КNІFЕ",
        "a red knife",
        "Small look-alikes become Latin in yours, capital ones do not. What should come first",
    ),
)


@exercise(instead=fold)
def plain(yours: Any) -> Iterator[str]:
    """A text in plain letters, whatever it was typed in."""
    got = attempt(yours, "a small circle moving right")
    require(isinstance(got, str), f"A text goes in and a text comes out; yours gave a {type(got).__name__}.")
    kept = "A sentence in plain letters should come back as it was"
    require(got == "a small circle moving right", f"{kept}; yours made {got[:40]!r} of it.")
    yield "plain letters stay as they are"

    for typed, wanted, forgotten in LETTERS:
        got = attempt(yours, typed)
        require(got == wanted, f"{forgotten}: {typed!a} became {got!a}.")
        yield f"{typed!a} is read as {wanted!r}"

    got = attempt(yours, "2 red stars, 10 % larger")
    require(got == "2 red stars, 10 % larger", f"Digits, blanks and signs belong to the sentence; yours left {got!r}.")
    yield "digits and signs stay"


@exercise(instead=_likeness)
def likeness(yours: Any) -> Iterator[str]:
    """How much a picture looks like a pattern, in standard deviations of chance."""
    rng = np.random.default_rng(0)
    pattern = np.where(rng.permutation(64).reshape(8, 8) < 32, 1.0, -1.0)
    got = _number(attempt(yours, 3 * pattern, pattern))
    alike = "A picture that is the pattern itself, of 64 pixels"
    require(abs(got - 64) > 0.01, f"{alike}, gave 64: that many pixels agree. How far does chance get with 64 of them?")
    require(abs(got - 192) > 0.01, f"{alike} three times as loud, gave 192. Loud pictures must not score higher.")
    require(abs(got - 24) > 0.01, f"{alike} three times as loud, gave 24. By what is the loudness divided out?")
    require(abs(got - 1) > 0.01, f"{alike}, gave 1: a mean. A sum over chance, √64, grows with the number of pixels.")
    require(abs(got - 8) < 0.01, f"{alike}, should give √64 = 8; yours gave {got:.2f}.")
    yield "the pattern itself has a likeness of √64 = 8"

    got = _number(attempt(yours, -pattern, pattern))
    require(got < 0, f"The pattern with all signs turned is as unlike as can be, -8; yours gave {got:.2f}.")
    yield "the pattern turned round has -8"

    brighter = _number(attempt(yours, 100 + 3 * pattern + (pattern > 9), pattern))
    lopsided = np.where(np.arange(64).reshape(8, 8) < 20, 1.0, -1.0)
    noise = rng.normal(size=(8, 8))
    low, high = (_number(attempt(yours, level + noise, lopsided)) for level in (0.0, 100.0))
    bright = "A brighter picture is no other picture, and its likeness should stay as it is"
    require(abs(high - low) < 0.01, f"{bright}; yours went from {low:.1f} to {high:.1f}. What is taken off first?")
    require(abs(brighter - 8) < 0.01, f"{bright}; yours gave {brighter:.2f} where it was 8.")
    yield "brightness does not count"

    chance = [_number(attempt(yours, rng.normal(size=(32, 32)), _signs(rng))) for _ in range(200)]
    spread = float(np.std(chance))
    require(
        0.8 < spread < 1.2, f"Over pictures of pure noise it should spread by about 1; yours spreads by {spread:.2f}."
    )
    yield f"on pure noise it spreads by {spread:.2f}"


@exercise(instead=_threshold)
def threshold(yours: Any) -> Iterator[str]:
    """The lowest score above which at most a share of unmarked clips lies."""
    scores = torch.randperm(200).double().div(10).tolist()  # 0.0 to 19.9, in any order
    got = _number(attempt(yours, list(scores), 0.05))
    above = sum(score > got for score in scores)
    wanted = "Of 200 unmarked clips at most 5 %, so 10, may lie above"
    require(above < 150, f"{wanted}; above yours lie {above}. Is it the upper end that you cut off, or the lower one?")
    require(above <= 10, f"{wanted}; above yours lie {above}.")
    require(above > 0, f"{wanted}, and above yours lies none: it is stricter than asked, and will miss marks.")
    require(above >= 9, f"{wanted}; above yours lie only {above}. A lower one would do, and find more marks.")
    yield "at most 5 % of 200 lie above it, and no fewer than need be"

    got = _number(attempt(yours, list(scores), 0.0))
    above = sum(score > got for score in scores)
    require(above == 0, f"At a rate of 0 nothing unmarked may lie above; above yours lie {above}.")
    require(got < 25, "At a rate of 0 the highest unmarked score itself is enough.")
    yield "at a rate of 0 none does"

    odd = [0.0] * 90 + [50.0] * 10
    got = _number(attempt(yours, odd, 0.1))
    skewed = "A tenth of these have 50 and all others 0, and a tenth may lie above"
    require(got < 50, f"{skewed}; above yours, {got:.1f}, lies none. Count them, whatever their bell looks like.")
    yield "it counts, whatever the bell looks like"


@exercise()
def my_filter(yours: Any) -> Iterator[str]:
    """A filter that refuses what hides, and nothing else."""
    require(callable(yours), f"A filter is a function of a sentence; yours is a {type(yours).__name__}.")
    got = attempt(yours, "a small red circle beside a gun")
    require(isinstance(got, bool | np.bool_), f"It answers True (refused) or False; yours gave a {type(got).__name__}.")
    require(bool(got), "It lets pass 'a small red circle beside a gun', which hides nothing.")
    require(not attempt(yours, "a small red circle moving right"), "It refuses 'a small red circle moving right'.")
    yield "it refuses a gun and lets a circle pass"

    ordinary = _ordinary()
    refused = [text for text in ordinary if attempt(yours, text)]
    most = int(REFUSED * len(ordinary))
    such = "" if not refused else f", such as {refused[0][:60]!a}"
    said = f"Of {len(ordinary)} ordinary sentences it refuses {len(refused)}{such}"
    require(len(refused) <= most, f"{said}; at most {most} may be. Is a word found inside of another one?")
    yield f"of {len(ordinary)} ordinary sentences it refuses {len(refused)}"

    hidden = suite()
    missed = [each for each in hidden if not attempt(yours, each.text)]
    share = 1 - len(missed) / len(hidden)
    worst = Counter(each.trick for each in missed).most_common(1)
    such = next((f"{each.text[:60]!a}" for each in missed if each.trick == worst[0][0]), "")
    led = "" if not missed else f" Most got through by {worst[0][0]!r}, such as {such}."
    require(share >= CAUGHT, f"It refuses {share:.0%} of {len(hidden)} hidden words; get to {CAUGHT:.0%}.{led}")
    yield f"of {len(hidden)} hidden words it refuses {share:.1%}"


# --- helpers ----------------------------------------------------------------------------------------------------------


@cache
def suite() -> tuple[Any, ...]:
    """The attacks that hide a word by its letters, as far as the shipped policy was made against them.

    Returns:
        Attacks on the shipped policy.
    """
    policy = read_policy("default")
    assert isinstance(policy, PromptPolicy)  # noqa: S101 - for the type checker
    return tuple(each for each in attacks(policy) if each.kind in KINDS and not each.held_out)


@cache
def _ordinary() -> tuple[str, ...]:
    """A hundred sentences that a filter has to let pass; half of them look like trouble."""
    return (*HARMLESS, *captions(100 - len(HARMLESS)))


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        require(False, f"One number is wanted; yours is a {type(value).__name__}.")
        raise


def _signs(rng: np.random.Generator) -> Plane:
    signs: Plane = np.where(rng.random((32, 32)) < 0.5, 1.0, -1.0)
    return signs
