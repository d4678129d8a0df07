"""The making of clips as one loop over steps: stopping, progress, previews and streaming are all a `for` over it.

Each window is drawn twice: first its layout (where everything is), then its pixels along the layout.

A clip longer than the network's window is made window after window; the end of what is there is the clean context of
the next one. Everything known, given frames as well as frames made so far, lies on one canvas of pixels. Who takes the
frames as they are finished (`Sampling.take`) lets the canvas forget them, and makes hours in the memory of a window.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import torch
from torch import Tensor

from minisora.diffusion import Known, Step, denoise, guided, interpolate
from minisora.errors import SettingError
from minisora.models.autoencoder import TIME
from minisora.models.transformer import Noisy
from minisora.pipeline.canvas import Canvas
from minisora.pipeline.clips import Clips, clip_files
from minisora.pipeline.layouts import KeptLayout, draw_layout
from minisora.pipeline.planning import best_plan
from minisora.pipeline.prompts import Segment
from minisora.pipeline.settings import Settings
from minisora.pipeline.settling import settle
from minisora.pipeline.windows import Window, plan_windows
from minisora.world.layout import layout_columns
from minisora.world.layout_code import layout_groups, led_up_to, meet

if TYPE_CHECKING:
    from minisora.models.text_encoder import TextStates
    from minisora.pipeline.pipeline import TextToVideoPipeline

__all__ = ["Order", "Sampling"]

WINDOW_STRIDE, LARGEST_SEED = 1_000_003, 2**63


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

    def until(self, frames: int) -> Self:
        """The same order for the beginning of its video.

        Args:
            frames: how many of its frames.
        Returns:
            An order whose settings and sentences end there.
        """
        starts = [0, *(segment.stop for segment in self.segments)]
        begun = [segment for start, segment in zip(starts, self.segments, strict=False) if start < frames]
        segments = tuple(replace(segment, stop=min(segment.stop, frames)) for segment in begun)
        return replace(self, segments=segments, settings=replace(self.settings, num_frames=frames))


class Sampling:
    """Clips in the making; a loop over it yields one `Step` after another, and `result()` gives the clips.

        sampling = pipe.stream("a red star spinning", num_frames=481, seed=0)
        for step in sampling:
            show(sampling.take())  # frames that are finished since the last time, often none

    Leaving the loop early is how generation is stopped. Frames are handed over once: either piece by piece by `take()`,
    or all at once by `result()`.

    Attributes:
        ready: frames before this one are finished: from the last step of a window on, those of the window.
        taken: frames before this one were handed over by `take()`.
        layout: (b, f, 4, j), the layout of the frames made so far, see `minisora.world.layout`; None before the first
            step, and for a network that draws none. It is kept whole: a quarter of a kilobyte a frame.
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
        self.done, self.taken, self.ready = 0, 0, self.windows[0].have
        self._needed = self.windows[0].first  # no window that is left looks at a frame before this one
        self.layout: Tensor | None = None
        self._planned = 0 if order.layout is None else min(order.layout.begun, order.settings.num_frames)

    def __len__(self) -> int:
        """All steps, of all windows."""
        return self.total

    def __iter__(self) -> Iterator[Step]:
        """The steps that are left."""
        return self._steps

    def take(self) -> Tensor:
        """Hand over the frames that are finished and were not handed over yet, and forget what is no longer needed.

        Returns:
            uint8 (b, n, h, w, 3), on the CPU; n is 0 where nothing new is finished. All pieces together are the frames
            that `result()` would have given, given ones among them; after the last step nothing is missing.
        """
        frames = self.order.canvas.pixels(self.taken, self.ready)
        self.taken = self.ready
        self.order.canvas.forget(min(self.taken, self._needed))
        return frames

    def result(self) -> Clips:
        """Take the steps that are left, and hand over the clips.

        Returns:
            The clips.
        Raises:
            SettingError: frames were taken piece by piece, and are here no more.
        """
        self._check_untaken("result")
        for _ in self._steps:
            pass
        return self._clips(self.order.settings.num_frames)

    def so_far(self) -> Clips | None:
        """What a loop that was left early has finished: whole windows.

        Returns:
            The same clips as with fewer `num_frames`, or None where nothing is finished.
        Raises:
            SettingError: as of `result`.
        """
        self._check_untaken("so_far")
        return self._clips(self.ready) if self.ready else None

    def as_clips(self, frames: Tensor) -> Clips:
        """Frames from the first one on as clips that can be graded and saved.

        Args:
            frames: uint8 (b, n, h, w, 3), the first n frames of the video, as `take()` gave them.
        Returns:
            The same clips as with `num_frames=n`.
        """
        count = frames.shape[1]
        order = self.order.until(count)
        return Clips(
            frames=frames,
            prompts=order.prompts,
            segments=order.segments,
            seeds=order.seeds,
            settings=order.settings,
            world=self.pipe.world,
            record=order.record,
            unknown=order.unknown,
            layout=None if self.layout is None else self.layout[:, :count].cpu().clone(),
        )

    def save(
        self,
        path: str | PathLike[str],
        scale: int = 1,
        overwrite: bool = False,
        mark: bool = True,
        visible_mark: bool = False,
    ) -> list[Path]:
        """Take the steps that are left, and write each clip as it is made, in memory that does not grow.

        Args:
            path: ends in .mp4, .webm or .gif; of several clips each gets its number before the ending.
            scale: whole factor of pixel-crisp enlargement.
            overwrite: replace files that are there.
            mark, visible_mark: as of `Clips.save`.
        Returns:
            The clips' files; beside each lies a JSON that reproduces it, as of `Clips.save`.
        Raises:
            OutputError: a file is there already, or cannot be written.
            SettingError: frames were taken before.
            KeyboardInterrupt: Ctrl-C came; the files hold what was finished by then, and the message says how much.
        """
        from minisora.pipeline.streaming import write_as_made

        files = clip_files(path, len(self.order.seeds), overwrite)
        write_as_made(self, files, scale, mark=mark, visible_mark=visible_mark)
        return files

    def length(self, frames: int) -> str:
        """How much of the video some frames are, in words: "2.0 of 60.0 seconds".

        Args:
            frames: how many, at least 1.
        """
        settings = self.order.settings
        return f"{(frames - 1) / settings.fps:.1f} of {(settings.num_frames - 1) / settings.fps:.1f} seconds"

    def _clips(self, frames: int) -> Clips:
        """The first frames."""
        return self.as_clips(self.order.canvas.pixels(0, frames))

    def _check_untaken(self, name: str) -> None:
        if self.taken:
            raise SettingError(
                f"{self.taken} frames were taken already, so that {name}() can't give them again. Put together what "
                f"take() gave, or call {name}() without it."
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
        for window, following in zip_longest(self.windows, self.windows[1:]):
            for number, step in enumerate(self._window_steps(window), start=1):
                if number == len(window.schedule) - 1:  # before it is yielded: who looks at it may take the frames
                    self._write(window, step.clean)
                    self._go_on(following)
                self.done += 1
                yield replace(step, index=self.done - 1)

    def _go_on(self, following: Window | None) -> None:
        """Note what is finished, and from where on the next window looks; None after the last one."""
        total = self.order.settings.num_frames
        self.ready, self._needed = (total, total) if following is None else (following.have, following.first)

    def _window_steps(self, window: Window) -> Iterator[Step]:
        pipe, settings = self.pipe, self.order.settings
        seen = self.order.canvas.part(window.first, window.stop)
        noise = self._draw_noise(window)  # (b, z, lh, lw, c)
        known = None
        if bool(seen.kept.any()) or bool(seen.hinted.any()):
            latents = pipe.encode(seen.filled())
            kept = seen.kept_latents()  # (z, lh, lw)
            known = Known(latents, kept[..., None].to(noise.device))
            hint = (seen.hinted & ~kept.all(dim=(1, 2))).to(noise.device).view(-1, 1, 1, 1)
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
        where = self._known_frames(window, have)
        seen, given = None, self._known_layout(self.layout, window, where)
        if kept is None and bool((start < 1).any()):  # beside a given layout, the words alone decide
            seen = Noisy(video if known is None else known.put(video, video, start), start)
        there = self.layout[:, window.first : window.stop]

        def draw(noise: Tensor) -> Tensor:
            drawn = draw_layout(pipe, settings, (texts, negatives), fps, noise, seen, given)
            return drawn if given is None else meet(there, where, drawn)

        frames = best_plan(pipe.world, settings, window.texts, self._seeds_of(window), draw, noise)
        if given is None and seen is not None and known is not None:
            frames = self._settled(frames, known, texts, fps)
        if kept is not None:
            frames = kept.put(frames, window.first, window.stop)
        self.layout[:, have : window.end] = frames[:, have - window.first : window.end - window.first]
        self._planned = max(have, window.end)
        return layout_groups(frames)

    def _seeds_of(self, window: Window) -> list[int]:
        """A seed for each clip, from which further layouts of a window are drawn; its own noise stays what it is."""
        return [(seed * WINDOW_STRIDE + window.first) % LARGEST_SEED for seed in self.order.seeds]

    def _begun_layout(self, batch: int) -> Tensor:
        """The layout of the whole video (b, f, 4, j) before any of it is drawn: frames of which all is given."""
        columns, frames = layout_columns(self.pipe.world)["motion"], self.order.settings.num_frames
        layout = torch.zeros(batch, frames, *columns.shape, device=self.pipe.device)
        if self.order.layout is not None:
            whole = self.order.layout.whole[:frames].to(layout.device)
            layout[:, whole] = self.order.layout.frames[:, :frames].to(layout)[:, whole]
        return layout

    def _known_frames(self, window: Window, have: int) -> Tensor:
        """bool (f,), frames of a window whose layout is there: those before `have`, and those of which all is given."""
        frames = torch.arange(window.first, window.stop)
        kept = self.order.layout
        return (frames < have) | (
            kept.whole[frames] if kept is not None else torch.zeros_like(frames, dtype=torch.bool)
        )

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
    def _known_layout(layout: Tensor, window: Window, where: Tensor) -> Known | None:
        """The layout of a window's known frames (f,), None where there are none; `layout` is that of the video."""
        groups = where.new_ones(3 + len(where))  # the first latent frame holds the first frame alone
        groups[3:], groups[:3] = where, where[0]
        drawn = groups.view(-1, TIME).all(dim=1)  # (z,)
        if not drawn.any():
            return None
        known = layout_groups(led_up_to(layout[:, window.first : window.stop], where))
        return Known(known, drawn.to(known.device).view(-1, 1, 1))

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
        """Put what was made onto the canvas."""
        made = self.pipe.decode(latents)[:, window.have - window.first : window.end - window.first]
        self.order.canvas.put(window.have, made)
