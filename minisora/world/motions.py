"""Ways to move, each in closed form, so that a clip of any length and rate shows the same motion without drift.

A path function gets (actor, times (f,), half frame) and gives a `Pose`. A draft function invents the numbers of an
actor (start, heading, extent) such that the motion can be seen inside the frame for the given seconds.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from minisora.world.scene import Actor
from minisora.world.tables import Array, Pose, Rng

Half = tuple[float, float]

SPIN_PER_RATE = 9.0  # radians per second for a rate of one; fast enough to see, slow enough for 8 frames a second
GROWTH_PER_SECOND = 0.5  # doublings
GROWTH_LIMIT = 2.0  # and then it stays
LEAVING_TURN = (0.92, 1.08)  # seconds after which a leaving actor turns back
MEETING_RATE = (0.2, 0.36)  # of two that collide within two seconds; in a longer clip they are as much slower
MEETING_TIME = (0.3, 0.6)  # of a clip, when they touch
SIGHT_MARGIN = 0.35  # share of the radius by which a middle keeps from the edge


def still(actor: Actor, times: Array, half: Half) -> Pose:
    """Stays where it started."""
    return _pose(actor, times, 0.0, 0.0)


def straight(actor: Actor, times: Array, half: Half, direction: tuple[float, float]) -> Pose:
    """Uniform motion along a unit vector."""
    return _pose(actor, times, direction[0] * actor.rate * times, direction[1] * actor.rate * times)


def bouncing(actor: Actor, times: Array, half: Half) -> Pose:
    """Uniform motion, mirrored at the edges so that the whole actor stays in view: a triangle wave per axis."""
    dx, dy = math.cos(actor.heading) * actor.rate, math.sin(actor.heading) * actor.rate
    x = reflect(actor.start[0] + dx * times, half[0] - actor.radius)
    y = reflect(actor.start[1] + dy * times, half[1] - actor.radius)
    return _pose(actor, times, x - actor.start[0], y - actor.start[1])


def circling(actor: Actor, times: Array, half: Half, turn: float) -> Pose:
    """Round a circle of radius `extent`; `heading` is the phase at time 0, `turn` +1 is clockwise on the screen."""
    phase = actor.heading + turn * actor.rate / max(actor.extent, 1e-6) * times
    dx = actor.extent * (np.cos(phase) - math.cos(actor.heading))
    dy = actor.extent * (np.sin(phase) - math.sin(actor.heading))
    return _pose(actor, times, dx, dy)


def falling(actor: Actor, times: Array, half: Half) -> Pose:
    """Free fall from rest with gravity `extent` (per second squared), until it lies on the lower edge."""
    floor = half[1] - actor.radius
    y = np.minimum(actor.start[1] + 0.5 * actor.extent * times**2, max(floor, actor.start[1]))
    return _pose(actor, times, 0.0, y - actor.start[1])


def spinning(actor: Actor, times: Array, half: Half) -> Pose:
    """Turns on the spot; the sign of `heading` is the sense of the turn."""
    pose = _pose(actor, times, 0.0, 0.0)
    angle = math.copysign(SPIN_PER_RATE, actor.heading) * actor.rate * times
    return Pose(pose.x, pose.y, pose.scale, angle)


def scaling(actor: Actor, times: Array, half: Half, sign: float) -> Pose:
    """Grows (sign +1) or shrinks (-1) by a constant factor per second, up to a limit."""
    pose = _pose(actor, times, 0.0, 0.0)
    scale = 2.0 ** (sign * np.minimum(GROWTH_PER_SECOND * times, math.log2(GROWTH_LIMIT)))
    return Pose(pose.x, pose.y, scale, pose.angle)


def leaving(actor: Actor, times: Array, half: Half) -> Pose:
    """Out of the frame along `heading`, turning back after `extent` seconds, for ever: a triangle wave."""
    out = actor.rate * reflect(times - actor.extent / 2, actor.extent / 2) + actor.rate * actor.extent / 2
    return _along(actor, times, out)


def rebounding(actor: Actor, times: Array, half: Half) -> Pose:
    """Goes along `heading`, meets another one after `extent` seconds, and goes back as fast."""
    return _along(actor, times, actor.rate * (actor.extent - np.abs(times - actor.extent)))


def stopping(actor: Actor, times: Array, half: Half) -> Pose:
    """Goes along `heading`, hits another one of its own mass after `extent` seconds, and rests there."""
    return _along(actor, times, actor.rate * np.minimum(times, actor.extent))


def pushed(actor: Actor, times: Array, half: Half) -> Pose:
    """Rests, is hit by one of its own mass after `extent` seconds, and goes on in its place along `heading`."""
    return _along(actor, times, actor.rate * np.maximum(times - actor.extent, 0.0))


def _along(actor: Actor, times: Array, way: Array) -> Pose:
    return _pose(actor, times, math.cos(actor.heading) * way, math.sin(actor.heading) * way)


def reflect(values: Array, limit: float) -> Array:
    """Fold a line into [-limit, limit] as a mirror at each end would (triangle wave, identity inside)."""
    if limit <= 0:
        return np.zeros_like(values)
    folded = np.mod(values + limit, 4 * limit)
    return limit - np.abs(folded - 2 * limit)


def _pose(actor: Actor, times: Array, dx: Array | float, dy: Array | float) -> Pose:
    ones = np.ones_like(times)
    return Pose((actor.start[0] + dx) * ones, (actor.start[1] + dy) * ones, ones, np.zeros_like(times))


# --- what sets a motion apart --------------------------------------------------------------------------------------


def meets_edge(actor: Actor, times: Array, half: Half) -> bool:
    """Whether a bounce is seen: the path goes one way for a moment, and later another way."""
    if len(times) < 4:
        return False
    pose = bouncing(actor, times, half)
    velocity = np.diff(np.stack([pose.x, pose.y]), axis=1) / np.diff(times)
    return bool(np.hypot(*(velocity[:, 2:] - velocity[:, 1:2])).max() > 0.5 * actor.rate)


def goes_out(actor: Actor, times: Array, half: Half) -> bool:
    """Whether the actor is seen, is out of view for a moment, and is seen again."""
    pose = leaving(actor, times, half)
    reach = actor.radius * pose.scale
    seen = (np.abs(pose.x) < half[0] + 0.3 * reach) & (np.abs(pose.y) < half[1] + 0.3 * reach)
    out = (np.abs(pose.x) > half[0] + 0.9 * reach) | (np.abs(pose.y) > half[1] + 0.9 * reach)
    if not out.any():
        return False
    gone = np.flatnonzero(out)
    return bool(seen[: gone[0]].any() and seen[gone[-1] :].any())


# --- drafts: numbers for an actor so that its motion can be seen -----------------------------------------------------

Path = Callable[[Actor, Array, Half], Pose]
Draft = Callable[[Rng, float, float, Half, float], dict[str, Any]]


def draft_anywhere(rng: Rng, radius: float, rate: float, half: Half, seconds: float) -> dict[str, Any]:
    """A place where the whole actor is in view; the heading's sign serves spins."""
    return {"start": _place(rng, radius, half), "heading": float(rng.choice([-1.0, 1.0]))}


