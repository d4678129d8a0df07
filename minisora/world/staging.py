"""A scene put together by hand: who is in it, by words, and where each of them begins.

    scene = stage(SHAPES, "navy", [Part("star", "red", "large", "moving up", "plain", (0.0, 0.3))])

A sampled scene draws its numbers; here sizes and speeds are the middle of what their word means, and what a motion
needs beyond that (which way a bounce goes first, where the middle of a circle lies) is the first of several drafts
with which the path stays in the frame and shows what it is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from minisora.errors import SettingError, nearest_name
from minisora.world.places import GROUND, LINES, can_do, home_in, usual_sky
from minisora.world.render import clip_times, pose_of, screen_track
from minisora.world.scene import Actor, Scene, half_of
from minisora.world.tables import Background, Motion, Rng, Shape, World

__all__ = ["MOST_PARTS", "Part", "parts_of", "stage", "stageable", "tracks"]

MOST_PARTS = 3
DRAFTS = 64
AXES = ("shape", "colour", "size", "motion", "speed")


@dataclass(frozen=True)
class Part:
    """Somebody by the words of the world's tables, and the place (x, y) at time 0, in shorter sides from the middle."""

    shape: str
    colour: str
    size: str
    motion: str
    speed: str
    start: tuple[float, float]


def stageable(world: World) -> list[str]:
    """Motions that one actor can be given anywhere.

    Args:
        world: whose motions these are.
    Returns:
        Names; those that only scenes of their own kind have are left out.
    """
    return [name for name, motion in world.motions.items() if motion.common > 0]


def stage(
    world: World,
    background: str,
    parts: Sequence[Part],
    aspect: float = 1.0,
    seconds: float = 2.0,
    seed: int = 0,
    light: str | None = None,
    weather: str | None = None,
) -> Scene:
    """Put a scene together.

    Args:
        world: tables that say what each word means.
        background: name of a ground or a place. In a place, everybody's height is that of the level nearest to it.
        parts: 1 to 3, later ones over earlier ones.
        aspect: width over height.
        seconds: for how long the motions should show.
        seed: of what a motion needs beyond its words.
        light, weather: names of those that the place may have; None for its usual ones.
    Returns:
        A scene.
    Raises:
        SettingError: a name that the world does not have, nobody or too many, two of one colour, a turn that nobody
            could see, or somebody where they can't be, or can't do that.
    """
    _known(world.backgrounds, "background", background)
    if not 1 <= len(parts) <= MOST_PARTS:
        raise SettingError(f"{len(parts)} actors, but a scene has 1 to {MOST_PARTS}. Add or remove one.")
    for k, part in enumerate(parts):
        if part.colour in {other.colour for other in parts[:k]}:
            free = next(name for name in world.colours if name not in {other.colour for other in parts})
            raise SettingError(f"Two actors are {part.colour}, and nobody could tell which is which. Use {free!r}.")
    place, kind = world.backgrounds[background], {1: "one", 2: "two"}.get(len(parts), "three")
    actors = tuple(
        _actor(world, place, part, aspect, seconds, np.random.default_rng((seed, k)))  # whatever the others do
        for k, part in enumerate(parts)
    )
    usual_light, usual_weather = usual_sky(place)
    light = _possible("light", light, place.lights, usual_light, background)
    weather = _possible("weather", weather, place.weathers, usual_weather, background)
    return Scene(background, actors, aspect, light=light, weather=weather, kind=kind)


def parts_of(scene: Scene) -> list[Part]:
    """The words and places of a scene's actors.

    Args:
        scene: of which the rest is left out.
    Returns:
        A part for each actor.
    """
    return [Part(**{axis: getattr(actor, axis) for axis in AXES}, start=actor.start) for actor in scene.actors]


def tracks(world: World, scene: Scene, num_frames: int, fps: float) -> list[dict[str, Any]]:
    """Where everybody goes, ready for JSON.

    Args:
        world: whose motions these are.
        scene: who is there.
        num_frames: of the clip.
        fps: frames per second.
    Returns:
        {"path": [[x, y], …], "radius"} for each actor, in shorter sides from the middle.
    """
    moments = clip_times(num_frames, fps)
    rows = []
    for actor in scene.actors:
        path, radius = screen_track(world, scene, actor, moments)
        rows.append({"path": path.round(4).tolist(), "radius": round(float(radius[0]), 4)})
    return rows


def _possible(axis: str, name: str | None, possible: Sequence[str], usual: str, background: str) -> str:
    """The light or the weather that was asked for, if the place may have it."""
    if name is None or name == usual:
        return usual
    if name not in possible:
        choice = repr(nearest_name(name, possible)) if possible else "None"
        raise SettingError(f"{axis}={name!r} is none that {background} may have. Use {choice}.")
    return name


