"""Day, dusk and night: what light does to colours."""

import torch
from torch import Tensor

from minisora.world.tables import Light, Words

__all__ = ["LIGHTS", "lit", "tint_of"]

DAY, DUSK, NIGHT = (1.0, 1.0, 1.0), (1.0, 0.74, 0.62), (0.52, 0.56, 0.76)
HALF_DARK = 0.5  # of dusk


def tint_of(dark: float) -> tuple[float, float, float]:
    """What a colour is multiplied with, from day (0) by dusk (0.5) to night (1)."""
    first, second, share = (DAY, DUSK, 2 * dark) if dark <= HALF_DARK else (DUSK, NIGHT, 2 * dark - 1)
    return tuple(one + share * (other - one) for one, other in zip(first, second, strict=True))  # type: ignore[return-value]


def lit(picture: Tensor, dark: float, glow: Tensor | None = None) -> Tensor:
    """A picture (..., 3), 0…1, in a light; where `glow` (...), 0…1, is 1 it shines by itself and stays as it is."""
    shaded = picture * torch.tensor(tint_of(dark))
    return shaded if glow is None else torch.lerp(shaded, picture, glow[..., None])


def _light(name: str, dark: float, words: Words) -> Light:
    return Light(name, words, tint_of(dark), dark)


LIGHTS = (
    _light("day", 0.0, Words(("by day", "in daylight"), ("in broad daylight",), ("during the day", "daytime"))),
    _light("dusk", HALF_DARK, Words(("at dusk", "at sundown"), ("in the evening light",), ("in the evening",))),
    _light("night", 1.0, Words(("at night", "by night"), ("in the dark of night",), ("in the dark", "after dark"))),
)
