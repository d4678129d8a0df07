"""Letters in the corner: there, legible, and nothing else touched."""

import numpy as np
import pytest

from minisora.errors import SettingError, ShapeError
from minisora.guards.letters import write_letters
from minisora.guards.marking import put_marks


def test_white_letters_with_a_dark_outline_in_the_lower_right_corner() -> None:
    frames = np.full((2, 256, 256, 3), 128, np.uint8)
    before = frames.copy()
    lettered = write_letters(frames)
    assert (frames == before).all()
    rows, columns = np.nonzero((lettered[0] != 128).any(axis=-1))
    assert rows.min() > 256 * 0.85
    assert 90 < columns.max() - columns.min() < 256
    assert lettered.max() == 255
    assert lettered.min() == 0
    assert (lettered[0] == lettered[1]).all()


def test_a_small_frame_gets_the_short_word_and_a_tiny_one_none() -> None:
    small = write_letters(np.full((64, 64, 3), 90, np.uint8))
    assert (small != 90).any()
    with pytest.raises(SettingError, match="scale=8"):
        write_letters(np.zeros((16, 16, 3), np.uint8))


@pytest.mark.parametrize("words", ["", "  ", "gemacht für alle", "two\nlines"])
def test_words_that_the_font_lacks(words: str) -> None:
    with pytest.raises(SettingError, match="ASCII"):
        write_letters(np.zeros((256, 256, 3), np.uint8), words)


def test_frames_only() -> None:
    with pytest.raises(ShapeError, match="uint8"):
        write_letters(np.zeros((64, 64, 3)))


def test_both_marks_in_their_order() -> None:
    frames = np.full((2, 32, 32, 3), 128, np.uint8)
    plain, rest = put_marks(frames, 4, mark=False)
    assert plain is frames
    assert rest == 4
    marked, rest = put_marks(frames, 8, mark=True, visible_mark=True)
    assert rest == 1
    assert marked.shape == (2, 256, 256, 3)
    blocks = marked[:, :192].reshape(2, 24, 8, 32, 8, 3)
    assert (blocks == blocks[:, :, :1, :, :1]).all()  # the invisible one was enlarged, above the letters
    assert set(np.unique(marked[:, :192])) == {127, 129}
