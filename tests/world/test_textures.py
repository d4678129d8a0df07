"""Marks on the ground against their share of ink, counted and worked out."""

import math

import pytest
import torch
from torch import Tensor

from minisora.world import SHAPES, textures

PIXEL = 1 / 512


def ground(side: float, shift: float = 0.0) -> tuple[Tensor, Tensor, Tensor]:
    """World coordinates x, y (n, n) of a square of `side` shorter sides, and the side of a pixel."""
    line = torch.arange(PIXEL / 2, side, PIXEL) + shift
    y, x = torch.meshgrid(line, line, indexing="ij")
    return x, y, torch.tensor(PIXEL)


@pytest.mark.parametrize("name", list(SHAPES.textures))
def test_cover_is_a_share(name: str) -> None:
    cover = SHAPES.textures[name].cover(*ground(2.0, -1.0))
    assert cover.min() == 0
    assert cover.max() == 1


def test_grid_repeats_and_has_the_ink_of_its_lines() -> None:
    x, y, pixel = ground(1.0)
    cover = textures.grid(x, y, pixel)
    free = 1 - textures.GRID_WIDTH / textures.GRID_SPACING
    assert cover.mean().item() == pytest.approx(1 - free**2, rel=0.02)
    assert torch.allclose(cover, textures.grid(x + 2 * textures.GRID_SPACING, y, pixel), atol=1e-3)


def test_starfield_has_one_dot_in_each_cell() -> None:
    x, y, pixel = ground(10 * textures.STAR_SPACING, -3.0)
    ink = textures.starfield(x, y, pixel).sum().item() * PIXEL**2
    assert ink / (math.pi * textures.STAR_RADIUS**2) == pytest.approx(100, rel=0.03)


def test_starfield_is_not_a_grid_and_the_same_at_each_call() -> None:
    x, y, pixel = ground(4 * textures.STAR_SPACING)
    once = textures.starfield(x, y, pixel)
    assert torch.equal(once, textures.starfield(x, y, pixel))
    moved = textures.starfield(x + textures.STAR_SPACING, y, pixel)
    assert (once - moved).abs().mean() > 0.5 * once.mean()


def test_coarse_pixels_keep_the_ink() -> None:
    fine = textures.grid(*ground(1.0)).mean().item()
    line = torch.arange(1 / 128, 1, 1 / 64)
    y, x = torch.meshgrid(line, line, indexing="ij")
    assert textures.grid(x, y, torch.tensor(1 / 64)).mean().item() == pytest.approx(fine, rel=0.05)
