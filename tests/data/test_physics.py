"""Mechanics against what is known in closed form."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minisora.data.balls import sample_balls
from minisora.data.physics import Ball, energy, momentum, simulate
from minisora.errors import SettingError

HALF = (0.5, 0.5)


def test_a_dropped_ball_comes_back_to_its_height() -> None:
    gravity, radius = 1.2, 0.1
    drop = 0.5 - radius - (-0.2)  # from y = -0.2 to the floor
    fall = math.sqrt(2 * drop / gravity)
    history = simulate([Ball(0, -0.2, 0, 0, radius)], gravity, HALF, 10 * fall)
    floors = [event.time for event in history.events]
    np.testing.assert_allclose(floors, fall * np.array([1, 3, 5, 7, 9]), rtol=1e-12)
    (ball,) = history.at(8 * fall)
    assert ball.y == pytest.approx(-0.2, abs=1e-12)
    assert ball.velocity_y == pytest.approx(0, abs=1e-11)


def test_a_flight_is_a_parabola() -> None:
    history = simulate([Ball(-0.3, 0.2, 0.2, -0.4, 0.05)], 1.2, HALF, 0.5)
    times = np.linspace(0, 0.5, 7)
    expected = np.stack([-0.3 + 0.2 * times, 0.2 - 0.4 * times + 0.6 * times**2], axis=1)
    np.testing.assert_allclose(history.positions(times)[:, 0], expected, atol=1e-14)


def test_without_gravity_a_ball_follows_a_folded_line() -> None:
    history = simulate([Ball(0.1, -0.1, 0.7, 0.45, 0.1)], 0, HALF, 20)
    times = np.linspace(0, 20, 101)
    for axis, (start, velocity) in enumerate([(0.1, 0.7), (-0.1, 0.45)]):
        way = (start + 0.4 + velocity * times) % 1.6
        np.testing.assert_allclose(history.positions(times)[:, 0, axis], np.minimum(way, 1.6 - way) - 0.4, atol=1e-12)


def test_equal_balls_swap_their_velocities() -> None:
    balls = [Ball(-0.3, 0, 0.4, 0, 0.05), Ball(0.1, 0, -0.2, 0, 0.05)]
    history = simulate(balls, 0, HALF, 0.6)
    (event,) = history.events
    assert event.kind == "pair"
    assert event.time == pytest.approx((0.4 - 0.1) / 0.6)
    assert [ball.velocity_x for ball in history.at(0.6)] == pytest.approx([-0.2, 0.4])


@pytest.mark.parametrize(("first", "second"), [(0.05, 0.15), (0.12, 0.06)])
def test_unequal_balls_collide_by_the_textbook(first: float, second: float) -> None:
    history = simulate([Ball(-0.25, 0, 0.4, 0, first), Ball(0.1, 0, 0, 0, second)], 0, HALF, 0.9)
    assert history.events[0].kind == "pair"
    m, n = first**2, second**2
    after = [ball.velocity_x for ball in history.flights[1].balls]
    assert after == pytest.approx([0.4 * (m - n) / (m + n), 0.4 * 2 * m / (m + n)])


def test_gravity_does_not_change_when_balls_meet() -> None:
    balls = [Ball(-0.2, -0.3, 0.3, 0.05, 0.06), Ball(0.2, -0.28, -0.3, 0, 0.06)]
    free, pulled = (simulate(balls, gravity, HALF, 0.6).events[0] for gravity in (0.0, 1.0))
    assert free.kind == pulled.kind == "pair"
    assert free.time == pytest.approx(pulled.time, abs=1e-12)


@given(st.integers(0, 10_000), st.sampled_from([1.0, 0.6, 1.7]))
def test_energy_stays_and_balls_stay_apart_and_inside(seed: int, aspect: float) -> None:
    scene = sample_balls(np.random.default_rng(seed), aspect, seconds=4.0)
    history, start = scene.history, scene.history.flights[0].balls
    radii = np.array([ball.radius for ball in start])
    half = np.array([max(aspect, 1) / 2, max(1 / aspect, 1) / 2])
    for flight in history.flights:
        assert energy(flight.balls, history.gravity) == pytest.approx(energy(start, history.gravity), abs=1e-12)
    places = history.positions(np.linspace(0, 4, 81))
    assert (np.abs(places) <= half - radii[:, None] + 1e-9).all()
    away = np.linalg.norm(places[:, :, None] - places[:, None], axis=-1) + np.eye(len(radii))
    assert (away >= radii[:, None] + radii - 1e-9).all()


@given(st.integers(0, 10_000))
def test_a_collision_of_two_keeps_momentum_and_a_wall_turns_one_part_of_it(seed: int) -> None:
    history = sample_balls(np.random.default_rng(seed), seconds=4.0).history
    for event, before, after in zip(history.events, history.flights, history.flights[1:], strict=False):
        arriving = [ball.after(event.time - before.time, history.gravity) for ball in before.balls]
        change = np.subtract(momentum(after.balls), momentum(arriving))
        if event.kind == "pair":
            np.testing.assert_allclose(change, 0, atol=1e-14)
        else:
            ball = arriving[event.balls[0]]
            turned = (ball.velocity_x, 0) if event.kind == "side" else (0, ball.velocity_y)
            np.testing.assert_allclose(change, -2 * ball.mass * np.array(turned), atol=1e-14)


def test_time_runs_backwards_too() -> None:
    balls = [Ball(-0.3, -0.2, 0.4, 0.1, 0.07), Ball(0.2, 0.1, -0.3, -0.2, 0.12), Ball(0.1, -0.35, 0.2, 0.3, 0.06)]
    there = simulate(balls, 1.2, HALF, 2.0)
    assert {event.kind for event in there.events} >= {"floor", "pair"}
    end = [replace(b, velocity_x=-b.velocity_x, velocity_y=-b.velocity_y) for b in there.at(2.0)]
    back = simulate(end, 1.2, HALF, 2.0).at(2.0)
    np.testing.assert_allclose([(b.x, b.y) for b in back], [(b.x, b.y) for b in balls], atol=1e-6)


@pytest.mark.parametrize(
    ("balls", "gravity", "message"),
    [
        ([Ball(0.45, 0, 0, 0, 0.1)], 0, "sticks out"),
        ([Ball(0, 0, 0, 0, 0.1), Ball(0.1, 0, 0, 0, 0.1)], 0, "overlap"),
        ([Ball(0, 0, 0, 0, 0.1)], -1, "gravity=-1"),
        ([Ball(0, 0.4, 0, 0, 0.1)], 1, "rests on the floor"),
    ],
)
def test_what_cannot_be_simulated_is_said(balls: list[Ball], gravity: float, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        simulate(balls, gravity, HALF, 1.0)
