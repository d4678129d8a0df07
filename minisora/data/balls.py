"""Physics as a data set: balls under gravity or without, that hit each other and pass behind a wall.

Read `physics.py` first. The scene's JSON holds the box, the looks and every flight, so that a clip of any size,
length and frame rate up to `seconds` follows from it, and whoever judges a generated clip knows the truth.
"""

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minisora.data.buckets import TRAIN_CLIPS, Bucket, keyed_rng
from minisora.data.physics import Ball, History, simulate
from minisora.data.schema import Clip, Row, encode_row
from minisora.errors import DataError
from minisora.world import SHAPES, Wall
from minisora.world.scene import half_of

MOST_BALLS = 4
RADII = {"small": (0.06, 0.08), "large": (0.12, 0.15)}  # in shorter sides
GRAVITY = 1.2  # shorter sides per second²: a fall from the middle to the floor takes 0.8 seconds
SPEEDS = (0.2, 0.5)  # at the start, in shorter sides per second
WALL_SHARE = 0.3
TRIES = 2000
NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four"}


@dataclass(frozen=True)
class BallScene:
    """What a clip of balls shows.

    Attributes:
        aspect: width over height.
        background: name of a ground colour of the world.
        colours, sizes: names, one for each ball.
        history: how they move.
        wall: an upright slab in front of them, or None.
        seconds: for how long `history` holds.
    """

    aspect: float
    background: str
    colours: tuple[str, ...]
    sizes: tuple[str, ...]
    history: History
    wall: Wall | None
    seconds: float

    def to_json(self) -> str:
        """The scene as one line of JSON, with every flight and every collision."""
        return json.dumps({"kind": "balls", **dataclasses.asdict(self)})


def bouncing_balls(
    num_clips: int,
    seed: int = 0,
    num_frames: int = 17,
    height: int = 64,
    width: int = 64,
    fps: float = 8.0,
    start: int = 0,
) -> Iterator[Row]:
    """Captioned clips of balls that obey mechanics.

    Args:
        num_clips: how many there are in all.
        seed: clip k depends on (seed, k) alone.
        num_frames, height, width: shape of every clip.
        fps: frames per second.
        start: number of the first clip to yield, to resume.
    Yields:
        Rows of the schema, `num_clips - start` of them.
    Raises:
        SettingError: a size that can't be drawn.
    """
    bucket = Bucket(num_frames, height, width)
    for index in range(start, num_clips):
        rng = keyed_rng(seed, TRAIN_CLIPS, index)
        scene = sample_balls(rng, bucket.aspect, max((num_frames - 1) / fps, 0.5))
        frames = render_balls(scene, bucket, fps)
        yield encode_row(Clip(frames, describe_balls(scene, rng), scene.to_json(), fps))


def sample_balls(rng: np.random.Generator, aspect: float = 1.0, seconds: float = 2.0) -> BallScene:
    """Draw a scene.

    Args:
        rng: source of all choices.
        aspect: width over height.
        seconds: for how long the balls are followed.
    Returns:
        1-4 balls of different colours; where there is a wall, one of them is hidden behind it for a while.
    Raises:
        DataError: no such scene was found, which no aspect from 1:3 to 3:1 has led to.
    """
    for _ in range(TRIES):
        count = int(rng.integers(1, MOST_BALLS + 1))
        sizes = tuple(str(name) for name in rng.choice(list(RADII), count, p=[0.6, 0.4]))
        balls = _place(rng, sizes, half_of(aspect))
        if balls is None:
            continue
        history = simulate(balls, GRAVITY if rng.random() < 0.7 else 0.0, half_of(aspect), seconds)
        wall = _wall(rng, balls) if rng.random() < WALL_SHARE else None
        if wall and not hidden_balls(history, wall, seconds):
            continue
        colours = tuple(str(name) for name in rng.permutation(list(SHAPES.colours))[:count])
        background = str(rng.choice(list(SHAPES.backgrounds)))
        return BallScene(aspect, background, colours, sizes, history, wall, seconds)
    raise DataError(f"No scene of balls fits the aspect {aspect:.2f}. Use one from 0.33 to 3.")


def hidden_balls(history: History, wall: Wall, seconds: float) -> list[int]:
    """Which balls are wholly behind the wall at some moment, and in sight at some other.

    Args:
        history: how they move.
        wall: what they pass behind.
        seconds: until when.
    Returns:
        Their indices.
    """
    away = np.abs(history.positions(np.linspace(0, seconds, 33))[..., 0] - wall.x)  # (f, n)
    radii = np.array([ball.radius for ball in history.flights[0].balls])
    hidden = (away + radii < wall.width / 2).any(0)
    seen = (away - radii > wall.width / 2).any(0)
    return [int(index) for index in np.flatnonzero(hidden & seen)]


