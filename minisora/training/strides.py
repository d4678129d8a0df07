"""Long steps: one step of the student must lead where many short ones of its teacher do, guidance folded in.

The teacher is the network itself as it was before, frozen. From a noisy layout at time t it goes down to t - s in many
short steps of Euler, guided by the words as in sampling; the student is told s (`span`) and must name in one pass the
mean velocity of that way. So a layout takes a few passes instead of many, with the same weights.
Source: Salimans & Ho 2022, arXiv 2202.00512 (a student's step for several of the teacher's); Meng et al. 2022,
arXiv 2210.03142 (guidance folded in); Frans et al. 2024, arXiv 2410.12557 (the length of the step as an input).
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from minisora.diffusion.flow import per_frame, velocity_from_clean
from minisora.diffusion.noise_levels import NoiseMixture, sample_levels
from minisora.diffusion.samplers import Denoiser
from minisora.errors import SettingError

__all__ = ["LongSteps", "Strides", "draw_long_steps", "mean_clean"]

CONTEXT = NoiseMixture(same=0.0, context=1.0, independent=0.0, rising=0.0, context_time=0.0)


@dataclass(frozen=True)
class Strides:
    """Which long steps are learned. Without rows, none are.

    Args:
        rows: layouts a batch that learn a long step.
        steps: numbers of steps from noise to clean that are learned; each row draws one.
        substeps: short steps of the teacher for one long one.
        guidance: of the teacher.
        above: time below which the teacher follows the words plainly.
        begun: share of rows in which some frames are given.
    Raises:
        SettingError: a number is out of range.
    """

    rows: int = 0
    steps: tuple[int, ...] = (4, 8)
    substeps: int = 8
    guidance: float = 3.0
    above: float = 0.6
    begun: float = 0.4

    def __post_init__(self) -> None:
        """Check every number."""
        if self.rows < 0 or self.substeps < 1 or not self.steps or min(self.steps) < 1 or not 0 <= self.begun <= 1:
            raise SettingError(f"{self} has a number out of range. Use steps=(4, 8), substeps=8, begun=0.4.")


class LongSteps(NamedTuple):
    """Where long steps begin and how long they are, each (b, z); frames that are given have time 0 and stay."""

    time: Tensor
    span: Tensor


def draw_long_steps(strides: Strides, batch: int, frames: int, late: Tensor, generator: torch.Generator) -> LongSteps:
    """Draw steps of the plans that a sampler would follow.

    Args:
        strides: which.
        batch: b.
        frames: z.
        late: bool (b,), rows in which some frames must be given.
        generator: the only source of randomness; its device is the result's.
    Returns:
        Times and spans.
    """
    device = generator.device
    draw = torch.rand(3, batch, 1, generator=generator, device=device)
    counts = torch.tensor(strides.steps, device=device, dtype=torch.float32)
    count = counts[(draw[0] * len(counts)).long()]  # (b, 1), steps of the plan
    left = 1 + (draw[1] * count).floor().clamp(max=count - 1)  # (b, 1), steps that are left of it: 1 … count
    given = sample_levels(batch, frames, CONTEXT, generator).is_context
    begun = given & ((draw[2] < strides.begun) | late[:, None])
    moving = (~begun).float()
    return LongSteps(left / count * moving, moving / count)


@torch.no_grad()
def mean_clean(teacher: Denoiser, noisy: Tensor, steps: LongSteps, substeps: int) -> Tensor:
    """What a student should answer so that one long step leads where the teacher's short ones do.

    Args:
        teacher: guesses the clean layout.
        noisy: (b, z, 4, k), at the steps' times.
        steps: where they begin and how long they are.
        substeps: short steps for each.
    Returns:
        The shape of `noisy`: the clean end of the straight line through both ends of the long step.
    """
    at, time = noisy, steps.time
    for _ in range(substeps):
        velocity = velocity_from_clean(at, teacher(at, time), time)
        at = at - per_frame(steps.span, at) / substeps * velocity
        time = (time - steps.span / substeps).clamp(min=0.0)
    share = steps.time / steps.span.clamp(min=1e-6)  # of the long step that the whole way down would be
    return noisy + per_frame(share, noisy) * (at - noisy)
