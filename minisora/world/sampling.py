"""Drawing random scenes, and the splits by which generalisation is measured.

`train` never shows some colour × shape × motion combinations (on the stage: × place); `unseen` shows nothing but those;
`outside` has sizes or speeds beyond the training ranges. All three are defined here and nowhere else.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from minisora.errors import SettingError
from minisora.world.motions import draft_meeting
from minisora.world.render import clip_times, screen_track
from minisora.world.scene import Actor, Camera, Relation, Scene, Wall, half_of
from minisora.world.tables import CLEARANCE, Motion, Range, Rng, World

SPLITS = ("train", "unseen", "outside")
SECONDS = 2.0  # the clip length for which a scene must be legible: 17 frames at 8 per second
CHECKS_PER_SECOND = 8.0
PLACEMENTS = 24  # tries to place one actor before the scene is drawn again
SCENES = 400  # tries for a scene; every recipe needs under 20 on average
SHORTEST_PASSAGE = 0.25  # shorter sides; on less way nobody gets past a wall
WORDS = 64  # draws of an actor's words where few combinations are allowed
IN_SIGHT = 0.6  # of its radius that an actor's middle keeps inside the frame, under a moving camera or in a collision

Recipe = Callable[["Draw"], "Scene | None"]


class Draw:
    """One attempt's setting: the world, the generator, the split and the frame."""

    def __init__(self, world: World, rng: Rng, split: str, aspect: float, seconds: float, clearance: float) -> None:
        self.world, self.rng, self.split = world, rng, split
        self.aspect, self.seconds, self.clearance = aspect, seconds, clearance
        self.half = half_of(aspect)
        self.times = clip_times(round(seconds * CHECKS_PER_SECOND) + 1, CHECKS_PER_SECOND)


def sample(
    world: World,
    rng: Rng,
    kind: str | None = None,
    split: str = "train",
    aspect: float = 1.0,
    seconds: float = SECONDS,
    clearance: float = CLEARANCE,
) -> Scene:
    """Draw a scene in which everything that it is about can be seen.

    Args:
        world: tables to draw from.
        rng: source of all choices.
        kind: name of one of the world's recipes ("one", "two", "three", "relation", "camera", …); None draws one by its
            frequency.
        split: "train", "unseen" or "outside".
        aspect: width over height of the frame.
        seconds: length of the clip for which the motion must stay visible.
        clearance: least distance of two actors' middles, in sums of their radii; below 1 they may touch.
    Raises:
        SettingError: unknown kind or split.
    """
    if split not in SPLITS:
        raise SettingError(f"split={split!r}, but the splits are {', '.join(SPLITS)}.")
    recipes = RECIPES if world.recipes is None else world.recipes
    if kind is not None and kind not in recipes:
        raise SettingError(f"kind={kind!r}, but the kinds of scene are {', '.join(recipes)}.")
    draw = Draw(world, rng, split, aspect, seconds, clearance)
    left = {kind: 1.0} if kind else dict(world.kinds)
    while left:  # a kind that finds no room in this frame and length gives way to the others
        name = kind or choose(rng, left)
        for _ in range(SCENES):
            scene = recipes[name](draw)
            if scene is not None:
                return replace(scene, kind=name)
        del left[name]
    raise SettingError(f"no legible {name!r} scene found for aspect {aspect:.2f} and {seconds} s; try 2 seconds.")


def is_unseen(world: World, colour: str, shape: str, third: str) -> bool:
    """Whether this combination, whose third word is on the world's `unseen_axis`, is kept out of training.

    About one in `unseen_modulus` is.
    """
    thirds = {"motion": world.motions, "background": world.backgrounds}[world.unseen_axis]
    place = list(world.colours).index(colour) + 2 * list(world.shapes).index(shape)
    return (place + 3 * list(thirds).index(third)) % world.unseen_modulus == 0


# --- recipes: each draws one candidate or gives None ------------------------------------------------------------------


def _several(count: int) -> Recipe:
    def recipe(draw: Draw) -> Scene | None:
        actors = _actors(draw, count)
        return None if actors is None else _scene(draw, actors)

    return recipe


def _leaving(draw: Draw) -> Scene | None:
    motions = {name: 1.0 for name, motion in draw.world.motions.items() if motion.common == 0 and not motion.paired}
    first = _actor(draw, [], motions=motions)
    if first is None:
        return None
    actors = [first] if draw.rng.random() < 0.7 else _actors(draw, 2, [first])
    return None if actors is None else _scene(draw, actors)


def _related(draw: Draw) -> Scene | None:
    name = str(draw.rng.choice([name for name, relation in draw.world.relations.items() if not relation.meets]))
    relation = draw.world.relations[name]
    pair = _chase(draw) if relation.follows else _actors(draw, 2)
    if pair is None:
        return None
    scene = _scene(draw, pair)
    tracks = [screen_track(draw.world, scene, actor, draw.times)[0] for actor in pair]
    for subject, other in ((0, 1), (1, 0)):
        margin = relation.margin(tracks[subject], tracks[other], (pair[subject].radius, pair[other].radius))
        if margin.min() >= 0:
            return replace(scene, relations=(Relation(name, subject, other),))
    return None


