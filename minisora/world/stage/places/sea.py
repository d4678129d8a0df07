"""The open sea: bands of waves that roll, nearer ones higher."""

import torch

from minisora.world.stage.painting import Painting, bell, by_light, layer, ramp, ridge, smooth, stripe
from minisora.world.stage.places.sky import clouds, moon, sky, stars
from minisora.world.tables import Background, Canvas, Words

ISLE = ((136, 166, 186), (146, 112, 150), (34, 46, 84))
FAR = ((132, 186, 198), (198, 140, 154), (58, 80, 124))
DEEP = ((46, 112, 144), (80, 76, 124), (14, 30, 68))
CREST = ((190, 224, 226), (240, 186, 172), (104, 128, 170))
PATH = ((255, 240, 208), (255, 206, 160), (206, 212, 216))
HAZE = ((168, 206, 210), (236, 176, 158), (74, 94, 138))
HORIZON = 0.03
# depth, height of the crest's line, of its waves, radians a shorter side, drift a second
BANDS = (
    (0.45, 0.085, 0.008, 17.0, 0.020),
    (0.65, 0.155, 0.012, 13.0, -0.030),
    (0.85, 0.240, 0.016, 10.0, 0.040),
    (1.0, 0.345, 0.019, 8.0, -0.045),
    (1.0, 0.455, 0.021, 7.0, 0.05),
    (1.0, 0.58, 0.022, 6.5, -0.05),
    (1.0, 0.71, 0.023, 6.0, 0.055),
)


def _isle(canvas: Canvas, painting: Painting) -> None:
    """Islands on the horizon."""
    far = layer(canvas, 0.12)
    line = ridge(far.x, (0.05, 4.0, 2.6), (0.02, 9.0, 0.6), (0.012, 21.0, 0.0)) - 0.028
    painting.lay(by_light(canvas.dark, *ISLE), far.cover((HORIZON - line - far.y).clamp(min=-1)), glow=1.0)


def _waves(canvas: Canvas, painting: Painting) -> None:
    """Bands over one another, each with a light line on its crest."""
    for count, (depth, level, height, pace, drift) in enumerate(BANDS, start=1):
        band = layer(canvas, depth)
        x = band.x - drift * band.times
        crest = level - ridge(x, (height, pace, 1.7 * count), (0.4 * height, 2.3 * pace, 0.9 * count))
        below = crest - band.y
        share = torch.tensor(min(1.0, count / 5)).reshape(1, 1, 1)
        painting.lay(
            ramp(share, (0.0, by_light(canvas.dark, *FAR)), (1.0, by_light(canvas.dark, *DEEP))), band.cover(below), 1.0
        )
        width = 0.012 + 0.008 * depth
        painting.lay(by_light(canvas.dark, *CREST), 0.5 * band.cover(stripe(-below, width)), 1.0)
        painting.lay(by_light(canvas.dark, *CREST), 0.2 * smooth(-below, 0.08, width) * band.cover(below), 1.0)


def _paint(canvas: Canvas) -> torch.Tensor:
    painting = sky(canvas, HORIZON)
    stars(canvas, painting, -0.12)
    clouds(canvas, painting, -0.16)
    moon(canvas, painting, -0.2, -0.28)
    _isle(canvas, painting)
    far = layer(canvas, 0.0)
    painting.lay(
        ramp(far.y, (HORIZON, by_light(canvas.dark, *HAZE)), (0.09, by_light(canvas.dark, *FAR))),
        far.cover(HORIZON - far.y),
        1.0,
    )
    _waves(canvas, painting)
    if canvas.dark > 0:  # low light makes a path on the water
        path = bell(far.x + 0.2, 0.06 + 0.14 * (far.y - HORIZON).clamp(min=0)) * smooth(far.y, HORIZON, HORIZON + 0.02)
        painting.lay(by_light(canvas.dark, *PATH), 0.4 * path * smooth(far.y, 0.45, 0.05), glow=1.0)
    return painting.finished()


SEA = Background(
    "sea",
    Words(
        ("at sea", "on the sea"),
        ("out at sea",),
        ("on the open ocean", "on the water", "on the ocean", "on the waves", "on the open sea"),
    ),
    (133, 182, 210),
    _paint,
    levels={"water": (0.17, 0.34), "air": (-0.36, -0.06)},
    lights=("day", "dusk", "night"),
    weathers=("clear", "rain", "fog"),
)
