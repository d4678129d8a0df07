"""Typical wrong answers to the exercises of lesson 07, and what is said to each."""

from itertools import pairwise
from typing import Any

import pytest
import torch
from torch import Tensor

from minisora.course.checks import lesson_07 as check
from tests.course.answers import symptom


def one_look(velocity: Any, noisy: Tensor, now: Tensor, after: Tensor) -> Tensor:
    return noisy + (after - now) * velocity(noisy, now)


def old_time(velocity: Any, noisy: Tensor, now: Tensor, after: Tensor) -> Tensor:
    here = velocity(noisy, now)
    return noisy + (after - now) * (here + velocity(noisy + (after - now) * here, now)) / 2


def old_place(velocity: Any, noisy: Tensor, now: Tensor, after: Tensor) -> Tensor:
    return noisy + (after - now) * (velocity(noisy, now) + velocity(noisy, after)) / 2


def the_sum(velocity: Any, noisy: Tensor, now: Tensor, after: Tensor) -> Tensor:
    here = velocity(noisy, now)
    return noisy + (after - now) * (here + velocity(noisy + (after - now) * here, after))


def two_steps(velocity: Any, noisy: Tensor, now: Tensor, after: Tensor) -> Tensor:
    ahead = noisy + (after - now) * velocity(noisy, now)
    return ahead + (after - now) * velocity(ahead, after)


def from_the_trial(velocity: Any, noisy: Tensor, now: Tensor, after: Tensor) -> Tensor:
    here = velocity(noisy, now)
    ahead = noisy + (after - now) * here
    return ahead + (after - now) * (here + velocity(ahead, after)) / 2


def far_end_alone(velocity: Any, noisy: Tensor, now: Tensor, after: Tensor) -> Tensor:
    return noisy + (after - now) * velocity(noisy + (after - now) * velocity(noisy, now), after)


def wrong_sign(velocity: Any, noisy: Tensor, now: Tensor, after: Tensor) -> Tensor:
    here = velocity(noisy, now)
    return noisy + (now - after) * (here + velocity(noisy + (after - now) * here, after)) / 2


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (one_look, "yours asked 1 times"),
        (old_time, "the old time on its second look"),
        (old_place, "second look is at the old place"),
        (the_sum, "Sum, or mean?"),
        (two_steps, "two Euler steps in a row"),
        (from_the_trial, "where the trial step ended"),
        (far_end_alone, "at the far end alone"),
        (wrong_sign, "towards more noise"),
        (lambda velocity, noisy, now, after: (velocity(noisy, now) + velocity(noisy, after)) / 2, "asks at the right"),
    ],
)
def test_heun_step(wrong: Any, says: str) -> None:
    assert says in symptom(check.heun_step, wrong)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda time, shift: shift * time, "leaves the range"),
        (lambda time, shift: time / (shift + (1 - shift) * time), "towards the clean end"),
        (lambda time, shift: shift * time / (1 - time) / (1 + shift * time / (1 - time)), "divides by 0"),
        (lambda time, shift: shift * time / (1 + shift * time), "A shift of 1 should change nothing"),
        (lambda time, shift: time ** (1 / shift), "not 3/4"),
        (lambda time, shift: time, "not 3/4"),
        (lambda time, shift: time**shift, "not 3/4"),
    ],
)
def test_shift_times(wrong: Any, says: str) -> None:
    assert says in symptom(check.shift_times, wrong)


def greedy(work: list[float], right: list[float]) -> list[bool]:
    """Goes through the list once, and trusts its order."""
    best, flags = -1.0, []
    for score in right:
        flags.append(score > best)
        best = max(best, score)
    return flags


def strictly(work: list[float], right: list[float]) -> list[bool]:
    pairs = list(zip(work, right, strict=True))
    return [not any(w < a and r > b for w, r in pairs) for a, b in pairs]


def with_itself(work: list[float], right: list[float]) -> list[bool]:
    pairs = list(zip(work, right, strict=True))
    return [not any(w <= a and r >= b and j != k for j, (w, r) in enumerate(pairs)) for k, (a, b) in enumerate(pairs)]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda work, right: [True] * len(work), "keeps all four settings"),
        (lambda work, right: [score == max(right) for score in right], "drops the quickest"),
        (lambda work, right: [each == min(work) for each in work], "drops the setting with the most"),
        (greedy, "Did you sort them"),
        (strictly, "as good in one and better in the other"),
        (with_itself, "the same work and the same score"),
        (lambda work, right: [False] * len(work), "drops the quickest"),
        (lambda work, right: sorted(zip(work, right, strict=True)), "one True or False for each"),
        (lambda work, right: [0, 1, 3], "one True or False for each"),
    ],
)
def test_frontier(wrong: Any, says: str) -> None:
    assert says in symptom(check.frontier, wrong)


