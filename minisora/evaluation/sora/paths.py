"""Where things are in a clip: as the grader finds them, as the scene says, and whatever they look like."""

import numpy as np
import torch
from torch import Tensor

from minisora.world import Caption, Scene, SceneRequest, World
from minisora.world.grader import Grade, Reading, compare, match
from minisora.world.render import clip_times, pixel_centres, screen_track
from minisora.world.tables import Array

__all__ = ["found_paths", "grade_and_paths", "middle_of_all", "path_error", "step_error", "true_paths"]

FAINT = 24.0  # of 255, mean over colours: less is the autoencoder's noise on the ground


def found_paths(world: World, clip: Tensor, request: SceneRequest) -> list[Array]:
    """Middles of the actors that were asked for, as the grader follows them.

    Args:
        world: whose grader reads.
        clip: uint8 (f, h, w, 3).
        request: who is looked for.
    Returns:
        For each actor (f, 2), pixels from the frame's middle; NaN where it was not found.
    """
    return _paths(world.read(clip), request)


def grade_and_paths(world: World, clip: Tensor, request: SceneRequest) -> tuple[Grade, list[Array]]:
    """A grade and the paths of the same reading: see `found_paths`.

    Args:
        world: whose grader reads.
        clip: uint8 (f, h, w, 3).
        request: what was asked for.
    """
    reading = world.read(clip)
    return compare(world, reading, request), _paths(reading, request)


def _paths(reading: Reading, request: SceneRequest) -> list[Array]:
    frames, *sides = reading.size
    lost = np.full((frames, 2), np.nan)
    return [lost if actor is None else actor.place * min(sides) for actor in match(request, reading)]


def true_paths(
    world: World, scene: Scene, caption: Caption, num_frames: int, side: int = 64, fps: float = 8.0
) -> list[Array]:
    """The same from the scene itself.

    Args:
        world: tables of the scene's names.
        scene: what happens.
        caption: in whose order the actors are listed.
        num_frames: f.
        side: shorter side of the clip, pixels.
        fps: frames per second.
    Returns:
        For each actor of the caption (f, 2), pixels from the frame's middle.
    """
    times = clip_times(num_frames, fps)
    return [screen_track(world, scene, scene.actors[index], times)[0] * side for index in caption.order]


def path_error(found: list[Array], true: list[Array], frames: slice = slice(None)) -> float:
    """The largest distance between two accounts of the same paths.

    Args:
        found, true: for each actor (f, 2), pixels.
        frames: which of them count.
    Returns:
        Pixels; NaN where an actor was not found at all.
    """
    away = [np.hypot(*(one - other)[frames].T) for one, other in zip(found, true, strict=True)]
    return max((_largest(each) for each in away), default=0.0)


def _largest(values: Array) -> float:
    return float(np.nanmax(values)) if np.isfinite(values).any() else float("nan")


def step_error(found: list[Array], true: list[Array], frames: slice) -> float:
    """How wrong the steps from frame to frame are.

    Args:
        found, true: for each actor (f, 2), pixels.
        frames: which of them count.
    Returns:
        Root mean square over the steps, pixels a frame, of the worst actor; NaN where one was not found there.
    """
    wrong = [np.diff((one - other)[frames], axis=0) for one, other in zip(found, true, strict=True)]
    return max((float(np.sqrt((each**2).sum(1).mean())) for each in wrong), default=0.0)


def middle_of_all(clip: Tensor, ground: tuple[int, int, int]) -> tuple[Array, Array]:
    """The middle of whatever is not ground, so that a thing can be followed that turns into another.

    Args:
        clip: uint8 (f, h, w, 3), of one actor on a plain ground.
        ground: its colour, 0…255.
    Returns:
        (f, 2), pixels from the frame's middle, NaN where nothing is seen; and (f,) how much is seen.
    """
    away = (clip.double() - torch.tensor(ground).double()).abs().mean(-1)  # (f, h, w)
    cover = (away - FAINT).clamp(min=0)
    mass = cover.sum(dim=(1, 2))
    x, y = (axis.double() * min(clip.shape[1:3]) for axis in pixel_centres(*clip.shape[1:3]))
    middle = torch.stack([(cover * x).sum(dim=(1, 2)), (cover * y[:, None]).sum(dim=(1, 2))], dim=1) / mass[:, None]
    return middle.numpy(), mass.numpy()
