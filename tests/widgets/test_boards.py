"""A storyboard snaps to what the model can do, and its copied lines make the same take."""

import pytest
import torch

from minisora.errors import SettingError
from minisora.pipeline import Condition, TextToVideoPipeline
from minisora.pipeline.canvas import make_canvas
from minisora.pipeline.prompts import read_prompts
from minisora.pipeline.settings import Settings
from minisora.widgets import recipes
from minisora.widgets.boards import Part, Pinned, film, snap_change, snap_frame, snap_length
from minisora.widgets.recipes import Form, Made

FPS = 8.0


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.6, 1.0, 1.13, 2.0, 2.4, 3.9])
def test_words_change_where_the_pipeline_changes_them(seconds: float) -> None:
    board = [(0.0, "a"), (snap_change(seconds, FPS) or 0.625, "b")]
    (first, _) = read_prompts(board, 41, FPS)
    assert first.stop / FPS == board[1][0]


@pytest.mark.parametrize("frame", range(-2, 20))
def test_given_frames_are_legal(frame: int) -> None:
    settings = Settings(num_frames=17, height=8, width=8)
    place = snap_frame(frame, 17)
    canvas = make_canvas([Condition(torch.zeros(8, 8, 3, dtype=torch.uint8), frame_index=place)], 1, settings)
    assert canvas.part(0, 17).kept[place].all()
    assert abs(place - frame) <= 2 or frame in (-2, 19)


def test_lengths() -> None:
    assert [snap_length(seconds, FPS) for seconds in (0.1, 2, 2.2, 4)] == [5, 17, 17, 33]
    for wrong in (0, -1, 61, float("nan")):
        with pytest.raises(SettingError, match="seconds=4"):
            snap_length(wrong, FPS)


def test_the_copied_lines_make_the_same_take(
    tiny_pipe: TextToVideoPipeline, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tiny_pipe.settings()
    first = recipes.generate(tiny_pipe, Form.of("a red star", 1, own))
    made = Made(first.job(tiny_pipe), first)
    pins = [Pinned(made, 3, 0), Pinned(made, 5, 12)]
    recipe = film([Part(0, "a red star"), Part(1.0, "a 'blue' star")], pins, 17, 4, own.fps)
    take = Made(recipe.job(tiny_pipe), recipe)
    assert torch.equal(take.clips.frames[0, 12], made.clips.frames[0, 5])
    assert [segment.stop for segment in take.clips.segments] == [9, 17]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(TextToVideoPipeline, "from_pretrained", lambda name: tiny_pipe)
    names: dict = {}
    exec(recipes.as_python(tiny_pipe, take), names)  # noqa: S102 - that is what it is for
    assert torch.equal(names["clip"].frames, take.clips.frames)


def test_mistakes_are_sentences() -> None:
    with pytest.raises(SettingError, match="empty"):
        film([], [], 17, 0, FPS)
    with pytest.raises(SettingError, match=r"Move one of them by 0\.5 s"):
        film([Part(0, "a"), Part(1.1, "b"), Part(1.2, "c")], [], 17, 0, FPS)
