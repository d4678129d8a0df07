"""Chips come from the tables, so that a world of one's own has its own."""

from dataclasses import replace

import numpy as np

from minisora.widgets.chips import chip_groups, click_chip, example_prompt, pressed_chips
from minisora.world import SHAPES
from minisora.world.tables import Colour, Words


def test_all_tables_are_there() -> None:
    groups = {group["axis"]: group for group in chip_groups(SHAPES)}
    assert list(groups) == [
        "shape", "colour", "size", "motion", "speed", "relation", "wall", "background", "texture", "camera",
    ]  # fmt: skip
    assert groups["colour"]["chips"][0] == {"name": "red", "word": "red", "rgb": "rgb(230, 57, 53)"}
    assert groups["background"]["place"]
    assert not groups["shape"]["place"]


def test_a_colour_added_later_shows_up_by_itself() -> None:
    lime = Colour("lime", Words(("lime",)), (190, 230, 60))
    world = replace(SHAPES, name="mine", colours={**SHAPES.colours, "lime": lime})
    (colours,) = [group for group in chip_groups(world) if group["axis"] == "colour"]
    assert colours["chips"][-1]["name"] == "lime"
    assert click_chip(world, "a red circle", "colour", "lime", 0) == "a lime circle"


def test_every_chip_says_what_it_says() -> None:
    for group in chip_groups(SHAPES):
        for chip in group["chips"]:
            text = click_chip(SHAPES, "a red circle", group["axis"], chip["name"], 0)
            said = pressed_chips(SHAPES.parse(text))[0].get(group["axis"])
            own = chip["name"] in ("red", "circle")  # was said before, and is taken back
            assert said == (None if own else chip["name"]), text


def test_chips_start_from_nothing_and_from_nonsense() -> None:
    assert click_chip(SHAPES, "", "shape", "star", 0) == "a star"
    assert click_chip(SHAPES, "<img src=x>", "shape", "star", 0) == "a star"
    assert click_chip(SHAPES, "x" * 10_000, "colour", "red", 0).startswith("a red")
    assert click_chip(SHAPES, "a red star", "motion", "falling", 1).count(" and ") == 1


def test_examples_are_understood(rng: np.random.Generator) -> None:
    for _ in range(20):
        assert not SHAPES.parse(example_prompt(SHAPES, rng)).unknown
