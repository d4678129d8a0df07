"""Closed forms against small steps, and drafts against what they promise."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minisora.world import SHAPES, Actor
from minisora.world.motions import GROWTH_LIMIT, SPIN_PER_RATE, reflect
from minisora.world.scene import half_of
from minisora.world.tables import Pose

HALF = (0.5, 0.5)
SEEDS = st.integers(0, 2**32 - 1)
HALVES = st.sampled_from([half_of(aspect) for aspect in (0.5, 0.75, 1.0, 5 / 3, 2.0)])


def times(seconds: float = 2.0, rate: float = 64.0) -> np.ndarray:
    """Moments (f,) from 0."""
    return np.arange(round(seconds * rate) + 1) / rate


def actor(motion: str, **fields: object) -> Actor:
    """A plain actor in the middle with some fields set."""
    base = Actor("square", "red", "small", motion, "plain", radius=0.1, rate=0.2, start=(0.0, 0.0))
    return dataclasses.replace(base, **fields)  # type: ignore[arg-type]


def path(who: Actor, moments: np.ndarray, half: tuple[float, float] = HALF) -> Pose:
    """Where an actor is by its motion's own entry."""
    return SHAPES.motions[who.motion].path(who, moments, half)


def drafted(motion: str, seed: int, half: tuple[float, float], seconds: float = 2.0) -> Actor:
    """An actor whose numbers its motion's draft invented, with a size and speed of the training ranges."""
    rng = np.random.default_rng(seed)
    radius, rate = float(rng.uniform(0.09, 0.21)), float(rng.uniform(0.08, 0.36))
    fields = {"rate": rate, **SHAPES.motions[motion].draft(rng, radius, rate, half, seconds)}
    return actor(motion, radius=radius, **fields)


# --- paths ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(SHAPES.motions))
@given(seed=SEEDS, half=HALVES)
def test_every_motion_starts_at_its_start_at_full_size(name: str, seed: int, half: tuple[float, float]) -> None:
    who = drafted(name, seed, half)
    pose = path(who, np.zeros(1), half)
    assert (pose.x[0], pose.y[0]) == pytest.approx(who.start, abs=1e-9)
    assert (pose.scale[0], pose.angle[0]) == (1, 0)


@pytest.mark.parametrize("name", list(SHAPES.motions))
def test_a_frame_depends_on_its_moment_only(name: str) -> None:
    who, moments = drafted(name, 3, HALF), times(7.0)
    every, some = path(who, moments), path(who, moments[5::13])
    for field in ("x", "y", "scale", "angle"):
        assert np.array_equal(getattr(every, field)[5::13], getattr(some, field))


@pytest.mark.parametrize("name", [name for name, motion in SHAPES.motions.items() if motion.direction])
def test_straight_motions_go_where_they_say_at_their_rate(name: str) -> None:
    pose = path(actor(name, rate=0.3), times())
    words, (dx, dy) = name.split(), (pose.x[-1], pose.y[-1])
    assert math.hypot(dx, dy) == pytest.approx(0.6)
    assert (np.sign(round(dx, 9)), np.sign(round(dy, 9))) == (
        ("right" in words) - ("left" in words),
        ("down" in words) - ("up" in words),
    )
    assert np.allclose(np.diff(pose.x), dx / (len(pose.x) - 1))


def stepped_bounce(who: Actor, seconds: float, half: tuple[float, float], step: float) -> np.ndarray:
    """Small steps that turn a velocity's sign when the actor's rim meets an edge: the last place, (2,)."""
    place = np.array(who.start)
    velocity = who.rate * np.array([math.cos(who.heading), math.sin(who.heading)])
    room = np.array(half) - who.radius
    for _ in range(round(seconds / step)):
        place = place + velocity * step
        over = np.abs(place) > room
        place = np.where(over, np.sign(place) * 2 * room - place, place)
        velocity = np.where(over, -velocity, velocity)
    return place


@pytest.mark.parametrize("heading", [0.3, 2.2, -1.9, math.pi])
@pytest.mark.parametrize("aspect", [1.0, 1.6])
def test_bouncing_is_a_finely_stepped_simulation(heading: float, aspect: float) -> None:
    half = half_of(aspect)
    who = actor("bouncing", rate=0.8, heading=heading, start=(0.21, -0.13), radius=0.12)
    for seconds in (0.5, 3.0, 20.0):
        pose = path(who, np.array([seconds]), half)
        assert np.allclose([pose.x[0], pose.y[0]], stepped_bounce(who, seconds, half, 2**-9), atol=1e-6)


