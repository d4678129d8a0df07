"""One thing changed and all else kept: which clips that makes, which words differ, and how far apart the pixels are."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minisora.errors import SettingError, nearest_name
from minisora.pipeline import Clips, TextToVideoPipeline

__all__ = ["AXES", "MOST", "Variant", "changed_words", "difference", "make_variants", "read_values", "sweep"]

AXES = ("guidance", "steps", "seed")  # what can be swept
MOST = 16  # clips on one page
USUAL = {"guidance": "1, 2, 4", "steps": "2, 4, 8, 16", "seed": "0, 1, 2, 3"}
Word = tuple[str, bool]


@dataclass(frozen=True)
class Variant:
    """A clip to be made; None is what the checkpoint recommends."""

    label: str
    prompt: str
    seed: int = 0
    steps: int | None = None
    guidance: float | None = None


def sweep(axis: str, values: Sequence[float], prompt: str, seed: int = 0) -> list[Variant]:
    """The same sentence with one setting at several values.

    Args:
        axis: "guidance", "steps" or "seed".
        values: of that setting, at most 16.
        prompt: the sentence.
        seed: of all, unless it is what changes.
    Returns:
        A variant for each value.
    Raises:
        SettingError: no such axis, no value, or too many.
    """
    if axis not in AXES:
        raise SettingError(
            f"axis={axis!r}, but what can be swept is {', '.join(AXES)}. Use {nearest_name(axis, AXES)!r}."
        )
    if not 1 <= len(values) <= MOST:
        raise SettingError(f"{len(values)} values, but 1 to {MOST} fit on a page. Give for example {USUAL[axis]}.")
    whole = axis != "guidance"
    if whole and any(value != int(value) for value in values):
        raise SettingError(f"{axis} counts in whole numbers. Give for example {USUAL[axis]}.")
    base = Variant("", prompt, seed)
    numbers = [int(value) if whole else float(value) for value in values]
    changes: list[Any] = [{axis: number, "label": f"{axis} {number:g}"} for number in numbers]
    return [replace(base, **change) for change in changes]


def read_values(axis: str, text: str) -> list[float]:
    """Numbers as a person types them.

    Args:
        axis: for the message.
        text: numbers between commas or spaces.
    Returns:
        The numbers.
    Raises:
        SettingError: something is no number.
    """
    words = [word for word in re.split(r"[,;\s]+", text) if word]
    try:
        return [float(word) for word in words]
    except ValueError as error:
        wrong = next(word for word in words if not re.fullmatch(r"[-+]?\d*\.?\d+(e[-+]?\d+)?", word, re.IGNORECASE))
        raise SettingError(f"{wrong[:40]!r} is no number. Give for example {USUAL.get(axis, '1, 2, 4')}.") from error


def make_variants(pipe: TextToVideoPipeline, variants: Sequence[Variant], **form: Any) -> list[Clips]:
    """Make every variant.

    Args:
        pipe: the pipeline, called once for each.
        variants: what to make.
        **form: what all share: num_frames, height, width.
    Returns:
        As many clips.
    """
    return [
        pipe(each.prompt, seed=each.seed, num_inference_steps=each.steps, guidance_scale=each.guidance, **form)
        for each in variants
    ]


def changed_words(one: str, other: str) -> tuple[list[Word], list[Word]]:
    """Two sentences word by word.

    Args:
        one, other: the sentences.
    Returns:
        For each of them its words with the spaces after them, and whether the other one does not have them there.
    """
    words: list[list[str]] = [re.findall(r"\S+\s*", text) for text in (one, other)]
    bare = [[word.strip().casefold() for word in row] for row in words]
    same: tuple[set[int], set[int]] = (set(), set())
    for block in difflib.SequenceMatcher(None, bare[0], bare[1], autojunk=False).get_matching_blocks():
        same[0].update(range(block.a, block.a + block.size))
        same[1].update(range(block.b, block.b + block.size))
    rows = [[(word, k not in kept) for k, word in enumerate(row)] for row, kept in zip(words, same, strict=True)]
    return rows[0], rows[1]


def difference(one: Any, other: Any) -> NDArray[np.uint8]:
    """How far apart two clips are, pixel by pixel.

    Args:
        one, other: uint8 (f, h, w, 3), array or tensor, of one size; the longer one is cut.
    Returns:
        uint8 (f, h, w, 3), the distance in each channel; black where they are equal.
    Raises:
        SettingError: they differ in height or width.
    """
    first, second = np.asarray(one), np.asarray(other)
    if first.shape[1:] != second.shape[1:]:
        raise SettingError(f"The clips are {first.shape[1:3]} and {second.shape[1:3]} pixels. Make them equal.")
    frames = min(len(first), len(second))
    return np.abs(first[:frames].astype(np.int16) - second[:frames].astype(np.int16)).astype(np.uint8)
