"""A layout that was read off a video, settled onto it: moved until the painter, who follows it, finds the pixels right.

The network reads a place to within a pixel or so, and the turn of a star to within twenty degrees. But it paints along
a layout far more exactly than that, and a layout that lies half a pixel off makes its guess of the given pixels clearly
worse. So places and turns are moved to where that guess is best: analysis by synthesis, with no other judge than the
network itself. Both at once, since a star that is turned wrongly fits nowhere.
"""

import math
from collections.abc import Callable

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
NUDGE = 0.5 / 64  # shorter sides by which something is moved to see what that does; turns and sizes are counted in them
RADIANS = 8.0  # of a turn for one shorter side: a nudge is 3.6 degrees
GROWTH = 7.0  # of a size's logarithm, likewise: a nudge moves the edge of a figure by about half a pixel
COARSE = 2 / 64  # shorter sides from where a place was read, at which others are tried first
FARTHEST = 4 / 64  # shorter sides that a place is moved at a time, at most
DIRECTIONS = 8
TURNS = (-0.6, -0.3, 0.0, 0.3, 0.6)  # radians from where a turn was read, likewise
SPINS = (-0.5, 0.0, 0.5)  # radians more or less at both ends of a window: a star fits anew after a fifth of a turn
SIZES = (-0.4, -0.2, 0.2, 0.4)  # of a size's logarithm, likewise
ROUNDS = 6  # of Gauss and Newton's method
DAMPING = 1e-4  # of the largest curvature: what cannot be seen has none
AXES, PLACE_AXES = 4, 2  # x, y, and the size and the turn where the words say what is seen
BENDS = 4  # courses by which each is moved where a whole window is given: a constant, a slope, and two bends


def settle(paint: Paint, latents: Tensor, known: Tensor, frames: Tensor, noise: Tensor, named: bool = False) -> Tensor:
    """Move each actor of a layout to where it is in the given pixels.

    Args:
        paint: the network, which has been told the words of the clip.
        latents: (z, lh, lw, c), standardised; read where they are known.
        known: bool (z,), latent frames that are given, at least one.
        frames: (f, 4, j), the layout's frames.
        noise: (z, lh, lw, c), standard normal.
        named: whether the words say what is seen, so that sizes and turns are settled, too. Where they name another
            shape, both would only be made to look like the one that is there.
    Returns:
        (f, 4, j): each actor moved, and sized and turned, by a constant, so that its steps stay as they were read; by
        what it takes to meet both ends where both are given; and by a smooth course where all is given.
    """
    courses = _courses(frames, known)  # (courses, f)
    rows = (frames[:, :ACTOR_ROWS, 0].mean(dim=0) > 0).nonzero()[:, 0]  # actors that are there
    form = (len(rows), AXES if named else PLACE_AXES, len(courses))
    if 0 in form:
        return frames
    time = torch.where(known, NOISE_TIME, 1.0).to(latents)  # (z,)
    noisy = interpolate(latents[None], noise[None], time[None])

    def moved(moves: Tensor) -> Tensor:
        return _moved(frames, rows, (moves.to(frames).view(-1, *form) @ courses))

    def misfit(moves: Tensor) -> Tensor:
        """How wrong the guess of the given pixels is along each of n moved layouts: (n, numbers)."""
        layouts, many = layout_groups(moved(moves)), len(moves)
        guess = paint(noisy.expand(many, -1, -1, -1, -1), time.expand(many, -1), layouts)
        return (guess - latents)[:, known.to(latents.device)].flatten(1).cpu().double()  # not every device has doubles

    found = _descend(misfit, _coarse(misfit, form)).view(form)
    if not (known[0] and known[-1]):
        found[..., 1:] = 0.0  # a slope only took up what was read wrongly of the given frames
    return moved(found.flatten()[None])[0]


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


def _coarse(misfit: Callable[[Tensor], Tensor], form: tuple[int, int, int]) -> Tensor:
    """Where to begin (m,): of a few places around where each actor was read, sizes and turns, those that fit best."""
    best = torch.zeros(form, dtype=torch.float64)  # (rows, axes, courses)
    for tries in _tries(*form[1:]):  # (t, axes, courses)
        moves = best.repeat(1 + form[0] * len(tries), 1, 1, 1)
        for row, some in enumerate(moves[1:].split(len(tries))):
            some[:, row] += tries
        here, *losses = misfit(moves.flatten(1)).square().sum(dim=1).split([1] + [len(tries)] * form[0])
        for row, some in enumerate(losses):
            if some.min() < here:
                best[row] += tries[some.argmin()]
    return best.flatten()


def _tries(axes: int, courses: int) -> list[Tensor]:
    """Steps (t, axes, courses) from where an actor was read: places around it, then sizes, then turns and spins."""
    angles = [2 * math.pi * k / DIRECTIONS for k in range(DIRECTIONS)]
    places, sizes = torch.zeros(DIRECTIONS, axes, courses), torch.zeros(len(SIZES), axes, courses)
    places[:, 0, 0] = torch.tensor([COARSE * math.cos(angle) for angle in angles])
    places[:, 1, 0] = torch.tensor([COARSE * math.sin(angle) for angle in angles])
    if axes == PLACE_AXES:
        return [places.double()]
    sizes[:, 2, 0] = torch.tensor(SIZES) / GROWTH
    turns = torch.zeros(len(TURNS) * len(SPINS), axes, courses)
    turns[:, 3, :2] = torch.cartesian_prod(torch.tensor(TURNS), torch.tensor(SPINS)) / RADIANS
    return [places.double(), sizes.double(), turns.double()]


def _moved(frames: Tensor, rows: Tensor, off: Tensor) -> Tensor:
    """Layouts (n, f, 4, j), whose actors are moved, and sized and turned, by (n, rows, axes, f)."""
    start = frames.shape[-1] - FRAME_MOVING
    moved = frames.expand(len(off), *frames.shape).clone()
    x, y, *rest = off.permute(2, 0, 3, 1)  # each (n, f, rows)
    moved[:, :, rows, start] += x
    moved[:, :, rows, start + 1] += y
    if rest:
        size, turn = rest
        moved[:, :, rows, start + 2] += GROWTH * size
        moved[:, :, rows, -2:] = rotated(frames[:, rows, -2:], RADIANS * turn)
    return moved


def _courses(frames: Tensor, known: Tensor) -> Tensor:
    """How a move is dealt out to the frames, (courses, f).

    Where a whole window is given, by Legendre's polynomials, of which none can do what another does. Else by a constant
    and by a slope that is 0 in the given frame that is next to those to be made.
    """
    f = len(frames)
    frame = torch.arange(f, device=frames.device).to(frames)
    if bool(known.all()) and f > BENDS:
        time = 2 * frame / (f - 1) - 1
        return torch.stack([torch.ones_like(time), time, (3 * time**2 - 1) / 2, (5 * time**3 - 3 * time) / 2][:BENDS])
    given = TIME * known.nonzero()[:, 0].to(frames.device)
    seam = given.max() if known[0] else (given.min() - TIME + 1).clamp(min=0)
    return torch.stack([torch.ones_like(frame), (frame - seam) / max(f - 1, 1)])
