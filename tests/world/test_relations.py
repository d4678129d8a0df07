"""Relations on pairs of points whose answer is plain to see."""

import numpy as np
import pytest

from minisora.data.physics import Ball, simulate
from minisora.world import SHAPES
from minisora.world.relations import chasing, colliding, hitting, meeting

RADII = (0.1, 0.1)
SIDES = {"left of": (-1, 0), "right of": (1, 0), "above": (0, -1), "below": (0, 1)}
OPPOSITE = {"left of": "right of", "right of": "left of", "above": "below", "below": "above"}


def at(*point: float) -> np.ndarray:
    """A track of one frame, (1, 2)."""
    return np.array([point])


@pytest.mark.parametrize("name", list(SIDES))
def test_a_side_holds_on_its_side_only(name: str) -> None:
    way = np.array(SIDES[name], dtype=float)
    for other, entry in SHAPES.relations.items():
        if other in SIDES:
            margin = entry.margin(at(*(0.4 * way)), at(0, 0), RADII)
            assert (margin[0] >= 0) == (other == name)


@pytest.mark.parametrize("name", list(SIDES))
def test_a_side_is_its_opposite_seen_from_the_other(name: str) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.uniform(-0.5, 0.5, (200, 2)), rng.uniform(-0.5, 0.5, (200, 2))
    here = SHAPES.relations[name].margin(a, b, RADII)
    there = SHAPES.relations[OPPOSITE[name]].margin(b, a, RADII)
    assert np.allclose(here, there)
    assert 0 < (here >= 0).mean() < 0.5


def test_too_near_or_too_oblique_is_no_side() -> None:
    left = SHAPES.relations["left of"].margin
    assert left(at(-0.05, 0), at(0, 0), RADII)[0] < 0
    assert left(at(-0.3, 0.3), at(0, 0), RADII)[0] < 0
    assert left(at(-0.3, 0.1), at(0, 0), RADII)[0] >= 0


def run(*, behind: float = 0.0, aside: float = 0.0, speed: float = 0.25) -> np.ndarray:
    """A track (17, 2) to the right over two seconds."""
    times = np.arange(17) / 8
    return np.stack([speed * times - behind, np.full(17, aside)], axis=1)


def test_chasing_holds_behind_on_the_line_and_near() -> None:
    leader = run()
    assert chasing(run(behind=0.3), leader, RADII).min() >= 0
    assert chasing(run(behind=-0.3), leader, RADII).max() < 0  # in front
    assert chasing(run(behind=0.3, aside=0.2), leader, RADII).max() < 0  # on another line
    assert chasing(run(behind=0.9), leader, RADII).max() < 0  # too far
    assert chasing(run(behind=0.05), leader, RADII).max() < 0  # on top of it


def test_nobody_chases_what_stands_still() -> None:
    assert chasing(run(behind=0.3), np.zeros((17, 2)), RADII).max() < 0


def simulated(*balls: Ball) -> list[np.ndarray]:
    """Tracks (17, 2) of balls over two seconds without gravity, in a box whose edges are far away."""
    places = simulate(balls, 0.0, (5.0, 5.0), 2.0).positions(np.arange(17) / 8)  # (17, n, 2)
    return [places[:, k] for k in range(len(balls))]


def test_a_simulated_collision_is_one_and_no_hit() -> None:
    pair = simulated(Ball(-0.4, 0.0, 0.3, 0.0, 0.1), Ball(0.4, 0.02, -0.3, 0.0, 0.1))
    for one, other in (pair, pair[::-1]):  # both do the same
        assert colliding(one, other, RADII).min() >= 0.1
        assert hitting(one, other, RADII).max() < 0


def test_a_simulated_hit_has_a_subject() -> None:
    mover, rester = simulated(Ball(-0.4, 0.1, 0.3, 0.0, 0.1), Ball(0.1, 0.1, 0.0, 0.0, 0.1))
    assert hitting(mover, rester, RADII).min() >= 0.2
    assert hitting(rester, mover, RADII).max() < 0
    assert colliding(mover, rester, RADII).max() < 0


def test_no_collision_without_a_touch_or_a_change() -> None:
    one, other = simulated(Ball(-0.4, 0.0, 0.3, 0.0, 0.02), Ball(0.4, 0.0, -0.3, 0.0, 0.02))
    assert colliding(one, other, RADII).max() < 0  # they come nearer than their radii let them
    through = run(behind=0.25), -run(behind=0.25)
    assert colliding(*through, RADII).max() < 0
    assert meeting(run(), run(behind=0.3)) is None  # never nearer than at first
    assert colliding(at(0, 0), at(0.2, 0), RADII).max() < 0  # a picture shows none
