"""The loop that draws: follow the velocity from noise to clean latents, one step at a time.

`denoise` is a generator: stopping, progress, a scrubber and streaming to a file are all a loop over it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from minisora.diffusion.flow import interpolate, per_frame, velocity_from_clean
from minisora.errors import SettingError, ShapeError, nearest_name

__all__ = ["METHODS", "Denoiser", "Known", "Step", "denoise", "euler", "heun", "last_clean", "stride"]

Denoiser = Callable[..., Tensor]
"""Takes noisy latents (b, z, lh, lw, c) and times (b, z), gives its guess of the clean latents; one that has learned
long steps takes a third argument, how far below its time each frame's step reaches (b, z)."""


@dataclass(frozen=True)
class Step:
    """What one step of sampling leaves behind.

    Attributes:
        index: from 0.
        noisy: (b, z, lh, lw, c), latents after the step.
        clean: same shape, where the network believed that the latents were going.
        velocity: same shape, along which the step went, change per unit of time.
        time: (b, z), of `noisy`.
    """

    index: int
    noisy: Tensor
    clean: Tensor
    velocity: Tensor
    time: Tensor


@dataclass(frozen=True)
class Known:
    """Latents that are given, and where.

    Attributes:
        latents: (b, z, lh, lw, c), standardised and clean; what it holds elsewhere is not read.
        where: bool, broadcast over the latents: (z, 1, 1, 1) for whole frames, (b, z, lh, lw, 1) for a mask.
    """

    latents: Tensor
    where: Tensor

    def put(self, latents: Tensor, noise: Tensor, time: Tensor) -> Tensor:
        """Overwrite the known places with what is known, as noisy as their frame is now.

        Args:
            latents: (b, z, lh, lw, c).
            noise: same shape, from which sampling began.
            time: (b, z).
        Returns:
            (b, z, lh, lw, c).
        """
        return torch.where(self.where, interpolate(self.latents, noise, time), latents)

    def told(self, denoiser: Denoiser, noise: Tensor) -> Denoiser:
        """A denoiser that sees the known places as they are, and whose guess agrees with them.

        Args:
            denoiser: guesses the clean latents.
            noise: (b, z, lh, lw, c), from which sampling began.
        Returns:
            Another denoiser.
        """
        return lambda noisy, time, *span: torch.where(
            self.where, self.latents, denoiser(self.put(noisy, noise, time), time, *span).to(noisy.dtype)
        )


def denoise(
    denoiser: Denoiser, noise: Tensor, schedule: Tensor, method: str = "euler", known: Known | None = None
) -> Iterator[Step]:
    """Turn noise into latents along a plan of times.

    Args:
        denoiser: guesses the clean latents.
        noise: (b, z, lh, lw, c), standard normal.
        schedule: (steps + 1, z) or (steps + 1, b, z), times that never rise; frames whose time stays do not move.
        method: "euler", one call of the network a step; "heun", two and more exact; "stride", one of a network that
            has learned long steps.
        known: latents that are given; they are put back at every step.
    Yields:
        One `Step` after another; `clean` of the last one is the result.
    Raises:
        SettingError: no such method, no step, or times that rise.
        ShapeError: the plan is for another number of frames.
    """
    if method not in METHODS:
        near = nearest_name(method, METHODS)
        raise SettingError(f"method={method!r}, but the methods are {', '.join(METHODS)}. Use {near!r}.")
    _check(schedule, noise)
    return _steps(denoiser, noise, schedule, METHODS[method], known)


def _steps(
    denoiser: Denoiser, noise: Tensor, schedule: Tensor, method: "Method", known: Known | None
) -> Iterator[Step]:
    """The loop itself, apart from `denoise` so that bad settings are refused before the first step is asked for.

    Args:
        denoiser: see `denoise`.
        noise: see `denoise`.
        schedule: see `denoise`.
        method: one of the two functions below.
        known: see `denoise`.
    Yields:
        One `Step` after another.
    """
    exact = torch.promote_types(noise.dtype, torch.float32)
    times = schedule.to("cpu", exact)  # on the CPU, so that asking whether a frame moves never waits for a GPU
    times = (times if times.ndim == 3 else times[:, None]).expand(-1, *noise.shape[:2])  # (steps + 1, b, z)
    noisy = noise if known is None else known.put(noise, noise, times[0].to(noise.device))
    guess = denoiser if known is None else known.told(denoiser, noise)
    for index, (now, after) in enumerate(pairwise(times)):
        clean, velocity = method(guess, noisy, now, after)
        time = after.to(noise.device)
        moves = per_frame(after < now, noisy).to(noise.device) > 0
        velocity = torch.where(moves, velocity, 0.0)
        noisy = noisy + per_frame(after - now, noisy).to(noise.device) * velocity
        if known is not None:
            noisy = known.put(noisy, noise, time)
        clean = torch.where(per_frame(time, noisy) == 0, noisy, clean)  # at time 0 the latents are what they are
        yield Step(index, noisy, clean, velocity, time)


