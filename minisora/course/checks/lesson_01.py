"""Checks of lesson 01: soft edges, folding a line at walls, a sentence that can be read again, a small grader."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from minisora.course.checking import Symptom, attempt, exercise, like, require, same_shape, unlike
from minisora.world import SHAPES, Actor, Scene
from minisora.world.motions import reflect as folded
from minisora.world.render import clip_times, screen_track
from minisora.world.tables import Array

__all__ = ["MOTIONS", "cover", "read_motion", "reflect", "sentence", "shaken_path"]

MOTIONS = (
    "staying still", "moving left", "moving right", "moving up", "moving down", "falling", "bouncing",
    "circling clockwise", "circling counter-clockwise",
)  # fmt: skip
FRAMES, FPS = 17, 8.0
SHAKING = 0.003  # shorter sides, a fifth of a pixel of 64
PATHS = 20  # of each motion
WANTED = 0.9

NAMED = {"size": "sizes", "colour": "colours", "shape": "shapes", "motion": "motions", "speed": "speeds"}
CAST = (
    ("triangle", "orange", "large", "moving up and to the left", "quickly"),
    ("ring", "purple", "small", "circling clockwise", "slowly"),
    ("square", "white", "large", "spinning", "plain"),
    ("star", "cyan", "small", "staying still", "plain"),
)


# --- what the lesson goes on with until the reader's own is right -----------------------------------------------------


def _ramp(distance: Tensor) -> Tensor:
    return (0.5 - distance).clamp(0, 1)


def _said(actor: Actor) -> str:
    words = [actor.size, actor.colour, actor.shape, actor.motion, actor.speed]
    return "a " + " ".join(word for word in words if word != SHAPES.plain_speed)


# --- the checks -------------------------------------------------------------------------------------------------------


@exercise(instead=_ramp)
def cover(yours: Any) -> Iterator[str]:
    """The share of a pixel that is filled, from its distance to the edge in pixels."""
    distance = torch.tensor([[-20.0, -0.5, -0.25], [0.0, 0.25, 0.5], [0.75, 3.0, 40.0]])
    right, got = _ramp(distance), attempt(yours, distance)
    same_shape(got, (3, 3), "The cover")
    got = got.float()
    unlike(
        got, 1 - right, "A pixel 20 pixels inside is empty in yours, and one far outside is full: which sign is inside?"
    )
    hard = "In yours a pixel is full or empty and nothing between. What should one be that the edge cuts in half?"
    require(bool(((got > 0) & (got < 1)).any()), hard)
    range_ = f"A share lies between 0 and 1; yours goes from {float(got.min()):g} to {float(got.max()):g}."
    require(float(got.min()) >= 0 and float(got.max()) <= 1, range_)
    yield "all shares lie between 0 and 1"

    at_edge = float(got[1, 0])
    asked = "The edge runs through the middle of the pixel there: how much of it is filled?"
    require(abs(at_edge - 0.5) < 1e-4, f"At distance 0 yours gives {at_edge:.2f}. {asked}")
    yield "at the edge a pixel is half full"

    for place, there in (((0, 1), "Half a pixel inside"), ((1, 2), "Half a pixel outside")):
        value, wanted = float(got[place]), float(right[place])
        asked = "Is your ramp one pixel wide, from -0.5 to 0.5?"
        require(abs(value - wanted) < 1e-4, f"{there} yours gives {value:.2f}, wanted is {wanted:g}. {asked}")
    like(got, right, "Both ends are right, but between them yours is no straight line. Is it a ramp or a curve?")
    yield "the ramp is straight and one pixel wide"


@exercise(instead=folded)
def reflect(yours: Any) -> Iterator[str]:
    """A line folded at two walls."""
    limit = 0.5
    inside = np.array([-0.5, -0.2, 0.0, 0.3, 0.5])
    got = _array(attempt(yours, inside, limit), inside)
    stays = "Between the walls nothing is folded, so -0.2 should stay -0.2"
    require(
        bool(np.allclose(got, inside)), f"{stays}; yours gave {got[1]:.2f}. Does your count begin at the left wall?"
    )
    yield "between the walls all stays as it was"

    got = _array(attempt(yours, np.array([0.7, -0.7]), limit), inside[:2])
    require(
        not np.allclose(got, [0.5, -0.5]),
        "Behind the wall yours stays at the wall. That is a stop: where is the way back?",
    )
    through = "Yours comes in again at the other side, as if the frame were a ring. A wall turns it round instead."
    require(not np.allclose(got, [-0.3, 0.3]), through)
    asked = "With a wall at 0.5, the place 0.7 is 0.2 behind it: how far before the wall does it belong?"
    require(abs(got[0] - 0.3) < 1e-6, f"Yours puts 0.7 at {got[0]:.2f}. {asked}")
    require(abs(got[1] + 0.3) < 1e-6, f"The right wall works. At the left one, yours puts -0.7 at {got[1]:.2f}.")
    yield "what is 0.2 behind a wall comes 0.2 before it"

    far, limit = np.array([[1.6, 2.0, 7.3], [-1.6, -2.0, -7.3]]), 0.32
    got = _array(attempt(yours, far, limit), far)
    out = f"After several bounces yours is at {got.flat[np.abs(got).argmax()]:.2f}, outside walls at {limit}"
    require(bool((np.abs(got) <= limit + 1e-9).all()), f"{out}. Fold as often as it takes.")
    asked = "One bounce works; does every second bounce turn it round again?"
    require(bool(np.allclose(got, folded(far, limit))), f"Far away, yours puts {far[0, 2]} at {got[0, 2]:.2f}. {asked}")
    yield "it bounces as often as it takes, whatever the limit"


@exercise(instead=_said)
def sentence(yours: Any) -> Iterator[str]:
    """A sentence about an actor, from which all its words can be read again."""
    for shape, colour, size, motion, speed in CAST:
        actor = Actor(shape, colour, size, motion, speed, radius=0.1, rate=0.2, start=(0.0, 0.0))
        text = attempt(yours, actor)
        require(isinstance(text, str), f"A sentence is a text; yours is a {type(text).__name__}.")
        require(bool(text.strip()), "Yours is an empty text.")
        request = SHAPES.parse(text)
        unknown = ", ".join(repr(word.word) for word in request.unknown)
        require(
            not unknown, f"In {text!r} the world does not know {unknown}. How else is it said, or is it said at all?"
        )
        require(len(request.actors) == 1, f"In {text!r} there seem to be {len(request.actors)} actors; one is wanted.")
        _compare(actor, request.actors[0], text)
        yield f"{text!r} is read as it was meant"


@exercise()
def read_motion(yours: Any) -> Iterator[str]:
    """Which of nine motions a shaken path shows."""
    mistakes: Counter[str] = Counter()
    for name in MOTIONS:
        for number in range(PATHS):
            said = attempt(yours, shaken_path(name, number + 1000))
            names = ", ".join(MOTIONS[:2])
            require(said in MOTIONS, f"Yours says {said!r}, which is none of the nine: {names}, … as in check.MOTIONS.")
            mistakes[f"{name} → {said}"] += said != name
    total = len(MOTIONS) * PATHS
    share = 1 - sum(mistakes.values()) / total
    worst = ", ".join(f"{name} ({count})" for name, count in mistakes.most_common(3) if count)
    asked = "Plot one of these with check.shaken_path: what sets it apart?"
    require(share >= WANTED, f"Yours is right in {share:.0%} of {total} paths. Most often mistaken: {worst}. {asked}")
    yield f"right in {share:.1%} of {total} paths" + (f"; still mistaken: {worst}" if worst else "")


# --- what they are tried on -------------------------------------------------------------------------------------------


def shaken_path(motion: str, seed: int = 0) -> Array:
    """A path of one actor, as it would be read off a model's clip: right but for a little shaking.

    Args:
        motion: one of `MOTIONS`.
        seed: which of many.
    Returns:
        (17, 2), x and y in shorter sides from the middle of the frame, y down; eight a second.
    """
    rng = np.random.default_rng([seed, MOTIONS.index(motion)])
    entry = SHAPES.motions[motion]
    size = SHAPES.sizes["small"]
    speed = SHAPES.speeds[str(rng.choice(list(SHAPES.speeds))) if entry.has_speed else SHAPES.plain_speed]
    radius, rate = float(rng.uniform(size.low, size.high)), float(rng.uniform(speed.low, speed.high))
    times, scene = clip_times(FRAMES, FPS), Scene("black", ())
    actor = Actor("circle", "red", size.name, motion, speed.name, radius, rate if entry.has_speed else 0.0, (0.0, 0.0))
    while True:
        actor = replace(actor, **entry.draft(rng, radius, actor.rate, scene.half, float(times[-1])))
        if entry.shown is None or entry.shown(actor, times, scene.half):
            break
    place, _ = screen_track(SHAPES, scene, actor, times)
    return place + rng.normal(0, SHAKING, place.shape)


def _compare(actor: Actor, read: Any, text: str) -> None:
    for name in NAMED:
        wanted, found = getattr(actor, name), getattr(read, name)
        if name == "speed" and wanted == SHAPES.plain_speed:
            require(
                found in (None, wanted),
                f"In {text!r} something is said about the speed, and this one has none to tell.",
            )
            continue
        require(found is not None, f"In {text!r} nothing is said about the {name}, which is {wanted!r}.")
        require(found == wanted, f"From {text!r} the {name} is read as {found!r}; the actor's is {wanted!r}.")


def _array(got: Any, like_: Array) -> Array:
    if not isinstance(got, np.ndarray):
        raise Symptom(f"The places should be a NumPy array; yours is a {type(got).__name__}.")
    require(got.shape == like_.shape, f"{like_.shape} places went in, {got.shape} came back. One for each is wanted.")
    return got
