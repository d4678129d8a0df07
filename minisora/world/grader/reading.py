"""What a clip shows, read without knowing what was asked for."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from minisora.errors import SettingError, ShapeError
from minisora.world.grader.fit import Fit, fit_motions
from minisora.world.grader.ground import Floats, Ground, read_ground
from minisora.world.grader.observed import Observed, in_view
from minisora.world.grader.segment import segment
from minisora.world.grader.strays import find_strays
from minisora.world.grader.tracks import Track, find_tracks
from minisora.world.scene import Camera, Wall, half_of
from minisora.world.tables import Array, Range, World

ERRATIC = 0.045  # shorter sides of mean residual beyond which a motion is none of the world's
GONE_SHARE = 0.06  # of the frames in which an actor may be lost without being called gone
WELL_SEEN = 0.5  # share of an actor in view from which it must be seen
MOVING_FRAMES, MOVING_SECONDS = 5, 0.4  # least length of a clip in which motions are read
LEAST_SIDE = 16


@dataclass(frozen=True)
class ActorReading:
    """One actor as it was seen; names are those of the world's tables, "" where none fits or nothing can be told.

    Attributes:
        colour, shape, size, motion, speed: what it is.
        rgb: its colour, 0…255.
        shape_share: share of the clearly seen frames that agree with the shape.
        radius: shorter sides, at time 0.
        rate: of the fitted motion, shorter sides per second.
        place: (f, 2) middle on the screen in shorter sides; where it was not seen, where the motion puts it (or NaN).
        path: (f, 2) where the motion puts it in all frames (NaN without one).
        span: (f,) radius on the screen, shorter sides.
        angle: (f,) radians, modulo the shape's fold; NaN where not known.
        seen: (f,) whether it is in the picture.
        gone: frames in which it should be in sight and is not.
        fits: every motion that was considered, best first.
        position_error: root mean square distance from the fitted path, pixels.
        velocity_error: the same of the change from frame to frame, pixels per frame.
    """

    colour: str
    shape: str
    size: str
    motion: str
    speed: str
    rgb: tuple[float, float, float]
    shape_share: float
    radius: float
    rate: float
    place: Array
    path: Array
    span: Array
    angle: Array
    seen: NDArray[np.bool_]
    gone: int
    fits: tuple[Fit, ...]
    position_error: float
    velocity_error: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, without the list of fits."""
        fields = {k: v for k, v in self.__dict__.items() if k != "fits"}
        return {k: _plain(v) for k, v in fields.items()}


@dataclass(frozen=True)
class Reading:
    """A whole clip as it was seen.

    Attributes:
        background: name of the ground's colour, "" if none fits.
        steady: whether the ground keeps it.
        texture: name of the marks on the ground, "" for none.
        camera: the camera's move and its rate.
        wall: the wall, or None.
        actors: those that were found.
        strays: frames that show something that belongs to none of these.
        moving: whether the clip is long enough for motions.
        size: frames, height, width.
        fps: frames per second.
        light, weather: names, "" where the world or the place has none.
    """

    background: str
    steady: bool
    texture: str
    camera: Camera
    wall: Wall | None
    actors: tuple[ActorReading, ...]
    strays: int
    moving: bool
    size: tuple[int, int, int]
    fps: float
    light: str = ""
    weather: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        fields = {k: v for k, v in self.__dict__.items() if k not in ("actors", "camera", "wall")}
        return {
            **fields,
            "camera": self.camera.__dict__,
            "wall": self.wall.__dict__ if self.wall else None,
            "actors": [actor.to_dict() for actor in self.actors],
        }


def read(world: World, video: torch.Tensor | ArrayLike, fps: float = 8.0) -> Reading:
    """Read a clip: its ground, wall, camera and every actor with its shape, size, path and motion.

    Args:
        world: tables of what there can be.
        video: uint8 (f, h, w, 3).
        fps: frames per second.
    Raises:
        ShapeError: not (f, h, w, 3), no frame, or too small to read.
        SettingError: fps is not above 0.
    """
    pixels = pixels_of(video, fps)
    frames, height, width = pixels.shape[:3]
    times = np.arange(frames) / fps
    ground = read_ground(world, pixels, times)
    tracks = find_tracks(world, segment(world, pixels, ground))
    moving = is_moving(times)
    actors = tuple(actor_reading(world, track, ground, times, (height, width), moving) for track in tracks)
    strays = find_strays(pixels, ground, [(actor.place, actor.span) for actor in actors])
    return Reading(
        ground.background, ground.steady, ground.texture, ground.camera, ground.wall,
        actors, strays, moving, (frames, height, width), fps,
    )  # fmt: skip


def is_moving(times: Array) -> bool:
    """Whether a clip whose frames are at `times` (f,), seconds, is long enough for motions."""
    return len(times) >= MOVING_FRAMES and bool(times[-1] >= MOVING_SECONDS)


