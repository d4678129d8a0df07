"""The storyboard without a browser."""

import pytest
import torch

from minisora.pipeline import TextToVideoPipeline
from minisora.widgets import Timeline

BOARD = [(0.0, "a red star"), (1.0, "a blue star")]


@pytest.fixture
def timeline(tiny_pipe: TextToVideoPipeline) -> Timeline:
    return Timeline(tiny_pipe, BOARD, seconds=2.0, seed=3)


def test_a_take_is_that_of_the_pipeline(timeline: Timeline, tiny_pipe: TextToVideoPipeline) -> None:
    timeline._heard(timeline, {"do": "generate", "form": timeline.form}, [])
    assert timeline.wait(60)
    assert timeline.clips is not None
    assert torch.equal(timeline.clips.frames, tiny_pipe(timeline.board, num_frames=17, seed=3).frames)
    assert len(timeline.verdicts) == 2
    assert "pipe([" in timeline.code


def test_a_kept_frame_is_gone_through(timeline: Timeline) -> None:
    timeline._heard(timeline, {"do": "pin", "frame": 3, "at": 3}, [])
    assert "no take yet" in timeline.status
    timeline.generate()
    timeline.wait(60)
    kept = timeline.clips.frames[0, 3]
    timeline._heard(timeline, {"do": "pin", "frame": 3, "at": 7}, [])
    assert [pin["at"] for pin in timeline.pins] == [8]
    timeline._heard(timeline, {"do": "move", "id": 1, "at": 11}, [])
    assert [pin["at"] for pin in timeline.pins] == [12]
    timeline.generate()
    timeline.wait(60)
    assert torch.equal(timeline.clips.frames[0, 12], kept)
    timeline._heard(timeline, {"do": "unpin", "id": 1}, [])
    assert timeline.pins == []


@pytest.mark.parametrize(
    ("form", "words"), [({"seed": ""}, "no whole number"), ({"parts": []}, "empty"), ({"num_frames": 4001}, "up to 60")]
)
def test_mistakes_are_sentences(timeline: Timeline, form: dict, words: str) -> None:
    timeline._heard(timeline, {"do": "generate", "form": {**timeline.form, **form}}, [])
    assert timeline.wait(60)
    assert words in timeline.status
    assert timeline.trouble


def test_a_page_without_a_kernel_shows_the_take(timeline: Timeline) -> None:
    data, _ = timeline._repr_mimebundle_()
    assert data["image/png"]
    assert "a red star | a blue star" in data["text/plain"]
    timeline.close()
    assert timeline.clips is None
