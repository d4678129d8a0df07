"""A storyboard: sentences on a time axis, and frames that the take must go through."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from minisora.errors import SettingError
from minisora.models.autoencoder import TIME
from minisora.pipeline import Clips, Condition, TextToVideoPipeline
from minisora.widgets.recipes import Made, Recipe

__all__ = ["Part", "Pinned", "film", "snap_change", "snap_frame", "snap_length"]

LONGEST = 60.0  # seconds


@dataclass(frozen=True)
class Part:
    """What is to be seen from a moment on: seconds, and a sentence."""

    start: float
    text: str


@dataclass(frozen=True)
class Pinned:
    """A frame of a clip that was made, and the frame of the take that it must be."""

    made: Made
    frame: int
    at: int


def snap_change(seconds: float, fps: float) -> float:
    """The nearest moment at which words may change: between two groups of four frames.

    Args:
        seconds: from the beginning.
        fps: frames per second.
    Returns:
        Seconds: 0 for the beginning, else those of frame 5, 9, …
    """
    if seconds <= 0:
        return 0.0
    return (1 + TIME * max(1, round((seconds * fps - 1) / TIME))) / fps


def snap_frame(frame: int, num_frames: int) -> int:
    """The nearest frame at which a single picture may be given: the first, or the last of a group of four.

    Args:
        frame: wanted.
        num_frames: of the take.
    Returns:
        0, 4, 8, … up to the last frame.
    """
    return min(max(0, TIME * round(frame / TIME)), num_frames - 1)


def snap_length(seconds: float, fps: float) -> int:
    """The nearest number of frames that a take may have.

    Args:
        seconds: wanted.
        fps: frames per second.
    Returns:
        1 + 4k, at least 5.
    Raises:
        SettingError: it is no length, or more than a minute.
    """
    if not math.isfinite(seconds) or not 0 < seconds <= LONGEST:
        raise SettingError(f"seconds={seconds:g}, but a take lasts above 0, up to {LONGEST:g}. Use seconds=4.")
    return 1 + TIME * max(1, round(seconds * fps / TIME))


def film(parts: Sequence[Part], pinned: Sequence[Pinned], num_frames: int, seed: int, fps: float) -> Recipe:
    """A take of a storyboard.

    Args:
        parts: sentences, by time, the first from 0 on; those after the end are left out.
        pinned: frames that it must go through.
        num_frames: 1 + 4k.
        seed: of the noise.
        fps: frames per second.
    Returns:
        A recipe.
    Raises:
        SettingError: there is no sentence, or two begin at once.
    """
    board = [(snap_change(part.start, fps) if k else 0.0, part.text) for k, part in enumerate(parts)]
    board = [(start, text) for start, text in board if start * fps < num_frames]
    if not board:
        raise SettingError("The storyboard is empty. Add a sentence, for example 'a red star staying still'.")
    for (before, _), (after, _) in pairwise(board):
        if after <= before:
            raise SettingError(f"Two sentences begin at {after:g} s. Move one of them by {TIME / fps:g} s.")
    places = [snap_frame(pin.at, num_frames) for pin in pinned]
    pictures = [pin.made.clips.frames[0, pin.frame] for pin in pinned]
    given, names = [], []
    for k, pin in enumerate(pinned):
        given += [*pin.made.recipe.lines, f"given_{k} = clip.frames[0, {pin.frame}]"]
        names.append(f"Condition(given_{k}, frame_index={places[k]})")
    more = f", conditions=[{', '.join(names)}]" if names else ""
    line = f"clip = pipe({board!r}, num_frames={num_frames}, seed={seed}{more})"

    def job(pipe: TextToVideoPipeline) -> Clips:
        conditions = [Condition(picture, frame_index=place) for picture, place in zip(pictures, places, strict=True)]
        return pipe(board, num_frames=num_frames, seed=seed, conditions=conditions)

    return Recipe("take", " | ".join(text for _, text in board), seed, (*given, line), job)
