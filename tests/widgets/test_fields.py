"""Numbers from a page, and what is none."""

import pytest

from minisora.errors import SettingError
from minisora.widgets.fields import read_number, read_seed, read_whole

FIELDS = {"seed": 3, "num_frames": "", "steps": True, "guidance": "", "half": 1.5, "none": None}


def test_numbers_are_read() -> None:
    assert read_seed(FIELDS) == 3
    assert read_number(FIELDS, "half", 2) == 1.5
    assert read_number(FIELDS, "seed", 2) == 3.0
    assert read_number(FIELDS, "none", 2) is None


@pytest.mark.parametrize("name", ["num_frames", "steps", "half", "none", "missing"])
def test_what_is_no_whole_number_is_a_sentence(name: str) -> None:
    with pytest.raises(SettingError, match="'frames' holds no whole number"):
        read_whole(FIELDS, name, 17, "frames")


def test_other_mistakes_are_sentences() -> None:
    with pytest.raises(SettingError, match="or leave it empty"):
        read_number(FIELDS, "guidance", 2)
    with pytest.raises(SettingError, match="Use 4"):
        read_seed({"seed": -4})
