"""Day, dusk and night: what light does to colours.

Two tints a light: what a place's colours are multiplied with, and a milder one for characters and props, which stand
in front and have to keep their colour's name at night.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from minisora.world.tables import Light, Words

__all__ = ["LIGHTS", "Rgbf", "between", "lit", "tint_of"]

Rgbf = tuple[float, float, float]
HALF_DARK = 0.5  # of dusk


class Tints(NamedTuple):
    """What colours are multiplied with by day, at dusk and at night."""

    day: Rgbf
    dusk: Rgbf
    night: Rgbf


PLACE = Tints((1.0, 1.0, 1.0), (0.92, 0.72, 0.70), (0.30, 0.36, 0.60))
FIGURE = Tints((1.0, 1.0, 1.0), (1.0, 0.87, 0.80), (0.84, 0.87, 0.97))


def between(dark: float, day: Rgbf, dusk: Rgbf, night: Rgbf) -> Rgbf:
    """Three numbers that go from those of day (dark 0) by those of dusk (0.5) to those of night (1)."""
    first, second, share = (day, dusk, 2 * dark) if dark <= HALF_DARK else (dusk, night, 2 * dark - 1)
    red, green, blue = (one + share * (other - one) for one, other in zip(first, second, strict=True))
    return red, green, blue


def tint_of(dark: float) -> Rgbf:
    """What a place's colours are multiplied with, from day (0) by dusk (0.5) to night (1)."""
    return between(dark, *PLACE)


def lit(picture: Tensor, dark: float, glow: Tensor | None = None) -> Tensor:
    """A picture (..., 3), 0…1, in a light; where `glow` (...), 0…1, is 1 it shines by itself and stays as it is."""
    shaded = picture * torch.tensor(tint_of(dark))
    return shaded if glow is None else torch.lerp(shaded, picture, glow[..., None])


def _light(name: str, dark: float, words: Words) -> Light:
    return Light(name, words, between(dark, *FIGURE), dark)


LIGHTS = (
    _light(
        "day",
        0.0,
        Words(
            ("by day", "in daylight"),
            ("in the light of day",),
            ("in broad daylight", "during the day", "daytime", "in the daytime", "it is day", "in bright daylight"),
        ),
    ),
    _light(
        "dusk",
        HALF_DARK,
        Words(
            ("at dusk", "at twilight"),
            ("in the dusk",),
            (
                "in the evening light",
                "in the evening",
                "at sundown",
                "evening",
                "dusk",
                "twilight",
                "it is dusk",
                "in the twilight",
            ),
        ),
    ),
    _light(
        "night",
        1.0,
        Words(
            ("at night", "by night"),
            ("in the night",),
            (
                "in the dark of night",
                "in the dark",
                "after dark",
                "night",
                "nighttime",
                "at nighttime",
                "it is night",
                "at midnight",
            ),
        ),
    ),
)
