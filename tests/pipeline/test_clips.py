"""Files: the clip and the JSON that reproduces it; nothing half-written, nothing lost."""

import json
from pathlib import Path

import pytest

from minisora.data import read_video
from minisora.errors import OutputError
from minisora.pipeline import Clips, TextToVideoPipeline, sidecar_path

PROMPTS = ["a red star", "a blue ring"]


@pytest.fixture(scope="module")
def clips(tiny_pipe: TextToVideoPipeline) -> Clips:
    """Two small clips."""
    return tiny_pipe(PROMPTS, seed=5, num_frames=5, height=32, width=32)


def test_each_clip_gets_a_file_and_a_json(clips: Clips, tmp_path: Path) -> None:
    files = clips.save(tmp_path / "clip.mp4", scale=4)
    assert [file.name for file in files] == ["clip-000.mp4", "clip-001.mp4"]
    frames, fps = read_video(files[1])
    assert frames.shape == (5, 128, 128, 3)
    assert fps == 8
    about = json.loads(sidecar_path(files[1]).read_text())
    assert about["prompt"] == "a blue ring"
    assert about["seed"] == 6
    assert about["scale"] == 4
    assert about["settings"]["num_frames"] == 5
    assert about["checkpoint"]["name"] == "tiny"
    assert len(about["file_sha256"]) == len(about["frames_sha256"]) == len(about["checkpoint"]["sha256"]) == 64


def test_nothing_is_overwritten_or_half_written(clips: Clips, tmp_path: Path) -> None:
    (tmp_path / "clip-001.gif").write_text("mine")
    with pytest.raises(OutputError, match=r"clip-001\.gif exists already"):
        clips.save(tmp_path / "clip.gif")
    assert [path.name for path in tmp_path.iterdir()] == ["clip-001.gif"]
    clips.save(tmp_path / "clip.gif", overwrite=True)
    assert read_video(tmp_path / "clip-001.gif")[0].shape == (5, 32, 32, 3)


def test_a_json_that_is_there_counts_too(clips: Clips, tmp_path: Path) -> None:
    (tmp_path / "clip-000.png.json").write_text("{}")
    with pytest.raises(OutputError, match="exists already"):
        clips.save(tmp_path / "clip.png")


def test_a_clip_without_its_json_is_taken_back(clips: Clips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("minisora.pipeline.clips.write_sidecar", interrupted)
    with pytest.raises(KeyboardInterrupt):
        clips.save(tmp_path / "clip.png")
    assert not list(tmp_path.iterdir())


def test_an_unknown_ending(clips: Clips, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"\.mp4"):
        clips.save(tmp_path / "clip.avi")


def test_grades_are_made_once(clips: Clips) -> None:
    assert clips.grades is clips.grades
    assert [verdict.wanted for verdict in clips.grades[0].verdicts if verdict.attribute == "shape"] == ["star"]
