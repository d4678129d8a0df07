"""Typical wrong answers to the exercises of lesson 10, and what is said to each."""

import math
from typing import Any

import numpy as np
import pytest

from minisora.course.checks import lesson_10 as check
from minisora.evaluation import wilson_interval
from tests.course.answers import symptom


def _naive(right: int, total: int) -> tuple[float, float]:
    share = right / total
    reach = 1.96 * math.sqrt(share * (1 - share) / total)
    return share - reach, share + reach


def _undivided(right: int, total: int) -> tuple[float, float]:
    share, square = right / total, 1.96**2 / total
    reach = 1.96 * math.sqrt(share * (1 - share) / total + square / (4 * total))
    return share + square / 2 - reach, share + square / 2 + reach


def _clipped(right: int, total: int) -> tuple[float, float]:
    low, high = _naive(right, total)
    return max(low, 0.0), min(high, 1.0)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (_naive, "above 1"),
        (_undivided, "divided by 1 + z"),
        (_clipped, "Compare the two terms"),
        (lambda right, total: wilson_interval(right, total)[::-1], "The lower end comes first"),
        (lambda right, total: right / total, "is two numbers"),
        (lambda right, total: wilson_interval(right, total, z=1.0), "Compare the two terms"),
        (lambda right, total: wilson_interval(9, 10), "9 of 10 is right"),
        (lambda right, total: wilson_interval(right, min(total, 40)) if right <= 40 else (0.4, 0.6), "number of clips"),
    ],
)
def test_interval(wrong: Any, says: str) -> None:
    assert says in symptom(check.interval, wrong)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda radius, speed: "in range", "never together"),
        (lambda radius, speed: "out of range" if speed > 0.8 else "in range", "never together"),
        (lambda radius, speed: "unseen combination" if radius > 0.14 or speed > 0.5 else "in range", "not both large"),
        (
            lambda radius, speed: "unseen combination" if radius > 0.14 and speed > 0.5 else "in range",
            "outside all that",
        ),
        (lambda radius, speed: "new", "the three kinds are"),
        (lambda radius, speed: _combination_first(radius, speed), "counts first"),
    ],
)
def test_split(wrong: Any, says: str) -> None:
    assert says in symptom(check.split, wrong)


def _combination_first(radius: float, speed: float) -> str:
    if radius > 0.14 and speed > 0.5:
        return "unseen combination"
    return "in range" if 0.1 <= radius <= 0.18 and 0.2 <= speed <= 0.8 else "out of range"


def _logs(compute: Any, loss: Any) -> tuple[float, float]:
    slope, height = np.polyfit(np.log(compute), np.log(loss), 1)
    return float(slope), float(height)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda compute, loss: np.polyfit(compute, loss, 1), "Which axes make a power law straight"),
        (lambda compute, loss: (math.exp(_logs(compute, loss)[1]), _logs(compute, loss)[0]), "your exponent is -0.30"),
        (lambda compute, loss: (-_logs(compute, loss)[0], math.exp(_logs(compute, loss)[1])), "the other way round"),
        (lambda compute, loss: (_logs(compute, loss)[1], -_logs(compute, loss)[0]), "still a logarithm"),
        (lambda compute, loss: (10 ** _logs(compute, loss)[1], -_logs(compute, loss)[0]), "Same base both ways"),
        (lambda compute, loss: _two_ends(compute, loss), "Do all points count"),
        (lambda compute, loss: 0.3, "is two numbers"),
    ],
)
def test_power_law(wrong: Any, says: str) -> None:
    assert says in symptom(check.power_law, wrong)


def _two_ends(compute: Any, loss: Any) -> tuple[float, float]:
    slope, height = _logs(compute[[0, -1]], loss[[0, -1]])
    return math.exp(height), -slope


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda one, other: 512, "in only"),
        (lambda one, other: math.ceil((2.8 / (one - other)) ** 2 * one * (1 - one)), "Do both models vary"),
        (lambda one, other: 100_000, "You could do with fewer"),
        (lambda one, other: (2.8 / (one - other)) ** 2, "a whole number"),
        (lambda one, other: -3, "a whole number"),
    ],
)
def test_clips_needed(wrong: Any, says: str) -> None:
    assert says in symptom(check.clips_needed, wrong)


def test_no_numbers_and_nothing_at_all() -> None:
    assert symptom(check.interval, lambda right, total: None)
    assert symptom(check.interval, lambda right, total: "text")
    assert symptom(check.split, lambda radius, speed: None)
    assert symptom(check.split, lambda radius, speed: 0)
    assert symptom(check.power_law, lambda compute, loss: None)
    assert symptom(check.power_law, lambda compute, loss: "text")
    assert symptom(check.clips_needed, lambda one, other: None)
    assert symptom(check.clips_needed, lambda one, other: 0)
