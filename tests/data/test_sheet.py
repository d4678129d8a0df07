"""Sheets show every frame where their layout says."""

import numpy as np
import pytest

from minisora.data.sheet import GAP, PAPER, contact_sheet, enlarge, sheet_frames, sheet_layout
from minisora.errors import ShapeError


@pytest.fixture
def clips(rng: np.random.Generator) -> np.ndarray:
    """Noise, uint8 (3, 17, 8, 12, 3)."""
    return rng.integers(0, 256, (3, 17, 8, 12, 3), dtype=np.uint8)


def test_enlarging_repeats_pixels(clips: np.ndarray) -> None:
    big = enlarge(clips, 3)
    assert big.shape == (3, 17, 24, 36, 3)
    for row in range(3):
        np.testing.assert_array_equal(big[:, :, row::3, 2::3], clips)


@pytest.mark.parametrize("frames", [1, 9, 10, 17])
def test_a_sheet_can_be_cut_again(clips: np.ndarray, frames: int) -> None:
    clip = clips[0, :frames]
    sheet = contact_sheet(clip, scale=2)
    np.testing.assert_array_equal(sheet_frames(sheet, sheet_layout(clip.shape, scale=2)), clip)


def test_a_batch_is_a_row_for_each_clip_with_its_label(clips: np.ndarray) -> None:
    plain = contact_sheet(clips)
    assert plain.shape == (3 * (8 + 2 * GAP), GAP + 17 * (12 + GAP), 3)
    labelled = contact_sheet(clips, ["a small red circle", "x" * 300, "größer"])
    assert labelled.shape[1] == plain.shape[1]
    ink = (labelled[:18] != PAPER).any(-1)
    assert ink.any(), "the first label is drawn above the first clip"
    assert not ink[:, -2 * GAP :].any(), "and stays inside the sheet"


def test_wrong_shapes_and_labels_are_refused(clips: np.ndarray) -> None:
    with pytest.raises(ShapeError, match="2 labels for 3 clips"):
        contact_sheet(clips, ["a", "b"])
    with pytest.raises(ShapeError, match="float32"):
        contact_sheet(clips.astype(np.float32))
