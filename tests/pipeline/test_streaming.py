"""A clip that is written as it is made is the clip that is made at once, in the memory of a window."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest
import torch

from minisora.data import read_video
from minisora.errors import OutputError, SettingError
from minisora.pipeline import Condition, Sampling, TextToVideoPipeline, sidecar_path
from minisora.pipeline.streaming import ctrl_c_waits, write_as_made

PROMPTS = ["a small red circle moving right", "a large blue star bouncing"]
BOARD = [(0.0, PROMPTS[0]), (1.0, PROMPTS[1]), (3.5, PROMPTS[0])]
VIDEO = torch.randint(256, (17, 32, 32, 3), generator=torch.Generator().manual_seed(5)).to(torch.uint8)
SMALL = {"height": 32, "width": 32, "seed": 3}


def long(pipe: TextToVideoPipeline, **changed: Any) -> Sampling:
    """A clip of several windows in the making."""
    return pipe.stream(**{"prompt": PROMPTS[0], "num_frames": 41, **SMALL, **changed})


def about(file: Path) -> dict[str, Any]:
    """The JSON beside a clip."""
    return json.loads(sidecar_path(file).read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "call",
    [
        {},
        {"num_frames": 9},
        {"prompt": PROMPTS},
        {"prompt": BOARD, "num_frames": 49},
        {"prompt": BOARD, "num_frames": 49, "conditions": [Condition(VIDEO[:4], 25)]},
        {"conditions": [Condition(VIDEO[:4], 21)]},
        {"conditions": [Condition(VIDEO[0], -1)]},
        {"conditions": [Condition(VIDEO)]},
        {"conditions": [Condition(VIDEO[1:], 25)]},  # nothing is left to make after frame 25
        {"conditions": [Condition(VIDEO[1:], 9, strength=0.5)]},
    ],
    ids=["long", "short", "batch", "board", "board, middle", "middle", "end", "beginning", "rest", "hint"],
)
def test_pieces_are_the_clip(tiny_pipe: TextToVideoPipeline, call: dict[str, Any]) -> None:
    whole, sampling = long(tiny_pipe, **call).result(), long(tiny_pipe, **call)
    pieces = []
    for _ in sampling:
        pieces.append(sampling.take())
        assert sum(piece.shape[1] for piece in pieces) == sampling.taken == sampling.ready
    frames = torch.cat(pieces, dim=1)
    assert torch.equal(frames, whole.frames)
    assert sampling.take().shape[1] == 0
    assert not frames.is_inference()
    clips = sampling.as_clips(frames)
    assert [clips.about(k) for k in range(len(clips))] == [whole.about(k) for k in range(len(whole))]


def test_the_first_pieces_are_a_shorter_clip(tiny_pipe: TextToVideoPipeline) -> None:
    sampling = long(tiny_pipe)
    while sampling.ready < 25:
        next(iter(sampling))
    clips, short = sampling.as_clips(sampling.take()), long(tiny_pipe, num_frames=25).result()
    assert torch.equal(clips.frames, short.frames)
    assert clips.about() == short.about()
    assert clips.layout is not None
    assert short.layout is not None
    assert torch.equal(clips.layout, short.layout)


def test_what_was_taken_is_not_given_again(tiny_pipe: TextToVideoPipeline, tmp_path: Path) -> None:
    sampling = long(tiny_pipe)
    assert sampling.take().shape == (1, 0, 32, 32, 3)  # nothing yet: whoever takes too early loses nothing
    while not sampling.take().shape[1]:
        next(iter(sampling))
    for again in (sampling.result, sampling.so_far):
        with pytest.raises(SettingError, match="17 frames were taken"):
            again()
    with pytest.raises(SettingError, match="stream it again"):
        sampling.save(tmp_path / "x.mp4")
    assert not list(tmp_path.iterdir())


def test_the_canvas_holds_what_the_next_window_sees(tiny_pipe: TextToVideoPipeline) -> None:
    last = Condition(VIDEO[0, :16, :16], -1)
    sampling = long(tiny_pipe, num_frames=17 + 8 * 39, height=16, width=16, num_inference_steps=1, conditions=[last])
    assert len(sampling.windows) == 40
    held = []
    for _ in sampling:
        held.append(sampling.order.canvas.held)
        sampling.take()
        assert sampling.order.canvas.held <= 9  # context_frames
    assert max(held) == 17
    assert sampling.order.canvas.held == 0
    assert sampling.taken == 329


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["mp4", "gif"])
def test_a_file_is_the_same_written_as_it_is_made(tiny_pipe: TextToVideoPipeline, tmp_path: Path, ending: str) -> None:
    [file] = long(tiny_pipe).save(tmp_path / f"made.{ending}", scale=2)
    [whole] = long(tiny_pipe).result().save(tmp_path / f"whole.{ending}", scale=2)
    assert file.read_bytes() == whole.read_bytes()
    assert about(file) == about(whole)
    assert len(list(tmp_path.iterdir())) == 4


def test_each_clip_of_a_batch_gets_its_file(tiny_pipe: TextToVideoPipeline, tmp_path: Path) -> None:
    files = long(tiny_pipe, prompt=PROMPTS).save(tmp_path / "x.webm")
    whole = long(tiny_pipe, prompt=PROMPTS).result()
    assert [file.name for file in files] == ["x-000.webm", "x-001.webm"]
    for index, file in enumerate(files):
        assert read_video(file)[0].shape == (41, 32, 32, 3)
        assert about(file)["frames_sha256"] == whole.about(index)["frames_sha256"]


@pytest.mark.parametrize("ending", ["mp4", "webm", "gif"])
def test_ctrl_c_keeps_what_is_made(tiny_pipe: TextToVideoPipeline, tmp_path: Path, ending: str) -> None:
    file, sampling = tmp_path / f"x.{ending}", long(tiny_pipe)

    def stop(*_: object) -> None:
        if sampling.taken == 33:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=rf"^4\.0 of 5\.0 seconds are in .*x\.{ending}$"):
        write_as_made(sampling, [file], look=stop)
    assert read_video(file)[0].shape == (33, 32, 32, 3)
    short = long(tiny_pipe, num_frames=33).result()
    marks = {"mark": True, "visible_mark": False}
    assert {**about(file), "file_sha256": ""} == {**short.about(), "scale": 1, "file_sha256": ""} | marks


def test_ctrl_c_before_anything_is_finished_leaves_nothing(tiny_pipe: TextToVideoPipeline, tmp_path: Path) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "x.mp4").write_text("mine")
    with pytest.raises(KeyboardInterrupt, match=r"^$"):
        write_as_made(long(tiny_pipe), [tmp_path / "x.mp4"], look=stop)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("x.mp4", "mine")]


def test_files_are_checked_before_any_work(tiny_pipe: TextToVideoPipeline, tmp_path: Path) -> None:
    (tmp_path / "x.mp4").write_text("mine")
    sampling = long(tiny_pipe)
    with pytest.raises(OutputError, match="exists already"):
        sampling.save(tmp_path / "x.mp4")
    with pytest.raises(OutputError, match=r"use one of \.mp4, \.webm, \.gif\."):
        sampling.save(tmp_path / "x.png")
    assert sampling.done == 0


def test_ctrl_c_waits_for_the_end_of_a_block() -> None:
    reached: list[str] = []
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    try:
        with pytest.raises(KeyboardInterrupt), ctrl_c_waits():  # noqa: PT012
            signal.raise_signal(signal.SIGINT)
            reached.append("end")
        assert reached == ["end"]
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
