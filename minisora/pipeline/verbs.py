"""What else one model can do, because every latent frame has its own noise: all of it is `pipe(…, conditions=…)`.

Each verb takes the pipeline first and is bound to it: `pipe.extend(clip, …)` is `extend(pipe, clip, …)`.
"""

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from minisora.errors import SettingError, ShapeError
from minisora.models.autoencoder import TIME
from minisora.pipeline.clips import Clips
from minisora.pipeline.conditions import Condition, as_clip

if TYPE_CHECKING:
    from minisora.pipeline.pipeline import Callback, Seed, TextToVideoPipeline

__all__ = ["animate", "connect", "edit", "extend", "inpaint", "loop", "storyboard", "vary"]

TIMED = list[tuple[float, str]]


def animate(
    pipe: "TextToVideoPipeline",
    image: Any,
    prompt: str,
    num_frames: int | None = None,
    seed: "Seed | None" = None,
    callback_on_step_end: "Callback | None" = None,
) -> Clips:
    """A video that begins with an image.

    Args:
        pipe: the pipeline.
        image: uint8 (h, w, 3).
        prompt: what is to happen.
        num_frames: of the video.
        seed: see the pipeline's call.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip; its first frame is the image, exactly.
    """
    frame = as_clip(image)[:1]
    return _call(pipe, prompt, frame, [Condition(frame)], num_frames, seed, callback_on_step_end)


def extend(
    pipe: "TextToVideoPipeline",
    video: Any,
    prompt: str,
    num_frames: int = 16,
    backward: bool = False,
    seed: "Seed | None" = None,
    callback_on_step_end: "Callback | None" = None,
) -> Clips:
    """A longer video: new frames after, or before, those that are there.

    Args:
        pipe: the pipeline.
        video: uint8 (f, h, w, 3), or `Clips` of one clip; at least one frame (8 to extend backward).
        prompt: what is to be seen.
        num_frames: how many new frames, any number ≥ 1; many are made window after window.
        backward: put them before the video.
        seed: see the pipeline's call.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip of f + num_frames frames; the old ones are kept exactly.
    Raises:
        SettingError: no new frame is asked for.
        ShapeError: the video is no single clip, or too short.
    """
    clip = _one(video)
    if num_frames < 1:
        raise SettingError(f"num_frames={num_frames} new frames, but at least one is needed. Use num_frames=1 or more.")
    grow = _grow_backward if backward else _grow_forward
    made = grow(pipe, clip, prompt, num_frames, seed, callback_on_step_end)
    new = made.frames[0]
    whole = torch.cat([new[-num_frames:], clip] if backward else [clip, new[:num_frames]])
    return _with_frames(made, whole)


