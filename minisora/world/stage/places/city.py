"""A street: houses far and near, whose windows are lit at night, neon signs, lamps and a road."""

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
    pick,
    ramp,
    smooth,
    soft_box,
    stripe,
)
from minisora.world.tables import Background, Canvas, Rgb, Words

HIGH = ((120, 172, 218), (110, 92, 150), (22, 18, 52))
LOW = ((206, 220, 230), (246, 182, 160), (98, 60, 120))
SKYLINE = ((170, 190, 208), (176, 124, 150), (48, 38, 88))  # far off, in haze
WALLS = ((188, 162, 150), (164, 168, 182), (196, 182, 156), (150, 152, 172))
SHOPS = ((150, 112, 108), (116, 124, 140), (136, 118, 132))
PANE, LAMPLIGHT, COOL_LIGHT = (112, 134, 158), (255, 208, 124), (186, 214, 238)
NEON = ((255, 84, 176), (84, 232, 246), (170, 120, 255), (255, 150, 80))
PAVEMENT, KERB, ROAD, ROAD_NEAR, DASH = (
    (176, 172, 170),
    (206, 202, 196),
    (118, 120, 130),
    (98, 100, 112),
    (226, 224, 214),
)
POST = (78, 82, 96)
STREET, ROAD_TOP, SHOP_TOP, PITCH = 0.13, 0.185, -0.02, 0.07
HOUSE_SPACING, SHOP_SPACING, LAMP_SPACING = 0.32, 0.5, 0.9


def _evening(dark: float) -> float:
    """How far lamps are on: not by day, a little at dusk."""
    return min(1.0, 1.2 * dark) if dark > 0 else 0.0


def _lamps_lit(painting: Painting, ink: Rgb | Tensor, cover: Tensor, glow: float) -> None:
    """Something that shines when lamps are on, and is only its glass by day."""
    painting.lay(PANE, cover)
    painting.lay(ink, cover * glow, glow=1.0)


def _skyline(painting: Painting, far: Layer) -> None:
    """Towers far away, without windows."""
    for spacing, base, seed in ((0.21, -0.14, 41), (0.16, -0.03, 42)):
        cell = cells(far.x, spacing, 0.07 * seed)
        top = base - 0.16 * chance(seed, cell.number)
        half = spacing * (0.36 + 0.12 * chance(seed + 7, cell.number))
        tower = torch.maximum(cell.x.abs() - half, top - far.y)
        painting.lay(by_light(painting.dark, *SKYLINE), (0.6 if seed == 41 else 1.0) * far.cover(tower), glow=1.0)


def _houses(painting: Painting, row: Layer, glow: float) -> None:
    """A row of high houses, their windows in a grid."""
    cell = cells(row.x, HOUSE_SPACING, 0.1)
    top = -0.2 - 0.17 * chance(51, cell.number)
    half = HOUSE_SPACING * (0.43 + 0.05 * chance(52, cell.number))
    house = torch.maximum(cell.x.abs() - half, top - row.y)
    painting.lay(pick(chance(53, cell.number), *WALLS), row.cover(house))
    column, line = cells(cell.x, PITCH), cells(row.y - top - 0.055, PITCH)
    here = (column.number.abs() <= 1) & (line.number >= 0) & (row.y - line.x < SHOP_TOP - 0.02)
    pane = row.cover(soft_box(column.x, line.x, 0.019, 0.023, 0.004)) * here
    which = chance(54, cell.number * 3 + column.number, line.number)
    painting.lay(PANE, pane)
    ink = pick(chance(55, cell.number * 3 + column.number, line.number), LAMPLIGHT, LAMPLIGHT, LAMPLIGHT, COOL_LIGHT)
    painting.lay(ink, pane * (which < 0.58) * glow, glow=1.0)


