"""Held-out examples: the same for ever, of their kind, and none that training draws."""

import numpy as np
import pytest

from minisora.errors import SettingError
from minisora.evaluation import ROWS, ClipSize, Row, draw_example, find_rows, rows_of
from minisora.evaluation.rows import EVALUATION_STREAM, STAGE_ROWS
from minisora.world import CLASSROOM, SHAPES, STAGE

SIZE = ClipSize()
EVERY_ROW = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@EVERY_ROW
def test_an_example_depends_on_seed_row_and_number_alone(row: Row) -> None:
    first = draw_example(SHAPES, row, 3, 0, SIZE)
    draw_example(SHAPES, row, 4, 0, SIZE)
    assert draw_example(SHAPES, row, 3, 0, SIZE) == first
    assert draw_example(SHAPES, row, 3, 1, SIZE) != first
    assert draw_example(SHAPES, row, 4, 0, SIZE).scene != first.scene


@EVERY_ROW
def test_an_example_is_what_its_row_says(row: Row) -> None:
    for index in range(8):
        example = draw_example(SHAPES, row, index, 0, SIZE)
        assert (example.row, example.index) == (row.name, index)
        assert row.kind in (None, example.scene.kind)
        unseen = [SHAPES.is_unseen(who.colour, who.shape, who.motion) for who in example.scene.actors]
        if row.split != "outside":
            assert all(unseen) if row.split == "unseen" else not any(unseen)


@EVERY_ROW
def test_captions_name_all_that_can_be_graded(row: Row) -> None:
    for index in range(8):
        example = draw_example(SHAPES, row, index, 0, SIZE)
        request, scene = example.caption.request, example.scene
        assert len(request.actors) == len(scene.actors)
        assert request.background == scene.background
        for asked, place in zip(request.actors, example.caption.order, strict=True):
            truth = scene.actors[place]
            assert (asked.shape, asked.colour, asked.size) == (truth.shape, truth.colour, truth.size)
            assert asked.motion == truth.motion or scene.relations[0].name == "chasing"  # which says it for one
        assert len(request.relations) == len(scene.relations)
        assert bool(request.behind_wall) == (scene.wall is not None)


def test_free_wording_differs_from_the_usual() -> None:
    (free,) = find_rows(["free"])
    words = {word for row in ROWS if not row.free for k in range(30) for word in text_of(row, k).split()}
    odd = sum(bool(set(text_of(free, k).split()) - words) for k in range(30))
    assert odd > 10


def text_of(row: Row, index: int) -> str:
    """The caption of an example, without its stops."""
    return draw_example(SHAPES, row, index, 0, SIZE).caption.text.lower().replace(",", "").replace(".", "")


def test_no_training_stream_meets_the_evaluation() -> None:
    """Training seeds are (seed, small stream, number); numpy pads with zeros, so the second words must differ."""
    assert EVALUATION_STREAM > 2**20
    ours = {tuple(np.random.SeedSequence([0, EVALUATION_STREAM, row.number, 0]).generate_state(4)) for row in ROWS}
    theirs = {
        tuple(np.random.SeedSequence([0, stream, number]).generate_state(4))
        for stream in range(10)
        for number in range(200)
    }
    assert len(ours) == len(ROWS)
    assert not ours & theirs
    held_out = {draw_example(SHAPES, ROWS[1], k, 0, SIZE).scene.to_json() for k in range(100)}
    trained = {SHAPES.sample(np.random.default_rng([0, 0, k]), "one").to_json() for k in range(100)}
    assert len(held_out) == 100
    assert not held_out & trained


def test_numbers_and_names_are_unique() -> None:
    assert len({row.number for row in ROWS}) == len({row.name for row in ROWS}) == len(ROWS)
    assert all(row.floor < row.goal for row in ROWS if row.floor and row.goal)


def test_rows_are_found_in_order_of_the_table() -> None:
    assert find_rows(None) == ROWS
    assert [row.name for row in find_rows(["two", "one"])] == ["one", "two"]


def test_each_world_has_rows_of_its_own() -> None:
    assert rows_of(SHAPES) == ROWS
    assert rows_of(STAGE) == STAGE_ROWS
    assert {row.kind for row in rows_of(CLASSROOM)} == {None, "one"}  # it has no other kind of scene
    numbers = {row.name: row.number for row in ROWS}
    assert all(numbers.get(row.name, row.number) == row.number for row in STAGE_ROWS)
    assert len({row.number for row in STAGE_ROWS}) == len(STAGE_ROWS)
    for row in STAGE_ROWS:
        example = draw_example(STAGE, row, 0, 0, ClipSize(17, 128, 128, 8.0))
        assert row.kind is None or example.scene.kind == row.kind
        places = [
            STAGE.is_unseen(actor.colour, actor.shape, example.scene.background) for actor in example.scene.actors
        ]
        assert row.split == "outside" or set(places) == {row.split == "unseen"}


def test_unknown_rows_and_seeds_are_refused() -> None:
    with pytest.raises(SettingError, match="'unsen'.*'unseen'"):  # noqa: RUF043 - a pattern
        find_rows(["unsen"])
    with pytest.raises(SettingError, match="no row"):
        find_rows([])
    with pytest.raises(SettingError, match="seed=-1"):
        draw_example(SHAPES, ROWS[0], 0, -1, SIZE)


def test_other_sizes_are_legible() -> None:
    size = ClipSize(33, 48, 80, 8.0)
    assert (size.aspect, size.seconds) == pytest.approx((80 / 48, 4.0))
    assert draw_example(SHAPES, ROWS[1], 0, 0, size).scene.aspect == pytest.approx(80 / 48)
