"""Wilson's interval against published values and scipy's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from minisora.errors import SettingError
from minisora.evaluation import wilson_interval


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [  # Newcombe 1998, Statistics in Medicine 17, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_values(right: int, total: int, low: float, high: float) -> None:
    assert wilson_interval(right, total) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 2000), st.data())
def test_scipy_agrees(total: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, total))
    theirs = binomtest(right, total).proportion_ci(method="wilson")
    assert wilson_interval(right, total) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(st.integers(1, 500), st.data())
def test_it_holds_the_share_and_is_symmetric(total: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, total))
    low, high = wilson_interval(right, total)
    assert 0 <= low <= right / total <= high <= 1
    assert wilson_interval(total - right, total) == pytest.approx((1 - high, 1 - low))


def test_of_nothing_nothing_is_known() -> None:
    assert wilson_interval(0, 0) == (0, 1)


@pytest.mark.parametrize(("right", "total"), [(-1, 3), (4, 3), (0, -1)])
def test_impossible_counts_are_refused(right: int, total: int) -> None:
    with pytest.raises(SettingError, match="total"):
        wilson_interval(right, total)
