"""What a browser is told about a text while it is typed: unknown words, how it may go on, what it asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from minisora.errors import MinisoraError
from minisora.guards.policy import PromptPolicy
from minisora.widgets.chips import pressed_chips
from minisora.widgets.verdicts import Row, asked_rows
from minisora.world import World
from minisora.world.parser import MAX_CHARACTERS
from minisora.world.typing_aid import complete, mark_unknown

__all__ = ["Typed", "read_typed"]


@dataclass(frozen=True)
class Typed:
    """A text as it was understood.

    Attributes:
        marks: [{"start", "stop", "word", "nearest"}, …], places in UTF-16 units, as browsers count.
        completions: [{"start", "text", "kind"}, …] for the place of the caret.
        rows: what is asked for, see `verdicts`.
        pressed: chips that are said, see `chips`.
        message: why nothing was understood, "" otherwise.
    """

    marks: list[dict[str, Any]]
    completions: list[dict[str, Any]]
    rows: list[Row]
    pressed: list[dict[str, str]]
    message: str = ""


def read_typed(world: World, text: str, caret: int, policy: PromptPolicy | None = None) -> Typed:
    """Understand a text in whatever state it is.

    Args:
        world: that reads it.
        text: what was typed.
        caret: where the caret stands, in UTF-16 units.
        policy: rules that it has to keep.
    Returns:
        What to show; a text that cannot be read, or that the policy refuses, gives a message instead.
    """
    if len(text) > MAX_CHARACTERS:  # before anything else looks at it
        message = f"The prompt has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read. Shorten it."
        return Typed([], [], [], [{}], message)
    count = _counter(text)
    units = text.encode("utf-16-le", "surrogatepass")
    before = units[: 2 * max(caret, 0)].decode("utf-16-le", "ignore")
    completions = [
        {"start": count(each.start), "text": each.text, "kind": each.kind} for each in complete(world, before)
    ]
    if not text.strip():
        return Typed([], completions, [], [{}])
    try:
        if policy is not None:
            policy.check([text])
        request = world.parse(text)
    except MinisoraError as error:
        return Typed([], completions, [], [{}], _sentence(error))
    marks = [
        {"start": count(mark.start), "stop": count(mark.stop), "word": mark.word, "nearest": list(mark.nearest)}
        for mark in mark_unknown(world, text)
    ]
    return Typed(marks, completions, asked_rows(world, request), pressed_chips(request))


def _counter(text: str) -> Callable[[int], int]:
    """A function from places in a text to places as browsers count them: an emoji is two."""
    if text.isascii():
        return lambda place: place
    return lambda place: len(text[:place].encode("utf-16-le", "surrogatepass")) // 2


def _sentence(error: MinisoraError) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]
