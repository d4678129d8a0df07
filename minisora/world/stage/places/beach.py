"""A beach: sand, a narrow sea whose last wave comes and goes, palm trees."""

import math

import torch
from torch import Tensor

from minisora.world.stage.painting import (
    Layer,
    Painting,
    bell,
    by_light,
    cells,
    chance,
    layer,
    ramp,
    ridge,
    smooth,
)
from minisora.world.stage.places.sky import clouds, sky
from minisora.world.tables import Background, Canvas, Words

SEA_FAR = ((84, 164, 188), (132, 98, 142), (40, 60, 100))
SEA_NEAR = ((138, 206, 206), (214, 154, 158), (62, 86, 122))
FOAM = (246, 248, 240)
WET, SAND, SAND_NEAR, DUNE = (204, 184, 148), (238, 218, 176), (224, 198, 150), (246, 230, 194)
TRUNK, LEAF, LEAF_LIGHT = (142, 110, 82), (74, 134, 92), (104, 160, 104)
HORIZON, SHORE, PALM_SPACING = -0.01, 0.135, 0.95
PALM_TOP = -0.17
SECONDS_A_WAVE = 4.0


def _water(canvas: Canvas, painting: Painting) -> None:
    """The sea from the horizon to the foam."""
    sea, near = layer(canvas, 0.4), layer(canvas, 0.85)
    inks = by_light(canvas.dark, *SEA_FAR), by_light(canvas.dark, *SEA_NEAR)
    painting.lay(ramp(sea.y, (HORIZON, inks[0]), (SHORE, inks[1])), sea.cover(HORIZON - sea.y), 1.0)
    for level, drift in ((0.035, 0.02), (0.075, -0.025)):
        swell = sea.y - level - 0.006 * torch.sin(11 * (sea.x - drift * sea.times) + 40 * level)
        painting.lay(FOAM, 0.3 * bell(swell, 0.011))
    wash = 0.012 * torch.sin(2 * math.pi * near.times / SECONDS_A_WAVE)
    edge = SHORE + wash - ridge(near.x, (0.008, 6.0, 0.0), (0.005, 14.0, 1.0))
    wet = SHORE + 0.03 - ridge(near.x, (0.008, 6.0, 0.3), (0.005, 14.0, 1.3))
    painting.lay(WET, near.cover(edge - near.y))
    painting.lay(SAND, smooth(near.y - wet, -0.008, 0.02))
    painting.lay(FOAM, 0.95 * near.cover((near.y - edge).abs() - 0.011))


def _sand(painting: Painting, near: Layer) -> None:
    """Soft dunes."""
    painting.lay(ramp(near.y, (0.2, SAND), (0.5, SAND_NEAR)), smooth(near.y, 0.17, 0.2))
    for level, pace, phase in ((0.26, 3.1, 0.0), (0.39, 2.3, 2.0)):
        away = near.y - level - ridge(near.x, (0.022, pace, phase))
        painting.lay(DUNE, 0.6 * smooth(away, -0.012, 0.004) * smooth(away, 0.09, 0.0))


def _palms(painting: Painting, row: Layer) -> None:
    """Palm trees on the shore, their leaves moved a little by the wind."""
    cell = cells(row.x, PALM_SPACING, -0.3)
    root = (chance(91, cell.number) - 0.5) * 0.1
    up = (0.2 - row.y) / (0.2 - PALM_TOP)
    lean = 0.07 * up.clamp(0, 1) ** 2
    trunk = torch.maximum((cell.x - root - lean).abs() - 0.015 + 0.004 * up, (up - 0.5).abs() * 0.37 - 0.185)
    painting.lay(TRUNK, row.cover(trunk))
    sway = 0.06 * torch.sin(2 * math.pi * row.times / SECONDS_A_WAVE + 6.28 * chance(92, cell.number))
    x, y = cell.x - root - 0.07, row.y - PALM_TOP
    for turn, ink in ((2.75, LEAF), (0.4, LEAF), (3.5, LEAF_LIGHT), (-0.35, LEAF_LIGHT), (-1.45, LEAF)):
        painting.lay(ink, row.cover(_leaf(x, y, turn + sway)))


def _leaf(x: Tensor, y: Tensor, turn: Tensor) -> Tensor:
    """Signed distance of a leaf from the origin that hangs over at its tip."""
    along = x * torch.cos(turn) + y * torch.sin(turn)
    across = y * torch.cos(turn) - x * torch.sin(turn)
    share = (along / 0.17).clamp(0, 1)
    droop = 0.07 * share**2 * torch.sign(torch.cos(turn))
    half = 0.1 * share * (1 - share) + 0.004
    return torch.maximum(((across - droop).abs() - half) * 0.85, torch.maximum(-along, along - 0.17))


def _paint(canvas: Canvas) -> Tensor:
    painting = sky(canvas, HORIZON)
    clouds(canvas, painting, -0.3)
    _water(canvas, painting)
    near = layer(canvas)
    _sand(painting, near)
    _palms(painting, layer(canvas, 0.9))
    return painting.finished()


BEACH = Background(
    "beach",
    Words(
        ("on a beach", "at the beach"),
        ("on a beach by the sea",),
        ("on the sand", "on the beach", "by the seaside", "on the shore", "on a sandy beach"),
    ),
    (179, 201, 202),
    _paint,
    levels={"ground": (0.22, 0.38), "water": (0.03, 0.09), "air": (-0.36, -0.06)},
    lights=("day", "dusk"),
    weathers=("clear", "rain"),
)
