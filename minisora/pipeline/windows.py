"""How a video is cut into windows: stretches that the network makes at once, each going on from the one before."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from minisora.diffusion import full_sequence
from minisora.models.autoencoder import TIME
from minisora.pipeline.canvas import Canvas, kept_latents
from minisora.pipeline.prompts import Segment
from minisora.pipeline.settings import Settings

__all__ = ["Window", "make_schedule", "plan_windows"]


@dataclass(frozen=True)
class Window:
    """Frames that are made at once.

    Attributes:
        first, stop: the frames that the network sees, first a multiple of 4.
        have: frames before this one are there already.
        end: frames from `have` to here are kept, the rest is thrown away.
        texts: what is to be seen, one for each clip.
        schedule: (steps + 1, z), the times.
    """

    first: int
    stop: int
    have: int
    end: int
    texts: tuple[str, ...]
    schedule: Tensor


def plan_windows(canvas: Canvas, segments: Sequence[Segment], settings: Settings) -> list[Window]:
    """Cut a video into windows.

    Args:
        canvas: what is known before anything is made.
        segments: sentences and where they end.
        settings: lengths of video, window and context; steps.
    Returns:
        Windows in order; those in which everything is known are left out.
    """
    total = settings.num_frames
    have = _known_prefix(canvas, segments[0].stop, settings)
    windows: list[Window] = []
    cuts = {segment.stop for segment in segments}
    while have < total:
        first, stop = _reach(have, total, settings, cut=have in cuts)
        segment = next(segment for segment in segments if have < segment.stop)
        end = min(stop, segment.stop)
        kept = canvas.kept(first, stop)
        kept[: have - first] = True  # made by then
        whole = kept_latents(kept).all(dim=(1, 2))
        schedule = make_schedule(whole, canvas.start(first, stop), settings, later=bool(windows))
        if windows and torch.equal(schedule, windows[-1].schedule):
            schedule = windows[-1].schedule  # most windows of a long video are alike
        if len(schedule) > 1:
            windows.append(Window(first, stop, have, end, segment.texts, schedule))
        have = end
    return windows


def _reach(have: int, total: int, settings: Settings, cut: bool) -> tuple[int, int]:
    """First frame and end of the window that goes on after `have` frames.

    Where the words change, the window sees the last frame alone: how things moved until then is not how they go on.
    """
    if cut and have:
        return have - 1, min(have - 1 + settings.window_frames, total)
    stop = min(max(have - settings.context_frames, 0) + settings.window_frames, total)
    return max(0, stop - settings.window_frames), stop


def _known_prefix(canvas: Canvas, most: int, settings: Settings) -> int:
    """Frames at the start that are known and need no window: 0 where the whole video is one window anyway."""
    if settings.num_frames <= settings.window_frames:
        return 0
    frames = range(settings.num_frames)
    count = next((frame for frame in frames if not canvas.kept(frame, frame + 1).all()), len(frames))
    return min(1 + (count - 1) // TIME * TIME, most) if count else 0


def make_schedule(whole: Tensor, start: Tensor, settings: Settings, later: bool) -> Tensor:
    """The times of a window: from 1 to 0 where frames are invented, lower where something is known.

    Args:
        whole: bool (z,), latent frames of the window of which all is known.
        start: (z,), the noise that the others start from.
        settings: steps and shift; the noise on context of later windows.
        later: the window continues an earlier one.
    Returns:
        (steps + 1, z); steps in which nothing moves are left out, so one row means that there is nothing to do.
    """
    times = full_sequence(settings.num_inference_steps, len(start), settings.time_shift)
    context = settings.context_time if later else 0.0
    held = torch.where(whole, context, torch.minimum(times, start.double()))
    moves = (held[1:] != held[:-1]).any(dim=1)
    return torch.cat([held[:1], held[1:][moves]])
