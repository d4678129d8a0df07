"""Frames that are given, and where they lie: one canvas of pixels that text to video, extension and edits all fill in.

    frame    0 | 1 2 3 4 | 5 6 7 8 | …          latent frame    0 | 1 | 2 | …

A latent frame is made of a whole group of frames, so a condition covers whole groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from minisora.errors import SettingError, ShapeError
from minisora.models.autoencoder import SPACE, TIME
from minisora.pipeline.settings import Settings

__all__ = ["Canvas", "Condition", "as_clip", "make_canvas"]


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
        SettingError: strength outside 0 … 1, or a mask together with a strength below 1.
    """

    frames: Any
    frame_index: int = 0
    strength: float = 1.0
    mask: Any = None

    def __post_init__(self) -> None:
        """Check what can be checked without the video."""
        if not 0 <= self.strength <= 1:
            near = 1.0 if self.strength > 1 else 0.0
            raise SettingError(f"strength={self.strength}, but it lies from 0 to 1. Use strength={near:g}.")
        if self.mask is not None and self.strength < 1:
            raise SettingError(f"A mask keeps what it covers exactly, so strength={self.strength} must be 1 beside it.")


@dataclass
class Canvas:
    """Everything that is known about the pixels of b clips.

    Attributes:
        pixels: uint8 (b, f, h, w, 3); what it holds where nothing is known is not read.
        kept: bool (f, h, w), known and kept exactly.
        start: (z,), the noise that a latent frame starts from: 1 for one to be invented, 1 - strength for a hint.
    """

    pixels: Tensor
    kept: Tensor
    start: Tensor

    @property
    def hinted(self) -> Tensor:
        """bool (z,), latent frames that start from known pixels, though these are not kept."""
        return self.start < 1

    def part(self, first: int, stop: int) -> "Canvas":
        """A window of the canvas, sharing its memory.

        Args:
            first: first frame, a multiple of 4.
            stop: end, 1 + 4k.
        Returns:
            A canvas of `stop - first` frames.
        """
        groups = self.start[first // TIME : 1 + (stop - 1) // TIME]
        return Canvas(self.pixels[:, first:stop], self.kept[first:stop], groups)

    def kept_latents(self) -> Tensor:
        """bool (z, lh, lw): places of which every pixel of every frame is kept."""
        spread = torch.cat([self.kept[:1].expand(TIME - 1, -1, -1), self.kept])  # the first frame is a group by itself
        f, h, w = spread.shape
        return spread.view(f // TIME, TIME, h // SPACE, SPACE, w // SPACE, SPACE).all(dim=(1, 3, 5))

    def filled(self) -> Tensor:
        """The pixels with gaps in time closed, so that the autoencoder meets no sudden black frame.

        Returns:
            uint8 (b, f, h, w, 3): a frame of which nothing is known repeats the next known one, or the last.
        """
        known = self.kept.any(dim=(1, 2)) | self.frames_hinted()
        if not known.any():
            return self.pixels
        places = known.nonzero()[:, 0]
        after = torch.searchsorted(places, torch.arange(len(known))).clamp(max=len(places) - 1)
        return self.pixels[:, places[after]]

    def frames_hinted(self) -> Tensor:
        """bool (f,): frames whose latent frame is hinted."""
        return self.hinted.repeat_interleave(TIME)[TIME - 1 :]


def make_canvas(conditions: Sequence[Condition], batch: int, settings: Settings) -> Canvas:
    """Lay all conditions onto the frames of a video.

    Args:
        conditions: in order; a later one covers an earlier one.
        batch: b.
        settings: frames, height and width of the video.
    Returns:
        The canvas; nothing is known on it where there is no condition.
    Raises:
        SettingError: frames that do not cover whole groups, or lie outside the video; the nearest legal index is named.
        ShapeError: frames or a mask of another size.
    """
    f, h, w = settings.num_frames, settings.height, settings.width
    canvas = Canvas(
        pixels=torch.zeros(batch, f, h, w, 3, dtype=torch.uint8),
        kept=torch.zeros(f, h, w, dtype=torch.bool),
        start=torch.ones(1 + f // TIME),
    )
    for condition in conditions:
        _lay(canvas, condition)
    return canvas


def _lay(canvas: Canvas, condition: Condition) -> None:
    batch, total, h, w, _ = canvas.pixels.shape
    frames = as_clip(condition.frames)
    if frames.shape[-3:-1] != (h, w):
        raise ShapeError(
            f"The condition is {frames.shape[-3]}×{frames.shape[-2]} pixels, the video {h}×{w}. Scale it to {h}×{w}, "
            f"or ask for height={frames.shape[-3]}, width={frames.shape[-2]}."
        )
    if frames.ndim == 5 and len(frames) != batch:
        raise ShapeError(f"The condition has {len(frames)} clips for {batch} prompts. Give one clip, or {batch}.")
    first, stop = _place(condition.frame_index, frames.shape[-4], total)
    canvas.pixels[:, first:stop] = frames
    groups = slice((first + TIME - 1) // TIME, 1 + (stop + TIME - 2) // TIME)
    if condition.strength < 1:
        canvas.start[groups] = 1 - condition.strength
        canvas.kept[first:stop] = False
    else:
        canvas.start[groups] = 1.0
        canvas.kept[first:stop] = _mask(condition.mask, stop - first, h, w)


def as_clip(frames: Any) -> Tensor:
    """Frames as a tensor.

    Args:
        frames: uint8 (h, w, 3), (f, h, w, 3) or (b, f, h, w, 3), array or tensor.
    Returns:
        uint8 (f, h, w, 3) or (b, f, h, w, 3).
    Raises:
        ShapeError: other axes or another type.
    """
    clip = frames if isinstance(frames, Tensor) else torch.from_numpy(np.array(frames))
    clip = clip.detach().cpu()
    if clip.ndim == 3:
        clip = clip[None]
    if clip.ndim not in (4, 5) or clip.shape[-1] != 3 or clip.dtype != torch.uint8 or 0 in clip.shape:
        raise ShapeError(f"Frames are uint8 (f, h, w, 3) in RGB; these are {clip.dtype} {tuple(clip.shape)}.")
    return clip


def _place(index: int, frames: int, total: int) -> tuple[int, int]:
    """First frame and end of a condition; a single image grows to its whole group."""
    first = index + total if index < 0 else index
    if frames == 1 and 0 < first < total and first % TIME in (0, 1):
        start = first - (first - 1) % TIME  # at the first or the last frame of its group
        return start, start + TIME
    if (first != 0 and first % TIME != 1) or not 0 <= first < total:
        legal = [0, *range(1, total, TIME)]
        near = min(legal, key=lambda start: abs(start - first))
        raise SettingError(
            f"frame_index={index} is not the first frame of a group. Groups of this video start at "
            f"{', '.join(map(str, legal))}. Use frame_index={near}."
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
        return torch.ones(frames, h, w, dtype=torch.bool)
    given = mask if isinstance(mask, Tensor) else torch.from_numpy(np.array(mask))
    given = given.cpu() > 0.5 if given.is_floating_point() else given.cpu().bool()
    if given.shape not in ((h, w), (frames, h, w)):
        raise ShapeError(f"A mask is ({h}, {w}) or ({frames}, {h}, {w}); this one is {tuple(given.shape)}.")
    return given.expand(frames, h, w)
