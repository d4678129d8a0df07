"""Fields before a large setting sun."""

import torch

from minisora.world.stage.painting import Painting, bell, cells, chance, layer, ramp, ridge, smooth
from minisora.world.tables import Background, Canvas, Words

# What the sun colours shines by itself; the fields lie in the light of dusk.
SKY = ((-0.52, (84, 72, 138)), (-0.28, (150, 104, 158)), (-0.08, (226, 140, 150)), (0.08, (255, 206, 146)))
SUN, HALO, BAR = (255, 240, 196), (255, 214, 150), (172, 108, 152)
FAR_HILL, HILL = (186, 112, 138), (136, 84, 124)
FIELD, FIELD_NEAR, SHINE = (104, 72, 112), (72, 52, 92), (232, 150, 138)
SUN_X, SUN_Y, SUN_RADIUS = 0.12, -0.01, 0.15
BAR_SPACING, HORIZON = 0.55, 0.08


def _bars(canvas: Canvas, painting: Painting, height: float, seed: int) -> None:
    """Long flat clouds in a row."""
    far = layer(canvas, 0.1)
    cell = cells(far.x, BAR_SPACING, 0.3 * seed)
    place = (chance(seed, cell.number) - 0.5) * 0.1
    half = 0.1 + 0.06 * chance(seed + 1, cell.number)
    middle = height + 0.05 * (chance(seed + 2, cell.number) - 0.5)
    away = torch.hypot((cell.x - place) / half, (far.y - middle) / 0.02) - 1
    painting.lay(BAR, 0.75 * smooth(away, 0.25, -0.25), glow=1.0)


def _paint(canvas: Canvas) -> torch.Tensor:
    painting, air = Painting(canvas), layer(canvas, 0.0)
    painting.lay(ramp(air.y, *SKY), glow=1.0)
    away = torch.hypot(air.x - SUN_X, air.y - SUN_Y)
    painting.lay(HALO, 0.75 * bell(away, 0.27), glow=1.0)
    painting.lay(SUN, air.cover(away - SUN_RADIUS), glow=1.0)
    _bars(canvas, painting, -0.3, 31)
    _bars(canvas, painting, -0.13, 34)
    far, hill, near = (layer(canvas, depth) for depth in (0.2, 0.45, 1.0))
    painting.lay(FAR_HILL, far.cover(HORIZON - 0.03 - ridge(far.x, (0.035, 6.1, 2.4), (0.015, 14.0, 0.0)) - far.y), 1.0)
    painting.lay(HILL, hill.cover(HORIZON + 0.025 - ridge(hill.x, (0.03, 4.3, 0.6), (0.012, 10.1, 1.0)) - hill.y), 1.0)
    edge = 0.155 - ridge(near.x, (0.016, 3.1, 1.0), (0.008, 7.7, 0.0))
    painting.lay(ramp(near.y, (0.14, FIELD), (0.46, FIELD_NEAR)), near.cover(edge - near.y), 1.0)
    rim = bell(near.y - edge - 0.008, 0.016) * smooth(near.y - edge, -0.01, 0.0)
    lit_by_sun = bell(air.x - SUN_X, 0.34)
    painting.lay(SHINE, 0.75 * rim * lit_by_sun, glow=1.0)
    for middle, width in ((0.27, 0.02), (0.38, 0.028)):
        furrow = bell(near.y - middle - ridge(near.x, (0.014, 2.9, 8 * middle)), width)
        painting.lay(SHINE, 0.16 * furrow, glow=1.0)
    return painting.finished()


SUNSET = Background(
    "sunset",
    Words(
        ("in front of a sunset", "at sunset"), ("against the setting sun",), ("before a sunset", "as the sun goes down")
    ),
    (149, 108, 134),
    _paint,
    levels={"ground": (0.2, 0.36), "air": (-0.36, -0.08)},
    lights=("dusk",),
    weathers=("clear",),
)
