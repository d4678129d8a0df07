"""One base for all errors, and the nearest legal name."""

import inspect

import pytest

from minisora import errors


def test_every_error_can_be_caught_as_one() -> None:
    classes = [
        value for value in vars(errors).values() if inspect.isclass(value) and value.__module__ == errors.__name__
    ]
    assert len(classes) == 9
    assert all(issubclass(value, errors.MinisoraError) and issubclass(value, ValueError) for value in classes)


@pytest.mark.parametrize(
    ("given", "nearest"), [("circel", "circle"), ("SQUARE", "square"), ("", "circle"), ("q", "square")]
)
def test_nearest_name(given: str, nearest: str) -> None:
    assert errors.nearest_name(given, ["circle", "square", "star"]) == nearest


def test_nearest_name_of_nothing() -> None:
    with pytest.raises(errors.SettingError, match="'circle'"):
        errors.nearest_name("circle", [])
