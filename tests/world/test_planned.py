"""Layouts read as if they were seen: the true layout of a scene shows every word, and one wrong word is found."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from minisora.world import SHAPES, STAGE, Camera, Scene, World
from minisora.world.grader import compare
from minisora.world.grader.planned import read_plan
from minisora.world.layout import layout_of
from minisora.world.layout_code import layout_frames


def plan_of(world: World, scene: Scene, order: tuple[int, ...] = (), fps: float = 8.0) -> torch.Tensor:
    return layout_frames(layout_of(world, scene, 17, fps, order=order))


@pytest.mark.parametrize("kind", list(SHAPES.kinds))
def test_a_true_layout_shows_every_word(kind: str) -> None:
    rng = np.random.default_rng(5)
    for _ in range(8):
        scene = SHAPES.sample(rng, kind)
        caption = SHAPES.write(scene, rng, short=0.0)
        grade = compare(SHAPES, read_plan(SHAPES, plan_of(SHAPES, scene, caption.order), 8.0, 64, 64), caption.request)
        assert grade.every_word_right, f"{caption.text}\n{grade}"


@pytest.mark.parametrize("kind", ["one", "two", "relation", "prop", "camera", "tracking"])
def test_a_true_layout_of_the_stage_shows_every_word(kind: str) -> None:
    rng = np.random.default_rng(6)
    for _ in range(4):
        scene = STAGE.sample(rng, kind)
        caption = STAGE.write(scene, rng, short=0.0)
        plan = plan_of(STAGE, scene, caption.order)
        grade = compare(STAGE, read_plan(STAGE, plan, 8.0, 128, 128), caption.request)
        assert grade.every_word_right, f"{caption.text}\n{grade}"


@pytest.mark.parametrize(
    ("attribute", "other"),
    [("colour", "purple"), ("shape", "ring"), ("size", "small"), ("motion", "moving up"), ("speed", "slowly")],
)
def test_one_wrong_word_is_found(attribute: str, other: str) -> None:
    rng = np.random.default_rng(0)
    scene = SHAPES.sample(rng, "one")
    actor = replace(
        scene.actors[0], shape="star", colour="red", size="large", motion="moving right", speed="quickly",
        radius=0.19, rate=0.33, start=(-0.3, 0.0),
    )  # fmt: skip
    scene = replace(scene, actors=(actor,))
    caption = SHAPES.write(scene, rng, short=0.0)
    asked = replace(caption.request, actors=(replace(caption.request.actors[0], **{attribute: other}),))
    reading = read_plan(SHAPES, plan_of(SHAPES, scene), 8.0, 64, 64)
    assert compare(SHAPES, reading, caption.request).every_word_right
    assert [verdict.attribute for verdict in compare(SHAPES, reading, asked).wrong] == [attribute]


def test_the_camera_is_read_with_its_rate() -> None:
    rng = np.random.default_rng(1)
    scene = replace(SHAPES.sample(rng, "camera"), camera=Camera("zooming out", 0.22))
    camera = read_plan(SHAPES, plan_of(SHAPES, scene), 8.0, 64, 64).camera
    assert (camera.move, camera.rate) == ("zooming out", pytest.approx(0.22, abs=1e-3))


def test_actors_that_are_not_there_are_not_read() -> None:
    scene = SHAPES.sample(np.random.default_rng(2), "one")
    assert len(read_plan(SHAPES, plan_of(SHAPES, scene), 8.0, 64, 64).actors) == 1
    assert read_plan(SHAPES, plan_of(SHAPES, replace(scene, actors=())), 8.0, 64, 64).actors == ()
