"""The character that CONTRIBUTING.md shows is drawn, described, parsed and graded as it stands there."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from minisora.world import Scene, World

DOCUMENT = Path(__file__).parents[3] / "CONTRIBUTING.md"


@pytest.fixture(scope="module")
def world() -> World:
    chapter = DOCUMENT.read_text(encoding="utf-8").split("## Add a character to the stage")[1]
    found = re.search(r"```python\n(.*?)```", chapter, re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {}
    exec(found[1], names)  # noqa: S102 - our own document
    made: World = names["world"]
    return made


def scenes(world: World, count: int) -> list[Scene]:
    """Scenes of one actor, the new one."""
    only = replace(world, shapes={"whale": world.shapes["whale"]})
    rng = np.random.default_rng(0)
    places = [only.sample(rng, "one") for _ in range(12 * count)]
    return [scene for scene in places if scene.background == "under water"][:count]


def test_it_is_described_and_parsed(world: World) -> None:
    rng = np.random.default_rng(1)
    for scene in scenes(world, 4):
        caption = world.write(scene, rng, short=0.0)
        assert re.search(r"\b(whale|humpback)\b", caption.text.lower())
        assert world.parse(caption.text) == caption.request
    request = world.parse("a large red whale swimming left under water")
    assert (request.actors[0].shape, request.background, request.unknown) == ("whale", "under water", ())


def test_it_is_drawn_and_graded(world: World) -> None:
    """Among all the others, and with one word wrong the grade says so."""
    rng = np.random.default_rng(2)
    for scene in scenes(world, 3):
        caption = world.write(scene, rng, short=0.0)
        clip = world.render(scene, 17, 128, 128)
        grade = world.grade(clip, caption.request)
        assert grade.every_word_right, f"{caption.text}\n{grade}"
        fish = replace(caption.request, actors=(replace(caption.request.actors[0], shape="fish"),))
        assert [verdict.attribute for verdict in world.grade(clip, fish).wrong] == ["shape"]
