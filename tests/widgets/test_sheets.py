"""What arrives in a browser is every pixel of every frame."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from minisora.data.sheet import sheet_frames
from minisora.errors import ShapeError
from minisora.widgets.sheets import film_png, frame_png, pack_frames

CLIP = np.random.default_rng(0).integers(0, 256, (17, 16, 24, 3), dtype=np.uint8)


def pixels(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)))


def test_a_sheet_holds_every_pixel() -> None:
    picture, sheet = pack_frames(CLIP)
    assert (sheet_frames(pixels(picture), sheet) == CLIP).all()
    assert sheet["frames"] == 17


def test_one_frame_and_a_film() -> None:
    assert (pixels(frame_png(CLIP[3])) == CLIP[3]).all()
    assert pixels(base64.b64decode(film_png(CLIP, scale=2))).shape[1] > 9 * 2 * 24


def test_what_is_no_clip() -> None:
    with pytest.raises(ShapeError):
        pack_frames(CLIP[0])
