"""A layout read as if it were seen: what a clip will show that is painted along it, before it is painted.

The same fit and the same verdicts as for pixels (`reading.py`, `verdicts.py`), on tracks that need not be looked for.
"""

import numpy as np
import torch
from torch import Tensor

from minisora.world.grader.ground import Ground, camera_path
from minisora.world.grader.observed import share_in_view
from minisora.world.grader.reading import Reading, actor_reading, is_moving
from minisora.world.grader.tracks import Track
from minisora.world.layout import (
    ACTOR_ROWS,
    COLOUR_SCALE,
    GROUND_MEAN,
    GROUND_SCALE,
    Tracks,
    actor_tracks,
    place_columns,
    wall_of,
)
from minisora.world.layout_code import FRAME_MOVING
from minisora.world.scene import Camera, Wall, half_of
from minisora.world.tables import Array, World

__all__ = ["read_plan"]

THERE = 0.5  # of its flag's range, from which something is there
HIDDEN = 0.02  # share in view below which an actor is not seen
WHOLE = 0.98  # share in view from which it is in full view
LEAST_FOLLOWED = 0.04  # shorter sides a second
STAYS = 0.04  # shorter sides by which a followed actor may stray on the screen
MOVES = 0.5  # of a camera move's slowest rate, from which the camera moves


def read_plan(world: World, frames: Tensor, fps: float, height: int, width: int) -> Reading:
    """Read a layout.

    Args:
        world: tables of the names.
        frames: (f, 4, j), see `minisora.world.layout`.
        fps: frames per second.
        height, width: pixels of the clip that it is for; errors of motions are in these.
    Returns:
        What such a clip shows.
    """
    frames = frames.detach().float().cpu()
    times = np.arange(len(frames)) / fps
    drawn = actor_tracks(frames)
    ground, moving = _ground(world, frames, drawn, times), is_moving(times)
    tracks = [_track(world, drawn, row, ground, width / height) for row in range(ACTOR_ROWS)]
    actors = [
        actor_reading(world, track, ground, times, (height, width), moving) for track in tracks if track is not None
    ]
    return Reading(
        ground.background, ground.steady, ground.texture, ground.camera, ground.wall, tuple(actors), 0, moving,
        (len(frames), height, width), fps, **_sky(world, frames),
    )  # fmt: skip


# --- the ground and the camera ----------------------------------------------------------------------------------------


def _ground(world: World, frames: Tensor, drawn: Tracks, times: Array) -> Ground:
    row = frames[:, ACTOR_ROWS]
    camera = _camera(world, frames, drawn, times)
    zoom, offset = camera_path(world.cameras[camera.move], camera.rate * times)
    empty = np.zeros(0, dtype=np.float32)
    return Ground(
        background=_background(world, row.mean(dim=0)),
        steady=True,
        texture=_named(["", *world.textures], row[:, 6 : 7 + len(world.textures)]),
        camera=camera,
        wall=_wall(world, frames),
        zoom=zoom,
        offset=offset,
        picture=empty,
        wall_cover=empty,
        wall_colour=empty,
    )


def _background(world: World, row: Tensor) -> str:
    """The place with the largest number, or in a world of plain colours the nearest one."""
    columns = place_columns(world).get("background")
    if columns is not None:
        return list(world.backgrounds)[int(row[list(columns)].argmax())]
    colour = row[3:6] * GROUND_SCALE + GROUND_MEAN
    grounds = torch.tensor([entry.rgb for entry in world.backgrounds.values()]) / 255
    return list(world.backgrounds)[int((grounds - colour).square().sum(dim=1).argmin())]


def _sky(world: World, frames: Tensor) -> dict[str, str]:
    """Light and weather, where the layout has numbers for them."""
    columns, nothing = place_columns(world), torch.full((len(frames), 1), THERE)
    return {
        axis: _named(["", *table], torch.cat([nothing, frames[:, ACTOR_ROWS, list(columns[axis])]], dim=1))
        for axis, table in {"light": world.lights, "weather": world.weathers}.items()
        if axis in columns
    }


