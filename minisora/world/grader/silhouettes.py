"""Silhouettes seen as pixels: each shape's own distance function against a soft mask, frame by frame.

Nothing here knows a shape by name. A `Shape` gives its distance, area and fold; from those follow the radius (by area),
the angle (by an angular moment) and the mask that it would leave, which is compared with the one that was seen.
All lengths are in pixels; patches are square cut-outs that follow an actor.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray

from minisora.world.tables import Shape

Floats = NDArray[np.float32]

REACH = 1.5  # radii covered by a distance table
CELLS = 640  # of a table, each way: nearest look-up is off by at most 0.002 radii
STEP = 0.35  # pixels of the finite differences in a fit
SMALLEST_DISTANCE = 0.02
GOOD = 0.03  # misfit below which a start needs no search
SEARCH = (-0.8, -0.4, 0.0, 0.4, 0.8)  # radii by which a middle may be off at first


@dataclass(frozen=True)
class Patches:
    """Cut-outs of one actor's mask.

    Attributes:
        cover: (f, s, s) how much of a pixel it fills, 0…1.
        weight: (f, s, s) 0 where something else is in front or the frame ends, else 1.
        x, y: (f, 1, s), (f, s, 1) pixel coordinates of the middles of the pixels.
        soft: width in pixels over which an edge fades; 1 on a render, more after a decoder.
    """

    cover: Floats
    weight: Floats
    x: Floats
    y: Floats
    soft: float = 1.0

    def pick(self, frames: NDArray[np.bool_]) -> "Patches":
        """The same for some frames only."""
        return Patches(self.cover[frames], self.weight[frames], self.x[frames], self.y[frames], self.soft)


@dataclass(frozen=True)
class Stance:
    """A silhouette's middle, radius (pixels) and angle (radians) in each frame, arrays of shape (f,)."""

    x: Floats
    y: Floats
    radius: Floats
    angle: Floats

    def pick(self, frames: NDArray[np.bool_]) -> "Stance":
        """A copy of some frames."""
        return Stance(self.x[frames], self.y[frames], self.radius[frames], self.angle[frames])

    def put(self, frames: NDArray[np.bool_], other: "Stance") -> None:
        """Overwrite some frames."""
        self.x[frames], self.y[frames] = other.x, other.y
        self.radius[frames], self.angle[frames] = other.radius, other.angle


@lru_cache(maxsize=64)
def distance_table(shape: Shape) -> Floats:
    """Signed distance of a shape in radii on a (CELLS, CELLS) raster over ±REACH, indexed by row (y) and column (x)."""
    line = (torch.arange(CELLS, dtype=torch.float64) + 0.5) / CELLS * 2 * REACH - REACH
    x, y = line[None, :].expand(CELLS, CELLS), line[:, None].expand(CELLS, CELLS)
    return shape.distance(x, y).numpy().astype(np.float32)


@lru_cache(maxsize=64)
def _upright(shape: Shape) -> float:
    """Argument of the angular moment of the shape at angle 0."""
    line = ((np.arange(CELLS) + 0.5) / CELLS * 2 * REACH - REACH).astype(np.float32)
    inside = (distance_table(shape) < 0).astype(np.float32)[None]
    return float(_moment(inside, line[None, None, :], line[None, :, None], shape.fold)[1][0])


def draw(shape: Shape, stance: Stance, patches: Patches) -> Floats:
    """The cover (f, s, s) that the shape would leave in the patches' pixels, with edges as soft as theirs."""
    radius = stance.radius[:, None, None]
    dx, dy = (patches.x - stance.x[:, None, None]) / radius, (patches.y - stance.y[:, None, None]) / radius
    cos, sin = np.cos(stance.angle)[:, None, None], np.sin(stance.angle)[:, None, None]
    column, row = _cell(cos * dx + sin * dy), _cell(cos * dy - sin * dx)
    distance = distance_table(shape).ravel()[row * CELLS + column] * radius
    return np.asarray(np.clip(0.5 - distance / patches.soft, 0, 1), dtype=np.float32)


def _cell(value: Floats) -> NDArray[np.int32]:
    return np.asarray(np.clip((value + REACH) * (CELLS / (2 * REACH)), 0, CELLS - 1), dtype=np.int32)


def stance_by_moments(shape: Shape, patches: Patches) -> Stance:
    """Middle from the centre of mass, radius from the area, angle from the moment that turns with the shape's fold."""
    cover = patches.cover
    mass = np.maximum(cover.sum((1, 2)), 1e-3)
    x = (cover * patches.x).sum((1, 2)) / mass
    y = (cover * patches.y).sum((1, 2)) / mass
    angle = np.zeros_like(x)
    if shape.fold:
        dx, dy = patches.x - x[:, None, None], patches.y - y[:, None, None]
        angle = ((_moment(cover, dx, dy, shape.fold)[1] - _upright(shape)) / shape.fold).astype(np.float32)
    return Stance(x, y, np.sqrt(mass / shape.area).astype(np.float32), angle)


