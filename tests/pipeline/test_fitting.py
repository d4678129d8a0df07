"""Clips of another size or rate: what becomes of them."""

import numpy as np
import pytest
import torch

from minisora.errors import ShapeError
from minisora.pipeline.fitting import at_rate, fit_mask, fitted_size, known_rate, scaled


@pytest.mark.parametrize(
    ("given", "fitted"),
    [
        ((64, 64), (64, 64)),
        ((48, 80), (48, 80)),
        ((96, 96), (96, 96)),
        ((60, 70), (64, 64)),
        ((32, 32), (32, 32)),
        ((33, 65), (32, 64)),
        ((65, 64), (64, 64)),
        ((70, 100), (64, 96)),
        ((720, 1280), (48, 80)),  # of the same form, as many pixels as the network's own
        ((1920, 1080), (80, 48)),
        ((512, 512), (64, 64)),
        ((16, 16), (64, 64)),
        ((1, 1), (64, 64)),
        ((1, 1000), (32, 128)),
        ((100000, 3), (128, 32)),
    ],
)
def test_sizes(given: tuple[int, int], fitted: tuple[int, int]) -> None:
    assert fitted_size(given, (64, 64), 16) == fitted


def test_a_larger_network_leaves_larger_frames_alone() -> None:
    assert fitted_size((128, 128), (128, 128), 16) == (128, 128)
    assert fitted_size((64, 64), (128, 128), 16) == (64, 64)
    assert fitted_size((48, 64), (128, 128), 16) == (112, 144)


def test_scaling_piece_by_piece_is_scaling() -> None:
    clip = torch.randint(0, 256, (130, 32, 32, 3), dtype=torch.uint8)
    assert scaled(clip, 16, 48).shape == (130, 16, 48, 3)
    assert torch.equal(scaled(clip, 16, 48)[-1:], scaled(clip[-1:], 16, 48))
    assert torch.equal(scaled(clip, 32, 32), clip)


@pytest.mark.parametrize(
    ("given", "known"),
    [
        (4, 4), (8, 8), (16, 16), (7.992, 8), (24, 8), (23.976, 8), (30, 8), (60, 8), (12, 8), (6, 4), (1, 4),
        (1000, 8), (0.01, 4), (15.99, 16),
    ],
)  # fmt: skip
def test_rates(given: float, known: float) -> None:
    assert known_rate(given, 8.0) == known


def test_a_rate_of_the_networks_own_is_known() -> None:
    assert known_rate(12.0, 12.0) == known_rate(30.0, 12.0) == 12
    assert known_rate(9.0, 12.0) == 8


def test_frames_at_another_rate() -> None:
    assert at_rate(9, 24, 8) == [0, 3, 6]
    assert at_rate(10, 24, 8) == [0, 3, 6, 9]
    assert at_rate(9, 30, 8) == [0, 4, 8]  # 3.75 and 7.5 frames
    assert at_rate(3, 4, 8) == [0, 1, 1, 2, 2]
    assert at_rate(1, 30, 8) == [0]


def test_a_mask_is_fitted_as_its_video() -> None:
    mask = np.zeros((6, 70, 100), bool)
    mask[5] = True
    mask[:, 35, 50] = True  # a single pixel is not lost
    fitted = fit_mask(torch.from_numpy(mask), (6, 70, 100), (5, 64, 96))
    assert fitted.shape == (5, 64, 96)
    assert 1 <= int(fitted[0].sum()) <= 4
    assert fit_mask(torch.from_numpy(mask[5]), (6, 70, 100), (5, 64, 96)).all()
    with pytest.raises(ShapeError, match="Scale it to 70×100"):
        fit_mask(torch.from_numpy(mask[:, :64]), (6, 70, 100), (5, 64, 96))
    with pytest.raises(ShapeError, match=r"\(6, 70, 100\)"):
        fit_mask(torch.from_numpy(mask[:5]), (6, 70, 100), (5, 64, 96))
