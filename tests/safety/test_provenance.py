"""The JSON beside a clip is true, complete enough to make the clip again, and says when a file was changed."""

import json
from pathlib import Path
from typing import Any

import pytest

from minisora.errors import DataError, SettingError, WeightsError
from minisora.pipeline import Condition, TextToVideoPipeline
from minisora.safety import reproduce, verify


@pytest.fixture
def file(tiny_pipe: TextToVideoPipeline, tmp_path: Path) -> Path:
    """A small clip with its JSON."""
    small = {"num_frames": 5, "height": 32, "width": 32, "fps": 6.0, "num_inference_steps": 2}
    clips = tiny_pipe("a red star", seed=8, negative_prompt="a blue ring", guidance_scale=3.0, **small)  # type: ignore[arg-type]
    return clips.save(tmp_path / "clip.mp4")[0]


def test_a_fresh_clip_is_unchanged(file: Path) -> None:
    found = verify(file)
    assert found.unchanged
    assert "'a red star', seed 8, by 'tiny'" in str(found)


def test_one_changed_byte_is_seen(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    assert not verify(file).unchanged
    assert "changed" in str(verify(file))


def test_the_json_makes_the_same_pixels_again(file: Path, tiny_pipe: TextToVideoPipeline) -> None:
    clips, same = reproduce(file, tiny_pipe)
    assert same
    assert clips.frames.shape == (1, 5, 32, 32, 3)


@pytest.mark.parametrize("expanded", [False, True])
def test_storyboards_and_expanded_prompts_too(tiny_pipe: TextToVideoPipeline, tmp_path: Path, expanded: bool) -> None:
    prompt: Any = "a star" if expanded else [(0.0, "a red star"), (0.6, "a blue ring")]
    clips = tiny_pipe(prompt, seed=1, num_frames=9, height=32, width=32, expand_prompt=expanded)
    assert reproduce(clips.save(tmp_path / "clip.gif")[0], tiny_pipe)[1]


def test_another_checkpoint_is_refused(file: Path, tiny_pipe: TextToVideoPipeline) -> None:
    path = Path(f"{file}.json")
    about = json.loads(path.read_text())
    about["checkpoint"]["sha256"] = "0" * 64
    path.write_text(json.dumps(about))
    with pytest.raises(WeightsError, match="another checkpoint"):
        reproduce(file, tiny_pipe)


def test_given_frames_cannot_be_made_from_words(tiny_pipe: TextToVideoPipeline, tmp_path: Path) -> None:
    first = tiny_pipe("a star", num_frames=5, height=32, width=32, seed=0).frames[0, 0]
    clips = tiny_pipe("a star", num_frames=5, height=32, width=32, conditions=[Condition(first)])
    with pytest.raises(SettingError, match="1 conditions"):
        reproduce(clips.save(tmp_path / "clip.png")[0], tiny_pipe)


@pytest.mark.parametrize("text", [None, "{", "[]", '{"prompt": "a star"}'])
def test_a_json_that_is_none(tmp_path: Path, text: str | None) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"x")
    if text is not None:
        (tmp_path / "clip.mp4.json").write_text(text)
    with pytest.raises(DataError, match=r"clip\.mp4\.json"):
        verify(tmp_path / "clip.mp4")