def _named(names: list[str], numbers: Tensor) -> str:
    """The name whose number (f, n) is the largest over the clip."""
    return names[int(numbers.mean(dim=0).argmax())]


def _wall(world: World, frames: Tensor) -> Wall | None:
    x, width, there = (float(part.mean()) for part in wall_of(frames))
    if there < THERE:
        return None
    columns = place_columns(world).get("prop")
    return Wall(x, width, _named(list(world.props), frames[:, ACTOR_ROWS, list(columns)]) if columns else "")


def _camera(world: World, frames: Tensor, drawn: Tracks, times: Array) -> Camera:
    """The move that the camera's numbers show most clearly, and its rate."""
    if len(times) < 2:
        return Camera(world.still_camera)
    path = frames[:, ACTOR_ROWS, -FRAME_MOVING:-2].double().numpy()  # (f, 3): pan x, pan y, zoom
    away = times - times.mean()
    slopes = away @ path / float(away @ away)
    best, most = Camera(world.still_camera), MOVES
    for move in world.cameras.values():
        way = np.array([*move.pan, move.zoom])
        if not way.any() or move.follows:
            continue
        rate = float(slopes @ way / (way @ way))
        if rate / max(move.low, 1e-6) > most:
            best, most = Camera(move.name, rate), rate / max(move.low, 1e-6)
    return _followed(world, drawn, slopes[0]) or best


def _followed(world: World, drawn: Tracks, rate: float) -> Camera | None:
    """A camera that goes with the first actor, which stays where it is on the screen while both get on."""
    moves = [move for move in world.cameras.values() if move.follows]
    middle = drawn.middles[:, 0, 0]
    if not moves or abs(rate) < LEAST_FOLLOWED or float(middle.max() - middle.min()) > STAYS:
        return None
    return Camera(moves[0].name, rate)


# --- actors -----------------------------------------------------------------------------------------------------------


def _track(world: World, tracks: Tracks, row: int, ground: Ground, aspect: float) -> Track | None:
    """An actor's track, None where nobody is there."""
    looks = tracks.looks[:, row].mean(dim=0)  # (s,)
    if float(tracks.there[:, row].mean()) < THERE:
        return None
    middle, radius = tracks.middles[:, row].double().numpy(), tracks.radii[:, row].double().numpy()
    shape = list(world.shapes)[int(looks[5 : 5 + len(world.shapes)].argmax())]
    rgb = (looks[2:5] * COLOUR_SCALE + 0.5).clamp(0, 1) * 255
    colours = torch.tensor([entry.rgb for entry in world.colours.values()], dtype=torch.float32)
    colour = list(world.colours)[int((colours - rgb).square().sum(dim=1).argmin())]
    wall = ground.wall
    hidden = (wall.x - wall.width / 2, wall.x + wall.width / 2) if wall else None
    share = share_in_view(middle[:, 0], middle[:, 1], radius, half_of(aspect), hidden)
    seen = share > HIDDEN
    turn = torch.atan2(tracks.turns[:, row, 1], tracks.turns[:, row, 0]).double().numpy()
    known = np.where(seen, 1.0, np.nan)
    return Track(
        colour=colour,
        rgb=tuple(rgb.tolist()),
        shape=shape,
        shape_share=1.0,
        misfits={},
        seen=seen,
        whole=share > WHOLE,
        x=(middle[:, 0] * known).astype(np.float32),
        y=(middle[:, 1] * known).astype(np.float32),
        radius=(radius * known).astype(np.float32),
        angle=(turn * known).astype(np.float32),
        weight=np.where(seen, share, 0.0).astype(np.float32),
        trust=seen.astype(np.float32),  # a layout says sizes and turns however little is in view
    )
