"""What a caption will say: chosen from a scene, or from a request whose gaps are filled."""

from dataclasses import dataclass, replace

from minisora.world.request import ActorRequest, RelationRequest, SceneRequest
from minisora.world.scene import Actor, Scene
from minisora.world.tables import Motion, World
from minisora.world.wording import Dice

STILL_SAID = 0.06  # how often a camera that stands still is mentioned
WALLED_ACTOR = 0  # by the recipe of walls in `sampling.py`, the first actor is the one that passes


@dataclass(frozen=True)
class Named:
    """What a caption will say; indices of actors are the scene's, or the request's."""

    actors: tuple[ActorRequest, ...]
    background: str | None
    texture: str | None
    camera: str | None
    relation: RelationRequest | None
    walled: int | None  # the actor that passes behind a wall


def name_scene(world: World, scene: Scene, dice: Dice, short: float) -> Named:
    """Choose what to name: everything, or with probability `short` less, but never so that actors get mixed up."""
    still = scene.camera.move == world.still_camera
    camera = None if still and not dice.chance(STILL_SAID) else scene.camera.move
    pairs = [RelationRequest(each.name, each.subject, each.object) for each in scene.relations[:1]]
    texture = scene.texture or None
    actors = tuple(_full(world, actor) for actor in scene.actors)
    walled = WALLED_ACTOR if scene.wall else None
    full = Named(actors, scene.background, texture, camera, pairs[0] if pairs else None, walled)
    return _shortened(full, dice) if dice.chance(short) else full


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
    return replace(full, actors=tuple(actors), background=background, relation=relation)


def name_request(world: World, request: SceneRequest, dice: Dice) -> Named:
    """Everything that a request names, with the rest made up so that it fits: a dense caption says it all.

    The speed stays unsaid where it was. A follower moves as the one that it follows; who stands beside another or
    passes a wall gets a motion in which that can be seen.
    """
    relation = request.relations[0] if request.relations else None
    walled = request.behind_wall[0] if request.behind_wall else None
    actors = list(request.actors or (ActorRequest(),))
    for k in range(len(actors)):
        actors[k] = _filled(world, actors, k, _fitting(world, actors, k, relation, walled), dice)
    background = request.background or dice.among(list(world.backgrounds))
    camera = request.camera
    texture = request.texture
    if camera and camera != world.still_camera and world.textures:
        texture = texture or dice.among(list(world.textures))
    return Named(tuple(actors), background, texture, camera, relation, walled)


def _fitting(
    world: World, actors: list[ActorRequest], k: int, relation: RelationRequest | None, walled: int | None
) -> list[Motion]:
    """Motions that an actor may be given where none was named."""
    motions = list(world.motions.values())
    if k == walled:
        return [motion for motion in motions if motion.direction and abs(motion.direction[0]) == 1]
    if not relation or k not in (relation.subject, relation.object):
        return [motion for motion in motions if motion.common > 0]
    if world.relations[relation.name].meets:
        return []  # what the two do is the relation
    if not world.relations[relation.name].follows:
        return [motion for motion in motions if motion.stays and not motion.has_speed]
    other = actors[relation.object if k == relation.subject else relation.subject].motion
    return [motion for motion in motions if motion.direction and other in (None, motion.name)]


def _filled(world: World, actors: list[ActorRequest], k: int, fitting: list[Motion], dice: Dice) -> ActorRequest:
    actor = actors[k]
    taken = {other.colour for other in actors}
    colours = [name for name in world.colours if name not in taken] or list(world.colours)
    named = world.motions[actor.motion] if actor.motion else None
    shapes = [shape for shape in world.shapes.values() if shape.fold or not (named and named.needs_turn)]
    shape = world.shapes[actor.shape] if actor.shape else dice.among(shapes)
    motions = [motion for motion in fitting if shape.fold or not motion.needs_turn]
    return replace(
        actor,
        shape=shape.name,
        colour=actor.colour or dice.among(colours),
        size=actor.size or dice.among(list(world.sizes)),
        motion=actor.motion or (dice.among(motions).name if motions else None),
    )
