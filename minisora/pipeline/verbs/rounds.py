"""How a take is led back to its beginning: where it comes nearest to it, and along which layout it goes from there."""

import math

import torch
from torch import Tensor

from minisora.models.autoencoder import TIME
from minisora.world import World
from minisora.world.layout import ACTOR_ROWS, layout_columns
from minisora.world.layout_code import FRAME_MOVING, turns_of

__all__ = ["closed_layout", "find_round"]


def find_round(take: Tensor, least: int) -> int:
    """After how many frames a take is again as it was at first.

    Two frames are compared, so that it also moves the same way there.

    Args:
        take: uint8 (f, h, w, 3).
        least: frames that a round has at least.
    Returns:
        From `least` to f - 2, or f where the take is too short to come round.
    """
    pixels = take.double()
    apart = (pixels[1:-1] - pixels[0]).square() + (pixels[2:] - pixels[1]).square()  # of frames 1, 2, … f - 2
    away = apart.mean(dim=(1, 2, 3))
    return least + int(away[least - 1 :].argmin()) if len(away) >= least else len(take)


def closed_layout(world: World, layout: Tensor, end: int, passage: int) -> Tensor:
    """A layout that comes round exactly: over the passage, everything drifts to where it began.

    Args:
        world: says after which turn a shape looks the same again.
        layout: (f, 4, j), the layout of a take's frames, which is nearly round after `end` of them.
        end: frames of the round, below f.
        passage: frames before that over which it is led there.
    Returns:
        (end + 4, 4, j): the round, then its first four frames again.
    """
    frame = torch.arange(end + 1, device=layout.device, dtype=layout.dtype)
    share = ((frame - (end - passage)) / passage).clamp(0, 1)
    share = (share.square() * (3 - 2 * share))[:, None, None]  # (end + 1, 1, 1), begins and ends softly
    still, placed, facing = layout.split([layout.shape[-1] - FRAME_MOVING, FRAME_MOVING - 2, 2], dim=-1)
    places = placed[: end + 1] + share * (placed[0] - placed[end])
    angles = _unwrapped(facing)  # (f, 4)
    turn = _to_the_same_look(angles[0] - angles[end], _turn_of_looks(world, layout[0]))
    turns = angles[: end + 1] + share[..., 0] * turn
    again = turns[end] + angles[1:TIME] - angles[0]
    return torch.cat(
        [
            torch.cat([still[: end + 1], still[1:TIME]]),
            torch.cat([places, placed[1:TIME]]),
            _facing(torch.cat([turns, again])),
        ],
        dim=-1,
    )


def _unwrapped(facing: Tensor) -> Tensor:
    """Cosines and sines (f, 4, 2) as angles without jumps (f, 4)."""
    return torch.atan2(facing[0, :, 1], facing[0, :, 0]) + turns_of(facing).cumsum(dim=0)


def _facing(angles: Tensor) -> Tensor:
    return torch.stack([angles.cos(), angles.sin()], dim=-1)


def _turn_of_looks(world: World, frame: Tensor) -> Tensor:
    """By which turn each row's figure looks the same again (4,), infinite for the scene and for what is round."""
    columns = layout_columns(world)["shape"][0].nonzero()[:, 0][: len(world.shapes)]
    folds = torch.tensor([shape.fold for shape in world.shapes.values()], dtype=frame.dtype, device=frame.device)
    fold = folds[frame[:ACTOR_ROWS, columns].argmax(dim=-1)]
    turns = torch.where(fold > 0, 2 * math.pi / fold.clamp(min=1), math.inf)
    return torch.cat([turns, turns.new_full((len(frame) - ACTOR_ROWS,), math.inf)])


def _to_the_same_look(turn: Tensor, period: Tensor) -> Tensor:
    """The smallest turn (4,) that ends in the same look as a turn; none at all where any turn looks alike."""
    finite = period.isfinite()
    period = torch.where(finite, period, 1.0)
    return torch.where(finite, torch.remainder(turn + period / 2, period) - period / 2, 0.0)
