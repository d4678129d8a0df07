"""The law of a collision, against discs that were simulated event by event."""

import numpy as np
import pytest

from minisora.data.physics import Ball, simulate
from minisora.evaluation.sora.meetings import fit_meeting

BOX = (50.0, 50.0)  # so wide that nobody meets its edges


def simulated(*balls: Ball, frames: int = 17, fps: float = 8.0) -> list[np.ndarray]:
    """Tracks (f, 2) of two balls without gravity, in units of the box."""
    places = simulate(balls, 0.0, BOX, frames / fps).positions(np.arange(frames) / fps)  # (f, 2, 2)
    return [places[:, 0], places[:, 1]]


def test_a_simulated_collision_obeys_the_law() -> None:
    pair = Ball(-3.0, 0.2, 3.0, 0.1, 1.0), Ball(2.0, -0.1, -1.0, 0.4, 1.0)  # oblique, and not as fast as each other
    fit = fit_meeting(*simulated(*pair))
    assert fit.error < 0.01
    assert fit.momentum < 1e-3
    assert fit.moment / 8 == pytest.approx(3.0 / 4.0, abs=0.06)  # apart by 5 less two radii, closing by 4 a second


def test_other_masses_are_no_equal_ones() -> None:
    """The light one gains more speed than the heavy one loses."""
    pair = Ball(-3.0, 0.0, 3.0, 0.0, 1.5), Ball(2.0, 0.0, 0.0, 0.0, 0.5)
    assert fit_meeting(*simulated(*pair)).momentum > 0.3


def test_who_passes_through_loses_nothing_and_who_stops_both_does() -> None:
    times = np.arange(17.0)[:, None]
    through = np.hstack([times - 8, 0 * times]), np.hstack([8 - times, 0 * times])
    assert fit_meeting(*through).momentum == pytest.approx(0, abs=1e-9)
    glued = np.hstack([np.minimum(times - 8, 0), 0 * times]), np.zeros((17, 2))
    assert fit_meeting(*glued).momentum == pytest.approx(1, abs=1e-6)


def test_a_wobble_is_an_error_and_what_is_not_seen_has_none() -> None:
    pair = simulated(Ball(-3.0, 0.0, 3.0, 0.0, 1.0), Ball(2.0, 0.0, -1.0, 0.0, 1.0))
    wobble = pair[0] + 0.2 * np.random.default_rng(0).standard_normal((17, 2))
    assert fit_meeting(wobble, pair[1]).error > 0.1
    lost = np.full((17, 2), np.nan)
    assert np.isnan(fit_meeting(lost, pair[1]).error)
    assert np.isnan(fit_meeting(pair[0][:4], pair[1][:4]).momentum)
