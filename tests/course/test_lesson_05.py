"""Typical wrong answers to the exercises of lesson 05, and what is said to each."""

from collections.abc import Sequence
from typing import Any

import pytest

from minisora.course.checks import lesson_05 as check
from tests.course.answers import symptom

Pair = tuple[str, str]


def only_first(tokens: Sequence[str], pair: Pair) -> list[str]:
    for at in range(len(tokens) - 1):
        if (tokens[at], tokens[at + 1]) == pair:
            return [*tokens[:at], "".join(pair), *tokens[at + 2 :]]
    return list(tokens)


def loses_the_last(tokens: Sequence[str], pair: Pair) -> list[str]:
    found, at = [], 0
    while at < len(tokens) - 1:
        two = (tokens[at], tokens[at + 1]) == pair
        found.append(tokens[at] + (tokens[at + 1] if two else ""))
        at += 2 if two else 1
    return found


def keeps_the_second(tokens: Sequence[str], pair: Pair) -> list[str]:
    return [a + b if (a, b) == pair else a for a, b in zip(tokens, [*tokens[1:], ""], strict=True)]


def uses_twice(tokens: Sequence[str], pair: Pair) -> list[str]:
    found: list[str] = []
    for at, token in enumerate(tokens):
        if at and (tokens[at - 1], token) == pair:
            found[-1] = "".join(pair)
        else:
            found.append(token)
    return found


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda tokens, pair: list(tokens), "joined nothing"),
        (lambda tokens, pair: "".join(tokens), "as a list"),
        (only_first, "after the first one"),
        (loses_the_last, "All letters should still be there"),
        (keeps_the_second, "All letters should still be there"),
        (uses_twice, "used up"),
        (lambda tokens, pair: ["".join(tokens)], "three pieces"),
    ],
)
def test_merge(wrong: Any, says: str) -> None:
    assert says in symptom(check.merge, wrong)


def shorter(captions: Sequence[str], draws: Sequence[float], share: float) -> list[str]:
    return [caption for caption, draw in zip(captions, draws, strict=True) if draw >= share]


def other_side(captions: Sequence[str], draws: Sequence[float], share: float) -> list[str]:
    return ["" if draw > share else caption for caption, draw in zip(captions, draws, strict=True)]


def none_instead(captions: Sequence[str], draws: Sequence[float], share: float) -> list[str | None]:
    return [None if draw < share else caption for caption, draw in zip(captions, draws, strict=True)]


def one_word(captions: Sequence[str], draws: Sequence[float], share: float) -> list[str]:
    return [
        caption.split(" ", 1)[1] if draw < share else caption for caption, draw in zip(captions, draws, strict=True)
    ]


def always_a_tenth(captions: Sequence[str], draws: Sequence[float], share: float) -> list[str]:
    return ["" if draw < 0.1 else caption for caption, draw in zip(captions, draws, strict=True)]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (shorter, "came out"),
        (other_side, "which side of 0.1"),
        (none_instead, "None in its place"),
        (one_word, "The whole sentence goes"),
        (always_a_tenth, "With a share of 0"),
        (lambda captions, draws, share: list(captions), "dropped nothing"),
        (lambda captions, draws, share: "", "one text"),
    ],
)
def test_drop_captions(wrong: Any, says: str) -> None:
    assert says in symptom(check.drop_captions, wrong)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda words, without, scale: words + scale * (words - without), "one step beyond"),
        (lambda words, without, scale: without + scale * (without - words), "away from the words"),
        (lambda words, without, scale: words + scale * (without - words), "the guess without them"),
        (lambda words, without, scale: scale * words, "At scale 0"),
        (lambda words, without, scale: scale * words + without, "2 without words and 3 with them"),
        (lambda words, without, scale: words, "At scale 0"),
        (lambda words, without, scale: without + scale**2 * (words - without), "At scale 3"),
    ],
)
def test_guide(wrong: Any, says: str) -> None:
    assert says in symptom(check.guide, wrong)


@pytest.fixture(scope="module")
def encoder() -> Any:
    check.nonsense.answer("wobb")  # loads the model before anything is timed
    return check._encoder()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("crimson", "a real word in it, crimson"),
        ("yellowbl", "a real word in it, yellow"),
        ("zzzz", "no colour at all"),
        ("wobb", "no colour at all"),
        ("Gre", "small letters"),
        ("tur", "4 to 12 letters"),
        ("small", "The world knows small"),
        (lambda: "word", "in quotation marks"),
    ],
)
def test_nonsense(wrong: Any, says: str, encoder: Any) -> None:
    assert says in symptom(check.nonsense, wrong)


def test_there_are_such_words(encoder: Any) -> None:
    answer = check.nonsense.answer("dentur")
    assert answer.passed
    assert "read as cyan" in str(answer)


def test_each_check_answers_what_is_no_answer(encoder: Any) -> None:
    assert "stopped" in symptom(check.merge, lambda tokens: tokens)
    assert "could not be compared" in symptom(check.merge, lambda tokens, pair: 3)
    assert "stopped" in symptom(check.drop_captions, lambda captions: captions)
    assert "could not be compared" in symptom(check.drop_captions, lambda captions, draws, share: 3)
    assert "stopped" in symptom(check.guide, lambda words: words)
    assert "should be a tensor" in symptom(check.guide, lambda words, without, scale: "text")
    assert "quotation marks" in symptom(check.nonsense, 3)
    assert "small letters" in symptom(check.nonsense, "two words")
