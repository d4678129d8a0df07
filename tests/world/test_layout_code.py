"""Frames of a layout to numbers and back: exact ones come back, and those that disagree are settled."""

import math

import numpy as np
import pytest
import torch

from minisora.world import SHAPES
from minisora.world.layout import LAYOUT_ROWS, layout_channels, layout_of
from minisora.world.layout_code import (
    FRAME_MOVING,
    GROUP,
    MOVING,
    by_group,
    layout_frames,
    layout_groups,
    led_up_to,
    meet,
)

STILL = layout_channels(SHAPES) - MOVING


def random_frames(count: int = 17, seed: int = 0) -> torch.Tensor:
    """Frames in which everything moves as it likes, double precision."""
    g = torch.Generator().manual_seed(seed)
    still = torch.randn(1, LAYOUT_ROWS, STILL, generator=g, dtype=torch.float64).expand(count, -1, -1)
    placed = torch.randn(count, LAYOUT_ROWS, 3, generator=g, dtype=torch.float64)
    angle = torch.rand(count, LAYOUT_ROWS, generator=g, dtype=torch.float64) * 6
    return torch.cat([still, placed, angle.cos()[..., None], angle.sin()[..., None]], dim=-1)


@pytest.mark.parametrize("count", [1, 5, 9, 17, 33])
def test_exact_frames_come_back(count: int) -> None:
    frames = random_frames(count)
    layout = layout_groups(frames)
    assert layout.shape == (1 + count // GROUP, LAYOUT_ROWS, layout_channels(SHAPES))
    torch.testing.assert_close(layout_frames(layout), frames)


def test_a_batch_is_packed_like_its_clips() -> None:
    frames = torch.stack([random_frames(seed=seed) for seed in range(3)])
    layouts = layout_groups(frames)
    assert torch.equal(layouts[1], layout_groups(frames[1]))
    torch.testing.assert_close(layout_frames(layouts)[1], layout_frames(layouts[1]))


def test_the_first_latent_frame_is_one_frame_four_times() -> None:
    frames = random_frames(5)
    groups = by_group(frames)
    assert torch.equal(groups[0], frames[:1].expand(GROUP, -1, -1))
    assert torch.equal(groups[1], frames[1:])
    layout = layout_groups(frames)
    assert (layout[0, :, STILL + 3 : STILL + 15] == 0).all()  # it takes no steps
    assert (layout[0, :, -GROUP:] == 0).all()  # and no turns


def test_means_and_steps_are_what_their_names_say() -> None:
    frames = random_frames()
    layout = layout_groups(frames)
    x = frames[:, 0, -FRAME_MOVING]
    torch.testing.assert_close(layout[2, 0, STILL], x[5:9].mean() / 0.22)
    torch.testing.assert_close(layout[2, 0, STILL + 3], (x[5] - x[4]) / 0.028)
    torch.testing.assert_close(layout[2, 0, STILL + 6], (x[6] - x[5]) / 0.028)


def test_turns_go_the_short_way_round() -> None:
    frames = torch.zeros(5, LAYOUT_ROWS, STILL + FRAME_MOVING, dtype=torch.float64)
    angle = 3.0 + 0.28 * torch.arange(5, dtype=torch.float64)  # passes π
    frames[:, 0, -2], frames[:, 0, -1] = angle.cos(), angle.sin()
    layout = layout_groups(frames)
    torch.testing.assert_close(layout[1, 0, -GROUP:], torch.ones(GROUP, dtype=torch.float64))


def test_a_wrong_mean_neither_bends_nor_breaks_a_path() -> None:
    """Means that are off move a straight path and change its speed; the best fit is NumPy's."""
    frames = torch.zeros(17, LAYOUT_ROWS, STILL + FRAME_MOVING, dtype=torch.float64)
    time = torch.arange(17, dtype=torch.float64)
    frames[:, 0, -FRAME_MOVING] = 0.03 * time - 0.2
    layout = layout_groups(frames)
    off = torch.tensor([0.1, -0.2, 0.05, 0.2, -0.1], dtype=torch.float64)
    layout[:, 0, STILL] += off
    middles = by_group(time[:, None, None])[..., 0, 0].mean(1).numpy()
    slope, start = np.polyfit(middles, (off * 0.22).numpy(), 1)
    expected = frames[:, 0, -FRAME_MOVING] + start + slope * time
    torch.testing.assert_close(layout_frames(layout)[:, 0, -FRAME_MOVING], expected)


def test_wrong_angles_are_averaged_and_the_turning_stays_even() -> None:
    frames = torch.zeros(17, LAYOUT_ROWS, STILL + FRAME_MOVING, dtype=torch.float64)
    angle = 0.3 * torch.arange(17, dtype=torch.float64)
    frames[:, 0, -2], frames[:, 0, -1] = angle.cos(), angle.sin()
    layout = layout_groups(frames)
    for group, off in enumerate([0.3, -0.3, 0.1, -0.1, 0.0]):
        wrong = angle[GROUP * group] + off
        layout[group, 0, STILL + 15], layout[group, 0, STILL + 16] = math.cos(wrong), math.sin(wrong)
    settled = layout_frames(layout)
    torch.testing.assert_close(settled[:, 0, -2:], frames[:, 0, -2:])


def test_what_goes_on_keeps_its_steps_and_turns() -> None:
    """Another account of known frames, moved and turned as a whole, is moved and turned back."""
    frames = random_frames(17)
    moved = frames.clone()
    moved[..., -FRAME_MOVING:-2] += torch.randn(4, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    cosine, sine = math.cos(0.7), math.sin(0.7)
    moved[..., -2:] = frames[..., -2:] @ torch.tensor([[cosine, sine], [-sine, cosine]], dtype=torch.float64)
    for known in (slice(0, 9), slice(9, 17), slice(5, 6)):  # gone on from, led up to, both
        where = torch.zeros(17, dtype=torch.bool)
        where[known] = True
        met = meet(frames, where, moved)
        torch.testing.assert_close(met, frames)
        assert torch.equal(met[known], frames[known])


def test_between_two_known_stretches_what_is_off_is_dealt_out_evenly() -> None:
    """A path that is off by a drift is straight again: what the drift has moved between both ends is taken back."""
    frames = random_frames(17)
    where = (torch.arange(17) < 5) | (torch.arange(17) >= 13)
    drift = torch.linspace(0, 1, 17, dtype=torch.float64)
    off = frames.clone()
    off[..., -FRAME_MOVING:-2] += drift[:, None, None]
    torch.testing.assert_close(meet(frames, where, off), frames)


def test_a_known_stretch_is_led_up_to_by_its_first_step() -> None:
    """Frames that move and turn evenly are as they were: the one before the known ones is where they come from."""
    frames = random_frames(17)
    frame = torch.arange(17, dtype=torch.float64)[:, None, None]
    frames[..., -FRAME_MOVING:-2] = frames[:1, :, -FRAME_MOVING:-2] + 0.01 * frame
    angle = 0.1 * frame[..., 0] + torch.arange(4)
    frames[..., -2:] = torch.stack([angle.cos(), angle.sin()], dim=-1)
    frames[:, :, :-FRAME_MOVING] = frames[:1, :, :-FRAME_MOVING]
    where = torch.arange(17) >= 9
    torch.testing.assert_close(led_up_to(torch.where(where[:, None, None], frames, 0), where)[8], frames[8])


def test_noise_that_would_bend_a_path_does_not() -> None:
    """What the steps are for: with every number a tenth off, a plain motion is straight to half a pixel."""
    rng = np.random.default_rng(0)
    scene = next(s for s in (SHAPES.sample(rng, "one") for _ in range(99)) if s.actors[0].motion == "moving right")
    layout = layout_of(SHAPES, scene).double()
    g = torch.Generator().manual_seed(0)
    off = []
    for _ in range(50):
        noisy = layout + 0.1 * torch.randn(layout.shape, generator=g, dtype=torch.float64)
        y = layout_frames(noisy)[:, 0, 1 - FRAME_MOVING].numpy()  # in the world
        time = np.arange(17)
        off.append(np.abs(y - np.polyval(np.polyfit(time, y, 1), time)).max() * 64)
    assert np.median(off) < 0.4  # pixels


def test_scales_spread_real_layouts_to_about_one() -> None:
    """Noise of standard deviation 1 must hide places, sizes and steps, not drown them from the start."""
    rng = np.random.default_rng(0)
    layouts = torch.stack([layout_of(SHAPES, SHAPES.sample(rng, "three")) for _ in range(200)])
    rows = layouts[:, 1:, :3, STILL:].flatten(0, 2)
    spread = rows.std(0)
    assert ((spread[:2] > 0.6) & (spread[:2] < 1.4)).all()
    assert ((spread[3:15].view(4, 3)[:, :2] > 0.5) & (spread[3:15].view(4, 3)[:, :2] < 1.4)).all()
