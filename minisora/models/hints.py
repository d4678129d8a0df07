"""A layout drawn onto the latents' grid: for each place, how much of it each actor's disc and the wall fill.

A token of the video need not work out from coordinates who is in it: it is told, four frames of each actor and of the
wall, as far as the layout is known. What the actor looks like there is for the network to draw.
"""

import torch
from torch import Tensor

from minisora.world.layout import ACTOR_ROWS, GROUP, actor_tracks, wall_of

__all__ = ["HINTS", "layout_hints"]

HINTS = (ACTOR_ROWS + 1) * GROUP


def layout_hints(layout: Tensor, time: Tensor, lh: int, lw: int) -> Tensor:
    """Draw a layout.

    Args:
        layout: (b, z, 4, k), see `minisora.world.layout`; noisy ones are drawn as faintly as little is known.
        time: (b, z), from 0, clean, to 1, noise.
        lh, lw: places of the grid.
    Returns:
        (b, z, lh, lw, 16), 0…1: actor 1 in the four frames of the latent frame, actor 2, actor 3, the wall.
    """
    side = min(lh, lw)
    x = (torch.arange(lw, device=layout.device, dtype=layout.dtype) + 0.5 - lw / 2) / side  # (lw,), shorter sides
    y = (torch.arange(lh, device=layout.device, dtype=layout.dtype) + 0.5 - lh / 2) / side  # (lh,)
    middles, radii, there = actor_tracks(layout)  # (b, z, 3, 4, 2), (b, z, 3, 4), (b, z, 3)
    away_x, away_y = x - middles[..., :1], y - middles[..., 1:]  # (b, z, 3, 4, lw), (b, z, 3, 4, lh)
    away = (away_x[..., None, :].square() + away_y[..., None].square()).sqrt()  # (b, z, 3, 4, lh, lw)
    discs = ((radii[..., None, None] - away) * side + 0.5).clamp(0, 1) * there[..., None, None, None]
    middle, width, is_wall = wall_of(layout)  # (b, z)
    slab = ((width[..., None] / 2 - (x - middle[..., None]).abs()) * side + 0.5).clamp(0, 1) * is_wall[..., None]
    walls = slab[:, :, None, None, None].expand(-1, -1, 1, GROUP, lh, lw)  # (b, z, 1, 4, lh, lw)
    drawn = torch.cat([discs, walls], dim=2) * (1 - time)[:, :, None, None, None, None]
    return drawn.flatten(2, 3).permute(0, 1, 3, 4, 2)  # (b, z, 16, lh, lw) -> (b, z, lh, lw, 16)
