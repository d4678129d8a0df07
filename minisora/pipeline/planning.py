"""Thinking before painting: a layout is read like a clip before its pixels are drawn, and drawn again if it is wrong.

A layout costs a fraction of its pixels, and the world's grader reads it in milliseconds (`world/grader/planned.py`):
count, colours, shapes, sizes, motions, speeds, relations, the camera. So of several layouts the one that shows what the
words ask for is painted. It is search at sampling time with a verifier, as for images in Ma et al. 2025 (arXiv
2501.09732), where verifiers are learned networks. The words are read by `World.parse` here; what is not understood is
not judged.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from minisora.errors import PromptError
from minisora.pipeline.settings import Settings
from minisora.world import SceneRequest, World
from minisora.world.grader import ActorReading, compare
from minisora.world.grader.planned import read_plan

__all__ = ["Judgement", "best_plan", "judge_plan"]

TOUCHING = 0.85  # of the sum of two radii
STEADY = 0.15  # pixels a frame by which a path may miss its motion, before another layout is tried


class Judgement(NamedTuple):
    """How well a layout shows what is asked for; the smaller one of two is better.

    Attributes:
        wrong: how many words it gets wrong.
        error: of the actor that keeps least to its motion, pixels a frame.
    """

    wrong: int
    error: float


def judge_plan(world: World, settings: Settings, request: SceneRequest, frames: Tensor) -> Judgement:
    """Grade a layout.

    Args:
        world: whose grader reads.
        settings: rate and form of the clip.
        request: what is asked for.
        frames: (f, 4, j), see `minisora.world.layout`.
    Returns:
        How many words are wrong, and how unsteadily it moves.
    """
    reading = read_plan(world, frames, settings.fps, settings.height, settings.width)
    wrong = len(compare(world, reading, request).wrong)
    if not any(world.relations[relation.name].meets for relation in request.relations):
        wrong += sum(_touch(one, other) for one, other in combinations(reading.actors, 2))
    return Judgement(wrong, max((actor.velocity_error for actor in reading.actors), default=0.0))


def _touch(one: ActorReading, other: ActorReading) -> bool:
    """Whether two hide each other in part at some moment, as no two do in a scene of the world that do not meet."""
    distance = np.hypot(*(one.place - other.place).T)
    return bool((distance < TOUCHING * (one.span + other.span)).any())


def best_plan(
    world: World,
    settings: Settings,
    texts: Sequence[str],
    seeds: Sequence[int],
    draw: Callable[[Tensor], Tensor],
    noise: Tensor,
) -> Tensor:
    """Layouts of b clips, drawn again where words are wrong or paths unsteady, `settings.layout_candidates` in all.

    Args:
        world: whose grader reads.
        settings: of the call.
        texts: b sentences.
        seeds: b numbers, from which further noise is drawn, each clip's own.
        draw: noise (b, z, 4, k) → layouts (b, f, 4, j).
        noise: of the first ones.
    Returns:
        (b, f, 4, j), the best of what was drawn for each clip; the first one where several are alike.
    """
    frames = draw(noise)
    requests = [_request(world, text) for text in texts] if settings.layout_candidates > 1 else []
    if not any(requests):
        return frames
    found = [_judged(world, settings, request, plan) for request, plan in zip(requests, frames, strict=True)]
    for number in range(1, settings.layout_candidates):
        poor = [index for index, judgement in enumerate(found) if judgement.wrong or judgement.error > STEADY]
        if not poor:
            break
        others = draw(_noise(seeds, number, noise))
        for index in poor:
            judgement = _judged(world, settings, requests[index], others[index])
            if judgement < found[index]:
                found[index], frames[index] = judgement, others[index]
    return frames


def _request(world: World, text: str) -> SceneRequest | None:
    """What a sentence asks for; None where it asks for nobody."""
    try:
        request = world.parse(text)
    except PromptError:
        return None
    return request if request.actors else None


def _judged(world: World, settings: Settings, request: SceneRequest | None, frames: Tensor) -> Judgement:
    return Judgement(0, 0.0) if request is None else judge_plan(world, settings, request, frames)


def _noise(seeds: Sequence[int], number: int, like: Tensor) -> Tensor:
    """Noise for the layouts of a number, each clip's from its own seed."""
    generators = [torch.Generator().manual_seed((seed * 64 + number) % 2**63) for seed in seeds]
    return torch.stack([torch.randn(like.shape[1:], generator=generator) for generator in generators]).to(like)
