"""Verbs that add frames: animate, extend, connect, loop, storyboard."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from minisora.errors import SettingError, ShapeError, nearest_name
from minisora.models.autoencoder import TIME
from minisora.pipeline.clips import Clips
from minisora.pipeline.conditions import Condition
from minisora.pipeline.fitting import at_rate, say_fitted, scaled
from minisora.pipeline.layouts import KeptLayout, read_layout
from minisora.pipeline.prompts import read_board
from minisora.pipeline.settings import most_frames
from minisora.pipeline.verbs.common import (
    Call,
    bare_clip,
    context_length,
    one_clip,
    one_sentence,
    whole_frames,
    with_frames,
)
from minisora.pipeline.verbs.rounds import closed_layout, find_round

if TYPE_CHECKING:
    from minisora.pipeline.pipeline import Callback, Seed, TextToVideoPipeline

__all__ = ["animate", "connect", "extend", "loop", "storyboard"]

DIRECTIONS = ("forward", "backward")
LEAST_READ = 1 + 2 * TIME  # frames of a video from which its layout is read; of fewer, beside what is drawn
HEAD = 1 + TIME  # frames of a first clip from which a passage starts
LOOP_SECONDS = 8.0
AFTER_LAST = 2.0  # seconds that a storyboard goes on after its last change


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
        image: uint8 (h, w, 3); of a video the first frame is taken, with a warning.
        prompt: what is to happen.
        num_frames: of the video, 5 or more.
        seed: see the pipeline's call.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip; its first frame is the image, exactly.
    Raises:
        ShapeError: there is no image, or several clips.
        SettingError: num_frames is out of range.
        PromptError: the prompt is no sentence.
    """
    frames = bare_clip(image)
    if len(frames) > 1:
        say_fitted(f"The image was taken from a video: the first of its {len(frames)} frames.")
    make = Call.on("animate", pipe, frames[:1], seed, callback_on_step_end)
    prompt = one_sentence(pipe, prompt)
    if num_frames == 1:
        raise SettingError(f"num_frames=1 is the image itself. Use num_frames={1 + TIME} or more.")
    return make(prompt, [Condition(make.like)], num_frames)


def extend(
    pipe: "TextToVideoPipeline",
    video: Any,
    seconds: float = 2.0,
    prompt: str | None = None,
    direction: str = "forward",
    seed: "Seed | None" = None,
    callback_on_step_end: "Callback | None" = None,
) -> Clips:
    """A longer video: new frames after, or before, those that are there.

    Args:
        pipe: the pipeline.
        video: uint8 (f, h, w, 3), or `Clips` of one clip; at least one frame (4 to extend backward).
        seconds: how much longer, at least one frame; much is made window after window.
        prompt: what is to be seen; None takes the video's own words, or reads them off its pixels.
        direction: "forward" puts the new frames after the video, "backward" before it.
        seed: see the pipeline's call.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip; the old frames are kept exactly.
    Raises:
        SettingError: no new frame is asked for, or an unknown direction.
        ShapeError: the video is no single clip, or too short.
        PromptError: no prompt is given, and nothing in the video has a name.
    """
    if direction not in DIRECTIONS:
        near = nearest_name(direction, DIRECTIONS)
        raise SettingError(f"direction={direction!r}, but it is {' or '.join(DIRECTIONS)}. Use {near!r}.")
    make = Call.on("extend", pipe, video, seed, callback_on_step_end)
    most = max(most_frames(*make.like.shape[1:3]) - len(make.like) - TIME, 1)
    new, forward = whole_frames(seconds, make.fps, 1, most), direction == "forward"
    words = make.words(video, prompt, last=forward)
    own = _own_layout(video, words, last=forward)
    if forward:
        made = _grow_forward(make, words, new, _read_window(make, words, last=True) if own is None else own)
        longer = with_frames(made, torch.cat([make.like, made.frames[0, :new]]))
        if own is None or made.layout is None:
            return longer
        return replace(longer, layout=torch.cat([own, made.layout[:, :new]], dim=1))
    made = _grow_backward(make, words, new, _read_window(make, words, last=False) if own is None else own)
    return with_frames(made, torch.cat([made.frames[0, -new:], make.like]))