def _grow_forward(pipe: "TextToVideoPipeline", clip: Tensor, prompt: str, new: int, seed: Any, callback: Any) -> Clips:
    """`Clips` whose frames are the new ones only."""
    context = clip[-_context(len(clip), pipe.settings().context_frames) :]
    total = len(context) + -(-new // TIME) * TIME
    made = _call(pipe, prompt, clip, [Condition(context)], total, seed, callback)
    return _with_frames(made, made.frames[0, len(context) :])


def _grow_backward(pipe: "TextToVideoPipeline", clip: Tensor, prompt: str, new: int, seed: Any, callback: Any) -> Clips:
    """`Clips` whose frames are the new ones only; each window ends in the first frames of what is there."""
    window = pipe.settings().window_frames
    tail = min(len(clip), pipe.settings().context_frames - 1) // TIME * TIME
    if tail < TIME:
        raise ShapeError(f"The video has {len(clip)} frames, extending it backward needs at least {TIME}.")
    frames, made, first = clip, None, 0
    while made is None or len(frames) - len(clip) < new:
        end = Condition(frames[:tail], frame_index=window - tail)
        number = seed if first == 0 or not isinstance(seed, int) else seed + first
        made = _call(pipe, prompt, clip, [end], window, number, callback)
        frames = torch.cat([made.frames[0, : window - tail], frames])
        first += 1
    return _with_frames(made, frames[: len(frames) - len(clip)])


def connect(
    pipe: "TextToVideoPipeline",
    first: Any,
    second: Any,
    prompt: str,
    seed: "Seed | None" = None,
    callback_on_step_end: "Callback | None" = None,
) -> Clips:
    """One video out of two, with a passage from the one to the other between them.

    Args:
        pipe: the pipeline.
        first: uint8 (f, h, w, 3), or `Clips` of one clip.
        second: the same, of at least 4 frames.
        prompt: what is to be seen in between.
        seed: see the pipeline's call.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip: the first video, the passage (half a window), the second.
    Raises:
        ShapeError: one of them is no single clip, or too short.
    """
    one, other = _one(first), _one(second)
    between = _between(pipe, one, other, prompt, seed, callback_on_step_end)
    return _with_frames(between, torch.cat([one, between.frames[0], other]))


def loop(
    pipe: "TextToVideoPipeline",
    video: Any,
    prompt: str,
    seed: "Seed | None" = None,
    callback_on_step_end: "Callback | None" = None,
) -> Clips:
    """A video that can be played round and round: a passage leads from its end back to its beginning.

    Args:
        pipe: the pipeline.
        video: uint8 (f, h, w, 3), or `Clips` of one clip; at least 4 frames.
        prompt: what is to be seen.
        seed: see the pipeline's call.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip: the video and the passage.
    Raises:
        ShapeError: it is no single clip, or too short.
    """
    clip = _one(video)
    between = _between(pipe, clip, clip, prompt, seed, callback_on_step_end)
    return _with_frames(between, torch.cat([clip, between.frames[0]]))


def _between(pipe: "TextToVideoPipeline", one: Tensor, other: Tensor, prompt: str, seed: Any, callback: Any) -> Clips:
    """`Clips` whose frames lead from the end of one clip to the beginning of another."""
    if one.shape[1:] != other.shape[1:]:
        raise ShapeError(
            f"The videos are {tuple(one.shape[1:3])} and {tuple(other.shape[1:3])} pixels. Make them equal."
        )
    if len(other) < TIME:
        raise ShapeError(f"The second video has {len(other)} frames, but at least {TIME} are needed.")
    window = pipe.settings().window_frames
    head = _context(len(one), 1 + TIME)
    conditions = [Condition(one[-head:]), Condition(other[:TIME], frame_index=window - TIME)]
    made = _call(pipe, prompt, one, conditions, window, seed, callback)
    return _with_frames(made, made.frames[0, head : window - TIME])


def edit(
    pipe: "TextToVideoPipeline",
    video: Any,
    prompt: str,
    noise_strength: float = 0.7,
    seed: "Seed | None" = None,
    callback_on_step_end: "Callback | None" = None,
) -> Clips:
    """The same video with other words: part of the way to noise, and back with the new prompt.

    Args:
        pipe: the pipeline.
        video: uint8 (f, h, w, 3) with f = 1 + 4k, or `Clips` of one clip.
        prompt: what is to be seen afterwards.
        noise_strength: above 0, where hardly anything changes, to 1, where nothing of the video is left.
        seed: see the pipeline's call.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip of as many frames.
    Raises:
        SettingError: the strength is out of range, or the video is not of 1 + 4k frames.
    Source: Meng et al. 2021, arXiv 2108.01073 (SDEdit).
    """
    if not 0 < noise_strength <= 1:
        near = 1.0 if noise_strength > 1 else 0.1
        raise SettingError(
            f"noise_strength={noise_strength}, but it lies above 0, up to 1. Use noise_strength={near:g}."
        )
    clip = _one(video)
    hint = Condition(clip, strength=1 - noise_strength)
    return _call(pipe, prompt, clip, [hint], len(clip), seed, callback_on_step_end)


def vary(
    pipe: "TextToVideoPipeline",
    clips: Clips,
    noise_strength: float = 0.8,
    seed: "Seed | None" = None,
    callback_on_step_end: "Callback | None" = None,
) -> Clips:
    """Another clip like this one: the same words, part of the way to noise and back with another seed.

    Args:
        pipe: the pipeline.
        clips: of one clip, which knows its prompt.
        noise_strength: as of `edit`.
        seed: see the pipeline's call; None is the clip's own, plus one.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip of as many frames.
    """
    number = clips.seeds[0] + 1 if seed is None else seed
    return edit(pipe, clips, clips.segments[0].texts[0], noise_strength, number, callback_on_step_end)


def inpaint(
    pipe: "TextToVideoPipeline",
    video: Any,
    mask: Any,
    prompt: str,
    seed: "Seed | None" = None,
    callback_on_step_end: "Callback | None" = None,
) -> Clips:
    """The same video, painted anew in one region.

    Args:
        pipe: the pipeline.
        video: uint8 (f, h, w, 3) with f = 1 + 4k, or `Clips` of one clip.
        mask: bool (h, w) or (f, h, w), True where to paint.
        prompt: what is to be seen.
        seed: see the pipeline's call.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip; pixels outside the mask are kept exactly.
    Raises:
        ShapeError: the mask is of another size.
    """
    clip = _one(video)
    paint = torch.as_tensor(mask)
    painted = paint > 0.5 if paint.is_floating_point() else paint.bool()
    return _call(pipe, prompt, clip, [Condition(clip, mask=~painted)], len(clip), seed, callback_on_step_end)


def storyboard(
    pipe: "TextToVideoPipeline",
    board: TIMED,
    num_frames: int | None = None,
    seed: "Seed | None" = None,
    callback_on_step_end: "Callback | None" = None,
) -> Clips:
    """One clip in which the words change.

    Args:
        pipe: the pipeline.
        board: [(0.0, "…"), (2.0, "…")], seconds first; words change between groups of four frames.
        num_frames: of the clip; None ends two seconds after the last change.
        seed: see the pipeline's call.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip.
    """
    settings = pipe.settings()
    if num_frames is None and board:
        num_frames = 1 + TIME * -(-round((board[-1][0] + 2) * settings.fps) // TIME)
    return pipe(board, num_frames=num_frames, seed=seed, callback_on_step_end=callback_on_step_end)


# --- helpers ----------------------------------------------------------------------------------------------------------


def _call(
    pipe: "TextToVideoPipeline",
    prompt: str,
    like: Tensor,
    conditions: list[Condition],
    num_frames: int | None,
    seed: "Seed | None",
    callback: "Callback | None",
) -> Clips:
    """The pipeline's call, at the size of `like` (f, h, w, 3)."""
    height, width = like.shape[1:3]
    return pipe(
        prompt, num_frames=num_frames, height=height, width=width,
        conditions=conditions, seed=seed, callback_on_step_end=callback,
    )  # fmt: skip


def _one(video: Any) -> Tensor:
    """A single clip, uint8 (f, h, w, 3)."""
    clip = as_clip(video.frames if isinstance(video, Clips) else video)
    if clip.ndim == 5:
        if len(clip) != 1:
            raise ShapeError(f"One clip is needed, these are {len(clip)}. Use frames[0] for the first.")
        clip = clip[0]
    return clip


def _context(frames: int, most: int) -> int:
    """How many of the last frames a continuation starts from: 1 + 4k, at most `most`."""
    return 1 + (min(frames, most) - 1) // TIME * TIME


def _with_frames(clips: Clips, frames: Tensor) -> Clips:
    """The same record of other frames (f, h, w, 3)."""
    from dataclasses import replace

    last = replace(clips.segments[-1], stop=len(frames))
    return replace(clips, frames=frames[None].clone(), segments=(*clips.segments[:-1], last), layout=None)