def euler(denoiser: Denoiser, noisy: Tensor, now: Tensor, after: Tensor) -> tuple[Tensor, Tensor]:
    """The velocity where the step begins.

    Args:
        denoiser: guesses the clean latents.
        noisy: (b, z, lh, lw, c), at time `now`.
        now: (b, z), on the CPU.
        after: (b, z), where the step ends; not needed here.
    Returns:
        The guess of the clean latents and the velocity, both (b, z, lh, lw, c).
    """
    time = now.to(noisy.device)
    clean = denoiser(noisy, time).to(noisy.dtype)
    return clean, velocity_from_clean(noisy, clean, time)


def heun(denoiser: Denoiser, noisy: Tensor, now: Tensor, after: Tensor) -> tuple[Tensor, Tensor]:
    """The mean of the velocities where the step begins and where it would end; a step that ends at time 0 is Euler's.

    Args:
        denoiser: guesses the clean latents.
        noisy: (b, z, lh, lw, c), at time `now`.
        now: (b, z), on the CPU.
        after: (b, z), where the step ends.
    Returns:
        The guess of the clean latents and the velocity, both (b, z, lh, lw, c).
    Source: Karras et al. 2022, arXiv 2206.00364 (Algorithm 1).
    """
    clean, velocity = euler(denoiser, noisy, now, after)
    corrected = (after < now) & (after > 0)  # at time 0 a velocity is not defined
    if not corrected.any():
        return clean, velocity
    ahead = noisy + per_frame(after - now, noisy).to(noisy.device) * velocity
    _, velocity_ahead = euler(denoiser, ahead, after, after)
    chosen = per_frame(corrected, noisy).to(noisy.device) > 0
    return clean, torch.where(chosen, (velocity + velocity_ahead) / 2, velocity)


def stride(denoiser: Denoiser, noisy: Tensor, now: Tensor, after: Tensor) -> tuple[Tensor, Tensor]:
    """The mean velocity of the whole step, in one pass of a network that has learned how long its steps are.

    Args:
        denoiser: guesses where the straight line through both ends of the step would end.
        noisy: (b, z, lh, lw, c), at time `now`.
        now: (b, z), on the CPU.
        after: (b, z), where the step ends.
    Returns:
        The guess and the velocity, both (b, z, lh, lw, c).
    """
    time, span = now.to(noisy.device), (now - after).to(noisy.device)
    clean = denoiser(noisy, time, span).to(noisy.dtype)
    return clean, velocity_from_clean(noisy, clean, time)


Method = Callable[[Denoiser, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]
METHODS: dict[str, Method] = {"euler": euler, "heun": heun, "stride": stride}


def last_clean(steps: Iterable[Step]) -> Tensor:
    """Run all steps and keep the result.

    Args:
        steps: from `denoise`.
    Returns:
        (b, z, lh, lw, c), clean latents.
    Raises:
        SettingError: there was no step.
    """
    step = None
    for step in steps:  # noqa: B007 - the last one is wanted
        pass
    if step is None:
        raise SettingError("There was no step to take. Use a schedule of at least 2 rows.")
    return step.clean


def _check(schedule: Tensor, noise: Tensor) -> None:
    """Refuse a plan that does not fit the noise.

    Args:
        schedule: see `denoise`.
        noise: see `denoise`.
    Raises:
        SettingError: no step, times outside 0 to 1, or times that rise.
        ShapeError: another number of frames or clips.
    """
    b, z = noise.shape[:2]
    if schedule.ndim not in (2, 3) or tuple(schedule.shape[1:]) not in ((z,), (b, z)):
        given = tuple(schedule.shape)
        raise ShapeError(f"A schedule for this noise is (steps + 1, {z}) or (steps + 1, {b}, {z}); this is {given}.")
    if len(schedule) < 2:
        raise SettingError(f"A schedule of {len(schedule)} rows takes no step. Use at least 2 rows.")
    if not ((schedule >= 0) & (schedule <= 1)).all():
        raise SettingError("A schedule's times lie from 0, clean, to 1, noise. Use `full_sequence` to make one.")
    if (schedule[1:] > schedule[:-1]).any():
        raise SettingError("A schedule's times never rise: row 0 is the noisiest. Use `schedule.flip(0)`.")