def draft_growing(rng: Rng, radius: float, rate: float, half: Half, seconds: float) -> dict[str, Any]:
    """A place where the grown actor is in view too."""
    grown = min(2 ** (GROWTH_PER_SECOND * seconds), GROWTH_LIMIT) * radius
    return {"start": _place(rng, min(grown, 0.8 * min(half)), half)}


def draft_straight(
    rng: Rng, radius: float, rate: float, half: Half, seconds: float, direction: tuple[float, float]
) -> dict[str, Any]:
    """A start from which the middle stays in view, off the edge, to the end."""
    start = []
    for axis in range(2):
        way = direction[axis] * rate * seconds
        reach = max(half[axis] - radius * (1 + SIGHT_MARGIN if way == 0 else SIGHT_MARGIN), 0.0)
        low, high = -reach - min(way, 0.0), reach - max(way, 0.0)
        middle = (low + high) / 2
        start.append(float(rng.uniform(min(low, middle), max(high, middle))))
    return {"start": (start[0], start[1])}


def draft_bouncing(rng: Rng, radius: float, rate: float, half: Half, seconds: float) -> dict[str, Any]:
    """A start near enough to an edge to meet it within a second, early enough to see both legs."""
    axis, side = int(rng.integers(2)), float(rng.choice([-1.0, 1.0]))
    slant = float(rng.uniform(-0.9, 0.9))  # off the perpendicular, at most 52°
    until = float(rng.uniform(0.35, 0.95))  # seconds to the edge
    start = [float(rng.uniform(-1, 1)) * (half[0] - radius), float(rng.uniform(-1, 1)) * (half[1] - radius)]
    start[axis] = side * (half[axis] - radius - until * rate * math.cos(slant))
    outward = (0.0 if axis == 0 else math.pi / 2) + (0.0 if side > 0 else math.pi)
    return {"start": (start[0], start[1]), "heading": outward + slant}