def _shops(painting: Painting, row: Layer, glow: float) -> None:
    """Low shops with a wide lit window and a neon sign each, which glows into its surroundings."""
    cell = cells(row.x, SHOP_SPACING, 0.17)
    top = SHOP_TOP - 0.04 * chance(61, cell.number)
    shop = torch.maximum(cell.x.abs() - 0.47 * SHOP_SPACING, top - row.y)
    painting.lay(pick(chance(62, cell.number), *SHOPS), row.cover(shop))
    window = soft_box(cell.x + 0.04, row.y - 0.085, 0.125, 0.038, 0.008)
    _lamps_lit(painting, LAMPLIGHT, row.cover(window), 0.85 * glow)
    door = soft_box(cell.x - 0.15, row.y - 0.09, 0.03, 0.05, 0.005)
    painting.lay((70, 66, 80), row.cover(door))
    ink = pick(chance(63, cell.number), *NEON)
    sign = soft_box(cell.x + 0.03, row.y - top - 0.024, 0.1, 0.03, 0.03)
    painting.lay(ink, 0.5 * glow * bell(sign.clamp(min=0), 0.05), glow=1.0)
    painting.lay((52, 44, 66), row.cover(sign))
    painting.lay(ink, row.cover(stripe(sign, 0.014)) * (0.35 + 0.65 * glow), glow=glow)
    board = soft_box(cell.x - 0.13, row.y - top + 0.06, 0.022, 0.075, 0.02)
    other = pick(chance(64, cell.number), *NEON)
    painting.lay(other, 0.45 * glow * bell(board.clamp(min=0), 0.045), glow=1.0)
    painting.lay(other, row.cover(board) * (0.45 + 0.55 * glow), glow=glow)


def _street(painting: Painting, near: Layer, glow: float) -> None:
    """Pavement, kerb and road, with a broken white line and the light of the lamps."""
    painting.lay(PAVEMENT, near.cover(STREET - near.y))
    painting.lay(KERB, near.cover((near.y - ROAD_TOP + 0.008).abs() - 0.008))
    painting.lay(ramp(near.y, (ROAD_TOP, ROAD), (0.46, ROAD_NEAR)), near.cover(ROAD_TOP - near.y))
    dash = cells(near.x, 0.42)
    painting.lay(DASH, 0.8 * near.cover(soft_box(dash.x, near.y - 0.42, 0.11, 0.013, 0.006)))
    lamp = cells(near.x, LAMP_SPACING, 0.33)
    pool = bell(torch.hypot(lamp.x / 0.2, (near.y - 0.2) / 0.07), 1.0) * smooth(near.y, STREET - 0.01, STREET + 0.01)
    painting.lay(LAMPLIGHT, 0.42 * glow * pool, glow=1.0)


def _reflections(painting: Painting, row: Layer, glow: float) -> None:
    """What the road gives back of the signs, stretched downwards."""
    cell = cells(row.x, SHOP_SPACING, 0.17)
    fade = smooth(row.y, ROAD_TOP, ROAD_TOP + 0.03) * smooth(row.y, 0.46, 0.2)
    painting.lay(pick(chance(63, cell.number), *NEON), 0.34 * glow * fade * bell(cell.x + 0.03, 0.07), glow=1.0)
    painting.lay(pick(chance(64, cell.number), *NEON), 0.3 * glow * fade * bell(cell.x - 0.13, 0.03), glow=1.0)


def _lamps(painting: Painting, near: Layer, glow: float) -> None:
    """Street lamps on the pavement."""
    lamp = cells(near.x, LAMP_SPACING, 0.33)
    post = torch.maximum(lamp.x.abs() - 0.009, (near.y - 0.0).abs() - 0.165)
    painting.lay(POST, near.cover(post))
    away = torch.hypot(lamp.x, near.y + 0.175)
    painting.lay(LAMPLIGHT, 0.5 * glow * bell(away, 0.1), glow=1.0)
    _lamps_lit(painting, (255, 236, 188), near.cover(away - 0.026), glow)


def _paint(canvas: Canvas) -> Tensor:
    painting, dark, glow = Painting(canvas), canvas.dark, _evening(canvas.dark)
    high, low = by_light(dark, *HIGH), by_light(dark, *LOW)
    painting.lay(ramp(layer(canvas, 0.0).y, (-0.5, high), (0.0, low)), glow=1.0)
    far, houses, shops, near = (layer(canvas, depth) for depth in (0.2, 0.45, 0.75, 1.0))
    _skyline(painting, far)
    _houses(painting, houses, glow)
    _shops(painting, shops, glow)
    _street(painting, near, glow)
    _reflections(painting, shops, glow * glow)
    _lamps(painting, near, glow)
    return painting.finished()


CITY = Background(
    "city",
    Words(("in a city", "in a city street"), ("in a street of a city",),
          ("in town", "in the city", "in a city centre", "in the streets", "on a road", "in a neon-lit street",
           "in a neon-lit city street", "downtown")),
    (131, 144, 161),
    _paint,
    levels={"ground": (0.21, 0.36), "air": (-0.36, -0.06)},
    lights=("night", "day", "dusk"),
    weathers=("clear", "rain", "snow", "fog"),
)  # fmt: skip
