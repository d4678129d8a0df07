"""The layout of a scene: where every actor is, and what it looks like, as numbers that a network can draw and read.

    layout (z, 4, c)      z latent frames of 4 frames each; rows: actor 1, 2, 3 in the order of mention, then the scene

    an actor's row        there?  depth  red green blue  one number a shape  4 × (x, y, size, cosine, sine of its angle)
    the scene's row       wall?  x  width  red green blue  one number a texture  4 × (pan x, pan y, zoom)

Everything is as it is seen on the screen, in shorter sides from the middle, then scaled to a spread of about one, so
that noise of standard deviation 1 hides it. The first latent frame holds one frame, four times.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

from minisora.world.render import camera_view, clip_times, pose_of
from minisora.world.scene import Actor, Scene
from minisora.world.tables import World

__all__ = [
    "ACTOR_ROWS",
    "GROUP",
    "LAYOUT_ROWS",
    "MOVING",
    "actor_tracks",
    "layout_channels",
    "layout_frames",
    "layout_groups",
    "layout_of",
    "wall_of",
]

ACTOR_ROWS = 3
LAYOUT_ROWS = ACTOR_ROWS + 1
GROUP = 4  # frames of a latent frame
MOVING, CAMERA_MOVING = 5, 3  # numbers of an actor and of the camera that change from frame to frame
PLACE_SCALE = 0.22  # shorter sides
USUAL_RADIUS, RADIUS_SCALE = 0.135, 0.35  # the scale is that of the radius' logarithm
COLOUR_SCALE = 0.3
GROUND_MEAN, GROUND_SCALE = 0.2, 0.13  # grounds are dark
CAMERA_SCALE = 0.15
WALL_WIDTH, WALL_SCALE = 0.28, 0.05
DEPTHS = (-1.0, 0.0, 1.0)


def layout_channels(world: World) -> int:
    """Numbers in a row of the layout: c."""
    return max(5 + len(world.shapes) + GROUP * MOVING, 7 + len(world.textures) + GROUP * CAMERA_MOVING)


def layout_of(
    world: World,
    scene: Scene,
    num_frames: int = 17,
    fps: float = 8.0,
    start: float = 0.0,
    order: Sequence[int] = (),
) -> Tensor:
    """Write down where everything is.

    Args:
        world: tables of the scene's names.
        scene: what happens.
        num_frames: f = 1 + 4k.
        fps: frames per second.
        start: seconds into the scene at the first frame.
        order: which of the scene's actors comes first, second, …; actors that are not named follow.
    Returns:
        float32 (z, 4, c).
    """
    times = clip_times(num_frames, fps, start)
    layout = torch.zeros(1 + num_frames // GROUP, LAYOUT_ROWS, layout_channels(world))
    layout[:, :ACTOR_ROWS, 0] = -1.0
    places = [*order, *(index for index in range(len(scene.actors)) if index not in order)]
    for row, index in enumerate(places):
        _write_actor(layout[:, row], world, scene, index, times)
    _write_scene(layout[:, ACTOR_ROWS], world, scene, times)
    return layout


class Tracks(NamedTuple):
    """Where the actors are, for each of the 4 frames of a latent frame.

    `middles` (..., z, 3, 4, 2) and `radii` (..., z, 3, 4) are in shorter sides, `turns` (..., z, 3, 4, 2) are the
    angle's cosine and sine, `there` (..., z, 3) is 0…1, and `looks` (..., z, 3, k) is what does not change.
    """

    middles: Tensor
    radii: Tensor
    turns: Tensor
    there: Tensor
    looks: Tensor


def actor_tracks(layout: Tensor) -> Tracks:
    """Read the actors back from a layout.

    Args:
        layout: (..., z, 4, c).
    Returns:
        Their tracks.
    """
    looks, moving = layout[..., :ACTOR_ROWS, :].split([layout.shape[-1] - GROUP * MOVING, GROUP * MOVING], dim=-1)
    moving = moving.unflatten(-1, (GROUP, MOVING))
    return Tracks(
        middles=moving[..., :2] * PLACE_SCALE,
        radii=USUAL_RADIUS * (moving[..., 2] * RADIUS_SCALE).exp(),
        turns=normalize(moving[..., 3:], dim=-1),
        there=((looks[..., 0] + 1) / 2).clamp(0, 1),
        looks=looks,
    )


def wall_of(layout: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The wall, read back from a layout.

    Args:
        layout: (..., z, 4, c).
    Returns:
        Its middle and width in shorter sides, and whether it is there, 0…1; each (..., z).
    """
    there, x, width = layout[..., ACTOR_ROWS, :3].unbind(-1)
    return x * PLACE_SCALE, WALL_WIDTH + width * WALL_SCALE, ((there + 1) / 2).clamp(0, 1)


