"""A pipeline that is watched: each pass of its networks asks whether to stop, and tells how far it is.

It is the same pipeline on the same weights, so every verb works on it as it stands; nothing below needs to know.
"""

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from minisora.diffusion import Step
from minisora.pipeline import Clips, Sampling, TextToVideoPipeline, UnknownWordsWarning
from minisora.world.layout_code import layout_frames
from minisora.world.layout_picture import draw_layout

__all__ = ["Progress", "StopAsked", "Watched"]

LAYOUT_COST = 0.2  # of a step on a layout, in steps on pixels
PREVIEW_SHARE = 0.5  # of the time so far that previews may have taken


class StopAsked(Exception):
    """Raised inside a generation to end it."""


@dataclass(frozen=True)
class Progress:
    """How far a clip is.

    Attributes:
        stage: "layout" while it is planned where everything is, "pixels" while they are drawn, "file" while one is
            written.
        done, total: steps of this stage; frames of a file.
        share: of all the work, 0…1.
        seconds_left: a guess from the time so far; None before there is anything to guess from.
        frames: uint8 (b, f, h, w, 3), what the network believes so far; None where it was not worth the time.
        call: which call of the pipeline this is, from 0.
    """

    stage: str
    done: int
    total: int
    share: float
    seconds_left: float | None
    frames: NDArray[Any] | None = None
    call: int = 0


class Watched(TextToVideoPipeline):
    """A pipeline that can be stopped at every pass of its networks, and shows what it is doing."""

    def __init__(
        self, pipe: TextToVideoPipeline, asked: Callable[[], bool], tell: Callable[[Progress], None], calls: int = 1
    ) -> None:
        """Share the networks of a pipeline.

        Args:
            pipe: whose networks, device and world these are.
            asked: whether to stop; asked at every pass.
            tell: called with each `Progress`, in the thread that generates.
            calls: how often the pipeline will be called until all is done.
        """
        self.__dict__.update(pipe.__dict__)
        self._asked, self._tell, self._calls = asked, tell, calls
        self._called = 0
        self._sampling: Sampling | None = None
        self._planned = 0
        self._started, self._previewing = time.perf_counter(), 0.0

    def __call__(self, *given: Any, callback_on_step_end: Any = None, **named: Any) -> Clips:
        """Make videos as the pipeline does, step by step and watched.

        Args:
            *given: as of `TextToVideoPipeline.__call__`.
            callback_on_step_end: not called; whoever watches is told instead.
            **named: as of `TextToVideoPipeline.__call__`.
        Returns:
            `Clips`.
        Raises:
            StopAsked: somebody wanted it to end.
        """
        sampling = self.stream(*given, **named)
        self._sampling, self._planned = sampling, 0
        for step in sampling:
            self._step(sampling, step)
        self._called += 1
        return sampling.result()

    def stream(self, *given: Any, **named: Any) -> Sampling:
        """The same as a loop; unknown words are shown where they were typed, so that nothing warns of them here.

        Args:
            *given, **named: as of `TextToVideoPipeline.stream`.
        Returns:
            A loop over steps.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnknownWordsWarning)
            return super().stream(*given, **named)

    def network(self, *given: Any, **named: Any) -> Tensor:
        """A pass on pixels, unless somebody wants to stop.

        Args:
            *given, **named: as of `TextToVideoPipeline.network`.
        Returns:
            Clean latents.
        """
        self._check()
        return super().network(*given, **named)

    def layout_network(self, noisy: Tensor, *given: Any, **named: Any) -> Tensor:
        """A pass on the layout, unless somebody wants to stop; it is shown as rings.

        Args:
            noisy: (b, z, 4, k).
            *given, **named: as of `TextToVideoPipeline.layout_network`.
        Returns:
            A clean layout.
        """
        self._check()
        answer = super().layout_network(noisy, *given, **named)
        if self._sampling is not None:
            self._planned += 1
            self._say("layout", self._planned, lambda: self._rings(answer))
        return answer

    def report(self, stage: str, done: int, total: int) -> None:
        """For work that is no pass of a network: tell how far it is, unless somebody wants to stop.

        Args:
            stage, done, total: as of `Progress`.
        Raises:
            StopAsked: somebody wanted it to end.
        """
        self._check()
        self._tell(Progress(stage, done, total, done / total, None))

    # --- what is told ---------------------------------------------------------------------------------------------

    def _check(self) -> None:
        if self._asked():
            raise StopAsked

    def _step(self, sampling: Sampling, step: Step) -> None:
        self._check()
        if step.index + 1 < sampling.total:  # the last step's guess is the clip
            self._say("pixels", step.index + 1, lambda: sampling.preview(step).numpy())

    def _say(self, stage: str, done: int, picture: Callable[[], NDArray[Any]]) -> None:
        sampling = self._sampling
        assert sampling is not None  # noqa: S101 - for the type checker
        settings = sampling.order.settings
        plans = settings.layout_steps * len(sampling.windows)
        work = LAYOUT_COST * min(self._planned, plans) + sampling.done
        share = (self._called + work / (LAYOUT_COST * plans + sampling.total)) / max(self._calls, self._called + 1)
        now = time.perf_counter()
        spent = now - self._started
        frames = None
        if self._previewing <= PREVIEW_SHARE * spent:
            frames = picture()
            self._previewing += time.perf_counter() - now
        left = spent * (1 - share) / share if share > 0 and spent > 0.5 else None
        total = sampling.total if stage == "pixels" else plans
        self._tell(Progress(stage, min(done, total), total, share, left, frames, self._called))

    def _rings(self, answer: Tensor) -> NDArray[Any]:
        """A guess of the layout as pictures; with guidance, the first half of the rows is the one with words."""
        sampling = self._sampling
        assert sampling is not None  # noqa: S101 - for the type checker
        order = sampling.order
        rows = layout_frames(answer[: len(order.prompts)].cpu())  # (b, f, 4, j)
        height, width = order.settings.height, order.settings.width
        return torch.stack([draw_layout(frames, height, width) for frames in rows]).numpy()
