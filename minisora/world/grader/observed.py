"""What a motion is fitted to: a track in the world's coordinates, and what of a path the frame would show."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from minisora.world.tables import Array, Pose


@dataclass(frozen=True)
class Observed:
    """A track in the world's coordinates (the camera's move taken out).

    Attributes:
        times: (f,) seconds.
        place: (f, 2) shorter sides, NaN where not known.
        weight: (f,) how sure the place is, 0…1.
        radius: (f,) shorter sides, NaN where not known.
        angle: (f,) radians modulo 2π / fold, NaN where not known.
        trust: (f,) how sure radius and angle are, 0…1.
        fold: of its shape.
        missing: (f,) not seen at all.
        zoom, offset: (f,), (f, 2): of the camera, to tell what the frame shows.
        wall: (left, right) in shorter sides, or None.
        half: half the frame's width and height.
        side: pixels per shorter side.
    """

    times: Array
    place: Array
    weight: Array
    radius: Array
    angle: Array
    trust: Array
    fold: int
    missing: NDArray[np.bool_]
    zoom: Array
    offset: Array
    wall: tuple[float, float] | None
    half: tuple[float, float]
    side: float

    @cached_property
    def sure(self) -> NDArray[np.int64]:
        """Indices of the frames in which the place is known."""
        return np.flatnonzero(self.weight > 0)

    @cached_property
    def sized(self) -> NDArray[np.int64]:
        """Indices of the frames in which radius and angle are known."""
        return np.flatnonzero(np.isfinite(self.radius))

    @cached_property
    def targets(self) -> tuple[Array, Array, Array, Array]:
        """x, y, radius and angle where they are known."""
        x, y = self.place[self.sure].T
        return x, y, self.radius[self.sized], self.angle[self.sized]

    @cached_property
    def scales(self) -> tuple[Array, Array]:
        """Pixels times the root of the normalised weights, of places and of radii."""
        place = np.sqrt(self.weight[self.sure] / self.weight.sum())
        size = np.sqrt(self.trust[self.sized] / self.trust[self.sized].sum())
        return place * self.side, size * self.side

    @cached_property
    def mean_radius(self) -> float:
        """Mean of the known radii, shorter sides."""
        return float(self.radius[self.sized].mean())

    @cached_property
    def beginning(self) -> tuple[tuple[float, float], list[tuple[float, float]], float]:
        """Place at time 0, velocity over the first few sure frames, the first step and the next few, median pace."""
        sure = np.flatnonzero(self.weight > 0.5)
        if len(sure) < 3:
            sure = self.sure
        few = max(3, min(4, len(sure) // 4))
        start, velocity = self._line(sure[:few])
        velocities = [velocity, self._line(sure[:2])[1], self._line(sure[few - 1 : 2 * few])[1]]
        steps = np.hypot(*np.diff(self.place[sure], axis=0).T) / np.diff(self.times[sure])
        return start, velocities, float(np.median(steps)) if len(steps) else 0.0

    def _line(self, frames: NDArray[np.int64]) -> tuple[tuple[float, float], tuple[float, float]]:
        """Place at time 0 and velocity of the straight line through some frames; (0, 0) through fewer than two."""
        if len(frames) < 2:
            return (0.0, 0.0), (0.0, 0.0)
        times, place = self.times[frames], self.place[frames]
        away = times - times.mean()
        velocity = away @ (place - place.mean(0)) / float(away @ away)
        start = place.mean(0) - velocity * times.mean()
        return (float(start[0]), float(start[1])), (float(velocity[0]), float(velocity[1]))


def in_view(pose: Pose, radius: float, observed: Observed) -> Array:
    """Share (f,) of a disc on this path that the frame shows and no wall hides (as a box, which is near enough)."""
    size = np.maximum(radius * pose.scale * observed.zoom, 1e-6)
    x, y = ((values - observed.offset[:, axis]) * observed.zoom for axis, values in enumerate((pose.x, pose.y)))
    return share_in_view(x, y, size, observed.half, observed.wall)


def share_in_view(
    x: Array, y: Array, size: Array, half: tuple[float, float], wall: tuple[float, float] | None
) -> Array:
    """Share (f,) of a box that the frame shows and no wall hides.

    Args:
        x, y: (f,) its middle on the screen, shorter sides from the frame's middle.
        size: (f,) half its side, above 0.
        half: half the frame's width and height.
        wall: (left, right), or None.
    Returns:
        0…1.
    """
    share = np.clip((half[0] + size - np.abs(x)) / (2 * size), 0, 1)
    if wall is not None:
        behind = np.minimum(x + size, wall[1]) - np.maximum(x - size, wall[0])
        share = share * (1 - np.clip(behind / (2 * size), 0, 1))
    return np.asarray(share * np.clip((half[1] + size - np.abs(y)) / (2 * size), 0, 1))
