"""Scenes put together by hand: what they say is what they show, as the grader reads it."""

import numpy as np
import pytest

from minisora.errors import SettingError
from minisora.world import SHAPES
from minisora.world.staging import Part, parts_of, stage, stageable, tracks

STAR = Part("star", "red", "large", "moving up", "plain", (0.0, 0.25))
CROSS = Part("cross", "blue", "small", "staying still", "plain", (-0.3, -0.3))


@pytest.mark.parametrize("motion", stageable(SHAPES))
def test_every_motion_can_be_given_by_hand_and_is_read(motion: str) -> None:
    way = SHAPES.motions[motion].direction
    usual = {"falling": (0.1, -0.4), "bouncing": (0.3, 0.1)}.get(motion, (0.1, 0.1))
    start = usual if way is None else (-0.2 * way[0], -0.2 * way[1])
    scene = stage(SHAPES, "navy", [Part("square", "red", "small", motion, "plain", start)])
    assert scene.actors[0].start == start
    caption = SHAPES.write(scene, np.random.default_rng(0), short=0.0)
    grade = SHAPES.grade(SHAPES.render(scene), caption.request)
    assert grade.every_word_right, [verdict for verdict in grade.verdicts if not verdict.right]


def test_two_actors_and_their_paths() -> None:
    scene = stage(SHAPES, "black", [STAR, CROSS])
    assert [actor.shape for actor in scene.actors] == ["star", "cross"]
    assert parts_of(scene) == [STAR, CROSS]
    star, cross = tracks(SHAPES, scene, 17, 8.0)
    assert star["path"][0] == [0.0, 0.25]
    assert star["path"][-1][1] < 0
    assert cross["path"] == [[-0.3, -0.3]] * 17
    low, high = SHAPES.sizes["large"].low, SHAPES.sizes["large"].high
    assert low <= star["radius"] <= high


def test_the_same_parts_are_the_same_scene() -> None:
    part = Part("ring", "green", "small", "bouncing", "quickly", (0.2, 0.0))
    assert stage(SHAPES, "grey", [part]) == stage(SHAPES, "grey", [part])


def test_a_place_outside_is_moved_to_the_edge() -> None:
    part = Part("ring", "green", "small", "staying still", "plain", (9.0, -9.0))
    assert stage(SHAPES, "grey", [part], aspect=1.25).actors[0].start == (0.625, -0.5)


@pytest.mark.parametrize(
    ("parts", "words"),
    [([], "1 to 3"), ([STAR] * 4, "1 to 3"), ([STAR, STAR], "Two actors are red"),
     ([Part("circle", "red", "large", "spinning", "plain", (0, 0))], "Nobody could see"),
     ([Part("sta", "red", "large", "moving up", "plain", (0, 0))], "Use 'star'"),
     ([Part("star", "red", "large", "leaving and coming back", "plain", (0, 0))], "by hand")],
)  # fmt: skip
def test_what_makes_no_scene_is_refused(parts: list[Part], words: str) -> None:
    with pytest.raises(SettingError, match=words):
        stage(SHAPES, "black", parts)


def test_an_unknown_ground_is_refused() -> None:
    with pytest.raises(SettingError, match="Use 'navy'"):
        stage(SHAPES, "nave", [STAR])
