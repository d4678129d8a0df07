"""Prompts in all their forms, and fuller ones that keep what was named."""

import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minisora.errors import PromptError
from minisora.pipeline import FittedVideoWarning, TextToVideoPipeline
from minisora.pipeline.prompts import Segment, check_prompts, expand, read_prompts, unknown_words
from minisora.world import SHAPES


def test_the_three_forms() -> None:
    assert read_prompts("a", 17, 8) == [Segment(("a",), 17)]
    assert read_prompts(["a", "b"], 17, 8) == [Segment(("a", "b"), 17)]
    for board in ([(0.0, "a"), (1.0, "b")], [[0, "a"], [1, "b"]]):
        assert read_prompts(board, 17, 8) == [Segment(("a",), 9), Segment(("b",), 17)]


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ([], "at least one sentence"),
        (None, "None is no prompt"),
        (5, "5 is no prompt"),
        (b"a", "is no prompt"),
        ([1], "is no prompt"),
        ([None], "is no prompt"),
        ([("a", "b", "c")], "is no prompt"),
        (["a", (1.0, "b")], "is no prompt"),
        ([(0.0, None)], "is no prompt"),
        ([(0.0, 5)] * 1000, "…"),
        ([("x", "a")], "'x' is no time"),
        ([(0.0, "a"), (None, "b")], "None is no time"),
        ([(0.0, "a"), (NAN, "b")], "nan is no time"),
        ([(0.0, "a"), (INF, "b")], "inf is no time"),
        ([(0.0, "a"), (1e308, "b")], "Use 1e.06 or less"),
        ([(0.5, "a")], "rise from 0, but the first is 0.5"),
        ([(-1.0, "a"), (0.0, "b")], "rise from 0, but the first is -1"),
        ([(0.0, "a"), (0.0, "b")], "0 comes after 0. Use 1"),
        ([(0.0, "a"), (1.0, "b"), (0.5, "c")], "0.5 comes after 1. Use 2"),
        ([(0.0, "a"), (0.1, "b"), (0.2, "c")], "same group of four frames.*Use 1.125 in place of 0.2"),
        ([(0.0, "a"), (9.0, "b")], "at 9 seconds would never be seen.*Use num_frames=77"),
    ],
)
def test_what_is_no_prompt(wrong: Any, words: str) -> None:
    with pytest.raises(PromptError, match=words) as refused:
        read_prompts(wrong, 17, 8)
    assert len(str(refused.value)) < 250


def test_words_that_cannot_change_when_they_should_are_moved_and_it_is_said() -> None:
    with pytest.warns(FittedVideoWarning, match=r"words change at 0\.625 seconds in place of 0\.1"):
        assert read_prompts([(0.0, "a"), (0.1, "b")], 17, 8)[0].stop == 5
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_prompts([(0.0, "a"), (0.5, "b"), (1.0, "c"), (2.0, "d")], 33, 8)  # off by a frame: nobody sees it


@given(st.lists(st.floats(0.7, 4.0), min_size=1, max_size=4), st.sampled_from([6.0, 8.0, 12.0]))
@pytest.mark.filterwarnings("ignore::minisora.pipeline.FittedVideoWarning")
def test_segments_change_between_groups_and_cover_the_clip(gaps: list[float], fps: float) -> None:
    times = [0.0]
    for gap in gaps:
        times.append(times[-1] + gap)
    segments = read_prompts([(time, f"text {time}") for time in times], 33 + 4 * 48, fps)
    stops = [segment.stop for segment in segments]
    assert len(segments) == len(times)
    assert stops[-1] == 33 + 4 * 48
    assert all(stop % 4 == 1 for stop in stops)
    assert stops == sorted(set(stops))


def test_empty_and_long_prompts(tiny_pipe: TextToVideoPipeline) -> None:
    encoder = tiny_pipe.parts.text_encoder
    for text in ("", "  \n"):
        with pytest.raises(PromptError, match="empty"):
            check_prompts([text], encoder)
    with pytest.raises(PromptError, match=r"tokens .* but 96 are read"):
        check_prompts(["red " * 200], encoder)
    check_prompts(["a red circle"], encoder)


def test_unknown_words_are_named_with_the_nearest() -> None:
    assert unknown_words(SHAPES, "a red circle") == []
    (line,) = unknown_words(SHAPES, "a red circel")
    assert "'circel'" in line
    assert "circle" in line


@pytest.mark.parametrize(
    "text",
    [
        "a circle",
        "a red star spinning",
        "a circle spinning",
        "a small red circle moving right and a large blue star bouncing",
        "a red circle left of a blue star",
        "a red circle chasing a blue square",
        "a red circle passes behind a wall",
        "a blue square on a grey background with a grid, the camera pans left",
        "a red circle, a blue star and a green ring",
    ],
)
def test_an_expanded_prompt_keeps_what_was_named(text: str) -> None:
    asked = SHAPES.parse(text)
    for seed in range(5):
        full = SHAPES.parse(expand(SHAPES, text, seed))
        assert full.unknown == ()
        assert full.background is not None
        assert len(full.actors) == len(asked.actors)
        assert asked.camera in (None, full.camera)
        assert {relation.name for relation in asked.relations} <= {relation.name for relation in full.relations}
        assert len(full.behind_wall) == len(asked.behind_wall)
        for actor in asked.actors:
            named = {key: value for key, value in vars(actor).items() if value is not None}
            assert any(named.items() <= vars(other).items() for other in full.actors), (text, full)


def test_expanding_is_reproducible_and_leaves_alone_what_names_no_actor() -> None:
    assert expand(SHAPES, "a star", 3) == expand(SHAPES, "a star", 3)
    assert len({expand(SHAPES, "a star", seed) for seed in range(8)}) > 4
    assert expand(SHAPES, "hello there", 0) == "hello there"
