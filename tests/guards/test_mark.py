"""The pattern is the same on every machine, and changes a pixel by one grey level at most."""

import hashlib

import numpy as np
import pytest
import torch

from minisora.errors import ShapeError
from minisora.guards.mark import SIDE, mark_frames, mark_tile, unmark_frames


def test_the_pattern_is_the_bits_of_a_hash_and_never_changes() -> None:
    number = int.from_bytes(hashlib.shake_256(b"minisora").digest(128), "big")
    bits = [1 if number >> (SIDE * SIDE - 1 - k) & 1 else -1 for k in range(SIDE * SIDE)]
    assert mark_tile().ravel().tolist() == bits
    assert mark_tile()[0, :8].tolist() == [-1, 1, -1, 1, 1, 1, -1, 1]
    assert abs(int(mark_tile().sum())) < 3 * SIDE  # 3 standard deviations of 1024 coins
    assert (mark_tile("mine") != mark_tile()).any()


def test_a_pixel_changes_by_one_and_by_the_same_in_every_frame(rng: np.random.Generator) -> None:
    frames = rng.integers(0, 256, (5, 48, 80, 3), dtype=np.uint8)
    marked = mark_frames(frames)
    change = marked.astype(int) - frames
    assert marked.dtype == np.uint8
    inside = (frames > 0) & (frames < 255)
    expected = np.broadcast_to(
        [[[mark_tile()[row % SIDE, column % SIDE]] * 3 for column in range(80)] for row in range(48)], frames.shape
    )
    assert (change[inside] == expected[inside]).all()
    assert (np.abs(change) <= 1).all()


def test_it_is_taken_off_again(rng: np.random.Generator) -> None:
    frames = rng.integers(1, 255, (2, 40, 40, 3), dtype=np.uint8)
    assert (unmark_frames(mark_frames(frames)) == frames).all()


def test_pieces_of_a_clip_are_marked_as_the_whole(rng: np.random.Generator) -> None:
    frames = rng.integers(0, 256, (6, 32, 40, 3), dtype=np.uint8)
    pieces = [mark_frames(torch.from_numpy(frames[part])) for part in (slice(0, 1), slice(1, 5), slice(5, 6))]
    assert (np.concatenate(pieces) == mark_frames(frames)).all()


@pytest.mark.parametrize("frames", [np.zeros((2, 8, 8, 3)), np.zeros((8, 8), np.uint8), np.zeros((2, 8, 8), np.uint8)])
def test_what_is_no_frame_is_refused(frames: np.ndarray) -> None:
    with pytest.raises(ShapeError, match="uint8"):
        mark_frames(frames)
