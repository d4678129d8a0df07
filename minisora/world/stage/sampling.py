"""Recipes for scenes of the stage: a place first, then who may be there, each on its level.

`minisora.world.sampling.sample` calls them until one finds room; what is kept out of training is said there, too. A
level is the line on which feet or keels are ("ground", "water") or a range of heights for middles ("air", "deep"). A
plain colour has none: there anybody may be anywhere, as in the first world.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from minisora.world.motions import SIGHT_MARGIN
from minisora.world.places import GROUND, LINES, can_do, home_in
from minisora.world.render import screen_track
from minisora.world.sampling import (
    IN_SIGHT,
    SHORTEST_PASSAGE,
    WORDS,
    Draw,
    Recipe,
    choose,
    radius_and_rate,
)
from minisora.world.scene import Actor, Camera, Relation, Scene, Wall
from minisora.world.stage.motions import draft_encounter
from minisora.world.tables import Background, CameraMove, Motion, Prop, Range, RelationKind, Rng, Shape, World

__all__ = ["RECIPES", "follow"]

PLAIN_SHARE = 0.15  # of scenes on a plain colour
USUAL_SKY = 0.5  # how often light and weather are the place's usual ones
ELBOW_ROOM = 1.2  # radii; how far a character reaches from its middle, for keeping clear of others
PLACEMENTS = 12  # tries to place one actor before the scene is drawn again
TRIES = 8  # of actors that are tried for a relation or a camera move
HEAD_ROOM = 0.8  # of its radius that an actor's middle keeps from the upper and lower edge
COMPANY = 0.25  # how often somebody else is there where a prop is passed
PROP_WIDTH = (1.2, 1.4)  # of what hides, in widths of who is hidden
SEEN_BESIDE = 0.6  # of its radius by which a middle is beside what hides when it is seen
PROP_NEARER = 0.015  # shorter sides by which a prop stands before who passes
OWN_WAY = 0.35  # of a pan's way, by which an actor must move on the screen meanwhile
TRACKED = 0.22  # shorter sides from the middle within which a tracked actor stays


Track = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Setting:
    """Where a scene is: a place with its light and its weather."""

    place: Background
    light: str = ""
    weather: str = ""

    def scene(self, draw: Draw, actors: Iterable[Actor]) -> Scene:
        """The scene of these actors here: who is lower on the screen is nearer, and is drawn over the others."""
        nearer = sorted(actors, key=lambda actor: _line_of(draw, actor))
        return Scene(self.place.name, tuple(nearer), draw.aspect, light=self.light, weather=self.weather)


# --- recipes: each draws one candidate or gives None ------------------------------------------------------------------


def _several(count: int) -> Recipe:
    def recipe(draw: Draw) -> Scene | None:
        setting = _setting(draw)
        actors = _actors(draw, setting, count)
        return None if actors is None else setting.scene(draw, actors)

    return recipe


def _leaving(draw: Draw) -> Scene | None:
    motions = {name: 1.0 for name, motion in draw.world.motions.items() if motion.common == 0 and not motion.paired}
    setting = _setting(draw)
    actor = _actor(draw, setting, [], motions) if motions else None
    return None if actor is None else setting.scene(draw, [actor])


def _related(draw: Draw) -> Scene | None:
    relation = draw.world.relations[str(draw.rng.choice(list(draw.world.relations)))]
    for _ in range(TRIES):
        setting = _setting(draw)
        if relation.follows:
            pair = _chase(draw, setting)
        elif relation.meets:
            pair = _encounter(draw, setting, relation)
        else:
            pair = _actors(draw, setting, 2)
        scene = None if pair is None else setting.scene(draw, pair)
        found = None if scene is None else _relation(draw, scene, relation)
        if scene is not None and found is not None:
            return replace(scene, relations=(found,))
    return None


def _relation(draw: Draw, scene: Scene, relation: RelationKind) -> Relation | None:
    """Who of the two stands in the relation to the other through the whole clip."""
    tracks = [screen_track(draw.world, scene, actor, draw.times)[0] for actor in scene.actors]
    for subject, other in ((0, 1), (1, 0)):
        radii = (scene.actors[subject].radius, scene.actors[other].radius)
        if relation.margin(tracks[subject], tracks[other], radii).min() >= 0:
            return Relation(relation.name, subject, other)
    return None


def _chase(draw: Draw, setting: Setting) -> list[Actor] | None:
    """Two on one line at one speed, the first (who follows) behind the second."""
    motions = {name: motion.common for name, motion in draw.world.motions.items() if motion.direction}
    leader = _actor(draw, setting, [], motions)
    if leader is None:
        return None
    level = home_in(draw.world.shapes[leader.shape], setting.place)
    chaser = _actor(draw, setting, [leader], {leader.motion: 1.0}, level=level)
    if chaser is None:
        return None
    gap = float(draw.rng.uniform(1.2, 1.7)) * (leader.radius + chaser.radius)
    way = draw.world.motions[leader.motion].direction or (0.0, 0.0)
    start = (leader.start[0] - way[0] * gap, leader.start[1] - way[1] * gap)
    if level in LINES:
        start = (start[0], _line_of(draw, leader) - draw.world.shapes[chaser.shape].foot * chaser.radius)
    chaser = replace(chaser, speed=leader.speed, rate=leader.rate, start=start)
    return [chaser, leader] if _in_frame(draw, chaser) and _fits(draw, setting, chaser) else None


def _encounter(draw: Draw, setting: Setting, relation: RelationKind) -> list[Actor] | None:
    """Two on one level that come from both sides and stop in front of each other."""
    first = _actor(draw, setting, [], {relation.meets[0]: 1.0})
    if first is None:
        return None
    level = home_in(draw.world.shapes[first.shape], setting.place)
    second = _actor(draw, setting, [], {relation.meets[1]: 1.0}, level=level, taken={first.colour})
    if second is None:
        return None
    pair = [first, second] if draw.rng.random() < 0.5 else [second, first]
    line = _line_of(draw, first)
    numbers = draft_encounter(draw.rng, (pair[0].radius, pair[1].radius), draw.half, draw.seconds)
    met = []
    for actor, fields in zip(pair, numbers, strict=True):
        foot = draw.world.shapes[actor.shape].foot
        y = line - foot * actor.radius if level in LINES else first.start[1]
        met.append(replace(actor, **{**fields, "start": (fields["start"][0], y)}))
    return met if all(_in_frame(draw, actor) and _fits(draw, setting, actor) for actor in met) else None


def _passing(draw: Draw) -> Scene | None:
    """A small actor passes sideways behind something that stands on its level: seen, hidden, seen again."""
    world, rng = draw.world, draw.rng
    setting = _setting(draw)
    motions = {name: motion.common for name, motion in world.motions.items() if _sideways(motion)}
    smallest = min(world.sizes, key=lambda name: world.sizes[name].low)
    actor = _actor(draw, setting, [], motions, sizes=[smallest])
    if actor is None or actor.rate * draw.seconds < SHORTEST_PASSAGE:
        return None
    shape = world.shapes[actor.shape]
    level = home_in(shape, setting.place) or (shape.homes or (GROUND,))[0]
    props = [prop for prop in world.props.values() if level in prop.homes]
    if not props:
        return None
    prop = props[int(rng.integers(len(props)))]
    wall = _stood(draw, prop, actor, level)
    track, _ = screen_track(world, setting.scene(draw, [actor]), actor, draw.times)
    away = np.abs(track[:, 0] - wall.x)
    seen, hidden = wall.width / 2 + SEEN_BESIDE * actor.radius, wall.width / 2 - 1.05 * actor.radius
    if abs(wall.y) > draw.half[1] - HEAD_ROOM * wall.radius or away[0] < seen or away[-1] < seen or away.min() > hidden:
        return None
    actors: list[Actor] | None = [actor]
    if rng.random() < COMPANY:
        actors = _actors(draw, setting, 2, [actor])
    if actors is None or any(_touches(draw, other, wall) for other in actors[1:]):
        return None
    return replace(setting.scene(draw, actors), actors=tuple(actors), wall=wall)  # who passes is the first


def _stood(draw: Draw, prop: Prop, actor: Actor, level: str) -> Wall:
    """A prop half way, wide enough to hide the actor: its foot a little nearer than the actor's, or as high as it."""
    width = 2 * actor.radius * float(draw.rng.uniform(*PROP_WIDTH))
    radius = width / prop.width
    track, _ = _track(draw, actor)
    x = float(track[0, 0] + track[-1, 0]) / 2 + float(draw.rng.uniform(-0.08, 0.08))
    y = _line_of(draw, actor) + PROP_NEARER - prop.foot * radius if level in LINES else actor.start[1]
    return Wall(x, width, prop.name, y, radius)


