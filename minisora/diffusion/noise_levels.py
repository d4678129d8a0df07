"""How noisy each latent frame is: drawn at random in training, planned as a matrix in sampling.

Because every latent frame has its own time, one network learns all tasks: frames at time 0 are given (a first image,
the end of an earlier clip), frames at time 1 are to be invented.
Source: Chen et al. 2024, arXiv 2407.01392 (Diffusion Forcing: independent levels, the scheduling matrix).
"""

import math
from dataclasses import astuple, dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from minisora.diffusion.flow import LAYOUT_TIME_SHIFT, TRAINING_TIME_SHIFT, sample_times, shift_times
from minisora.errors import SettingError, ShapeError

__all__ = [
    "JointLevels",
    "LayoutMixture",
    "NoiseLevels",
    "NoiseMixture",
    "chunked",
    "full_sequence",
    "hold_context",
    "pyramid",
    "sample_joint_levels",
    "sample_levels",
]


class NoiseLevels(NamedTuple):
    """Times of latent frames, `time` (b, z) from 0, clean, to 1, noise, and `is_context` (b, z), where no loss is."""

    time: Tensor
    is_context: Tensor


@dataclass(frozen=True)
class NoiseMixture:
    """Which share of the training rows gets which pattern of times. The four shares add up to 1.

    Args:
        same: one time for all frames; text to video.
        context: clean-ish given frames (the first, the last, both ends or any) and one time elsewhere.
        independent: a time of its own for every frame.
        rising: the same, sorted, so that the first frame is the cleanest; streaming.
        context_time: given frames have one time between 0 and this.
        shift: of all other times towards noise.
    Raises:
        SettingError: a share is negative, the shares do not add up to 1, or another number is out of range.
    """

    same: float = 0.45
    context: float = 0.35
    independent: float = 0.10
    rising: float = 0.10
    context_time: float = 0.1
    shift: float = TRAINING_TIME_SHIFT

    def __post_init__(self) -> None:
        """Check every number."""
        shares = self.shares
        if any(not math.isfinite(share) or share < 0 for share in shares):
            raise SettingError(f"The shares are {shares}, but none may be below 0. Use 0 for a pattern left out.")
        if abs(sum(shares) - 1) > 1e-6:
            rest = max(0.0, 1 - sum(shares[1:]))
            raise SettingError(f"The shares add up to {sum(shares):g}, but they must add up to 1. Use same={rest:g}.")
        if not 0 <= self.context_time < 1:
            raise SettingError(
                f"context_time={self.context_time}, but it lies from 0 to below 1. Use context_time=0.1."
            )
        shift_times(torch.ones(()), self.shift)

    @property
    def shares(self) -> tuple[float, float, float, float]:
        """The four shares in order."""
        return astuple(self)[:4]


class JointLevels(NamedTuple):
    """Times of the latent frames, and times (b, z) of their layouts."""

    video: NoiseLevels
    layout_time: Tensor


@dataclass(frozen=True)
class LayoutMixture:
    """What is known of the layout while pixels are learned. The three shares add up to 1.

    Args:
        along: the layout is there, and the pixels are drawn along it.
        without: nothing is known of it.
        read: it has a time of its own; in half of these rows some frames are given and the others are pure noise, so
            that the layout of a clip's continuation is learned, in the other half all frames are as they are drawn.
        layout_time: a layout that is there has a time between 0 and this, since one that was drawn is never exact.
        shift: of the layouts' times towards noise; a layout's details are its exact places, so they need their share.
    Raises:
        SettingError: a share is negative, the shares do not add up to 1, or the time is out of range.
    """

    along: float = 0.7
    without: float = 0.1
    read: float = 0.2
    layout_time: float = 0.05
    shift: float = LAYOUT_TIME_SHIFT

    def __post_init__(self) -> None:
        """Check every number."""
        shift_times(torch.ones(()), self.shift)
        if min(self.along, self.without, self.read) < 0 or abs(self.along + self.without + self.read - 1) > 1e-6:
            rest = max(0.0, 1 - self.without - self.read)
            raise SettingError(f"The shares of {self} must add up to 1, none below 0. Use along={rest:g}.")
        if not 0 <= self.layout_time < 1:
            raise SettingError(f"layout_time={self.layout_time}, but it lies from 0 to below 1. Use layout_time=0.05.")


