"""What holds for the checks of every lesson."""

import time
from importlib import import_module
from typing import Any

import pytest

from minisora.course.checking import Exercise
from minisora.course.lessons import Lesson, all_lessons

LESSONS = [lesson for lesson in all_lessons() if any("exercise" in cell.options for cell in lesson.cells())]

each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)


def checks_of(lesson: Lesson) -> dict[str, Exercise]:
    module = import_module(f"minisora.course.checks.lesson_{lesson.number}")
    return {name: value for name, value in vars(module).items() if isinstance(value, Exercise)}


@each_lesson
def test_every_exercise_calls_the_check_of_its_name(lesson: Lesson) -> None:
    named = [cell.options["exercise"] for cell in lesson.cells() if "exercise" in cell.options]
    assert sorted(named) == sorted(checks_of(lesson))
    for cell in lesson.cells():
        if "exercise" in cell.options:
            assert f"check.{cell.options['exercise']}(" in cell.source.splitlines()[-1]
            assert "### BEGIN SOLUTION" in cell.source
            assert len(cell.source.splitlines()) <= 25
            assert cell.options["stars"] in (1, 2, 3)


@each_lesson
def test_what_the_lesson_goes_on_with_passes_its_own_check_quickly(lesson: Lesson) -> None:
    for exercise in checks_of(lesson).values():
        if exercise.instead is not None:
            start = time.process_time()
            assert str(exercise.answer(exercise.instead)).endswith(f"✓ {exercise.name} is right.")
            assert time.process_time() - start < 2


@each_lesson
def test_wrong_answers_are_tested(lesson: Lesson) -> None:
    """At least three answers for each exercise, each with its own sentence."""
    tests = import_module(f"tests.course.test_lesson_{lesson.number}")
    for name, exercise in checks_of(lesson).items():
        sentences = _sentences(tests, name, exercise)
        assert len(sentences) >= 3, f"{name}: {sentences}"


def _sentences(tests: Any, name: str, exercise: Exercise) -> set[str | None]:
    """What wrong answers are told: those of the list `WRONG`, or the parameters (wrong, says) of `test_<exercise>`."""
    if hasattr(tests, "WRONG"):
        return {exercise.answer(wrong).symptom for asked, wrong, _ in tests.WRONG if asked is exercise}
    marks = [mark for mark in getattr(tests, f"test_{name}").pytestmark if mark.name == "parametrize"]
    assert [mark.args[0] for mark in marks] == [("wrong", "says")]
    return {says for _, says in marks[0].args[1]}
