"""A scene put together by hand: who is in it, by words, and where each of them begins.

    scene = stage(SHAPES, "navy", [Part("star", "red", "large", "moving up", "plain", (0.0, 0.3))])

A sampled scene draws its numbers; here sizes and speeds are the middle of what their word means, and what a motion
needs beyond that (which way a bounce goes first, where the middle of a circle lies) is the first of several drafts
with which the path stays in the frame and shows what it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from minisora.errors import SettingError, nearest_name
from minisora.world.render import clip_times, pose_of, screen_track
from minisora.world.scene import Actor, Scene, half_of
from minisora.world.tables import World

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
    world: World, background: str, parts: Sequence[Part], aspect: float = 1.0, seconds: float = 2.0, seed: int = 0
) -> Scene:
    """Put a scene together.

    Args:
        world: tables that say what each word means.
        background: name of a ground.
        parts: 1 to 3, later ones over earlier ones.
        aspect: width over height.
        seconds: for how long the motions should show.
        seed: of what a motion needs beyond its words.
    Returns:
        A scene.
    Raises:
        SettingError: a name that the world does not have, nobody or too many, two of one colour, or a turn that
            nobody could see.
    """
    _known(world.backgrounds, "background", background)
    if not 1 <= len(parts) <= MOST_PARTS:
        raise SettingError(f"{len(parts)} actors, but a scene has 1 to {MOST_PARTS}. Add or remove one.")
    for k, part in enumerate(parts):
        if part.colour in {other.colour for other in parts[:k]}:
            free = next(name for name in world.colours if name not in {other.colour for other in parts})
            raise SettingError(f"Two actors are {part.colour}, and nobody could tell which is which. Use {free!r}.")
    actors = tuple(
        _actor(world, part, aspect, seconds, np.random.default_rng((seed, k)))  # whatever the others do
        for k, part in enumerate(parts)
    )
    return Scene(background, actors, aspect, kind={1: "one", 2: "two"}.get(len(actors), "three"))


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


def _actor(world: World, part: Part, aspect: float, seconds: float, rng: np.random.Generator) -> Actor:
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
    size, speed = world.sizes[part.size], world.speeds[part.speed if motion.has_speed else world.plain_speed]
    radius = (size.low + size.high) / 2
    rate = (speed.low + speed.high) / 2 if motion.has_speed else 0.0
    start = tuple(float(np.clip(at, -side, side)) for at, side in zip(part.start, half, strict=True))
    moments, first = np.linspace(0, seconds, 33), None
    for _ in range(DRAFTS):
        actor = _draft(world, part, speed.name, radius, rate, start, half, seconds, rng)
        first = first or actor
        if _shows(world, actor, aspect, moments):
            return actor
    assert first is not None  # noqa: S101 - for the type checker
    return first


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
