"""The worlds by name, and the small one for a class."""

import pickle
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from minisora.errors import SettingError
from minisora.world import CLASSROOM, SHAPES, WORLDS, find_world


def test_worlds_are_found_by_their_names() -> None:
    assert find_world("shapes") is SHAPES
    assert all(find_world(name).name == name for name in WORLDS)


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(SettingError, match="Use 'classroom'"):
        find_world("clasroom")


def test_the_classroom_is_a_part_of_shapes() -> None:
    for axis in ("shapes", "colours", "sizes", "speeds", "motions", "backgrounds", "cameras"):
        small, whole = getattr(CLASSROOM, axis), getattr(SHAPES, axis)
        assert all(whole[name] is entry for name, entry in small.items())
    assert len(CLASSROOM.shapes) < len(SHAPES.shapes)
    assert len(CLASSROOM.motions) < len(SHAPES.motions)


def test_the_classroom_describes_reads_and_grades_itself() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        scene = CLASSROOM.sample(rng)
        caption = CLASSROOM.write(scene, rng)
        assert len(scene.actors) == 1
        assert CLASSROOM.parse(caption.text) == caption.request
        assert all(verdict.right for verdict in CLASSROOM.grade(CLASSROOM.render(scene), caption.request).verdicts)


def test_a_world_gets_to_another_process_by_its_name() -> None:
    for world in WORLDS.values():
        assert pickle.loads(pickle.dumps(world)) is world  # noqa: S301 - our own
        assert deepcopy(world) is world
    own = replace(SHAPES, name="mine", kinds={"one": 1.0})
    copied = pickle.loads(pickle.dumps(own))  # noqa: S301 - our own
    assert copied is not own
    assert (copied.name, copied.kinds, list(copied.shapes)) == ("mine", {"one": 1.0}, list(SHAPES.shapes))
    scene = own.sample(np.random.default_rng(0))
    assert copied.sample(np.random.default_rng(0)) == scene
