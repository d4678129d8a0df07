"""A layout that was read off a video, settled onto it: moved until the painter, who follows it, finds the pixels right.

The network reads a place to within a pixel or so, and the turn of a star to within twenty degrees. But it paints along
a layout far more exactly than that, and a layout that lies half a pixel off makes its guess of the given pixels clearly
worse. So places and turns are moved to where that guess is best: analysis by synthesis, with no other judge than the
network itself. Both at once, since a star that is turned wrongly fits nowhere.
"""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from minisora.diffusion import interpolate
from minisora.models.autoencoder import TIME
from minisora.world.layout import ACTOR_ROWS
from minisora.world.layout_code import FRAME_MOVING, layout_groups, rotated

__all__ = ["Paint", "settle"]

Paint = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Takes noisy latents (n, z, lh, lw, c), times (n, z) and a layout (n, z, 4, k); guesses clean latents."""

NOISE_TIME = 0.8  # noise on the given pixels: much, so that the guess leans on the layout
NUDGE = 0.5 / 64  # shorter sides by which a place is moved to see what that does; turns are counted in them, too
RADIANS = 8.0  # of a turn for one shorter side: a nudge is 3.6 degrees
COARSE = 2 / 64  # shorter sides from where a place was read, at which others are tried first
FARTHEST = 4 / 64  # shorter sides that a place is moved at a time, at most
DIRECTIONS = 8
TURNS = (-0.6, -0.3, 0.3, 0.6)  # radians from where a turn was read, likewise
ROUNDS = 4  # of Gauss and Newton's method
DAMPING = 1e-3  # of the largest curvature: rows of actors that are not there have none
AXES, COURSES = 3, 2  # x, y and the turn, each by a constant and by a slope


def settle(paint: Paint, latents: Tensor, known: Tensor, frames: Tensor, noise: Tensor, turned: bool = False) -> Tensor:
    """Move each actor of a layout to where it is in the given pixels.

    Args:
        paint: the network, which has been told the words of the clip.
        latents: (z, lh, lw, c), standardised; read where they are known.
        known: bool (z,), latent frames that are given, at least one.
        frames: (f, 4, j), the layout's frames.
        noise: (z, lh, lw, c), standard normal.
        turned: whether turns are settled, too: where what is seen is what the words say. Where they name another shape,
            its turns would only be made to look like the one that is there.
    Returns:
        (f, 4, j): each actor moved and turned by a constant, so that its steps stay as they were read; where both ends
        are given, by what it takes to meet both.
    """
    courses = _courses(frames, known)  # (2, f)
    time = torch.where(known, NOISE_TIME, 1.0).to(latents)  # (z,)
    noisy = interpolate(latents[None], noise[None], time[None])

    def misfit(moves: Tensor) -> Tensor:
        """How wrong the guess of the given pixels is along each of n moved layouts: (n, numbers)."""
        layouts, many = layout_groups(_moved(frames, courses, moves, turned)), len(moves)
        guess = paint(noisy.expand(many, -1, -1, -1, -1), time.expand(many, -1), layouts)
        return (guess - latents)[:, known.to(latents.device)].flatten(1).cpu().double()  # not every device has doubles

    found = _descend(misfit, _coarse(misfit, TURNS if turned else ()))
    if not (known[0] and known[-1]):
        found[1::COURSES] = 0.0  # a slope only took up what was read wrongly of the given frames
    return _moved(frames, courses, found[None], turned)[0]


def _descend(misfit: Callable[[Tensor], Tensor], at: Tensor) -> Tensor:
    """Gauss and Newton's method with measured slopes, from `at` (m,)."""
    lowest, step = math.inf, torch.zeros_like(at)
    for _ in range(ROUNDS):
        here, *nudged = misfit(torch.cat([(at + step)[None], at + step + NUDGE * torch.eye(len(at), dtype=at.dtype)]))
        if float(here.square().sum()) >= lowest:  # too far: half of it may do
            step = step / 2
            continue
        at, lowest = at + step, float(here.square().sum())
        slope = (torch.stack(nudged) - here) / NUDGE  # (m, numbers)
        curve = slope @ slope.T
        damped = curve + DAMPING * curve.diagonal().max().clamp(min=1e-9) * torch.eye(len(at), dtype=at.dtype)
        step = -torch.linalg.solve(damped, slope @ here).clamp(-FARTHEST, FARTHEST).to(at)
    last = float(misfit((at + step)[None]).square().sum())
    return at + step if last < lowest else at


def _coarse(misfit: Callable[[Tensor], Tensor], turns: Sequence[float]) -> Tensor:
    """Where to begin (m,): each actor as it was read, or at a place around that, or turned, whichever fits best."""
    angles = torch.arange(DIRECTIONS, dtype=torch.float64) * (2 * math.pi / DIRECTIONS)
    nowhere, turned = torch.zeros(DIRECTIONS), torch.tensor(turns, dtype=torch.float64) / RADIANS
    around = torch.stack([COARSE * angles.cos(), COARSE * angles.sin(), nowhere], dim=1)
    tries = torch.cat([around, torch.stack([0 * turned, 0 * turned, turned], dim=1)]).double()  # (t, 3)
    moves = torch.zeros(1 + ACTOR_ROWS * len(tries), ACTOR_ROWS, AXES, COURSES, dtype=torch.float64)
    for row in range(ACTOR_ROWS):
        moves[1 + row * len(tries) : 1 + (row + 1) * len(tries), row, :, 0] = tries
    losses = misfit(moves.flatten(1)).square().sum(dim=1)
    best = torch.zeros_like(moves[0])
    for row, some in enumerate(losses[1:].view(ACTOR_ROWS, -1)):
        if some.min() < losses[0]:
            best[row, :, 0] = tries[some.argmin()]
    return best.flatten()


def _moved(frames: Tensor, courses: Tensor, moves: Tensor, turned: bool) -> Tensor:
    """Layouts (n, f, 4, j), whose actors are moved and turned by n sums (n, rows × axes × courses) of the courses."""
    n, start = len(moves), frames.shape[-1] - FRAME_MOVING
    allowed = frames.new_tensor([[1, 1], [1, 1], [turned, turned]])
    dealt = moves.to(frames).view(n, ACTOR_ROWS, AXES, COURSES) * allowed
    off = dealt @ courses  # (n, rows, axes, f)
    x, y, turn = off.permute(2, 0, 3, 1)  # each (n, f, rows)
    moved = frames.expand(n, *frames.shape).clone()
    actors = moved[:, :, :ACTOR_ROWS]
    actors[..., start] += x
    actors[..., start + 1] += y
    actors[..., -2:] = rotated(frames[:, :ACTOR_ROWS, -2:], RADIANS * turn)
    return moved


def _courses(frames: Tensor, known: Tensor) -> Tensor:
    """How a move is dealt out to the frames, (2, f): a constant, and a slope.

    The slope is 0 in the given frame that is next to those to be made.
    """
    f = len(frames)
    given = TIME * known.nonzero()[:, 0].to(frames.device)
    seam = given.max() if known[0] else (given.min() - TIME + 1).clamp(min=0)
    return torch.stack(
        [torch.ones(f).to(frames), (torch.arange(f, device=frames.device) - seam).to(frames) / max(f - 1, 1)]
    )
