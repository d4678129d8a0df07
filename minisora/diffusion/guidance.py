"""Classifier-free guidance: go further in the direction in which the words change the guess.

Source: Ho & Salimans 2022, arXiv 2207.12598.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from minisora.diffusion.flow import Predicts, check_predicts, to_clean
from minisora.diffusion.samplers import Denoiser
from minisora.errors import SettingError

if TYPE_CHECKING:
    from minisora.models.text_encoder import TextStates

__all__ = ["guided"]


def guided(
    network: Callable[..., Tensor],
    text: "TextStates",
    null_text: "TextStates | None" = None,
    scale: float | None = None,
    *,
    predicts: Predicts = "clean",
    fps: Tensor | None = None,
    frame_index: Tensor | None = None,
    layout: Tensor | None = None,
    video: Tensor | None = None,
    video_time: Tensor | None = None,
    aspect: Tensor | None = None,
    above: float = 0.0,
) -> Denoiser:
    """A network that has been told what to draw, ready for `denoise`.

    Args:
        network: called as network(noisy, time, text), with the named inputs below where they are given.
        text: the words, of b clips.
        null_text: the words to move away from, of b clips or of 1: those of the empty or the negative prompt.
        scale: 1 follows the words plainly, more exaggerates them; None or 1 is one pass a step, else there are two.
        predicts: what the network guesses.
        fps: (b,), frames per second.
        frame_index: (z,) or (b, z), the place of each latent frame in its clip.
        layout: (b, z, 4, k), along which pixels are drawn.
        video, video_time: (b, z, lh, lw, c) and (b, z), what is known of the pixels while a layout is drawn.
        aspect: (b,), width over height of the frame that a layout is drawn for.
        above: frames below this time follow the words plainly. Guidance in an interval: Kynkäänniemi et al. 2024,
            arXiv 2404.07724.
    Returns:
        A function of noisy latents and times that guesses the clean latents; spans of steps, where they are given as
        a third argument, are handed on to the network.
    Raises:
        SettingError: `scale` is no number, or it has no `null_text` to start from.
    """
    check_predicts(predicts)
    if scale is not None and not math.isfinite(scale):
        raise SettingError(f"scale={scale}, but guidance is a number. Use scale=3.")
    given = {
        "fps": fps, "frame_index": frame_index, "layout": layout, "video": video, "video_time": video_time,
        "aspect": aspect,
    }  # fmt: skip
    inputs = {name: value for name, value in given.items() if value is not None}

    def plain(noisy: Tensor, time: Tensor, span: Tensor | None = None) -> Tensor:
        steps = {} if span is None else {"span": span}
        return to_clean(network(noisy, time, text, **inputs, **steps), noisy, time, predicts)

    if scale is None or scale == 1:
        return plain
    if null_text is None:
        raise SettingError(f"scale={scale:g} needs null_text, the states of the empty prompt. Use scale=None.")
    both = _stack(text, null_text)
    strength = scale
    shared = {"frame_index"} if frame_index is not None and frame_index.ndim == 1 else set()  # by all clips
    twice = {name: value if name in shared else torch.cat([value, value]) for name, value in inputs.items()}

    def guess(noisy: Tensor, time: Tensor, span: Tensor | None = None) -> Tensor:
        """Two passes as one batch, then a step from the second guess through the first and beyond.

        Args:
            noisy: (b, z, lh, lw, c).
            time: (b, z).
            span: (b, z), of long steps; None where they have none.
        Returns:
            (b, z, lh, lw, c), clean latents.
        """
        if bool((time < above).all()):
            return plain(noisy, time, span)
        steps = {} if span is None else {"span": torch.cat([span, span])}
        answer = network(torch.cat([noisy, noisy]), torch.cat([time, time]), both, **twice, **steps)
        with_words, without = answer.to(noisy.dtype).chunk(2)
        scales = torch.where(time < above, 1.0, strength).to(noisy).view(*time.shape, *[1] * (noisy.ndim - time.ndim))
        return to_clean(without + scales * (with_words - without), noisy, time, predicts)

    return guess


def _stack(text: "TextStates", null_text: "TextStates") -> "TextStates":
    """The words of 2b clips: first with, then without.

    Args:
        text: of b clips.
        null_text: of b clips or of 1.
    Returns:
        Of 2b clips.
    """
    states = torch.cat([text.states, null_text.states.expand_as(text.states)])
    return replace(text, states=states, pooled=torch.cat([text.pooled, null_text.pooled.expand_as(text.pooled)]))
