"""Settling, with a painter whose picture is a closed form: a bell for each actor, at its place in the layout."""

import numpy as np
import pytest
import torch
from torch import Tensor

from minisora.pipeline.settling import settle
from minisora.world import SHAPES
from minisora.world.layout import actor_tracks, layout_of
from minisora.world.layout_code import by_group, layout_frames, layout_groups, rotated

PIXEL = 1 / 64
GRID = (torch.arange(16) + 0.5) / 16 - 0.5
ALL = torch.ones(5, dtype=torch.bool)
FIRST = torch.tensor([True, True, True, False, False])
X, Y, SIZE = -5, -4, -3  # of an actor's row


def bells(layout: Tensor) -> Tensor:
    """Latents (n, z, 16, 16, 3) of layouts (n, z, 4, k): a bell for each actor that is there."""
    tracks = actor_tracks(by_group(layout_frames(layout)))  # (n, z, 4 frames, 3 actors, …)
    middles, there = tracks.middles.mean(dim=2), tracks.there.mean(dim=2)
    x, y = middles[..., 0, None, None], middles[..., 1, None, None]
    away = (GRID - x).square() + (GRID[:, None] - y).square()  # (n, z, 3, 16, 16)
    return ((-away / (2 * 0.08**2)).exp() * there[..., None, None]).permute(0, 1, 3, 4, 2)


def paint(noisy: Tensor, time: Tensor, layout: Tensor) -> Tensor:
    """The painter, who looks at the layout alone."""
    return bells(layout)


@pytest.fixture
def truth() -> Tensor:
    """Frames (17, 4, j) of a scene of two actors."""
    scene = SHAPES.sample(np.random.default_rng(11), "two")
    return layout_frames(layout_of(SHAPES, scene))


def settled(frames: Tensor, truth: Tensor, known: Tensor = ALL) -> Tensor:
    """The layout, settled onto the bells of the truth."""
    latents = bells(layout_groups(truth)[None])[0]
    return settle(paint, latents, known, frames, torch.zeros_like(latents))


def off(frames: Tensor, truth: Tensor) -> float:
    """The largest error of a place of the two actors, pixels."""
    return float((frames - truth)[:, :2, X : Y + 1].norm(dim=-1).max() / PIXEL)


@pytest.mark.parametrize("known", [ALL, FIRST])
def test_actors_are_moved_to_where_they_are(truth: Tensor, known: Tensor) -> None:
    read = truth.clone()
    read[:, 0, X] += 1.5 * PIXEL
    read[:, 1, Y] -= 2.5 * PIXEL
    found = settled(read, truth, known)
    assert off(read, truth) > 2
    assert off(found, truth) < 0.1
    torch.testing.assert_close(found.diff(dim=0), read.diff(dim=0), atol=2e-3, rtol=0)


def test_what_is_right_stays(truth: Tensor) -> None:
    assert off(settled(truth, truth), truth) < 0.02


def test_only_places_change(truth: Tensor) -> None:
    read = truth.clone()
    read[:, 0, X] += PIXEL
    changed = (settled(read, truth) - read).abs() > 0
    changed[:, :3, X : Y + 1] = False
    assert not bool(changed.any())


def test_both_ends_are_met_where_both_are_given(truth: Tensor) -> None:
    read = truth.clone()
    read[:, 0, X] += torch.linspace(-2, 2, 17) * PIXEL
    assert off(settled(read, truth, torch.tensor([True, True, False, False, True])), truth) < 0.2
    last = settled(read, truth, FIRST)[8]
    assert float((last - truth[8])[0, X].abs() / PIXEL) < 0.2  # it goes on from the last frame that is given


def test_one_that_was_read_turned_wrongly_is_turned_and_found(truth: Tensor) -> None:
    """Beside its middle, each actor has a hand in the direction in which it faces."""

    def hands(noisy: Tensor, time: Tensor, layout: Tensor) -> Tensor:
        frames = layout_frames(layout)
        reaching = frames.clone()
        reaching[..., :3, X : Y + 1] += 0.12 * frames[..., :3, -2:]
        return torch.cat([bells(layout), bells(layout_groups(reaching))], dim=-1)

    read, angle = truth.clone(), torch.tensor(0.4)
    cosine, sine = truth[:, 0, -2], truth[:, 0, -1]
    read[:, 0, -2], read[:, 0, -1] = (
        cosine * angle.cos() - sine * angle.sin(),
        cosine * angle.sin() + sine * angle.cos(),
    )
    read[:, 0, X] += 1.5 * PIXEL
    latents = hands(torch.zeros(0), torch.zeros(0), layout_groups(truth)[None])[0]
    found = settle(hands, latents, ALL, read, torch.zeros_like(latents), named=True)
    assert off(found, truth) < 0.1
    torch.testing.assert_close(found[:, 0, -2:], truth[:, 0, -2:], atol=0.02, rtol=0)


def test_one_that_was_read_far_off_is_found_too(truth: Tensor) -> None:
    far = truth.clone()
    far[:, 0, X : Y + 1] += 3 * PIXEL
    assert off(settled(far, truth), truth) < 0.5 < off(far, truth)


def sized(noisy: Tensor, time: Tensor, layout: Tensor) -> Tensor:
    """Bells as wide as the actors are large, each with a hand in the direction in which it faces."""
    frames = layout_frames(layout)
    reaching = frames.clone()
    reaching[..., :3, X : Y + 1] += 0.12 * frames[..., :3, -2:]
    wide = actor_tracks(by_group(frames)).sizes.mean(dim=2)  # (n, z, 3)
    pictures = [bells(layout_groups(each)) for each in (frames, reaching)]
    return torch.cat([picture * wide.exp()[..., None, None, :] for picture in pictures], dim=-1)


def test_a_window_that_is_given_whole_is_followed_through_bends_growth_and_spin(truth: Tensor) -> None:
    read, time = truth.clone(), torch.linspace(-1, 1, 17)
    read[:, 0, X] += 1.5 * time * PIXEL  # read too fast
    read[:, 1, Y] += 1.5 * (time**3 - time**2) * PIXEL  # and on another bend
    read[:, 0, SIZE] += 0.2 * time
    read[:, 1, -2:] = rotated(truth[:, 1, -2:], 0.4 * time)
    latents = sized(torch.zeros(0), torch.zeros(0), layout_groups(truth)[None])[0]
    found = settle(sized, latents, ALL, read, torch.zeros_like(latents), named=True)
    assert off(found, truth) < 0.2 < 1 < off(read, truth)
    torch.testing.assert_close(found[:, :2, SIZE:], truth[:, :2, SIZE:], atol=0.03, rtol=0)


def test_sizes_and_turns_stay_where_the_words_name_something_else(truth: Tensor) -> None:
    read = truth.clone()
    read[:, 0, SIZE] += 0.2
    latents = sized(torch.zeros(0), torch.zeros(0), layout_groups(truth)[None])[0]
    found = settle(sized, latents, ALL, read, torch.zeros_like(latents))
    torch.testing.assert_close(found[..., SIZE:], read[..., SIZE:], atol=0, rtol=0)
