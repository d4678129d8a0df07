"""Frames that are given, and where they lie in a video.

    frame    0 | 1 2 3 4 | 5 6 7 8 | …          latent frame    0 | 1 | 2 | …

A latent frame is made of a whole group of frames, so a condition covers whole groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from minisora.errors import SettingError, ShapeError
from minisora.models.autoencoder import TIME
from minisora.pipeline.given import as_clip, as_mask, finite, whole
from minisora.pipeline.settings import Settings

__all__ = ["Condition", "Placed", "place", "place_all"]


@dataclass(frozen=True)
class Condition:
    """Frames that the video must contain.

    Args:
        frames: uint8 (f, h, w, 3), or (h, w, 3) for a single image, or (b, f, h, w, 3), one for each clip of a batch;
            array or tensor, of the size of the video.
        frame_index: where its first frame lies in the video: 0, 1, 5, 9, …; a negative one counts from the end. A
            single image at the first or the last frame of a group fills the whole group.
        strength: 1 keeps the frames exactly; below 1 they are noised by `1 - strength` and made anew from there.
        mask: bool (h, w) or (f, h, w), True where the frames count; None is everywhere.
    Raises:
        SettingError: strength outside 0 … 1, a mask together with a strength below 1, or an index that is no whole
            number.
    """

    frames: Any
    frame_index: int = 0
    strength: float = 1.0
    mask: Any = None

    def __post_init__(self) -> None:
        """Check what can be checked without the video."""
        whole("frame_index", self.frame_index, near=0)
        if not 0 <= finite("strength", self.strength, near=1) <= 1:
            near = 1.0 if self.strength > 1 else 0.0
            raise SettingError(f"strength={self.strength}, but it lies from 0 to 1. Use strength={near:g}.")
        if self.mask is not None and self.strength < 1:
            raise SettingError(f"A mask keeps what it covers exactly, so strength={self.strength} must be 1 beside it.")


@dataclass(frozen=True)
class Placed:
    """A condition in its place.

    Attributes:
        first, stop: the frames that it covers.
        frames: uint8 (n, h, w, 3), or (b, n, h, w, 3), one for each clip.
        kept: bool (n, h, w), which of its pixels are kept exactly.
        start: the noise that its latent frames start from: 1 - strength; 1 where pixels are kept.
    """

    first: int
    stop: int
    frames: Tensor
    kept: Tensor
    start: float

    @property
    def groups(self) -> slice:
        """The latent frames that it covers."""
        return slice((self.first + TIME - 1) // TIME, 1 + (self.stop + TIME - 2) // TIME)


def place_all(conditions: Any, batch: int, settings: Settings) -> list[Placed]:
    """Find the frames that conditions cover, and check that they fit there.

    Args:
        conditions: a list of `Condition`, no two of them on the same frames, so that their order does not matter.
        batch: b.
        settings: frames, height and width of the video.
    Returns:
        The conditions in their places.
    Raises:
        SettingError: no list of conditions, frames that do not cover whole groups, lie outside the video, or are given
            twice; the nearest legal index is named.
        ShapeError: frames or a mask of another size.
    """
    if not isinstance(conditions, Sequence) or not all(isinstance(condition, Condition) for condition in conditions):
        raise SettingError(
            f"conditions is a list of Condition, this is a {type(conditions).__name__}"
            f"{' of something else' if isinstance(conditions, Sequence) else ''}. Use conditions=[Condition(frames)]."
        )
    placed = [place(condition, batch, settings) for condition in conditions]
    _check_apart(placed, settings.num_frames)
    return placed


def _check_apart(conditions: Sequence[Placed], total: int) -> None:
    """Refuse conditions that give the same frames twice: nobody could say which of them counts."""
    for index, one in enumerate(conditions):
        for other, before in enumerate(conditions[:index]):
            first, stop = max(one.first, before.first), min(one.stop, before.stop)
            if first < stop:
                near = f"Use frame_index={before.stop} for number {index + 1}, or cut one"
                raise SettingError(
                    f"Conditions number {other + 1} and {index + 1} both give frames {first} to {stop - 1}, but each "
                    f"frame is given once. {near if before.stop < total else 'Cut one'} of them."
                )


def place(condition: Condition, batch: int, settings: Settings) -> Placed:
    """Find the frames that a condition covers, and check that it fits there.

    Args:
        condition: what is given.
        batch: b.
        settings: frames, height and width of the video.
    Returns:
        The condition in its place; its frames are a copy, so that a caller may go on to use his own.
    Raises:
        SettingError: frames that do not cover whole groups, or lie outside the video; the nearest legal index is named.
        ShapeError: frames or a mask of another size.
    """
    h, w = settings.height, settings.width
    frames = as_clip(condition.frames).clone()
    if frames.shape[-3:-1] != (h, w):
        raise ShapeError(
            f"The condition is {frames.shape[-3]}×{frames.shape[-2]} pixels, the video {h}×{w}. Scale it to {h}×{w}, "
            f"or ask for height={frames.shape[-3]}, width={frames.shape[-2]}."
        )
    if frames.ndim == 5 and len(frames) != batch:
        raise ShapeError(f"The condition has {len(frames)} clips for {batch} prompts. Give one clip, or {batch}.")
    first, stop = _place(condition.frame_index, frames.shape[-4], settings.num_frames)
    frames = frames.expand(*frames.shape[:-4], stop - first, h, w, 3)  # a single image fills its group
    if condition.strength < 1:
        return Placed(
            first, stop, frames, torch.zeros(1, 1, 1).bool().expand(stop - first, h, w), 1 - condition.strength
        )
    return Placed(first, stop, frames, _mask(condition.mask, stop - first, h, w), 1.0)


def _place(index: int, frames: int, total: int) -> tuple[int, int]:
    """First frame and end of a condition; a single image grows to its whole group."""
    index = int(index)
    first = index + total if index < 0 else index
    if frames == 1 and 0 < first < total and first % TIME in (0, 1):
        start = first - (first - 1) % TIME  # at the first or the last frame of its group
        return start, start + TIME
    if (first != 0 and first % TIME != 1) or not 0 <= first < total:
        legal = [0, *range(1, total, TIME)]
        near = min(legal, key=lambda start: abs(start - first))
        shown = legal if len(legal) <= 9 else [*legal[:4], "…", legal[-1]]
        raise SettingError(
            f"frame_index={index} is not the first frame of a group. Groups of this video start at "
            f"{', '.join(map(str, shown))}. Use frame_index={near}."
        )
    stop = first + frames
    if stop > total:
        raise SettingError(
            f"{frames} frames from frame_index={index} end after the last of {total} frames. "
            f"Give {total - first} frames, or ask for num_frames={1 + -(-(stop - 1) // TIME) * TIME}."
        )
    if stop % TIME != 1:
        below, above = (stop - 1) // TIME * TIME + 1, -(-(stop - 1) // TIME) * TIME + 1
        counts = [end - first for end in (below, above) if first < end <= total]
        raise SettingError(
            f"{frames} frames from frame_index={index} end inside a group of four. "
            f"Give {' or '.join(map(str, counts))} frames."
        )
    return first, stop


def _mask(mask: Any, frames: int, h: int, w: int) -> Tensor:
    if mask is None:
        return torch.ones(1, 1, 1, dtype=torch.bool).expand(frames, h, w)
    given = as_mask(mask).clone()
    if given.shape not in ((h, w), (frames, h, w)):
        raise ShapeError(
            f"A mask is ({h}, {w}) or ({frames}, {h}, {w}) here; this one is {tuple(given.shape)}. Scale it to {h}×{w}."
        )
    return given.expand(frames, h, w)
