"""Verbs that change what is there: edit, inpaint, vary."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle, islice, product
from math import prod
from numbers import Integral
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from minisora.errors import SettingError
from minisora.pipeline.clips import Clips
from minisora.pipeline.conditions import Condition
from minisora.pipeline.fitting import fit_mask
from minisora.pipeline.given import as_mask, finite, whole
from minisora.pipeline.layouts import KeptLayout, read_layout
from minisora.pipeline.verbs.common import Call, bare_clip, one_sentence
from minisora.world.layout import layout_columns
from minisora.world.swapping import Swapped, swap_words

if TYPE_CHECKING:
    from minisora.pipeline.pipeline import Callback, Seed, TextToVideoPipeline

__all__ = ["check_versions", "edit", "inpaint", "vary"]

FROM_WORDS = ("colour", "shape", "background", "texture")  # what an edit takes from its prompt; the rest is the video's
MOST_VERSIONS = 1000
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
    prompt = one_sentence(pipe, prompt)
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
        n: how many, 1 to 1000; None is one for each combination of the new words, or 1 without `change`.
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
    n = None if n is None else check_versions(n)
    new_words = _checked_change(change)
    _check_strength(noise_strength)
    make = Call.on("vary", pipe, video, seed, callback_on_step_end, packed=True)
    text = make.words(video, prompt)
    own = video.seeds[0] if isinstance(video, Clips) else 0
    if not new_words:
        seeds = _seeds(seed, own + 1, n or 1, step=1)
        return make.many([text] * (n or 1), seeds, _hint(make.like, noise_strength))
    said = _versions(pipe, text, new_words, n)
    axes = sorted({axis for each in said for axis in each.axes})
    layout = _own_layout(make, video, axes) or _read(make, text, axes)
    return make.many([each.text for each in said], _seeds(seed, own, len(said), step=0), [], layout)


def _versions(
    pipe: "TextToVideoPipeline", text: str, change: Mapping[str, Sequence[str]], n: int | None
) -> list[Swapped]:
    """The sentence in n versions, every combination of the new words in turn."""
    count = n or check_versions(prod(len(words) for words in change.values()))
    choices = islice(cycle(product(*change.values())), count)
    return [swap_words(pipe.world, text, dict(zip(change, words, strict=True))) for words in choices]


def _seeds(seed: Any, own: int, n: int, step: int) -> Any:
    """One seed for each of n versions: given ones, or counted up by `step` from the first."""
    first = own if seed is None else seed
    if not isinstance(first, Integral):
        return first  # one for each, or what is refused later
    return [int(first) + step * k for k in range(n)]


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
        mask: bool (h, w) or (f, h, w), True where to paint; of the video as it is given, and fitted as it is.
        prompt: what is to be seen.
        seed: see the pipeline's call.
        callback_on_step_end: see the pipeline's call.
    Returns:
        One clip of as many frames, 1 + 4k of them; pixels outside the mask are kept exactly.
    Raises:
        ShapeError: the mask is no mask, or of another size than the video.
        SettingError: it is True nowhere.
    """
    flags, given = as_mask(mask), bare_clip(video).shape[:3]
    make = Call.on("inpaint", pipe, video, seed, callback_on_step_end, packed=True)
    prompt = one_sentence(pipe, prompt)
    painted = fit_mask(flags, given, make.like.shape[:3])
    if not painted.any():
        raise SettingError("The mask is True nowhere, so nothing would be painted. Use mask[16:48, 16:48] = True.")
    paths = _read(make, prompt, FROM_WORDS)
    return make(prompt, [Condition(make.like, mask=~painted)], len(make.like), layout=paths)


# --- helpers ----------------------------------------------------------------------------------------------------------


def check_versions(n: Any) -> int:
    """Refuse a number of versions that cannot be made at once.

    Args:
        n: what was given.
    Returns:
        The number.
    Raises:
        SettingError: it is no whole number from 1 to 1000.
    """
    count = whole("n", n, near=1)
    if not 1 <= count <= MOST_VERSIONS:
        near = MOST_VERSIONS if count > 1 else 1
        raise SettingError(f"n={count}, but from 1 to {MOST_VERSIONS} versions are made at once. Use n={near}.")
    return count


def _checked_change(change: Any) -> dict[str, list[str]]:
    """What is said otherwise, each with its list of new words; nothing for None."""
    given = {} if change is None else change
    if not isinstance(given, Mapping) or not all(isinstance(what, str) for what in given):
        raise SettingError(f"change={change!r} does not say what becomes what. Use change={{'colour': 'blue'}}.")
    words = {what: _several(new) for what, new in given.items()}
    for what, several in words.items():
        if not several or not all(isinstance(word, str) and word.strip() for word in several):
            raise SettingError(f"change={change!r} has no new word for {what!r}. Use change={{{what!r}: 'blue'}}.")
    return words


def _several(words: Any) -> list[Any]:
    return list(words) if isinstance(words, Iterable) and not isinstance(words, str) else [words]


def _check_strength(noise_strength: Any) -> None:
    strength = finite("noise_strength", noise_strength, near=0.5)
    if not 0 < strength <= 1:
        near = 1.0 if strength > 1 else 0.1
        raise SettingError(f"noise_strength={strength:g}, but it lies above 0, up to 1. Use noise_strength={near:g}.")


def _hint(clip: Tensor, noise_strength: float) -> list[Condition]:
    return [Condition(clip, strength=1 - noise_strength)] if noise_strength < 1 else []


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