def layout_frames(layout: Tensor) -> Tensor:
    """A layout frame by frame, so that another window can be cut out of it.

    Args:
        layout: (..., z, 4, c).
    Returns:
        (..., f, 4, c), f = 4 z - 3; each frame is written like a first latent frame: four times the same.
    """
    parts = []
    for rows, moving in _moving_parts(layout):
        still, steps = rows.split([rows.shape[-1] - GROUP * moving, GROUP * moving], dim=-1)
        one = steps.unflatten(-1, (GROUP, moving)).movedim(-2, -3)  # (..., z, 4 frames, rows, moving)
        same = still.unsqueeze(-3).expand(*one.shape[:-1], still.shape[-1])
        parts.append(torch.cat([same, *[one] * GROUP], dim=-1))
    return torch.cat(parts, dim=-2).flatten(-4, -3)[..., GROUP - 1 :, :, :]


def layout_groups(frames: Tensor) -> Tensor:
    """The other way round: frames of a layout, packed into latent frames.

    Args:
        frames: (..., f, 4, c) with f = 1 + 4k, see `layout_frames`.
    Returns:
        (..., z, 4, c), z = 1 + k; what does not move is that of the last frame of each group.
    """
    first = frames[..., :1, :, :].expand(*frames.shape[:-3], GROUP - 1, *frames.shape[-2:])
    groups = torch.cat([first, frames], dim=-3).unflatten(-3, (-1, GROUP))  # (..., z, 4 frames, 4 rows, c)
    parts = []
    for rows, moving in _moving_parts(groups):
        steps = rows[..., -moving:].movedim(-3, -2).flatten(-2)  # (..., z, rows, 4 × moving)
        parts.append(torch.cat([rows[..., -1, :, : -GROUP * moving], steps], dim=-1))
    return torch.cat(parts, dim=-2)


def _moving_parts(layout: Tensor) -> tuple[tuple[Tensor, int], tuple[Tensor, int]]:
    """The actors' rows and the scene's, each with how many numbers move."""
    return (layout[..., :ACTOR_ROWS, :], MOVING), (layout[..., ACTOR_ROWS:, :], CAMERA_MOVING)


def _write_actor(row: Tensor, world: World, scene: Scene, index: int, times: np.ndarray) -> None:
    """Fill one actor's row (z, c)."""
    actor = scene.actors[index]
    row[:, 0], row[:, 1] = 1.0, DEPTHS[index]
    row[:, 2:5] = _colour(world.colours[actor.colour].rgb)
    row[:, 5 + list(world.shapes).index(actor.shape)] = 1.0
    row[:, -GROUP * MOVING :] = _groups(_moving(world, scene, actor, times))


def _moving(world: World, scene: Scene, actor: Actor, times: np.ndarray) -> np.ndarray:
    """What changes of an actor: (f, 5)."""
    pose, view = pose_of(world, scene, actor, times), camera_view(world, scene, times)
    zoom = view.zoom.numpy()
    x = (pose.x - view.offset_x.numpy()) * zoom / PLACE_SCALE
    y = (pose.y - view.offset_y.numpy()) * zoom / PLACE_SCALE
    size = np.log(np.maximum(actor.radius * pose.scale * zoom, 1e-3) / USUAL_RADIUS) / RADIUS_SCALE
    return np.stack([x, y, size, np.cos(pose.angle), np.sin(pose.angle)], axis=1)


def _write_scene(row: Tensor, world: World, scene: Scene, times: np.ndarray) -> None:
    """Fill the scene's row (z, c)."""
    row[:, 0] = -1.0 if scene.wall is None else 1.0
    if scene.wall is not None:
        row[:, 1], row[:, 2] = scene.wall.x / PLACE_SCALE, (scene.wall.width - WALL_WIDTH) / WALL_SCALE
    row[:, 3:6] = (torch.tensor(world.backgrounds[scene.background].rgb) / 255 - GROUND_MEAN) / GROUND_SCALE
    row[:, 6 + ["", *world.textures].index(scene.texture)] = 1.0
    view = camera_view(world, scene, times)
    moves = np.stack([view.offset_x.numpy(), view.offset_y.numpy(), np.log(view.zoom.numpy())], axis=1) / CAMERA_SCALE
    row[:, -GROUP * CAMERA_MOVING :] = _groups(moves)


def _colour(rgb: tuple[int, int, int]) -> Tensor:
    return (torch.tensor(rgb) / 255 - 0.5) / COLOUR_SCALE


def _groups(values: np.ndarray) -> Tensor:
    """(f, k) → (z, 4 × k): the first frame four times, then four frames a row."""
    whole = np.concatenate([np.repeat(values[:1], GROUP - 1, axis=0), values])
    return torch.from_numpy(whole.reshape(len(whole) // GROUP, -1)).float()