def _touches(draw: Draw, actor: Actor, wall: Wall) -> bool:
    track, radii = _track(draw, actor)
    return bool((np.abs(track[:, 0] - wall.x) < max(wall.width / 2, wall.radius) + ELBOW_ROOM * radii).any())


def _filmed(draw: Draw) -> Scene | None:
    """One or two actors in a place under a moving camera, in sight all the time."""
    moves = [move for move in draw.world.cameras.values() if move.high > 0 and not move.follows]
    move = moves[int(draw.rng.integers(len(moves)))]
    for _ in range(TRIES):
        setting = _setting(draw, plain=False)
        actors = _actors(draw, setting, 1 if draw.rng.random() < 0.8 else 2)
        camera = Camera(move.name, float(draw.rng.uniform(move.low, move.high)))
        scene = replace(setting.scene(draw, actors or []), camera=camera)
        if actors and all(_in_sight(draw, scene, actor) and _has_own_way(draw, scene, actor) for actor in actors):
            return scene
    return None


def _has_own_way(draw: Draw, scene: Scene, actor: Actor) -> bool:
    """Whether an actor does not go along with a pan: nobody could tell that from a camera that follows it."""
    pan = draw.world.cameras[scene.camera.move].pan
    centres, _ = screen_track(draw.world, scene, actor, draw.times)
    return bool(np.ptp(centres, axis=0).max() >= OWN_WAY * math.hypot(*pan) * scene.camera.rate * draw.seconds)


