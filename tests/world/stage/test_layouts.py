"""Layouts of the stage: places, lights, weathers and props have numbers of their own."""

from dataclasses import replace

import numpy as np
import torch

from minisora.world import SHAPES, STAGE, Actor, Camera, Scene, Wall
from minisora.world.layout import ACTOR_ROWS, layout_channels, layout_columns, layout_of
from minisora.world.layout_code import FRAME_MOVING, layout_frames

CAR = Actor("car", "red", "small", "moving right", "plain", 0.1, 0.2, (0.0, 0.2))
SCENE = Scene("city", (CAR,), light="night", weather="rain", wall=Wall(0.1, 0.3, "tree", 0.15, 0.2))


def row(scene: Scene) -> torch.Tensor:
    return layout_frames(layout_of(STAGE, scene, 5))[0, ACTOR_ROWS]


def changed(**fields: object) -> set[str]:
    """Which parts of the layout a change of the scene changes."""
    before = layout_frames(layout_of(STAGE, SCENE, 5))
    after = layout_frames(layout_of(STAGE, replace(SCENE, **fields), 5))  # type: ignore[arg-type]
    moved = (before - after).abs().amax(dim=0) > 1e-5
    return {name for name, flags in layout_columns(STAGE).items() if (moved & flags).any()}


def test_each_name_has_a_place_of_its_own() -> None:
    assert changed(background="forest") == {"background"}
    assert changed(light="day") == {"light"}
    assert changed(weather="fog") == {"weather"}
    assert changed(wall=Wall(0.1, 0.3, "rock", 0.15, 0.2)) == {"wall"}
    assert changed(wall=Wall(0.1, 0.3, "tree", 0.05, 0.2)) == {"wall"}
    assert changed(camera=Camera("tracking", 0.2)) == {"camera"}


def test_parts_of_a_layout_do_not_overlap_and_fill_it() -> None:
    for world in (SHAPES, STAGE):
        flags = torch.stack(list(layout_columns(world).values())).int().sum(dim=0)
        assert flags.max() == 1
        assert flags[ACTOR_ROWS, :-FRAME_MOVING].min() == 1


def test_every_name_of_the_tables_is_told_apart() -> None:
    rows = [row(Scene(name, (CAR,), light=light, weather=weather))
            for name, place in STAGE.backgrounds.items()
            for light in place.lights or ("",) for weather in place.weathers or ("",)]  # fmt: skip
    stacked = torch.stack(rows)
    distances = torch.cdist(stacked, stacked) + 9 * torch.eye(len(rows))
    assert distances.min() > 0.5


def test_layouts_of_random_scenes_are_finite_and_of_one_width() -> None:
    rng = np.random.default_rng(0)
    for _ in range(40):
        layout = layout_of(STAGE, STAGE.sample(rng), 17)
        assert layout.shape == (5, ACTOR_ROWS + 1, layout_channels(STAGE))
        assert layout.isfinite().all()
        assert layout.abs().max() < 12


def test_the_first_world_has_no_more_numbers_than_before() -> None:
    assert layout_channels(SHAPES) == 32
