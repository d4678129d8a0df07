"""A snowfield before mountains, with firs at its edge."""

import torch

from minisora.world.stage.painting import Layer, Painting, cells, chance, layer, ramp, ridge, smooth
from minisora.world.stage.places.sky import moon, sky, stars
from minisora.world.tables import Background, Canvas, Words

PEAK, PEAK_SHADE, PEAK_FOOT = (236, 240, 248), (150, 172, 206), (164, 186, 214)
FIR, FIR_SNOW = (74, 110, 122), (222, 232, 242)
BACK_SNOW, SNOW, SNOW_NEAR, DRIFT, HOLLOW = (
    (206, 220, 238),
    (194, 210, 234),
    (166, 188, 220),
    (214, 226, 242),
    (182, 202, 230),
)
HORIZON, FIR_SPACING, PEAK_SPACING = 0.06, 0.19, 0.62


def _mountains(canvas: Canvas, painting: Painting) -> None:
    """Two rows of peaks, lit from the left."""
    far = layer(canvas, 0.15)
    for shift, seed, tall in ((0.31, 141, 0.24), (0.05, 144, 0.3)):
        cell = cells(far.x, PEAK_SPACING, shift)
        top = HORIZON - tall * (0.7 + 0.3 * chance(seed, cell.number))
        place = (chance(seed + 1, cell.number) - 0.5) * 0.12
        slope = (HORIZON + 0.02 - top) / (0.5 * PEAK_SPACING - 0.06)
        u, v = cell.x - place, far.y - top
        mountain = (u.abs() * slope - v) * 0.75
        cover = far.cover(mountain)
        painting.lay(ramp(far.y, (-0.2, PEAK), (HORIZON, PEAK_FOOT)), cover)
        fold = 0.03 * torch.sin(34 * v + 6.28 * chance(seed + 2, cell.number)) * smooth(v, 0.0, 0.1)
        painting.lay(ramp(far.y, (-0.2, PEAK_SHADE), (HORIZON, PEAK_FOOT)), cover * far.cover(fold - u))


def _firs(painting: Painting, row: Layer) -> None:
    """Firs with snow on their left."""
    cell = cells(row.x, FIR_SPACING, 0.05)
    tall = 0.12 + 0.09 * chance(151, cell.number)
    place = (chance(152, cell.number) - 0.5) * 0.05
    down = (row.y - HORIZON - 0.045 + tall) / tall  # 0 at the tip, 1 at the foot
    tiers = down * 3 - 0.55 * torch.floor((down * 3).clamp(0, 2.99))
    half = 0.03 * tiers.clamp(min=0) * (0.75 + 1.6 * tall)
    fir = torch.maximum(((cell.x - place).abs() - half) * 0.85, ((down - 0.5).abs() - 0.5) * tall)
    stands = chance(153, cell.number) < 0.75
    painting.lay(FIR, row.cover(fir) * stands)
    painting.lay(FIR_SNOW, 0.8 * row.cover(torch.maximum(fir, cell.x - place + 0.3 * half)) * stands)


def _paint(canvas: Canvas) -> torch.Tensor:
    painting = sky(canvas, HORIZON)
    stars(canvas, painting, -0.14)
    moon(canvas, painting, -0.3, -0.36, 0.06)
    _mountains(canvas, painting)
    back, near = layer(canvas, 0.5), layer(canvas)
    _firs(painting, back)
    painting.lay(BACK_SNOW, back.cover(HORIZON + 0.03 - ridge(back.x, (0.012, 6.0, 0.0)) - back.y))
    edge = 0.16 - ridge(near.x, (0.014, 3.9, 1.0), (0.007, 8.1, 0.0))
    painting.lay(HOLLOW, 0.5 * smooth(near.y - edge, -0.04, 0.0))
    painting.lay(ramp(near.y, (0.15, SNOW), (0.5, SNOW_NEAR)), near.cover(edge - near.y))
    for level, pace, phase in ((0.27, 2.9, 0.6), (0.4, 2.1, 2.4)):
        away = near.y - level - ridge(near.x, (0.026, pace, phase))
        painting.lay(HOLLOW, 0.75 * smooth(away, -0.05, 0.0) * smooth(away, 0.006, -0.006))
        painting.lay(DRIFT, 0.7 * smooth(away, -0.006, 0.006) * smooth(away, 0.09, 0.0))
    return painting.finished()


SNOWFIELD = Background(
    "snowfield",
    Words(
        ("on a snowfield", "on a field of snow"),
        ("on white snow",),
        ("on the white ground", "on a snow field", "on the snow", "in the white mountains"),
    ),
    (163, 195, 227),
    _paint,
    levels={"ground": (0.21, 0.36), "air": (-0.36, -0.1)},
    lights=("day", "dusk", "night"),
    weathers=("clear", "snow", "fog"),
)
