"""Which place a clip shows, in which light, and how the camera moves: every place is painted and held against it.

Differences are cut off at `CUT`, so that actors, which cover a good part of the picture, count the same whatever they
are. The drops of a weather are not looked for here: on the average they are a thin veil.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from minisora.world.render import View, canvas_of
from minisora.world.scene import Camera
from minisora.world.tables import Background, CameraMove, Canvas, Weather, World

CUT = 0.16  # of 1, beyond which a difference says only that something else is there
COARSE = 64  # pixels of the shorter side on which places are compared
UNKNOWN = 0.09  # mean cut difference from which no place fits
UNSTEADY = 0.035  # more than the mean by which a frame shows another place
VEIL_MOMENTS = 24  # frames over which a weather's drops are averaged
MOVED = 0.15  # of what a wrong rate costs, that a still camera must cost for the camera to move
LEAST_GAIN = 0.0004  # of the cut difference
AMOUNT_STEP = 1 / 40  # shorter sides, or logarithm of the zoom, at first
FAST = 1.3  # how much faster than the table's fastest a camera may be
BESIDE = 0.18  # of a pixel that comes from each neighbour in a soft picture
ROUNDS = 3  # of refining a camera's rate, each four times as fine

Paint = Callable[[Canvas], Tensor]


@dataclass(frozen=True)
class Place:
    """A place as it was found; pictures are 0…1.

    Attributes:
        background, light, weather: names in the world's tables; background "" if none fits.
        camera: its move and rate.
        zoom, offset: (f,) and (f, 2): world = screen / zoom + offset.
        picture: (f, h, w, 3) without weather.
        veil: (h, w) mean cover of the weather; `veil_colour` (3,).
        tint: (3,) by which the light multiplies what stands in the place.
        dark: of the light.
        steady: whether all frames show it.
        error: mean cut difference.
    """

    background: str
    light: str
    weather: str
    camera: Camera
    zoom: Tensor
    offset: Tensor
    picture: Tensor
    veil: Tensor
    veil_colour: Tensor
    tint: Tensor
    dark: float
    steady: bool
    error: float

    def veiled(self) -> Tensor:
        """The place with the weather's mean over it, (f, h, w, 3)."""
        return torch.lerp(self.picture, self.veil_colour.expand_as(self.picture), self.veil[..., None])

    def unveiled(self, clip: Tensor) -> Tensor:
        """A clip (f, h, w, 3), 0…1, with the weather's mean taken off."""
        share = self.veil[..., None]
        return (clip - share * self.veil_colour) / (1 - share)


def find_place(world: World, clip: Tensor, times: Tensor) -> Place:
    """The place of a clip (f, h, w, 3), 0…1, whose frames are at `times` (f,) seconds."""
    size = (clip.shape[1], clip.shape[2])
    small = pooled(clip, coarse_size(size))
    names, costs = _compare(world, small[0], size)
    best = int(costs.argmin())
    background, light, weather = names[best]
    entry, dark = world.backgrounds[background], world.lights[light].dark if light else 0.0
    veil, veil_colour = mean_veil(_weather(world, weather), dark, size)
    camera = _camera(world, entry, dark, small, times, (veil, veil_colour))
    return _place(world, (background, light, weather), camera, clip, times)


def with_weather(world: World, place: Place, weather: str) -> Place:
    """The same place under another weather."""
    size = (place.picture.shape[1], place.picture.shape[2])
    veil, colour = mean_veil(_weather(world, weather), place.dark, size)
    return replace(place, weather=weather, veil=veil, veil_colour=colour)


def _place(world: World, names: tuple[str, str, str], camera: Camera, clip: Tensor, times: Tensor) -> Place:
    background, light, weather = names
    size = (clip.shape[1], clip.shape[2])
    dark = world.lights[light].dark if light else 0.0
    zoom, offset = view_of(world.cameras[camera.move], torch.full_like(times, camera.rate) * times)
    picture = paint(world.backgrounds[background], dark, zoom, offset, times, size)
    veil, colour = mean_veil(_weather(world, weather), dark, size)
    if world.backgrounds[background].paint is not None:
        picture = _as_soft(picture, clip, (veil, colour))
    veiled = torch.lerp(picture, colour.expand_as(picture), veil[..., None])
    each = cut_difference(pooled(clip, coarse_size(size)), pooled(veiled, coarse_size(size)))
    error = float(each.mean())
    steady = bool((each < float(each.median()) + UNSTEADY).float().mean() > 0.9)
    tint = torch.tensor(world.lights[light].tint) if light else torch.ones(3)
    known = background if error < UNKNOWN else ""
    return Place(known, light, weather, camera, zoom, offset, picture, veil, colour, tint, dark, steady, error)


