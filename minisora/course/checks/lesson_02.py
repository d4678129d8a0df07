"""Checks of lesson 02, Squeezing video: a decibel, groups of frames, a layer that looks back, numbers well spent."""

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from minisora.course.checking import attempt, exercise, like, near, require, same_shape, unlike
from minisora.evaluation import sharpness
from minisora.world import SHAPES

__all__ = ["causal_mix", "group", "psnr", "split"]

BUDGET = 10_240  # numbers of a clip of 17 frames and 64×64 pixels
COUNTS, SIDES = (1, 2, 4, 8, 16), (2, 4, 8)  # frames and pixels of a patch that may be chosen
BETTER = 0.75  # dB, above the lesson's own choice
MOST_PATCHES = 2000  # from which the directions are found


# --- what the lesson goes on with -------------------------------------------------------------------------------------


def _grouped(clip: Tensor, count: int) -> Tensor:
    groups: Tensor = torch.cat([clip[:1].expand(count - 1, *clip.shape[1:]), clip]).unflatten(0, (-1, count))
    return groups


def _mixed(x: Tensor, weights: Tensor) -> Tensor:
    taps = len(weights)
    padded = torch.cat([x.new_zeros(taps - 1, *x.shape[1:]), x])
    return torch.stack([weights[k] * padded[k : k + len(x)] for k in range(taps)]).sum(dim=0)


# --- the checks -------------------------------------------------------------------------------------------------------


@exercise(instead=sharpness.psnr)
def psnr(yours: Any) -> Iterator[str]:
    """Decibels between two clips of bytes."""
    low, high = (torch.full((1, 2, 2, 3), value, dtype=torch.uint8) for value in (10, 250))
    got = _number(attempt(yours, low, low.clone()), "The PSNR of two equal clips")
    require(
        math.isfinite(got), f"Two equal clips have no error, so the fraction is {got:g}. Which answer was asked for?"
    )
    require(abs(got - 100) < 1e-3, f"Two equal clips should give 100; yours gave {got:g}.")
    yield "equal clips give 100"

    got, wanted = _number(attempt(yours, low, high), "The PSNR"), _decibels(240.0**2)
    wrapped = _decibels(16.0**2)
    told = "10 minus 250 came out as 16 somewhere"
    require(abs(got - wrapped) > 1e-2, f"{told}: in uint8 there are no negative numbers. What has to happen first?")
    require(abs(got + wanted) > 1e-2, "The sign is wrong: a larger error should give fewer decibels.")
    peak = _decibels(240.0**2) - 20 * math.log10(255)
    require(abs(got - peak) > 1e-2, "Your largest value seems to be 1. Which one is it for bytes?")
    rooted = 10 * math.log10(255**2 / 240)
    asked = "Is the error below the line the squared one?"
    require(abs(got - rooted) > 1e-2, f"Your error was not squared, or a root was taken of it. {asked}")
    natural = wanted * math.log(10)
    asked = "Which base has the logarithm of a decibel?"
    require(abs(got - natural) > 1e-2, f"From 10 to 250 is {wanted:.3f} dB; yours gave {got:.3f}. {asked}")
    asked = "Compare each part of the fraction with the equation."
    require(abs(got - wanted) < 1e-3, f"From 10 to 250 everywhere is {wanted:.3f} dB; yours gave {got:.3f}. {asked}")
    yield "a difference of 240 everywhere is half a decibel"

    other = low.clone()
    other[0, 0, 0] = 250  # a quarter of the pixels
    got, wanted = _number(attempt(yours, other, low), "The PSNR"), _decibels(240.0**2 / 4)
    summed = _decibels(240.0**2 * 3)
    require(abs(got - summed) > 1e-2, "Yours grows with the number of pixels: a sum where a mean should be?")
    given = f"yours gave {got:.2f}"
    require(abs(got - wanted) < 1e-3, f"With a quarter of the pixels wrong it should be {wanted:.2f} dB; {given}.")
    yield "the error is a mean over all pixels and colours"


