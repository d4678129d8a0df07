"""The player holds a clip as it is, and leaves a film strip behind."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from minisora.errors import SettingError, ShapeError
from minisora.pipeline import TextToVideoPipeline
from minisora.widgets import Player

CLIP = np.random.default_rng(0).integers(0, 256, (5, 16, 24, 3), dtype=np.uint8)


def test_a_player_shows_clips_and_arrays(tiny_pipe: TextToVideoPipeline) -> None:
    clips = tiny_pipe("a red star", seed=0, num_frames=5, height=32, width=32)
    player = Player(clips)
    assert (player.label, player.fps, player.sheet["frames"]) == ("a red star", 8.0, 5)
    player.frame = 3
    player.show(CLIP, fps=12, label="noise")
    assert (player.label, player.fps, player.frame, player.shown) == ("noise", 12.0, 0, 2)


def test_a_page_without_a_kernel_has_the_frames() -> None:
    data, _ = Player(CLIP, label="noise")._repr_mimebundle_()
    strip = np.asarray(Image.open(io.BytesIO(base64.b64decode(data["image/png"]))))
    assert (strip[2 : 2 + 32 : 2, 2 : 2 + 48 : 2] == CLIP[0]).all()  # a gap of 2, twice as large
    assert "5 frames" in data["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_several_have_lives_of_their_own() -> None:
    one, other = Player(CLIP), Player(CLIP[:1])
    one.frame = 2
    assert (other.frame, one.model_id) != (2, other.model_id)
    one.close()
    assert one.picture == b""
    assert other.picture


def test_what_cannot_be_shown() -> None:
    with pytest.raises(ShapeError):
        Player(np.zeros((0, 5, 4, 4, 3), np.uint8))
    with pytest.raises(SettingError, match="fps=8"):
        Player(CLIP, fps=0)
    with pytest.raises(SettingError, match="side=384"):
        Player(CLIP, side=0)
