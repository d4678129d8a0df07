"""Ways to move on the stage, each in closed form as in `minisora.world.motions`; the angle is the direction faced.

Who moves sideways keeps its side in the sign of its heading (-1: to the left). What a character calls it ("drive",
"sail") stands in the character's own entry and is put where a phrase here says <go> or <wait>.
"""

import math
from typing import Any

import numpy as np

from minisora.world.motions import SIGHT_MARGIN, Half, draft_anywhere, draft_leaving, goes_out, reflect
from minisora.world.scene import Actor
from minisora.world.tables import Array, Motion, Pose, Rng, Words

__all__ = ["MEETING", "MOTIONS", "braked_way", "draft_encounter"]

BRAKING = 0.5  # seconds from full speed to rest
SPEEDING_UP = 1.0  # seconds from rest to full speed in the air
TILTING = 0.3  # seconds in which a flyer turns from level to its slope
SLOPE = math.radians(40)  # of taking off and landing
MEETING = "coming to meet"
ROOM = 0.9  # of its radius by which a middle keeps from the edge, where there is room
TURNS_WITHIN = 0.5  # of its radius that the middle of who turns around may be beyond the frame
MOMENT = 0.25  # seconds for which either half of a motion must be seen
STOPPING_RATE = (0.22, 0.36)  # of those whose speed is no word
NONE = Words(())

_DIRECTIONS = {
    "moving left": (-1, 0),
    "moving right": (1, 0),
    "moving up": (0, -1),
    "moving down": (0, 1),
    "moving up and to the left": (-1, -1),
    "moving up and to the right": (1, -1),
}


# --- paths ------------------------------------------------------------------------------------------------------------


def _still(actor: Actor, times: Array, half: Half) -> Pose:
    """Stays where it is and faces its side."""
    return _pose(actor, times, 0.0 * times, 0.0 * times, _facing(_side(actor)))


def _turning(actor: Actor, times: Array, half: Half) -> Pose:
    """Goes to its side for `extent` seconds, turns, and goes to and fro from then on, its start in the middle."""
    way = actor.rate * reflect(times, actor.extent)
    onward = np.mod(times + actor.extent, 4 * actor.extent) < 2 * actor.extent
    side = _side(actor)
    return _pose(actor, times, side * way, 0.0 * times, _facing(np.where(onward, side, -side)))


def _stopping(actor: Actor, times: Array, half: Half) -> Pose:
    """Goes to its side, slows down smoothly from `extent` seconds on, and stands."""
    way = actor.rate * braked_way(times, actor.extent)
    return _pose(actor, times, _side(actor) * way, 0.0 * times, _facing(_side(actor)))


def braked_way(times: Array | float, extent: float) -> Array:
    """Seconds' worth of way until a moment, for who goes at full speed until `extent` and then brakes evenly."""
    late = np.clip(np.asarray(times) - extent, 0.0, BRAKING)
    return np.asarray(np.minimum(times, extent) + late - late**2 / (2 * BRAKING))


def _taking_off(actor: Actor, times: Array, half: Half) -> Pose:
    """Rests for `extent` seconds, then rises to its side along a slope, faster and faster up to its rate."""
    flown = np.maximum(times - actor.extent, 0.0)
    way = actor.rate * _sped_up(flown)
    return _sloping(actor, times, way, -way, -_tilt(flown))


def _landing(actor: Actor, times: Array, half: Half) -> Pose:
    """Taking off seen backwards: comes down along a slope, slower and slower, and rests from `extent` seconds on."""
    left = np.maximum(actor.extent - times, 0.0)
    way = actor.rate * (_sped_up(np.asarray(actor.extent)) - _sped_up(left))
    return _sloping(actor, times, way, way, _tilt(left))


def _sped_up(flown: Array) -> Array:
    """Seconds' worth of way from rest: evenly accelerated, then at full speed."""
    early = np.minimum(flown, SPEEDING_UP)
    return np.asarray(early**2 / (2 * SPEEDING_UP) + flown - early)


def _tilt(flown: Array) -> Array:
    return np.asarray(SLOPE * np.minimum(flown / TILTING, 1.0))


