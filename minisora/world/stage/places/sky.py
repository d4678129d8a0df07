"""The sky that open places share: its colours by day, at dusk and at night, clouds, stars and a moon."""

import torch

from minisora.world.stage.painting import Painting, bell, by_light, cells, chance, layer, ramp
from minisora.world.tables import Canvas

__all__ = ["clouds", "moon", "sky", "stars"]

HIGH = ((102, 168, 226), (104, 98, 160), (17, 24, 58))
MIDDLE = ((146, 196, 236), (196, 136, 160), (32, 44, 86))
LOW = ((196, 222, 240), (250, 196, 160), (62, 78, 124))
CLOUD = ((240, 245, 250), (232, 170, 166), (48, 58, 98))
STAR, MOON, MOON_SHADE = (214, 222, 246), (236, 234, 214), (208, 206, 192)
CLOUD_DEPTH, CLOUD_SPACING = 0.12, 0.62


def sky(canvas: Canvas, horizon: float) -> Painting:
    """A painting that begins with a sky, down to the horizon's height."""
    painting, dark = Painting(canvas), canvas.dark
    y = layer(canvas, 0.0).y
    painting.lay(
        ramp(
            y,
            (-0.52, by_light(dark, *HIGH)),
            (horizon - 0.28, by_light(dark, *MIDDLE)),
            (horizon, by_light(dark, *LOW)),
        ),
        glow=1.0,
    )
    return painting


def clouds(canvas: Canvas, painting: Painting, height: float) -> None:
    """A row of fair-weather clouds about a height, flat below; soft, since they are far away."""
    far = layer(canvas, CLOUD_DEPTH)
    cell = cells(far.x, CLOUD_SPACING, 0.2)
    size = 0.055 + 0.035 * chance(1, cell.number)  # (f, 1, w)
    u = (cell.x - 0.12 * (chance(2, cell.number) - 0.5)) / size
    v = (far.y - height - 0.12 * (chance(3, cell.number) - 0.5)) / size  # (f, h, w)
    bumps = [
        torch.hypot(u - x, v - y) - radius for x, y, radius in ((-0.9, 0.1, 0.7), (0.1, -0.25, 1.0), (1.1, 0.12, 0.66))
    ]
    outline = torch.stack(bumps).amin(0)
    puffs = far.cover(torch.maximum(outline, v - 0.45) * size * 0.5)
    painting.lay(by_light(canvas.dark, *CLOUD), (0.85 - 0.4 * canvas.dark) * puffs, glow=1.0)


def stars(canvas: Canvas, painting: Painting, bottom: float, strength: float = 1.0) -> None:
    """A few stars above a height, which come out as it gets dark and twinkle slowly."""
    if canvas.dark <= 0.5:
        return
    far = layer(canvas, 0.0)
    spacing, radius = 0.17, 0.0105
    column, row = cells(far.x, spacing), cells(far.y, spacing)
    out_x = (chance(11, column.number, row.number) - 0.5) * 0.7 * spacing
    out_y = (chance(12, column.number, row.number) - 0.5) * 0.7 * spacing
    away = torch.hypot(column.x - out_x, row.x - out_y)
    size = radius * (0.6 + 0.6 * chance(13, column.number, row.number))
    above = ((bottom - far.y) / 0.12).clamp(0, 1)
    painting.lay(STAR, far.cover(away - size) * above * (strength * (2 * canvas.dark - 1)), glow=1.0)


def moon(canvas: Canvas, painting: Painting, x: float, y: float, radius: float = 0.07) -> None:
    """A moon with a soft halo, at night."""
    if canvas.dark <= 0.5:
        return
    far = layer(canvas, 0.0)
    share = 2 * canvas.dark - 1
    away = torch.hypot(far.x - x, far.y - y)
    painting.lay(MOON, 0.28 * share * bell(away, 2.2 * radius), glow=1.0)
    painting.lay(MOON, far.cover(away - radius) * share, glow=1.0)
    seas = torch.minimum(
        torch.hypot(far.x - x + 0.3 * radius, far.y - y + 0.2 * radius) - 0.3 * radius,
        torch.hypot(far.x - x - 0.35 * radius, far.y - y - 0.35 * radius) - 0.22 * radius,
    )
    painting.lay(MOON_SHADE, far.cover(seas) * share, glow=1.0)
