"""A clip in words: what one would have had to ask for to get it."""

import numpy as np
import torch
from numpy.typing import ArrayLike

from minisora.errors import PromptError
from minisora.world.grader.reading import ActorReading, Reading
from minisora.world.grader.verdicts import passes_behind
from minisora.world.request import ActorRequest, SceneRequest
from minisora.world.tables import World

MOST_ACTORS = 3


def request_of(world: World, reading: Reading) -> SceneRequest:
    """What was seen, as a request that the same clip fulfils.

    Args:
        world: tables of the names.
        reading: of a clip.
    Returns:
        Its actors (those seen longest, at most three), ground and camera; relations are not looked for.
    """
    seen = sorted(reading.actors, key=lambda actor: -int(actor.seen.sum()))[:MOST_ACTORS]
    return SceneRequest(
        actors=tuple(_actor(world, actor) for actor in seen),
        background=reading.background or None,
        behind_wall=tuple(index for index, actor in enumerate(seen) if passes_behind(actor, reading)),
        camera=reading.camera.move if reading.camera.move != world.still_camera else None,
        texture=reading.texture or None,
        light=reading.light or None,
        weather=reading.weather or None,
        prop=(reading.wall.prop or None) if reading.wall else None,
    )


def caption(world: World, video: torch.Tensor | ArrayLike, rng: np.random.Generator, fps: float = 8.0) -> str:
    """A dense sentence about a clip, read from its pixels.

    Args:
        world: tables with the words.
        video: uint8 (f, h, w, 3).
        rng: source of the wording.
        fps: frames per second.
    Raises:
        ShapeError, SettingError: not a clip; see `read`.
        PromptError: nothing is seen that the world has words for, or it is too short to tell how it moves.
    """
    request = request_of(world, world.read(video, fps))
    if not request.actors or any(actor.motion is None for actor in request.actors):
        raise PromptError(
            "The video shows nothing that this world has words for, or is too short to tell how that moves. "
            "Give a prompt."
        )
    return world.expand(request, rng).text


def _actor(world: World, actor: ActorReading) -> ActorRequest:
    """The names of what was seen; a motion too unsteady for a verdict is still called what it is nearest to."""
    motion = actor.motion or (actor.fits[0].motion if actor.fits else None)
    speed = actor.speed if actor.speed not in ("", world.plain_speed) else None
    return ActorRequest(actor.shape or None, actor.colour or None, actor.size or None, motion, speed)
