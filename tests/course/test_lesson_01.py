"""Typical wrong answers to the exercises of lesson 01, and what is said to each."""

from typing import Any

import numpy as np
import pytest
import torch

from minisora.course.checks import lesson_01 as check
from tests.course.answers import symptom


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda distance: (0.5 + distance).clamp(0, 1), "which sign is inside"),
        (lambda distance: (distance < 0).float(), "cuts in half"),
        (lambda distance: 0.5 - distance, "between 0 and 1"),
        (lambda distance: (-distance).clamp(0, 1), "edge runs through the middle"),
        (lambda distance: (1 - distance).clamp(0, 1), "edge runs through the middle"),
        (lambda distance: (0.5 - distance / 2).clamp(0, 1), "one pixel wide"),
        (lambda distance: torch.sigmoid(-4 * distance), "one pixel wide"),
        (lambda distance: _smooth((0.5 - distance).clamp(0, 1)), "a ramp or a curve"),
        (lambda distance: distance.clamp(0, 1).mean(), "should have the shape (3, 3)"),
    ],
)
def test_cover(wrong: Any, says: str) -> None:
    assert says in symptom(check.cover, wrong)


def _smooth(share: Any) -> Any:
    return share**2 * (3 - 2 * share)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda values, limit: np.clip(values, -limit, limit), "where is the way back"),
        (lambda values, limit: np.mod(values + limit, 2 * limit) - limit, "stay -0.2"),
        (lambda values, limit: _wrapped(values, limit), "as if the frame were a ring"),
        (lambda values, limit: np.abs(values), "left wall"),
        (lambda values, limit: limit - np.abs(np.mod(values, 4 * limit) - 2 * limit), "begin at the left wall"),
        (lambda values, limit: np.where(values > limit, 2 * limit - values, values), "At the left one"),
        (lambda values, limit: _once(values, limit), "as often as it takes"),
        (lambda values, limit: _folded_half(values, limit), "every second bounce"),
        (lambda values, limit: values.tolist(), "a NumPy array"),
        (lambda values, limit: np.array(0.3), "One for each"),
    ],
)
def test_reflect(wrong: Any, says: str) -> None:
    assert says in symptom(check.reflect, wrong)


def _wrapped(values: Any, limit: float) -> Any:
    return np.where(np.abs(values) <= limit, values, np.mod(values + limit, 2 * limit) - limit)


def _once(values: Any, limit: float) -> Any:
    return np.where(np.abs(values) > limit, np.sign(values) * 2 * limit - values, values)


def _folded_half(values: Any, limit: float) -> Any:
    """Right up to the first bounce at each side; further out it forgets in which direction it came."""
    near = np.abs(values) <= 3 * limit
    return np.where(near, limit - np.abs(np.mod(values + limit, 4 * limit) - 2 * limit), 0.0)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (
            lambda actor: f"a {actor.size} {actor.shape} {actor.motion} {actor.speed}",
            "nothing is said about the colour",
        ),
        (lambda actor: "a large orange triangle moving up and to the left quickly", "is read as"),
        (
            lambda actor: f"a {actor.colour} {actor.shape} {actor.motion} {actor.speed}",
            "nothing is said about the size",
        ),
        (
            lambda actor: f"a {actor.size} {actor.colour} {actor.shape} {actor.motion} {actor.speed}",
            "does not know 'plain'",
        ),
        (lambda actor: f"a {actor.size} {actor.colour} {actor.shape} {actor.motion} quickly", "the speed is read as"),
        (lambda actor: f"a huge {actor.colour} {actor.shape} {actor.motion} {actor.speed}", "the size is read as"),
        (lambda actor: f"a {actor.size} {actor.colour} thing and a {actor.shape}", "one is wanted"),
        (lambda actor: [actor.size, actor.colour], "A sentence is a text"),
    ],
)
def test_sentence(wrong: Any, says: str) -> None:
    assert says in symptom(check.sentence, wrong)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda places: "staying still", "right in 11%"),
        (lambda places: "moving", "none of the nine"),
        (lambda places: "moving right" if places[-1, 0] > places[0, 0] else "moving left", "Most often mistaken"),
        (lambda places: places.mean(), "none of the nine"),
    ],
)
def test_read_motion(wrong: Any, says: str) -> None:
    assert says in symptom(check.read_motion, wrong)


def test_no_number_and_no_text_and_nothing_at_all() -> None:
    assert symptom(check.cover, lambda distance: None)
    assert symptom(check.cover, lambda distance: 0)
    assert symptom(check.reflect, lambda values, limit: None)
    assert symptom(check.reflect, lambda values, limit: "text")
    assert symptom(check.sentence, lambda actor: None)
    assert symptom(check.sentence, lambda actor: " ")
    assert symptom(check.read_motion, lambda places: None)
    assert symptom(check.read_motion, lambda places: 0)


def test_a_shaken_path_is_the_same_for_the_same_seed_and_stays_in_the_frame() -> None:
    for name in check.MOTIONS:
        path = check.shaken_path(name, 3)
        assert path.shape == (17, 2)
        assert np.array_equal(path, check.shaken_path(name, 3))
        assert np.abs(path).max() < 0.52
