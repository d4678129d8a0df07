"""How a layout's frames become the numbers that a network draws, and back.

    frames (f, 4, j)   row: what stays │ x  y  size  cosine  sine     (the camera's row: pan x, pan y, zoom, 0, 0)
    layout (z, 4, k)   row: what stays │ mean x, y, size │ 4 × step of x, y, size │ cosine, sine │ 4 × turn

A latent frame is four frames; the first one holds the first frame four times. What moves is told twice: as the mean of
the four frames, and as the step that each frame takes from the frame before it, scaled to a spread of one of its own. A
figure that drifts by a tenth of a pixel a frame is at the right places and moves wrongly; beside noise of standard
deviation 1 only the steps show that. Human motion is drawn from positions and velocities together, too (Guo et al.
2022, "Generating Diverse and Natural 3D Human Motions from Text").
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import normalize

__all__ = [
    "FRAME_MOVING",
    "GROUP",
    "MOVING",
    "by_group",
    "layout_frames",
    "layout_groups",
    "led_up_to",
    "meet",
    "rotated",
    "turns_of",
]

GROUP = 4  # frames of a latent frame
PLACED = 3  # numbers that have a mean and steps: x, y, size; pan x, pan y, zoom
FRAME_MOVING = PLACED + 2
SPLIT = (PLACED, GROUP * PLACED, 2, GROUP)  # mean, steps, cosine and sine, turns
MOVING = sum(SPLIT)
TURN_SCALE = 0.28  # radians a frame

Scales = tuple[float, float, float]
ACTOR_SCALES: Scales = (0.22, 0.22, 0.35)  # shorter sides; the logarithm of a radius
CAMERA_SCALES: Scales = (0.15, 0.15, 0.15)
ACTOR_STEPS: Scales = (0.028, 0.028, 0.04)  # a frame, where something moves
CAMERA_STEPS: Scales = (0.025, 0.025, 0.03)


def by_group(frames: Tensor) -> Tensor:
    """Frames dealt out to latent frames.

    Args:
        frames: (..., f, 4, j), f = 1 + 4k.
    Returns:
        (..., z, 4 frames, 4, j), z = 1 + k; the first group is the first frame four times.
    """
    first = frames[..., :1, :, :]
    return torch.cat([first] * (GROUP - 1) + [frames], dim=-3).unflatten(-3, (-1, GROUP))  # type: ignore[no-any-return]


def layout_groups(frames: Tensor) -> Tensor:
    """Frames of a layout as numbers with a spread of about one.

    Args:
        frames: (..., f, 4, j), f = 1 + 4k.
    Returns:
        (..., z, 4, k), z = 1 + k; what stays is that of the last frame of each group.
    """
    groups = by_group(frames)  # (..., z, 4 frames, rows, j)
    still, placed, facing = groups.split([frames.shape[-1] - FRAME_MOVING, PLACED, 2], dim=-1)
    scales, step_scales = _scales(frames)
    path = placed.flatten(-4, -3)  # (..., 4 z, rows, 3)
    steps = torch.diff(path, dim=-3, prepend=path[..., :1, :, :]).unflatten(-3, (-1, GROUP)) / step_scales
    parts = (
        still[..., -1, :, :],
        placed.mean(dim=-3) / scales,
        steps.transpose(-3, -2).flatten(-2),  # (..., z, rows, 4 × 3)
        facing[..., -1, :, :],
        turns_of(facing.flatten(-4, -3)).unflatten(-2, (-1, GROUP)).transpose(-2, -1) / TURN_SCALE,
    )
    return torch.cat(parts, dim=-1)


def layout_frames(layout: Tensor) -> Tensor:
    """What is where in each frame, from a layout that may not quite agree with itself.

    The steps, added up, give a path's form; it is moved, and made faster or slower, until it fits the means best
    (least squares over the latent frames). Turns likewise, moved only. An exact layout comes back as it was.

    Args:
        layout: (..., z, 4, k).
    Returns:
        (..., f, 4, j), f = 4 z - 3.
    """
    code = _Code(*layout.split([layout.shape[-1] - MOVING, *SPLIT], dim=-1))
    still = code.still.repeat_interleave(GROUP, dim=-3)  # (..., 4 z, rows, ·)
    frames = torch.cat([still, _places(layout, code), _facing(code)], dim=-1)
    return frames[..., GROUP - 1 :, :, :]


def meet(known: Tensor, where: Tensor, frames: Tensor) -> Tensor:
    """Frames put between, behind or before others: moved and turned so that they meet the known ones.

    Args:
        known: (..., f, 4, j), read where they are known.
        where: bool (f,), which frames those are, at least one.
        frames: (..., f, 4, j), another account of all of them.
    Returns:
        (..., f, 4, j): the known frames, and the others moved as the known frame next to them is off, between two known
        ones by what lies between, so that paths keep their form.
    """
    where = where.to(frames.device)
    shift = (known - frames)[..., -FRAME_MOVING:-2]
    turn = _angle_between(frames[..., -2:], known[..., -2:])  # (..., f, rows)
    before, after, share = _neighbours(where)
    share = share.to(frames)
    turn_before, more = turn[..., before, :], turn[..., after, :] - turn[..., before, :]
    more = torch.remainder(more + math.pi, 2 * math.pi) - math.pi  # the short way round
    moved = shift[..., before, :, :].lerp(shift[..., after, :, :], share[:, None, None])
    facing = rotated(frames[..., -2:], turn_before + share[:, None] * more)
    met = torch.cat([frames[..., :-FRAME_MOVING], frames[..., -FRAME_MOVING:-2] + moved, facing], dim=-1)
    return torch.where(where[:, None, None], known, met)


def _neighbours(where: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Indices (f,) of the known frames before and after each, and how far on it is, from 0 to 1, (f,).

    Where there is but one, it is taken for both.
    """
    frame = torch.arange(len(where), device=where.device)
    before = torch.where(where, frame, -1).cummax(dim=0).values
    after = torch.where(where, frame, len(where)).flip(0).cummin(dim=0).values.flip(0)
    before, after = torch.where(before < 0, after, before), torch.where(after == len(where), before, after)
    return before, after, (frame - before) / (after - before).clamp(min=1)