@given(seed=SEEDS, half=HALVES)
def test_bouncing_keeps_its_speed_and_stays_in_view_for_a_minute(seed: int, half: tuple[float, float]) -> None:
    who = drafted("bouncing", seed, half)
    pose = path(who, times(60.0, 50.0), half)
    assert np.abs(pose.x).max() <= half[0] - who.radius + 1e-9
    assert np.abs(pose.y).max() <= half[1] - who.radius + 1e-9
    steps = np.hypot(np.diff(pose.x), np.diff(pose.y)) * 50
    assert steps.max() <= who.rate + 1e-9
    assert np.median(steps) == pytest.approx(who.rate)


@given(seed=SEEDS, half=HALVES)
def test_bouncing_meets_an_edge_within_a_second(seed: int, half: tuple[float, float]) -> None:
    who = drafted("bouncing", seed, half)
    pose = path(who, times(1.0, 400.0), half)
    nearest = min((half[0] - who.radius - np.abs(pose.x)).min(), (half[1] - who.radius - np.abs(pose.y)).min())
    assert nearest < 2e-3


@pytest.mark.parametrize(("name", "turn"), [("circling clockwise", 1), ("circling counter-clockwise", -1)])
@given(seed=SEEDS, half=HALVES)
def test_circling_keeps_its_radius_speed_and_sense(name: str, turn: int, seed: int, half: tuple[float, float]) -> None:
    who = drafted(name, seed, half)
    pose = path(who, times(30.0, 100.0), half)
    middle = np.array(who.start) - who.extent * np.array([math.cos(who.heading), math.sin(who.heading)])
    x, y = pose.x - middle[0], pose.y - middle[1]
    assert np.allclose(np.hypot(x, y), who.extent)
    turned = np.diff(np.unwrap(np.arctan2(y, x)))  # y points down, so growing means clockwise on the screen
    assert np.allclose(turned, turn * who.rate / who.extent / 100)


def test_circling_clockwise_goes_from_the_top_to_the_right() -> None:
    who = actor("circling clockwise", heading=-math.pi / 2, extent=0.2, start=(0.0, -0.2))
    quarter = 0.2 * math.pi / 2 / who.rate
    pose = path(who, np.array([quarter]))
    assert (pose.x[0], pose.y[0]) == pytest.approx((0.2, 0.0))


def test_falling_is_free_fall_and_then_rest() -> None:
    who = actor("falling", extent=0.3, start=(0.1, -0.4))
    moments = times(6.0)
    pose = path(who, moments)
    lands = math.sqrt(2 * 0.8 / 0.3)  # from -0.4 to the floor at 0.5 - 0.1
    free = moments < lands
    assert np.allclose(pose.y[free], -0.4 + 0.15 * moments[free] ** 2)
    assert np.allclose(pose.y[~free], 0.4)
    assert np.all(pose.x == 0.1)
    speed = np.gradient(pose.y, moments)
    inner = free & (moments > 0.1) & (moments < lands - 0.1)
    energy = 0.5 * speed**2 - 0.3 * pose.y
    assert np.ptp(energy[inner]) < 1e-3


def test_falling_from_below_the_floor_does_not_jump_up() -> None:
    pose = path(actor("falling", extent=0.3, start=(0.0, 0.45)), times())
    assert np.all(pose.y == 0.45)


@pytest.mark.parametrize("sense", [-1.0, 1.0])
def test_spinning_turns_at_a_constant_rate(sense: float) -> None:
    pose = path(actor("spinning", heading=sense, rate=0.2), times())
    assert np.allclose(np.diff(pose.angle) * 64, sense * SPIN_PER_RATE * 0.2)
    assert np.all(pose.x == 0)


def test_quick_spins_show_at_eight_frames_a_second() -> None:
    fastest = max(entry.high for entry in SHAPES.speeds.values()) * SPIN_PER_RATE / 8
    most_folds = max(shape.fold for shape in SHAPES.shapes.values())
    assert fastest < math.pi / most_folds  # or it would seem to turn the other way


