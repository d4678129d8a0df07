"""Relations between two actors, as margins: a relation holds at a moment where its margin is at least 0.

What happens once in a clip (a collision) is judged from the whole of it, and has the same margin at every moment.
"""

import math
from dataclasses import dataclass

import numpy as np

from minisora.world.tables import Array

BESIDE_GAP = 0.5  # of the two radii's sum: how far apart "left of" must be
TOUCHING = 0.35  # of the two radii's sum, by which the nearest frame may miss the touch
LEAST_FRAMES = 2  # on either side of a touch, from which a velocity is read
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


def colliding(subject: Array, other: Array, radii: tuple[float, float]) -> Array:
    """Two come from opposite sides, touch, and both go back. Returns (f,), the same at every moment."""
    met = meeting(subject, other)
    if met is None:
        return np.full(len(subject), -1.0)
    back = min(met.before[0], -met.before[1], -met.after[0], met.after[1])
    return np.full(len(subject), min(back - 0.2, _touch(met, radii)))


def hitting(subject: Array, other: Array, radii: tuple[float, float]) -> Array:
    """The subject runs into the other, which rests, and stays there while the other goes on. Returns (f,)."""
    met = meeting(subject, other)
    if met is None:
        return np.full(len(subject), -1.0)
    rests = 0.3 - max(abs(met.before[1]), abs(met.after[0]))
    return np.full(len(subject), min(rests, met.before[0] - 0.6, met.after[1] - 0.6, _touch(met, radii)))


@dataclass(frozen=True)
class Meeting:
    """How two came together and went apart.

    Attributes:
        frame: in which they are nearest.
        distance: of their middles then.
        closing: speed at which they came together, per frame.
        before, after: velocities of the two along their line, in shares of `closing`; positive is from the first to
            the second.
    """

    frame: int
    distance: float
    closing: float
    before: tuple[float, float]
    after: tuple[float, float]


def meeting(one: Array, other: Array) -> Meeting | None:
    """Where two tracks come nearest, and how fast they are before and after that.

    Args:
        one, other: middles (f, 2).
    Returns:
        None where they do not come together and part again within the clip.
    """
    apart = np.hypot(*(other - one).T)
    frame = int(apart.argmin())
    if not LEAST_FRAMES <= frame < len(apart) - LEAST_FRAMES or apart[frame] == 0:
        return None
    way = (other[frame] - one[frame]) / apart[frame]
    before = [float((track[frame - 1] - track[0]) @ way) / (frame - 1) for track in (one, other)]
    rest = len(apart) - 2 - frame
    after = [float((track[-1] - track[frame + 1]) @ way) / rest for track in (one, other)]
    closing = before[0] - before[1]
    if closing <= 0:
        return None
    shares = [(a / closing, b / closing) for a, b in (before, after)]
    return Meeting(frame, float(apart[frame]), closing, *shares)


def _touch(met: Meeting, radii: tuple[float, float]) -> float:
    return TOUCHING - abs(met.distance / sum(radii) - 1)
