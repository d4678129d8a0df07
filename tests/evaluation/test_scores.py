"""Shares add up, by row, attribute and word."""

import math

import pytest

from minisora.evaluation import Record, Score, score, wilson_interval
from minisora.evaluation.records import Verdict
from minisora.evaluation.scores import mean_measures, mistakes


def record(right: bool, measures: dict[str, float] | None = None) -> Record:
    """One clip with a colour that is right and a motion that may not be."""
    found = "spinning" if right else "bouncing"
    verdicts = (Verdict("colour", "red", "red", True), Verdict("motion", "spinning", found, right))
    return Record("one", "generated", 0, right, verdicts, measures or {})


def test_shares_of_clips_attributes_and_words() -> None:
    found = score([record(True), record(False), record(False), record(True), record(True)])
    assert (found.right, found.total, found.share) == (3, 5, 0.6)
    assert found.interval == wilson_interval(3, 5)
    assert found.parts["colour"].share == 1
    assert found.parts["motion"].share == 0.6
    assert found.parts["motion"].parts["spinning"] == Score(3, 5)
    assert found.verdicts == Score(8, 10)


def test_as_plain_data() -> None:
    data = score([record(True), record(False)]).as_dict()
    assert data["share"] == 0.5
    assert 0 < data["low"] < 0.5 < data["high"] < 1  # type: ignore[operator]
    assert data["parts"]["motion"]["parts"]["spinning"]["right"] == 1  # type: ignore[index]


def test_of_nothing() -> None:
    empty = score([])
    assert math.isnan(empty.share)
    assert empty.interval == (0, 1)
    assert empty.as_dict()["share"] is None


def test_means_count_only_where_a_measure_was_taken() -> None:
    records = [record(True, {"psnr": 30.0, "edge": 1.0}), record(True, {"psnr": 40.0}), record(True)]
    assert mean_measures(records) == {"psnr": (35.0, 2), "edge": (pytest.approx(1.0), 1)}


def test_mistakes_are_counted_the_commonest_first() -> None:
    odd = Record("two", "generated", 1, False, (Verdict("size", "large", "small", False),))
    found = mistakes([record(False), odd, record(True), record(False)])
    assert list(found.items()) == [("motion: spinning → bouncing", 2), ("size: large → small", 1)]
    assert list(mistakes([odd, record(False), record(False)], most=1)) == ["motion: spinning → bouncing"]