def _chase(draw: Draw) -> list[Actor] | None:
    """Two actors on one straight line at one speed, the first (the chaser) behind the second."""
    motions = {name: motion.common for name, motion in draw.world.motions.items() if motion.direction}
    leader = _actor(draw, [], motions=motions)
    if leader is None:
        return None
    chaser = _actor(draw, [leader], motions={leader.motion: 1.0})
    if chaser is None:
        return None
    gap = float(draw.rng.uniform(1.15, 1.7)) * (leader.radius + chaser.radius)
    way = draw.world.motions[leader.motion].direction or (0.0, 0.0)
    start = (leader.start[0] - way[0] * gap, leader.start[1] - way[1] * gap)
    chaser = replace(chaser, speed=leader.speed, rate=leader.rate, start=start)
    reach = [half - 0.5 * chaser.radius for half in draw.half]
    inside = abs(start[0]) <= reach[0] and abs(start[1]) <= reach[1]
    return [chaser, leader] if inside else None


def _meeting(draw: Draw) -> Scene | None:
    """Two round things of one size, and so of one mass, that collide without losing energy."""
    world, rng = draw.world, draw.rng
    relation = world.relations[str(rng.choice([name for name, relation in world.relations.items() if relation.meets]))]
    shape = str(rng.choice([name for name, shape in world.shapes.items() if shape.fold == 0]))
    size = world.sizes[str(rng.choice(list(world.sizes)))]
    colours = _colours(draw, shape, relation.meets)
    if colours is None:
        return None
    radius, _ = radius_and_rate(draw, size, world.speeds[world.plain_speed], world.motions[relation.meets[0]])
    rests = len(set(relation.meets)) > 1
    numbers = draft_meeting(rng, radius, draw.half, draw.seconds, rests)
    pair = [
        Actor(shape, colour, size.name, motion, world.plain_speed, radius, **fields)
        for colour, motion, fields in zip(colours, relation.meets, numbers, strict=True)
    ]
    scene = replace(_scene(draw, pair), relations=(Relation(relation.name, 0, 1),))
    return scene if all(_in_sight(draw, scene, actor) for actor in pair) else None


def _walled(draw: Draw) -> Scene | None:
    """A small actor passes sideways behind a wall: seen, hidden, seen again."""
    motions = {k: m.common for k, m in draw.world.motions.items() if m.direction and abs(m.direction[0]) == 1}
    actor = _actor(draw, [], motions=motions, sizes=[min(draw.world.sizes, key=lambda k: draw.world.sizes[k].low)])
    if actor is None or actor.rate * draw.seconds < SHORTEST_PASSAGE:
        return None
    width = 2 * actor.radius * float(draw.rng.uniform(1.25, 1.45))
    wall = Wall(float(draw.rng.uniform(-0.1, 0.1)) * 2 * draw.half[0], width)
    away = np.abs(screen_track(draw.world, _scene(draw, [actor]), actor, draw.times)[0][:, 0] - wall.x)
    seen, hidden = width / 2 + 0.6 * actor.radius, width / 2 - 1.02 * actor.radius
    if away[0] < seen or away[-1] < seen or away.min() > hidden:
        return None
    actors: list[Actor] | None = [actor]
    if draw.rng.random() < 0.25:
        actors = _actors(draw, 2, [actor])
    if actors is None or any(_touches(draw, other, wall) for other in actors[1:]):
        return None
    return replace(_scene(draw, actors), wall=wall)


def _touches(draw: Draw, actor: Actor, wall: Wall) -> bool:
    centres, radii = screen_track(draw.world, _scene(draw, [actor]), actor, draw.times)
    return bool((np.abs(centres[:, 0] - wall.x) < wall.width / 2 + 1.15 * radii).any())


def _filmed(draw: Draw) -> Scene | None:
    """One or two actors on a textured ground under a moving camera, in sight all the time."""
    moves = [name for name, move in draw.world.cameras.items() if move.high > 0]
    move = draw.world.cameras[str(draw.rng.choice(moves))]
    actors = _actors(draw, 1 if draw.rng.random() < 0.8 else 2)
    if actors is None:
        return None
    texture = str(draw.rng.choice(list(draw.world.textures)))
    camera = Camera(move.name, float(draw.rng.uniform(move.low, move.high)))
    scene = replace(_scene(draw, actors), camera=camera, texture=texture)
    return scene if all(_in_sight(draw, scene, actor) for actor in actors) else None


def _in_sight(draw: Draw, scene: Scene, actor: Actor) -> bool:
    centres, radii = screen_track(draw.world, scene, actor, draw.times)
    room = np.array(draw.half) - np.abs(centres) - IN_SIGHT * radii[:, None]
    return bool(room.min() >= 0 and radii.max() < 0.45)


RECIPES: dict[str, Recipe] = {
    "one": _several(1),
    "two": _several(2),
    "three": _several(3),
    "relation": _related,
    "wall": _walled,
    "camera": _filmed,
    "leaving": _leaving,
    "collision": _meeting,
}


