"""What a file says of itself, all in one."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from minisora.data.video_io import read_video, write_video
from minisora.errors import DataError
from minisora.pipeline import Clips, TextToVideoPipeline, sidecar_path
from minisora.safety import inspect_file, reproduce
from minisora.world import SHAPES


@pytest.fixture(scope="module")
def clips(tiny_pipe: TextToVideoPipeline) -> Clips:
    """A small clip whose frames are drawn: random weights make noise, in which a grey level is lost."""
    made = tiny_pipe("a red star", seed=3, num_frames=5, height=64, width=64)
    scene = SHAPES.sample(np.random.default_rng(0), "one")
    return replace(made, frames=SHAPES.render(scene, num_frames=5)[None])


def test_a_saved_clip(clips: Clips, tmp_path: Path) -> None:
    (file,) = clips.save(tmp_path / "clip.mp4", scale=8)
    found = inspect_file(file)
    assert found.mark.marked
    assert found.mark.scale == 8
    assert found.beside is not None
    assert found.beside.unchanged
    text = str(found)
    assert "5 frames of 512×512 pixels, 8 per second" in text
    assert "invisible mark: found" in text
    assert "'a red star', seed 3, by 'tiny': the file is as it was made" in text
    assert json.loads(json.dumps(found.as_dict()))["mark"]["found"]


def test_one_without_the_mark(clips: Clips, tmp_path: Path) -> None:
    (file,) = clips.save(tmp_path / "clip.mp4", scale=8, mark=False)
    about = json.loads(sidecar_path(file).read_text())
    assert (about["mark"], about["visible_mark"]) == (False, False)
    found = inspect_file(file)
    assert not found.mark.marked
    assert "says little" in str(found)
    assert np.abs(read_video(file)[0][:, 4::8, 4::8].astype(int) - clips.frames[0].numpy()).max() <= 3


def test_letters_and_the_mark_below_them(clips: Clips, tmp_path: Path) -> None:
    plain, lettered = (
        clips.save(tmp_path / f"{name}.mp4", scale=8, visible_mark=visible)[0]
        for name, visible in (("plain", False), ("lettered", True))
    )
    apart = np.abs(read_video(plain)[0].astype(int) - read_video(lettered)[0]).max(axis=(0, 3))
    assert apart[-40:, -200:].max() > 100
    assert apart[:440].max() <= 12
    assert inspect_file(lettered).mark.marked
    assert json.loads(sidecar_path(lettered).read_text())["scale"] == 8


@pytest.mark.parametrize("ending", [".mp4", ".gif"])
def test_written_as_it_is_made_it_has_the_same_bytes(
    tiny_pipe: TextToVideoPipeline, tmp_path: Path, ending: str
) -> None:
    clips = tiny_pipe("a red star", seed=3, num_frames=5, height=64, width=64)
    (whole,) = clips.save(tmp_path / f"whole{ending}", scale=4, visible_mark=True)
    streamed = tiny_pipe.stream("a red star", seed=3, num_frames=5, height=64, width=64)
    (file,) = streamed.save(tmp_path / f"streamed{ending}", scale=4, visible_mark=True)
    assert file.read_bytes() == whole.read_bytes()
    assert json.loads(sidecar_path(file).read_text()) == json.loads(sidecar_path(whole).read_text())


def test_a_marked_clip_is_made_again_to_the_byte(tiny_pipe: TextToVideoPipeline, tmp_path: Path) -> None:
    clips = tiny_pipe("a red star", seed=3, num_frames=5, height=64, width=64)
    (file,) = clips.save(tmp_path / "clip.mp4", scale=2)
    again, same = reproduce(file, tiny_pipe)
    assert same
    assert torch.equal(again.frames, clips.frames)  # the frames have no mark, only files do
    assert again.save(tmp_path / "again.mp4", scale=2)[0].read_bytes() == file.read_bytes()


def test_others_files(tmp_path: Path) -> None:
    file = write_video(
        tmp_path / "clip.webm", np.random.default_rng(0).integers(0, 255, (3, 64, 64, 3), dtype=np.uint8)
    )
    found = inspect_file(file)
    assert not found.mark.marked
    assert found.beside is None
    assert "JSON beside it: none" in str(found)
    sidecar_path(file).write_text("{}")
    assert "minisora did not write it" in inspect_file(file).notes[0]
    with pytest.raises(DataError, match="does not exist"):
        inspect_file(tmp_path / "nothing.mp4")