def _tracked(draw: Draw) -> Scene | None:
    """One actor on its way to a side, and a camera that goes with it, for however long."""
    moves = [move for move in draw.world.cameras.values() if move.follows]
    setting = _setting(draw, plain=False)
    motions = {name: 1.0 for name, motion in draw.world.motions.items() if _sideways(motion)}
    actor = _actor(draw, setting, [], motions) if moves else None
    if actor is None:
        return None
    room = min(TRACKED, draw.half[0] - 1.1 * actor.radius)
    actor = replace(actor, start=(float(draw.rng.uniform(-room, room)), actor.start[1]))
    return replace(setting.scene(draw, [actor]), camera=follow(draw.world, moves[0], actor))


def follow(world: World, move: CameraMove, actor: Actor) -> Camera:
    """The camera that goes with an actor on a straight way."""
    way = world.motions[actor.motion].direction or (0.0, 0.0)
    return Camera(move.name, math.copysign(actor.rate, way[0] * move.pan[0]))


def _in_sight(draw: Draw, scene: Scene, actor: Actor) -> bool:
    centres, radii = screen_track(draw.world, scene, actor, draw.times)
    room = np.array(draw.half) - np.abs(centres) - IN_SIGHT * radii[:, None]
    return bool(room.min() >= 0 and radii.max() < 0.45)


RECIPES: dict[str, Recipe] = {
    "one": _several(1),
    "two": _several(2),
    "three": _several(3),
    "relation": _related,
    "prop": _passing,
    "camera": _filmed,
    "tracking": _tracked,
    "leaving": _leaving,
}


# --- parts of recipes -------------------------------------------------------------------------------------------------