def sample_joint_levels(
    batch: int, frames: int, mixture: NoiseMixture, layouts: LayoutMixture, generator: torch.Generator
) -> JointLevels:
    """Draw the times of latents and of their layouts.

    Args:
        batch: b.
        frames: z.
        mixture: of the latents' times.
        layouts: of the layouts' times.
        generator: the only source of randomness; its device is the result's.
    Returns:
        Times (b, z) and context (b, z) of the latents, times (b, z) of the layouts.
    Raises:
        SettingError: no rows or no frames.
    """
    video = sample_levels(batch, frames, mixture, generator)
    device = generator.device
    draw = torch.rand(3, batch, 1, generator=generator, device=device)
    own = sample_times((batch, 1), generator, layouts.shift)
    given = _sample_context(batch, frames, generator)
    along, read = draw[0] < layouts.along, draw[0] >= layouts.along + layouts.without  # (b, 1)
    time = torch.where(along, layouts.layout_time * draw[1], torch.where(read, own, 1.0)).expand(batch, frames)
    ahead = read & (draw[2] < 0.5) & (frames > 1)  # some frames are there, what comes next is only planned
    low = mixture.context_time * draw[1]
    pixels = torch.where(ahead, torch.where(given, low, 1.0), video.time)
    return JointLevels(NoiseLevels(pixels, torch.where(ahead, given, video.is_context)), time)


def sample_levels(batch: int, frames: int, mixture: NoiseMixture, generator: torch.Generator) -> NoiseLevels:
    """Draw the times of a training batch. A clip of one latent frame always gets one plain time.

    Args:
        batch: b.
        frames: z.
        mixture: which patterns, how often.
        generator: the only source of randomness; its device is the result's.
    Returns:
        Times (b, z) and context (b, z).
    Raises:
        SettingError: no rows or no frames.
    """
    if batch < 1 or frames < 1:
        raise SettingError(f"batch={batch}, frames={frames}, but both must be at least 1. Use 1 or more.")
    device = generator.device
    edges = torch.tensor(mixture.shares, device=device).cumsum(0)[:3]
    pattern = torch.bucketize(torch.rand(batch, 1, generator=generator, device=device), edges, right=True)  # (b, 1)
    one = sample_times((batch, 1), generator, mixture.shift).expand(batch, frames)
    own = sample_times((batch, frames), generator, mixture.shift)
    low = mixture.context_time * torch.rand(batch, 1, generator=generator, device=device)
    given = _sample_context(batch, frames, generator)
    if frames == 1:
        return NoiseLevels(one, torch.zeros_like(given))
    is_context = (pattern == 1) & given
    time = torch.where(is_context, low, one)
    time = torch.where(pattern == 2, own, time)
    return NoiseLevels(torch.where(pattern == 3, own.sort(dim=1).values, time), is_context)


def _sample_context(batch: int, frames: int, generator: torch.Generator) -> Tensor:
    """Draw which frames are given: the first few, the last few, both ends, or any; each a quarter of the rows.

    Args:
        batch: b.
        frames: z.
        generator: the only source of randomness.
    Returns:
        (b, z), with at least one frame given and one not, where z allows it.
    """
    device = generator.device
    place = torch.arange(frames, device=device)
    draw = torch.rand(4, batch, 1, generator=generator, device=device)
    kind = (4 * draw[0]).long()  # (b, 1)
    count = 1 + ((frames - 1) * draw[1]).long()  # 1 … z - 1
    left = 1 + (max(frames - 2, 1) * draw[2]).long()  # 1 … z - 2
    right = 1 + ((frames - 1 - left) * draw[3]).long()  # 1 … z - 1 - left
    order = torch.rand(batch, frames, generator=generator, device=device).argsort(dim=1)
    patterns = (place < count, place >= frames - count, (place < left) | (place >= frames - right), order < count)
    if frames < 3:  # two frames have no middle
        patterns = (*patterns[:2], patterns[0], patterns[3])
    return torch.stack([p.expand(batch, frames) for p in patterns]).take_along_dim(kind[None], 0)[0]


