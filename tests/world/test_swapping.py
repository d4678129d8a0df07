"""One word changed in a sentence: read back by the parser, which knows nothing of the swap."""

import numpy as np
import pytest

from minisora.errors import PromptError, SettingError
from minisora.world import SHAPES
from minisora.world.swapping import swap_words


@pytest.mark.parametrize(
    ("text", "change", "wanted", "axes"),
    [
        ("a red star spinning", {"colour": "blue"}, "a blue star spinning", ("colour",)),
        ("a scarlet Star, spinning", {"shape": "ring"}, "a scarlet ring, spinning", ("shape",)),
        ("a red star and a blue ring", {"blue": "green"}, "a red star and a green ring", ("colour",)),
        ("a star gliding to the left on grey", {"motion": "bouncing"}, "a star bouncing on grey", ("motion",)),
        (
            "a small star on black",
            {"size": "big", "background": "navy"},
            "a large star on navy",
            ("size", "background"),
        ),
        ("a ring moving slowly left", {"speed": "quickly"}, "a ring moving quickly left", ("speed",)),
    ],
)
def test_the_word_is_changed_and_nothing_else(
    text: str, change: dict[str, str], wanted: str, axes: tuple[str, ...]
) -> None:
    swapped = swap_words(SHAPES, text, change)
    assert (swapped.text, swapped.axes) == (wanted, axes)


def test_captions_mean_the_same_but_for_the_word() -> None:
    changed = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        scene = SHAPES.sample(rng, "one")
        text, old = SHAPES.describe(scene, rng), scene.actors[0].colour
        new = "white" if old != "white" else "red"
        before, after = SHAPES.parse(text), SHAPES.parse(swap_words(SHAPES, text, {old: new}).text)
        assert after.actors[0].colour == new
        assert vars(before.actors[0]) | {"colour": new} == vars(after.actors[0])
        assert before.background == after.background
        changed += 1
    assert changed == 200


def test_what_cannot_be_swapped_is_said() -> None:
    with pytest.raises(PromptError, match=r"names no 'size'.*'red' \(colour\)"):
        swap_words(SHAPES, "a red star", {"size": "large"})
    with pytest.raises(SettingError, match="Use 'square'"):
        swap_words(SHAPES, "a red star", {"shape": "sqare"})
    with pytest.raises(SettingError, match="goes without saying"):
        swap_words(SHAPES, "a star moving slowly left", {"speed": "plain"})
