"""A forest: trunks in the mist behind one another, leaves above, a path below."""

import torch

from minisora.world.stage.painting import Layer, Painting, bell, by_light, cells, chance, layer, ramp, ridge, smooth
from minisora.world.tables import Background, Canvas, Rgb, Words

MIST = ((206, 224, 190), (226, 178, 152), (62, 80, 100))
HIGH = ((142, 178, 140), (140, 112, 120), (28, 42, 60))
FAR_TRUNK, TRUNK, NEAR_TRUNK, NEAR_TRUNK_LIT = (158, 184, 150), (110, 134, 110), (82, 78, 66), (112, 104, 84)
FAR_LEAVES, LEAVES, LEAVES_LIT = (104, 148, 104), (50, 92, 62), (78, 124, 78)
BUSH, MOSS, PATH, PATH_NEAR, PATH_LIT = (86, 132, 84), (114, 142, 92), (176, 152, 112), (142, 118, 86), (200, 178, 134)
GROUND = 0.13


def _trunks(painting: Painting, row: Layer, spacing: float, thick: float, ink: Rgb, seed: int) -> None:
    """Trunks that reach from the ground to the leaves, wider at the root."""
    cell = cells(row.x, spacing, 0.013 * seed)
    place = (chance(seed, cell.number) - 0.5) * 0.4 * spacing
    lean = (chance(seed + 1, cell.number) - 0.5) * 0.08
    half = thick * (0.7 + 0.6 * chance(seed + 2, cell.number)) * (1 + 0.6 * smooth(row.y, 0.02, GROUND + 0.05) ** 2)
    trunk = torch.maximum((cell.x - place - lean * row.y).abs() - half, row.y - GROUND - 0.06)
    painting.lay(ink, row.cover(trunk))
    if ink == NEAR_TRUNK:
        side = torch.maximum(trunk, cell.x - place - lean * row.y + 0.25 * half)
        painting.lay(NEAR_TRUNK_LIT, row.cover(side))


def _scallops(x: torch.Tensor, spacing: float, depth: float, seed: int) -> torch.Tensor:
    """An edge of round tufts, 0…depth."""
    first, second = cells(x, spacing), cells(x, spacing, spacing / 2)
    edge = torch.zeros_like(x)
    for cell, name in ((first, seed), (second, seed + 1)):
        size = 0.65 + 0.35 * chance(name, cell.number)
        edge = torch.maximum(edge, size * (1 - (cell.x / (0.5 * spacing)) ** 2).clamp(min=0) ** 0.5)
    return depth * edge


def _paint(canvas: Canvas) -> torch.Tensor:
    painting, dark = Painting(canvas), canvas.dark
    mist = ramp(layer(canvas, 0.0).y, (-0.45, by_light(dark, *HIGH)), (-0.02, by_light(dark, *MIST)))
    painting.lay(mist, glow=1.0)
    far, middle, near, floor = (layer(canvas, depth) for depth in (0.25, 0.5, 0.85, 1.0))
    _trunks(painting, far, 0.15, 0.016, FAR_TRUNK, 101)
    painting.lay(FAR_LEAVES, 0.75 * far.cover(far.y + 0.27 - _scallops(far.x, 0.16, 0.07, 104)))
    _trunks(painting, middle, 0.26, 0.022, TRUNK, 106)
    painting.lay(BUSH, middle.cover(GROUND + 0.02 - _scallops(middle.x, 0.18, 0.09, 109) - middle.y))
    _trunks(painting, near, 0.62, 0.042, NEAR_TRUNK, 111)
    painting.lay(LEAVES, near.cover(near.y + 0.36 - _scallops(near.x, 0.24, 0.1, 114)))
    painting.lay(LEAVES_LIT, 0.7 * near.cover(near.y + 0.47 - _scallops(near.x, 0.2, 0.07, 117)))
    painting.lay(MOSS, floor.cover(GROUND - ridge(floor.x, (0.01, 6.0, 0.0), (0.006, 13.0, 1.0)) - floor.y))
    path = floor.y - 0.185 - ridge(floor.x, (0.012, 3.3, 1.0), (0.006, 8.0, 0.0))
    painting.lay(ramp(floor.y, (0.18, PATH), (0.48, PATH_NEAR)), floor.cover(-path))
    spot = cells(floor.x, 0.6, 0.1)
    sunny = bell(torch.hypot((spot.x - 0.08 * (chance(119, spot.number) - 0.5)) / 0.1, (floor.y - 0.29) / 0.045), 1.0)
    painting.lay(PATH_LIT, 0.65 * sunny)
    return painting.finished()


FOREST = Background(
    "forest",
    Words(
        ("in a forest", "in the woods"),
        ("in the woods of a forest",),
        ("among the trees", "in the forest", "in a wood", "between the trees"),
    ),
    (127, 139, 105),
    _paint,
    levels={"ground": (0.22, 0.37), "air": (-0.3, -0.04)},
    lights=("day", "dusk", "night"),
    weathers=("clear", "rain", "snow", "fog"),
)
