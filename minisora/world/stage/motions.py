"""Ways to move on the stage: as in `minisora.world.motions`, with the direction that a character faces as its angle."""

import math
from typing import Any

import numpy as np

from minisora.world.motions import Half, draft_anywhere, draft_straight
from minisora.world.scene import Actor
from minisora.world.tables import Array, Motion, Pose, Rng, Words

__all__ = ["MOTIONS"]


def _still(actor: Actor, times: Array, half: Half) -> Pose:
    """Stays where it is and faces the way that the sign of its heading says."""
    facing = 0.0 if actor.heading >= 0 else math.pi
    return _pose(actor, times, 0.0 * times, 0.0 * times, facing)


def _pose(actor: Actor, times: Array, dx: Array, dy: Array, angle: float | Array) -> Pose:
    ones = np.ones_like(times)
    return Pose(actor.start[0] + dx, actor.start[1] + dy, ones, angle * ones)


def _straight(name: str, words: Words, direction: tuple[float, float]) -> Motion:
    angle = math.atan2(direction[1], direction[0])

    def path(actor: Actor, times: Array, half: Half) -> Pose:
        way = actor.rate * times
        return _pose(actor, times, direction[0] * way, direction[1] * way, angle)

    def draft(rng: Rng, radius: float, rate: float, half: Half, seconds: float) -> dict[str, Any]:
        return draft_straight(rng, radius, rate, half, seconds, direction)

    return Motion(name, words, path, draft, direction=direction)


MOTIONS = (
    Motion("staying still", Words(("<wait>", "<wait> still")), _still, draft_anywhere, has_speed=False, stays=True),
    _straight("moving left", Words(("<go> left", "<go> to the left")), (-1.0, 0.0)),
    _straight("moving right", Words(("<go> right", "<go> to the right")), (1.0, 0.0)),
)