def where_it_ends(velocity: Any, noisy: Tensor, now: Tensor, span: Tensor, parts: int) -> Tensor:
    for k in range(parts):
        noisy = noisy - span / parts * velocity(noisy, now - k * span / parts)
    return noisy


def how_far(velocity: Any, noisy: Tensor, now: Tensor, span: Tensor, parts: int) -> Tensor:
    return noisy - where_it_ends(velocity, noisy, now, span, parts)


def backwards(velocity: Any, noisy: Tensor, now: Tensor, span: Tensor, parts: int) -> Tensor:
    return (where_it_ends(velocity, noisy, now, span, parts) - noisy) / span


def same_time(velocity: Any, noisy: Tensor, now: Tensor, span: Tensor, parts: int) -> Tensor:
    at = noisy
    for _ in range(parts):
        at = at - span / parts * velocity(at, now)
    return (noisy - at) / span


def time_grows(velocity: Any, noisy: Tensor, now: Tensor, span: Tensor, parts: int) -> Tensor:
    at = noisy
    for k in range(parts):
        at = at - span / parts * velocity(at, now + k * span / parts)
    return (noisy - at) / span


def same_place(velocity: Any, noisy: Tensor, now: Tensor, span: Tensor, parts: int) -> Tensor:
    return sum(velocity(noisy, now - k * span / parts) for k in range(parts)) / parts


def whole_steps(velocity: Any, noisy: Tensor, now: Tensor, span: Tensor, parts: int) -> Tensor:
    at = noisy
    for k in range(parts):
        at = at - span * velocity(at, now - k * span / parts)
    return (noisy - at) / span


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (where_it_ends, "where the way ends"),
        (how_far, "how far the way leads"),
        (backwards, "points backwards"),
        (same_time, "ask at the same time"),
        (time_grows, "Time grows"),
        (same_place, "where the one before it ended"),
        (whole_steps, "of the right length"),
        (lambda velocity, noisy, now, span, parts: velocity(noisy, now), "asked four times"),
    ],
)
def test_mean_velocity(wrong: Any, says: str) -> None:
    assert says in symptom(check.mean_velocity, wrong)


def along(times: Tensor) -> Any:
    def sampler(velocity: Any, noise: Tensor) -> Tensor:
        for now, after in pairwise(times.tolist()):
            noise = noise + (after - now) * velocity(noise, now)
        return noise

    return sampler


def heun_thrice(velocity: Any, noise: Tensor) -> Tensor:
    for now, after in pairwise([1.0, 0.6, 0.25, 0.0]):
        here = there = velocity(noise, now)
        if after > 0:
            there = velocity(noise + (after - now) * here, after)
        noise = noise + (after - now) * (here + there) / 2
    return noise


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (along(torch.linspace(1, 0, 7)), "six even Euler steps by"),
        (along(torch.linspace(1, 0, 7) ** 2), "threw away"),
        (along(torch.linspace(1, 0, 11)), "more than 6 times"),
        (along(torch.linspace(0, 1, 7)), "at time 0"),
        (heun_thrice, "get below"),
        (lambda velocity, noise: noise, "never asked"),
        (torch.linspace(1, 0, 7), "a function of a velocity"),
    ],
)
def test_six_calls(wrong: Any, says: str) -> None:
    assert says in symptom(check.six_calls, wrong)


def test_what_gives_nothing_back_is_told_so() -> None:
    for wrong in (lambda *inputs: None, lambda *inputs: "text"):
        assert symptom(check.heun_step, wrong)
        assert symptom(check.shift_times, wrong)
        assert symptom(check.frontier, wrong)
        assert symptom(check.mean_velocity, wrong)
        assert symptom(check.six_calls, wrong)


def test_what_takes_other_inputs_is_told_so() -> None:
    def wrong(one: Any, two: Any, three: Any, four: Any, five: Any, six: Any) -> Any:
        return one + six

    assert "stopped" in symptom(check.heun_step, wrong)
    assert "stopped" in symptom(check.shift_times, wrong)
    assert "stopped" in symptom(check.frontier, wrong)
    assert "stopped" in symptom(check.mean_velocity, wrong)
    assert "stopped" in symptom(check.six_calls, wrong)


def test_the_stars_end_is_on_the_star() -> None:
    end, star = check._star_end(), check._star_data()
    assert torch.cdist(end, star).amin(1).mean() < 0.02
