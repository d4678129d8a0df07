"""From a scene to pixels: anti-aliased layers, put over each other from back to front.

Each edge is a ramp of one pixel through the signed distance, so a figure's ink equals its area at any place and size.
An actor is drawn in a window round its place, not in the whole frame: most of a clip's cost is in the distances.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from minisora.errors import SettingError
from minisora.world.scene import Actor, Scene
from minisora.world.tables import Canvas, Part, Pose, Shape, World

FARTHEST_PART = 1.6  # in radii; what a character may stretch out
FARTHEST_INK = 1.28  # in radii; the largest figure, a star, ends at 1.2, and its edge needs a pixel more


@dataclass(frozen=True)
class Layers:
    """A rendered scene, kept apart.

    Attributes:
        ground: (f, h, w, 3), 0…1, background with its texture, or place.
        colours: (n, 3), 0…1, flat colour of each actor, before the light falls on it.
        pictures: (n, f, h, w, 3) or, of flat figures, (n, 1, 1, 1, 3), 0…1: what each actor is painted with.
        covers: (n, f, h, w), 0…1, how much of a pixel each actor would fill if nothing were before it.
        wall: (f, h, w), 0…1, cover of the wall or of the prop (all 0 without one).
        wall_picture: (f, h, w, 3) or (3,), 0…1.
        veil: (f, h, w), 0…1, cover of the weather before all of it; None where it is clear.
        veil_colour: (3,), 0…1.
    """

    ground: Tensor
    colours: Tensor
    pictures: Tensor
    covers: Tensor
    wall: Tensor
    wall_picture: Tensor
    veil: Tensor | None = None
    veil_colour: Tensor | None = None

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
        for cover, picture in zip(self.covers, self.pictures, strict=True):
            canvas = torch.lerp(canvas, picture.expand_as(canvas), cover[..., None])
        canvas = torch.lerp(canvas, self.wall_picture.expand_as(canvas), self.wall[..., None])
        if self.veil is not None and self.veil_colour is not None:
            canvas = torch.lerp(canvas, self.veil_colour.expand_as(canvas), self.veil[..., None])
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
    view, size = camera_view(world, scene, times), (height, width)
    dark = world.lights[scene.light].dark if scene.light else 0.0
    canvas = canvas_of(view, torch.as_tensor(times, dtype=torch.float32), size, dark)
    tint = torch.tensor(world.lights[scene.light].tint if scene.light else (1.0, 1.0, 1.0))
    colours = torch.tensor([world.colours[actor.colour].rgb for actor in scene.actors]).reshape(-1, 3) / 255
    drawn = [actor_layer(world, scene, actor, times, view, size) for actor in scene.actors]
    wall, wall_picture = _wall_layer(world, scene, view, canvas, size)
    veil, veil_colour = _veil(world, scene, canvas)
    empty = torch.zeros(0, num_frames, height, width)
    flat = all(picture.shape[:3] == (1, 1, 1) for _, picture in drawn)
    frame = (1, 1, 1, 3) if flat else (num_frames, height, width, 3)
    return Layers(
        ground=_ground(world, scene, view, canvas, size),
        colours=colours,
        pictures=torch.stack([picture.expand(frame) for _, picture in drawn]) * tint if drawn else empty[..., None],
        covers=torch.stack([cover for cover, _ in drawn]) if drawn else empty,
        wall=wall,
        wall_picture=wall_picture * tint,
        veil=veil,
        veil_colour=veil_colour,
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


def canvas_of(view: View, times: Tensor, size: tuple[int, int], dark: float) -> Canvas:
    """Coordinates of all pixels in all frames, for places and weathers to be painted on.

    Args:
        view: of the camera.
        times: (f,) seconds.
        size: height and width in pixels.
        dark: from 0, day, to 1, night.
    """
    x, y = pixel_centres(*size)
    frames = (len(times), *size)
    moments = times.reshape(-1, 1, 1)
    across, down, zoom = (values.reshape(-1, 1, 1) for values in (view.offset_x, view.offset_y, view.zoom))
    return Canvas(x.expand(frames), y[:, None].expand(frames), across, down, zoom, moments, min(size), dark)


def _ground(world: World, scene: Scene, view: View, canvas: Canvas, size: tuple[int, int]) -> Tensor:
    height, width = size
    background = world.backgrounds[scene.background]
    if background.paint is not None:
        return background.paint(canvas).clamp(0, 1)
    plain = torch.tensor(background.rgb) / 255
    frames = len(view.zoom)
    if not scene.texture:
        return plain.expand(frames, height, width, 3)
    texture = world.textures[scene.texture]
    x, y = _world_coordinates(view, size)  # (f, h, w) each
    pixel = (1 / (min(size) * view.zoom))[:, None, None]
    cover = texture.cover(x, y, pixel) * texture.lighten
    return torch.lerp(plain.expand(frames, height, width, 3), torch.ones(3), cover[..., None])


def _wall_layer(world: World, scene: Scene, view: View, canvas: Canvas, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Cover (f, h, w) of what hides actors, and what it is painted with."""
    height, width = size
    slab = torch.tensor(world.wall_rgb) / 255
    if scene.wall is None:
        return torch.zeros(len(view.zoom), height, width), slab
    x, y = _world_coordinates(view, size)
    pixel = (1 / (min(size) * view.zoom))[:, None, None]
    if not scene.wall.prop:
        return ((scene.wall.width / 2 - (x - scene.wall.x).abs()) / pixel + 0.5).clamp(0, 1), slab
    radius = scene.wall.radius
    turned_x, turned_y = (x - scene.wall.x) / radius, (y - scene.wall.y) / radius
    parts = world.props[scene.wall.prop].parts
    return draw_parts(parts, turned_x, turned_y, canvas.times * 0, radius / pixel, slab)


