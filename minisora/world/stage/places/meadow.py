"""A meadow under a sky with hills."""

import torch
from torch import Tensor

from minisora.world.stage.light import lit
from minisora.world.tables import Background, Canvas, Words

SKY_HIGH, SKY_LOW, HILL, GRASS, BLADE = (96, 170, 235), (190, 224, 248), (96, 160, 84), (104, 178, 72), (78, 148, 56)
HORIZON = 0.06


def _paint(canvas: Canvas) -> Tensor:
    _, sky_y = canvas.at(0.0)
    hill_x, hill_y = canvas.at(0.4)
    grass_x, grass_y = canvas.at(1.0)
    height = ((sky_y + 0.5) / (HORIZON + 0.5)).clamp(0, 1)[..., None]
    picture = torch.lerp(_rgb(SKY_HIGH), _rgb(SKY_LOW), height)
    crest = HORIZON - 0.08 - 0.05 * torch.sin(5.0 * hill_x) - 0.03 * torch.sin(11.0 * hill_x + 1.0)
    picture = torch.lerp(picture, _rgb(HILL), canvas.cover((crest - hill_y) * 0.9, 0.4)[..., None])
    picture = torch.lerp(picture, _rgb(GRASS), canvas.cover(HORIZON + 0.02 - grass_y)[..., None])
    rows = torch.sin(40.0 * grass_x + 9.0 * torch.sin(60.0 * grass_y)) * torch.sin(70.0 * grass_y)
    blades = ((rows - 0.6) * 4).clamp(0, 1) * canvas.cover(HORIZON + 0.04 - grass_y)
    picture = torch.lerp(picture, _rgb(BLADE), blades[..., None])
    return lit(picture, canvas.dark)


def _rgb(ink: tuple[int, int, int]) -> Tensor:
    return torch.tensor(ink) / 255


MEADOW = Background(
    "meadow",
    Words(("on a meadow", "in a green meadow"), ("on the grass",), ("in a field", "in the grass")),
    (120, 180, 150),
    _paint,
    levels={"ground": (0.2, 0.36), "air": (-0.36, -0.04)},
    lights=("day", "dusk", "night"),
    weathers=("clear", "rain", "fog"),
)
