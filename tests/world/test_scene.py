"""A scene survives JSON, and what is not a scene is refused."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minisora.errors import DataError
from minisora.world import SHAPES, Actor, Camera, Relation, Scene, Wall
from minisora.world.sampling import RECIPES
from minisora.world.scene import half_of


@given(st.integers(0, 2**32 - 1), st.sampled_from(list(RECIPES)), st.sampled_from([0.6, 1.0, 1.5]))
def test_json_round_trip(seed: int, kind: str, aspect: float) -> None:
    scene = SHAPES.sample(np.random.default_rng(seed), kind, aspect=aspect)
    assert Scene.from_json(scene.to_json()) == scene
    assert "\n" not in scene.to_json()


def test_json_keeps_every_part() -> None:
    actor = Actor("star", "red", "large", "bouncing", "quickly", 0.2, 0.3, (0.1, -0.2), 1.5, 0.25)
    scene = Scene(
        background="navy",
        actors=(actor, dataclasses.replace(actor, colour="blue")),
        aspect=1.5,
        texture="grid",
        relations=(Relation("above", 1, 0),),
        wall=Wall(0.1, 0.3),
        camera=Camera("panning left", 0.2),
        kind="wall",
    )
    back = Scene.from_json(scene.to_json())
    assert back == scene
    assert isinstance(back.actors, tuple)
    assert isinstance(back.actors[0].start, tuple)


@pytest.mark.parametrize("text", ["", "{}", "[]", "3", "null", '{"actors": 3}', "not json"])
def test_what_is_not_a_scene_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="not the JSON of a scene"):
        Scene.from_json(text)


def test_a_missing_or_misspelt_field_is_refused() -> None:
    data = json.loads(SHAPES.sample(np.random.default_rng(0), "one").to_json())
    with pytest.raises(DataError):
        Scene.from_json(json.dumps({**data, "backgruond": "black"}))
    del data["actors"][0]["radius"]
    with pytest.raises(DataError):
        Scene.from_json(json.dumps(data))


@pytest.mark.parametrize(
    ("aspect", "half"), [(1.0, (0.5, 0.5)), (2.0, (1.0, 0.5)), (0.5, (0.5, 1.0)), (80 / 48, (40 / 48, 0.5))]
)
def test_the_shorter_side_is_one(aspect: float, half: tuple[float, float]) -> None:
    assert half_of(aspect) == pytest.approx(half)
    assert Scene("black", (), aspect).half == pytest.approx(half)
