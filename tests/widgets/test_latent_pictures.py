"""Latents as greys, drawings as pictures."""

import numpy as np
import pytest
import torch

from minisora.errors import ShapeError
from minisora.widgets.latent_pictures import (
    INKS,
    channel_clips,
    grey,
    palette,
    patch_picture,
    read_drawing,
    token_picture,
)
from minisora.world import SHAPES


def test_grey_is_zero() -> None:
    assert grey([0.0, 3.0, -3.0, 99.0])[:, 0].tolist() == [128, 255, 0, 255]


def test_every_channel_is_a_clip() -> None:
    latents = torch.zeros(2, 3, 4, 2)
    latents[1, 2, 3, 1] = 3.0
    one, other = channel_clips(latents)
    assert one.shape == other.shape == (5, 3, 4, 3)
    assert (one == 128).all()
    assert other[:, 2, 3, 0].tolist() == [128, 255, 255, 255, 255]


def test_channels_of_a_patch_lie_side_by_side() -> None:
    latent = torch.zeros(2, 2, 5)
    latent[1, 0, 4] = 3.0
    picture = patch_picture(latent)
    assert picture.shape == (5, 11, 3)
    assert np.argwhere(picture[..., 0] == 255).tolist() == [[4, 0]]


def test_a_token_has_rows_of_sixteen() -> None:
    token = torch.zeros(20)
    token[17] = -3.0
    assert token_picture(token).shape == (2, 16, 3)
    assert np.argwhere(token_picture(token)[..., 0] == 0).tolist() == [[1, 1]]


def test_a_drawing_is_read_as_it_was_drawn() -> None:
    colours = palette(SHAPES)
    assert colours[0] == ("black ground", (12, 12, 12))
    red = next(k for k, (name, _) in enumerate(colours) if name == "red")
    picture = read_drawing(SHAPES, INKS[0] * 5 + INKS[red], 2, 3)
    assert picture.dtype == torch.uint8
    assert picture[1, 2].tolist() == list(colours[red][1])
    assert picture[0, 0].tolist() == [12, 12, 12]


@pytest.mark.parametrize("drawing", ["", "000", "00000z", "00000<", None, 7, "0" * 10_000])
def test_what_is_no_drawing_is_refused(drawing: object) -> None:
    with pytest.raises(ShapeError, match="6 pixels"):
        read_drawing(SHAPES, drawing, 2, 3)
