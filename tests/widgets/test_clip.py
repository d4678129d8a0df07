"""HTML of clips and grades: crisp, labelled, and safe whatever the prompt says."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from minisora.errors import ShapeError
from minisora.pipeline import TextToVideoPipeline
from minisora.widgets import film_strip, grade_list, show_clip
from minisora.world.grader import Grade, Verdict

CLIP = np.arange(5 * 16 * 24 * 3, dtype=np.uint32).reshape(5, 16, 24, 3).astype(np.uint8)


def test_a_clip_plays_crisp_and_has_a_strip() -> None:
    html = show_clip(CLIP, scale=6).data
    assert 'width="144"' in html
    assert "image-rendering:pixelated" in html
    assert "loop muted playsinline controls" in html
    picture = re.search(r"data:image/png;base64,([^\"]+)", html)
    assert picture
    assert Image.open(io.BytesIO(base64.b64decode(picture[1]))).size[0] > 24
    assert "image/png" not in show_clip(CLIP, strip=False).data


def test_markup_in_a_prompt_is_text() -> None:
    html = show_clip(CLIP, label='<img src=x onerror="alert(1)">').data
    assert "<img src=x" not in html
    assert 'onerror="' not in html


def test_clips_bring_their_prompt(tiny_pipe: TextToVideoPipeline) -> None:
    clips = tiny_pipe("a red star", seed=0, num_frames=5, height=32, width=32)
    assert "a red star" in show_clip(clips).data
    assert "film strip" in film_strip(clips).data


def test_what_is_no_clip() -> None:
    with pytest.raises(ShapeError):
        show_clip(np.zeros((4, 4)))
    with pytest.raises(ShapeError):
        show_clip(np.zeros((0, 5, 4, 4, 3), np.uint8))


def test_verdicts_are_never_colour_alone() -> None:
    right = Verdict("actor 1", "shape", "star", "star", True, "the red star")
    wrong = Verdict("actor 1", "colour", "red", "<blue>", False, "the red star")
    html = grade_list(Grade((right, wrong))).data
    assert "✓" in html
    assert 'aria-label="wrong"' in html
    assert "&lt;blue&gt;" in html
    assert "50 % of the words right" in html