def nearest_range(ranges: dict[str, Range], value: float) -> str:
    """Name of the range that a number lies in or, in proportion, nearest to."""

    def away(entry: Range) -> float:
        return max(math.log(entry.low / value), math.log(value / entry.high), 0.0)

    return min(ranges.values(), key=away).name if value > 0 else ""


def pixels_of(video: torch.Tensor | ArrayLike, fps: float) -> Floats:
    """A clip as float32 (f, h, w, 3), 0…255; errors as of `read`."""
    array = video.detach().cpu().numpy() if isinstance(video, torch.Tensor) else np.asarray(video)
    if array.ndim != 4 or array.shape[-1] != 3 or len(array) == 0 or min(array.shape[1:3]) < LEAST_SIDE:
        raise ShapeError(
            f"a clip of shape {tuple(array.shape)}, but it must be (frames, height, width, 3) with at least 1 frame "
            f"and {LEAST_SIDE} pixels a side; take frames[0] of a batch."
        )
    if array.dtype != np.uint8:
        raise ShapeError(f"a clip of {array.dtype}, but pixels are uint8, 0…255.")
    if not 0 < fps < math.inf:
        raise SettingError(f"fps={fps}, but it must be above 0. Use fps=8.")
    return array.astype(np.float32)


def actor_reading(
    world: World, track: Track, ground: Ground, times: Array, size: tuple[int, int], moving: bool
) -> ActorReading:
    """A track with the motion that it shows, its size and its speed; `times` (f,) in seconds, `size` in pixels."""
    observed = _observed(world, track, ground, times, size)
    fits = fit_motions(world, observed) if moving else []
    best = fits[0] if fits else None
    steady = best is not None and best.error <= ERRATIC * observed.side
    place, path, span, velocity_error, gone = _follow(world, track, observed, best)
    radius = best.actor.radius if best else float(np.nanmedian(observed.radius))
    motion = best.motion if best and steady else ""
    paced = best is not None and motion != "" and world.motions[motion].has_speed
    return ActorReading(
        colour=track.colour,
        shape=track.shape,
        size=nearest_range(dict(world.sizes), radius),
        motion=motion,
        speed=nearest_range(dict(world.speeds), best.actor.rate) if best and paced else "",
        rgb=track.rgb,
        shape_share=track.shape_share,
        radius=radius,
        rate=best.actor.rate if best else 0.0,
        place=place,
        path=path,
        span=span,
        angle=track.angle.astype(np.float64),
        seen=track.seen,
        gone=gone,
        fits=tuple(fits),
        position_error=best.error if best else 0.0,
        velocity_error=velocity_error,
    )


def _observed(world: World, track: Track, ground: Ground, times: Array, size: tuple[int, int]) -> Observed:
    """A track with the camera's move taken out."""
    place = np.stack([track.x, track.y], axis=1).astype(np.float64)
    zoom, offset = ground.zoom.astype(np.float64), ground.offset.astype(np.float64)
    wall = ground.wall
    return Observed(
        times=times,
        place=place / zoom[:, None] + offset,
        weight=track.weight.astype(np.float64),
        radius=track.radius / zoom,
        angle=track.angle.astype(np.float64),
        trust=track.trust.astype(np.float64),
        fold=_fold(world, track.shape),
        missing=~track.seen,
        zoom=zoom,
        offset=offset,
        wall=(wall.x - wall.width / 2, wall.x + wall.width / 2) if wall else None,
        half=half_of(size[1] / size[0]),
        side=float(min(size)),
    )


def _fold(world: World, shape: str) -> int:
    """In how many ways a shape looks the same; 0 where its angle tells nothing about its motion: an upright character's
    says which way it faces."""
    entry = world.shapes.get(shape)
    return 0 if entry is None or entry.upright else entry.fold


def _follow(world: World, track: Track, observed: Observed, best: Fit | None) -> tuple[Array, Array, Array, float, int]:
    """Place, path and radius on the screen in all frames, error of the velocity, and how often the actor is gone."""
    place = np.stack([track.x, track.y], axis=1).astype(np.float64)
    if best is None:
        span = np.where(np.isfinite(track.radius), track.radius, np.nanmedian(track.radius)).astype(np.float64)
        return place, place + np.nan, span, 0.0, int((~track.seen).sum())
    pose = world.motions[best.motion].path(best.actor, observed.times, observed.half)
    path = (np.stack([pose.x, pose.y], axis=1) - observed.offset) * observed.zoom[:, None]
    span = best.actor.radius * pose.scale * observed.zoom
    sure = track.weight > 0.5
    steps = np.diff(place - path, axis=0)[sure[1:] & sure[:-1]]
    error = math.sqrt(float((steps**2).sum(1).mean())) * observed.side if len(steps) else 0.0
    should = in_view(pose, best.actor.radius, observed) > WELL_SEEN
    gone = int((should & ~track.seen).sum())
    return np.where(sure[:, None], place, path), path, span, error, gone


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return np.round(value, 4).tolist() if value.dtype.kind == "f" else value.tolist()
    return value
