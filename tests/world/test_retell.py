"""A clip in words, read off its pixels: the words are those of the scene that was drawn."""

import numpy as np
import pytest

from minisora.errors import PromptError
from minisora.world import SHAPES
from minisora.world.grader import read, request_of


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["one", "two", "wall", "camera"])
def test_what_is_told_is_what_was_drawn(kind: str) -> None:
    right = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        scene = SHAPES.sample(rng, kind)
        clip = SHAPES.render(scene)
        said = SHAPES.parse(SHAPES.caption(clip, rng))
        assert said.unknown == ()
        drawn = {(a.shape, a.colour, a.size, a.motion) for a in scene.actors}
        told = {(a.shape, a.colour, a.size, a.motion) for a in said.actors}
        right += (drawn, scene.background) == (told, said.background) and bool(said.behind_wall) == bool(scene.wall)
        assert SHAPES.grade(clip, request_of(SHAPES, read(SHAPES, clip))).every_word_right
    assert right >= 11


def test_nothing_to_tell() -> None:
    with pytest.raises(PromptError, match="Give a prompt"):
        SHAPES.caption(np.zeros((17, 64, 64, 3), np.uint8), np.random.default_rng(0))
    image = SHAPES.render(SHAPES.sample(np.random.default_rng(1), "one"), 1)
    with pytest.raises(PromptError, match="too short"):
        SHAPES.caption(image, np.random.default_rng(0))