# --- parts of recipes -------------------------------------------------------------------------------------------------


def _scene(draw: Draw, actors: list[Actor]) -> Scene:
    background = str(draw.rng.choice(list(draw.world.backgrounds)))
    return Scene(background=background, actors=tuple(actors), aspect=draw.aspect)


def _actors(draw: Draw, count: int, given: list[Actor] | None = None) -> list[Actor] | None:
    """`count` actors of different colours that keep clear of each other, the given ones among them."""
    actors = list(given or [])
    while len(actors) < count:
        actor = _actor(draw, actors)
        if actor is None:
            return None
        actors.append(actor)
    return actors


def _actor(
    draw: Draw, others: list[Actor], motions: dict[str, float] | None = None, sizes: list[str] | None = None
) -> Actor | None:
    """One actor, its words drawn first and then a place for it; None if there is no room."""
    world, rng = draw.world, draw.rng
    weights = motions or {name: motion.common for name, motion in world.motions.items()}
    words = _words(draw, {other.colour for other in others}, weights)
    if words is None:
        return None
    colour, shape, motion = words
    size = world.sizes[str(rng.choice(sizes or list(world.sizes)))]
    speed = world.speeds[str(rng.choice(list(world.speeds)))] if motion.has_speed else world.speeds[world.plain_speed]
    radius, rate = radius_and_rate(draw, size, speed, motion)
    for _ in range(PLACEMENTS):
        fields = {"rate": rate, **motion.draft(rng, radius, rate, draw.half, draw.seconds)}
        actor = Actor(shape, colour, size.name, motion.name, speed.name, radius, **fields)
        if _in_frame(draw, actor) and all(_clear(draw, actor, other) for other in others):
            return actor
    return None


def _words(draw: Draw, taken: set[str], motions: dict[str, float]) -> tuple[str, str, Motion] | None:
    """A colour that is not taken, a shape and a motion that go together and belong to the split; None if not met."""
    world, rng = draw.world, draw.rng
    for _ in range(WORDS if draw.split == "unseen" else 1):  # elsewhere most draws do, and a scene is drawn again
        colour = str(rng.choice([name for name in world.colours if name not in taken]))
        shape = str(rng.choice(list(world.shapes)))
        motion = world.motions[choose(rng, motions)]
        if motion.needs_turn and world.shapes[shape].fold == 0:
            continue
        if _of_split(draw, colour, shape, motion.name):
            return colour, shape, motion
    return None


def _of_split(draw: Draw, colour: str, shape: str, motion: str) -> bool:
    """Whether a combination belongs to the split; `outside` has them all."""
    return draw.split == "outside" or is_unseen(draw.world, colour, shape, motion) == (draw.split == "unseen")


def _colours(draw: Draw, shape: str, motions: Iterable[str]) -> list[str] | None:
    """Different colours for actors of one shape, each a combination of the split; None where there are none."""
    colours: list[str] = []
    for motion in motions:
        fitting = [name for name in draw.world.colours if name not in colours and _of_split(draw, name, shape, motion)]
        if not fitting:
            return None
        colours.append(str(draw.rng.choice(fitting)))
    return colours


def radius_and_rate(draw: Draw, size: Range, speed: Range, motion: Motion) -> tuple[float, float]:
    """Numbers for a size and a speed; in the `outside` split one of the two lies beyond what training shows."""
    low, high = size.low, size.high
    slow, fast = speed.low, speed.high
    if draw.split == "outside":
        if motion.has_speed and speed.outside and draw.rng.random() < 0.5:
            slow, fast = speed.outside
        elif size.outside:
            low, high = size.outside
    rate = float(draw.rng.uniform(slow, fast)) if motion.has_speed else 0.0
    return float(draw.rng.uniform(low, high)), rate


def _in_frame(draw: Draw, actor: Actor) -> bool:
    """Whether the middle stays in the frame, as in a long clip it may not; leaving is meant to go out."""
    if draw.world.motions[actor.motion].common == 0:
        return True
    centres, _ = _track(draw, Scene("", (actor,), draw.aspect), actor)
    return bool((np.abs(centres) <= np.array(draw.half) + 1e-9).all())


def _clear(draw: Draw, actor: Actor, other: Actor) -> bool:
    scene = Scene("", (actor, other), draw.aspect)
    (a, ra), (b, rb) = (_track(draw, scene, each) for each in (actor, other))
    return bool((np.hypot(*(a - b).T) >= draw.clearance * (ra + rb)).all())


def _track(draw: Draw, scene: Scene, actor: Actor) -> tuple[np.ndarray, np.ndarray]:
    pose = draw.world.motions[actor.motion].path(actor, draw.times, scene.half)
    return np.stack([pose.x, pose.y], axis=1), actor.radius * pose.scale


def choose(rng: Rng, weights: Mapping[str, float]) -> str:
    """One of the names, each as often as its weight says."""
    shares = np.array(list(weights.values()), dtype=np.float64)
    return str(rng.choice(list(weights), p=shares / shares.sum()))
