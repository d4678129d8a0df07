"""Verbs that change what is there: edit, inpaint, vary."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from minisora.errors import SettingError
from minisora.pipeline.clips import Clips
from minisora.pipeline.conditions import Condition
from minisora.pipeline.layouts import KeptLayout, read_layout
from minisora.pipeline.verbs.common import Call
from minisora.world.layout import layout_columns
from minisora.world.swapping import Swapped, swap_words

if TYPE_CHECKING:
    from minisora.pipeline.pipeline import Callback, Seed, TextToVideoPipeline

__all__ = ["edit", "inpaint", "vary"]

FROM_WORDS = ("colour", "shape", "background", "texture")  # what an edit takes from its prompt; the rest is the video's
Change = Mapping[str, str | Sequence[str]]


def edit(
    pipe: "TextToVideoPipeline",
    video: Any,
    prompt: str,
    noise_strength: float = 0.9,
    seed: "Seed | None" = None,
    callback_on_step_end: "Callback | None" = None,
) -> Clips:
    """The same video with other words: what moves keeps its paths, looks and ground follow the new prompt.

    The layout is read off the video, its looks are drawn anew from the words, and the pixels go part of the way to
    noise and back.

    Args:
        pipe: the pipeline.
        video: uint8 (f, h, w, 3), or `Clips` of one clip.
        prompt: what is to be seen afterwards.
        noise_strength: above 0, where hardly anything changes, to 1, where nothing of the pixels is left.
        seed: see the pipeline's call.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip of as many frames, 1 + 4k of them.
    Raises:
        SettingError: the strength is out of range.
        ShapeError: the video is no single clip.
    Source: Meng et al. 2021, arXiv 2108.01073 (SDEdit), for the pixels.
    """
    _check_strength(noise_strength)
    make = Call.on("edit", pipe, video, seed, callback_on_step_end, packed=True)
    paths = _read(make, prompt, FROM_WORDS)
    return make(prompt, _hint(make.like, noise_strength), len(make.like), layout=paths)


def vary(
    pipe: "TextToVideoPipeline",
    video: Any,
    n: int | None = None,
    change: Change | None = None,
    prompt: str | None = None,
    noise_strength: float = 0.8,
    seed: "Seed | None" = None,
    callback_on_step_end: "Callback | None" = None,
) -> Clips:
    """Versions of a video: with a word changed and everything else as it was, or the same words drawn anew.

    Args:
        pipe: the pipeline.
        video: `Clips` of one clip, or uint8 (f, h, w, 3).
        n: how many; None is one for each combination of the new words, or 1 without `change`.
        change: what is said otherwise: {"colour": "blue"}, {"colour": ["blue", "green"], "background": "navy"}, or a
            word of the prompt itself, {"red": "blue"}. None keeps the words, and draws each version from another seed.
        prompt: of the video; None takes its own, or reads it off the pixels.
        noise_strength: without `change`, as of `edit`.
        seed: of the first version; None is that of the clip, and without `change` the next ones.
        callback_on_step_end: see the pipeline's call.
    Returns:
        n clips of as many frames.
    Raises:
        SettingError: a number is out of range, or a word to be changed to is unknown.
        PromptError: the prompt does not name what is to be changed.
    """
    if n is not None and n < 1:
        raise SettingError(f"n={n}, but there is at least one version. Use n=1 or more.")
    _check_strength(noise_strength)
    make = Call.on("vary", pipe, video, seed, callback_on_step_end, packed=True)
    text = make.words(video, prompt)
    own = video.seeds[0] if isinstance(video, Clips) else 0
    if not change:
        seeds = _seeds(seed, own + 1, n or 1, step=1)
        return make.many([text] * (n or 1), seeds, _hint(make.like, noise_strength))
    said = _versions(pipe, text, change, n)
    axes = sorted({axis for each in said for axis in each.axes})
    layout = _own_layout(make, video, axes) or _read(make, text, axes)
    return make.many([each.text for each in said], _seeds(seed, own, len(said), step=0), [], layout)


def _versions(pipe: "TextToVideoPipeline", text: str, change: Change, n: int | None) -> list[Swapped]:
    """The sentence in n versions, every combination of the new words in turn."""
    choices = [dict(zip(change, words, strict=True)) for words in product(*map(_several, change.values()))]
    if not choices:
        raise SettingError(f"change={change!r} has no new word. Use {{'colour': 'blue'}}.")
    return [swap_words(pipe.world, text, choices[k % len(choices)]) for k in range(n or len(choices))]


def _seeds(seed: "Seed | None", own: int, n: int, step: int) -> "Seed":
    """One seed for each of n versions: given ones, or counted up by `step` from the first."""
    if seed is not None and not isinstance(seed, int):
        return seed
    return [(own if seed is None else seed) + step * k for k in range(n)]


def inpaint(
    pipe: "TextToVideoPipeline",
    video: Any,
    mask: Any,
    prompt: str,
    seed: "Seed | None" = None,
    callback_on_step_end: "Callback | None" = None,
) -> Clips:
    """The same video, painted anew in one region; paths are those of the video, looks follow the prompt.

    Args:
        pipe: the pipeline.
        video: uint8 (f, h, w, 3), or `Clips` of one clip.
        mask: bool (h, w) or (f, h, w), True where to paint.
        prompt: what is to be seen.
        seed: see the pipeline's call.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip of as many frames, 1 + 4k of them; pixels outside the mask are kept exactly.
    Raises:
        ShapeError: the mask is of another size.
    """
    make = Call.on("inpaint", pipe, video, seed, callback_on_step_end, packed=True)
    paint = torch.as_tensor(mask)
    painted = paint > 0.5 if paint.is_floating_point() else paint.bool()
    paths = _read(make, prompt, FROM_WORDS)
    return make(prompt, [Condition(make.like, mask=~painted)], len(make.like), layout=paths)


# --- helpers ----------------------------------------------------------------------------------------------------------


def _check_strength(noise_strength: float) -> None:
    if not 0 < noise_strength <= 1:
        near = 1.0 if noise_strength > 1 else 0.1
        raise SettingError(
            f"noise_strength={noise_strength}, but it lies above 0, up to 1. Use noise_strength={near:g}."
        )


def _hint(clip: Tensor, noise_strength: float) -> list[Condition]:
    return [Condition(clip, strength=1 - noise_strength)] if noise_strength < 1 else []


def _several(words: str | Sequence[str]) -> Sequence[str]:
    return [words] if isinstance(words, str) else words


def _read(make: Call, prompt: str, changed: Sequence[str]) -> KeptLayout | None:
    """The layout of a video, without what is to change; None for a network that draws none."""
    height, width = make.like.shape[1:3]
    settings = make.pipe.settings(len(make.like), height, width, make.fps)
    seed = make.seed if isinstance(make.seed, int) else 0
    frames = read_layout(make.pipe, make.like, prompt, settings, seed)
    return None if frames is None else KeptLayout(frames, _kept(make.pipe, changed))


def _own_layout(make: Call, video: Any, changed: Sequence[str]) -> KeptLayout | None:
    """The layout that a clip was painted along, without what is to change."""
    drawn = video.layout if isinstance(video, Clips) else None
    return None if drawn is None else KeptLayout(drawn, _kept(make.pipe, changed))


def _kept(pipe: "TextToVideoPipeline", changed: Sequence[str]) -> Tensor:
    """bool (4, j): the numbers of a layout that stay."""
    columns = layout_columns(pipe.world)
    kept = torch.ones_like(columns["colour"])
    for axis in changed:
        kept &= ~columns[axis]
    return kept
