"""The ground of a clip: its colour, the marks on it, how the camera moves over them, and the wall."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from minisora.world.scene import Camera, Wall
from minisora.world.tables import CameraMove, Texture, World

Floats = NDArray[np.float32]

NEAR = 45.0  # RGB distance within which a pixel has a ground's colour
LEAST_GROUND = 0.15  # of the pixels that have it
STEADY = 0.9  # of the frames that show the same ground
WALL_NEAR = 32.0  # of 255, in the channel that differs most
WALL_COLUMN = 0.85  # of a column's pixels over the clip that have the wall's colour
WALL_LEAST = 0.06  # shorter sides
MARKED = 0.12  # lightening at which a pixel counts as a mark
LEAST_MARKS = 0.004  # of the ground's pixels that are marks on a textured one
EXPLAINED = 0.15  # of the marks' variance that a texture must explain
OFF_LINE = 22.0  # of 255, in the channel that differs most, from the line between the ground's colour and white
BRIGHTEST = 0.85  # lightening beyond which a pixel is white itself
AMOUNT_STEP = 1 / 128  # shorter sides, or logarithm of the zoom
FINEST_SIDE = 64  # pixels of the shorter side on which marks are compared


@dataclass(frozen=True)
class Ground:
    """What a clip's ground is.

    Attributes:
        background: name of its colour; "" if none fits; the commonest one where it changes.
        steady: whether it keeps that colour.
        texture: name of the marks on it, "" for none.
        camera: the camera's move and rate.
        wall: the wall in front, or None.
        zoom, offset: (f,) and (f, 2): world = screen / zoom + offset, in shorter sides.
        picture: (f, h, w, 3) or (1, h, w, 3), 0…255: the ground without actors.
        wall_cover: (w,), 0…1.
        wall_colour: (3,), 0…255.
    """

    background: str
    steady: bool
    texture: str
    camera: Camera
    wall: Wall | None
    zoom: Floats
    offset: Floats
    picture: Floats
    wall_cover: Floats
    wall_colour: Floats


def read_ground(world: World, video: Floats, times: NDArray[np.float64]) -> Ground:
    """Read the ground of a clip (f, h, w, 3), 0…255, whose frames are at `times` seconds (f,)."""
    background, steady, colour = _background(world, video)
    texture, camera = _marks(world, video, colour, times)
    zoom, offset = camera_path(world.cameras[camera.move], camera.rate * times)
    picture = np.broadcast_to(colour, (1, *video.shape[1:])).astype(np.float32)
    if texture:
        cover = _cover(world.textures[texture], zoom, offset, video.shape[1:3], 1)
        picture = picture + (255 - picture) * (cover * world.textures[texture].lighten)[..., None]
    wall, wall_cover, wall_colour = _wall(world, video, colour)
    return Ground(background, steady, texture, camera, wall, zoom, offset, picture, wall_cover, wall_colour)


def camera_path(move: CameraMove, amount: NDArray[np.float64]) -> tuple[Floats, Floats]:
    """Zoom (f,) and offset (f, 2) of a camera that has moved by an amount (f,), its rate times the time."""
    zoom = np.exp(move.zoom * amount).astype(np.float32)
    return zoom, (np.array(move.pan)[None, :] * amount[:, None]).astype(np.float32)


def screen_lines(height: int, width: int) -> tuple[Floats, Floats]:
    """Screen coordinates of columns (w,) and rows (h,), in shorter sides from the frame's middle."""
    side = min(height, width)
    x = (np.arange(width) + 0.5 - width / 2) / side
    y = (np.arange(height) + 0.5 - height / 2) / side
    return x.astype(np.float32), y.astype(np.float32)


def widest(away: Floats) -> Floats:
    """The largest absolute difference over the three channels (..., 3) → (...)."""
    size = np.abs(away)
    return np.asarray(np.maximum(np.maximum(size[..., 0], size[..., 1]), size[..., 2]))


