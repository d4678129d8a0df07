"""Space: stars in two depths, a planet with a ring, a moon."""

import math

import torch
from torch import Tensor

from minisora.world.stage.painting import Layer, Painting, bell, cells, chance, layer, pick, ramp, ridge, smooth
from minisora.world.tables import Background, Canvas, Words

DARK, DARK_LOW, CLOUD, CLOUD_WARM = (14, 14, 38), (22, 18, 52), (66, 44, 104), (104, 56, 96)
STARS = ((255, 250, 236), (206, 220, 255), (255, 226, 196))
PLANET, PLANET_BAND, PLANET_SHADE, RING = (216, 160, 122), (240, 198, 154), (86, 54, 78), (204, 184, 170)
MOON, CRATER, MOON_SHADE = (168, 170, 184), (138, 140, 158), (54, 54, 84)
PLANET_X, PLANET_Y, PLANET_RADIUS = 0.2, -0.19, 0.17
MOON_X, MOON_Y, MOON_RADIUS = -0.3, 0.29, 0.085
APART = 2.2  # from one planet to the next, shorter sides at its depth


def _stars(painting: Painting, row: Layer, spacing: float, radius: float, seed: int) -> None:
    """One star in most cells, each with a slow twinkle of its own."""
    column, line = cells(row.x, spacing), cells(row.y, spacing)

    def share(name: int) -> Tensor:
        return chance(seed + name, column.number, line.number)

    away = torch.hypot(column.x - (share(0) - 0.5) * 0.7 * spacing, line.x - (share(1) - 0.5) * 0.7 * spacing)
    size = radius * (0.75 + 0.5 * share(2))
    twinkle = 0.82 + 0.18 * torch.sin(2.0 * row.times + 2 * math.pi * share(3))
    painting.lay(pick(share(4), *STARS), row.cover(away - size) * twinkle * (share(5) < 0.75))


def _planet(painting: Painting, row: Layer) -> None:
    """A planet lit from the left, with a ring: its far half behind, its near half before."""
    x, y = (cells(row.x, APART, PLANET_X).x) / PLANET_RADIUS, (row.y - PLANET_Y) / PLANET_RADIUS
    along, across = x * 0.94 - y * 0.34, x * 0.34 + y * 0.94
    ring = ((torch.hypot(along, across / 0.28) - 1.48).abs() - 0.17) * PLANET_RADIUS * 0.45
    painting.lay(RING, 0.85 * row.cover(ring) * (across < 0))
    ball = row.cover((torch.hypot(x, y) - 1) * PLANET_RADIUS)
    painting.lay(PLANET, ball)
    for level, width in ((-0.45, 0.14), (0.1, 0.18), (0.6, 0.12)):
        painting.lay(PLANET_BAND, 0.7 * ball * bell(across - level - 0.12 * along**2 * level, width))
    painting.lay(PLANET_SHADE, 0.85 * ball * smooth(torch.hypot(x + 0.5, y + 0.35), 0.85, 1.6))
    painting.lay(RING, 0.85 * row.cover(ring) * (across >= 0))


def _moon(painting: Painting, row: Layer) -> None:
    """A grey moon with craters."""
    x, y = (cells(row.x, APART, MOON_X).x) / MOON_RADIUS, (row.y - MOON_Y) / MOON_RADIUS
    ball = row.cover((torch.hypot(x, y) - 1) * MOON_RADIUS)
    painting.lay(MOON, ball)
    for at_x, at_y, radius in ((-0.35, -0.3, 0.3), (0.3, 0.2, 0.24), (-0.3, 0.5, 0.2)):
        painting.lay(CRATER, row.cover((torch.hypot(x - at_x, y - at_y) - radius) * MOON_RADIUS))
    painting.lay(MOON_SHADE, 0.85 * ball * smooth(torch.hypot(x + 0.5, y + 0.35), 0.85, 1.6))


def _paint(canvas: Canvas) -> Tensor:
    painting, back, middle = Painting(canvas), layer(canvas, 0.08), layer(canvas, 0.2)
    painting.lay(ramp(layer(canvas, 0.0).y, (-0.5, DARK), (0.5, DARK_LOW)))
    band = back.y - 0.12 + 0.5 * ridge(back.x, (0.22, 2.2, 0.4), (0.1, 4.7, 1.0))
    painting.lay(CLOUD, 0.75 * bell(band, 0.2))
    painting.lay(CLOUD_WARM, 0.6 * bell(band + 0.03, 0.09) * (0.55 + 0.45 * torch.sin(3.0 * back.x + 1.0)))
    _stars(painting, back, 0.125, 0.0085, 121)
    _stars(painting, middle, 0.29, 0.0135, 131)
    _planet(painting, back)
    _moon(painting, middle)
    return painting.finished()


SPACE = Background(
    "space",
    Words(
        ("in space", "in outer space"),
        ("out in space",),
        ("among the stars", "between the stars", "in the cosmos", "in the universe"),
    ),
    (56, 43, 72),
    _paint,
    levels={"air": (-0.36, 0.36)},
)
