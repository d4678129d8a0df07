"""The layout of a scene: held against the renderer, and packed and unpacked."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from minisora.world import SHAPES, Camera, Scene
from minisora.world.layout import (
    ACTOR_ROWS,
    actor_tracks,
    layout_of,
    wall_of,
)
from minisora.world.layout_code import layout_frames, layout_groups
from minisora.world.render import clip_times, render_layers, screen_track


def scenes(kind: str, count: int = 6) -> list[Scene]:
    rng = np.random.default_rng(3)
    return [SHAPES.sample(rng, kind) for _ in range(count)]


@pytest.mark.parametrize("kind", ["one", "two", "three", "camera"])
def test_middles_are_those_of_the_ink(kind: str) -> None:
    """Where an actor is drawn whole, the middle of its pixels is the middle that the layout tells."""
    checked = 0
    for scene in scenes(kind):
        layers = render_layers(SHAPES, scene, 17, 96, 96)
        middles, radii, _, there, *_ = actor_tracks(layout_frames(layout_of(SHAPES, scene)))
        assert there[0].sum() == len(scene.actors)
        grid = (torch.arange(96) + 0.5 - 48) / 96
        for index, actor in enumerate(scene.actors):
            if actor.shape == "triangle":  # the only figure whose ink is not centred on its middle
                continue
            for frame in range(17):
                middle, radius = middles[frame, index], float(radii[frame, index])
                if middle.abs().max() + 1.3 * radius > 0.5:
                    continue
                ink = layers.covers[index, frame]
                x, y = (ink.sum(0) * grid).sum() / ink.sum(), (ink.sum(1) * grid).sum() / ink.sum()
                torch.testing.assert_close(middle, torch.stack([x, y]), atol=0.004, rtol=0)
                checked += 1
    assert checked > 50


def test_radii_are_those_of_the_ink() -> None:
    for scene in scenes("one", 20):
        actor = scene.actors[0]
        if actor.shape != "circle":
            continue
        middles, radii, *_ = actor_tracks(layout_frames(layout_of(SHAPES, scene)))
        inside = (middles[:, 0].abs().amax(-1) + radii[:, 0]) < 0.49
        area = render_layers(SHAPES, scene, 17, 96, 96).covers[0].sum((1, 2)) / 96**2
        torch.testing.assert_close((area / torch.pi).sqrt()[inside], radii[:, 0][inside], atol=0.003, rtol=0)


def test_a_wall_is_told() -> None:
    scene = scenes("wall", 1)[0]
    assert scene.wall is not None
    x, width, there = wall_of(layout_frames(layout_of(SHAPES, scene)))
    assert there.min() == 1
    torch.testing.assert_close(x, torch.full_like(x, scene.wall.x), atol=1e-5, rtol=0)
    torch.testing.assert_close(width, torch.full_like(width, scene.wall.width), atol=1e-5, rtol=0)
    assert wall_of(layout_frames(layout_of(SHAPES, scenes("one", 1)[0])))[2].max() == 0


def test_actors_come_in_the_order_asked_for() -> None:
    scene = scenes("three", 1)[0]
    plain, turned = layout_of(SHAPES, scene), layout_of(SHAPES, scene, order=(2, 0))
    assert torch.equal(turned[:, :ACTOR_ROWS], plain[:, [2, 0, 1]])
    assert torch.equal(turned[:, ACTOR_ROWS], plain[:, ACTOR_ROWS])


def test_missing_actors_are_all_zero_but_for_saying_so() -> None:
    layout = layout_of(SHAPES, scenes("one", 1)[0])
    assert (layout[:, 1:ACTOR_ROWS, 0] == -1).all()
    assert (layout[:, 1:ACTOR_ROWS, 1:] == 0).all()


@pytest.mark.parametrize("kind", ["one", "three", "wall", "camera", "leaving"])
def test_a_window_of_a_layout_is_the_layout_of_the_window(kind: str) -> None:
    for scene in scenes(kind, 3):
        frames = layout_frames(layout_of(SHAPES, scene, 17))
        assert frames.shape[:2] == (17, 4)
        torch.testing.assert_close(layout_groups(frames), layout_of(SHAPES, scene, 17), atol=1e-4, rtol=0)
        later = layout_of(SHAPES, scene, 9, start=0.5)
        torch.testing.assert_close(layout_groups(frames[4:13]), later, atol=1e-4, rtol=0)


def test_a_motion_is_written_down_alike_under_every_camera() -> None:
    """Only the scene's row tells of the camera; what is read off the layout is as large as it is seen."""
    for move in ("zooming in", "panning left"):
        scene = next(s for s in scenes("camera", 40) if s.camera.move == move)
        still = replace(scene, camera=Camera())
        filmed, plain = layout_of(SHAPES, scene), layout_of(SHAPES, still)
        assert torch.equal(filmed[:, :ACTOR_ROWS], plain[:, :ACTOR_ROWS])
        assert not torch.equal(filmed[:, ACTOR_ROWS], plain[:, ACTOR_ROWS])
        for seen, there in ((filmed, scene), (plain, still)):
            tracks = actor_tracks(layout_frames(seen))
            middles, radii = screen_track(SHAPES, there, there.actors[0], clip_times(17, 8.0))
            np.testing.assert_allclose(tracks.middles[:, 0].numpy(), middles, atol=1e-4)
            np.testing.assert_allclose(tracks.radii[:, 0].numpy(), radii, atol=1e-4)
