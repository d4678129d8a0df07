"""What an autoencoder does to a picture, in three numbers: error, width of an edge, flicker on a still ground."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from minisora.errors import ShapeError
from minisora.world import Scene, World
from minisora.world.render import Layers, clip_times, pixel_centres, pose_of, screen_track

__all__ = ["edge_distance", "edge_width", "flicker", "psnr", "still_ground"]

BEST_PSNR = 100.0  # dB, said of two equal clips
PLATEAU = 4.0  # pixels from an edge at which both sides must have settled
BINS_PER_PIXEL = 4
RIM = 2  # pixels round an actor that count neither as actor nor as ground
WHOLE = 1.3  # radii from its middle within which all of an actor lies


def psnr(clip: Tensor, reference: Tensor) -> float:
    """Peak signal-to-noise ratio of one clip.

    Args:
        clip: uint8 (f, h, w, 3).
        reference: same shape.
    Returns:
        dB, over all frames and colours at once; 100 where both are equal.
    Raises:
        ShapeError: the two shapes differ.
    """
    if clip.shape != reference.shape:
        raise ShapeError(f"clips of {tuple(clip.shape)} and {tuple(reference.shape)} cannot be compared.")
    error = (clip.double() - reference.double()).square().mean().item()
    return BEST_PSNR if error == 0 else min(BEST_PSNR, 10 * math.log10(255**2 / error))


def flicker(clip: Tensor, ground: Tensor) -> float:
    """How much a ground that should stand still changes from frame to frame.

    Args:
        clip: uint8 (f, h, w, 3), two frames or more.
        ground: bool (h, w), pixels that show nothing but ground in every frame.
    Returns:
        Mean absolute difference of consecutive frames, in 1/255; NaN without a pixel of ground.
    """
    pixels = clip[:, ground].double()  # (f, m, 3)
    return pixels.diff(dim=0).abs().mean().item()


def still_ground(layers: Layers) -> Tensor:
    """Pixels that no actor and no wall comes near in any frame: bool (h, w)."""
    covered = torch.cat([layers.covers, layers.wall[None]]).amax(dim=(0, 1))  # (h, w)
    near = F.max_pool2d(covered[None, None], 2 * RIM + 1, stride=1, padding=RIM)[0, 0]
    return near == 0


# --- edges ------------------------------------------------------------------------------------------------------------


def edge_distance(world: World, scene: Scene, num_frames: int, height: int, width: int, fps: float) -> Tensor | None:
    """Signed distance of each pixel to a lone actor's edge, where that edge can be measured.

    Args:
        world: tables that say how a shape is drawn.
        scene: one actor on a plain, still ground without a wall.
        num_frames, height, width, fps: of the clip.
    Returns:
        Pixels, negative inside, (f, h, w) for the frames that show the whole actor; NaN in all others. None where the
        scene is of another kind, or the actor is nowhere wide enough for its colour to settle.
    """
    if len(scene.actors) != 1 or not _flat(world, scene) or scene.wall or scene.camera.move != world.still_camera:
        return None
    actor, times, side = scene.actors[0], clip_times(num_frames, fps), min(height, width)
    centres, radii = screen_track(world, scene, actor, times)
    angles = pose_of(world, scene, actor, times).angle
    x, y = pixel_centres(height, width)
    frames = [
        _distance(world, actor.shape, (x[None, :] - cx) / radius, (y[:, None] - cy) / radius, angle) * radius * side
        for (cx, cy), radius, angle in zip(centres, radii, angles, strict=True)
    ]
    distance = torch.stack(frames)
    whole = (np.abs(centres) + WHOLE * radii[:, None] < np.array(scene.half)).all(axis=1)
    deep = torch.from_numpy(whole) & (distance.amin(dim=(1, 2)) < -PLATEAU)
    return torch.where(deep[:, None, None], distance, torch.nan) if deep.any() else None


def _flat(world: World, scene: Scene) -> bool:
    """Whether all that is seen are flat figures on one colour."""
    figures = all(not world.shapes[actor.shape].parts for actor in scene.actors)
    return figures and not scene.texture and world.backgrounds[scene.background].paint is None


def _distance(world: World, shape: str, x: Tensor, y: Tensor, angle: float) -> Tensor:
    cos, sin = math.cos(angle), math.sin(angle)
    return world.shapes[shape].distance(cos * x + sin * y, cos * y - sin * x)


def edge_width(clip: Tensor, distance: Tensor, colour: Tensor, ground: Tensor) -> float:
    """The 10-90 % rise distance across an actor's edge.

    Every pixel is put on the line from the ground's colour (0) to the actor's (1); the mean of that over the distance
    to the true edge is the edge's profile (the slanted-edge method of measuring lenses), scaled to its own plateaus.

    Args:
        clip: uint8 (f, h, w, 3).
        distance: (f, h, w) as `edge_distance` gives it.
        colour, ground: (3,), 0…255.
    Returns:
        Pixels between the places where the profile passes 90 % and 10 %; an ideal ramp of one pixel gives 0.8. NaN
        where there is no rise.
    """
    way = (colour - ground).double()
    cover = (clip.double() - ground) @ way / (way @ way)
    return _rise(_profile(cover, distance.double()))


def _profile(cover: Tensor, distance: Tensor) -> NDArray[np.float64]:
    """Mean cover in bins of distance from -PLATEAU to PLATEAU."""
    near = distance.abs() < PLATEAU  # NaN is not near
    place = ((distance[near] + PLATEAU) * BINS_PER_PIXEL).long()
    count = round(2 * PLATEAU * BINS_PER_PIXEL)
    total = torch.zeros(count, dtype=torch.double).index_add_(0, place, cover[near])
    number = torch.bincount(place, minlength=count)
    profile: NDArray[np.float64] = (total / number.clamp(min=1)).numpy()
    filled = np.flatnonzero(number.numpy())
    return np.interp(np.arange(count), filled, profile[filled])


def _rise(profile: NDArray[np.float64]) -> float:
    """Distance between 90 % and 10 % of a profile that falls from inside to outside."""
    inside, outside = profile[:BINS_PER_PIXEL].mean(), profile[-BINS_PER_PIXEL:].mean()
    if not inside - outside > 1e-3:
        return math.nan
    falling = np.minimum.accumulate((profile - outside) / (inside - outside))
    places = np.arange(len(profile)) / BINS_PER_PIXEL
    near, far = np.interp([-0.9, -0.1], -falling, places)
    return float(far - near)
