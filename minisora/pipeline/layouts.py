"""Layouts that are given instead of drawn: read off a video, or kept from a clip while its looks change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self

import torch
from torch import Tensor

from minisora.diffusion import LAYOUT_TIME_SHIFT, Known, denoise, full_sequence, guided, hold_context, last_clean
from minisora.errors import SettingError, ShapeError
from minisora.models.autoencoder import TIME
from minisora.models.transformer import Noisy
from minisora.pipeline.settling import settle
from minisora.world.layout_code import layout_frames

if TYPE_CHECKING:
    from minisora.models.text_encoder import TextStates
    from minisora.pipeline.pipeline import TextToVideoPipeline
    from minisora.pipeline.settings import Settings

__all__ = ["KeptLayout", "draw_layout", "read_layout"]

LAYOUT_GUIDED = 0.6  # from here on the words decide who is where; below, guidance would only exaggerate speeds


@dataclass(frozen=True)
class KeptLayout:
    """The part of a layout that is given; the rest is drawn from the words.

    Args:
        frames: (b, f, 4, j) or (1, f, 4, j), see `minisora.world.layout`.
        where: bool (4, j), the numbers that are given, see `minisora.world.layout.layout_columns`; or (f, 4, j), where
            they differ from frame to frame. Frames of which all is given are gone on from, or led up to.
    Raises:
        ShapeError: the two do not fit.
    """

    frames: Tensor
    where: Tensor

    def __post_init__(self) -> None:
        """Check the axes."""
        if self.frames.ndim != 4 or self.where.shape not in (self.frames.shape[2:], self.frames.shape[1:]):
            raise ShapeError(
                f"A layout is (b, f, 4, j) with flags (4, j) or (f, 4, j); these are {tuple(self.frames.shape)} and "
                f"{tuple(self.where.shape)}."
            )

    @classmethod
    def beginning(cls, frames: Tensor, num_frames: int) -> Self:
        """The layout of the first frames of a clip, to be gone on from.

        Args:
            frames: (b, m, 4, j).
            num_frames: of the clip.
        """
        return cls.of_parts([(0, frames)], num_frames)

    @classmethod
    def of_parts(cls, parts: Sequence[tuple[int, Tensor]], num_frames: int) -> Self:
        """The layouts of some stretches of a clip; what lies between them is to be drawn.

        Args:
            parts: the first frame of each, and its layout (b, m, 4, j).
            num_frames: of the clip.
        """
        _, frames = parts[0]
        b, _, *rows = frames.shape
        whole, where = frames.new_zeros(b, num_frames, *rows), torch.zeros(num_frames, *rows, dtype=torch.bool)
        for first, frames in parts:
            whole[:, first : first + frames.shape[1]] = frames
            where[first : first + frames.shape[1]] = True
        return cls(whole, where)

    @property
    def flags(self) -> Tensor:
        """bool (f, 4, j), the numbers that are given in each frame."""
        return self.where.expand(self.frames.shape[1:])

    @property
    def whole(self) -> Tensor:
        """bool (f,), frames of which all is given."""
        return self.flags.flatten(1).all(dim=1)

    @property
    def begun(self) -> int:
        """How many frames at the start are given whole."""
        return int(self.whole.long().cumprod(dim=0).sum())

    def check(self, settings: "Settings") -> None:
        """Refuse a call that this layout does not fit.

        Args:
            settings: of the call.
        Raises:
            SettingError: the network draws no layouts, or this one is too short.
        """
        if not settings.layout_steps:
            raise SettingError("This network draws no layouts, so that none can be given. Use layout=None.")
        if settings.num_frames > self.frames.shape[1]:
            raise SettingError(
                f"The given layout has {self.frames.shape[1]} frames, the video {settings.num_frames}. "
                f"Use num_frames={self.frames.shape[1]}."
            )

    def put(self, drawn: Tensor, first: int, stop: int) -> Tensor:
        """Put what is given in the place of what was drawn.

        Args:
            drawn: (b, stop - first, 4, j), a window of the video.
            first, stop: which frames these are.
        Returns:
            The same shape.
        """
        return torch.where(self.flags[first:stop].to(drawn.device), self.frames[:, first:stop].to(drawn), drawn)


def draw_layout(
    pipe: "TextToVideoPipeline",
    settings: "Settings",
    words: tuple["TextStates", "TextStates"],
    fps: Tensor,
    noise: Tensor,
    video: Noisy | None = None,
    given: Known | None = None,
) -> Tensor:
    """A layout from noise, the words, and what is known.

    Args:
        pipe: its network draws.
        settings: steps, guidance, and the form of the frame.
        words: what to draw, and what to move away from, of b clips.
        fps: (b,).
        noise: (b, z, 4, k).
        video: latents (b, z, lh, lw, c) of which something is known, and their times; None for none.
        given: latent frames of the layout itself that are known.
    Returns:
        (b, f, 4, j), its frames.
    """
    seen, seen_time = (None, None) if video is None else video
    plan = _plan(settings, reads=video is not None)
    denoiser = guided(
        pipe.layout_network, *words, plan.guidance,
        fps=fps, video=seen, video_time=seen_time, above=LAYOUT_GUIDED,
        aspect=torch.full_like(fps, settings.width / settings.height),
    )  # fmt: skip
    schedule = full_sequence(plan.steps, noise.shape[1], LAYOUT_TIME_SHIFT)
    if given is not None:
        schedule = hold_context(schedule, given.where.flatten())
    return layout_frames(last_clean(denoise(denoiser, noise, schedule, plan.method, given)))


class _Plan(NamedTuple):
    """How a layout is drawn."""

    steps: int
    method: str
    guidance: float | None


def _plan(settings: "Settings", reads: bool) -> _Plan:
    """Long steps have guidance in them already, but they were learned without pixels beside the layout."""
    if settings.layout_method != "stride":
        return _Plan(settings.layout_steps, settings.layout_method, settings.layout_guidance)
    if reads:
        return _Plan(settings.read_steps, "euler", settings.layout_guidance)
    return _Plan(settings.layout_steps, "stride", None)


@torch.inference_mode()
def read_layout(
    pipe: "TextToVideoPipeline", clip: Tensor, prompt: str, settings: "Settings", seed: int = 0, named: bool = False
) -> Tensor | None:
    """Where everything is in a video, as the network sees it: a layout drawn beside pixels without noise.

    Args:
        pipe: its network reads.
        clip: uint8 (f, h, w, 3), f = 1 + 4k.
        prompt: the words, which say in which order the actors stand.
        settings: steps, guidance, window and rate.
        seed: of the noise that the layout is drawn from.
        named: whether the words say what is seen, so that its turns can be settled, too.
    Returns:
        (1, f, 4, j), or None for a network that draws no layouts.
    """
    if not settings.layout_steps:
        return None
    generator = torch.Generator().manual_seed(seed)
    words, none = pipe.states([prompt]), pipe.states([""])
    last = settings.window_frames - 1  # a window's last frame is the next one's first
    pieces = [
        _read_window(pipe, clip[first : first + last + 1], words, none, settings, generator, named)
        for first in range(0, max(len(clip) - 1, 1), last)
    ]
    return torch.cat([pieces[0], *(piece[:, 1:] for piece in pieces[1:])], dim=1)


def _read_window(
    pipe: "TextToVideoPipeline",
    clip: Tensor,
    words: "TextStates",
    none: "TextStates",
    settings: "Settings",
    generator: torch.Generator,
    named: bool,
) -> Tensor:
    """The layout (1, f, 4, j) of at most a window."""
    z, config = 1 + (len(clip) - 1) // TIME, pipe.parts.denoiser.config
    noise = torch.randn(1, z, config.layout_rows, config.layout_channels, generator=generator).to(pipe.device)
    fps, latents = torch.full((1,), settings.fps, device=pipe.device), pipe.encode(clip[None])
    video = Noisy(latents, torch.zeros(1, z, device=pipe.device))
    frames = draw_layout(pipe, settings, (words, none), fps, noise, video)
    pixel_noise = torch.randn(latents.shape[1:], generator=generator).to(pipe.device)
    whole = torch.ones(z, dtype=torch.bool)
    return settle(pipe.painter(words, fps, 0), latents[0], whole, frames[0], pixel_noise, named)[None]
