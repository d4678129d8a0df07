"""Motions of the stage against their own velocities, against each other seen backwards, and in the frame."""

import math
from dataclasses import replace

import numpy as np
import pytest

from minisora.world import STAGE, Actor
from minisora.world.motions import leaving as plain_leaving
from minisora.world.render import clip_times
from minisora.world.scene import half_of
from minisora.world.stage.motions import BRAKING, SLOPE, braked_way, draft_encounter
from minisora.world.tables import Pose

HALF = (0.5, 0.5)
SECONDS = clip_times(17, 8.0)
FINE = clip_times(2001, 1000.0)
ALONE = [name for name, motion in STAGE.motions.items() if not motion.paired]


def actor_of(motion: str, rng: np.random.Generator, half: tuple[float, float] = HALF, seconds: float = 2.0) -> Actor:
    """Somebody with numbers that the motion's own draft invents."""
    radius, rate = float(rng.uniform(0.09, 0.2)), float(rng.uniform(0.08, 0.3))
    fields = {"rate": rate, **STAGE.motions[motion].draft(rng, radius, rate, half, seconds)}
    return Actor("bird", "red", "small", motion, "plain", radius, **fields)


def path_of(actor: Actor, times: np.ndarray, half: tuple[float, float] = HALF) -> Pose:
    return STAGE.motions[actor.motion].path(actor, times, half)