def render_balls(scene: BallScene, bucket: Bucket, fps: float) -> NDArray[np.uint8]:
    """Draw the scene, edges smoothed over one pixel.

    Args:
        scene: what to draw.
        bucket: frames and pixels.
        fps: frames per second.
    Returns:
        uint8 (f, h, w, 3).
    """
    side = min(bucket.height, bucket.width)
    x = (np.arange(bucket.width) + 0.5 - bucket.width / 2) / side
    y = ((np.arange(bucket.height) + 0.5 - bucket.height / 2) / side)[:, None]
    ground = np.array(SHAPES.backgrounds[scene.background].rgb, dtype=np.float64)
    canvas = np.broadcast_to(ground, bucket.shape).copy()
    places = scene.history.positions(np.arange(bucket.num_frames) / fps)  # (f, n, 2)
    for index, (colour, ball) in enumerate(zip(scene.colours, scene.history.flights[0].balls, strict=True)):
        for canvas_frame, (ball_x, ball_y) in zip(canvas, places[:, index], strict=True):
            cover = np.clip(0.5 - (np.hypot(x - ball_x, y - ball_y) - ball.radius) * side, 0, 1)
            _paint(canvas_frame, cover, SHAPES.colours[colour].rgb)
    if scene.wall:
        cover = np.clip(0.5 + (scene.wall.width / 2 - np.abs(x - scene.wall.x)) * side, 0, 1)
        _paint(canvas, cover, SHAPES.wall_rgb)
    return canvas.round().astype(np.uint8)


def describe_balls(scene: BallScene, rng: np.random.Generator) -> str:
    """A sentence about what is seen: number, looks, gravity, collisions, the wall, the ground.

    Args:
        scene: what is shown.
        rng: source of the choice among phrasings.
    Returns:
        The caption.
    """
    count = len(scene.colours)
    looks = [f"a {size} {colour} ball" for size, colour in zip(scene.sizes, scene.colours, strict=True)]
    balls = _listed([looks[int(index)] for index in rng.permutation(count)])
    if count > 1 and rng.random() < 0.3:
        balls = f"{NUMBERS[count]} balls, {balls},"
    met = {event.kind for event in scene.history.events}
    plural = "s" if count == 1 else ""
    verbs = (_FALLING if "floor" in met else _PULLED) if scene.history.gravity else _FLOATING
    text = f"{balls} {_one_of(rng, verbs).format(s=plural)}"
    if not scene.history.gravity and met & {"side", "floor", "ceiling"}:
        text += f" and bounce{plural} off the edges"
    if "pair" in met:
        text += _one_of(rng, (" and hit each other", " and collide"))
    if scene.wall:
        hidden = hidden_balls(scene.history, scene.wall, scene.seconds)
        text += _listed_behind(rng, [scene.colours[index] for index in hidden], count)
    return text + _one_of(rng, (" on a {} background", ", {} background", " in front of {}")).format(scene.background)


_FALLING = ("bounce{s} up and down", "fall{s} and bounce{s} off the floor", "bounce{s} under gravity")
_PULLED = ("move{s} under gravity", "fall{s} without touching the floor")
_FLOATING = ("float{s} without gravity", "drift{s} weightlessly")


def _listed_behind(rng: np.random.Generator, colours: list[str], count: int) -> str:
    if count == 1:
        return _one_of(rng, (", passing behind a wall", ", hidden by a wall for a moment"))
    names = _listed([f"the {colour} one" for colour in colours])
    return f"; {names} {'passes' if len(colours) == 1 else 'pass'} behind a wall"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _one_of(rng: np.random.Generator, options: tuple[str, ...]) -> str:
    return options[int(rng.integers(len(options)))]


def _place(rng: np.random.Generator, sizes: tuple[str, ...], half: tuple[float, float]) -> list[Ball] | None:
    """Balls in the box and clear of each other, with velocities in all directions; None if one finds no room."""
    balls: list[Ball] = []
    for size in sizes:
        radius = float(rng.uniform(*RADII[size]))
        x, y = (float(rng.uniform(radius - h, h - radius)) for h in half)
        speed, angle = float(rng.uniform(*SPEEDS)), float(rng.uniform(0, 2 * np.pi))
        ball = Ball(x, y, speed * float(np.cos(angle)), speed * float(np.sin(angle)), radius)
        if any(np.hypot(x - other.x, y - other.y) < 1.05 * (radius + other.radius) for other in balls):
            return None
        balls.append(ball)
    return balls


def _wall(rng: np.random.Generator, balls: list[Ball]) -> Wall:
    return Wall(float(rng.uniform(-0.2, 0.2)), float(rng.uniform(2.2, 2.6)) * min(ball.radius for ball in balls))


def _paint(canvas: NDArray[np.float64], cover: NDArray[np.float64], rgb: tuple[Any, ...]) -> None:
    """Blend a colour into `canvas` (…, h, w, 3) where `cover` (h, w) or (w,) says so, in place."""
    canvas += cover[..., None] * (np.array(rgb, dtype=np.float64) - canvas)
