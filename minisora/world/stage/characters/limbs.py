"""What several characters have: wheels that roll and legs that walk, and how far a turn of them gets."""

import math

import torch
from torch import Tensor

from minisora.world.stage.characters.building import accent
from minisora.world.stage.drawing import Beat, Form, capsule, cut, disc, half_plane, joined, moved, oval, turned
from minisora.world.tables import Gait, Part

__all__ = ["rolling", "step", "stepping", "striding", "wheel"]

TYRE, HUB, HUB_DARK = (30, 30, 36), (214, 214, 220), (120, 120, 130)
HUB_SHARE = 0.58  # of the wheel's radius
LIFT = 0.16  # of the leg's length, by which a foot that comes forward is raised


def wheel(x: float, y: float, radius: float) -> tuple[Part, ...]:
    """A wheel that turns once a beat.

    One half of its hub is dark: what looks the same only after a whole turn can be followed at 8 frames a second.
    """
    hub = disc(HUB_SHARE * radius)
    half = turned(cut(hub, half_plane((0.0, 1.0))), lambda beat: 2 * math.pi * beat)
    return accent(moved(disc(radius), x, y), TYRE), accent(moved(hub, x, y), HUB), accent(moved(half, x, y), HUB_DARK)


def rolling(radius: float) -> Gait:
    """The gait of wheels that do not slip: one beat for their circumference."""
    return Gait(a_radius=1 / (2 * math.pi * radius))


def stepping(x: float, y: float, length: float, width: float, swing: float, phase: float, shoe: float = 0.0) -> Form:
    """A leg from the hip at (x, y), that swings by `swing` radians; `phase` in beats, `shoe` the length of its foot.

    At phase 0 and beat 0 it passes the middle on its way back, its foot on the ground at y + length + width / 2.
    """
    leg = capsule((0.0, 0.0), (0.0, length), width)
    if shoe:
        leg = joined(leg, moved(oval(shoe / 2, width / 2), shoe / 2 - width / 2, length))
    return moved(turned(leg, _swing(swing, phase)), x, lambda beat: y - LIFT * length * step(beat, phase))


def step(beat: Tensor, phase: float) -> Tensor:
    """How high a foot is lifted, 0…1: it comes forward through the air, and goes back on the ground."""
    return torch.cos(2 * math.pi * (beat + phase)).neg().clamp(min=0)


def striding(length: float, swing: float) -> Gait:
    """The gait of legs whose feet do not slide, on average: one beat for two strides, there and back."""
    return Gait(a_radius=1 / (4 * length * math.sin(swing)))


def _swing(swing: float, phase: float) -> Beat:
    """A leg's angle: clockwise, its foot going back, where the sine rises."""
    return lambda beat: swing * torch.sin(2 * math.pi * (beat + phase))
