"""How the renderer puts characters, places, weather and props on the screen."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from minisora.world import STAGE, Actor, Camera, Scene, Wall
from minisora.world.render import beats, pose_of, render_layers, stance
from minisora.world.stage.drawing import disc, moved
from minisora.world.tables import Gait, Part

FACES = [shape for shape in STAGE.shapes.values() if shape.name != "balloon"]


def actor(shape: str = "car", motion: str = "moving right", **fields: object) -> Actor:
    numbers = {"radius": 0.2, "rate": 0.2, "start": (0.0, 0.0), **fields}
    return Actor(shape, "red", "large", motion, "plain", **numbers)  # type: ignore[arg-type]


def drawn(scene: Scene, frames: int = 1) -> torch.Tensor:
    return STAGE.render(scene, frames, 128, 128)


def test_one_way_and_the_other_are_mirror_images() -> None:
    for shape in FACES:
        right, left = (
            STAGE.render(Scene("grey", (actor(shape.name, f"moving {side}", rate=0.0),)), 1, 64, 64)[0]
            for side in ("right", "left")
        )
        assert torch.equal(left, right.flip(1)), shape.name


@pytest.mark.parametrize(
    ("angle", "mirror", "turned"),
    [
        (0.0, 1.0, 0.0),
        (math.pi, -1.0, 0.0),
        (-math.pi / 2, 1.0, -0.5),  # straight up: to the right, leaning back as far as it may
        (math.atan2(-0.2, 1.0), 1.0, math.atan2(-0.2, 1.0)),
        (math.atan2(-0.2, -1.0), -1.0, math.atan2(0.2, 1.0)),  # up to the left: mirrored, its nose up
    ],
)
def test_upright_figures_are_mirrored_and_lean(angle: float, mirror: float, turned: float) -> None:
    shape = replace(STAGE.shapes["bird"], lean=0.5)
    found = stance(shape, torch.tensor([angle]))
    assert found.mirror.tolist() == [mirror]
    assert found.angle.tolist() == pytest.approx([turned], abs=1e-3)


def test_a_character_that_leans_looks_where_it_goes() -> None:
    """The nose of a flat arrow, a disc ahead of the middle, is where its direction points."""
    nose = Part(moved(disc(0.3), 1.0, 0.0))
    arrow = replace(STAGE.shapes["rocket"], name="arrow", parts=(nose,), lean=math.pi / 2)
    world = replace(STAGE, shapes={"arrow": arrow})
    for motion in ("moving right", "moving left", "moving up", "moving up and to the left"):
        cover = render_layers(world, Scene("grey", (actor("arrow", motion, rate=0.0),)), 1, 128, 128).covers[0, 0]
        line = (torch.arange(128) + 0.5 - 64) / 128
        x, y = float((cover.sum(0) * line).sum() / cover.sum()), float((cover.sum(1) * line).sum() / cover.sum())
        way = world.motions[motion].direction
        assert way is not None
        assert (x, y) == pytest.approx((0.2 * way[0], 0.2 * way[1]), abs=0.002), motion


def test_a_beat_is_the_way_over_the_circumference() -> None:
    """A wheel that has rolled once round has gone its circumference, the other way when it goes left."""
    shape = replace(STAGE.shapes["car"], gait=Gait(a_radius=1 / (2 * math.pi * 0.25)))
    times = np.array([0.0, 1.0])
    for side in ("right", "left"):
        rolling = actor(motion=f"moving {side}", rate=2 * math.pi * 0.25 * 0.2)
        pose = pose_of(STAGE, Scene("grey", ()), rolling, times)
        assert np.diff(beats(shape, rolling, pose, times)) == pytest.approx([1.0])


def test_parts_hide_what_is_behind_them_and_keep_their_inks() -> None:
    blue = Part(moved(disc(0.6), 0.0, 0.0), (0, 0, 255))
    shape = replace(STAGE.shapes["car"], parts=(Part(disc(1.0)), blue))
    world = replace(STAGE, shapes={"car": shape})
    layers = render_layers(world, Scene("black", (actor(rate=0.0),)), 1, 128, 128)
    assert layers.covers[0].sum().item() == pytest.approx(math.pi * (0.2 * 128) ** 2, rel=0.01)
    middle, rim = layers.pictures[0, 0, 64, 64], layers.pictures[0, 0, 64, 64 + 21]
    assert middle.tolist() == pytest.approx([0, 0, 1])
    assert rim.tolist() == pytest.approx([value / 255 for value in STAGE.colours["red"].rgb])


def test_what_is_visible_adds_up_under_a_veil() -> None:
    scene = Scene(
        "meadow", (actor(start=(0.0, 0.2)),), light="dusk", weather="fog", wall=Wall(0.2, 0.3, "tree", 0.1, 0.2)
    )
    layers = render_layers(STAGE, scene, 5, 64, 64)
    free = (1 - layers.covers).prod(dim=0) * (1 - layers.wall)
    summed = layers.ground * free[..., None] + layers.wall[..., None] * layers.wall_picture
    summed = summed + (layers.visible()[..., None] * layers.pictures).sum(dim=0)
    assert layers.veil is not None
    assert layers.veil_colour is not None
    summed = summed * (1 - layers.veil[..., None]) + layers.veil[..., None] * layers.veil_colour
    assert (summed * 255 - layers.compose().float()).abs().max() <= 0.51


def test_light_falls_on_characters_but_not_on_a_plain_ground() -> None:
    by_day, at_night = (drawn(Scene("grey", (actor(),), light=light))[0] for light in ("", "night"))
    assert torch.equal(by_day[0], at_night[0])  # the uppermost row shows the ground alone
    tint = torch.tensor(STAGE.lights["night"].tint)
    red = torch.tensor(STAGE.colours["red"].rgb) * tint
    assert (at_night.float() - red.round()).abs().sum(dim=-1).min() <= 2


def test_a_tracking_shot_keeps_its_actor_in_place() -> None:
    going = actor(start=(0.1, 0.2), rate=0.3)
    scene = Scene("meadow", (going,), camera=Camera("tracking", 0.3), light="day", weather="clear")
    covers = render_layers(STAGE, scene, 17, 64, 64).covers[0]
    columns = torch.arange(64.0)
    middles = (covers.sum(dim=1) * columns).sum(dim=1) / covers.sum(dim=(1, 2))
    assert (middles - middles[0]).abs().max() < 0.5
    clip = drawn(scene, 17)
    assert (clip[0].int() - clip[-1].int()).abs().float().mean() > 2  # while the place goes by
