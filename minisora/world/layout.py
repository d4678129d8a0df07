"""The layout of a scene: where every actor is, and what it looks like, as numbers that a network can draw and read.

    frames (f, 4, j)      rows: actor 1, 2, 3 in the order of mention, then the scene
    layout (z, 4, k)      the same, packed into latent frames of 4 frames each (`minisora.world.layout_code`)

    an actor's row        there?  depth  red green blue  one number a shape │ x  y  size  cosine, sine of its angle
    the scene's row       wall?  x  width  red green blue  one number a texture │ pan x  pan y  zoom  0  0

A world with places has more in the scene's row: one number for each place, light, weather and prop, and how high the
prop stands.

Places and sizes are those in the world, in shorter sides from its middle, sizes and zoom as logarithms: a motion is the
same motion under every camera, and what the camera makes of it is a sum and a product when the layout is read
(`actor_tracks`). What stays the same is scaled to a spread of about one.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from minisora.world.layout_code import FRAME_MOVING, MOVING, layout_groups
from minisora.world.places import has_places
from minisora.world.render import camera_view, clip_times, pose_of
from minisora.world.scene import Actor, Scene
from minisora.world.tables import World

__all__ = [
    "ACTOR_ROWS",
    "LAYOUT_ROWS",
    "actor_tracks",
    "layout_channels",
    "layout_columns",
    "layout_of",
    "place_columns",
    "wall_of",
]

ACTOR_ROWS = 3
LAYOUT_ROWS = ACTOR_ROWS + 1
USUAL_RADIUS = 0.135  # shorter sides
COLOUR_SCALE = 0.3
GROUND_MEAN, GROUND_SCALE = 0.2, 0.13  # grounds are dark
WALL_PLACE, WALL_WIDTH, WALL_SCALE = 0.22, 0.28, 0.05
DEPTHS = (-1.0, 0.0, 1.0)


def layout_channels(world: World) -> int:
    """Numbers in a row of the layout: k."""
    return _still(world) + MOVING


def _still(world: World) -> int:
    """Numbers in a row that do not change from frame to frame."""
    return max(5 + len(world.shapes), 7 + len(world.textures) + sum(map(len, _places(world).values())))


def _places(world: World) -> dict[str, list[str]]:
    """What the scene's row says beyond colour and texture, one number a name; empty where nothing is painted."""
    if not has_places(world):
        return {}
    tables = {"background": world.backgrounds, "light": world.lights, "weather": world.weathers, "prop": world.props}
    return {**{axis: list(table) for axis, table in tables.items()}, "prop's height": [""]}


