"""Suggestions go on from what is typed, and unknown words are found where they stand, whatever the text."""

import pytest

from minisora.errors import PromptError
from minisora.world import SHAPES
from minisora.world.typing_aid import complete, mark_unknown


def texts(before: str) -> list[str]:
    return [each.text for each in complete(SHAPES, before)]


@pytest.mark.parametrize(
    ("before", "first", "start"),
    [
        ("a sm", "small", 2),
        ("a small red cir", "circle", 12),
        ("a small red circle moving ", "moving left", 19),
        ("a red circle moving up and", "moving up and to the left", 13),
        ("a red circle on a ", "on a black background", 13),
        ("the cam", "the camera staying still", 0),
    ],
)
def test_the_last_words_are_gone_on_from(before: str, first: str, start: int) -> None:
    completion = complete(SHAPES, before)[0]
    assert (completion.text, completion.start) == (first, start)


def test_after_a_word_comes_what_may_come_next() -> None:
    assert set(texts("a ")) >= {"small", "large", "red", "circle"}
    assert "small" not in texts("a small ")
    assert "star" in texts("a small red ")
    assert texts("zzz") == []
    assert len(texts("a small red circle ")) <= 8


def test_every_suggestion_is_understood() -> None:
    for before in ("a ", "a red ", "a red circle ", "a red circle moving left ", "a red circle on a navy background "):
        for completion in complete(SHAPES, before, most=99):
            text = before[: completion.start] + completion.text
            assert mark_unknown(SHAPES, text) == (), text


def test_unknown_words_are_found_where_they_stand() -> None:
    text = "A red Elephant and a cricle, an elephant"
    marks = mark_unknown(SHAPES, text)
    assert [text[mark.start : mark.stop] for mark in marks] == ["Elephant", "cricle", "elephant"]
    assert "circle" in marks[1].nearest
    assert mark_unknown(SHAPES, "a red circle moving left") == ()
    assert mark_unknown(SHAPES, "  ") == ()


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)> a red circle",
        "\U0001f600 a red circle",
        "a \u202eder\u202c circle",
        "a r\u200fed dot",
    ],
)
def test_marks_of_strange_texts_lie_inside_them(text: str) -> None:
    for mark in mark_unknown(SHAPES, text):
        assert 0 <= mark.start < mark.stop <= len(text)
        assert text[mark.start : mark.stop].strip()


def test_too_long_a_text_is_an_error() -> None:
    with pytest.raises(PromptError, match="Shorten"):
        mark_unknown(SHAPES, "red " * 2500)
