"""What all verbs share: taking a video in whatever form it comes, its words, and the pipeline's call at its size."""

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from minisora.errors import ShapeError
from minisora.models.autoencoder import TIME
from minisora.pipeline.clips import Clips
from minisora.pipeline.conditions import Condition, as_clip
from minisora.pipeline.settings import pixels_of_a_patch

if TYPE_CHECKING:
    from minisora.pipeline.layouts import KeptLayout
    from minisora.pipeline.pipeline import Callback, Seed, TextToVideoPipeline

__all__ = [
    "Call",
    "FittedVideoWarning",
    "context_length",
    "one_clip",
    "whole_groups",
    "with_frames",
]


class FittedVideoWarning(UserWarning):
    """A given video was scaled or shortened to what the model can work with."""


def one_clip(pipe: "TextToVideoPipeline", video: Any) -> Tensor:
    """A single clip at a size that the network reads.

    Args:
        pipe: whose network.
        video: uint8 (f, h, w, 3) or (1, f, h, w, 3), array or tensor, or `Clips` of one clip.
    Returns:
        uint8 (f, h, w, 3); scaled, with a warning, where its sides are not whole patches.
    Raises:
        ShapeError: no video, or several.
    """
    clip = as_clip(video.frames if isinstance(video, Clips) else video)
    if clip.ndim == 5:
        if len(clip) != 1:
            raise ShapeError(f"One clip is needed, these are {len(clip)}. Use frames[0] for the first.")
        clip = clip[0]
    multiple = pixels_of_a_patch(getattr(getattr(pipe.parts.denoiser, "config", None), "patch", 1))
    height, width = (max(multiple, round(side / multiple) * multiple) for side in clip.shape[1:3])
    if (height, width) == tuple(clip.shape[1:3]):
        return clip
    _say_fitted(
        f"from {clip.shape[1]}×{clip.shape[2]} to {height}×{width} pixels, whole patches of {multiple}×{multiple}"
    )
    return _scaled(clip, height, width)


def _scaled(clip: Tensor, height: int, width: int) -> Tensor:
    planes = clip.permute(0, 3, 1, 2).float()  # (f, 3, h, w)
    scaled = interpolate(planes, size=(height, width), mode="bilinear", antialias=True)
    return scaled.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)


def whole_groups(clip: Tensor) -> Tensor:
    """A clip that the autoencoder can pack.

    Args:
        clip: uint8 (f, h, w, 3).
    Returns:
        Its first 1 + 4k frames; a warning says where some are left out.
    """
    packed = context_length(len(clip), len(clip))
    if packed < len(clip):
        _say_fitted(f"from {len(clip)} to its first {packed} frames, one and whole groups of {TIME}")
    return clip[:packed]


def _say_fitted(how: str) -> None:
    warnings.warn(f"The video was fitted {how}.", FittedVideoWarning, stacklevel=5)


def context_length(frames: int, most: int) -> int:
    """How many frames of a clip a continuation starts from: 1 + 4k, at most `most`.

    Args:
        frames: that there are, at least 1.
        most: that may be used.
    Returns:
        Their number.
    """
    return 1 + (min(frames, most) - 1) // TIME * TIME


@dataclass(frozen=True)
class Call:
    """The pipeline's call for a verb: at the size and rate of a given video.

    Attributes:
        verb: its name, for the record beside the clip.
        pipe: the pipeline.
        like: uint8 (f, h, w, 3), the given video.
        fps: its frames per second.
        seed, callback: see the pipeline's call.
    """

    verb: str
    pipe: "TextToVideoPipeline"
    like: Tensor
    fps: float
    seed: "Seed | None"
    callback: "Callback | None"

    @classmethod
    def on(
        cls,
        verb: str,
        pipe: "TextToVideoPipeline",
        video: Any,
        seed: "Seed | None",
        callback: "Callback | None",
        packed: bool = False,
    ) -> Self:
        """Begin with a video in whatever form it comes.

        Args:
            verb, pipe: see the attributes.
            video: frames, or `Clips` of one clip, which keep their own rate.
            seed, callback: see the attributes.
            packed: whether only whole groups of its frames can be used.
        Returns:
            A call.
        Raises:
            ShapeError: no video, or several.
        """
        clip = one_clip(pipe, video)
        fps = video.settings.fps if isinstance(video, Clips) else pipe.settings().fps
        return cls(verb, pipe, whole_groups(clip) if packed else clip, fps, seed, callback)

    def words(self, video: Any, prompt: str | None, last: bool = True) -> str:
        """The sentence that goes with the video.

        Args:
            video: as it was given; `Clips` know their words.
            prompt: what was typed; None takes the video's own words, or reads them off its pixels.
            last: of a storyboard, the last sentence, else the first.
        Returns:
            A sentence.
        Raises:
            PromptError: no prompt is given, and nothing in the video has a name.
        """
        if prompt is not None:
            return prompt
        if isinstance(video, Clips):
            return video.segments[-1 if last else 0].texts[0]
        return self.pipe.world.caption(self.like, np.random.default_rng(0), self.fps)

    def __call__(
        self,
        prompt: str,
        conditions: Sequence[Condition],
        num_frames: int | None,
        turn: int = 0,
        layout: "KeptLayout | None" = None,
    ) -> Clips:
        """Make one clip, the next turn from the next seed.

        Args:
            prompt: what is to be seen.
            conditions: what it must contain.
            num_frames: its length; None is the checkpoint's own.
            turn: how many calls came before it, so that each has a seed of its own.
            layout: where things must lie; None leaves it to the network.
        Returns:
            One clip.
        """
        seed = self.seed + turn if isinstance(self.seed, int) else self.seed
        return self._make(prompt, num_frames, conditions, seed, layout)

    def many(
        self,
        prompts: Sequence[str],
        seeds: "Seed",
        conditions: Sequence[Condition],
        layout: "KeptLayout | None" = None,
    ) -> Clips:
        """Make several clips as long as the given video.

        Args:
            prompts: n sentences.
            seeds: one for each, or the first.
            conditions: what all must contain.
            layout: where things must lie in all of them; None leaves it to the network.
        Returns:
            n clips.
        """
        return self._make(prompts, len(self.like), conditions, seeds, layout)

    def _make(self, prompt: Any, num_frames: int | None, conditions: Any, seed: Any, layout: Any) -> Clips:
        height, width = self.like.shape[1:3]
        clips = self.pipe(
            prompt, num_frames=num_frames, height=height, width=width, fps=self.fps,
            conditions=conditions, seed=seed, callback_on_step_end=self.callback, layout=layout,
        )  # fmt: skip
        given = hashlib.sha256(self.like.contiguous().numpy().tobytes()).hexdigest()
        return replace(clips, record={**clips.record, "verb": self.verb, "given_sha256": given})


def with_frames(clips: Clips, frames: Tensor) -> Clips:
    """The same record of other frames.

    Args:
        clips: of one clip.
        frames: uint8 (f, h, w, 3).
    Returns:
        Clips without a layout, since nobody drew one for all of these frames.
    """
    last = replace(clips.segments[-1], stop=len(frames))
    return replace(clips, frames=frames[None].clone(), segments=(*clips.segments[:-1], last), layout=None)
