"""A text in any state is understood or refused with a sentence, and places are counted as browsers count."""

import pytest

from minisora.guards.policy import PromptPolicy
from minisora.widgets.typed import read_typed
from minisora.world import SHAPES


def test_a_sentence_is_understood() -> None:
    typed = read_typed(SHAPES, "a red circle moving left", 24)
    assert typed.rows[0]["who"] == "the red circle"
    assert typed.pressed[0] == {"shape": "circle", "colour": "red", "motion": "moving left"}
    assert typed.marks == []
    assert typed.message == ""


def test_places_are_those_of_a_browser() -> None:
    text = "\U0001f600\U0001f600 a red elephant"
    (_, _, mark) = read_typed(SHAPES, text, 0).marks
    units = text.encode("utf-16-le")
    assert units[2 * mark["start"] : 2 * mark["stop"]].decode("utf-16-le") == "elephant"
    typed = read_typed(SHAPES, "\U0001f600 a sm", 7)
    assert typed.completions[0] == {"start": 5, "text": "small", "kind": "sizes"}


@pytest.mark.parametrize(
    "text", ["", "   ", "...", "\u202e", "<img src=x onerror=alert(1)>", "</script>", "\u200f\u200e", "\ud83d"]
)
def test_strange_texts_do_nothing(text: str) -> None:
    typed = read_typed(SHAPES, text, len(text))
    assert isinstance(typed.message, str)


def test_too_long_a_text_is_refused_quickly() -> None:
    typed = read_typed(SHAPES, "red " * 2500, 10)
    assert "10,000 characters" in typed.message
    assert typed.completions == []


def test_what_the_policy_refuses_is_said_while_it_is_typed() -> None:
    policy = PromptPolicy.read("default")
    typed = read_typed(SHAPES, "a red circle with a gun", 23, policy)
    assert "rule 'weapons'" in typed.message
    assert typed.rows == []
    assert read_typed(SHAPES, "a red circle", 12, policy).message == ""