def grown(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Flags (f, h, w) spread to the pixels next to them."""
    if not flags.any():
        return flags
    tall = flags.copy()
    tall[:, 1:] |= flags[:, :-1]
    tall[:, :-1] |= flags[:, 1:]
    wide = tall.copy()
    wide[:, :, 1:] |= tall[:, :, :-1]
    wide[:, :, :-1] |= tall[:, :, 1:]
    return wide


def _background(world: World, video: Floats) -> tuple[str, bool, Floats]:
    names = list(world.backgrounds)
    pixels = video[:, ::2, ::2].reshape(len(video), -1, 3)
    palette = np.array([world.backgrounds[name].rgb for name in names], dtype=np.float32)
    distance = np.sqrt(squared_distances(pixels, palette))  # (f, m, k)
    nearest, close = distance.argmin(-1), distance.min(-1) < NEAR
    share = np.stack([((nearest == k) & close).mean(-1) for k in range(len(names))], axis=-1)  # (f, k)
    best = int(share.sum(0).argmax())
    if share[:, best].mean() < LEAST_GROUND:
        return "", False, np.median(pixels.reshape(-1, 3), axis=0).astype(np.float32)
    steady = bool((share.argmax(-1) == best).mean() >= STEADY and share[:, best].min() > LEAST_GROUND / 2)
    found = pixels[(nearest == best) & close]
    return names[best], steady, np.median(found[:: 1 + len(found) // 4000], axis=0).astype(np.float32)


def squared_distances(pixels: Floats, palette: Floats) -> Floats:
    """Squared RGB distances (..., k) of pixels (..., 3) to a palette (k, 3)."""
    square = (pixels * pixels).sum(-1, keepdims=True) + (palette * palette).sum(-1)
    return np.asarray(np.maximum(square - 2 * (pixels @ palette.T), 0), dtype=np.float32)


# --- marks and camera -------------------------------------------------------------------------------------------------


def _marks(world: World, video: Floats, colour: Floats, times: NDArray[np.float64]) -> tuple[str, Camera]:
    """The texture and the camera move that together explain the light marks on the ground best."""
    still = Camera(world.still_camera, 0.0)
    stride = max(1, min(video.shape[1:3]) // FINEST_SIDE)
    few = video[:: max(1, len(video) // 3), ::stride, ::stride]
    light, ground = _lightness(few, colour)
    if (light[ground] > MARKED).sum() <= LEAST_MARKS * ground.sum():
        return "", still
    light, ground = _lightness(video[:, ::stride, ::stride], colour)
    best, texture, camera = EXPLAINED, "", still
    for name, entry in world.textures.items():
        for move in world.cameras.values():
            share, rate = _follow(entry, move, light, ground, times, video.shape[1:3], stride)
            if share > best:
                best, texture, camera = share, name, Camera(move.name, rate)
    return texture, camera


def _lightness(video: Floats, colour: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """How far each pixel is from the ground's colour towards white, and whether it lies on that line at all."""
    way = 255 - colour
    away = video - colour
    light = (away @ way) / max(float(way @ way), 1.0)
    off = np.asarray(away - light[..., None] * way, dtype=np.float32)
    other = (widest(off) > OFF_LINE) | (light > BRIGHTEST) | (light < -0.1)
    return light.astype(np.float32), ~grown(grown(other))


def _follow(
    texture: Texture,
    move: CameraMove,
    light: Floats,
    ground: NDArray[np.bool_],
    times: NDArray[np.float64],
    size: tuple[int, int],
    stride: int,
) -> tuple[float, float]:
    """Share of the marks that a texture under a camera move explains at its best rate, and that rate."""
    fastest = 1.4 * move.high
    count = math.ceil(fastest * float(times[-1]) / AMOUNT_STEP) + 2
    count = 16 * math.ceil(count / 16) if move.high else 1  # few different sizes, since templates are kept
    covers, squares = _templates(texture, move, size, stride, count)
    weight = ground.reshape(len(ground), -1).astype(np.float32)
    marks = light.reshape(len(light), -1) * weight
    products = np.stack([marks @ covers.T, weight @ covers.T, weight @ squares.T])  # (3, f, amounts)
    rates = np.linspace(0.3 * move.low, fastest, 120) if move.high else np.zeros(1)
    place = rates[:, None] * times[None, :] / AMOUNT_STEP  # (rates, f)
    lower = np.clip(place.astype(int), 0, max(count - 2, 0))
    upper = np.minimum(lower + 1, count - 1)
    part = place - lower
    frames = np.arange(len(times))[None, :]
    both, cover, square = ((1 - part) * products[:, frames, lower] + part * products[:, frames, upper]).sum(-1)
    total = float(marks.sum()), float((marks * marks).sum()), float(weight.sum())
    alike = _likeness(both, cover, square, *total)
    best = int(alike.argmax())
    return float(alike[best]), _peak(rates, alike, best)


def _likeness(
    both: Floats, cover: Floats, square: Floats, light: float, light_square: float, count: float
) -> NDArray[np.float64]:
    """Share of the marks' variance that a template explains, up to its strength; below 0 where it is the wrong way."""
    shared = both - light * cover / count
    spread = (square - cover * cover / count) * (light_square - light * light / count)
    return np.asarray(np.sign(shared) * shared * shared / np.maximum(spread, 1e-6), dtype=np.float64)


def _peak(rates: NDArray[np.float64], total: NDArray[np.float64], best: int) -> float:
    """The top of the parabola through the best rate and its neighbours."""
    if not 0 < best < len(rates) - 1:
        return float(rates[best])
    before, middle, after = total[best - 1 : best + 2]
    bend = before - 2 * middle + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(rates[best] + shift * (rates[1] - rates[0]))


@lru_cache(maxsize=64)
def _templates(
    texture: Texture, move: CameraMove, size: tuple[int, int], stride: int, count: int
) -> tuple[Floats, Floats]:
    """Marks (amounts, pixels) after each amount of a camera move, and their squares."""
    amount = np.arange(count, dtype=np.float32) * AMOUNT_STEP
    zoom = np.exp(move.zoom * amount).astype(np.float32)
    offset = np.array(move.pan, dtype=np.float32)[None, :] * amount[:, None]
    cover = _cover(texture, zoom, offset, size, stride).reshape(count, -1) * texture.lighten
    return cover, cover * cover


def _cover(texture: Texture, zoom: Floats, offset: Floats, size: tuple[int, int], stride: int) -> Floats:
    """Cover (f, h, w) of a texture's marks on the screen, every `stride`-th pixel."""
    columns, rows = screen_lines(*size)
    scale = torch.from_numpy(zoom)[:, None, None]
    move = torch.from_numpy(offset)
    x = torch.from_numpy(columns[::stride])[None, None, :] / scale + move[:, 0, None, None]
    y = torch.from_numpy(rows[::stride])[None, :, None] / scale + move[:, 1, None, None]
    shape = (len(zoom), y.shape[1], x.shape[2])
    return texture.cover(x.expand(shape), y.expand(shape), 1 / (min(size) * scale)).float().numpy()


# --- wall -------------------------------------------------------------------------------------------------------------


def _wall(world: World, video: Floats, ground: Floats) -> tuple[Wall | None, Floats, Floats]:
    """The upright slab in the wall's colour, its cover by column (w,) and its colour (3,), 0…255."""
    height, width = video.shape[1:3]
    expected = np.array(world.wall_rgb, dtype=np.float32)
    none = None, np.zeros(width, dtype=np.float32), expected
    near = widest(video[::2, ::2] - expected) < WALL_NEAR
    solid = near.mean((0, 1)) > WALL_COLUMN
    first, last = _longest_run(solid)
    if last - first < max(2, WALL_LEAST * min(height, width)):
        return none
    colour = np.median(video[:, :, first:last].reshape(-1, 3), axis=0).astype(np.float32)
    way = colour - ground
    profile = np.clip(((np.median(video, axis=(0, 1)) - ground) @ way) / (way @ way), 0, 1)
    inside = np.zeros(width, dtype=np.float32)
    inside[max(first - 2, 0) : last + 2] = 1
    cover = (profile * inside).astype(np.float32)
    columns, _ = screen_lines(height, width)
    total = float(cover.sum())
    return Wall(float((cover * columns).sum() / total), total / min(height, width)), cover, colour


def _longest_run(flags: NDArray[np.bool_]) -> tuple[int, int]:
    """Begin and end (exclusive) of the longest run of true values; (0, 0) if there is none."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    if len(edges) == 0:
        return 0, 0
    runs = edges.reshape(-1, 2)
    first, last = runs[(runs[:, 1] - runs[:, 0]).argmax()]
    return int(first), int(last)
