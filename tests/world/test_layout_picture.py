"""The picture of a layout, held against the rendered scene."""

import numpy as np
import torch

from minisora.world import SHAPES
from minisora.world.layout import layout_of
from minisora.world.layout_code import layout_frames
from minisora.world.layout_picture import draw_layout


def test_rings_lie_round_the_actors_in_their_colours(rng: np.random.Generator) -> None:
    for _ in range(5):
        scene = SHAPES.sample(rng, "one")
        picture = draw_layout(layout_frames(layout_of(SHAPES, scene)), 96, 96)
        assert picture.shape == (17, 96, 96, 3)
        assert picture.dtype == torch.uint8
        ground = torch.tensor(SHAPES.backgrounds[scene.background].rgb)
        colour = torch.tensor(SHAPES.colours[scene.actors[0].colour].rgb)
        inked = (picture[0].int() - ground).abs().amax(-1) > 40
        assert (picture[0][inked].int() - colour).abs().amax(-1).float().quantile(0.2) < 8
        rows, columns = inked.nonzero().float().add(0.5).unbind(1)
        ring = torch.hypot(columns / 96 - 0.5 - scene.actors[0].start[0], rows / 96 - 0.5 - scene.actors[0].start[1])
        assert ring.max() < scene.actors[0].radius + 0.03


def test_the_hand_points_up_at_first_and_turns_with_the_actor() -> None:
    scene = next(
        scene
        for scene in (SHAPES.sample(np.random.default_rng(k), "one") for k in range(200))
        if scene.actors[0].motion == "spinning" and scene.actors[0].heading > 0
    )
    frames = layout_frames(layout_of(SHAPES, scene, 17))
    picture = draw_layout(frames, 128, 128).float()
    ground = torch.tensor(SHAPES.backgrounds[scene.background].rgb).float()
    actor = scene.actors[0]
    x, y = (round((value + 0.5) * 128 - 0.5) for value in actor.start)
    half = round(actor.radius * 64)
    assert (picture[0, y - half, x] - ground).abs().max() > 40
    assert (picture[0, y + half, x] - ground).abs().max() < 8
    assert (picture[4, y - half, x] - ground).abs().max() < (picture[0, y - half, x] - ground).abs().max()


def test_a_wall_is_tinted(rng: np.random.Generator) -> None:
    scene = SHAPES.sample(rng, "wall")
    assert scene.wall is not None
    picture = draw_layout(layout_frames(layout_of(SHAPES, scene)), 64, 64)
    column = round((scene.wall.x + 0.5) * 64)
    assert (picture[:, 0, column].float().mean() > picture[:, 0, (column + 32) % 64].float().mean()).item()
