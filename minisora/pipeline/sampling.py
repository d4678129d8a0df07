"""The making of clips as one loop over steps: stopping, progress, previews and streaming are all a `for` over it.

Each window is drawn twice: first its layout (where everything is), then its pixels along the layout.

A clip longer than the network's window is made window after window; the end of what is there is the clean context of
the next one. Everything known, given frames as well as frames made so far, lies on one canvas of pixels.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from minisora.diffusion import (
    Known,
    Step,
    denoise,
    full_sequence,
    guided,
    interpolate,
)
from minisora.errors import SettingError
from minisora.models.autoencoder import TIME
from minisora.models.transformer import Noisy
from minisora.pipeline.clips import Clips
from minisora.pipeline.conditions import Canvas
from minisora.pipeline.layouts import KeptLayout, draw_layout
from minisora.pipeline.prompts import Segment
from minisora.pipeline.settings import Settings
from minisora.pipeline.settling import settle
from minisora.world.layout import layout_columns
from minisora.world.layout_code import go_on, layout_groups

if TYPE_CHECKING:
    from minisora.models.text_encoder import TextStates
    from minisora.pipeline.pipeline import TextToVideoPipeline

__all__ = ["Order", "Sampling", "Window", "plan_windows"]


@dataclass(frozen=True)
class Order:
    """What is to be made, checked already.

    Attributes:
        prompts: what was typed, one for each of b clips.
        segments: what the network reads, and until which frame.
        negatives: one for each clip; "" moves away from no words at all.
        seeds: one for each clip.
        settings: the numbers.
        canvas: what is known of the pixels.
        record: for the JSON beside a clip.
        unknown: lines about unknown words, for each clip.
        layout: what is given of the layout, None for nothing.
    """

    prompts: tuple[str, ...]
    segments: tuple[Segment, ...]
    negatives: tuple[str, ...]
    seeds: tuple[int, ...]
    settings: Settings
    canvas: Canvas
    record: dict[str, Any]
    unknown: tuple[tuple[str, ...], ...]
    layout: KeptLayout | None = None


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
    known = Canvas(canvas.pixels, canvas.kept.clone(), canvas.start)
    total = settings.num_frames
    have = _known_prefix(known, segments[0].stop, settings)
    windows: list[Window] = []
    cuts = {segment.stop for segment in segments}
    while have < total:
        first, stop = _reach(have, total, settings, cut=have in cuts)
        segment = next(segment for segment in segments if have < segment.stop)
        end = min(stop, segment.stop)
        schedule = make_schedule(known.part(first, stop), settings, later=bool(windows))
        if len(schedule) > 1:
            windows.append(Window(first, stop, have, end, segment.texts, schedule))
        known.kept[have:end] = True
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
    unknown = (~canvas.kept.all(dim=(1, 2))).nonzero()
    count = int(unknown[0]) if len(unknown) else len(canvas.kept)
    return min(1 + (count - 1) // TIME * TIME, most) if count else 0


def make_schedule(canvas: Canvas, settings: Settings, later: bool) -> Tensor:
    """The times of a window: from 1 to 0 where frames are invented, lower where something is known.

    Args:
        canvas: what is known of the window.
        settings: steps and shift; the noise on context of later windows.
        later: the window continues an earlier one.
    Returns:
        (steps + 1, z); steps in which nothing moves are left out, so one row means that there is nothing to do.
    """
    times = full_sequence(settings.num_inference_steps, len(canvas.start), settings.time_shift)
    whole = canvas.kept_latents().all(dim=(1, 2))
    context = settings.context_time if later else 0.0
    held = torch.where(whole, context, torch.minimum(times, canvas.start.double()))
    moves = (held[1:] != held[:-1]).any(dim=1)
    return torch.cat([held[:1], held[1:][moves]])


class Sampling:
    """Clips in the making; a loop over it yields one `Step` after another, and `result()` gives the clips.

    Leaving the loop early is how generation is stopped: nothing has been written anywhere by then.

    Attributes:
        ready: frames before this one are finished.
        layout: (b, f, 4, j), the layout of the frames made so far, see `minisora.world.layout`; None before the first
            step, and for a network that draws none.
    """

    def __init__(self, pipe: "TextToVideoPipeline", order: Order) -> None:
        """Plan, without doing anything yet.

        Args:
            pipe: its networks do the work.
            order: what is to be made.
        Raises:
            SettingError: the conditions cover the whole video.
        """
        self.pipe, self.order = pipe, order
        self.windows = plan_windows(order.canvas, order.segments, order.settings)
        if not self.windows:
            raise SettingError(
                "The conditions cover the whole video, so nothing is left to make. Leave some frames out."
            )
        self.total = sum(len(window.schedule) - 1 for window in self.windows)
        self._noise = [torch.Generator().manual_seed(seed) for seed in order.seeds]
        self._steps = self._run()
        self.done, self.ready = 0, self.windows[0].have
        self.layout: Tensor | None = None
        self._planned = 0 if order.layout is None else min(order.layout.begun, order.settings.num_frames)

    def __len__(self) -> int:
        """All steps, of all windows."""
        return self.total

    def __iter__(self) -> Iterator[Step]:
        """The steps that are left."""
        return self._steps

    def result(self) -> Clips:
        """Take the steps that are left, and hand over the clips.

        Returns:
            The clips.
        """
        for _ in self._steps:
            pass
        return self._clips(self.order.settings.num_frames)

    def so_far(self) -> Clips | None:
        """What a loop that was left early has finished: whole windows.

        Returns:
            The same clips as with fewer `num_frames`, or None where nothing is finished.
        """
        return self._clips(self.ready) if self.ready else None

    def _clips(self, frames: int) -> Clips:
        """The first frames."""
        order = self.order
        starts = [0, *(segment.stop for segment in order.segments)]
        begun = [segment for start, segment in zip(starts, order.segments, strict=False) if start < frames]
        return Clips(
            frames=order.canvas.pixels[:, :frames].clone(),
            prompts=order.prompts,
            segments=tuple(replace(segment, stop=min(segment.stop, frames)) for segment in begun),
            seeds=order.seeds,
            settings=replace(order.settings, num_frames=frames),
            world=self.pipe.world,
            record=order.record,
            unknown=order.unknown,
            layout=None if self.layout is None else self.layout[:, :frames].cpu().clone(),
        )

    def preview(self, step: Step) -> Tensor:
        """What the network believes at a step.

        Args:
            step: one that this loop yielded.
        Returns:
            uint8 (b, f, h, w, 3), the frames of the step's window.
        """
        return self.pipe.decode(step.clean)

    @torch.inference_mode()
    def _run(self) -> Iterator[Step]:
        for window in self.windows:
            step = None
            for step in self._window_steps(window):
                self.done += 1
                yield replace(step, index=self.done - 1)
            if step is not None:
                self._write(window, step.clean)
                self.ready = window.end

    def _window_steps(self, window: Window) -> Iterator[Step]:
        pipe, settings = self.pipe, self.order.settings
        canvas = self.order.canvas.part(window.first, window.stop)
        noise = self._draw_noise(window)  # (b, z, lh, lw, c)
        known = None
        if bool(canvas.kept.any()) or bool(canvas.hinted.any()):
            latents = pipe.encode(canvas.filled())
            kept = canvas.kept_latents()  # (z, lh, lw)
            known = Known(latents, kept[..., None].to(noise.device))
            hint = (canvas.hinted & ~kept.all(dim=(1, 2))).to(noise.device).view(-1, 1, 1, 1)
            start = window.schedule[0].to(noise).expand(len(noise), -1)  # (b, z)
            noise = torch.where(hint, interpolate(latents, noise, start), noise)
        texts, negatives = pipe.states(window.texts), pipe.states(self.order.negatives)
        fps = torch.full((len(noise),), settings.fps, device=noise.device)
        layout = self._draw_layout(window, texts, negatives, fps, noise, known) if settings.layout_steps else None
        denoiser = guided(pipe.network, texts, negatives, settings.guidance_scale, fps=fps, layout=layout)
        return denoise(denoiser, noise, window.schedule, settings.method, known)

    def _draw_layout(
        self,
        window: Window,
        texts: "TextStates",
        negatives: "TextStates",
        fps: Tensor,
        video: Tensor,
        known: Known | None,
    ) -> Tensor:
        """The layout of a window (b, z, 4, k), drawn from the words and from what is known of its pixels."""
        pipe, settings, kept = self.pipe, self.order.settings, self.order.layout
        z, config = video.shape[1], pipe.parts.denoiser.config
        noise = self._randn((z, config.layout_rows, config.layout_channels))
        start = window.schedule[0].to(video).expand(len(video), -1)  # (b, z)
        if self.layout is None:
            self.layout = self._begun_layout(len(video))
        have = min(max(self._planned, window.first), window.stop)  # frames before it have a layout, or none is needed
        if have == window.stop:
            return layout_groups(self.layout[:, window.first : window.stop])
        seen, given = None, self._known_layout(self.layout, window, have)
        if kept is None and bool((start < 1).any()):  # beside a given layout, the words alone decide
            seen = Noisy(video if known is None else known.put(video, video, start), start)
        frames = draw_layout(pipe, settings, (texts, negatives), fps, noise, seen, given)
        if given is not None:
            frames = go_on(self.layout[:, window.first : have], frames)
        elif seen is not None and known is not None:
            frames = self._settled(frames, known, texts, fps)
        if kept is not None:
            frames = kept.put(frames, window.first, window.stop)
        self.layout[:, have : window.end] = frames[:, have - window.first : window.end - window.first]
        self._planned = max(have, window.end)
        return layout_groups(frames)

    def _begun_layout(self, batch: int) -> Tensor:
        """The layout of the whole video (b, f, 4, j) before any of it is drawn: what is given of its beginning."""
        columns, begun = layout_columns(self.pipe.world)["motion"], self._planned
        layout = torch.zeros(batch, self.order.settings.num_frames, *columns.shape, device=self.pipe.device)
        if self.order.layout is not None:
            layout[:, :begun] = self.order.layout.frames[:, :begun].to(layout)
        return layout

    def _settled(self, frames: Tensor, known: Known, texts: "TextStates", fps: Tensor) -> Tensor:
        """A layout (b, f, 4, j) that was read beside given frames, moved onto them."""
        whole = known.where.flatten(1).all(dim=1).cpu()  # (z,)
        if not whole.any():
            return frames
        noise = self._randn(known.latents.shape[1:])
        return torch.stack(
            [
                settle(self.pipe.painter(texts, fps, index), known.latents[index], whole, frames[index], noise[index])
                for index in range(len(frames))
            ]
        )

    @staticmethod
    def _known_layout(layout: Tensor, window: Window, have: int) -> Known | None:
        """The layout of a window's frames before `have`, None where there is none; `layout` is that of the video."""
        if have <= window.first:
            return None
        groups = layout_groups(layout[:, window.first : window.stop])
        drawn = torch.arange(groups.shape[1]) * TIME + window.first < have  # (z,), by its last frame
        return Known(groups, drawn.to(groups.device).view(-1, 1, 1))

    def _draw_noise(self, window: Window) -> Tensor:
        settings = self.order.settings
        return self._randn(
            self.pipe.autoencoder.latent_shape(window.stop - window.first, settings.height, settings.width)
        )

    def _randn(self, shape: Sequence[int]) -> Tensor:
        """Noise (b, *shape), that of a clip from its own seed."""
        drawn = [torch.randn(tuple(shape), generator=generator) for generator in self._noise]
        return torch.stack(drawn).to(self.pipe.device)

    def _write(self, window: Window, latents: Tensor) -> None:
        """Put what was made onto the canvas, but not over what was known."""
        canvas, new = self.order.canvas, slice(window.have, window.end)
        made = self.pipe.decode(latents)[:, window.have - window.first : window.end - window.first]
        kept = canvas.kept[new, ..., None]
        canvas.pixels[:, new] = torch.where(kept, canvas.pixels[:, new], made)
        canvas.kept[new] = True
