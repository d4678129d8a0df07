"""Under water: shafts of light, weeds that sway, a sandy bottom."""

import torch
from torch import Tensor

from minisora.world.stage.painting import Layer, Painting, bell, cells, chance, layer, pick, ramp, ridge, smooth
from minisora.world.tables import Background, Canvas, Rgb, Words

WATER = ((-0.52, (96, 176, 190)), (-0.3, (54, 132, 164)), (0.05, (34, 100, 142)), (0.4, (26, 80, 122)))
SURFACE, SHAFT, REEF, REEF_NEAR = (210, 240, 236), (176, 226, 222), (34, 92, 128), (34, 76, 106)
SAND, SAND_LOW, RIPPLE = (154, 166, 150), (112, 134, 138), (178, 186, 164)
WEEDS = ((38, 112, 100), (54, 128, 96), (88, 140, 96))
CORALS = ((196, 124, 132), (176, 132, 164), (206, 158, 122))
BUBBLE = (200, 236, 236)
BOTTOM = 0.34


def _shafts(canvas: Canvas, painting: Painting) -> None:
    """Slanted light from above that slowly moves and fades with depth."""
    far = layer(canvas, 0.25)
    across = far.x + 0.35 * (far.y + 0.5)
    light = torch.zeros(())
    for spacing, width, pace, phase in ((0.55, 0.07, 0.5, 0.0), (0.83, 0.045, -0.4, 1.0)):
        sway = 0.04 * torch.sin(pace * far.times + phase)
        light = light + bell(cells(across + sway, spacing, phase * 0.3).x, width)
    painting.lay(SHAFT, 0.34 * light.clamp(max=1) * smooth(far.y, 0.42, -0.5))
    swell = far.y + 0.012 * torch.sin(7 * far.x + 0.8 * far.times)
    painting.lay(SURFACE, 0.75 * smooth(swell, -0.4, -0.54))


def _weeds(painting: Painting, row: Layer, spacing: float, height: float, seed: int) -> None:
    """Long blades, rooted in the sand, whose tips sway."""
    cell = cells(row.x, spacing, 0.03 * seed)
    tall = height * (0.55 + 0.45 * chance(seed, cell.number))
    root = (chance(seed + 1, cell.number) - 0.5) * 0.3 * spacing
    up = (BOTTOM + 0.05 - row.y) / tall  # 0 at the root, 1 at the tip
    phase = 6.28 * chance(seed + 2, cell.number)
    bend = 0.032 * up.clamp(min=0) ** 1.5 * torch.sin(1.1 * row.times + phase - 2.6 * up)
    half = 0.021 * (1 - up).clamp(min=0) ** 0.5
    blade = torch.maximum(((cell.x - root - bend).abs() - half) * 0.9, ((up - 0.45).abs() - 0.55) * tall)
    grows = chance(seed + 3, cell.number) < 0.72
    painting.lay(pick(chance(seed + 4, cell.number), *WEEDS), row.cover(blade) * grows)


def _bubbles(painting: Painting, row: Layer) -> None:
    """A few bubbles that rise one behind another and wobble."""
    column = cells(row.x, 0.37, 0.12)
    climbed = row.y + 0.11 * row.times + 0.5 * chance(86, column.number)
    line = cells(climbed, 0.26)
    size = 0.012 + 0.008 * chance(87, column.number, line.number)
    wobble = 0.012 * torch.sin(1.7 * row.times + 6.28 * chance(88, column.number, line.number))
    away = torch.hypot(column.x - 0.1 * (chance(89, column.number) - 0.5) - wobble, line.x)
    seen = (chance(90, column.number, line.number) < 0.5) * smooth(row.y, -0.5, -0.4) * smooth(row.y, 0.34, 0.24)
    painting.lay(BUBBLE, row.cover(away - size) * seen * 0.5)


def _reef(painting: Painting, row: Layer, level: float, ink: Rgb) -> None:
    """Rocks in the blue distance."""
    painting.lay(ink, row.cover(level - ridge(row.x, (0.05, 5.3, 1.0), (0.03, 11.0, 0.2), (0.012, 23.0, 2.0)) - row.y))


def _corals(painting: Painting, near: Layer) -> None:
    """Round corals here and there on the sand."""
    cell = cells(near.x, 0.47, 0.1)
    place = (chance(71, cell.number) - 0.5) * 0.2
    size = 0.03 + 0.025 * chance(72, cell.number)
    lumps = [
        torch.hypot(cell.x - place - x * size, near.y - BOTTOM - 0.07 - y * size) - radius * size
        for x, y, radius in ((0.0, -0.5, 0.9), (-0.9, 0.0, 0.65), (0.85, 0.05, 0.6))
    ]
    lump = torch.maximum(torch.stack(lumps).amin(0), near.y - BOTTOM - 0.085)
    painting.lay(pick(chance(73, cell.number), *CORALS), 0.85 * near.cover(lump))


def _paint(canvas: Canvas) -> Tensor:
    painting = Painting(canvas)
    painting.lay(ramp(layer(canvas, 0.0).y, *WATER))
    far, middle, back, near = (layer(canvas, depth) for depth in (0.25, 0.45, 0.75, 1.0))
    _reef(painting, far, 0.26, REEF)
    _shafts(canvas, painting)
    _reef(painting, middle, 0.33, REEF_NEAR)
    _weeds(painting, back, 0.2, 0.34, 74)
    _bubbles(painting, back)
    edge = BOTTOM - ridge(near.x, (0.014, 4.1, 0.3), (0.007, 9.7, 1.0))
    painting.lay(ramp(near.y, (BOTTOM, SAND), (0.52, SAND_LOW)), near.cover(edge - near.y))
    wave = bell(near.y - 0.43 - 0.014 * torch.sin(9.0 * near.x + 1.0), 0.014)
    painting.lay(RIPPLE, 0.5 * wave)
    _corals(painting, near)
    _weeds(painting, near, 0.27, 0.3, 81)
    return painting.finished()


UNDER_WATER = Background(
    "under water",
    Words(("under water", "in the deep sea"), ("deep under water",),
          ("beneath the waves", "underwater", "under the sea", "under the waves")),
    (72, 129, 153),
    _paint,
    levels={"deep": (-0.3, 0.2)},
)  # fmt: skip