def place_columns(world: World) -> dict[str, range]:
    """In which columns of the scene's row places, lights, weathers and props stand, and a prop's height.

    Args:
        world: tables of the names.
    Returns:
        Columns by axis ("background", "light", "weather", "prop", "prop's height"); none in a world of plain colours.
    """
    columns, first = {}, 7 + len(world.textures)
    for axis, names in _places(world).items():
        columns[axis] = range(first, first + len(names))
        first += len(names)
    return columns


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
        float32 (z, 4, k).
    """
    times = clip_times(num_frames, fps, start)
    frames = torch.zeros(num_frames, LAYOUT_ROWS, _still(world) + FRAME_MOVING)
    frames[:, :ACTOR_ROWS, 0] = -1.0
    places = [*order, *(index for index in range(len(scene.actors)) if index not in order)]
    for row, index in enumerate(places):
        _write_actor(frames[:, row], world, scene, index, times)
    _write_scene(frames[:, ACTOR_ROWS], world, scene, times)
    return layout_groups(frames)


def layout_columns(world: World) -> dict[str, Tensor]:
    """Which numbers of a layout's frames say what.

    Args:
        world: tables of the names.
    Returns:
        bool (4, j) for each of "colour", "shape", "size", "motion" (places and turns), "background", "texture", "wall"
        (with its prop), "camera" and, in a world with places, "light" and "weather"; together they leave out only
        whether an actor is there, and its depth.
    """
    still, places = _still(world), place_columns(world)
    spent = 7 + len(world.textures)
    more: dict[str, tuple[slice, Sequence[int]]] = {
        axis: (slice(ACTOR_ROWS, LAYOUT_ROWS), places[axis]) for axis in ("light", "weather") if axis in places
    }
    actors, scene = slice(0, ACTOR_ROWS), slice(ACTOR_ROWS, LAYOUT_ROWS)
    parts: dict[str, tuple[slice, Sequence[int]]] = {
        "colour": (actors, [2, 3, 4]),
        "shape": (actors, range(5, still)),
        "size": (actors, [still + 2]),
        "motion": (actors, [still, still + 1, still + 3, still + 4]),
        "background": (scene, [3, 4, 5, *places.get("background", ())]),
        "texture": (scene, range(6, spent if places else still)),
        "wall": (scene, [0, 1, 2, *places.get("prop", ()), *places.get("prop's height", ())]),
        "camera": (scene, range(still, still + FRAME_MOVING)),
        **more,
    }
    flags = {}
    for name, (rows, columns) in parts.items():
        flags[name] = torch.zeros(LAYOUT_ROWS, still + FRAME_MOVING, dtype=torch.bool)
        flags[name][rows, list(columns)] = True
    return flags


class Tracks(NamedTuple):
    """Where the actors are seen in each frame.

    `middles` (..., f, 3, 2) and `radii` (..., f, 3) are in shorter sides of the screen, `turns` (..., f, 3, 2) are the
    angle's cosine and sine, `there` (..., f, 3) is 0…1, `looks` (..., f, 3, s) is what does not change, and `sizes`
    (..., f, 3) are the radii's logarithms, 0 for a usual one.
    """

    middles: Tensor
    radii: Tensor
    turns: Tensor
    there: Tensor
    looks: Tensor
    sizes: Tensor


def actor_tracks(frames: Tensor) -> Tracks:
    """Read the actors off a layout's frames.

    Args:
        frames: (..., f, 4, j), see `minisora.world.layout_code.layout_frames`.
    Returns:
        Their tracks.
    """
    looks, moving = frames[..., :ACTOR_ROWS, :].split([frames.shape[-1] - FRAME_MOVING, FRAME_MOVING], dim=-1)
    pan, zoom = frames[..., ACTOR_ROWS:, -FRAME_MOVING:-2].split([2, 1], dim=-1)  # (..., f, 1, 2), (..., f, 1, 1)
    sizes = (moving[..., 2:3] + zoom)[..., 0]
    return Tracks(
        middles=(moving[..., :2] - pan) * zoom.exp(),
        radii=USUAL_RADIUS * sizes.exp(),
        turns=moving[..., 3:],
        there=((looks[..., 0] + 1) / 2).clamp(0, 1),
        looks=looks,
        sizes=sizes,
    )


def wall_of(frames: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Read the wall off a layout's frames.

    Args:
        frames: (..., f, 4, j).
    Returns:
        Its middle and width in shorter sides, and whether it is there, 0…1; each (..., f).
    """
    there, x, width = frames[..., ACTOR_ROWS, :3].unbind(-1)
    return x * WALL_PLACE, WALL_WIDTH + width * WALL_SCALE, ((there + 1) / 2).clamp(0, 1)


def _write_actor(row: Tensor, world: World, scene: Scene, index: int, times: np.ndarray) -> None:
    """Fill one actor's row (f, j)."""
    actor = scene.actors[index]
    row[:, 0], row[:, 1] = 1.0, DEPTHS[index]
    row[:, 2:5] = _colour(world.colours[actor.colour].rgb)
    row[:, 5 + list(world.shapes).index(actor.shape)] = 1.0
    row[:, -FRAME_MOVING:] = torch.from_numpy(_moving(world, scene, actor, times))


def _moving(world: World, scene: Scene, actor: Actor, times: np.ndarray) -> np.ndarray:
    """What changes of an actor: (f, 5)."""
    pose = pose_of(world, scene, actor, times)
    size = np.log(np.maximum(actor.radius * pose.scale, 1e-3) / USUAL_RADIUS)
    return np.stack([pose.x, pose.y, size, np.cos(pose.angle), np.sin(pose.angle)], axis=1)


def _write_scene(row: Tensor, world: World, scene: Scene, times: np.ndarray) -> None:
    """Fill the scene's row (f, j)."""
    row[:, 0] = -1.0 if scene.wall is None else 1.0
    if scene.wall is not None:
        row[:, 1], row[:, 2] = scene.wall.x / WALL_PLACE, (scene.wall.width - WALL_WIDTH) / WALL_SCALE
    row[:, 3:6] = (torch.tensor(world.backgrounds[scene.background].rgb) / 255 - GROUND_MEAN) / GROUND_SCALE
    row[:, 6 + ["", *world.textures].index(scene.texture)] = 1.0
    names = {"background": scene.background, "light": scene.light, "weather": scene.weather}
    names["prop"] = scene.wall.prop if scene.wall else ""
    for axis, columns in place_columns(world).items():
        if names.get(axis):
            row[:, columns[_places(world)[axis].index(names[axis])]] = 1.0
        elif axis not in names and scene.wall:
            row[:, columns[0]] = scene.wall.y / WALL_PLACE
    view = camera_view(world, scene, times)
    row[:, -FRAME_MOVING:-2] = torch.stack([view.offset_x, view.offset_y, view.zoom.log()], dim=1)


def _colour(rgb: tuple[int, int, int]) -> Tensor:
    return (torch.tensor(rgb) / 255 - 0.5) / COLOUR_SCALE