def _as_soft(picture: Tensor, clip: Tensor, veil: tuple[Tensor, Tensor]) -> Tensor:
    """A painted place, blurred a little if the clip is more like that: a decoder's pictures are soft."""
    some = slice(None, None, max(1, len(clip) // 3))
    soft, differences = softly(picture), []
    for option in (picture, soft):
        veiled = torch.lerp(option[some], veil[1].expand_as(option[some]), veil[0][..., None])
        differences.append(float(cut_difference(veiled, clip[some]).mean()))
    return soft if differences[1] < differences[0] else picture


def softly(picture: Tensor) -> Tensor:
    """Frames (f, h, w, c) blurred by about 0.6 pixels, across and down."""
    for axis in (1, 2):
        count = picture.shape[axis]
        before = torch.arange(count).sub(1).clamp(min=0)
        after = torch.arange(count).add(1).clamp(max=count - 1)
        beside = picture.index_select(axis, before) + picture.index_select(axis, after)
        picture = picture * (1 - 2 * BESIDE) + beside * BESIDE
    return picture


# --- comparing --------------------------------------------------------------------------------------------------------


def pooled(clip: Tensor, size: tuple[int, int]) -> Tensor:
    """Frames (f, h, w, c) averaged down to a smaller size; as they are if they are small already."""
    if tuple(clip.shape[1:3]) == size:
        return clip
    return adaptive_avg_pool2d(clip.movedim(-1, 1), size).movedim(1, -1)


def coarse_size(size: tuple[int, int]) -> tuple[int, int]:
    """A size of the same aspect whose shorter side is at most COARSE pixels."""
    scale = min(1.0, COARSE / min(size))
    return round(size[0] * scale), round(size[1] * scale)


def cut_difference(one: Tensor, other: Tensor) -> Tensor:
    """Mean over pixels of the absolute difference, cut off at CUT: (..., h, w, 3) → (...)."""
    return (one - other).abs().mean(-1).clamp(max=CUT).mean((-1, -2))


def _compare(world: World, frame: Tensor, size: tuple[int, int]) -> tuple[list[tuple[str, str, str]], Tensor]:
    """All places with their lights and weathers, and how far (n,) a first frame is from each."""
    names, pictures = [], []
    coarse = (frame.shape[0], frame.shape[1])
    for background, entry in world.backgrounds.items():
        for light in entry.lights or ("",):
            dark = world.lights[light].dark if light else 0.0
            picture = _still(entry.paint or entry.rgb, dark, size, coarse)
            for weather in [name for name in entry.weathers if name in world.weathers] or [""]:
                veil, colour = mean_veil(_weather(world, weather), dark, size)
                cover = pooled(veil[None, ..., None], coarse)[0]
                names.append((background, light, weather))
                pictures.append(torch.lerp(picture, colour.expand_as(picture), cover))
    return names, cut_difference(torch.stack(pictures), frame)


@lru_cache(maxsize=256)
def _still(ground: Paint | tuple[int, int, int], dark: float, size: tuple[int, int], coarse: tuple[int, int]) -> Tensor:
    """A place at time 0 without a camera's move, painted in full size and averaged down, (h, w, 3)."""
    start = torch.zeros(1)
    return pooled(_painted(ground, dark, torch.ones(1), torch.zeros(1, 2), start, size), coarse)[0]


def _weather(world: World, name: str) -> Weather | None:
    return world.weathers[name] if name else None


def mean_veil(weather: Weather | None, dark: float, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """What a weather covers on the average, (h, w), and its colour (3,)."""
    veil = weather.veil if weather else None
    return (torch.zeros(size), torch.zeros(3)) if veil is None else _mean_veil(veil, dark, size)


@lru_cache(maxsize=64)
def _mean_veil(
    veil: Callable[[Canvas], tuple[Tensor, Tensor]], dark: float, size: tuple[int, int]
) -> tuple[Tensor, Tensor]:
    moments = torch.arange(VEIL_MOMENTS) * 0.37
    still = torch.ones(VEIL_MOMENTS), torch.zeros(VEIL_MOMENTS, 2)
    cover, colour = veil(canvas(dark, *still, moments, size))
    mean = cover.expand(VEIL_MOMENTS, *size).mean(0)
    rough = adaptive_avg_pool2d(mean[None, None], (8, 8))  # the drops of so few frames still show
    smooth = torch.nn.functional.interpolate(rough, size, mode="bilinear", align_corners=False)[0, 0]
    drops = float((cover.expand(VEIL_MOMENTS, *size) - mean).abs().mean()) > 0.003
    return (smooth if drops else mean), colour.reshape(3)


# --- painting ---------------------------------------------------------------------------------------------------------


def canvas(dark: float, zoom: Tensor, offset: Tensor, times: Tensor, size: tuple[int, int]) -> Canvas:
    """What places and weathers are painted on, for cameras zoom (f,), offset (f, 2) at times (f,)."""
    return canvas_of(View(zoom, offset[:, 0], offset[:, 1]), times, size, dark)


def paint(entry: Background, dark: float, zoom: Tensor, offset: Tensor, times: Tensor, size: tuple[int, int]) -> Tensor:
    """A background (f, h, w, 3), 0…1."""
    return _painted(entry.paint or entry.rgb, dark, zoom, offset, times, size)


def _painted(
    ground: Paint | tuple[int, int, int],
    dark: float,
    zoom: Tensor,
    offset: Tensor,
    times: Tensor,
    size: tuple[int, int],
) -> Tensor:
    if not callable(ground):
        return (torch.tensor(ground) / 255).expand(len(zoom), *size, 3)
    return ground(canvas(dark, zoom, offset, times, size)).clamp(0, 1).expand(len(zoom), *size, 3)


# --- the camera -------------------------------------------------------------------------------------------------------


def view_of(move: CameraMove, amount: Tensor) -> tuple[Tensor, Tensor]:
    """Zoom (n,) and offset (n, 2) of a move by signed amounts (n,): shorter sides, or the zoom's logarithm."""
    return torch.exp(move.zoom * amount), torch.tensor(move.pan)[None, :] * amount[:, None]


def _camera(
    world: World, entry: Background, dark: float, small: Tensor, times: Tensor, veil: tuple[Tensor, Tensor]
) -> Camera:
    """The move under which a place is most like the later frames (f, h, w, 3)."""
    still = Camera(world.still_camera, 0.0)
    span = float(times[-1])
    if entry.paint is None or len(small) < 3 or span <= 0:
        return still
    size = (small.shape[1], small.shape[2])
    cover, colour = pooled(veil[0][None, ..., None], size), veil[1]
    chosen = [len(small) // 2, 3 * len(small) // 4, len(small) - 1]

    def cost(move: CameraMove, rates: Tensor, frames: list[int]) -> Tensor:
        """Mean cut difference (n,) of some frames under a move at these rates."""
        moments = times[frames].repeat(len(rates))  # (n·k,)
        zoom, offset = view_of(move, rates.repeat_interleave(len(frames)) * moments)
        picture = paint(entry, dark, zoom, offset, moments, size)
        picture = torch.lerp(picture, colour.expand_as(picture), cover)
        return cut_difference(picture, small[frames].repeat(len(rates), 1, 1, 1)).reshape(len(rates), -1).mean(1)

    best, camera = 0.0, still
    for move, fastest in _axes(world):
        step = AMOUNT_STEP / span
        count = math.ceil(fastest / step)
        rates = torch.arange(-count, count + 1) * step
        costs = cost(move, rates, chosen[-1:])
        gain, rate = float(costs[count] - costs.min()), rates[int(costs.argmin())]
        if gain < max(MOVED * float(costs.median() - costs.min()), LEAST_GAIN) or gain <= best:
            continue
        best = gain
        for _ in range(ROUNDS):
            near = rate + torch.linspace(-1, 1, 9) * step
            rate = near[int(cost(move, near, chosen).argmin())]
            step /= 4
        camera = _named_move(world, move, float(rate))
    return camera


def _axes(world: World) -> Iterator[tuple[CameraMove, float]]:
    """One move for each way that a camera can go, there and back, and the fastest rate of those along it."""
    fastest: dict[tuple[float, float, float], tuple[CameraMove, float]] = {}
    pace = max((speed.high for speed in world.speeds.values()), default=0.0)
    for move in world.cameras.values():
        if not any((*move.pan, move.zoom)):
            continue
        way = (abs(move.pan[0]), abs(move.pan[1]), abs(move.zoom))
        high = FAST * (pace if move.follows else move.high)
        if way not in fastest or high > fastest[way][1]:
            fastest[way] = (move, high)
    yield from fastest.values()


def _named_move(world: World, axis: CameraMove, rate: float) -> Camera:
    """The move of the table that goes this way; those that follow an actor are told apart later."""
    signed = [(name, m) for name, m in world.cameras.items() if not m.follows and _goes(m, axis, rate) > 0]
    if signed:
        return Camera(signed[0][0], abs(rate))
    return Camera(axis.name, rate)


def _goes(move: CameraMove, axis: CameraMove, rate: float) -> float:
    same = move.pan[0] * axis.pan[0] + move.pan[1] * axis.pan[1] + move.zoom * axis.zoom
    return same * rate