def _angle_between(one: Tensor, other: Tensor) -> Tensor:
    """By how much directions (..., 2) are turned to become others: (...), from -pi to pi."""
    cross = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return torch.atan2(cross, (one * other).sum(dim=-1))


def led_up_to(frames: Tensor, where: Tensor) -> Tensor:
    """The frame before each stretch of known ones, from which it comes if its first step was like its second.

    A latent frame holds the steps that its frames take from the one before, which may not be known.

    Args:
        frames: (..., f, 4, j).
        where: bool (f,), which frames are known.
    Returns:
        (..., f, 4, j).
    """
    filled = frames.clone()
    for first in (where[1:-1] & ~where[:-2] & where[2:]).nonzero()[:, 0].tolist():
        one, other = frames[..., first + 1, :, :], frames[..., first + 2, :, :]
        filled[..., first, :, :] = one
        filled[..., first, :, -FRAME_MOVING:-2] = 2 * one[..., -FRAME_MOVING:-2] - other[..., -FRAME_MOVING:-2]
        filled[..., first, :, -2:] = rotated(one[..., -2:], _angle_between(other[..., -2:], one[..., -2:]))
    return filled


class _Code(NamedTuple):
    """The parts of a layout's rows, each (..., z, 4, ·)."""

    still: Tensor
    mean: Tensor
    steps: Tensor
    facing: Tensor
    turns: Tensor


def _places(layout: Tensor, code: _Code) -> Tensor:
    """Places and sizes, (..., 4 z, rows, 3)."""
    scales, step_scales = _scales(layout)
    steps = code.steps.unflatten(-1, (GROUP, PLACED)).transpose(-3, -2) * step_scales  # (..., z, 4 frames, rows, 3)
    path = _sums(steps, -4)  # (..., z, 4 frames, rows, 3), from 0
    off = code.mean * scales - path.mean(dim=-3)  # (..., z, rows, 3)
    z = layout.shape[-3]
    frame = torch.arange(1 - GROUP, GROUP * (z - 1) + 1, device=layout.device, dtype=layout.dtype).clamp(min=0)
    time = frame.view(z, GROUP) - frame.mean()
    middle = time.mean(dim=1).view(z, 1, 1)
    slope = (off * middle).sum(dim=-3) / middle.square().sum().clamp(min=1e-6)  # (..., rows, 3)
    path = path + off.mean(dim=-3)[..., None, None, :, :] + slope[..., None, None, :, :] * time[..., None, None]
    return path.flatten(-4, -3)


def _facing(code: _Code) -> Tensor:
    """Cosines and sines, (..., 4 z, rows, 2)."""
    angle = _sums(code.turns.transpose(-2, -1) * TURN_SCALE, -3)  # (..., z, 4 frames, rows), from 0
    start = rotated(normalize(code.facing, dim=-1), -angle[..., -1, :]).mean(dim=-3)  # (..., rows, 2)
    turned = rotated(normalize(start, dim=-1)[..., None, None, :, :], angle)
    return turned.flatten(-4, -3)


def _sums(steps: Tensor, axis: int) -> Tensor:
    """Steps added up over latent frames, at `axis`, and their frames after it; the first latent frame takes none."""
    z = steps.shape[axis]
    later = torch.cat([torch.zeros_like(steps.narrow(axis, 0, 1)), steps.narrow(axis, 1, z - 1)], dim=axis)
    return later.flatten(axis, axis + 1).cumsum(axis + 1).unflatten(axis + 1, (z, GROUP))  # type: ignore[no-any-return]


def rotated(direction: Tensor, angle: Tensor) -> Tensor:
    """Directions turned by angles.

    Args:
        direction: (..., 2), cosines and sines.
        angle: (...), radians.
    Returns:
        (..., 2).
    """
    x, y = direction.unbind(-1)
    cosine, sine = angle.cos(), angle.sin()
    return torch.stack([x * cosine - y * sine, x * sine + y * cosine], dim=-1)


def turns_of(facing: Tensor) -> Tensor:
    """The angles between neighbours.

    Args:
        facing: (..., n, rows, 2), cosines and sines.
    Returns:
        (..., n, rows), from -pi to pi, the first one 0.
    """
    before = torch.cat([facing[..., :1, :, :], facing[..., :-1, :, :]], dim=-3)
    return _angle_between(before, facing)


def _scales(like: Tensor) -> tuple[Tensor, Tensor]:
    """Spreads of means and of steps, each (rows, 3)."""
    rows = like.shape[-2] - 1
    means, steps = [ACTOR_SCALES] * rows + [CAMERA_SCALES], [ACTOR_STEPS] * rows + [CAMERA_STEPS]
    return like.new_tensor(means), like.new_tensor(steps)
