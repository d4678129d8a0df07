"""The stage's reader: place, light, weather, camera, props and actors of a clip, by rendering and comparing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import max_pool2d

from minisora.world.grader.ground import Ground
from minisora.world.grader.reading import MOVING_FRAMES, MOVING_SECONDS, ActorReading, Reading, actor_reading, pixels_of
from minisora.world.grader.tracks import Track
from minisora.world.scene import Camera, Wall
from minisora.world.stage.reading.figures import Figure, figure_of
from minisora.world.stage.reading.foreground import LONG, Chain, chains, contrast, differing, limit_of, split, spots
from minisora.world.stage.reading.ground import Place, coarse_size, find_place, pooled, with_weather
from minisora.world.stage.reading.standing import find_props
from minisora.world.stage.reading.tracking import PARTLY, WHOLE, Sight, Stage, extended, follow, refined, retraced, sight_of
from minisora.world.stage.reading.weather import find_weather
from minisora.world.tables import World

MOST_THINGS = 6
POOR = 0.4  # share left unexplained, from which a chain may hold more than one actor
SIZES = (0.8, 1.0, 1.2)  # factors of the radius that is read off a part of a spot
DOUBTFUL, OWN_SHARE = 0.6, 0.3  # share left unexplained, and share in view beside the others, of who is no actor
ANOTHER = 0.3  # share of a spot that a figure leaves over, from which somebody else is in it
LIKE = 0.25  # RGB distance, 0…1, within which a pixel looks like a colour
FAR_OFF = 0.5  # pixels from the path of its motion, from which an actor is looked for once more
LEAST_AREA = 0.003  # squared shorter sides that the smallest actor covers
HIDING = 0.5  # share of an actor before which another one stands, from which it can't be told whether it is there
ODD_AREA = 0.005  # of the frame, from which something unexplained is odd
KEEPS, KEEPS_NEAR = 0.12, 0.015  # share of the camera's way, and shorter sides, within which an actor that is followed stays


def read(world: World, video: object, fps: float = 8.0) -> Reading:
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
    stage, props, sights, strays = _things(world, clip, place)
    wall = _wall(world, place, props)
    ground = _ground(place, wall, pixels)
    moments = np.arange(len(clip)) / fps
    moving = len(clip) >= MOVING_FRAMES and bool(moments[-1] >= MOVING_SECONDS)
    size = (clip.shape[1], clip.shape[2])
    actors = []
    for sight in sights:
        seen = actor_reading(world, _track(world, sight, size), ground, moments, size, moving)
        if seen.fits and (seen.gone or seen.position_error > FAR_OFF):
            better = _looked_for(stage, sight, seen, size)
            seen = actor_reading(world, _track(world, better, size), ground, moments, size, moving)
        actors.append(seen)
    camera = _followed(world, place.camera, actors, fps)
    return Reading(
        place.background, place.steady, "", camera, wall, tuple(actors), strays, moving, (len(clip), *size), fps,
        place.light, place.weather,
    )  # fmt: skip


def _looked_for(stage: Stage, sight: Sight, seen: ActorReading, size: tuple[int, int]) -> Sight:
    """An actor that was lost, looked for where its motion puts it."""
    path = torch.from_numpy(seen.path).float()
    side = min(size)
    return retraced(stage, sight, path[:, 0] * side + size[1] / 2 - 0.5, path[:, 1] * side + size[0] / 2 - 0.5)


def _things(world: World, clip: Tensor, place: Place) -> tuple[Stage, list[Sight], list[Sight], int]:
    """What was looked at, props, actors, and the number of frames that show something which is neither.

    Props first; then the largest chain of spots is explained, its pixels are taken away, and the rest is looked at again.
    """
    size = (clip.shape[1], clip.shape[2])
    coarse = coarse_size(size)
    characters = [figure_of(shape) for shape in world.shapes.values()]
    inks = torch.tensor([colour.rgb for colour in world.colours.values()]) / 255
    away, free = place.unveiled(clip) - place.picture, torch.ones(clip.shape[:3])
    contrasts = contrast(clip, place)
    limit = limit_of(contrasts)
    noise = float(pooled(away, coarse)[contrasts < limit].square().mean())
    stage = Stage(away, place.picture, free, place.tint, place.zoom, inks, min(size) / min(coarse), noise)
    rest, props, colours = differing(contrasts, limit), [], pooled(place.unveiled(clip), coarse)
    if place.camera.move == world.still_camera and len(clip) >= LONG:
        props = find_props(stage, _props(world, place), characters, coarse, limit)
    for prop in props:
        stage = replace(stage, free=stage.free * (1 - prop.cover))
        rest = rest & ~_taken(prop.cover, coarse)
    looks = _looks(colours, inks, place.tint)
    actors: list[Sight] = []
    odd = torch.zeros(len(clip), dtype=torch.bool)
    for _ in range(MOST_THINGS):
        found = [
            chain
            for chain in chains(spots(rest, colours), min(coarse))
            if len(chain.spots) >= min(LONG, len(clip)) and chain.area >= LEAST_AREA * min(coarse) ** 2
        ]
        if not found:
            break
        again = _again(stage, actors, found[0])
        if again is not None:
            actors = again
            rest = _freed(rest, found[0], [each.cover for each in actors], coarse)
            continue
        sight = follow(_without(stage, actors), characters, found[0])
        if sight.left > POOR:
            apart = _apart(_without(stage, actors), characters, split(found[0], looks))
            if apart:
                actors += apart
                for each in apart:
                    rest = rest & ~_taken(each.cover, coarse)
                continue
        rest = _freed(rest, found[0], [sight.cover], coarse)
        if sight.left > POOR:
            for spot in found[0].spots:
                rest[spot.frame] &= ~spot.mask
        if int(sight.seen.sum()) >= min(LONG, len(clip)):
            actors.append(sight)
        else:
            odd[[spot.frame for spot in found[0].spots]] = True
    actors = _lasting(stage, actors)
    actors = [_among(stage, actor, [other for other in actors if other is not actor]) for actor in actors]
    for here in spots(rest, colours):
        for spot in here:
            odd[spot.frame] |= spot.area >= ODD_AREA * coarse[0] * coarse[1]
    return stage, props, actors, int(odd.sum())


def _again(stage: Stage, actors: list[Sight], chain: Chain) -> list[Sight] | None:
    """The actors, with one of them found once more in a chain of spots; None if it shows somebody else."""
    for number, actor in enumerate(actors):
        others = [*actors[:number], *actors[number + 1 :]]
        longer = extended(_without(stage, others), actor, chain)
        if longer is not None:
            return [*actors[:number], longer, *actors[number + 1 :]]
    return None


def _freed(rest: Tensor, chain: Chain, covers: Sequence[Tensor], coarse: tuple[int, int]) -> Tensor:
    """What is left of the foreground without a chain's spots and what figures cover."""
    for cover in covers:
        rest = rest & ~_taken(cover, coarse)
    for spot in chain.spots:
        if int((rest[spot.frame] & spot.mask).sum()) < ANOTHER * spot.area:
            rest[spot.frame] &= ~spot.mask
    return rest


