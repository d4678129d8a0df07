"""What callers give in the place of frames, masks and numbers: brought into one form, or refused with what to type."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from minisora.errors import SettingError, ShapeError
from minisora.pipeline.given import as_clip, as_mask, finite, whole

CLIP = np.random.default_rng(0).integers(0, 256, (5, 16, 16, 3)).astype(np.uint8)
FLAGS = CLIP[0, ..., 0] > 127
NAN = float("nan")


@pytest.mark.parametrize(
    "frames",
    [CLIP, torch.from_numpy(CLIP), list(CLIP), list(torch.from_numpy(CLIP)), CLIP[::-1][::-1], CLIP.tolist()],
    ids=["array", "tensor", "list of arrays", "list of tensors", "reversed", "numbers"],
)
def test_frames_in_many_forms(frames: Any) -> None:
    if isinstance(frames, list) and isinstance(frames[0], list):
        frames = np.array(frames, np.uint8)
    assert np.array_equal(as_clip(frames).numpy(), CLIP)


def test_a_picture_is_a_clip_of_one_frame() -> None:
    assert np.array_equal(as_clip(Image.fromarray(CLIP[0])).numpy(), CLIP[:1])
    assert np.array_equal(as_clip([Image.fromarray(frame) for frame in CLIP]).numpy(), CLIP)


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        (CLIP / 255, r"float64 \(5, 16, 16, 3\).*from 0 to 1.*255"),
        (CLIP * NAN, "255"),
        (CLIP.astype(int), "astype"),
        (CLIP.astype(np.uint16), "astype"),
        (CLIP > 9, "astype"),
        (np.zeros((5, 16, 16, 4), np.uint8), r"\[\.\.\., :3\]"),
        (np.zeros((16, 16, 4), np.uint8), r"\[\.\.\., :3\]"),
        (np.zeros((5, 16, 16, 1), np.uint8), "repeat"),
        (CLIP[..., 0], "three times"),
        (CLIP[0, ..., 0], "three times"),
        (CLIP.transpose(0, 3, 1, 2), "moveaxis"),
        (CLIP[0].transpose(2, 0, 1), "moveaxis"),
        (CLIP[:0], "at least one frame"),
        (CLIP[:, :0], "at least one frame"),
        ([], "at least one frame"),
        (CLIP[None, None], "one clip"),
        (5, "one clip"),
        (None, "None, a NoneType"),
        (object(), "array or a tensor"),
        ("clip.mp4", r"read_video\('clip.mp4'\)"),
        (Path("clip.mp4"), r"read_video\('clip.mp4'\)"),
        ([CLIP[0], CLIP[0, :8]], "several sizes"),
    ],
)
def test_what_is_no_clip(frames: Any, words: str) -> None:
    with pytest.raises(ShapeError, match=words):
        as_clip(frames)


@pytest.mark.parametrize(
    "mask",
    [
        FLAGS, FLAGS.tolist(), FLAGS.astype(float), FLAGS.astype(np.uint8) * 255, torch.from_numpy(FLAGS).long(),
        FLAGS * 0.8 + 0.1, FLAGS * 200.0 + 20,
    ],
)  # fmt: skip
def test_masks_in_many_forms(mask: Any) -> None:
    assert np.array_equal(as_mask(mask).numpy(), FLAGS)


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (np.stack([FLAGS] * 3, -1), r"mask\[\.\.\., 0\]"),
        (np.zeros((5, 16, 16, 1)), r"mask\[\.\.\., 0\]"),
        (FLAGS * NAN, "no numbers"),
        (FLAGS[:0], "each pixel"),
        (FLAGS[0], "each pixel"),
        (True, "each pixel"),
        ("mask.png", "read_video"),
        (None, "NoneType"),
        ([None], "array or a tensor"),
        ([[True], [True, False]], "several sizes"),
    ],
)
def test_what_is_no_mask(mask: Any, words: str) -> None:
    with pytest.raises(ShapeError, match=words):
        as_mask(mask)


@pytest.mark.parametrize("value", [NAN, float("inf"), "much", "2", None, [], 10**400])
def test_what_is_no_number(value: Any) -> None:
    with pytest.raises(SettingError, match="Use x=2"):
        finite("x", value, near=2)


def test_whole_numbers_stay_exact() -> None:
    assert whole("x", 2**62 + 1, near=0) == 2**62 + 1
    assert whole("x", np.int64(7), near=0) == whole("x", 7.0, near=0) == 7
    with pytest.raises(SettingError, match="Use x=2"):
        whole("x", 2.4, near=0)
