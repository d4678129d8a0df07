"""What was asked for against what was seen: one verdict a word."""

from collections.abc import Iterator
from itertools import permutations

import numpy as np
import torch
from numpy.typing import ArrayLike

from minisora.world.grader.grade import Errors, Grade, Verdict
from minisora.world.grader.reading import GONE_SHARE, ActorReading, Reading
from minisora.world.request import ActorRequest, RelationRequest, SceneRequest
from minisora.world.tables import World

SHAPE_SHARE = 0.6  # of the clearly seen frames that must agree with a shape
STRAY_FRAMES = 0.1  # of the frames that may show something odd
RELATION_SLACK = 0.025  # shorter sides by which a relation's margin may be missed
RELATION_SHARE = 0.9  # of the frames in which it must hold
MOST_TRACKS = 5  # tracks that are tried as an actor
MATCH_WEIGHTS = {"colour": 8.0, "shape": 3.0, "motion": 2.0, "size": 1.0, "speed": 0.5}
NOTHING = "nothing"

Matched = tuple[ActorReading | None, ...]


def grade(world: World, video: torch.Tensor | ArrayLike, request: SceneRequest, fps: float = 8.0) -> Grade:
    """Judge every word of a request in a clip.

    Args:
        world: the tables that the request's names come from.
        video: uint8 (f, h, w, 3).
        request: what was asked for; what it leaves open is not judged, except that nothing extra may be there.
        fps: frames per second.
    Raises:
        ShapeError, SettingError: not a clip; see `read`.
    """
    return compare(world, world.read(video, fps), request)


def compare(world: World, reading: Reading, request: SceneRequest) -> Grade:
    """The grade of a clip that has been read already."""
    matched = match(request, reading)
    verdicts = [*_of_scene(world, reading, request, matched)]
    errors = []
    for index, (wanted, actor) in enumerate(zip(request.actors, matched, strict=True)):
        verdicts += _of_actor(world, index, wanted, actor, reading)
        if actor is not None and reading.moving:
            errors.append(Errors(f"actor {index + 1}", actor.position_error, actor.velocity_error))
    for relation in request.relations:
        if reading.moving or not world.relations[relation.name].follows:
            verdicts.append(_of_relation(world, relation, request, matched))
    return Grade(tuple(verdicts), tuple(errors))


def match(request: SceneRequest, reading: Reading) -> Matched:
    """For each actor that was asked for, the one that was seen: the assignment with the most, by colour first."""
    seen = sorted(reading.actors, key=lambda actor: -int(actor.seen.sum()))[:MOST_TRACKS]
    options: list[ActorReading | None] = [*seen, *([None] * len(request.actors))]
    best: Matched = (None,) * len(request.actors)
    most = -1.0
    for places in permutations(range(len(options)), len(request.actors)):
        chosen = tuple(options[place] for place in places)
        score = sum(_likeness(wanted, actor) for wanted, actor in zip(request.actors, chosen, strict=True))
        if score > most:
            best, most = chosen, score
    return best


def _likeness(wanted: ActorRequest, actor: ActorReading | None) -> float:
    if actor is None:
        return 0.0
    same = (w for name, w in MATCH_WEIGHTS.items() if getattr(wanted, name) in (None, getattr(actor, name)))
    return 0.5 + sum(same) + 0.4 * float(actor.seen.mean())


# --- the scene --------------------------------------------------------------------------------------------------------


def _of_scene(world: World, reading: Reading, request: SceneRequest, matched: Matched) -> Iterator[Verdict]:
    yield _of_count(reading, request)
    if request.background is not None:
        found = "another colour" if not reading.background else reading.background if reading.steady else "changing"
        yield _scene_verdict("background", request.background, found)
    if request.texture is not None:
        yield _scene_verdict("texture", request.texture, reading.texture or "plain")
    for attribute in ("light", "weather"):
        wanted = getattr(request, attribute)
        if wanted is not None:
            yield _scene_verdict(attribute, wanted, getattr(reading, attribute) or NOTHING)
    if reading.moving:
        yield _scene_verdict("camera", request.camera or world.still_camera, reading.camera.move)
    yield from _of_wall(reading, request, matched)