def _apart(stage: Stage, characters: Sequence[Figure], parts: Sequence[Chain]) -> list[Sight]:
    """Actors that hang together, each followed from the pixels of its own colour, and again without the others."""
    found: list[Sight] = []
    for part in parts:
        found.append(follow(_without(stage, found), characters, part, SIZES))
    for number, part in enumerate(parts):
        others = [each for k, each in enumerate(found) if k != number and each.left < POOR]
        found[number] = follow(_without(stage, others), characters, part, SIZES)
    return [sight for sight in found if sight.left < POOR and int(sight.seen.sum()) >= LONG]


def _lasting(stage: Stage, actors: list[Sight]) -> list[Sight]:
    """Those actors of which something is seen that no other one explains, the doubtful ones asked first."""
    kept = list(actors)
    for actor in sorted(actors, key=lambda actor: -actor.left):
        others = [other for other in kept if other is not actor]
        alone = sight_of(_without(stage, others), actor)
        if alone.left > DOUBTFUL or float(alone.share[actor.seen].median()) < OWN_SHARE:
            kept = others
    return kept


def _looks(clip: Tensor, inks: Tensor, tint: Tensor) -> Tensor:
    """Whether each pixel of a clip (f, h, w, 3) looks like each of k inks (k, 3) in this light: (k, f, h, w)."""
    away = (clip[None] - (inks * tint)[:, None, None, None]).square().sum(-1)
    near = away.argmin(0)
    return torch.stack([(near == k) & (away[k] < LIKE**2) for k in range(len(inks))])


def _props(world: World, place: Place) -> list[Figure]:
    """Props that may stand in a place."""
    levels = world.backgrounds[place.background].levels if place.background else {}
    return [figure_of(prop) for prop in world.props.values() if not levels or any(h in levels for h in prop.homes)]


def _without(stage: Stage, others: Sequence[Sight]) -> Stage:
    """The stage with what others cover counted as hidden."""
    free = stage.free
    for other in others:
        free = free * (1 - other.cover)
    return replace(stage, free=free)


def _among(stage: Stage, actor: Sight, others: Sequence[Sight]) -> Sight:
    """An actor followed once more where others touch it; where they hide it, it is still there."""
    if not any(bool((actor.cover * other.cover).amax() > 0.5) for other in others):
        return actor
    alone, among = stage.free, _without(stage, others)
    better = refined(among, actor)
    covered = (better.cover * alone).sum((1, 2)) - (better.cover * among.free).sum((1, 2))
    hidden = covered > HIDING * better.cover.sum((1, 2)).clamp(min=1.0)
    return replace(better, seen=better.seen | hidden)


def _taken(cover: Tensor, coarse: tuple[int, int]) -> Tensor:
    """Coarse pixels (f, h, w) that a figure's cover or its edge touches."""
    small = pooled(cover[..., None], coarse)[..., 0]
    return max_pool2d((small > 0.02).float()[:, None], 3, 1, 1)[:, 0] > 0


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
        if move.follows and along and any(_keeps(actor, pan, camera.rate / fps) for actor in actors):
            return Camera(move.name, camera.rate * along)
    return camera


def _keeps(actor: ActorReading, pan: tuple[float, float], rate: float) -> bool:
    """Whether an actor stays where it is on the screen while the place goes by; `rate` is that of the place, a frame."""
    at = actor.place[actor.seen] @ np.array(pan)
    return len(at) > 1 and bool(np.ptp(at) < KEEPS * abs(rate) * len(actor.place) + KEEPS_NEAR)
