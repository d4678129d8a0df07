"""What all verbs share: taking a video in whatever form it comes, its words, and the pipeline's call at its size."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from torch import Tensor

from minisora.errors import PromptError, SettingError, ShapeError
from minisora.models.autoencoder import TIME
from minisora.pipeline.clips import Clips
from minisora.pipeline.conditions import Condition
from minisora.pipeline.fitting import FittedVideoWarning, fitted_size, say_fitted, scaled
from minisora.pipeline.given import as_clip, finite
from minisora.pipeline.prompts import check_prompts

if TYPE_CHECKING:
    from minisora.pipeline.layouts import KeptLayout
    from minisora.pipeline.pipeline import Callback, Seed, TextToVideoPipeline

__all__ = [
    "Call",
    "FittedVideoWarning",
    "bare_clip",
    "context_length",
    "one_clip",
    "one_sentence",
    "whole_frames",
    "whole_groups",
    "with_frames",
]


def bare_clip(video: Any) -> Tensor:
    """A single clip as it came.

    Args:
        video: uint8 (f, h, w, 3) or (1, f, h, w, 3), array or tensor, or `Clips` of one clip.
    Returns:
        uint8 (f, h, w, 3).
    Raises:
        ShapeError: no video, or several.
    """
    clip = as_clip(video.frames if isinstance(video, Clips) else video)
    if clip.ndim == 4:
        return clip
    if len(clip) != 1:
        raise ShapeError(f"One clip is needed, these are {len(clip)}. Use frames[0] for the first.")
    return clip[0]


def one_clip(pipe: "TextToVideoPipeline", video: Any) -> Tensor:
    """A single clip at a size that the network reads.

    Args:
        pipe: whose network.
        video: see `bare_clip`.
    Returns:
        uint8 (f, h, w, 3); scaled, with a warning, where it is far larger or smaller than the network's own frames, or
        its sides are not whole patches.
    Raises:
        ShapeError: no video, or several.
    """
    clip, own, multiple = bare_clip(video), pipe.settings(), pipe.patch_pixels
    given = (clip.shape[1], clip.shape[2])
    height, width = fitted_size(given, (own.height, own.width), multiple)
    if (height, width) == given:
        return clip
    say_fitted(
        f"The video was fitted from {given[0]}×{given[1]} to {height}×{width} pixels: whole patches of "
        f"{multiple}×{multiple}, near the network's own {own.height}×{own.width}."
    )
    return scaled(clip, height, width)


def whole_groups(clip: Tensor) -> Tensor:
    """A clip that the autoencoder can pack.

    Args:
        clip: uint8 (f, h, w, 3).
    Returns:
        Its first 1 + 4k frames; a warning says where some are left out.
    """
    packed = context_length(len(clip), len(clip))
    if packed < len(clip):
        say_fitted(
            f"The video was fitted from {len(clip)} to its first {packed} frames, one and whole groups of {TIME}."
        )
    return clip[:packed]


def whole_frames(seconds: Any, fps: float, least: int, most: int) -> int:
    """A length in seconds as a number of frames.

    Args:
        seconds: what was given.
        fps: frames per second.
        least, most: frames that may be asked for.
    Returns:
        Their number.
    Raises:
        SettingError: no length, or too short or too long a one; the message names the nearest.
    """
    length = finite("seconds", seconds, near=least / fps)
    frames = round(min(max(length * fps, -1.0), most + 1.0))  # the product may be infinite
    if frames < least:
        shown = "one new frame is" if least == 1 else f"{least} frames are"
        raise SettingError(f"seconds={length:g}, but at least {shown} needed. Use seconds={least / fps:g} or more.")
    if frames > most:
        raise SettingError(f"seconds={length:g} are too many for one call. Use seconds={most / fps:g} or less.")
    return frames


def one_sentence(pipe: "TextToVideoPipeline", prompt: Any) -> str:
    """The words of a verb, checked before any work is done.

    Args:
        pipe: whose text encoder reads them.
        prompt: what was typed.
    Returns:
        The same.
    Raises:
        PromptError: it is no sentence, empty, or too long.
    """
    if not isinstance(prompt, str):
        raise PromptError(f"A verb takes one sentence, this is a {type(prompt).__name__}. Use prompt='a red star'.")
    pipe.check_words([prompt])
    check_prompts([prompt], pipe.parts.text_encoder)
    return prompt


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
        seed: Any,
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
        seed = int(seed) if isinstance(seed, Integral) else seed  # of numpy, too
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
            PromptError: the prompt is no sentence, or none is given and nothing in the video has a name.
        """
        if prompt is not None:
            return one_sentence(self.pipe, prompt)
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
