"""From a scene to pixels: anti-aliased layers, put over each other from back to front.

Each edge is a ramp of one pixel through the signed distance, so a figure's ink equals its area at any place and size.
An actor is drawn in a window round its place, not in the whole frame: most of a clip's cost is in the distances.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from minisora.errors import SettingError
from minisora.world.scene import Actor, Scene
from minisora.world.tables import Pose, World

FARTHEST_INK = 1.28  # in radii; the largest figure, a star, ends at 1.2, and its edge needs a pixel more


@dataclass(frozen=True)
class Layers:
    """A rendered scene, kept apart.

    Attributes:
        ground: (f, h, w, 3), 0…1, background with its texture.
        colours: (n, 3), 0…1, flat colour of each actor.
        covers: (n, f, h, w), 0…1, how much of a pixel each actor would fill if nothing were before it.
        wall: (f, h, w), 0…1, cover of the wall (all 0 without one).
        wall_colour: (3,), 0…1.
    """

    ground: Tensor
    colours: Tensor
    covers: Tensor
    wall: Tensor
    wall_colour: Tensor

    def visible(self) -> Tensor:
        """What is seen of each actor after all that is before it: (n, f, h, w), 0…1."""
        shown = torch.empty_like(self.covers)
        free = 1 - self.wall
        for index in range(len(self.covers) - 1, -1, -1):
            shown[index] = self.covers[index] * free
            free = free * (1 - self.covers[index])
        return shown

    def compose(self) -> Tensor:
        """The clip as uint8 (f, h, w, 3)."""
        canvas = self.ground
        for cover, colour in zip(self.covers, self.colours, strict=True):
            canvas = torch.lerp(canvas, colour.expand_as(canvas), cover[..., None])
        canvas = torch.lerp(canvas, self.wall_colour.expand_as(canvas), self.wall[..., None])
        return (canvas * 255).round().to(torch.uint8)


@dataclass(frozen=True)
class View:
    """Where pixels lie in the world, frame by frame: world = screen / zoom + offset.

    `zoom`, `offset_x`, `offset_y` have shape (f,); screen coordinates are in shorter sides from the middle.
    """

    zoom: Tensor
    offset_x: Tensor
    offset_y: Tensor


def clip_times(num_frames: int, fps: float, start: float = 0.0) -> np.ndarray:
    """The moments of a clip's frames in seconds, (f,)."""
    return start + np.arange(num_frames, dtype=np.float64) / fps


def render(
    world: World,
    scene: Scene,
    num_frames: int = 17,
    height: int = 64,
    width: int = 64,
    fps: float = 8.0,
    start: float = 0.0,
) -> Tensor:
    """Draw a scene.

    Args:
        world: tables that say how each name is drawn.
        scene: what to draw; its aspect should be that of the frame (an other one shows more or less of the sides).
        num_frames: number of frames, at least 1.
        height, width: pixels, at least 8.
        fps: frames per second.
        start: seconds into the scene at the first frame.
    Returns:
        uint8 (f, h, w, 3), RGB.
    Raises:
        SettingError: a size, count or rate that can't be drawn.
    """
    return render_layers(world, scene, num_frames, height, width, fps, start).compose()


def render_layers(
    world: World,
    scene: Scene,
    num_frames: int = 17,
    height: int = 64,
    width: int = 64,
    fps: float = 8.0,
    start: float = 0.0,
) -> Layers:
    """The layers of a scene, for the grader and for training heads; arguments as in `render`."""
    _check(num_frames, height, width, fps)
    times = clip_times(num_frames, fps, start)
    view = camera_view(world, scene, times)
    covers = [_actor_cover(world, scene, actor, times, view, (height, width)) for actor in scene.actors]
    empty = torch.zeros(0, num_frames, height, width)
    return Layers(
        ground=_ground(world, scene, view, (height, width)),
        colours=torch.tensor([world.colours[actor.colour].rgb for actor in scene.actors]).reshape(-1, 3) / 255,
        covers=torch.stack(covers) if covers else empty,
        wall=_wall_cover(scene, view, (height, width)),
        wall_colour=torch.tensor(world.wall_rgb) / 255,
    )


def pose_of(world: World, scene: Scene, actor: Actor, times: np.ndarray) -> Pose:
    """Where an actor is in the world at the given moments."""
    return world.motions[actor.motion].path(actor, times, scene.half)


def camera_view(world: World, scene: Scene, times: np.ndarray) -> View:
    """The camera's zoom and offset at the given moments."""
    moments = torch.as_tensor(times, dtype=torch.float32)
    move = world.cameras[scene.camera.move]
    zoom = torch.exp(move.zoom * scene.camera.rate * moments)
    return View(zoom, move.pan[0] * scene.camera.rate * moments, move.pan[1] * scene.camera.rate * moments)


