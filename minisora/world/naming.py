"""What a caption will say: chosen from a scene, or from a request whose gaps are filled."""

from dataclasses import dataclass, replace

from minisora.world.places import can_do, has_places, home_in, usual_sky
from minisora.world.request import ActorRequest, RelationRequest, SceneRequest
from minisora.world.scene import Actor, Scene
from minisora.world.tables import Background, Motion, Shape, World
from minisora.world.wording import Dice

STILL_SAID = 0.06  # how often a camera that stands still is mentioned
USUAL_SAID = 0.5  # how often a place's usual light and weather are mentioned, each
WALLED_ACTOR = 0  # by the recipe of walls in `sampling.py`, the first actor is the one that passes


@dataclass(frozen=True)
class Named:
    """What a caption will say; indices of actors are the scene's, or the request's."""

    actors: tuple[ActorRequest, ...]
    background: str | None
    texture: str | None
    camera: str | None
    relation: RelationRequest | None
    walled: int | None  # the actor that passes behind a wall or a prop
    light: str | None = None
    weather: str | None = None
    prop: str | None = None


def name_scene(world: World, scene: Scene, dice: Dice, short: float) -> Named:
    """Choose what to name: everything, or with probability `short` less, but never so that actors get mixed up."""
    still = scene.camera.move == world.still_camera
    camera = None if still and not dice.chance(STILL_SAID) else scene.camera.move
    pairs = [RelationRequest(each.name, each.subject, each.object) for each in scene.relations[:1]]
    texture = scene.texture or None
    actors = tuple(_full(world, actor) for actor in scene.actors)
    walled = WALLED_ACTOR if scene.wall else None
    full = Named(actors, scene.background, texture, camera, pairs[0] if pairs else None, walled)
    if scene.light or scene.weather or scene.wall:
        light, weather = _sky(world.backgrounds[scene.background], scene.light, scene.weather, dice)
        full = replace(full, light=light, weather=weather, prop=(scene.wall and scene.wall.prop) or None)
    return _shortened(full, dice) if dice.chance(short) else full


def _sky(place: Background, light: str, weather: str, dice: Dice) -> tuple[str | None, str | None]:
    """What is said of light and weather: always what is unusual, and now and then what is not."""
    said: list[str | None] = []
    for name, usual in zip((light, weather), usual_sky(place), strict=True):
        said.append(None if not name or (name == usual and not dice.chance(USUAL_SAID)) else name)
    return said[0], said[1]


def _full(world: World, actor: Actor) -> ActorRequest:
    motion = world.motions[actor.motion]
    speed = actor.speed if motion.has_speed and actor.speed != world.plain_speed else None
    return ActorRequest(actor.shape, actor.colour, actor.size, None if motion.paired else actor.motion, speed)


def _shortened(full: Named, dice: Dice) -> Named:
    """Without some attributes. A motion is left out of all actors or of none: "a circle and a star bouncing"."""
    alone = len(full.actors) == 1
    mute = dice.chance(0.15) and (alone or full.walled is None)
    shapes = [actor.shape for actor in full.actors]
    actors = []
    for actor in full.actors:
        drop: dict[str, None] = {}
        if mute:
            drop.update(motion=None, speed=None)
        if dice.chance(0.4):
            drop.update(speed=None)
        if dice.chance(0.4):
            drop.update(size=None)
        if dice.chance(0.12):
            drop.update(shape=None)
        elif dice.chance(0.12) and shapes.count(actor.shape) == 1:
            drop.update(colour=None)
        actors.append(replace(actor, **drop))
    background = None if dice.chance(0.5) else full.background
    relation = None if dice.chance(0.2) else full.relation
    light = None if full.light and dice.chance(0.4) else full.light
    weather = None if full.weather and dice.chance(0.4) else full.weather
    return replace(full, actors=tuple(actors), background=background, relation=relation, light=light, weather=weather)