def _own_layout(video: Any, words: str, last: bool) -> Tensor | None:
    """The layout that a clip of ours was painted along, where the words are those of its end, or beginning."""
    if not isinstance(video, Clips) or video.segments[-1 if last else 0].texts[0] != words:
        return None
    return video.layout


def _read_window(make: Call, words: str, last: bool) -> Tensor | None:
    """The layout (1, f, 4, j) of the last, or first, window of a video that is long enough to see how things move.

    A window that is given whole is read ten times as well as the few frames of it that a continuation starts from.
    """
    height, width = make.like.shape[1:3]
    settings = make.pipe.settings(height=height, width=width, fps=make.fps)
    length = context_length(len(make.like), settings.window_frames)
    if length < LEAST_READ:
        return None
    part = make.like[-length:] if last else make.like[:length]
    return read_layout(make.pipe, part, words, settings, named=True)


def _grow_forward(make: Call, prompt: str, new: int, layout: Tensor | None) -> Clips:
    """`Clips` whose frames are the new ones only; the layout (1, f, 4, j) is that of what is there, as far as known."""
    clip = make.like
    context = clip[-context_length(len(clip), make.pipe.settings().context_frames) :]
    total = len(context) + -(-new // TIME) * TIME
    begun = None if layout is None else KeptLayout.beginning(layout[:, -len(context) :], total)
    made = make(prompt, [Condition(context)], total, layout=begun)
    later = None if made.layout is None else made.layout[:, len(context) :]
    return replace(with_frames(made, made.frames[0, len(context) :]), layout=later)


def _grow_backward(make: Call, prompt: str, new: int, layout: Tensor | None) -> Clips:
    """`Clips` whose frames are the new ones only; each window ends in the first frames of what is there."""
    clip, settings = make.like, make.pipe.settings()
    window = settings.window_frames
    tail = min(len(clip), settings.context_frames - 1) // TIME * TIME
    if tail < TIME:
        raise ShapeError(f"The video has {len(clip)} frames, extending it backward needs at least {TIME}.")
    frames = clip
    turns: list[Clips] = []
    while len(frames) - len(clip) < new:
        ends = None if layout is None else KeptLayout.of_parts([(window - tail, layout[:, :tail])], window)
        condition = Condition(frames[:tail], frame_index=window - tail)
        turns.append(make(prompt, [condition], window, len(turns), layout=ends))
        frames, layout = torch.cat([turns[-1].frames[0, : window - tail], frames]), turns[-1].layout
    return with_frames(turns[0], frames[: len(frames) - len(clip)])


def connect(
    pipe: "TextToVideoPipeline",
    first: Any,
    second: Any,
    prompt: str | None = None,
    seed: "Seed | None" = None,
    callback_on_step_end: "Callback | None" = None,
) -> Clips:
    """One video out of two, with a passage from the one to the other between them.

    Args:
        pipe: the pipeline.
        first: uint8 (f, h, w, 3), or `Clips` of one clip.
        second: the same, of at least 4 frames; fitted to the first's rate, and to its size if it has the same form.
        prompt: what is to be seen in between; None takes the first video's words, or reads them off its pixels.
        seed: see the pipeline's call.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip: the first video, the passage (half a window), the second.
    Raises:
        ShapeError: one of them is no single clip, or too short, or they differ in form.
        PromptError: no prompt is given, and nothing in the first video has a name.
    """
    make = Call.on("connect", pipe, first, seed, callback_on_step_end)
    other = _like_the_first(make, second)
    between = _between(make, other, make.words(first, prompt))
    return with_frames(between, torch.cat([make.like, between.frames[0], other]))


def _like_the_first(make: Call, second: Any) -> Tensor:
    """The second clip at the rate of the first, and at its size where it has the same form."""
    other = one_clip(make.pipe, second)
    if isinstance(second, Clips) and second.settings.fps != make.fps:
        say_fitted(f"The second video was fitted from {second.settings.fps:g} to {make.fps:g} frames per second.")
        other = other[at_rate(len(other), second.settings.fps, make.fps)]
    (height, width), given = make.like.shape[1:3], other.shape[1:3]
    if given == (height, width) or height * given[1] != width * given[0]:
        return other
    say_fitted(f"The second video was fitted from {given[0]}×{given[1]} to {height}×{width} pixels, as the first.")
    return scaled(other, height, width)


def loop(
    pipe: "TextToVideoPipeline",
    prompt: str | None = None,
    video: Any = None,
    seconds: float = LOOP_SECONDS,
    seed: "Seed | None" = None,
    callback_on_step_end: "Callback | None" = None,
) -> Clips:
    """A video that can be played round and round.

    A long take is cut where it comes nearest to how it began, and its last second is painted anew along a layout that
    ends exactly where the first one begins.

    Args:
        pipe: the pipeline.
        prompt: what is to be seen; None takes the video's words, or reads them off its pixels.
        video: uint8 (f, h, w, 3) of at least 4 frames, or `Clips` of one clip, which a passage then leads round; None
            makes a take from the prompt.
        seconds: length of that take, within which the round is found.
        seed: see the pipeline's call.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip.
    Raises:
        SettingError: `seconds` is shorter than the network's window.
        ShapeError: the video is no single clip, or too short.
        PromptError: neither a prompt nor a video is given.
    """
    layout, window = None, pipe.settings().window_frames
    if video is None:
        take = _round_take(pipe, one_sentence(pipe, prompt or ""), seconds, seed, callback_on_step_end)
        passage = window - context_length(window, HEAD) - TIME
        end = find_round(take.frames[0], window)
        video = with_frames(take, take.frames[0, : end - passage])
        if take.layout is not None and end < take.layout.shape[1]:
            closed = closed_layout(pipe.world, take.layout[0], end, passage)[-window:]
            layout = KeptLayout(closed[None], torch.ones(closed.shape[1:], dtype=torch.bool))
    make = Call.on("loop", pipe, video, seed, callback_on_step_end)
    between = _between(make, make.like, make.words(video, prompt), layout)
    return with_frames(between, torch.cat([make.like, between.frames[0]]))


def _round_take(pipe: "TextToVideoPipeline", prompt: str, seconds: float, seed: Any, callback: Any) -> Clips:
    """A take from words, long enough to come round."""
    settings = pipe.settings()
    least, most = settings.window_frames - 1, most_frames(settings.height, settings.width) - 1
    frames = whole_frames(seconds, settings.fps, least, most)
    return pipe(prompt, num_frames=1 + frames // TIME * TIME, seed=seed, callback_on_step_end=callback)


def _between(make: Call, other: Tensor, prompt: str, layout: KeptLayout | None = None) -> Clips:
    """`Clips` whose frames lead from the end of one clip to the beginning of another, along a layout if given."""
    one = make.like
    if one.shape[1:] != other.shape[1:]:
        raise ShapeError(
            f"The videos are {one.shape[1]}×{one.shape[2]} and {other.shape[1]}×{other.shape[2]} pixels, two forms. "
            "Make them equal."
        )
    if len(other) < TIME:
        which = "video" if other is one else "second video"
        raise ShapeError(f"The {which} has {len(other)} frames, but at least {TIME} are needed. Extend it first.")
    window = make.pipe.settings().window_frames
    head = context_length(len(one), HEAD)
    conditions = [Condition(one[-head:]), Condition(other[:TIME], frame_index=window - TIME)]
    made = make(prompt, conditions, window, layout=layout)
    return with_frames(made, made.frames[0, head : window - TIME])


def storyboard(
    pipe: "TextToVideoPipeline",
    board: Sequence[tuple[float, str]],
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
    Raises:
        PromptError: no sentence, times that do not rise from 0 or lie too near together, or one after the end.
    """
    timed = read_board(board)
    if num_frames is None:
        num_frames = 1 + TIME * -(-round((timed[-1][0] + AFTER_LAST) * pipe.settings().fps) // TIME)
    return pipe(timed, num_frames=num_frames, seed=seed, callback_on_step_end=callback_on_step_end)
