"""What a comparison is made of: variants, the words that differ, the pixels that do."""

import numpy as np
import pytest

from minisora.errors import SettingError
from minisora.widgets.comparing import changed_words, difference, read_values, sweep


def test_the_changed_word_is_found() -> None:
    one, other = changed_words("a small red circle moving right", "a small blue circle moving right slowly")
    assert [word.strip() for word, changed in one if changed] == ["red"]
    assert [word.strip() for word, changed in other if changed] == ["blue", "slowly"]
    assert "".join(word for word, _ in one) == "a small red circle moving right"


def test_the_difference_is_that_of_numbers() -> None:
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, 256, (2, 3, 4, 5, 3), dtype=np.uint8)
    expected = [
        [abs(int(a) - int(b)) for a, b in zip(x, y, strict=True)]
        for x, y in zip(one.reshape(9, -1), other.reshape(9, -1), strict=True)
    ]
    assert difference(one, other).reshape(9, -1).tolist() == expected
    assert difference(one, other[:1]).shape[0] == 1
    with pytest.raises(SettingError):
        difference(one, other[:, :2])


def test_a_sweep_changes_one_thing() -> None:
    variants = sweep("steps", [2, 4], "a red star", seed=7)
    assert [(v.steps, v.seed, v.guidance, v.label) for v in variants] == [
        (2, 7, None, "steps 2"),
        (4, 7, None, "steps 4"),
    ]
    assert [v.seed for v in sweep("seed", [1, 2], "a red star", seed=7)] == [1, 2]


def test_values_are_read_as_people_type_them() -> None:
    assert read_values("guidance", "1, 2.5 4;8") == [1, 2.5, 4, 8]
    with pytest.raises(SettingError, match="'two' is no number"):
        read_values("steps", "1, two")
    with pytest.raises(SettingError, match="whole numbers"):
        sweep("steps", [1.5], "a red star")
    with pytest.raises(SettingError, match="1 to 16"):
        sweep("seed", [], "a red star")
    with pytest.raises(SettingError, match="guidance"):
        sweep("guidence", [1], "a red star")