def name_request(world: World, request: SceneRequest, dice: Dice) -> Named:
    """Everything that a request names, with the rest made up so that it fits: a dense caption says it all.

    The speed stays unsaid where it was. A follower moves as the one that it follows; who stands beside another or
    passes a wall gets a motion in which that can be seen. In a world with places everybody is where they belong.
    """
    relation = request.relations[0] if request.relations else None
    walled = request.behind_wall[0] if request.behind_wall else None
    actors = list(request.actors or (ActorRequest(),))
    background = request.background or (_fitting_place(world, request, dice) if has_places(world) else None)
    place = world.backgrounds[background] if background else None
    tracked = request.camera is not None and world.cameras[request.camera].follows
    sideways = {walled, 0 if tracked else None}
    for k in range(len(actors)):
        actors[k] = _filled(world, actors, k, _fitting(world, actors, k, relation, k in sideways), dice, place)
    background = background or dice.among(list(world.backgrounds))
    camera = request.camera
    texture = request.texture
    if camera and camera != world.still_camera and world.textures:
        texture = texture or dice.among(list(world.textures))
    named = Named(tuple(actors), background, texture, camera, relation, walled)
    if not has_places(world):
        return named
    prop = request.prop or _made_up_prop(world, named, dice)
    return replace(named, light=request.light, weather=request.weather, prop=prop)


def _fitting_place(world: World, request: SceneRequest, dice: Dice) -> str:
    """A place where all can be who are named, if there is any with the light and the weather that were asked for."""
    shapes = [world.shapes[actor.shape] for actor in request.actors if actor.shape]
    doing = [(actor.shape, actor.motion) for actor in request.actors if actor.shape and actor.motion]

    def fits(place: Background) -> bool:
        at_home = all(home_in(shape, place) is not None for shape in shapes)
        return at_home and all(can_do(world.shapes[who], world.motions[what], place) for who, what in doing)

    def has_sky(place: Background) -> bool:
        sky = (request.light, place.lights), (request.weather, place.weathers)
        return all(asked is None or asked in names for asked, names in sky)

    painted = [place for place in world.backgrounds.values() if place.paint is not None]
    fitting = [place for place in painted if fits(place)] or painted
    return dice.among([place for place in fitting if has_sky(place)] or fitting).name


def _made_up_prop(world: World, named: Named, dice: Dice) -> str | None:
    """Something to pass behind on the level of who passes, where a wall is none of the world's words."""
    if named.walled is None or world.wall_words.usual or not world.props:
        return None
    shape = world.shapes[named.actors[named.walled].shape or next(iter(world.shapes))]
    fitting = [prop.name for prop in world.props.values() if not shape.homes or set(shape.homes) & set(prop.homes)]
    return dice.among(fitting or list(world.props))


def _fitting(
    world: World, actors: list[ActorRequest], k: int, relation: RelationRequest | None, sideways: bool
) -> list[Motion]:
    """Motions that an actor may be given where none was named; only to a side, if it passes or is followed."""
    motions = list(world.motions.values())
    if sideways:
        return [motion for motion in motions if motion.direction and abs(motion.direction[0]) == 1]
    if not relation or k not in (relation.subject, relation.object):
        return [motion for motion in motions if motion.common > 0]
    if world.relations[relation.name].meets:
        return []  # what the two do is the relation
    if not world.relations[relation.name].follows:
        return [motion for motion in motions if motion.stays and not motion.has_speed and motion.shown is None]
    other = actors[relation.object if k == relation.subject else relation.subject].motion
    return [motion for motion in motions if motion.direction and other in (None, motion.name)]


def _filled(
    world: World, actors: list[ActorRequest], k: int, fitting: list[Motion], dice: Dice, place: Background | None
) -> ActorRequest:
    """An actor with its kind, its colour, its size and, if any fits in the place, its motion."""
    actor = actors[k]
    taken = {other.colour for other in actors}
    colours = [name for name in world.colours if name not in taken] or list(world.colours)
    named = world.motions[actor.motion] if actor.motion else None
    shape = world.shapes[actor.shape] if actor.shape else dice.among(_fitting_shapes(world, named, place))
    motions = [motion for motion in fitting if can_do(shape, motion, place)]
    return replace(
        actor,
        shape=shape.name,
        colour=actor.colour or dice.among(colours),
        size=actor.size or dice.among(list(world.sizes)),
        motion=actor.motion or (dice.among(motions).name if motions else None),
    )


def _fitting_shapes(world: World, named: Motion | None, place: Background | None) -> list[Shape]:
    """Who is at home in a place and can do what is asked for; anybody if nobody can."""
    at_home = [shape for shape in world.shapes.values() if place is None or home_in(shape, place) is not None]
    asked = [named] if named else []
    able = [shape for shape in at_home if all(can_do(shape, motion, place) for motion in asked)]
    return able or [shape for shape in world.shapes.values() if all(can_do(shape, m) for m in asked)] or at_home
