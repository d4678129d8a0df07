"""A layout that was read off a video, settled onto it: moved until the painter, who follows it, finds the pixels right.

The network reads a place to within a pixel or so. But it paints along a layout far more exactly than that, and a
layout that lies half a pixel off makes its guess of the given pixels clearly worse. So the places are moved to where
that guess is best: analysis by synthesis, with no other judge than the network itself.
"""

import math
from collections.abc import Callable
from itertools import product

import torch
from torch import Tensor

from minisora.diffusion import interpolate
from minisora.models.autoencoder import TIME
from minisora.world.layout import ACTOR_ROWS
from minisora.world.layout_code import FRAME_MOVING, layout_groups

__all__ = ["Paint", "settle"]

Paint = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Takes noisy latents (n, z, lh, lw, c), times (n, z) and a layout (n, z, 4, k); guesses clean latents."""

NOISE_TIME = 0.8  # noise on the given pixels: much, so that the guess leans on the layout
NUDGE = 0.5 / 64  # shorter sides by which a place is moved to see what that does
COARSE = 2 / 64  # shorter sides from where a place was read, at which others are tried first
FARTHEST = 4 / 64  # shorter sides that a place is moved at a time, at most
DIRECTIONS = 8
ROUNDS = 3  # of Gauss and Newton's method
DAMPING = 1e-3  # of the largest curvature: rows of actors that are not there have none
AXES, COURSES = 2, 2  # x and y, each by a constant and by a slope


def settle(paint: Paint, latents: Tensor, known: Tensor, frames: Tensor, noise: Tensor) -> Tensor:
    """Move each actor of a layout to where it is in the given pixels.

    Args:
        paint: the network, which has been told the words of the clip.
        latents: (z, lh, lw, c), standardised; read where they are known.
        known: bool (z,), latent frames that are given, at least one.
        frames: (f, 4, j), the layout's frames.
        noise: (z, lh, lw, c), standard normal.
    Returns:
        (f, 4, j): each actor moved by a constant, so that its steps stay as they were read; where both ends are given,
        by what it takes to meet both.
    """
    ways = _ways(frames, known)  # (m, f, 4, j)
    time = torch.where(known, NOISE_TIME, 1.0).to(latents)  # (z,)
    noisy = interpolate(latents[None], noise[None], time[None])

    def misfit(moves: Tensor) -> Tensor:
        """How wrong the guess of the given pixels is along each of n moved layouts: (n, numbers)."""
        layouts, many = layout_groups(_moved(frames, ways, moves)), len(moves)
        guess = paint(noisy.expand(many, -1, -1, -1, -1), time.expand(many, -1), layouts)
        return (guess - latents)[:, known.to(latents.device)].flatten(1).cpu().double()  # not every device has doubles

    found = _descend(misfit, _coarse(misfit, len(ways)))
    if not (known[0] and known[-1]):
        found[1::COURSES] = 0.0  # a slope only took up what was read wrongly of the given frames
    return _moved(frames, ways, found[None])[0]


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


def _coarse(misfit: Callable[[Tensor], Tensor], ways: int) -> Tensor:
    """Where to begin (m,): each actor where it was read, or at one of eight places around that, whichever fits best."""
    angles = [2 * math.pi * turn / DIRECTIONS for turn in range(DIRECTIONS)]
    tries = torch.zeros(1 + ACTOR_ROWS * DIRECTIONS, ways, dtype=torch.float64)
    for index, (actor, angle) in enumerate(product(range(ACTOR_ROWS), angles), start=1):
        first = actor * AXES * COURSES
        tries[index, [first, first + COURSES]] = COARSE * torch.tensor([math.cos(angle), math.sin(angle)]).double()
    losses = misfit(tries).square().sum(dim=1).tolist()
    best = torch.zeros(ways, dtype=torch.float64)
    for first in range(1, len(losses), DIRECTIONS):
        index = min(range(first, first + DIRECTIONS), key=losses.__getitem__)
        best += tries[index] if losses[index] < losses[0] else 0
    return best


def _moved(frames: Tensor, ways: Tensor, moves: Tensor) -> Tensor:
    """Layouts (n, f, 4, j), moved by n sums (n, m) of the ways (m, f, 4, j)."""
    return frames + torch.einsum("nm,mfrj->nfrj", moves.to(frames), ways)


def _ways(frames: Tensor, known: Tensor) -> Tensor:
    """Ways in which places can be moved, (m, f, 4, j): of each actor x and y, by a constant and by a slope.

    The slope is 0 in the given frame that is next to those to be made.
    """
    f, _, columns = frames.shape
    given = TIME * known.nonzero()[:, 0].to(frames.device)
    seam = given.max() if known[0] else (given.min() - TIME + 1).clamp(min=0)
    courses = torch.ones(f, device=frames.device), (torch.arange(f, device=frames.device) - seam) / max(f - 1, 1)
    ways = []
    for row, axis, course in product(range(ACTOR_ROWS), range(AXES), courses):
        way = torch.zeros_like(frames)
        way[:, row, columns - FRAME_MOVING + axis] = course.to(frames)
        ways.append(way)
    return torch.stack(ways)
