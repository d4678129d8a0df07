"""The stage's reader: place, light, weather, camera, props and actors of a clip, by rendering and comparing."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from minisora.world.grader.ground import Ground
from minisora.world.grader.reading import ActorReading, Reading, actor_reading, is_moving, pixels_of
from minisora.world.grader.tracks import Track
from minisora.world.scene import Camera, Wall
from minisora.world.stage.reading.foreground import contrast, differing, limit_of
from minisora.world.stage.reading.ground import Place, find_place, with_weather
from minisora.world.stage.reading.things import find_things
from minisora.world.stage.reading.tracking import PARTLY, WHOLE, Sight, Stage, retraced
from minisora.world.stage.reading.weather import find_weather
from minisora.world.tables import World

FAR_OFF = 0.5  # pixels from the path of its motion, from which an actor is looked for once more
KEEPS, KEEPS_NEAR = 0.12, 0.015  # share of the camera's way, and shorter sides, within which who is followed stays


def read(world: World, video: Tensor | ArrayLike, fps: float = 8.0) -> Reading:
    """Read a clip of a world with places.

    Args:
        world: tables of what there can be.
        video: uint8 (f, h, w, 3).
        fps: frames per second.
    Returns:
        What it shows; nothing of what was asked for is known here.
    Raises:
        ShapeError: not (f, h, w, 3), no frame, or too small to read.
        SettingError: fps is not above 0.
    """
    pixels = pixels_of(video, fps)
    clip = torch.from_numpy(pixels) / 255
    times = torch.arange(len(clip)) / fps
    place = find_place(world, clip, times)
    away = contrast(clip, place)
    mask = differing(away, limit_of(away))
    place = with_weather(world, place, find_weather(world, clip, place, mask, times))
    things = find_things(world, clip, place)
    wall = _wall(world, place, things.props)
    ground = _ground(place, wall, pixels)
    moments = np.arange(len(clip)) / fps
    moving = is_moving(moments)
    size = (clip.shape[1], clip.shape[2])
    actors = []
    for sight in things.actors:
        seen = actor_reading(world, _track(world, sight, size), ground, moments, size, moving)
        if seen.fits and (seen.gone or seen.position_error > FAR_OFF):
            better = _looked_for(things.stage, sight, seen, size)
            seen = actor_reading(world, _track(world, better, size), ground, moments, size, moving)
        actors.append(seen)
    camera = _followed(world, place.camera, actors, fps)
    return Reading(
        place.background, place.steady, "", camera, wall, tuple(actors), things.odd, moving, (len(clip), *size), fps,
        place.light, place.weather,
    )  # fmt: skip


def _looked_for(stage: Stage, sight: Sight, seen: ActorReading, size: tuple[int, int]) -> Sight:
    """An actor that was lost, looked for where its motion puts it."""
    path = torch.from_numpy(seen.path).float()
    side = min(size)
    return retraced(stage, sight, path[:, 0] * side + size[1] / 2 - 0.5, path[:, 1] * side + size[0] / 2 - 0.5)


def _wall(world: World, place: Place, props: Sequence[Sight]) -> Wall | None:
    """The prop as a wall, in the world's coordinates; the one that covers most, if there are several."""
    if not props:
        return None
    sight = max(props, key=lambda sight: float(sight.cover.sum()))
    height, width = place.picture.shape[1:3]
    side = min(height, width)
    x = ((sight.pose.x + 0.5 - width / 2) / side / place.zoom + place.offset[:, 0])[sight.seen].median()
    y = ((sight.pose.y + 0.5 - height / 2) / side / place.zoom + place.offset[:, 1])[sight.seen].median()
    radius = float((sight.pose.radius / side / place.zoom)[sight.seen].median())
    prop = world.props[sight.figure.name]
    return Wall(float(x), prop.width * radius, prop.name, float(y), radius)


def _ground(place: Place, wall: Wall | None, pixels: np.ndarray) -> Ground:
    """The place in the form in which the grader's shared parts want it."""
    empty = np.zeros(pixels.shape[2], dtype=np.float32)
    return Ground(
        place.background, place.steady, "", place.camera, wall, place.zoom.numpy(), place.offset.numpy(),
        place.veiled().numpy() * 255, empty, np.zeros(3, dtype=np.float32),
    )  # fmt: skip


def _track(world: World, sight: Sight, size: tuple[int, int]) -> Track:
    """A followed figure in the form in which the grader's shared parts want it."""
    height, width = size
    side = min(size)
    pose, nan = sight.pose, torch.tensor(float("nan"))
    weight = torch.where(sight.seen, sight.share, torch.zeros(()))
    trust = torch.where(weight > WHOLE, weight, PARTLY * (weight > 0.6))
    if not (trust > 0).any():
        trust = weight
    facing = torch.where(pose.mirror < 0, torch.pi - pose.turn * pose.mirror, pose.turn)
    red, green, blue = (float(value) * 255 for value in sight.ink)
    return Track(
        colour=list(world.colours)[sight.colour],
        rgb=(red, green, blue),
        shape=sight.figure.name,
        shape_share=sight.agree,
        misfits=sight.errors,
        seen=sight.seen.numpy(),
        whole=(sight.seen & (sight.share > WHOLE)).numpy(),
        x=torch.where(weight > 0, (pose.x + 0.5 - width / 2) / side, nan).numpy(),
        y=torch.where(weight > 0, (pose.y + 0.5 - height / 2) / side, nan).numpy(),
        radius=torch.where(trust > 0, pose.radius / side, nan).numpy(),
        angle=torch.where(trust > 0, facing, nan).numpy(),
        weight=weight.numpy(),
        trust=trust.numpy(),
    )


def _followed(world: World, camera: Camera, actors: Sequence[ActorReading], fps: float) -> Camera:
    """The camera's move; one that follows an actor if someone keeps its place on the screen while the place goes by."""
    pan = world.cameras[camera.move].pan
    for move in world.cameras.values():
        along = pan[0] * move.pan[0] + pan[1] * move.pan[1]
        if move.follows and along and any(_keeps(actor, camera.rate / fps) for actor in actors):
            return Camera(move.name, camera.rate * along)
    return camera


def _keeps(actor: ActorReading, rate: float) -> bool:
    """Whether an actor stays where it is on the screen while the place goes by, at `rate` a frame."""
    at = actor.place[actor.seen]
    return len(at) > 1 and bool(np.ptp(at, axis=0).max() < KEEPS * abs(rate) * len(actor.place) + KEEPS_NEAR)
