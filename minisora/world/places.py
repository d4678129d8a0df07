"""Who may be where, and what can be seen of it there: characters, levels, motions, light and weather of a place."""

from minisora.world.tables import Background, Motion, Shape, World

__all__ = ["ANYWHERE", "GROUND", "LINES", "can_do", "has_places", "home_in", "usual_sky"]

GROUND = "ground"
LINES = (GROUND, "water")  # levels that are a line under feet and keels; others are ranges of heights
ANYWHERE = ""  # the level on a plain colour


def has_places(world: World) -> bool:
    """Whether anything in a world is painted, or all grounds are plain colours."""
    return any(background.paint is not None for background in world.backgrounds.values())


def home_in(shape: Shape, place: Background) -> str | None:
    """The level of a place where a character is at home, the first that it has; None if it has none of them."""
    if not place.levels:
        return ANYWHERE
    homes = shape.homes or tuple(place.levels)
    return next((level for level in homes if level in place.levels), None)


def can_do(shape: Shape, motion: Motion, place: Background | None = None) -> bool:
    """Whether a character can be seen to move like that in a place, or, without one, in any.

    Who has only a ground or a water line to be on goes neither up nor down; who takes off or lands needs a ground.
    """
    if shape.motions and motion.name not in shape.motions and motion.common > 0:
        return False
    if motion.needs_turn and shape.fold == 0:
        return False
    bound = bool(shape.homes) and all(level in LINES for level in shape.homes)
    home = home_in(shape, place) if place else ANYWHERE
    vertical = motion.stands_at is not None or bool(motion.direction and motion.direction[1])
    if vertical and (bound or home in LINES):
        return False
    return motion.stands_at is None or not (place and place.levels) or GROUND in place.levels


def usual_sky(place: Background) -> tuple[str, str]:
    """The light and the weather that a place usually has, "" where it has neither."""
    return (*place.lights[:1], "")[0], (*place.weathers[:1], "")[0]