@exercise(instead=_grouped)
def group(yours: Any) -> Iterator[str]:
    """1 + count·k frames as 1 + k groups, the first frame a group of its own."""
    clip = (torch.arange(5.0) + 1).view(5, 1, 1, 1).expand(5, 2, 3, 3).contiguous()  # frame n holds n + 1 everywhere
    got = attempt(yours, clip, 4)
    same_shape(got, (2, 4, 2, 3, 3), "The groups of five frames")
    seen = _frames_of(got)
    require(seen[0][:3] != [0.0] * 3, "Your first group begins in the dark: zeros where the first frame should be.")
    at_end = [[1.0, 2.0, 3.0, 4.0], [5.0] * 4]
    asked = "Which of the two ends has to be filled up?"
    require(seen != at_end, f"Your first group holds the first four frames, the last one is filled up. {asked}")
    given = f"with frames 1 to 5, yours holds {_list(seen[0])}"
    require(seen[0] == [1.0] * 4, f"The first group should be the first frame, four times; {given}.")
    yield "the first group is the first frame, four times"
    given = f"yours holds {_list(seen[1])}"
    require(seen[1] == [2.0, 3.0, 4.0, 5.0], f"The second group should be frames 2, 3, 4, 5, in that order; {given}.")
    require(near(got[1], clip[1:]), "The frames are in the right groups, but their pixels have changed places.")
    yield "the second one holds the next four, in their order"

    got = attempt(yours, clip[:1], 4)
    same_shape(got, (1, 4, 2, 3, 3), "A picture, which is a clip of one frame,")
    yield "a picture is one group"
    got = attempt(yours, clip, 2)
    same_shape(got, (3, 2, 2, 3, 3), "Five frames in groups of two")
    want = [[1.0, 1.0], [2.0, 3.0], [4.0, 5.0]]
    require(_frames_of(got) == want, f"Groups of two should hold {_list(want)}; yours hold {_list(_frames_of(got))}.")
    yield "groups may have any size"


@exercise(instead=_mixed)
def causal_mix(yours: Any) -> Iterator[str]:
    """A weighted sum of each latent frame and those before it."""
    blink, weights = torch.tensor([0.0, 0.0, 1.0, 0.0, 0.0]), torch.tensor([0.1, 0.2, 0.7])
    got = attempt(yours, blink, weights)
    asked = "How many frames of zeros must stand in front, so that none gets lost?"
    if isinstance(got, Tensor) and got.ndim == 1 and len(got) != 5:
        require(False, f"Five frames went in, {len(got)} came out. {asked}")
    same_shape(got, (5,), "Five frames")
    blinked = "A light that is on in frame 2 alone"
    ahead = "lit frames before it"
    centred = torch.tensor([0.0, 0.7, 0.2, 0.1, 0.0])
    unlike(got, centred, f"{blinked} {ahead}: yours looks one frame ahead. Where must all the zeros go?")
    unlike(got, torch.tensor([0.7, 0.2, 0.1, 0.0, 0.0]), f"{blinked} {ahead}: yours looks ahead instead of back.")
    unlike(got, torch.tensor([0.1, 0.2, 0.7, 0.0, 0.0]), f"{blinked} {ahead}: yours looks ahead instead of back.")
    reversed_ = torch.tensor([0.0, 0.0, 0.1, 0.2, 0.7])
    unlike(
        got, reversed_, f"{blinked} was seen most two frames later. Does the last weight belong to the newest frame?"
    )
    given = f"should give 0, 0, 0.7, 0.2, 0.1; yours gave {_list(got.tolist())}"
    like(got, torch.tensor([0.0, 0.0, 0.7, 0.2, 0.1]), f"{blinked} {given}.")
    yield "a light that is on in one frame is seen in it and in the two after it"

    start, end = torch.tensor([1.0, 0.0, 0.0, 0.0]), torch.tensor([0.0, 0.0, 0.0, 1.0])
    got = attempt(yours, end, weights)
    round_about = "A light in the last frame was seen in the first ones: does yours go round in a circle?"
    require(near(got[:3], torch.zeros(3)), round_about)
    got = attempt(yours, start, weights)
    held = "A light in the first frame counted more than once: in front of it there should be nothing, that is zeros."
    like(got, torch.tensor([0.7, 0.2, 0.1, 0.0]), held)
    yield "the last frame changes nothing before it, and before the first there is nothing"

    places = torch.randn(6, 2, 3)
    for taps in (1, 2, 4):
        weights = torch.randn(taps)
        got = attempt(yours, places, weights)
        same_shape(got, (6, 2, 3), f"Six frames of 2 × 3 places, with {taps} weights,")
        asked = "Is the number three written somewhere?"
        like(got, _mixed(places, weights), f"Three weights are right, {taps} are not. {asked}")
    yield "any number of weights, and frames of any shape"


