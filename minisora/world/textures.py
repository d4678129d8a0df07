"""Marks on the ground that show a camera move: without them a pan could be a drift and a zoom could be growing."""

import torch
from torch import Tensor

GRID_SPACING, GRID_WIDTH = 0.25, 0.022
STAR_SPACING, STAR_RADIUS = 0.3, 0.026


def grid(x: Tensor, y: Tensor, pixel: Tensor) -> Tensor:
    """Coverage 0…1 of a square grid of lines at world coordinates x, y; `pixel` is the side of a pixel there."""
    return torch.maximum(_line(x, pixel), _line(y, pixel))


def starfield(x: Tensor, y: Tensor, pixel: Tensor) -> Tensor:
    """Coverage 0…1 of small dots, one in each cell at a place that only depends on the cell."""
    column, row = torch.floor(x / STAR_SPACING), torch.floor(y / STAR_SPACING)
    off_x = (_hash(column, row, 12.9898, 78.233) - 0.5) * 0.8
    off_y = (_hash(column, row, 39.346, 11.135) - 0.5) * 0.8
    away_x, away_y = x - (column + 0.5 + off_x) * STAR_SPACING, y - (row + 0.5 + off_y) * STAR_SPACING
    return ((STAR_RADIUS - torch.hypot(away_x, away_y)) / pixel + 0.5).clamp(0, 1)


def _line(u: Tensor, pixel: Tensor) -> Tensor:
    away = (torch.remainder(u + GRID_SPACING / 2, GRID_SPACING) - GRID_SPACING / 2).abs()
    return ((GRID_WIDTH / 2 - away) / pixel + 0.5).clamp(0, 1)


def _hash(column: Tensor, row: Tensor, a: float, b: float) -> Tensor:
    """A number in 0…1 that looks random and depends only on the cell (float64: the same on every machine)."""
    angle = torch.sin(column.double() * a + row.double() * b) * 43758.5453
    return (angle - torch.floor(angle)).to(column.dtype)
