"""A layout made visible: rings where the actors are, with a hand that shows how far each is turned."""

import torch
from torch import Tensor

from minisora.world.layout import ACTOR_ROWS, COLOUR_SCALE, GROUND_MEAN, GROUND_SCALE, actor_tracks, wall_of
from minisora.world.render import pixel_centres

__all__ = ["draw_layout"]

LINE = 1.6  # pixels
WALL_TINT = 0.25  # how far the wall's ground goes to white


def draw_layout(frames: Tensor, height: int = 64, width: int = 64) -> Tensor:
    """Draw the frames of a layout, in the colours that it tells.

    Args:
        frames: (f, 4, j), see `minisora.world.layout_code.layout_frames`.
        height, width: pixels.
    Returns:
        uint8 (f, height, width, 3), RGB.
    """
    side = min(height, width)
    x, y = pixel_centres(height, width)  # (w,), (h,), shorter sides
    y = y[:, None]
    ground = frames[:, ACTOR_ROWS, 3:6] * GROUND_SCALE + GROUND_MEAN  # (f, 3)
    canvas = ground[:, None, None].expand(-1, height, width, -1)
    middle, thickness, is_wall = (value[:, None, None] for value in wall_of(frames))  # (f, 1, 1)
    slab = ((thickness / 2 - (x - middle).abs()) * side + 0.5).clamp(0, 1) * (is_wall > 0.5)
    canvas = torch.lerp(canvas, torch.ones(3), WALL_TINT * slab.expand(-1, height, -1)[..., None])
    tracks = actor_tracks(frames)
    colours = tracks.looks[..., 2:5] * COLOUR_SCALE + 0.5  # (f, 3, 3)
    for actor in range(ACTOR_ROWS):
        centre, radius, turn = (part[:, actor] for part in tracks[:3])  # (f, 2), (f,), (f, 2)
        away_x, away_y = x - centre[:, 0, None, None], y - centre[:, 1, None, None]  # (f, 1, w), (f, h, 1)
        along = away_x * turn[:, 1, None, None] - away_y * turn[:, 0, None, None]  # upwards where nothing is turned
        across = away_x * turn[:, 0, None, None] + away_y * turn[:, 1, None, None]
        distance = (away_x.square() + away_y.square()).sqrt()  # (f, h, w)
        ring = (LINE / 2 - (distance - radius[:, None, None]).abs() * side + 0.5).clamp(0, 1)
        hand = (LINE / 2 - across.abs() * side + 0.5).clamp(0, 1) * (along > 0) * (distance < radius[:, None, None])
        cover = torch.maximum(ring, hand) * (tracks.there[:, actor, None, None] > 0.5)
        canvas = torch.lerp(canvas, colours[:, actor, None, None].expand_as(canvas), cover[..., None])
    return (canvas.clamp(0, 1) * 255).round().to(torch.uint8)
