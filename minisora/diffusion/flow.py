"""Rectified flow: a straight line from clean latents to noise, and the loss of a network that looks back along it.

    noisy = (1 - time) · clean + time · noise          time 0 is clean, time 1 is noise
    velocity = noise - clean                           change of noisy per unit of time

A network may guess the clean latents or the velocity; each follows from the other. Latents are (b, z, lh, lw, c), times
(b, z): one for each latent frame.
Source: Liu et al. 2022, arXiv 2209.03003; Lipman et al. 2022, arXiv 2210.02747; signs flipped, as our time 1 is noise.
"""

import math
from collections.abc import Callable, Sequence
from typing import Literal, get_args

import torch
from torch import Tensor

from minisora.errors import SettingError, ShapeError, nearest_name

__all__ = [
    "LAYOUT_TIME_SHIFT",
    "SMALLEST_TIME",
    "TRAINING_TIME_SHIFT",
    "Predicts",
    "clean_from_velocity",
    "flow_loss",
    "interpolate",
    "loss_weight",
    "sample_times",
    "shift_times",
    "to_clean",
    "velocity_from_clean",
    "velocity_target",
]

Predicts = Literal["clean", "velocity"]

LAYOUT_TIME_SHIFT = 1.0  # none: exact places are a layout's details, and they are settled in the last steps
TRAINING_TIME_SHIFT = 3.0  # towards noise, where the layout is decided: much better than 1 in training and in sampling
SMALLEST_TIME = 1e-3  # below it, dividing by the time would blow up the rounding of a guess


def flow_loss(
    network: Callable[[Tensor, Tensor], Tensor],
    clean: Tensor,
    noise: Tensor,
    time: Tensor,
    *,
    weight: Tensor | None = None,
    predicts: Predicts = "clean",
) -> Tensor:
    """The loss of the denoiser: mix in noise, let the network guess, compare.

    Args:
        network: takes noisy latents and their times (b, z), gives its guess in the shape of the latents.
        clean: (b, z, lh, lw, c), standardised latents.
        noise: same shape, standard normal.
        time: (b, z), from 0 to 1.
        weight: broadcast over the latents; 0 where nothing is to be learnt, as on context; None is 1 everywhere.
        predicts: what the network guesses.
    Returns:
        (), the weighted mean of the squared error.
    Raises:
        ShapeError: shapes differ.
        SettingError: `predicts` is no such thing.
    """
    guess = network(interpolate(clean, noise, time), time).to(clean.dtype)
    if check_predicts(predicts) == "clean":
        error = (guess - clean).square() * per_frame(loss_weight(time), clean)
    else:
        error = (guess - velocity_target(clean, noise)).square()
    if weight is None:
        return error.mean()
    weight = weight.to(error.dtype).expand_as(error)
    return (error * weight).sum() / weight.sum().clamp(min=1.0)


def interpolate(clean: Tensor, noise: Tensor, time: Tensor) -> Tensor:
    """The point at `time` on the straight line from clean latents to noise.

    Args:
        clean: (b, z, lh, lw, c), standardised latents.
        noise: same shape, standard normal.
        time: (b, z), from 0, clean, to 1, noise.
    Returns:
        (b, z, lh, lw, c).
    Raises:
        ShapeError: shapes differ.
    """
    _check_same(clean, noise)
    time = per_frame(time, clean)
    return (1 - time) * clean + time * noise


def velocity_target(clean: Tensor, noise: Tensor) -> Tensor:
    """Direction from clean latents to noise: what a network that predicts the velocity learns.

    Args:
        clean: (b, z, lh, lw, c), standardised latents.
        noise: same shape, standard normal.
    Returns:
        (b, z, lh, lw, c), change per unit of time.
    Raises:
        ShapeError: the two shapes differ.
    """
    _check_same(clean, noise)
    return noise - clean


def velocity_from_clean(noisy: Tensor, clean: Tensor, time: Tensor) -> Tensor:
    """The velocity that a guess of the clean latents amounts to.

    Args:
        noisy: (b, z, lh, lw, c).
        clean: same shape, the guess.
        time: (b, z); times under `SMALLEST_TIME` are taken as that.
    Returns:
        (b, z, lh, lw, c), change per unit of time.
    Raises:
        ShapeError: shapes differ.
    """
    _check_same(noisy, clean)
    return (noisy - clean) / per_frame(time, noisy).clamp(min=SMALLEST_TIME)


