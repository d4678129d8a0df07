"""Typical wrong answers to the exercises of lesson 12, and what is said to each."""

import re
import unicodedata
from typing import Any

import numpy as np
import pytest

from minisora.course.checking import Exercise
from minisora.course.checks import lesson_12 as check
from minisora.guards.disguises import LOOK_ALIKES, fold, readings
from tests.course.answers import symptom

FORBIDDEN = ["gun", "knife", "bomb", "blood", "killer", "naked", "porn", "nazi", "cocaine", "murder"]


def without_marks(text: str) -> str:
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cf", "Mn", "Me"))


def table_first(text: str) -> str:
    """Look-alikes before capitals."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text.translate(LOOK_ALIKES)).casefold())
    return without_marks(text)


PLAIN: list[tuple[Any, str]] = [
    (lambda text: text, "Capitals stay capitals"),
    (lambda text: text.lower(), "There are wide letters"),
    (lambda text: unicodedata.normalize("NFKC", text).casefold(), "An accent is left"),
    (lambda text: unicodedata.normalize("NFKD", text).casefold(), "An accent is left"),
    (lambda text: unicodedata.normalize("NFKD", text).casefold().replace("\u0308", ""), "nobody can see"),
    (lambda text: without_marks(unicodedata.normalize("NFKD", text).casefold()), "Which table knows them"),
    (table_first, "What should come first"),
    (lambda text: re.sub(r"[^a-z ]", "", fold(text)), "Digits, blanks and signs"),
    (lambda text: fold(text).split(), "a text comes out"),
    (lambda text: fold(text).replace(" ", ""), "should come back as it was"),
]


def product(grey: Any, pattern: Any) -> Any:
    return ((grey - grey.mean()) * pattern).sum()


LIKENESS: list[tuple[Any, str]] = [
    (lambda grey, pattern: (grey * pattern).sum(), "Loud pictures must not score higher"),
    (lambda grey, pattern: product(grey, pattern) / grey.std(), "How far does chance get"),
    (lambda grey, pattern: product(grey, pattern) / np.sqrt(grey.size), "By what is the loudness divided out"),
    (lambda grey, pattern: product(grey, pattern) / grey.std() / grey.size, "gave 1: a mean"),
    (lambda grey, pattern: abs(product(grey, pattern)) / grey.std() / np.sqrt(grey.size), "as unlike as can be"),
    (lambda grey, pattern: (grey * pattern).sum() / grey.std() / np.sqrt(grey.size), "What is taken off first"),
    (lambda grey, pattern: grey - pattern, "One number is wanted"),
]


THRESHOLD: list[tuple[Any, str]] = [
    (lambda scores, rate: sorted(scores)[int(rate * len(scores))], "upper end that you cut off"),
    (lambda scores, rate: sorted(scores, reverse=True)[int(rate * len(scores)) + 3], "above yours lie 13"),
    (lambda scores, rate: max(scores), "stricter than asked"),
    (lambda scores, rate: sorted(scores, reverse=True)[int(rate * len(scores)) // 2], "A lower one would do"),
    (lambda scores, rate: float(np.mean(scores) + 1.55 * np.std(scores)), "Of 200 unmarked clips"),
    (lambda scores, rate: 1 - rate, "above yours lie"),
    (lambda scores, rate: scores, "One number is wanted"),
]


def by_readings(prompt: str) -> bool:
    words = {word for reading in readings(prompt) for word in reading.split()}
    return any(word in words for word in FORBIDDEN)


MY_FILTER: list[tuple[Any, str]] = [
    (lambda prompt: False, "which hides nothing"),
    (lambda prompt: True, "It refuses 'a small red circle moving right'"),
    (lambda prompt: any(word in prompt.split() for word in FORBIDDEN), "hidden words; get to"),
    (lambda prompt: any(word in fold(prompt).split() for word in FORBIDDEN), "Most got through by"),
    (lambda prompt: "gun" in prompt or "red" not in prompt, "ordinary sentences it refuses"),
    (lambda prompt: [word for word in FORBIDDEN if word in prompt], "It answers True"),
    (FORBIDDEN, "A filter is a function"),
]

WRONG: list[tuple[Exercise, Any, str]] = [
    *((check.plain, wrong, says) for wrong, says in PLAIN),
    *((check.likeness, wrong, says) for wrong, says in LIKENESS),
    *((check.threshold, wrong, says) for wrong, says in THRESHOLD),
    *((check.my_filter, wrong, says) for wrong, says in MY_FILTER),
]


@pytest.mark.parametrize(("exercise", "wrong", "says"), WRONG)
def test_a_wrong_answer_gets_its_own_sentence(exercise: Exercise, wrong: Any, says: str) -> None:
    assert says in symptom(exercise, wrong)


def test_the_suite_hides_words_in_four_ways() -> None:
    assert {each.kind for each in check.suite()} == set(check.KINDS)
    assert not any(each.held_out for each in check.suite())
    assert not check.my_filter.answer(lambda prompt: False).passed
    assert by_readings(check.suite()[0].text)
