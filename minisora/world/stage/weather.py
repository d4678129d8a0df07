"""Rain, snow and fog: what lies between the viewer and all else."""

import math

import torch
from torch import Tensor

from minisora.world.stage.light import tint_of
from minisora.world.stage.painting import bell, cells, chance, layer, smooth
from minisora.world.tables import Canvas, Weather, Words

__all__ = ["WEATHERS"]

FOG, RAIN, SNOW = (0.83, 0.85, 0.88), (0.72, 0.78, 0.86), (0.95, 0.97, 1.0)
FOG_HEIGHT, FOG_LINE = 0.26, 0.08  # how high it reaches, and about which height
# of rain, for each row of streaks: cells' width, way down after which a streak comes again, its length, fall a second,
# cover, parallax
STREAKS = ((0.07, 0.8, 0.17, 1.6, 0.66, 0.9), (0.045, 0.7, 0.11, 1.2, 0.36, 0.5))
SLANT, STREAK_WIDTH = 0.16, 0.0125
# of snow, for each depth: cells' side, flakes' radius, fall a second, cover, parallax
FLAKES = ((0.2, 0.0205, 0.16, 0.95, 0.9), (0.15, 0.014, 0.1, 0.7, 0.5))


def _veil(cover: Tensor, canvas: Canvas, ink: tuple[float, float, float], shine: float) -> tuple[Tensor, Tensor]:
    """Cover of all frames, and the ink in this light; of what catches the light of lamps a share stays by night."""
    tint = torch.tensor(tint_of(canvas.dark)) * (1 - shine) + shine
    return cover.expand_as(canvas.x), torch.tensor(ink) * tint


def _grey(canvas: Canvas, high: float, low: float) -> Tensor:
    """A cover that is heaviest in the sky: the clouds that rain and snow fall from."""
    return low + (high - low) * smooth(layer(canvas, 0.0).y, 0.15, -0.35)


def _rain(canvas: Canvas) -> tuple[Tensor, Tensor]:
    """Slanted streaks that fall fast, under a grey sky."""
    clear = 1 - _grey(canvas, 0.42, 0.14)
    for seed, (spacing, again, length, fall, cover, depth) in enumerate(STREAKS, start=161):
        x = canvas.x[:, :1] + canvas.offset_x * depth
        y = canvas.y[..., :1] + canvas.offset_y * depth
        column = cells(x + SLANT * y, spacing)
        start = again * chance(seed, column.number)
        along = torch.remainder(y - fall * canvas.times - start, again) - again / 2
        place = (chance(seed + 4, column.number) - 0.5) * 0.6 * spacing
        across = (column.x - place).abs() - STREAK_WIDTH / 2
        streak = (0.5 - across * canvas.side).clamp(0, 1) * smooth(along.abs(), length / 2, 0.3 * length)
        clear = clear * (1 - cover * streak)
    return _veil(1 - clear, canvas, RAIN, 0.25)


def _snow(canvas: Canvas) -> tuple[Tensor, Tensor]:
    """Soft flakes in two depths that drift down, under a pale sky."""
    clear = 1 - _grey(canvas, 0.3, 0.08)
    for seed, (side, radius, fall, cover, depth) in enumerate(FLAKES, start=171):
        x = canvas.x[:, :1] + canvas.offset_x * depth
        y = canvas.y[..., :1] + canvas.offset_y * depth - fall * canvas.times
        row, column = cells(y, side), cells(x, side)
        phase = 2 * math.pi * chance(seed, column.number, row.number)
        sway = 0.12 * side * torch.sin(1.6 * canvas.times + phase)
        out_x = 0.4 * side * (chance(seed + 4, column.number, row.number) - 0.5) + sway
        out_y = 0.5 * side * (chance(seed + 8, column.number, row.number) - 0.5)
        away = torch.hypot(column.x - out_x, row.x - out_y)
        clear = clear * (1 - cover * smooth(away, 1.35 * radius, 0.55 * radius))
    return _veil(1 - clear, canvas, SNOW, 0.35)


def _fog(canvas: Canvas) -> tuple[Tensor, Tensor]:
    """Thickest about the horizon, in wide banks that drift."""
    far = layer(canvas, 0.4)
    bank = torch.sin(3.1 * (far.x - 0.03 * far.times) + 1.0) * torch.sin(5.0 * far.y + 2.0 * torch.sin(1.7 * far.x))
    return _veil(0.24 + 0.19 * bell(far.y - FOG_LINE, FOG_HEIGHT) + 0.035 * bank, canvas, FOG, 0.1)


WEATHERS = (
    Weather("clear", Words(("under a clear sky", "in clear weather"), ("under the clear sky",),
            ("clear", "in fine weather", "in good weather"))),
    Weather("rain", Words(("in the rain", "in rain"), ("in falling rain",),
            ("raining", "rainy", "while rain pours down", "it is raining", "while it rains", "while it is raining",
             "it rains", "rain falls", "rain is falling", "while rain falls", "through the rain", "in heavy rain",
             "in the pouring rain", "through rain", "on a rainy day")), _rain),
    Weather("snow", Words(("in falling snow", "in a snowfall"), ("in the falling snow",),
            ("in the snow", "snowing", "as snow falls", "it is snowing", "while it snows", "while it is snowing",
             "it snows", "snow falls", "snow is falling", "while snow falls", "through the snow",
             "snowy", "in snowy weather", "on a snowy day")), _snow),
    Weather("fog", Words(("in fog", "in the fog"), ("in a fog",),
            ("in thick fog", "in the mist", "in mist", "foggy", "misty", "it is foggy", "in foggy weather",
             "through the fog", "through fog", "on a foggy day")), _fog),
)  # fmt: skip
