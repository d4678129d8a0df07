"""Typical wrong answers to the exercises of lesson 03, and what is said to each."""

from typing import Any

import pytest
import torch
from torch import Tensor

from minisora.course.checking import Exercise
from minisora.course.checks import lesson_03 as check
from tests.course.answers import symptom


def growing(noisy: Tensor, velocity: Tensor, now: Tensor, after: Tensor) -> Tensor:
    noisy += (after - now) * velocity
    return noisy


WRONG: list[tuple[Exercise, Any, str]] = [
    (check.interpolate, lambda clean, noise, time: time * clean + (1 - time) * noise, "weights swapped"),
    (check.interpolate, lambda clean, noise, time: clean + time * noise, "still there under the noise"),
    (check.interpolate, lambda clean, noise, time: (1 - time).sqrt() * clean + time.sqrt() * noise, "add up to 1"),
    (check.interpolate, lambda clean, noise, time: clean + noise, "How much noise may there be"),
    (check.interpolate, lambda clean, noise, time: (1 - time) * clean, "nothing but noise should be left"),
    (
        check.interpolate,
        lambda clean, noise, time: (1 - time[0]) * clean + time[0] * noise,
        "every clip should use its own",
    ),
    (
        check.interpolate,
        lambda clean, noise, time: ((1 - time) * clean + time * noise).mean(),
        "should have the shape (2, 2)",
    ),
    (check.velocity_target, lambda clean, noise: clean - noise, "from the noise to the data"),
    (check.velocity_target, lambda clean, noise: clean + noise, "which operation gives 0"),
    (check.velocity_target, lambda clean, noise: (noise - clean) / 2, "half of what it should be"),
    (check.velocity_target, lambda clean, noise: (noise - clean) / (noise - clean).norm(), "has the length 1"),
    (check.velocity_target, lambda clean, noise: noise, "a velocity of -3"),
    (check.velocity_target, lambda clean, noise: (noise - clean).flip(0), "Are axes mixed up"),
    (check.euler_step, lambda noisy, velocity, now, after: noisy + (now - after) * velocity, "towards more noise"),
    (check.euler_step, lambda noisy, velocity, now, after: noisy + velocity, "a whole unit of time"),
    (check.euler_step, lambda noisy, velocity, now, after: noisy - velocity, "a whole unit of time"),
    (check.euler_step, lambda noisy, velocity, now, after: (after - now) * velocity, "Where did it start"),
    (check.euler_step, lambda noisy, velocity, now, after: noisy - after * velocity, "all the way to time 0"),
    (check.euler_step, lambda noisy, velocity, now, after: noisy - 0.1 * velocity, "a quarter is not"),
    (check.euler_step, growing, "changed what it was given"),
    (check.five_times, torch.linspace(1, 0, 6), "five even steps by"),
    (check.five_times, 1 - torch.linspace(0, 1, 6) ** 2, "near the noise, or near the star"),
    (check.five_times, torch.linspace(1, 0, 5), "Five steps need six times"),
    (check.five_times, torch.linspace(0, 1, 6), "begins at 0"),
    (check.five_times, torch.linspace(1, 0.1, 6), "ends clean"),
    (check.five_times, [1, 0.5, 0.5, 0.2, 0.1, 0], "fall at every step"),
    (check.five_times, lambda: 0, "six numbers"),
]


@pytest.mark.parametrize(("exercise", "wrong", "says"), WRONG)
def test_a_wrong_answer_gets_its_own_sentence(exercise: Exercise, wrong: Any, says: str) -> None:
    assert says in symptom(exercise, wrong)


def test_what_is_no_answer_at_all_is_a_symptom_too() -> None:
    for wrong in (lambda: 0, lambda *inputs: None, lambda *inputs: "text"):
        assert symptom(check.interpolate, wrong)
        assert symptom(check.velocity_target, wrong)
        assert symptom(check.euler_step, wrong)


def test_good_times_pass_and_say_how_good() -> None:
    answer = check.five_times.answer([1, 0.64, 0.36, 0.16, 0.04, 0])
    assert answer.passed
    assert "five even steps are off by 0.1" in str(answer)


def test_the_star_lies_where_it_is_said_to() -> None:
    points = check.star(4000) - torch.tensor([1.5, 1.0])
    assert points.norm(dim=1).max() <= 1
    assert points.norm(dim=1).min() > 0.36  # nearest to the middle is a side, near its inner corner
    assert points[:, 1].max() > 0.99  # a tip points up
    assert points.mean(0).abs().max() < 0.05