def test_growing_and_shrinking_are_each_others_inverse_and_stop() -> None:
    grown, shrunk = path(actor("growing"), times(10.0)), path(actor("shrinking"), times(10.0))
    assert np.allclose(grown.scale * shrunk.scale, 1)
    assert grown.scale[-1] == pytest.approx(GROWTH_LIMIT)
    assert np.all(np.diff(grown.scale) >= 0)
    assert grown.scale[64] / grown.scale[0] == pytest.approx(grown.scale[128] / grown.scale[64])


def test_leaving_goes_out_and_comes_back_the_same_way() -> None:
    who = actor("leaving and coming back", rate=0.7, extent=1.0, heading=0.0, start=(0.2, 0.1))
    pose = path(who, times(4.0))
    assert np.allclose(pose.x[:65], 0.2 + 0.7 * times(1.0))
    assert np.allclose(pose.x[:129], pose.x[128::-1])  # back as it went
    assert np.allclose(pose.x[128:], pose.x[:129])  # and again
    assert np.allclose(pose.y, 0.1)


@given(st.floats(-50, 50), st.floats(0.01, 3))
def test_reflect_is_the_triangle_wave(value: float, limit: float) -> None:
    wave = 2 * limit / math.pi * math.asin(math.sin(math.pi * value / (2 * limit)))
    assert reflect(np.array([value]), limit)[0] == pytest.approx(wave, abs=1e-5)


def test_reflect_without_room_stays_in_the_middle() -> None:
    assert np.all(reflect(np.linspace(-1, 1, 5), 0.0) == 0)
    assert np.all(reflect(np.linspace(-1, 1, 5), -0.2) == 0)


# --- drafts -----------------------------------------------------------------------------------------------------------

IN_VIEW = [name for name, motion in SHAPES.motions.items() if motion.common > 0]


@pytest.mark.parametrize("name", IN_VIEW)
@given(seed=SEEDS, half=HALVES)
def test_the_middle_stays_in_view_for_the_clip(name: str, seed: int, half: tuple[float, float]) -> None:
    who = drafted(name, seed, half)
    pose = path(who, times(), half)
    assert np.abs(pose.x).max() < half[0]
    assert np.abs(pose.y).max() < half[1]


@pytest.mark.parametrize("name", [name for name, motion in SHAPES.motions.items() if motion.stays])
@given(seed=SEEDS, half=HALVES)
def test_motions_that_stay_are_in_view_for_a_minute(name: str, seed: int, half: tuple[float, float]) -> None:
    pose = path(drafted(name, seed, half), times(60.0, 8.0), half)
    assert np.abs(pose.x).max() < half[0]
    assert np.abs(pose.y).max() < half[1]


@given(seed=SEEDS, half=HALVES)
def test_leaving_is_out_of_view_for_about_half_a_second(seed: int, half: tuple[float, float]) -> None:
    who = drafted("leaving and coming back", seed, half)
    moments = times(2.0, 1000.0)
    pose = path(who, moments, half)
    over = np.maximum(np.abs(pose.x) - half[0], np.abs(pose.y) - half[1]) - who.radius  # > 0: a circle is out of view
    assert over[0] <= -2 * who.radius + 1e-9  # all of it is in view at first
    assert over[-1] < -who.radius  # and most of it at the end
    assert (over > 0).sum() / 1000 == pytest.approx(0.5, abs=0.08)
    assert np.ptp(np.flatnonzero(over > 0)) == (over > 0).sum() - 1  # once


@given(seed=SEEDS, half=HALVES)
def test_a_fall_is_seen_for_most_of_the_clip(seed: int, half: tuple[float, float]) -> None:
    who = drafted("falling", seed, half)
    y = path(who, times(), half).y
    assert (np.diff(y) > 0).mean() > 0.7
    assert y[-1] - y[0] > 0.4


@given(seed=SEEDS, half=HALVES)
def test_a_circle_shows_a_quarter_of_a_turn_unless_it_is_slow(seed: int, half: tuple[float, float]) -> None:
    rng = np.random.default_rng(seed)
    radius, rate = float(rng.uniform(0.09, 0.21)), float(rng.uniform(0.18, 0.36))
    reach = SHAPES.motions["circling clockwise"].draft(rng, radius, rate, half, 2.0)["extent"]
    assert 2 * rate / reach > 2 * math.pi / 4