def full_sequence(steps: int, frames: int, shift: float = TRAINING_TIME_SHIFT) -> Tensor:
    """All frames go from noise to clean together.

    Args:
        steps: calls of the network.
        frames: z.
        shift: of the times towards noise.
    Returns:
        (steps + 1, z), times from 1 down to 0.
    Raises:
        SettingError: a number is out of range.
    """
    return _staggered(steps, [0] * _at_least_one("frames", frames), shift)


def chunked(steps: int, frames: int, chunk: int, shift: float = TRAINING_TIME_SHIFT) -> Tensor:
    """One group of frames after the other; each group waits until the one before it is clean.

    Args:
        steps: calls of the network for a group.
        frames: z.
        chunk: frames in a group.
        shift: of the times towards noise.
    Returns:
        (steps · groups + 1, z), times from 1 down to 0.
    Raises:
        SettingError: a number is out of range.
    """
    _at_least_one("chunk", chunk)
    return _staggered(steps, [steps * (frame // chunk) for frame in range(_at_least_one("frames", frames))], shift)


def pyramid(steps: int, frames: int, delay: int, shift: float = TRAINING_TIME_SHIFT) -> Tensor:
    """Every frame starts `delay` steps after the one before it, so that early frames are clean while late ones form.

    Args:
        steps: calls of the network for a frame.
        frames: z.
        delay: steps between the starts of neighbouring frames; 0 is `full_sequence`.
        shift: of the times towards noise.
    Returns:
        (steps + delay · (z - 1) + 1, z), times from 1 down to 0.
    Raises:
        SettingError: a number is out of range.
    """
    if delay < 0:
        raise SettingError(f"delay={delay}, but a frame cannot start before the one before it. Use delay=0.")
    return _staggered(steps, [delay * frame for frame in range(_at_least_one("frames", frames))], shift)


def hold_context(schedule: Tensor, is_context: Tensor, context_time: float = 0.0) -> Tensor:
    """Keep given frames at one low time, and leave out the steps in which then nothing moves.

    Args:
        schedule: (steps + 1, z).
        is_context: (z,), bool.
        context_time: the time of given frames, below 1; 0 is exactly clean, a little noise hides small faults.
    Returns:
        (steps left + 1, z).
    Raises:
        ShapeError: not one flag for each frame.
        SettingError: the time is out of range, or all frames are given.
    """
    if is_context.shape != schedule.shape[1:]:
        given, wanted = tuple(is_context.shape), tuple(schedule.shape[1:])
        raise ShapeError(f"Context flags are one for each latent frame, {wanted} here; these are {given}.")
    if not 0 <= context_time < 1:
        raise SettingError(f"context_time={context_time}, but it lies from 0 to below 1. Use context_time=0.")
    if is_context.all():
        raise SettingError("All latent frames are given, so that none is left to generate. Leave one out.")
    held = torch.where(is_context.to(schedule.device), context_time, schedule)
    moves = (held[1:] != held[:-1]).any(dim=1)
    return torch.cat([held[:1], held[1:][moves]])


def _staggered(steps: int, delays: list[int], shift: float) -> Tensor:
    """Every frame waits at time 1 for its delay, then takes `steps` steps down to 0, and stays there.

    Args:
        steps: for one frame.
        delays: in steps, one for each frame.
        shift: of the times towards noise.
    Returns:
        (steps + longest delay + 1, z), float64, so that a plan is exact on every device.
    Raises:
        SettingError: steps below 1, or a bad shift.
    """
    _at_least_one("steps", steps)
    row = torch.arange(steps + max(delays) + 1)[:, None]
    done = (row - torch.tensor(delays)).clamp(0, steps)  # steps that a frame has behind it
    return shift_times(1 - done.double() / steps, shift)


def _at_least_one(name: str, value: int) -> int:
    """Refuse a count below 1.

    Args:
        name: for the message.
        value: the count.
    Returns:
        The same count.
    Raises:
        SettingError: it is below 1.
    """
    if value < 1:
        raise SettingError(f"{name}={value}, but it must be at least 1. Use {name}=1 or more.")
    return value
