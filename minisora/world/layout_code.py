"""How a layout's frames become the numbers that a network draws, and back.

    frames (f, 4, j)   row: what stays │ x  y  size  cosine  sine     (the camera's row: pan x, pan y, zoom, 0, 0)
    layout (z, 4, k)   row: what stays │ mean x, y, size │ 4 × step of x, y, size │ cosine, sine │ 4 × turn

A latent frame is four frames; the first one holds the first frame four times. What moves is told twice: as the mean of
the four frames, and as the step that each frame takes from the frame before it, scaled to a spread of one of its own. A
figure that drifts by a tenth of a pixel a frame is at the right places and moves wrongly; beside noise of standard
deviation 1 only the steps show that. Human motion is drawn from positions and velocities together, too (Guo et al.
2022, "Generating Diverse and Natural 3D Human Motions from Text").
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import normalize

__all__ = ["FRAME_MOVING", "GROUP", "MOVING", "by_group", "go_on", "layout_frames", "layout_groups", "turns_of"]

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


def go_on(known: Tensor, frames: Tensor) -> Tensor:
    """Frames put behind others: moved and turned so that they go on where the known ones end.

    Args:
        known: (..., m, 4, j).
        frames: (..., f, 4, j) with f at least m; the first m are another account of the known ones.
    Returns:
        (..., f, 4, j): the known frames, then what follows.
    """
    m = known.shape[-3]
    before, after = frames[..., m - 1 : m, :, :], frames[..., m:, :, :]
    shift = (known[..., -1:, :, :] - before)[..., -FRAME_MOVING:-2]
    turn = turns_of(torch.cat([before, known[..., -1:, :, :]], dim=-3)[..., -2:])[..., 1:, :]
    placed, facing = after[..., -FRAME_MOVING:-2] + shift, _turned(after[..., -2:], turn)
    return torch.cat([known, torch.cat([after[..., :-FRAME_MOVING], placed, facing], dim=-1)], dim=-3)


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
    start = _turned(normalize(code.facing, dim=-1), -angle[..., -1, :]).mean(dim=-3)  # (..., rows, 2)
    turned = _turned(normalize(start, dim=-1)[..., None, None, :, :], angle)
    return turned.flatten(-4, -3)


def _sums(steps: Tensor, axis: int) -> Tensor:
    """Steps added up over latent frames, at `axis`, and their frames after it; the first latent frame takes none."""
    z = steps.shape[axis]
    later = torch.cat([torch.zeros_like(steps.narrow(axis, 0, 1)), steps.narrow(axis, 1, z - 1)], dim=axis)
    return later.flatten(axis, axis + 1).cumsum(axis + 1).unflatten(axis + 1, (z, GROUP))  # type: ignore[no-any-return]


def _turned(direction: Tensor, angle: Tensor) -> Tensor:
    """Directions (..., 2) turned by angles (...)."""
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
    cross = before[..., 0] * facing[..., 1] - before[..., 1] * facing[..., 0]
    return torch.atan2(cross, (before * facing).sum(dim=-1))


def _scales(like: Tensor) -> tuple[Tensor, Tensor]:
    """Spreads of means and of steps, each (rows, 3)."""
    rows = like.shape[-2] - 1
    means, steps = [ACTOR_SCALES] * rows + [CAMERA_SCALES], [ACTOR_STEPS] * rows + [CAMERA_STEPS]
    return like.new_tensor(means), like.new_tensor(steps)