def _moment(cover: Floats, dx: Floats, dy: Floats, fold: int) -> tuple[Floats, Floats]:
    """Size and argument of the sum of cover · ρ² · exp(i · fold · θ), each (f,)."""
    z = dx + 1j * dy
    power = z.copy()
    for _ in range(fold - 1):
        power = power * z
    distance = np.abs(z) + SMALLEST_DISTANCE
    total = (cover * power * distance ** (2 - fold)).sum((1, 2))
    return np.abs(total).astype(np.float32), np.angle(total).astype(np.float32)


def softness(shape: Shape, stance: Stance, patches: Patches) -> float:
    """How many times softer the edges are than drawn ones, from the grey that they leave: cover · (1 - cover)."""
    drawn = draw(shape, stance, patches)
    seen_grey = (patches.cover * (1 - patches.cover) * patches.weight).sum()
    drawn_grey = (drawn * (1 - drawn) * patches.weight).sum()
    return float(seen_grey / max(drawn_grey, 1e-3))


def misfit(shape: Shape, stance: Stance, patches: Patches) -> Floats:
    """Mean squared difference of drawn and seen cover, relative to the silhouette's area, (f,)."""
    gap = (draw(shape, stance, patches) - patches.cover) * patches.weight
    return np.asarray((gap * gap).sum((1, 2)) / np.maximum(stance.radius**2 * shape.area, 1.0), dtype=np.float32)


def search_stance(shape: Shape, stance: Stance, patches: Patches) -> Stance:
    """The best of a few middles round the given one: where a silhouette is cut off, its centre of mass misleads."""
    start = misfit(shape, stance, patches)
    poor = start >= GOOD
    best = stance.pick(np.ones(len(poor), dtype=bool))
    if poor.any():
        best.put(poor, _searched(shape, stance.pick(poor), patches.pick(poor), start[poor]))
    return best


def _searched(shape: Shape, stance: Stance, patches: Patches, least: Floats) -> Stance:
    best = stance
    for across, down in product(SEARCH, SEARCH):
        x = (stance.x + across * stance.radius).astype(np.float32)
        y = (stance.y + down * stance.radius).astype(np.float32)
        trial = Stance(x, y, stance.radius, stance.angle)
        cost = misfit(shape, trial, patches)
        better = cost < least
        least = np.where(better, cost, least)
        best = Stance(np.where(better, x, best.x), np.where(better, y, best.y), stance.radius, stance.angle)
    return best


def fit_stance(shape: Shape, stance: Stance, patches: Patches, rounds: int = 4, hold: float = 0.0) -> Stance:
    """Least squares (Gauss-Newton with a little damping) on where, how large and how turned the silhouette is.

    Args:
        shape: what is fitted.
        stance: where to start.
        patches: what was seen; pixels of weight 0 don't count.
        rounds: iterations.
        hold: how firmly radius and angle are held where they start, in pixels of the rim.
    """
    names = "xyra" if shape.fold else "xyr"
    first = stance
    for _ in range(rounds):
        drawn = draw(shape, stance, patches)
        gap = ((patches.cover - drawn) * patches.weight).reshape(len(drawn), -1)
        slopes = [_slope(shape, stance, patches, name) for name in names]
        jacobian = np.stack([(s * patches.weight).reshape(len(drawn), -1) for s in slopes], axis=1)  # (f, p, s·s)
        normal, uphill = jacobian @ jacobian.transpose(0, 2, 1), jacobian @ gap[:, :, None]
        diagonal = np.arange(len(names))
        normal[:, diagonal, diagonal] += (0.05 + 0.02 * np.trace(normal, axis1=1, axis2=2))[:, None]
        normal[:, diagonal[2:], diagonal[2:]] += hold
        uphill[:, 2, 0] += hold * (first.radius - stance.radius)
        if shape.fold:
            uphill[:, 3, 0] += hold * (first.angle - stance.angle) * stance.radius
        move = np.linalg.solve(normal, uphill)[..., 0]
        for column, name in enumerate(names):
            stance = _shift(stance, name, np.clip(move[:, column], -1.5, 1.5))
    return stance


def _slope(shape: Shape, stance: Stance, patches: Patches, name: str) -> Floats:
    """Change of the drawn cover per pixel of movement (of the middle, the radius or, for an angle, the rim)."""
    ahead = draw(shape, _shift(stance, name, STEP), patches)
    behind = draw(shape, _shift(stance, name, -STEP), patches)
    return np.asarray((ahead - behind) / (2 * STEP), dtype=np.float32)


def _shift(stance: Stance, name: str, by: Floats | float) -> Stance:
    x, y, radius, angle = stance.x, stance.y, stance.radius, stance.angle
    if name == "x":
        x = (x + by).astype(np.float32)
    elif name == "y":
        y = (y + by).astype(np.float32)
    elif name == "r":
        radius = np.maximum(radius + by, 0.8).astype(np.float32)
    else:
        angle = (angle + by / radius).astype(np.float32)
    return Stance(x, y, radius, angle)