def draft_circling(rng: Rng, radius: float, rate: float, half: Half, seconds: float) -> dict[str, Any]:
    """A circle in view, so small that two seconds show a quarter of a turn (a fifth if it is slow)."""
    widest = min(half) - 0.6 * radius
    reach = float(np.clip(rng.uniform(0.8, 1.1) * rate, 0.12, min(0.24, widest)))
    phase = float(rng.uniform(-math.pi, math.pi))
    middle = _place(rng, min(reach + SIGHT_MARGIN * radius, min(half)), half)
    start = (middle[0] + reach * math.cos(phase), middle[1] + reach * math.sin(phase))
    return {"start": start, "heading": phase, "extent": reach}


def draft_falling(rng: Rng, radius: float, rate: float, half: Half, seconds: float) -> dict[str, Any]:
    """High enough, and gravity such that it is still falling for most of the clip."""
    gravity = float(rng.uniform(0.26, 0.36))
    x = _place(rng, radius, half)[0]
    y = -half[1] + radius * float(rng.uniform(0.8, 1.2))
    return {"start": (x, y), "extent": gravity}


def draft_leaving(rng: Rng, radius: float, rate: float, half: Half, seconds: float) -> dict[str, Any]:
    """Fully in view at first, out of view for about half a second round the turn, back at the end.

    The rate follows from that: the way out is as long as the way in view, since the turn comes half way.
    """
    axis, side = int(rng.integers(2)), float(rng.choice([-1.0, 1.0]))
    turn = float(rng.uniform(*LEAVING_TURN))
    unseen = float(rng.uniform(0.22, 0.28))  # half the time out of view
    rate = float(rng.uniform(1.0, 1.2)) * 2.1 * radius / (turn - unseen)
    heading = (0.0 if axis == 0 else math.pi / 2) + (0.0 if side > 0 else math.pi)
    start = list(_place(rng, radius, half))
    start[axis] = side * (half[axis] + radius + rate * unseen - rate * turn)
    return {"start": (start[0], start[1]), "heading": heading, "extent": turn, "rate": rate}


def draft_meeting(rng: Rng, radius: float, half: Half, seconds: float, rests: bool) -> tuple[dict[str, Any], ...]:
    """Numbers for two of equal size that meet: both come from opposite sides, or one rests until it is hit."""
    rate, meeting = float(rng.uniform(*MEETING_RATE)) * min(2 / seconds, 1), float(rng.uniform(*MEETING_TIME)) * seconds
    heading = float(rng.uniform(-math.pi, math.pi))
    way = np.array([math.cos(heading), math.sin(heading)])
    middle = np.array(_place(rng, radius, half))  # where they touch
    apart = (radius + rate * meeting, radius if rests else radius + rate * meeting)
    starts = middle - apart[0] * way, middle + apart[1] * way
    headings = heading, heading if rests else heading + math.pi
    return tuple(
        {"start": (float(x), float(y)), "heading": each, "rate": rate, "extent": meeting}
        for (x, y), each in zip(starts, headings, strict=True)
    )


def _place(rng: Rng, radius: float, half: Half) -> tuple[float, float]:
    reach_x, reach_y = max(half[0] - 1.1 * radius, 0.0), max(half[1] - 1.1 * radius, 0.0)
    return float(rng.uniform(-reach_x, reach_x)), float(rng.uniform(-reach_y, reach_y))


def straight_pair(direction: tuple[float, float]) -> tuple[Callable[[Actor, Array, Half], Pose], Draft]:
    """Path and draft of a straight motion, its direction made a unit vector."""
    length = math.hypot(*direction)
    unit = (direction[0] / length, direction[1] / length)
    return partial(straight, direction=unit), partial(draft_straight, direction=unit)