def screen_track(world: World, scene: Scene, actor: Actor, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where an actor's middle is on the screen, (f, 2), and its radius there, (f,), both in shorter sides."""
    pose, view = pose_of(world, scene, actor, times), camera_view(world, scene, times)
    zoom = view.zoom.double().numpy()
    x = (pose.x - view.offset_x.double().numpy()) * zoom
    y = (pose.y - view.offset_y.double().numpy()) * zoom
    return np.stack([x, y], axis=1), actor.radius * pose.scale * zoom


def pixel_centres(height: int, width: int) -> tuple[Tensor, Tensor]:
    """Screen coordinates of the pixels' middles: x (w,) and y (h,), in shorter sides from the frame's middle."""
    side = min(height, width)
    x = (torch.arange(width) + 0.5 - width / 2) / side
    y = (torch.arange(height) + 0.5 - height / 2) / side
    return x, y


def _check(num_frames: int, height: int, width: int, fps: float) -> None:
    if num_frames < 1:
        raise SettingError(f"num_frames={num_frames}, but a clip has at least 1 frame. Use num_frames=1.")
    if min(height, width) < 8:
        raise SettingError(f"{height}×{width} pixels, but each side needs at least 8. Use 64×64.")
    if not 0 < fps < math.inf:
        raise SettingError(f"fps={fps}, but it must be above 0. Use fps=8.")


def _ground(world: World, scene: Scene, view: View, size: tuple[int, int]) -> Tensor:
    height, width = size
    plain = torch.tensor(world.backgrounds[scene.background].rgb) / 255
    frames = len(view.zoom)
    if not scene.texture:
        return plain.expand(frames, height, width, 3)
    texture = world.textures[scene.texture]
    x, y = _world_coordinates(view, size)  # (f, h, w) each
    pixel = (1 / (min(size) * view.zoom))[:, None, None]
    cover = texture.cover(x, y, pixel) * texture.lighten
    return torch.lerp(plain.expand(frames, height, width, 3), torch.ones(3), cover[..., None])


def _wall_cover(scene: Scene, view: View, size: tuple[int, int]) -> Tensor:
    height, width = size
    if scene.wall is None:
        return torch.zeros(len(view.zoom), height, width)
    x, _ = _world_coordinates(view, size)
    pixel = (1 / (min(size) * view.zoom))[:, None, None]
    return ((scene.wall.width / 2 - (x - scene.wall.x).abs()) / pixel + 0.5).clamp(0, 1)


def _world_coordinates(view: View, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    x, y = pixel_centres(*size)
    frames = (len(view.zoom), *size)
    world_x = x[None, None, :] / view.zoom[:, None, None] + view.offset_x[:, None, None]
    world_y = y[None, :, None] / view.zoom[:, None, None] + view.offset_y[:, None, None]
    return world_x.expand(frames), world_y.expand(frames)


def _actor_cover(
    world: World, scene: Scene, actor: Actor, times: np.ndarray, view: View, size: tuple[int, int]
) -> Tensor:
    """Cover of one actor, (f, h, w), drawn in a window that follows it."""
    centres, radii = screen_track(world, scene, actor, times)
    angles = torch.as_tensor(pose_of(world, scene, actor, times).angle, dtype=torch.float32)
    side = min(size)
    middle = torch.as_tensor(centres, dtype=torch.float32)  # (f, 2)
    radius = torch.as_tensor(radii, dtype=torch.float32)  # (f,)
    rows, columns = _window(middle, float(radius.max()) * FARTHEST_INK * side + 2, size)  # (f, s), (f, s)
    x = ((columns + 0.5 - size[1] / 2) / side - middle[:, :1])[:, None, :]  # (f, 1, s)
    y = ((rows + 0.5 - size[0] / 2) / side - middle[:, 1:])[:, :, None]  # (f, s, 1)
    cos, sin = torch.cos(angles)[:, None, None], torch.sin(angles)[:, None, None]
    unit = radius[:, None, None]
    turned_x, turned_y = (cos * x + sin * y) / unit, (cos * y - sin * x) / unit  # (f, s, s), in radii
    distance = world.shapes[actor.shape].distance(turned_x, turned_y) * unit * side  # in pixels
    cover = torch.zeros(len(times), *size)
    frames = torch.arange(len(times))[:, None, None]
    cover[frames, rows[:, :, None], columns[:, None, :]] = (0.5 - distance).clamp(0, 1)
    return cover


def _window(middle: Tensor, reach: float, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Rows and columns (f, s) of a square window of half side `reach` pixels, moved so that it lies in the frame."""
    spans = []
    for axis, extent in ((1, size[0]), (0, size[1])):
        length = min(2 * math.ceil(reach) + 1, extent)
        place = middle[:, axis] * min(size) + extent / 2 - length / 2
        first = place.round().clamp(0, extent - length).long()
        spans.append(first[:, None] + torch.arange(length))
    return spans[0], spans[1]