def _of_count(reading: Reading, request: SceneRequest) -> Verdict:
    """How many actors there are, all the time, with nothing else in the picture."""
    frames = reading.size[0]
    count = len(reading.actors)
    lost = sum(actor.gone > max(GONE_SHARE * frames, 1) for actor in reading.actors)
    stray = reading.strays > STRAY_FRAMES * frames
    found = str(count) + (f", {lost} not always there" if lost else "") + (" and something else" if stray else "")
    return Verdict("scene", "count", str(len(request.actors)), found, found == str(len(request.actors)), "the scene")


def _of_wall(reading: Reading, request: SceneRequest, matched: Matched) -> Iterator[Verdict]:
    there = reading.wall is not None
    if request.prop is not None:
        yield _scene_verdict("prop", request.prop, (reading.wall.prop or "a wall") if reading.wall else NOTHING)
    if not request.behind_wall:
        yield _scene_verdict("wall", "no wall", "a wall" if there else "no wall")
    for index in request.behind_wall:
        found = "no wall" if not there else "passes behind it" if passes_behind(matched[index], reading) else "a wall"
        right = there and (found == "passes behind it" or not reading.moving)
        word = _named(request.actors[index])
        yield Verdict(f"actor {index + 1}", "wall", "passes behind it", found, right, word)


def passes_behind(actor: ActorReading | None, reading: Reading) -> bool:
    """Whether an actor is seen on one side of the wall, hidden by it, and seen on the other side."""
    if actor is None or reading.wall is None or not actor.fits:
        return False
    away = actor.place[:, 0] - reading.wall.x
    half = reading.wall.width / 2
    hidden = (np.abs(away) < half - 0.5 * actor.span) & ~actor.seen
    beside = (np.abs(away) > half) & actor.seen
    if not hidden.any():
        return False
    first, last = np.flatnonzero(hidden)[[0, -1]]
    before, after = beside[:first], beside[last:]
    if not before.any() or not after.any():
        return False
    return bool(away[:first][before][0] * away[last:][after][-1] < 0)


def _scene_verdict(attribute: str, wanted: str, found: str) -> Verdict:
    return Verdict("scene", attribute, wanted, found, wanted == found, "the scene")


# --- actors -----------------------------------------------------------------------------------------------------------


def _of_actor(
    world: World, index: int, wanted: ActorRequest, actor: ActorReading | None, reading: Reading
) -> Iterator[Verdict]:
    for attribute in MATCH_WEIGHTS:
        word = getattr(wanted, attribute)
        if word is None or (attribute in ("motion", "speed") and not reading.moving):
            continue
        found = NOTHING if actor is None else _found(world, attribute, actor)
        yield Verdict(f"actor {index + 1}", attribute, word, found, word == found, _named(wanted))


def _found(world: World, attribute: str, actor: ActorReading) -> str:
    if attribute == "shape" and actor.shape_share < SHAPE_SHARE:
        return f"{actor.shape} at times"
    empty = {"motion": "no steady motion", "speed": "no speed", "shape": "no known shape"}
    return str(getattr(actor, attribute)) or empty.get(attribute, NOTHING)


def _named(wanted: ActorRequest) -> str:
    return "the " + " ".join(word for word in (wanted.colour, wanted.shape or "thing") if word)


# --- relations --------------------------------------------------------------------------------------------------------


def _of_relation(world: World, wanted: RelationRequest, request: SceneRequest, matched: Matched) -> Verdict:
    subject, other = matched[wanted.subject], matched[wanted.object]
    held = [name for name in world.relations if _holds(world, name, subject, other)]
    right = wanted.name in held
    found = wanted.name if right else ", ".join(held) or "none of these"
    word = f"{_named(request.actors[wanted.subject])} and {_named(request.actors[wanted.object])}"
    return Verdict(f"actor {wanted.subject + 1}", "relation", wanted.name, found, right, word)


def _holds(world: World, name: str, subject: ActorReading | None, other: ActorReading | None) -> bool:
    if subject is None or other is None:
        return False
    known = np.isfinite(subject.place).all(1) & np.isfinite(other.place).all(1)
    if not known.any():
        return False
    radii = (float(np.nanmedian(subject.span)), float(np.nanmedian(other.span)))
    margin = world.relations[name].margin(subject.place[known], other.place[known], radii)
    return bool((margin >= -RELATION_SLACK).mean() >= RELATION_SHARE)