def _veil(world: World, scene: Scene, canvas: Canvas) -> tuple[Tensor | None, Tensor | None]:
    """The weather: its cover (f, h, w) and its colour (3,), as dark as the night is."""
    weather = world.weathers[scene.weather].veil if scene.weather else None
    if weather is None:
        return None, None
    return weather(canvas)


def _world_coordinates(view: View, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    x, y = pixel_centres(*size)
    frames = (len(view.zoom), *size)
    world_x = x[None, None, :] / view.zoom[:, None, None] + view.offset_x[:, None, None]
    world_y = y[None, :, None] / view.zoom[:, None, None] + view.offset_y[:, None, None]
    return world_x.expand(frames), world_y.expand(frames)


def actor_layer(
    world: World, scene: Scene, actor: Actor, times: np.ndarray, view: View, size: tuple[int, int]
) -> tuple[Tensor, Tensor]:
    """One actor, drawn in a window that follows it.

    Args:
        world: tables that say how it is drawn.
        scene: which it is in.
        actor: who.
        times: (f,) seconds.
        view: of the camera, as `camera_view` gives it.
        size: height and width of the frame in pixels.
    Returns:
        Its cover (f, h, w), 0…1, and what it is painted with, (f, h, w, 3), or (1, 1, 1, 3) for a flat figure.
    """
    shape, ink = world.shapes[actor.shape], torch.tensor(world.colours[actor.colour].rgb) / 255
    pose = pose_of(world, scene, actor, times)
    centres, radii = screen_track(world, scene, actor, times)
    turns = stance(shape, torch.as_tensor(pose.angle, dtype=torch.float32))
    side = min(size)
    middle = torch.as_tensor(centres, dtype=torch.float32)  # (f, 2)
    radius = torch.as_tensor(radii, dtype=torch.float32)  # (f,)
    reach = FARTHEST_PART if shape.parts else FARTHEST_INK
    rows, columns = _window(middle, float(radius.max()) * reach * side + 2, size)  # (f, s), (f, s)
    x = ((columns + 0.5 - size[1] / 2) / side - middle[:, :1])[:, None, :]  # (f, 1, s)
    y = ((rows + 0.5 - size[0] / 2) / side - middle[:, 1:])[:, :, None]  # (f, s, 1)
    cos, sin = torch.cos(turns.angle)[:, None, None], torch.sin(turns.angle)[:, None, None]
    unit = radius[:, None, None]
    mirror = turns.mirror[:, None, None]
    turned_x, turned_y = mirror * (cos * x + sin * y) / unit, (cos * y - sin * x) / unit  # (f, s, s), in radii
    if shape.parts:
        beat = torch.as_tensor(beats(shape, actor, pose, times), dtype=torch.float32)[:, None, None]
        small, inks = draw_parts(shape.parts, turned_x, turned_y, beat, unit * side, ink)
    else:
        small = (0.5 - shape.distance(turned_x, turned_y) * unit * side).clamp(0, 1)
    frames = torch.arange(len(times))[:, None, None]
    place = frames, rows[:, :, None], columns[:, None, :]
    cover = torch.zeros(len(times), *size)
    cover[place] = small
    if not shape.parts:
        return cover, ink.reshape(1, 1, 1, 3)
    picture = ink.expand(len(times), *size, 3).clone()
    picture[place] = inks
    return cover, picture


class Stance(NamedTuple):
    """How a figure is put on the screen: turned by `angle` (f,), and mirrored first where `mirror` (f,) is -1."""

    angle: Tensor
    mirror: Tensor


def stance(shape: Shape, angle: Tensor) -> Stance:
    """How a figure stands that goes, or is turned, in a direction (f,).

    A flat figure is turned by it. An upright one is mirrored on the way left, and leans up or down by at most its
    `lean`; straight up and down it faces right.
    """
    if not shape.upright:
        return Stance(angle, torch.ones_like(angle))
    mirror = torch.where(torch.cos(angle) < -1e-3, -1.0, 1.0)
    lean = torch.asin(torch.sin(angle).clamp(-1, 1)).clamp(-shape.lean, shape.lean)
    return Stance(mirror * lean, mirror)


def beats(shape: Shape, actor: Actor, pose: Pose, times: np.ndarray) -> np.ndarray:
    """How often a character's movement has come round, (f,): with time, and with the way that it has gone.

    The way is read off its place, not added up, so that a clip from the middle of a scene shows the same.
    """
    way = np.where(np.cos(pose.angle) < -1e-3, -1.0, 1.0) * pose.x
    return np.asarray(shape.gait.a_second * times + shape.gait.a_radius * way / actor.radius)


def draw_parts(
    parts: Sequence[Part], x: Tensor, y: Tensor, beat: Tensor, scale: Tensor, ink: Tensor
) -> tuple[Tensor, Tensor]:
    """Parts one over another: cover (f, s, s), and colours (f, s, s, 3) of what is covered; `scale` is pixels a radius.

    Edges are blended by cover, and colours are what they would be without anything behind (so none shines through).
    """
    cover, paint = torch.zeros_like(x + y), torch.zeros(*(x + y).shape, 3)
    for part in parts:
        own = (0.5 - part.distance(x, y, beat) * scale).clamp(0, 1)
        colour = ink if part.ink is None else torch.tensor(part.ink) / 255
        colour = torch.lerp(colour, torch.full((3,), float(part.shade > 0)), abs(part.shade))
        paint = torch.lerp(paint, colour.expand_as(paint), own[..., None])  # premultiplied by the cover
        cover = own + cover * (1 - own)
    return cover, paint / cover.clamp(min=1e-3)[..., None]


def _window(middle: Tensor, reach: float, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Rows and columns (f, s) of a square window of half side `reach` pixels, moved so that it lies in the frame."""
    spans = []
    for axis, extent in ((1, size[0]), (0, size[1])):
        length = min(2 * math.ceil(reach) + 1, extent)
        place = middle[:, axis] * min(size) + extent / 2 - length / 2
        first = place.round().clamp(0, extent - length).long()
        spans.append(first[:, None] + torch.arange(length))
    return spans[0], spans[1]