@pytest.mark.parametrize("motion", ALONE)
def test_a_path_begins_at_its_start_and_keeps_its_size(motion: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        actor = actor_of(motion, rng)
        pose = path_of(actor, SECONDS)
        assert (pose.x[0], pose.y[0]) == pytest.approx(actor.start)
        assert (pose.scale == 1).all()
        assert all(np.isfinite(values).all() and values.shape == (17,) for values in (pose.x, pose.y, pose.angle))


@pytest.mark.parametrize("motion", ALONE)
def test_who_moves_faces_the_way_it_goes(motion: str) -> None:
    """The angle's cosine has the sign of the velocity along x, wherever there is one."""
    rng = np.random.default_rng(1)
    for _ in range(20):
        pose = path_of(actor_of(motion, rng), FINE)
        velocity = np.gradient(pose.x, FINE)
        along = np.abs(velocity) > 0.02
        turns = np.abs(np.diff(np.sign(np.cos(pose.angle)), prepend=0)) > 1  # a sample in which the direction flips
        kept = along & ~turns & ~np.roll(turns, -1) & ~np.roll(turns, 1)
        assert (np.sign(velocity[kept]) == np.sign(np.cos(pose.angle[kept]))).all()


@pytest.mark.parametrize("name", [name for name, motion in STAGE.motions.items() if motion.direction])
def test_straight_ways_are_as_long_as_their_rate_says(name: str) -> None:
    actor = actor_of(name, np.random.default_rng(2))
    pose, way = path_of(actor, SECONDS), STAGE.motions[name].direction or (0, 0)
    assert np.hypot(pose.x - pose.x[0], pose.y - pose.y[0]) == pytest.approx(actor.rate * SECONDS)
    assert (pose.x - pose.x[0]) * way[1] == pytest.approx((pose.y - pose.y[0]) * way[0])
    assert np.cos(pose.angle) == pytest.approx(np.full(17, way[0]))


def test_turning_goes_back_as_fast_and_never_leaves_its_stretch() -> None:
    actor = replace(actor_of("turning around", np.random.default_rng(3)), heading=1.0, extent=0.8, rate=0.25)
    moments = np.array([0.0, 0.4, 0.8, 1.2, 1.6, 2.4, 3.2])
    pose = path_of(actor, moments)
    assert (pose.x - pose.x[0]) / 0.25 == pytest.approx([0.0, 0.4, 0.8, 0.4, 0.0, -0.8, 0.0])
    assert np.cos(pose.angle)[[1, 3, 4]] == pytest.approx([1, -1, -1])
    long = path_of(actor, np.linspace(0, 60, 2001))
    assert np.abs(long.x - actor.start[0]).max() <= 0.25 * 0.8 + 1e-9


def test_stopping_slows_down_evenly_and_stands() -> None:
    actor = replace(actor_of("stopping", np.random.default_rng(4)), heading=-1.0)
    speed = -np.gradient(path_of(actor, FINE).x, FINE)
    assert speed[actor.extent - 0.01 > FINE] == pytest.approx(actor.rate)
    assert np.abs(speed[actor.extent + BRAKING + 0.01 < FINE]).max() < 1e-9
    assert (np.diff(speed) < 1e-9).all()
    assert float(braked_way(99.0, 0.5)) == pytest.approx(0.5 + BRAKING / 2)


def test_taking_off_rests_and_then_rises_faster_and_faster() -> None:
    actor = replace(actor_of("taking off", np.random.default_rng(5)), heading=1.0)
    pose = path_of(actor, FINE)
    rests = actor.extent >= FINE
    assert np.ptp(pose.x[rests]) == np.ptp(pose.y[rests]) == 0
    assert (pose.angle[rests] == 0).all()
    climb = -np.gradient(pose.y, FINE)
    assert (np.diff(climb) > -1e-9).all()
    assert climb.max() <= actor.rate * math.sin(SLOPE) + 1e-9
    assert pose.angle[-1] == pytest.approx(-SLOPE)


def test_landing_is_taking_off_seen_backwards() -> None:
    """To the other side, in time turned round about the touchdown."""
    down = replace(actor_of("landing", np.random.default_rng(6)), heading=1.0, extent=1.5)
    up = replace(down, motion="taking off", heading=-1.0, extent=0.5)
    falls, rises = path_of(down, SECONDS), path_of(up, SECONDS)
    assert (falls.x - falls.x[-1])[::-1] == pytest.approx(rises.x - rises.x[0])
    assert (falls.y - falls.y[-1])[::-1] == pytest.approx(rises.y - rises.y[0])
    assert falls.angle[0] == pytest.approx(SLOPE)
    assert falls.angle[-1] == 0


def test_leaving_is_that_of_plain_figures_but_for_the_face() -> None:
    rng = np.random.default_rng(7)
    for _ in range(10):
        actor = actor_of("leaving and coming back", rng)
        assert path_of(actor, SECONDS).x == pytest.approx(plain_leaving(actor, SECONDS, HALF).x)
        assert path_of(actor, SECONDS).y == pytest.approx(plain_leaving(actor, SECONDS, HALF).y)
        faces = np.cos(path_of(actor, np.array([0.5, 1.5])).angle)
        assert faces == pytest.approx([math.cos(actor.heading), -math.cos(actor.heading)])


@pytest.mark.parametrize("motion", ALONE)
@pytest.mark.parametrize("aspect", [0.6, 1.0, 5 / 3])
def test_drafts_can_be_seen_within_two_seconds(motion: str, aspect: float) -> None:
    rng, entry, half = np.random.default_rng(8), STAGE.motions[motion], half_of(aspect)
    for _ in range(60):
        actor = actor_of(motion, rng, half)
        assert entry.shown is None or entry.shown(actor, SECONDS, half)
        pose = path_of(actor, SECONDS, half)
        if entry.common > 0:
            assert (np.abs(pose.x) <= half[0] - 0.3 * actor.radius).all()
            assert (np.abs(pose.y) <= half[1] - 0.3 * actor.radius).all()


@pytest.mark.parametrize("motion", [name for name, entry in STAGE.motions.items() if entry.stays])
def test_who_stays_is_in_the_frame_for_a_minute(motion: str) -> None:
    rng = np.random.default_rng(9)
    for _ in range(30):
        pose = path_of(actor_of(motion, rng), np.linspace(0, 60, 481))
        assert max(np.abs(pose.x).max(), np.abs(pose.y).max()) <= 0.5


def test_nothing_is_seen_to_happen_where_it_does_not() -> None:
    """What sets a motion apart is asked of a stretch of the clip: before it and after it there is nothing."""
    rng = np.random.default_rng(10)
    for name in ("turning around", "stopping", "taking off", "landing"):
        shown = STAGE.motions[name].shown
        assert shown is not None
        actor = replace(actor_of(name, rng), extent=1.0)
        assert shown(actor, SECONDS, HALF)
        assert not shown(actor, clip_times(4, 8.0, 0.0), HALF)
        assert not shown(actor, clip_times(5, 8.0, 1.25), HALF), name


def test_two_that_meet_come_from_both_sides_and_stop_before_each_other() -> None:
    rng = np.random.default_rng(11)
    for _ in range(30):
        radii = float(rng.uniform(0.09, 0.2)), float(rng.uniform(0.09, 0.2))
        pair = [
            Actor("car", "red", "small", "coming to meet", "plain", radius, **fields)
            for radius, fields in zip(radii, draft_encounter(rng, radii, HALF, 2.0), strict=True)
        ]
        (left, right) = (path_of(actor, SECONDS) for actor in pair)
        assert (left.x < right.x).all()
        assert 1.1 * sum(radii) < right.x[-1] - left.x[-1] < 1.45 * sum(radii)
        assert (np.diff(left.x)[:4] > 0).all()
        assert (np.diff(right.x)[:4] < 0).all()
        assert abs(np.diff(left.x)[-1]) < 1e-9