def _sloping(actor: Actor, times: Array, ahead: Array, down: Array, tilt: Array) -> Pose:
    """A way along the slope, to the actor's side; `tilt` is how far it looks down (up: below 0)."""
    side = _side(actor)
    angle = tilt if side > 0 else math.pi - tilt
    return _pose(actor, times, side * math.cos(SLOPE) * ahead, math.sin(SLOPE) * down, angle)


def _leaving(actor: Actor, times: Array, half: Half) -> Pose:
    """Out of the frame to its side, turning back after `extent` seconds, to and fro for ever."""
    way = actor.rate * (reflect(times - actor.extent / 2, actor.extent / 2) + actor.extent / 2)
    out = np.mod(times, 2 * actor.extent) < actor.extent
    side = math.copysign(1.0, math.cos(actor.heading))
    return _pose(actor, times, side * way, 0.0 * times, _facing(np.where(out, side, -side)))


def _side(actor: Actor) -> float:
    return 1.0 if actor.heading >= 0 else -1.0


def _facing(side: float | Array) -> Array:
    return np.where(np.asarray(side) > 0, 0.0, math.pi)


def _pose(actor: Actor, times: Array, dx: Array, dy: Array, angle: Array) -> Pose:
    ones = np.ones_like(times)
    return Pose(actor.start[0] + dx, actor.start[1] + dy, ones, angle * ones)


# --- what sets a motion apart -----------------------------------------------------------------------------------------


def _shows_turn(actor: Actor, times: Array, half: Half) -> bool:
    """Whether one of its turns, at `extent`, 3 `extent`, …, is in the frame, with something before it and after it."""
    first = math.ceil((times[0] + MOMENT - actor.extent) / (2 * actor.extent))
    turn = (2 * max(first, 0) + 1) * actor.extent
    x = _turning(actor, np.array([turn]), half).x[0]
    return bool(turn <= times[-1] - MOMENT and abs(x) < half[0] + TURNS_WITHIN * actor.radius)


def _shows_stop(actor: Actor, times: Array, half: Half) -> bool:
    return bool(times[0] <= actor.extent - MOMENT and times[-1] >= actor.extent + BRAKING + MOMENT)


def _shows_start(actor: Actor, times: Array, half: Half) -> bool:
    """Whether it rests at first, and has risen by a good part of its size in the end."""
    way = actor.rate * _sped_up(np.maximum(times[-1:] - actor.extent, 0.0))[0]
    return bool(times[0] <= actor.extent - MOMENT / 2 and way * math.sin(SLOPE) > 0.5 * actor.radius)


def _shows_end(actor: Actor, times: Array, half: Half) -> bool:
    way = actor.rate * _sped_up(np.maximum(actor.extent - times[:1], 0.0))[0]
    return bool(times[-1] >= actor.extent + MOMENT / 2 and way * math.sin(SLOPE) > 0.5 * actor.radius)


# --- drafts -----------------------------------------------------------------------------------------------------------


def _draft_turning(rng: Rng, radius: float, rate: float, half: Half, seconds: float) -> dict[str, Any]:
    """A turn in the middle of two seconds, and room on both sides of the start for as long as it goes on."""
    extent, side = float(rng.uniform(0.75, 1.1)), float(rng.choice([-1.0, 1.0]))
    return {**_sideways(rng, radius, half, -rate * extent, rate * extent), "heading": side, "extent": extent}


def _draft_stopping(rng: Rng, radius: float, rate: float, half: Half, seconds: float) -> dict[str, Any]:
    """Goes for the better half of a second before it brakes."""
    extent, side = float(rng.uniform(0.55, 0.95)), float(rng.choice([-1.0, 1.0]))
    rate = float(rng.uniform(*STOPPING_RATE))
    way = side * rate * float(braked_way(seconds, extent))
    place = _sideways(rng, radius, half, min(way, 0.0), max(way, 0.0))
    return {**place, "heading": side, "extent": extent, "rate": rate}


def _draft_taking_off(rng: Rng, radius: float, rate: float, half: Half, seconds: float) -> dict[str, Any]:
    """Off after half a second, so fast that it comes as far as it may within the clip."""
    return _draft_sloping(rng, radius, half, float(rng.uniform(0.35, 0.55)), seconds, up=True)


def _draft_landing(rng: Rng, radius: float, rate: float, half: Half, seconds: float) -> dict[str, Any]:
    """Down half a second before two seconds are over."""
    return _draft_sloping(rng, radius, half, float(rng.uniform(1.35, 1.6)), seconds, up=False)


