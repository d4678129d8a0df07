"""Relations between two actors, as margins: a relation holds at a moment where its margin is at least 0."""

import math

import numpy as np

from minisora.world.tables import Array

BESIDE_GAP = 0.5  # of the two radii's sum: how far apart "left of" must be
SIDEWAYS = 0.75  # "left of" is off by less than this share of the distance to the side


def beside(subject: Array, other: Array, radii: tuple[float, float], direction: tuple[float, float]) -> Array:
    """How far the subject lies in `direction` of the other, positions (f, 2); ≥ 0: clearly so. Returns (f,)."""
    offset = subject - other
    along = offset[:, 0] * direction[0] + offset[:, 1] * direction[1]
    across = np.abs(offset[:, 0] * direction[1] - offset[:, 1] * direction[0])
    return np.asarray(np.minimum(along - BESIDE_GAP * sum(radii), SIDEWAYS * along - across))


def chasing(subject: Array, other: Array, radii: tuple[float, float]) -> Array:
    """The subject is right behind the other on its straight way: near the line and within a few radii. Returns (f,)."""
    way = other[-1] - other[0]
    length = math.hypot(*way)
    if length < 1e-6:
        return np.full(len(subject), -1.0)
    unit = way / length
    offset = other - subject
    along = offset @ unit
    across = np.abs(offset[:, 0] * unit[1] - offset[:, 1] * unit[0])
    near = 3.2 * sum(radii) - along
    return np.asarray(np.minimum(np.minimum(along - 0.6 * sum(radii), near), 0.6 * sum(radii) - across))