def _setting(draw: Draw, plain: bool = True) -> Setting:
    """A place, or now and then a plain colour, with a light and a weather that it may have."""
    places = [place for place in draw.world.backgrounds.values() if place.paint is not None]
    colours = [place for place in draw.world.backgrounds.values() if place.paint is None]
    on_colour = plain and bool(colours) and (not places or draw.rng.random() < PLAIN_SHARE)
    kind = colours if on_colour else places
    place = kind[int(draw.rng.integers(len(kind)))]
    light = _of_sky(draw.rng, [name for name in place.lights if name in draw.world.lights])
    return Setting(place, light, _of_sky(draw.rng, [name for name in place.weathers if name in draw.world.weathers]))


def _of_sky(rng: Rng, names: list[str]) -> str:
    """One of the names, the usual one about half of the time; "" where there are none."""
    if not names:
        return ""
    return names[0] if len(names) == 1 or rng.random() < USUAL_SKY else str(rng.choice(names[1:]))


def _actors(draw: Draw, setting: Setting, count: int, given: list[Actor] | None = None) -> list[Actor] | None:
    """`count` actors of different colours that keep clear of each other, the given ones among them."""
    actors = list(given or [])
    while len(actors) < count:
        actor = _actor(draw, setting, actors)
        if actor is None:
            return None
        actors.append(actor)
    return actors


def _actor(
    draw: Draw,
    setting: Setting,
    others: list[Actor],
    motions: dict[str, float] | None = None,
    sizes: list[str] | None = None,
    level: str | None = None,
    taken: set[str] | None = None,
) -> Actor | None:
    """One actor, its words first and then a place for it; None if there is no room.

    `level` asks for somebody who is at home there; `taken` are colours that somebody has who is not among the others.
    """
    world, rng = draw.world, draw.rng
    words = _words(draw, setting, {other.colour for other in others} | (taken or set()), motions, level)
    if words is None:
        return None
    colour, shape, motion = words
    size = world.sizes[str(rng.choice(sizes or list(world.sizes)))]
    speed: Range = world.speeds[str(rng.choice(list(world.speeds))) if motion.has_speed else world.plain_speed]
    radius, rate = radius_and_rate(draw, size, speed, motion)
    tracks = [_track(draw, other) for other in others]
    for _ in range(PLACEMENTS):
        fields = {"rate": rate, **motion.draft(rng, radius, rate, draw.half, draw.seconds)}
        drafted = Actor(shape.name, colour, size.name, motion.name, speed.name, radius, **fields)
        actor = _settled(draw, setting, drafted)
        if actor and _in_frame(draw, actor) and (not tracks or _clear(draw, _track(draw, actor), tracks)):
            return actor
    return None


def _words(
    draw: Draw, setting: Setting, taken: set[str], motions: dict[str, float] | None, level: str | None
) -> tuple[str, Shape, Motion] | None:
    """A colour that is not taken, somebody at home here, and what it can do, all of the split; None if not met."""
    world, rng, place = draw.world, draw.rng, setting.place
    weights = motions or {name: motion.common for name, motion in world.motions.items() if motion.common > 0}
    shapes = [shape for shape in world.shapes.values() if home_in(shape, place) is not None]
    shapes = [shape for shape in shapes if level is None or home_in(shape, place) == level]
    rarely = {shape.name: 1 / _homes(world, shape) if place.levels else 1.0 for shape in shapes}
    for _ in range(WORDS if shapes else 0):
        shape = world.shapes[choose(rng, rarely)]
        can = {name: share for name, share in weights.items() if can_do(shape, world.motions[name], place)}
        colour = str(rng.choice([name for name in world.colours if name not in taken]))
        if can and _of_split(draw, colour, shape.name, place.name):
            return colour, shape, world.motions[choose(rng, can)]
    return None


def _homes(world: World, shape: Shape) -> int:
    """In how many places a character is at home: who has few of them is drawn more often there."""
    return max(sum(home_in(shape, place) is not None for place in world.backgrounds.values() if place.levels), 1)


