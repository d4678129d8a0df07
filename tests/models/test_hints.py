"""Hints drawn from a layout, held against the renderer's own cover."""

import numpy as np
import pytest
import torch
from einops import reduce

from minisora.models.hints import HINTS, layout_hints
from minisora.world import SHAPES
from minisora.world.layout import layout_of
from minisora.world.render import render_layers


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
        hints = layout_hints(layout_of(SHAPES, scene, 9)[None], torch.zeros(1, 3), height // 4, width // 4)[0]
        covers = render_layers(SHAPES, scene, 9, height, width).covers
        coarse = reduce(covers, "n f (h i) (w j) -> n f h w", "mean", i=4, j=4)
        for index in circles:
            drawn = hints[1:, ..., 4 * index : 4 * index + 4].permute(0, 3, 1, 2).flatten(0, 1)  # frames 1 to 8
            assert (drawn - coarse[index, 1:]).abs().mean() < 0.02
            compared += 1


def test_a_wall_and_nobody_else() -> None:
    scene = SHAPES.sample(np.random.default_rng(0), "wall")
    assert scene.wall is not None
    hints = layout_hints(layout_of(SHAPES, scene)[None], torch.zeros(1, 5), 16, 16)
    assert hints.shape == (1, 5, 16, 16, HINTS)
    share = hints[0, :, :, :, 12:].mean()
    assert float(share) == pytest.approx(scene.wall.width, abs=0.01)
    assert (hints[..., 4:12] == 0).all()  # no second and no third actor


def test_hints_fade_with_the_time() -> None:
    layout = layout_of(SHAPES, SHAPES.sample(np.random.default_rng(0), "one"))[None]
    clear, half, none = (layout_hints(layout, torch.full((1, 5), t), 16, 16) for t in (0.0, 0.5, 1.0))
    torch.testing.assert_close(half, clear / 2)
    assert (none == 0).all()


def test_noise_is_drawn_without_trouble() -> None:
    torch.manual_seed(0)
    hints = layout_hints(5 * torch.randn(4, 5, 4, 31), torch.rand(4, 5), 16, 12)
    assert hints.isfinite().all()
    assert ((hints >= 0) & (hints <= 1)).all()
