"""Latents and tokens as pictures in grey, and drawings as they come from a page."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from minisora.errors import ShapeError
from minisora.models.autoencoder import TIME
from minisora.widgets.moments import RANGE
from minisora.world import World

__all__ = ["INKS", "channel_clips", "grey", "palette", "patch_picture", "read_drawing", "token_picture"]

INKS = "0123456789abcdefghijklmnopqrstuvwxyz"  # one letter for each colour of a drawing
TOKEN_COLUMNS = 16


def grey(values: Any) -> NDArray[np.uint8]:
    """Numbers as greys.

    Args:
        values: any shape, standardised.
    Returns:
        uint8, the same shape and three channels: 128 is 0, 0 and 255 are -3 and 3.
    """
    array = np.asarray(values, np.float64)
    shades = ((array / RANGE + 1) * 127.5).round().clip(0, 255).astype(np.uint8)
    return np.ascontiguousarray(shades[..., None].repeat(3, axis=-1))


def channel_clips(latents: Tensor) -> list[NDArray[np.uint8]]:
    """Every channel as a clip of its own.

    Args:
        latents: (z, lh, lw, c), standardised.
    Returns:
        c clips, uint8 (f, lh, lw, 3); the first latent frame stands for one frame, each later one for four.
    """
    frames = 1 + TIME * (len(latents) - 1)
    places = [0, *(1 + k // TIME for k in range(frames - 1))]
    shades = grey(latents.float().cpu().numpy())  # (z, lh, lw, c, 3)
    return [np.ascontiguousarray(shades[places, :, :, k]) for k in range(latents.shape[-1])]


def patch_picture(latent: Tensor, columns: int = 4) -> NDArray[np.uint8]:
    """The channels of one patch side by side.

    Args:
        latent: (p, p, c).
        columns: channels in a row.
    Returns:
        uint8 (h, w, 3), with a place of mid-grey between channels.
    """
    side, _, channels = latent.shape
    rows = -(-channels // columns)
    picture = np.zeros((rows * (side + 1) - 1, columns * (side + 1) - 1))
    for k in range(channels):
        top, left = k // columns * (side + 1), k % columns * (side + 1)
        picture[top : top + side, left : left + side] = latent[..., k].numpy()
    return grey(picture)


def token_picture(token: Tensor) -> NDArray[np.uint8]:
    """The numbers of a token in rows of sixteen.

    Args:
        token: (d,).
    Returns:
        uint8 (h, 16, 3); places that are left over are mid-grey.
    """
    rows = -(-len(token) // TOKEN_COLUMNS)
    picture = np.zeros(rows * TOKEN_COLUMNS)
    picture[: len(token)] = token.float().numpy()
    return grey(picture.reshape(rows, TOKEN_COLUMNS))


def palette(world: World) -> list[tuple[str, tuple[int, int, int]]]:
    """What can be drawn with: the grounds of a world, then its colours.

    Args:
        world: whose tables these are.
    Returns:
        Names and RGB, at most as many as there are inks.
    """
    grounds = [(f"{entry.name} ground", entry.rgb) for entry in world.backgrounds.values()]
    return [*grounds, *((entry.name, entry.rgb) for entry in world.colours.values())][: len(INKS)]


def read_drawing(world: World, drawing: Any, height: int, width: int) -> Tensor:
    """A drawing as a picture.

    Args:
        world: whose colours were drawn with.
        drawing: a letter for each pixel, row by row: its colour's place in the palette.
        height, width: of the picture.
    Returns:
        uint8 (h, w, 3).
    Raises:
        ShapeError: it is no drawing of that size.
    """
    colours = np.array([rgb for _, rgb in palette(world)], np.uint8)
    places = [INKS.find(letter) for letter in drawing] if isinstance(drawing, str) else []
    if len(places) != height * width or not all(0 <= place < len(colours) for place in places):
        raise ShapeError(f"A drawing has {height * width} pixels of {len(colours)} colours. Clear it and draw again.")
    return torch.from_numpy(colours[places].reshape(height, width, 3))