def _draft_sloping(rng: Rng, radius: float, half: Half, extent: float, seconds: float, up: bool) -> dict[str, Any]:
    flown = max(seconds - extent, 1.0) if up else extent
    far, side = float(rng.uniform(0.38, 0.62)), float(rng.choice([-1.0, 1.0]))
    way = side * far * math.cos(SLOPE)
    place = _sideways(rng, radius, half, min(way, 0.0), max(way, 0.0))
    rise = far * math.sin(SLOPE)
    high, low = -half[1] + radius, half[1] - radius  # where the middle may be
    down = float(rng.uniform(min(high + rise, low), low))
    start = (place["start"][0], down if up else down - rise)
    return {"start": start, "heading": side, "extent": extent, "rate": far / float(_sped_up(np.asarray(flown)))}


def _draft_leaving(rng: Rng, radius: float, rate: float, half: Half, seconds: float) -> dict[str, Any]:
    """As the leaving of plain figures, to one of the two sides."""
    while True:
        fields = draft_leaving(rng, radius, rate, half, seconds)
        if abs(math.sin(fields["heading"])) < 0.5:
            return fields


def draft_encounter(rng: Rng, radii: tuple[float, float], half: Half, seconds: float) -> tuple[dict[str, Any], ...]:
    """Numbers for two that come from both sides and stop in front of each other, the left one first.

    Args:
        rng: source of the numbers.
        radii: of the two.
        half: half width and half height of the frame.
        seconds: of the clip.
    Returns:
        start (its height is 0), heading, rate and extent of each.
    """
    extent, rate = float(rng.uniform(0.65, 0.95)), float(rng.uniform(*STOPPING_RATE))
    gap = float(rng.uniform(1.15, 1.4)) * sum(radii)
    way = rate * float(braked_way(seconds, extent))
    reach = half[0] - SIGHT_MARGIN * max(radii)
    middle = float(rng.uniform(-1, 1)) * max(reach - gap / 2 - way, 0.0)
    return tuple(
        {"start": (middle - side * (gap / 2 + way), 0.0), "heading": side, "rate": rate, "extent": extent}
        for side in (1.0, -1.0)
    )


def _sideways(rng: Rng, radius: float, half: Half, low: float, high: float) -> dict[str, Any]:
    """A start from which a way from `low` to `high` along x stays in the frame, at any height."""
    return _inside(rng, radius, half, (low, high), (0.0, 0.0))


def _inside(rng: Rng, radius: float, half: Half, x: tuple[float, float], y: tuple[float, float]) -> dict[str, Any]:
    """A start from which ways from low to high along x and y keep in the frame; in its middle if they are too long."""
    start = []
    for (low, high), side in zip((x, y), half, strict=True):
        first, last = ROOM * radius - side - low, side - ROOM * radius - high
        start.append(float(rng.uniform(first, last)) if first < last else (first + last) / 2)
    return {"start": (start[0], start[1])}


# --- the table --------------------------------------------------------------------------------------------------------


def _straight(name: str, words: Words, way: tuple[float, float]) -> Motion:
    length = math.hypot(*way)
    direction = (way[0] / length, way[1] / length)
    angle = np.asarray(math.atan2(direction[1], direction[0]))

    def path(actor: Actor, times: Array, half: Half) -> Pose:
        gone = actor.rate * times
        return _pose(actor, times, direction[0] * gone, direction[1] * gone, angle)

    def draft(rng: Rng, radius: float, rate: float, half: Half, seconds: float) -> dict[str, Any]:
        way, rise = direction[0] * rate * seconds, direction[1] * rate * seconds
        return _inside(rng, radius, half, (min(way, 0.0), max(way, 0.0)), (min(rise, 0.0), max(rise, 0.0)))

    return Motion(name, words, path, draft, direction=direction, common=2.0 if way[1] == 0 else 1.5)


def _ways(*usual: str, free: tuple[str, ...], heard: tuple[str, ...] = (), own: Words = NONE) -> Words:
    """A straight motion: <go> in a direction; `own` are phrases without a direction ("<rise>")."""
    return Words(
        tuple(f"<go> {way}" for way in usual) + own.usual,
        tuple(f"<go> {way}" for way in free) + own.free,
        tuple(f"<go> {way}" for way in heard) + own.heard,
    )


