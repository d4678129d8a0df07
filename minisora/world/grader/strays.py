"""What is left over when everything that was read is taken away: blobs that nobody asked for."""

import numpy as np

from minisora.world.grader.ground import Floats, Ground, widest
from minisora.world.tables import Array

DIFFERENT = 55.0  # of 255, in the channel that differs most
KEEP_OFF = 1.4  # radii round an actor that are its own business
BLOCKS = 4  # solid 3×3 blocks of 64×64 pixels that make a stray


def find_strays(video: Floats, ground: Ground, actors: list[tuple[Array, Array]]) -> int:
    """Number of frames that show something beside the ground, the wall and the actors.

    Args:
        video: (f, h, w, 3), 0…255.
        ground: what was read of the ground and the wall.
        actors: for each its place (f, 2) and radius (f,) on the screen, in shorter sides; NaN where unknown.
    """
    cover = ground.wall_cover[:, None]
    picture = ground.picture * (1 - cover) + ground.wall_colour * cover
    away = video - picture
    odd = widest(away) > DIFFERENT
    if ground.texture:
        odd &= ~_mark_like(away, picture)
    front = ground.wall_cover > 0.9
    for place, span in actors:
        odd &= ~_near(place, span, video.shape[1:3]) | front
    edge = (ground.wall_cover > 0.02) & ~front
    odd &= ~edge
    solid = odd[:, :-2] & odd[:, 1:-1] & odd[:, 2:]
    solid = solid[:, :, :-2] & solid[:, :, 1:-1] & solid[:, :, 2:]
    scale = (min(video.shape[1:3]) / 64) ** 2
    return int((solid.sum((1, 2)) >= BLOCKS * scale).sum())


def _mark_like(away: Floats, picture: Floats) -> np.ndarray:
    """Pixels that differ only by being nearer to white or to the ground: marks that are a little off their place."""
    way = 255 - picture
    along = (away * way).sum(-1, keepdims=True) / np.maximum((way * way).sum(-1, keepdims=True), 1)
    return np.asarray(widest(away - along * way) < 25)


def _near(place: Array, span: Array, size: tuple[int, int]) -> np.ndarray:
    height, width = size
    side = min(size)
    x = np.nan_to_num(place[:, 0], nan=1e3) * side + width / 2 - 0.5
    y = np.nan_to_num(place[:, 1], nan=1e3) * side + height / 2 - 0.5
    reach = (np.nan_to_num(span) * KEEP_OFF * side + 1.5) ** 2
    dx = (np.arange(width) - x[:, None]) ** 2
    dy = (np.arange(height) - y[:, None]) ** 2
    return np.asarray(dx[:, None, :] + dy[:, :, None] < reach[:, None, None])
