"""Silhouettes as signed distance functions: negative inside, lengths in units of the actor's radius.

Formulas follow the geometry of each figure (point to segment, point to box); Inigo Quilez's collection
(iquilezles.org/articles/distfunctions2d) is the place to read more. Figures are scaled so that they look alike in
size, with the radius as the farthest point for none of them exactly but about the same ink for all.
"""

import math

import torch
from torch import Tensor

SQUARE_HALF_SIDE = 0.86
TRIANGLE_RADIUS = 1.2  # from the middle to a corner
STAR_OUTER, STAR_INNER, STAR_POINTS = 1.2, 0.5, 5
CROSS_LENGTH, CROSS_HALF_WIDTH = 1.08, 0.36
RING_OUTER, RING_INNER = 1.05, 0.58


def circle(x: Tensor, y: Tensor) -> Tensor:
    """Distance to a circle of radius 1; x, y and the result share one shape."""
    return torch.hypot(x, y) - 1


def ring(x: Tensor, y: Tensor) -> Tensor:
    """Distance to a ring between two radii."""
    middle, half_width = (RING_OUTER + RING_INNER) / 2, (RING_OUTER - RING_INNER) / 2
    return (torch.hypot(x, y) - middle).abs() - half_width


def square(x: Tensor, y: Tensor) -> Tensor:
    """Distance to an upright square."""
    return box_distance(x, y, SQUARE_HALF_SIDE, SQUARE_HALF_SIDE)


def cross(x: Tensor, y: Tensor) -> Tensor:
    """Distance to a plus sign: the union of two bars (exact outside)."""
    return torch.minimum(
        box_distance(x, y, CROSS_LENGTH, CROSS_HALF_WIDTH), box_distance(x, y, CROSS_HALF_WIDTH, CROSS_LENGTH)
    )


def triangle(x: Tensor, y: Tensor) -> Tensor:
    """Distance to an equilateral triangle that points up."""
    return polygon_distance(x, y, [_corner(TRIANGLE_RADIUS, k / 3) for k in range(3)])


def star(x: Tensor, y: Tensor) -> Tensor:
    """Distance to a five-pointed star that points up."""
    radii = [STAR_OUTER, STAR_INNER] * STAR_POINTS
    return polygon_distance(x, y, [_corner(radius, k / len(radii)) for k, radius in enumerate(radii)])


def _corner(radius: float, turn: float) -> tuple[float, float]:
    """A corner at a share of a full turn, clockwise from straight up."""
    return radius * math.sin(2 * math.pi * turn), -radius * math.cos(2 * math.pi * turn)


def box_distance(x: Tensor, y: Tensor, half_width: float, half_height: float) -> Tensor:
    """Distance to an upright rectangle round the origin."""
    dx, dy = x.abs() - half_width, y.abs() - half_height
    outside = torch.hypot(dx.clamp(min=0), dy.clamp(min=0))
    return outside + torch.maximum(dx, dy).clamp(max=0)


def polygon_distance(x: Tensor, y: Tensor, corners: list[tuple[float, float]]) -> Tensor:
    """Distance to a closed polygon: the nearest side, its sign by counting crossings of a ray to the right."""
    nearest = torch.full_like(x, torch.inf)
    sign = torch.ones_like(x)
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        ex, ey = bx - ax, by - ay
        wx, wy = x - ax, y - ay
        along = ((wx * ex + wy * ey) / (ex * ex + ey * ey)).clamp(0, 1)
        nearest = torch.minimum(nearest, (wx - ex * along) ** 2 + (wy - ey * along) ** 2)
        if ey != 0:  # a level side is never crossed by a level ray
            crossed = ((y >= ay) != (y >= by)) & (wx < ex * wy / ey)
            sign = torch.where(crossed, -sign, sign)
    return sign * nearest.sqrt()


def polygon_area(corners: list[tuple[float, float]]) -> float:
    """Area of a simple polygon, in squared radii (shoelace formula)."""
    pairs = zip(corners, corners[1:] + corners[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


CIRCLE_AREA = math.pi
RING_AREA = math.pi * (RING_OUTER**2 - RING_INNER**2)
SQUARE_AREA = (2 * SQUARE_HALF_SIDE) ** 2
CROSS_AREA = 2 * (2 * CROSS_LENGTH) * (2 * CROSS_HALF_WIDTH) - (2 * CROSS_HALF_WIDTH) ** 2
TRIANGLE_AREA = polygon_area([_corner(TRIANGLE_RADIUS, k / 3) for k in range(3)])
STAR_AREA = polygon_area(
    [_corner(STAR_INNER if k % 2 else STAR_OUTER, k / (2 * STAR_POINTS)) for k in range(2 * STAR_POINTS)]
)