def _side_words(side: str) -> Words:
    usual = (side, f"to the {side}")
    return _ways(*usual, free=(f"towards the {side}", f"{side}wards"), heard=(f"{side}ward", f"on to the {side}"))


def _upward_words(side: str) -> Words:
    usual = (f"up and to the {side}", f"up and {side}", f"to the upper {side}")
    heard = (f"up {side}", f"diagonally up {side}", f"to the top {side}", f"towards the top {side}", f"{side} and up")
    return _ways(*usual, free=(f"diagonally up and to the {side}", f"towards the upper {side}"), heard=heard)


_WORDS = {
    "moving left": _side_words("left"),
    "moving right": _side_words("right"),
    "moving up": _ways(
        "up", "upwards", free=("straight up",), heard=("upward", "towards the top"), own=Words(("<rise>",))
    ),
    "moving down": _ways(
        "down", "downwards", free=("straight down",), heard=("downward", "towards the bottom"),
        own=Words(("<descend>",), (), ("<sink>", "<fall>", "<fall> down", "<dive>")),
    ),
    "moving up and to the left": _upward_words("left"),
    "moving up and to the right": _upward_words("right"),
}  # fmt: skip

_STILL = Words(
    ("<wait> still", "<wait>", "<wait> in place"),
    ("<wait> on the spot", "<stay> where it is"),
    ("<keep> still", "<rest>", "not moving", "does not move", "motionless", "stationary", "at rest", "still"),
)
_TURNING = Words(
    ("<turn> around", "<go> one way and <turn> around", "<turn> around and <go> back"),
    ("<turn> round and <go> back", "<go> one way and then back"),
    ("<turn> back", "<turn> round", "<turn>", "<go> to and fro", "<go> back and forth", "<reverse>"),
)
_STOPPING = Words(
    ("<stop>", "<slow> down and <stop>", "<come> to a stop"),
    ("<brake> and <stop>", "<come> to a halt"),
    ("<halt>", "<brake>", "<slow> down", "<go> and <stop>", "<go> up and <stop>", "<go> on and <stop>"),
)
_TAKING_OFF = Words(
    ("<take> off", "<take> off from the ground", "<lift> off"),
    ("<rise> from the ground", "<lift> off from the ground"),
    ("<start> to fly", "<launch>", "<blast> off", "<leave> the ground", "<take> to the air", "<lift> off the ground"),
)
_LANDING = Words(
    ("<land>", "<land> on the ground", "<come> down to land"),
    ("<touch> down", "<come> in to land"),
    ("<alight>", "<come> in for a landing", "<descend> and <land>", "<settle> on the ground"),
)
_LEAVING = Words(
    ("<leave> and <come> back", "<leave> the frame and <come> back", "<go> out of view and <return>"),
    ("<leave> and <return>", "<go> out of view and <come> back", "<leave> the frame and <return>"),
    ("<exit> and <return>", "<exit> and <come> back", "<leave> the screen and <come> back", "<leave> the frame"),
)

_FIXED: dict[str, Any] = {"has_speed": False}
_OFF: dict[str, Any] = {**_FIXED, "stands_at": 0.0}
_DOWN: dict[str, Any] = {**_FIXED, "stands_at": math.inf}

MOTIONS = (
    Motion("staying still", _STILL, _still, draft_anywhere, stays=True, common=2.0, **_FIXED),
    *(_straight(name, _WORDS[name], way) for name, way in _DIRECTIONS.items()),
    Motion("turning around", _TURNING, _turning, _draft_turning, stays=True, common=1.3, shown=_shows_turn),
    Motion("stopping", _STOPPING, _stopping, _draft_stopping, stays=True, common=1.3, shown=_shows_stop, **_FIXED),
    Motion("taking off", _TAKING_OFF, _taking_off, _draft_taking_off, common=2.0, shown=_shows_start, **_OFF),
    Motion("landing", _LANDING, _landing, _draft_landing, stays=True, common=2.0, shown=_shows_end, **_DOWN),
    Motion("leaving and coming back", _LEAVING, _leaving, _draft_leaving, common=0.0, shown=goes_out, **_FIXED),
    Motion(MEETING, Words(()), _stopping, draft_anywhere, common=0.0, paired=True, **_FIXED),
)
