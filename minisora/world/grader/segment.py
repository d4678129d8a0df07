"""From pixels to soft masks: how much of each pixel is filled by an actor of each colour.

A colour gives the first guess only: the pixels that clearly have it say which colours are there and what they really
look like in this clip (a decoder shifts them a little); then every pixel is taken as a mixture of the ground and one
of those.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minisora.world.grader.ground import Floats, Ground, grown, squared_distances, widest
from minisora.world.tables import World

NEAR = 62.0  # RGB distance within which a pixel has an actor's colour
OFF_GROUND = 55.0  # least distance of such a pixel from the ground
LEAST_PIXELS = 5e-4  # of a frame (2 pixels of 64×64) that show a colour in a frame
LEAST_PEAK = 1.7e-3  # of a frame (7 pixels of 64×64) that show it in its best frame
LEAST_FRAMES = 0.12  # of the frames that show it
SLIGHT = 8.0  # of 255, in the channel that differs most: everything below is ground
FAINT = 0.1  # cover below which a pixel counts as ground
TAKEN = 0.3  # cover from which a pixel belongs to something


@dataclass(frozen=True)
class Masks:
    """Soft masks of a clip.

    Attributes:
        names: colours that are there.
        colours: (k, 3), 0…255, as they look in this clip.
        cover: (k, f, h, w), 0…1; each pixel belongs to one colour at most.
        free: (k, f, h, w): false where another colour or the wall is in front, or a pixel away.
    """

    names: tuple[str, ...]
    colours: Floats
    cover: Floats
    free: NDArray[np.bool_]


def segment(world: World, video: Floats, ground: Ground) -> Masks:
    """The soft masks of a clip (f, h, w, 3), 0…255."""
    away = video - ground.picture
    front = np.broadcast_to(widest(away) > SLIGHT, video.shape[:3])  # all else is plainly ground
    pixels, away = video[front], away[front]  # (m, 3)
    core = _core(world, pixels, away)
    wall = np.broadcast_to(ground.wall_cover, video.shape[:3])[front]
    core[wall >= 0.5] = -1
    frames = np.nonzero(front)[0]
    kept = _present(core, frames, video.shape)
    names = tuple(list(world.colours)[k] for k in kept)
    colours = np.array([_look(pixels[core == k]) for k in kept], dtype=np.float32).reshape(-1, 3)
    cover = np.zeros((len(kept), *video.shape[:3]), dtype=np.float32)
    cover[:, front] = _unmix(pixels, away, colours, ground)
    behind = ground.wall_cover > 0.15
    free = np.ones(cover.shape, dtype=bool)
    for k in range(len(names)):
        free[k] = ~grown((np.delete(cover, k, axis=0) > TAKEN).any(0) | behind)
    return Masks(names, colours, cover * (~behind), free)


def _core(world: World, pixels: Floats, away: Floats) -> NDArray[np.int64]:
    """Index of the colour that each pixel (m, 3) clearly has, -1 for none; (m,)."""
    palette = np.array([colour.rgb for colour in world.colours.values()], dtype=np.float32)
    distance = squared_distances(pixels, palette)
    close = (distance.min(-1) < NEAR**2) & (np.einsum("mc,mc->m", away, away) > OFF_GROUND**2)
    return np.where(close, distance.argmin(-1), -1)


def _present(core: NDArray[np.int64], frames: NDArray[np.int64], shape: tuple[int, ...]) -> list[int]:
    """Colours that are seen in enough pixels of enough frames."""
    pixels = shape[1] * shape[2]
    kept = []
    for k in np.unique(core[core >= 0]):
        counts = np.bincount(frames[core == k], minlength=shape[0])
        often = (counts >= max(2, LEAST_PIXELS * pixels)).mean()
        if often > LEAST_FRAMES and counts.max() >= LEAST_PEAK * pixels:
            kept.append(int(k))
    return kept


def _look(found: Floats) -> Floats:
    return np.asarray(np.median(found[:: 1 + len(found) // 2000], axis=0), dtype=np.float32)


def _unmix(pixels: Floats, away: Floats, colours: Floats, ground: Ground) -> Floats:
    """Each pixel (m, 3) as a mixture of the ground and the one colour (or the wall) that explains it best; (k, m)."""
    under = pixels - away
    looks = [*colours, *([ground.wall_colour] if ground.wall else [])]
    covers = np.zeros((len(looks), len(pixels)), dtype=np.float32)
    errors = np.zeros_like(covers)
    for k, look in enumerate(looks):
        way = look - under
        covers[k] = np.clip(np.einsum("mc,mc->m", away, way) / np.einsum("mc,mc->m", way, way), 0, 1)
        rest = away - covers[k][:, None] * way
        errors[k] = np.einsum("mc,mc->m", rest, rest)
    if len(looks) > 1:
        covers[np.arange(len(looks))[:, None] != errors.argmin(0)] = 0
    covers[covers < FAINT] = 0
    return covers[: len(colours)]