def _actor(world: World, place: Background, part: Part, aspect: float, seconds: float, rng: Rng) -> Actor:
    tables = {"shape": world.shapes, "colour": world.colours, "size": world.sizes, "speed": world.speeds}
    for axis, table in tables.items():
        _known(table, axis, getattr(part, axis))
    if part.motion not in stageable(world):
        near = nearest_name(part.motion, stageable(world))
        raise SettingError(f"motion={part.motion!r} is none that can be given by hand. Use {near!r}.")
    motion, shape, half = world.motions[part.motion], world.shapes[part.shape], half_of(aspect)
    if motion.needs_turn and shape.fold == 0:
        other = next(name for name, entry in world.shapes.items() if entry.fold > 0)
        raise SettingError(f"Nobody could see a {part.shape} {part.motion}. Use another shape, for example {other!r}.")
    _at_home(world, shape, motion, place)
    size, speed = world.sizes[part.size], world.speeds[part.speed if motion.has_speed else world.plain_speed]
    radius = (size.low + size.high) / 2
    rate = (speed.low + speed.high) / 2 if motion.has_speed else 0.0
    x, y = (float(np.clip(at, -side, side)) for at, side in zip(part.start, half, strict=True))
    start = (x, _height(shape, motion, place, y, radius))
    moments, first = np.linspace(0, seconds, 33), None
    for _ in range(DRAFTS):
        actor = _draft(world, part, speed.name, radius, rate, start, half, seconds, rng)
        actor = _landed(actor, shape, motion, place, half)
        first = first or actor
        if _shows(world, actor, aspect, moments):
            return actor
    assert first is not None  # noqa: S101 - for the type checker
    return first


def _at_home(world: World, shape: Shape, motion: Motion, place: Background) -> None:
    """Raise where a character can't be in a place, or can't move like that."""
    if home_in(shape, place) is None:
        others = [entry.name for entry in world.backgrounds.values() if home_in(shape, entry) is not None]
        raise SettingError(f"A {shape.name} is never in the place {place.name!r}. Use {others[-1]!r}.")
    if not can_do(shape, motion, place):
        able = [name for name in stageable(world) if can_do(shape, world.motions[name], place)]
        near = nearest_name(motion.name, able)
        raise SettingError(f"A {shape.name} can't be {motion.name} in the place {place.name!r}. Use {near!r}.")


def _height(shape: Shape, motion: Motion, place: Background, y: float, radius: float) -> float:
    """The height nearest to y at which a character may start: feet on their line, a middle within its range."""
    level = home_in(shape, place)
    if not level:
        return y
    grounded = level in LINES or motion.stands_at == 0
    high, low = place.levels[GROUND if grounded and level not in LINES else level]
    foot = shape.foot * radius if grounded else 0.0
    return float(np.clip(y + foot, high, low)) - foot


def _landed(actor: Actor, shape: Shape, motion: Motion, place: Background, half: tuple[float, float]) -> Actor:
    """Who comes down in a place begins so high that it is on the ground in the end."""
    if motion.stands_at != math.inf or not place.levels:
        return actor
    end = float(motion.path(actor, np.array([1e3]), half).y[0]) + shape.foot * actor.radius
    down = float(np.clip(end, *place.levels[GROUND])) - end
    return replace(actor, start=(actor.start[0], actor.start[1] + down))


def _draft(
    world: World, part: Part, speed: str, radius: float, rate: float, start: Any, half: Any, seconds: float, rng: Any
) -> Actor:
    fields = {"rate": rate, **world.motions[part.motion].draft(rng, radius, rate, half, seconds), "start": start}
    return Actor(part.shape, part.colour, part.size, part.motion, speed, radius, **fields)


def _shows(world: World, actor: Actor, aspect: float, moments: Any) -> bool:
    """Whether an actor's middle stays in the frame, and its motion can be seen to be what it is."""
    scene, shown = Scene("", (actor,), aspect), world.motions[actor.motion].shown
    pose = pose_of(world, scene, actor, moments)
    inside = (np.abs(np.stack([pose.x, pose.y], axis=1)) <= np.array(scene.half) + 1e-9).all()
    return bool(inside) and (shown is None or shown(actor, moments, scene.half))


def _known(table: Mapping[str, Any], axis: str, name: str) -> None:
    if name not in table:
        raise SettingError(f"{axis}={name!r} is not in this world. Use {nearest_name(str(name), table)!r}.")
