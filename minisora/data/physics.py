"""Discs that fall, bounce and collide without losing energy, exact between collisions.

Units are the world's: shorter sides of the frame, seconds, y points down, so gravity is positive. Between two events
every ball is on a parabola. Gravity is the same for all, so two balls move on a straight line as seen from each
other, and the moment at which they touch is the root of a quadratic; so are the moments of floor and ceiling.
Read `simulate`: find the earliest event, move everything there, turn the velocities, repeat.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from minisora.errors import SettingError

MOST_EVENTS = 10_000  # a clip has a few dozen; more means a ball at rest on the floor


@dataclass(frozen=True)
class Ball:
    """A disc of uniform density: position, velocity and radius. Its mass is its area."""

    x: float
    y: float
    velocity_x: float
    velocity_y: float
    radius: float

    @property
    def mass(self) -> float:
        """Area of the disc."""
        return math.pi * self.radius**2

    def after(self, seconds: float, gravity: float) -> "Ball":
        """The ball after a flight without a collision."""
        fall = 0.5 * gravity * seconds**2
        x, y = self.x + self.velocity_x * seconds, self.y + self.velocity_y * seconds + fall
        return replace(self, x=x, y=y, velocity_y=self.velocity_y + gravity * seconds)


@dataclass(frozen=True)
class Event:
    """A collision: when, what with, and the balls (one, or two for a pair)."""

    time: float
    kind: Literal["side", "floor", "ceiling", "pair"]
    balls: tuple[int, ...]


@dataclass(frozen=True)
class Flight:
    """All balls as they leave an event; until the next one they are on parabolas."""

    time: float
    balls: tuple[Ball, ...]


@dataclass(frozen=True)
class History:
    """What happened: flights in order (the first at time 0) and the events between them."""

    gravity: float
    flights: tuple[Flight, ...]
    events: tuple[Event, ...]

    def at(self, time: float) -> tuple[Ball, ...]:
        """The balls at a moment, in seconds; exact."""
        flight = next(flight for flight in reversed(self.flights) if flight.time <= time or flight.time == 0)
        return tuple(ball.after(time - flight.time, self.gravity) for ball in flight.balls)

    def positions(self, times: Iterable[float]) -> NDArray[np.float64]:
        """Middles (f, n, 2) at the given moments."""
        return np.array([[(ball.x, ball.y) for ball in self.at(time)] for time in times])


def simulate(balls: Sequence[Ball], gravity: float, half: tuple[float, float], seconds: float) -> History:
    """Let balls move in a closed box.

    Args:
        balls: at time 0, inside the box and apart from each other.
        gravity: shorter sides per second², downwards; 0 for none.
        half: half width and half height of the box.
        seconds: for how long.
    Returns:
        Every flight and collision until then.
    Raises:
        SettingError: balls that overlap or stick out, upward gravity, or one that rests on the floor.
    """
    _check(balls, gravity, half)
    now, current = 0.0, tuple(balls)
    flights, events = [Flight(now, current)], []
    while (event := _next_event(current, gravity, half)) is not None and now + event.time <= seconds:
        current = _collide(tuple(ball.after(event.time, gravity) for ball in current), event)
        now += event.time
        events.append(replace(event, time=now))
        flights.append(Flight(now, current))
        if len(events) > MOST_EVENTS:
            raise SettingError("A ball rests on the floor and would bounce for ever. Start it above the floor.")
    return History(gravity, tuple(flights), tuple(events))


def energy(balls: Iterable[Ball], gravity: float) -> float:
    """Kinetic and potential energy of all balls (height counts from the middle of the frame)."""
    speeds = ((ball, ball.velocity_x**2 + ball.velocity_y**2) for ball in balls)
    return sum(ball.mass * (0.5 * square - gravity * ball.y) for ball, square in speeds)


def momentum(balls: Iterable[Ball]) -> tuple[float, float]:
    """Sum of mass times velocity, x and y."""
    balls = tuple(balls)
    return sum(b.mass * b.velocity_x for b in balls), sum(b.mass * b.velocity_y for b in balls)


# --- when -------------------------------------------------------------------------------------------------------------


def _next_event(balls: tuple[Ball, ...], gravity: float, half: tuple[float, float]) -> Event | None:
    """The earliest collision, its time counted from now; only what approaches can collide."""
    return min(_candidates(balls, gravity, half), key=lambda event: event.time, default=None)


def _candidates(balls: tuple[Ball, ...], gravity: float, half: tuple[float, float]) -> Iterator[Event]:
    for index, ball in enumerate(balls):
        if ball.velocity_x:
            room = half[0] - ball.radius - math.copysign(1, ball.velocity_x) * ball.x
            yield Event(max(room, 0) / abs(ball.velocity_x), "side", (index,))
        below, above = half[1] - ball.radius - ball.y, half[1] - ball.radius + ball.y
        if (time := _floor_time(max(below, 0), ball.velocity_y, gravity)) is not None:
            yield Event(time, "floor", (index,))
        if (time := _ceiling_time(max(above, 0), -ball.velocity_y, gravity)) is not None:
            yield Event(time, "ceiling", (index,))
    for first, second in combinations(range(len(balls)), 2):
        if (time := _pair_time(balls[first], balls[second])) is not None:
            yield Event(time, "pair", (first, second))


def _floor_time(room: float, down: float, gravity: float) -> float | None:
    """Seconds until `room` is fallen through, starting with the velocity `down`: the later root, on the way down."""
    if gravity == 0:
        return room / down if down > 0 else None
    root = math.sqrt(down**2 + 2 * gravity * room)
    return (root - down) / gravity if down <= 0 else 2 * room / (root + down)


def _ceiling_time(room: float, up: float, gravity: float) -> float | None:
    """Seconds until `room` is risen, starting with the velocity `up`: the earlier root; None if it turns before."""
    square = up**2 - 2 * gravity * room
    return 2 * room / (up + math.sqrt(square)) if up > 0 and square >= 0 else None


def _pair_time(a: Ball, b: Ball) -> float | None:
    """Seconds until two balls touch: the smaller root of |d + w t|² = (sum of radii)²."""
    dx, dy, wx, wy = b.x - a.x, b.y - a.y, b.velocity_x - a.velocity_x, b.velocity_y - a.velocity_y
    approach = dx * wx + dy * wy
    gap = max(dx**2 + dy**2 - (a.radius + b.radius) ** 2, 0.0)
    square = approach**2 - (wx**2 + wy**2) * gap
    return gap / (math.sqrt(square) - approach) if approach < 0 and square >= 0 else None


# --- what then --------------------------------------------------------------------------------------------------------


def _collide(balls: tuple[Ball, ...], event: Event) -> tuple[Ball, ...]:
    changed = list(balls)
    if event.kind == "pair":
        first, second = event.balls
        changed[first], changed[second] = _bounce_off(balls[first], balls[second])
    else:
        (index,) = event.balls
        ball = balls[index]
        turned = {"velocity_x": -ball.velocity_x} if event.kind == "side" else {"velocity_y": -ball.velocity_y}
        changed[index] = replace(ball, **turned)
    return tuple(changed)


def _bounce_off(a: Ball, b: Ball) -> tuple[Ball, Ball]:
    """Elastic and without friction: an impulse along the line of the middles that turns the approach round."""
    dx, dy = b.x - a.x, b.y - a.y
    away = math.hypot(dx, dy)
    nx, ny = dx / away, dy / away
    approach = (b.velocity_x - a.velocity_x) * nx + (b.velocity_y - a.velocity_y) * ny
    impulse = -2 * approach / (1 / a.mass + 1 / b.mass)
    return _pushed(a, -impulse * nx, -impulse * ny), _pushed(b, impulse * nx, impulse * ny)


def _pushed(ball: Ball, x: float, y: float) -> Ball:
    return replace(ball, velocity_x=ball.velocity_x + x / ball.mass, velocity_y=ball.velocity_y + y / ball.mass)


def _check(balls: Sequence[Ball], gravity: float, half: tuple[float, float]) -> None:
    if not 0 <= gravity < math.inf:
        raise SettingError(f"gravity={gravity}, but it points down and is at least 0. Use gravity=1.2.")
    for index, ball in enumerate(balls):
        if abs(ball.x) > half[0] - ball.radius or abs(ball.y) > half[1] - ball.radius or ball.radius <= 0:
            raise SettingError(f"Ball {index} at ({ball.x:.3f}, {ball.y:.3f}) sticks out of the box. Move it inside.")
    for (i, a), (j, b) in combinations(enumerate(balls), 2):
        if math.hypot(a.x - b.x, a.y - b.y) < a.radius + b.radius:
            raise SettingError(f"Balls {i} and {j} overlap. Move them apart.")
