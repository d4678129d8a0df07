"""Checks of lesson 10: an interval for a share, three kinds of new, a power law, how many clips settle a question."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from minisora.course.checking import Symptom, attempt, exercise, require
from minisora.evaluation import wilson_interval

__all__ = ["RADII", "SPEEDS", "clips_needed", "interval", "power_law", "split"]

RADII, SPEEDS = (0.10, 0.18), (0.2, 0.8)  # of the balls that training shows; frame widths, frame widths a second
LARGE, QUICK = 0.14, 0.5  # beyond both of which it shows none
KINDS = ("in range", "unseen combination", "out of range")

Z95 = 1.96
PAIRS = ((0.92, 0.94), (0.5, 0.6), (0.9, 0.99))
REPEATS = 4000
POWER = (0.74, 0.87)


# --- what the lesson goes on with until the reader's own is right -----------------------------------------------------


def _kind(radius: float, speed: float) -> str:
    if not (RADII[0] <= radius <= RADII[1] and SPEEDS[0] <= speed <= SPEEDS[1]):
        return KINDS[2]
    return KINDS[1] if radius > LARGE and speed > QUICK else KINDS[0]


def _law(compute: Any, loss: Any) -> tuple[float, float]:
    slope, height = np.polyfit(np.log(compute), np.log(loss), 1)
    return float(np.exp(height)), float(-slope)


# --- the checks -------------------------------------------------------------------------------------------------------


@exercise(instead=wilson_interval)
def interval(yours: Any) -> Iterator[str]:
    """Wilson's interval of a share."""
    low, high = _two(attempt(yours, 9, 10), "The interval")
    share, naive = 0.9, Z95 * math.sqrt(0.9 * 0.1 / 10)
    require(low < high, f"The lower end comes first; yours goes from {low:.3f} to {high:.3f}.")
    asked = "Which terms of the formula hold both ends between 0 and 1?"
    require(not _same((low, high), (share - naive, share + naive)), f"Yours reaches {high:.2f}, above 1. {asked}")
    require(high <= 1 + 1e-9, f"A share is at most 1, and yours ends at {high:.3f}. Is everything divided by 1 + z²/n?")
    wanted = wilson_interval(9, 10)
    asked = "Compare the two terms under the root, and what stands before it, with the equation."
    given = f"For 9 of 10 yours goes from {low:.3f} to {high:.3f}, wanted is {wanted[0]:.3f} to {wanted[1]:.3f}"
    require(_same((low, high), wanted), f"{given}. {asked}")
    yield f"9 of 10 gives {low:.3f} to {high:.3f}"

    low, high = _two(attempt(yours, 40, 40), "The interval")
    require(low < 0.999, "After 40 of 40 yours is sure that the share is 1. Would you bet on the next clip?")
    require(
        _same((low, high), wilson_interval(40, 40)), f"9 of 10 is right, and 40 of 40 gives {low:.3f} to {high:.3f}."
    )
    low, high = _two(attempt(yours, 0, 25), "The interval")
    require(
        _same((low, high), wilson_interval(0, 25)),
        f"0 of 25 should end above 0.1; yours gives {low:.3f} to {high:.3f}.",
    )
    yield "it stays honest at 40 of 40 and at 0 of 25"
    for total in (20, 512, 5000):
        got = _two(attempt(yours, total // 2, total), "The interval")
        wrong = f"For half of {total} yours is {got[1] - got[0]:.3f} wide. Where does the number of clips enter?"
        require(_same(got, wilson_interval(total // 2, total)), wrong)
    yield "more clips make it narrower, as they should"


@exercise(instead=_kind)
def split(yours: Any) -> Iterator[str]:
    """Which of three kinds of new a ball is."""
    usual = ((0.12, 0.3), (0.12, 0.7), (0.17, 0.3))
    for radius, speed in usual:
        _says(yours, radius, speed, KINDS[0], "Training shows balls like it: not both large and quick.")
    yield "what training shows is in range"
    both = "Each of the two numbers was shown, never together."
    _says(yours, 0.17, 0.7, KINDS[1], both)
    _says(yours, 0.145, 0.51, KINDS[1], both)
    yield "large and quick together is an unseen combination"
    for radius, speed in ((0.12, 1.1), (0.12, 0.1), (0.05, 0.5), (0.25, 0.3)):
        _says(yours, radius, speed, KINDS[2], "One of its numbers lies outside all that was shown.")
    _says(yours, 0.17, 1.1, KINDS[2], "It is large and too quick: a number that was never shown counts first.")
    yield "beyond either range is out of range"


@exercise(instead=_law)
def power_law(yours: Any) -> Iterator[str]:
    """Scale and exponent of loss = scale · compute^-exponent."""
    compute = np.array([1e9, 4e9, 2e10, 3e11])
    scale, exponent = _two(attempt(yours, compute, 2.0 * compute**-0.3), "The law")
    line = np.polyfit(compute, 2.0 * compute**-0.3, 1)
    straight = "That is a straight line through the numbers themselves. Which axes make a power law straight?"
    require(not _same((exponent, scale), line) and not _same((scale, exponent), line), straight)
    swapped = "Scale first, then the exponent: yours come the other way round."
    require(not _same((scale, exponent), (0.3, 2.0)), swapped)
    sign = f"Loss falls with compute, and the minus stands in the formula already; your exponent is {exponent:.2f}."
    require(exponent > 0, sign)
    logged = f"Your scale is {scale:.3f}, and 2 is wanted: is it still a logarithm?"
    require(abs(scale - math.log(2)) > 1e-3 and abs(scale - math.log10(2)) > 1e-3, logged)
    given = f"of 2 · compute^-0.3 yours makes {scale:.3g} · compute^-{exponent:.3g}"
    require(_same((scale, exponent), (2.0, 0.3)), f"On points that follow a law exactly, {given}. Same base both ways?")
    yield "it finds the law in points that follow one exactly"

    rng = np.random.default_rng(0)
    compute = np.geomspace(1e8, 1e12, 30)
    noisy = 5.0 * compute**-0.2 * np.exp(rng.normal(0, 0.1, 30))
    got, wanted = _two(attempt(yours, compute, noisy), "The law"), _law(compute, noisy)
    asked = "Do all points count, and alike?"
    require(_same(got, wanted, 1e-2), f"Of points with some noise, yours makes an exponent of {got[1]:.3f}. {asked}")
    yield f"of points with noise, too (exponent {got[1]:.3f})"


@exercise()
def clips_needed(yours: Any) -> Iterator[str]:
    """How many clips of each of two models show in four of five classes which one is better."""
    for one, other in PAIRS:
        count = attempt(yours, one, other)
        if not isinstance(count, int | np.integer) or count < 1:
            raise Symptom(
                f"A number of clips is a whole number of at least 1; yours is {count!r}. Does math.ceil help?"
            )
        found = _found(one, other, int(count))
        between = f"{one:.0%} from {other:.0%} yours takes {count:,} clips each"
        few = f"To tell {between}, and finds the difference in only {found:.0%} of the classes. Do both models vary?"
        require(found >= POWER[0], few)
        many = f"To tell {between}, and finds it in {found:.0%}; four of five were asked for. You could do with fewer."
        require(found <= POWER[1], many)
        yield f"{one:.0%} and {other:.0%}: {count:,} clips of each, found in {found:.0%} of {REPEATS:,} classes"


# --- helpers ----------------------------------------------------------------------------------------------------------


def _found(one: float, other: float, count: int) -> float:
    """Share of many classes in which the difference is more than 1.96 of its own deviations."""
    rng = np.random.default_rng(0)
    shares = np.stack([rng.binomial(count, share, REPEATS) / count for share in (one, other)])
    deviation = np.sqrt((shares * (1 - shares)).sum(0) / count)
    return float((np.abs(shares[0] - shares[1]) > Z95 * deviation).mean())


def _says(yours: Any, radius: float, speed: float, wanted: str, reason: str) -> None:
    said = attempt(yours, radius, speed)
    require(said in KINDS, f"Yours says {said!r}; the three kinds are {', '.join(KINDS)}.")
    require(said == wanted, f"A ball of radius {radius} and speed {speed} is {said!r} in yours. {reason}")


def _two(got: Any, what: str) -> tuple[float, float]:
    try:
        first, second = got
        return float(first), float(second)
    except (TypeError, ValueError):
        raise Symptom(f"{what} is two numbers; yours is {got!r}.") from None


def _same(one: Any, other: Any, tolerance: float = 2e-4) -> bool:
    return bool(np.allclose(one, other, rtol=tolerance, atol=tolerance))
