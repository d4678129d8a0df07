"""A meadow under a wide sky, with hills and round trees far off."""

import torch

from minisora.world.stage.painting import Layer, Painting, bell, cells, chance, layer, pick, ramp, ridge, smooth
from minisora.world.stage.places.sky import clouds, moon, sky, stars
from minisora.world.tables import Background, Canvas, Words

FAR_HILL, HILL, TREE, TREE_LIGHT = (146, 186, 178), (134, 182, 122), (84, 138, 88), (112, 164, 100)
BACK_GRASS, GRASS, GRASS_NEAR, SWEEP = (152, 198, 112), (162, 206, 116), (128, 180, 94), (180, 218, 134)
PETALS = ((252, 246, 236), (250, 218, 226), (246, 232, 164))
HORIZON, TREE_SPACING, FLOWER_SPACING = 0.06, 0.3, 0.15


def _crest(x: torch.Tensor) -> torch.Tensor:
    """The line of the near hills."""
    return HORIZON - 0.035 - ridge(x, (0.045, 4.1, 0.4), (0.02, 9.3, 2.0))


def _trees(painting: Painting, hill: Layer) -> None:
    """Round trees that stand on the near hills."""
    cell = cells(hill.x, TREE_SPACING)
    stands = chance(21, cell.number) < 0.7
    place = (chance(22, cell.number) - 0.5) * 0.12
    size = 0.032 + 0.024 * chance(23, cell.number)
    middle = _crest(cell.number * TREE_SPACING + place) - 0.7 * size
    away = torch.hypot(cell.x - place, hill.y - middle)
    painting.lay(TREE, hill.cover(away - size) * stands)
    light = torch.hypot(cell.x - place + 0.25 * size, hill.y - middle + 0.25 * size) - 0.55 * size
    painting.lay(TREE_LIGHT, hill.cover(light) * stands)


def _flowers(painting: Painting, near: Layer) -> None:
    """Single pale flowers in the grass."""
    column, row = cells(near.x, FLOWER_SPACING), cells(near.y, FLOWER_SPACING, 0.24)
    away = torch.hypot(
        column.x - (chance(24, column.number, row.number) - 0.5) * 0.1,
        (row.x - (chance(25, column.number, row.number) - 0.5) * 0.1) * 1.2,
    )
    grows = (chance(26, column.number, row.number) < 0.45) & (row.number >= 0)
    painting.lay(pick(chance(27, column.number, row.number), *PETALS), 0.85 * near.cover(away - 0.0125) * grows)


def _paint(canvas: Canvas) -> torch.Tensor:
    painting = sky(canvas, HORIZON)
    stars(canvas, painting, -0.1)
    clouds(canvas, painting, -0.24)
    moon(canvas, painting, 0.3, -0.36)
    far, hill, back, near = (layer(canvas, depth) for depth in (0.2, 0.4, 0.7, 1.0))
    painting.lay(FAR_HILL, far.cover(HORIZON - 0.07 - ridge(far.x, (0.05, 5.2, 1.0), (0.025, 12.0, 0.0)) - far.y))
    _trees(painting, hill)
    painting.lay(HILL, hill.cover(_crest(hill.x) - hill.y))
    painting.lay(BACK_GRASS, back.cover(HORIZON + 0.02 - ridge(back.x, (0.014, 5.0, 2.0)) - back.y))
    edge = 0.15 - ridge(near.x, (0.016, 3.7, 0.0), (0.008, 8.9, 1.0))
    painting.lay(ramp(near.y, (0.14, GRASS), (0.5, GRASS_NEAR)), near.cover(edge - near.y))
    sweep = bell(near.y - 0.25 - 0.05 * torch.sin(2.3 * near.x), 0.035) * smooth(near.y, 0.16, 0.2)
    painting.lay(SWEEP, 0.6 * sweep)
    _flowers(painting, near)
    return painting.finished()


MEADOW = Background(
    "meadow",
    Words(
        ("on a meadow", "in a green meadow"),
        ("in a meadow",),
        ("on the grass", "on the meadow", "in a field", "in the grass", "in the countryside"),
    ),
    (147, 194, 171),
    _paint,
    levels={"ground": (0.2, 0.36), "air": (-0.36, -0.04)},
    lights=("day", "dusk", "night"),
    weathers=("clear", "rain", "snow", "fog"),
)
