"""The canvas that rolls: parts of it are parts of the whole, and what nobody needs takes no memory."""

import numpy as np
import pytest
import torch

from minisora.pipeline.canvas import make_canvas
from minisora.pipeline.conditions import Condition
from minisora.pipeline.settings import Settings

SMALL = Settings(num_frames=41, height=16, width=16)


def noise(*shape: int) -> torch.Tensor:
    return torch.randint(256, (*shape, 16, 16, 3), dtype=torch.uint8)


@pytest.mark.parametrize(("first", "stop"), [(0, 17), (8, 25), (24, 41), (12, 21)])
def test_a_part_is_a_part_of_the_whole(first: int, stop: int) -> None:
    mask = np.zeros((16, 16), bool)
    mask[:, :7] = True
    conditions = [
        Condition(noise(2, 9)),
        Condition(noise(4), 13, strength=0.3),
        Condition(noise(4), 17),
        Condition(noise(8), 25, mask=mask),
        Condition(noise(2, 1), -1),
    ]
    canvas = make_canvas(conditions, 2, SMALL)
    whole, part = canvas.part(0, 41), canvas.part(first, stop)
    assert torch.equal(part.pixels, whole.pixels[:, first:stop])
    assert torch.equal(part.kept, whole.kept[first:stop])
    assert torch.equal(part.start, whole.start[first // 4 : 1 + (stop - 1) // 4])


def test_a_year_without_conditions_costs_nothing() -> None:
    canvas = make_canvas([], 4, Settings(num_frames=1 + 4 * 63_000_000))
    assert canvas.held == 0
    part = canvas.part(10**8, 10**8 + 17)
    assert part.pixels.shape == (4, 17, 64, 64, 3)
    assert not part.kept.any()
    assert part.start.tolist() == [1.0] * 5


def test_what_is_made_is_known_and_does_not_cover_what_was_given() -> None:
    given, made = noise(4), noise(2, 8)
    canvas = make_canvas([Condition(given, 5)], 2, SMALL)
    canvas.put(1, made)
    assert canvas.held == 8
    assert torch.equal(canvas.pixels(1, 5), made[:, :4])
    assert torch.equal(canvas.pixels(5, 9), given.expand(2, -1, -1, -1, -1))
    assert canvas.kept(0, 10).all(dim=(1, 2)).tolist() == [False] + 8 * [True] + [False]


def test_forgetting_keeps_what_is_still_needed() -> None:
    last = noise(4)
    canvas = make_canvas([Condition(noise(1)), Condition(last, 37)], 1, SMALL)
    made = noise(1, 16)
    canvas.put(1, made)
    canvas.forget(9)
    assert canvas.held == 8
    assert torch.equal(canvas.pixels(9, 17), made[:, 8:])
    assert torch.equal(canvas.pixels(37, 41), last[None])
    canvas.forget(41)
    assert canvas.held == 0
    assert not canvas.kept(0, 41).any()


def test_given_frames_are_those_of_the_call() -> None:
    mine, mask = noise(1), torch.ones(16, 16, dtype=torch.bool)
    before = mine.clone()
    canvas = make_canvas([Condition(mine, mask=mask)], 1, SMALL)
    mine.zero_()
    mask.zero_()
    assert torch.equal(canvas.pixels(0, 1), before[None])
    assert canvas.kept(0, 1).all()