@exercise()
def split(yours: Any) -> Iterator[str]:
    """Frames, pixels and channels of a patch, with which a linear squeeze makes the most of its numbers."""
    require(not callable(yours), "This time the answer is three numbers, not a function.")
    try:
        count, side, channels = (int(number) for number in yours)
    except (TypeError, ValueError):
        require(False, f"Three numbers are needed, (frames, side, channels); yours is {yours!r}.")
    require(
        count in COUNTS, f"A group can have {_list(COUNTS)} frames, so that 16 can be cut into them; yours {count}."
    )
    require(side in SIDES, f"A patch can have a side of {_list(SIDES)}; yours has {side}.")
    numbers = (1 + 16 // count) * (64 // side) ** 2 * channels
    require(channels >= 1, f"Each patch needs at least one number; yours has {channels}.")
    require(channels <= count * side**2 * 3, "A patch cannot be said in more numbers than it has.")
    require(numbers <= BUDGET, f"That makes {numbers:,} numbers, and there are {BUDGET:,}. Use fewer channels.")
    yield f"it makes {numbers:,} of {BUDGET:,} numbers"
    ours, got = _linear_psnr(4, 4, 8), _linear_psnr(count, side, channels)
    asked = "Are all the numbers spent? And what becomes of them if patches are larger, or smaller, in space?"
    require(got >= ours + BETTER, f"Yours has {got:.2f} dB, (4, 4, 8) has {ours:.2f}; get {BETTER:g} dB above. {asked}")
    yield f"{got:.2f} dB; the lesson's (4, 4, 8) has {ours:.2f}"


# --- what they need ---------------------------------------------------------------------------------------------------


def _number(got: Any, what: str) -> float:
    single = isinstance(got, int | float | np.generic) or (isinstance(got, Tensor) and got.numel() == 1)
    require(single, f"{what} should be one number; yours is a {type(got).__name__}.")
    return float(got)


def _decibels(error: float) -> float:
    return 10 * math.log10(255**2 / error)


def _frames_of(groups: Tensor) -> list[list[float]]:
    """Which frame stands where, told by one of its pixels."""
    frames: list[list[float]] = groups[:, :, 0, 0, 0].tolist()
    return frames


def _list(values: Any) -> str:
    if isinstance(values, list) and values and isinstance(values[0], list):
        return " | ".join(_list(each) for each in values)
    return ", ".join(f"{value:.3g}" for value in values)


@cache
def _clips() -> tuple[Tensor, Tensor]:
    """Clips to find the directions from, and clips to be tried on: (b, 17, 64, 64, 3) in [-1, 1].

    Two things on a plain ground, discs and boxes that drift; drawn by hand, since the world's renderer takes its time.
    """
    rng = np.random.default_rng(2)
    grounds = np.array([entry.rgb for entry in SHAPES.backgrounds.values()])
    colours = np.array([entry.rgb for entry in SHAPES.colours.values()])
    clips = np.stack([_drift(rng, grounds, colours) for _ in range(20)])
    pixels = torch.from_numpy(clips).float() / 127.5 - 1
    return pixels[:16], pixels[16:]


def _drift(rng: np.random.Generator, grounds: NDArray[np.int64], colours: NDArray[np.int64]) -> NDArray[np.float64]:
    """One such clip (17, 64, 64, 3), 0…255."""
    y, x = np.mgrid[:64, :64]
    clip = np.broadcast_to(grounds[rng.integers(len(grounds))].astype(float), (17, 64, 64, 3))
    for colour in colours[rng.permutation(len(colours))[:2]]:
        place, step = rng.uniform(14, 50, 2), rng.uniform(-1.6, 1.6, 2)
        way = place + step * np.arange(-8, 9)[:, None]  # (17, 2)
        away = np.abs(np.stack([x, y]) - way[:, :, None, None])  # (17, 2, 64, 64)
        far = np.hypot(*away.swapaxes(0, 1)) if rng.random() < 0.5 else away.max(axis=1)
        cover = np.clip(rng.uniform(5, 12) - far + 0.5, 0, 1)[..., None]
        clip = clip + cover * (colour - clip)
    return clip


@cache
def _linear_psnr(count: int, side: int, channels: int) -> float:
    """PSNR of the best linear squeeze of such patches."""
    generator_state = torch.random.get_rng_state()
    known, tried = (torch.stack([_patches(clip, count, side) for clip in clips]).flatten(0, 1) for clips in _clips())
    torch.manual_seed(0)
    known = known[torch.randperm(len(known))[:MOST_PATCHES]]
    middle = known.mean(dim=0)
    directions = torch.svd_lowrank(known - middle, q=min(channels + 4, *known.shape), niter=1)[2][:, :channels]
    torch.random.set_rng_state(generator_state)
    back = ((tried - middle) @ directions @ directions.T + middle).clamp(-1, 1)
    return _decibels(float((back - tried).square().mean()) * 127.5**2)


def _patches(clip: Tensor, count: int, side: int) -> Tensor:
    """(f, h, w, 3) → (patches, numbers)."""
    groups = _grouped(clip, count)  # (z, count, h, w, 3)
    cut: Tensor = groups.unflatten(3, (-1, side)).unflatten(2, (-1, side))  # (z, count, lh, side, lw, side, 3)
    return cut.permute(0, 2, 4, 1, 3, 5, 6).flatten(3).flatten(0, 2)
