"""The steps of a sampling as pictures: the noisy latent, the clean video that is guessed, the velocity."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from minisora.models.autoencoder import TIME
from minisora.pipeline import Sampling

__all__ = ["RANGE", "Moment", "latent_picture", "moments_of"]

RANGE = 3.0  # latents are standardised: what lies farther out is shown as if it lay here
SHOWN = 3  # channels, as red, green and blue


@dataclass(frozen=True)
class Moment:
    """One step.

    Attributes:
        index: of the step, from 0.
        time: noise that is left after it, from below 1 down to 0.
        noisy: uint8 (f, lh, lw, 3), the latents after it, their first three channels; grey is 0.
        velocity: the same of the velocity along which it went.
        clean: uint8 (f, h, w, 3), decoded.
    """

    index: int
    time: float
    noisy: NDArray[np.uint8]
    clean: NDArray[np.uint8]
    velocity: NDArray[np.uint8]


def moments_of(sampling: Sampling) -> Iterator[Moment]:
    """Go through a sampling and keep a picture of each step.

    Args:
        sampling: of one clip, from `pipe.stream(…)`.
    Yields:
        A moment for each step.
    """
    for step in sampling:
        clean = sampling.preview(step)[0].numpy()
        frames = len(clean)
        yield Moment(
            step.index,
            float(step.time.max()),
            latent_picture(step.noisy[0], frames),
            clean,
            latent_picture(step.velocity[0], frames),
        )


def latent_picture(latents: Tensor, frames: int) -> NDArray[np.uint8]:
    """Three channels of latents as colours.

    Args:
        latents: (z, lh, lw, c), standardised, or changes of such.
        frames: f, of the video: the first latent frame stands for one, each later one for four.
    Returns:
        uint8 (f, lh, lw, 3): 128 is 0, 0 and 255 are -3 and 3.
    """
    channels = latents[..., :SHOWN].float().cpu()
    colours = ((channels / RANGE + 1) * 127.5).round().clamp(0, 255).numpy().astype(np.uint8)
    if colours.shape[-1] < SHOWN:
        colours = np.pad(colours, [(0, 0)] * 3 + [(0, SHOWN - colours.shape[-1])], constant_values=128)
    places = [0, *(1 + k // TIME for k in range(frames - 1))]
    picture: Any = colours[places]
    return np.ascontiguousarray(picture)
