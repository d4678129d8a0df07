"""Typical wrong answers to the exercise of lesson 00, on drawn scenes in place of generated ones."""

from types import SimpleNamespace
from typing import Any

import pytest

from minisora.course.checking import Exercise
from minisora.course.checks import lesson_00 as check
from minisora.pipeline.prompts import unknown_words
from minisora.world import SHAPES
from minisora.world.staging import Part, stage
from tests.course.answers import symptom

TWO = "a large yellow square spinning and a small cyan ring moving up"
ONE = "a large yellow square spinning"


SQUARE = Part("square", "yellow", "large", "spinning", "plain", (-0.2, 0.1))
RING = Part("ring", "cyan", "small", "moving up", "plain", (0.25, 0.2))


def clip(prompt: str, *parts: Part) -> Any:
    """As much of `Clips` as the check reads, of a drawn scene: no model, and what is seen is known."""
    video = SHAPES.render(stage(SHAPES, "black", parts))
    grades = [SHAPES.grade(video, SHAPES.parse(prompt))]
    unknown = (tuple(unknown_words(SHAPES, prompt)),)
    return SimpleNamespace(prompts=(prompt,), unknown=unknown, world=SHAPES, grades=grades)


WRONG: list[tuple[Exercise, Any, str]] = [
    (check.two_things, TWO, "This is a sentence"),
    (check.two_things, 7, "This is no clip"),
    (check.two_things, SimpleNamespace(prompts=(ONE, TWO), grades=[]), "These are 2 clips"),
    (check.two_things, clip(TWO.replace("square", "elephant"), SQUARE, RING), "'elephant' is not known"),
    (check.two_things, clip(ONE, SQUARE), "names 1 thing; it should name two"),
    (check.two_things, clip(TWO.replace("cyan", "red"), SQUARE, RING), "colour red → "),
]


@pytest.mark.parametrize(("exercise", "wrong", "says"), WRONG)
def test_a_wrong_answer_gets_its_own_sentence(exercise: Exercise, wrong: Any, says: str) -> None:
    assert says in symptom(exercise, wrong)


def test_a_clip_that_shows_two_things_passes() -> None:
    answer = check.two_things.answer(clip(TWO, SQUARE, RING))
    assert answer.passed, str(answer)