def _of_split(draw: Draw, colour: str, shape: str, place: str) -> bool:
    """Whether a combination belongs to the split; `outside` has them all."""
    return draw.split == "outside" or draw.world.is_unseen(colour, shape, place) == (draw.split == "unseen")


def _settled(draw: Draw, setting: Setting, actor: Actor) -> Actor | None:
    """The actor put on its level: its feet on the line, or its way within the range; None where that is too narrow."""
    shape, motion, place = draw.world.shapes[actor.shape], draw.world.motions[actor.motion], setting.place
    level = home_in(shape, place)
    if not place.levels or level is None:
        return actor
    x, y = actor.start
    track, _ = _track(draw, actor)
    if level in LINES or motion.stands_at is not None:
        line = float(draw.rng.uniform(*place.levels[level if level in LINES else GROUND]))
        down = 0.0 if level in LINES or motion.stands_at == 0 else float(track[-1, 1]) - y
        return replace(actor, start=(x, line - shape.foot * actor.radius - down))
    high, low = _range(draw, setting, actor, level, vertical=bool(np.ptp(track[:, 1]) > 1e-6))
    top, bottom = float(track[:, 1].min()) - y, float(track[:, 1].max()) - y
    if high - top > low - bottom:
        return None
    return replace(actor, start=(x, float(draw.rng.uniform(high - top, low - bottom))))


def _range(draw: Draw, setting: Setting, actor: Actor, level: str, vertical: bool) -> tuple[float, float]:
    """Heights where a middle may be; who goes up or down may come as low as the ground or the water under it."""
    high, low = setting.place.levels[level]
    edge = draw.half[1] - HEAD_ROOM * actor.radius
    if vertical:
        foot = draw.world.shapes[actor.shape].foot * actor.radius
        lines = [setting.place.levels[name][0] - foot for name in LINES if name in setting.place.levels]
        low = min((line for line in lines if line > low), default=low)
    return max(high, -edge), min(low, edge)


def _fits(draw: Draw, setting: Setting, actor: Actor) -> bool:
    """Whether an actor whose place was chosen for another one's sake is within its level."""
    level = home_in(draw.world.shapes[actor.shape], setting.place)
    if not setting.place.levels or level is None or level in LINES:
        return True
    track, _ = _track(draw, actor)
    high, low = _range(draw, setting, actor, level, vertical=bool(np.ptp(track[:, 1]) > 1e-6))
    return bool(track[:, 1].min() >= high - 1e-9 and track[:, 1].max() <= low + 1e-9)


def _line_of(draw: Draw, actor: Actor) -> float:
    """The height on which an actor stands."""
    return actor.start[1] + draw.world.shapes[actor.shape].foot * actor.radius


def _in_frame(draw: Draw, actor: Actor) -> bool:
    """Whether the whole height of an actor, and its middle along x, stay in the frame; leaving is meant to go out."""
    track, _ = _track(draw, actor)
    room = [draw.half[0] - SIGHT_MARGIN * actor.radius, draw.half[1] - HEAD_ROOM * actor.radius]
    inside = np.abs(track) <= np.array(room) + 1e-9
    motion = draw.world.motions[actor.motion]
    return bool(inside[:, 1].all() and (inside[:, 0].all() or (motion.common == 0 and not motion.paired)))


def _clear(draw: Draw, track: Track, others: list[Track]) -> bool:
    """Whether a track keeps clear of others through the clip."""
    (centres, radii), room = track, draw.clearance * ELBOW_ROOM
    return all(bool((np.hypot(*(centres - c).T) >= room * (radii + r)).all()) for c, r in others)


def _track(draw: Draw, actor: Actor) -> Track:
    """Middles (f, 2) and radii (f,) in the world."""
    pose = draw.world.motions[actor.motion].path(actor, draw.times, draw.half)
    return np.stack([pose.x, pose.y], axis=1), actor.radius * pose.scale


def _sideways(motion: Motion) -> bool:
    return motion.direction is not None and motion.direction[1] == 0
