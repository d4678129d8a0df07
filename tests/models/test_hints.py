"""Hints drawn from a layout, held against the renderer's own cover."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from einops import reduce
from torch import Tensor

from minisora.models.autoencoder import TIME
from minisora.models.hints import FEATURES, HINTS, Hints
from minisora.world import SHAPES, Actor, Scene
from minisora.world.layout import layout_channels, layout_of
from minisora.world.layout_code import GROUP, layout_frames, layout_groups
from minisora.world.render import render_layers

CHANNELS = layout_channels(SHAPES)
GROUND = HINTS - GROUP * FEATURES  # where the features of the ground begin


def make_hints() -> Hints:
    torch.manual_seed(0)
    return Hints(CHANNELS).eval()


def test_a_layout_groups_frames_as_the_autoencoder_does() -> None:
    assert GROUP == TIME


@torch.no_grad()
@pytest.mark.parametrize(("height", "width"), [(64, 64), (48, 80)])
def test_discs_lie_where_the_renderer_draws(height: int, width: int) -> None:
    """A circle's hint is its cover at a quarter of the size, but for the ramp at its edge."""
    rng = np.random.default_rng(1)
    compared = 0
    while compared < 4:
        scene = SHAPES.sample(rng, "two", aspect=width / height)
        circles = [index for index, actor in enumerate(scene.actors) if actor.shape == "circle"]
        if not circles:
            continue
        hints = make_hints()(layout_of(SHAPES, scene, 9)[None], torch.zeros(1, 3), height // 4, width // 4)[0]
        covers = render_layers(SHAPES, scene, 9, height, width).covers
        coarse = reduce(covers, "n f (h i) (w j) -> n f h w", "mean", i=4, j=4)
        for index in circles:
            drawn = hints[1:, ..., 4 * index : 4 * index + 4].permute(0, 3, 1, 2).flatten(0, 1)  # frames 1 to 8
            assert (drawn - coarse[index, 1:]).abs().mean() < 0.02
            compared += 1


@torch.no_grad()
def test_a_wall_and_nobody_else() -> None:
    scene = SHAPES.sample(np.random.default_rng(0), "wall")
    assert scene.wall is not None
    hints = make_hints()(layout_of(SHAPES, scene)[None], torch.zeros(1, 5), 16, 16)
    assert hints.shape == (1, 5, 16, 16, HINTS)
    share = hints[0, :, :, :, 12:16].mean()
    assert float(share) == pytest.approx(scene.wall.width, abs=0.01)
    assert (hints[..., 4:12] == 0).all()  # no second and no third actor


@torch.no_grad()
def test_hints_fade_with_the_time() -> None:
    layout = layout_of(SHAPES, SHAPES.sample(np.random.default_rng(0), "one"))[None]
    clear, half, none = (make_hints()(layout, torch.full((1, 5), t), 16, 16) for t in (0.0, 0.5, 1.0))
    torch.testing.assert_close(half[..., :16], clear[..., :16] / 2)
    assert (none == 0).all()


@torch.no_grad()
def test_noise_is_drawn_without_trouble() -> None:
    torch.manual_seed(0)
    hints = make_hints()(5 * torch.randn(4, 5, 4, CHANNELS), torch.rand(4, 5), 16, 12)
    assert hints.isfinite().all()
    assert ((hints[..., :16] >= 0) & (hints[..., :16] <= 1)).all()


@torch.no_grad()
def test_a_figure_is_the_same_wherever_it_stands_and_however_it_is_turned() -> None:
    """Features are a function of the actor's own coordinates: moving by whole places moves them and, in a network that
    does not hear the turn by itself, a quarter turn turns them; nothing else changes."""
    network = make_hints()
    network.looks.weight[:, -2:] = 0
    star = Actor("star", "red", "large", "staying still", "plain", radius=0.2, rate=0.0, start=(-0.125, 0.0))
    moved = replace(star, start=(0.125, 0.0))

    def features(actor: Actor, quarter: bool = False) -> Tensor:
        layout = layout_of(SHAPES, Scene("black", (actor,)), 1)
        if quarter:
            layout[:, 0, -6:-4] = torch.tensor([0.0, 1.0])  # cosine and sine
        hints = network(layout[None], torch.zeros(1, 1), 16, 16)[0, 0]
        return hints[..., 16 : 16 + FEATURES]  # of the first actor in the first frame

    torch.testing.assert_close(features(star).roll(4, dims=1)[:, 5:], features(moved)[:, 5:], atol=1e-5, rtol=1e-5)
    middle = replace(star, start=(0.0, 0.0))
    turned = features(middle, quarter=True)
    torch.testing.assert_close(turned, features(middle).rot90(-1, (0, 1)), atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_asking_only_near_an_actor_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for at every place and then faded, features are those that are asked for only where they count."""
    network = make_hints()
    torch.nn.init.normal_(network.deep.weight, std=0.1)
    layout = layout_of(SHAPES, SHAPES.sample(np.random.default_rng(5), "three"))[None]
    few = network(layout, torch.full((1, 5), 0.2), 16, 16)
    asked: list[int] = []
    features = Hints._features

    def everywhere(self: Hints, covers: Tensor, u: Tensor, v: Tensor, about: Tensor, weight: Tensor) -> Tensor:
        asked.append(int((weight > 0).sum()))
        return features(self, covers, u, v, about, torch.ones_like(weight)) * weight[..., None]

    monkeypatch.setattr(Hints, "_features", everywhere)
    torch.testing.assert_close(network(layout, torch.full((1, 5), 0.2), 16, 16), few)
    assert asked[0] < 0.5 * 5 * 3 * 4 * 16 * 16


@torch.no_grad()
def test_nobody_leaves_a_trace_far_away_or_when_absent() -> None:
    dot = Actor("circle", "red", "small", "staying still", "plain", radius=0.1, rate=0.0, start=(-0.3, -0.3))
    hints = make_hints()(layout_of(SHAPES, Scene("black", (dot,)), 1)[None], torch.zeros(1, 1), 16, 16)[0, 0]
    hints = hints[..., :GROUND]
    assert (hints[8:, 8:] == 0).all()
    assert hints[..., 16 : 16 + 4 * FEATURES].abs().sum() > 0
    assert (hints[..., 16 + 4 * FEATURES :] == 0).all()  # features of actors 2 and 3


@torch.no_grad()
def test_the_ground_moves_with_the_camera_and_nothing_else_does() -> None:
    """A pan by whole places shifts the ground's features by as many; a zoom by two makes them twice as coarse."""
    network = make_hints()
    layout = layout_of(SHAPES, Scene("black", (), texture="grid"), 1)  # (1, 4, k)

    def features(pan: float = 0.0, zoom: float = 0.0) -> Tensor:
        frames = layout_frames(layout)
        frames[:, 3, -5], frames[:, 3, -3] = pan, math.log(zoom or 1.0)
        return network(layout_groups(frames)[None], torch.zeros(1, 1), 16, 16)[0, 0, :, :, GROUND:]

    still = features()
    assert still.std() > 0
    torch.testing.assert_close(features(pan=0.25)[:, :12], still[:, 4:], atol=1e-4, rtol=1e-4)
    network.ground_looks.weight[:, -1] = 0  # what it knows of the zoom by itself
    coarse, fine = features(zoom=2.0), make_grid_of(network, layout, 32)[..., GROUND:]
    torch.testing.assert_close(coarse, fine[8:24, 8:24], atol=1e-4, rtol=1e-4)


def make_grid_of(network: Hints, layout: Tensor, side: int) -> Tensor:
    """Hints (side, side, h) of a layout's first frame."""
    return network(layout[None], torch.zeros(1, 1), side, side)[0, 0]  # type: ignore[no-any-return]
