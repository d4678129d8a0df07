"""The learning rate over a training."""

from itertools import pairwise

from minisora.training.schedule import trapezoid_at


def test_rises_stays_and_falls() -> None:
    assert 0 < trapezoid_at(0.0, warm=0.1) < 0.02
    assert trapezoid_at(0.3, warm=0.1, decay=0.4) == 1.0
    assert abs(trapezoid_at(0.8, warm=0.1, decay=0.4) - 0.5) < 1e-9
    assert trapezoid_at(1.0) == 0.0


def test_never_leaves_its_range() -> None:
    factors = [trapezoid_at(k / 50, warm=0.02, decay=0.6) for k in range(60)]
    assert min(factors) == 0.0
    assert max(factors) == 1.0
    falling = factors[25:]
    assert all(a >= b for a, b in pairwise(falling))
