"""Silhouettes against areas, reaches and symmetries worked out by other means."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from minisora.world import SHAPES, shapes

STEP = 0.004  # radii between two sample points
EVERY_SHAPE = pytest.mark.parametrize("name", list(SHAPES.shapes))
# The farthest point of each figure by plain geometry, in radii.
REACH = {
    "circle": 1.0,
    "ring": shapes.RING_OUTER,
    "square": shapes.SQUARE_HALF_SIDE * math.sqrt(2),
    "cross": math.hypot(shapes.CROSS_LENGTH, shapes.CROSS_HALF_WIDTH),
    "triangle": shapes.TRIANGLE_RADIUS,
    "star": shapes.STAR_OUTER,
}


def plane() -> tuple[Tensor, Tensor]:
    """Points x, y (n, n) that cover every figure, at the middles of small cells."""
    line = torch.arange(-1.5 + STEP / 2, 1.5, STEP, dtype=torch.float64)
    y, x = torch.meshgrid(line, line, indexing="ij")
    return x, y


@EVERY_SHAPE
def test_area_of_the_table_is_the_area_inside(name: str) -> None:
    x, y = plane()
    inside = SHAPES.shapes[name].distance(x, y) < 0
    assert inside.sum().item() * STEP**2 == pytest.approx(SHAPES.shapes[name].area, rel=2e-3)


@EVERY_SHAPE
def test_farthest_point(name: str) -> None:
    x, y = plane()
    inside = SHAPES.shapes[name].distance(x, y) < 0
    assert torch.hypot(x, y)[inside].max().item() == pytest.approx(REACH[name], abs=0.02)


@EVERY_SHAPE
def test_middle_of_the_ink_is_the_origin(name: str) -> None:
    x, y = plane()
    inside = SHAPES.shapes[name].distance(x, y) < 0
    assert abs(x[inside].mean().item()) < 1e-3
    assert abs(y[inside].mean().item()) < 1e-3


@EVERY_SHAPE
def test_a_turn_by_the_fold_changes_nothing_and_a_smaller_one_does(name: str) -> None:
    entry = SHAPES.shapes[name]
    x, y = plane()
    here = entry.distance(x, y)

    def turned(angle: float) -> Tensor:
        return entry.distance(math.cos(angle) * x - math.sin(angle) * y, math.sin(angle) * x + math.cos(angle) * y)

    if entry.fold == 0:
        assert torch.allclose(turned(0.7), here, atol=1e-9)
        return
    assert torch.allclose(turned(2 * math.pi / entry.fold), here, atol=1e-9)
    assert (turned(math.pi / entry.fold) - here).abs().max() > 0.1


@EVERY_SHAPE
def test_distance_outside_is_the_distance_to_the_nearest_point_inside(name: str) -> None:
    distance = SHAPES.shapes[name].distance
    x, y = plane()
    inside = distance(x, y) < 0
    ink = torch.stack([x[inside], y[inside]], dim=1)
    away = torch.tensor(np.random.default_rng(0).uniform(-2, 2, (60, 2)))
    value = distance(away[:, 0], away[:, 1])
    nearest = torch.cdist(away, ink).amin(dim=1)
    far = value > 0.05
    assert far.sum() > 20
    assert torch.allclose(value[far], nearest[far], atol=0.01)


@EVERY_SHAPE
def test_distance_never_changes_quicker_than_the_place(name: str) -> None:
    x, y = plane()
    value = SHAPES.shapes[name].distance(x, y)
    assert (value.diff(dim=0).abs().max() / STEP).item() <= 1 + 1e-6
    assert (value.diff(dim=1).abs().max() / STEP).item() <= 1 + 1e-6


def test_polygon_area_of_known_figures() -> None:
    square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
    assert shapes.polygon_area(square) == pytest.approx(4)
    assert shapes.polygon_area(square[::-1]) == pytest.approx(4)
    assert shapes.polygon_area(square[:3]) == pytest.approx(2)


def test_triangle_and_star_point_up() -> None:
    for name in ("triangle", "star"):
        distance = SHAPES.shapes[name].distance
        up, down = distance(torch.zeros(1), torch.tensor([-1.1])), distance(torch.zeros(1), torch.tensor([1.1]))
        assert up.item() < 0 < down.item()