def clean_from_velocity(noisy: Tensor, velocity: Tensor, time: Tensor) -> Tensor:
    """The clean latents that a guess of the velocity amounts to.

    Args:
        noisy: (b, z, lh, lw, c).
        velocity: same shape, the guess.
        time: (b, z).
    Returns:
        (b, z, lh, lw, c).
    Raises:
        ShapeError: shapes differ.
    """
    _check_same(noisy, velocity)
    return noisy - per_frame(time, noisy) * velocity


def to_clean(guess: Tensor, noisy: Tensor, time: Tensor, predicts: Predicts) -> Tensor:
    """What a network guessed, as clean latents.

    Args:
        guess: (b, z, lh, lw, c), the network's answer.
        noisy: same shape, what it was shown.
        time: (b, z).
        predicts: what the network guesses.
    Returns:
        (b, z, lh, lw, c).
    Raises:
        SettingError: `predicts` is no such thing.
    """
    return guess if check_predicts(predicts) == "clean" else clean_from_velocity(noisy, guess, time)


def loss_weight(time: Tensor) -> Tensor:
    """How much an error of a clean guess counts: all near time 0, 0.3 at time 1, where nobody could guess the details.

    Args:
        time: (...), from 0 to 1.
    Returns:
        (...), from 0.3 to 1.
    """
    return 0.3 + 0.7 * (1 - time)


def sample_times(shape: Sequence[int], generator: torch.Generator, shift: float = TRAINING_TIME_SHIFT) -> Tensor:
    """Times to train at: logit-normal, so seldom near 0 or 1, then shifted towards noise.

    Args:
        shape: of the result.
        generator: the only source of randomness; its device is the result's.
        shift: 1 is none; 3 moves the middle from 0.5 to 0.75.
    Returns:
        float32 of that shape, between 0 and 1.
    Raises:
        SettingError: `shift` is not above 0.
    Source: Esser et al. 2024, arXiv 2403.03206 (Section 3.1, logit-normal; Equation 23, shift).
    """
    normal = torch.randn(tuple(shape), generator=generator, device=generator.device)
    return shift_times(normal.sigmoid(), shift)


def shift_times(time: Tensor, shift: float) -> Tensor:
    """Move times towards noise: shift · t / (1 + (shift - 1) · t). 0 and 1 stay where they are.

    Args:
        time: (...), from 0 to 1.
        shift: above 0; 1 is none, above 1 towards noise.
    Returns:
        (...), from 0 to 1, in the same order.
    Raises:
        SettingError: `shift` is not above 0.
    """
    if not (math.isfinite(shift) and shift > 0):
        raise SettingError(f"shift={shift}, but it must be a number above 0. Use shift={TRAINING_TIME_SHIFT:g}.")
    return shift * time / (1 + (shift - 1) * time)


def per_frame(time: Tensor, latents: Tensor) -> Tensor:
    """Times with axes of length 1 behind them, so that they multiply whole latent frames.

    Args:
        time: (b, z).
        latents: (b, z, ...).
    Returns:
        (b, z, 1, ...), with as many axes as the latents and their type.
    Raises:
        ShapeError: the times are not one for each latent frame.
    """
    if time.shape != latents.shape[:2]:
        given, wanted = tuple(time.shape), tuple(latents.shape[:2])
        raise ShapeError(f"Times are one for each latent frame, {wanted} here; these are {given}.")
    return time.to(latents.dtype).view(*time.shape, *(1,) * (latents.ndim - 2))


def check_predicts(predicts: Predicts) -> Predicts:
    """Refuse a name that is no kind of prediction.

    Args:
        predicts: the name.
    Returns:
        The same name.
    Raises:
        SettingError: with the nearest legal name.
    """
    allowed = get_args(Predicts)
    if predicts not in allowed:
        near = nearest_name(str(predicts), allowed)
        raise SettingError(f"predicts={predicts!r}, but a network guesses {' or '.join(allowed)}. Use {near!r}.")
    return predicts


def _check_same(one: Tensor, other: Tensor) -> None:
    """Refuse two tensors of different shapes, which would otherwise broadcast in silence.

    Args:
        one: a tensor.
        other: another.
    Raises:
        ShapeError: their shapes differ.
    """
    if one.shape != other.shape:
        raise ShapeError(f"Latents of one shape are needed; these are {tuple(one.shape)} and {tuple(other.shape)}.")
