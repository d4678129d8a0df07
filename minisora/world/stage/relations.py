"""Relations between two characters: those of the first world, following, and meeting."""

import numpy as np

from minisora.world import relations
from minisora.world.shapes_world import SHAPES
from minisora.world.stage.motions import MEETING
from minisora.world.tables import Array, RelationKind, Words
from minisora.world.words import verb_words

__all__ = ["RELATIONS", "meeting"]

NEAR = (0.9, 1.8)  # of the two radii's sum: how far apart the middles are of two that have met
LEAST_WAY = 0.3  # of the two radii's sum, by which each has come nearer to the other
LEVEL = 0.7  # of the two radii's sum: how much higher one may be than the other
RESTING = 0.12  # of the two radii's sum: how far apart they may still get in the last frames
LAST = 4  # frames


def meeting(subject: Array, other: Array, radii: tuple[float, float]) -> Array:
    """Two come from opposite sides and stop in front of each other. Returns (f,), the same at every moment."""
    reach = sum(radii)
    apart = other - subject  # (f, 2)
    side = np.sign(apart[0, 0]) or 1.0
    distance = float(side * apart[-1, 0]) / reach
    ways = side * float(subject[-1, 0] - subject[0, 0]) / reach, -side * float(other[-1, 0] - other[0, 0]) / reach
    drift = float(np.ptp(np.abs(apart[-LAST:, 0]))) / reach
    height = float(np.abs(apart[:, 1]).max()) / reach
    margin = min(
        distance - NEAR[0], NEAR[1] - distance, min(ways) - LEAST_WAY, RESTING - drift, LEVEL - height
    )  # fmt: skip
    return np.full(len(subject), margin)


_SIDES = ("left of", "right of", "above", "below")
_FOLLOW = verb_words(
    ("<follow>", "<chase>"),
    ("<follow> after", "<chase> after"),
    ("<pursue>", "<run> after", "<go> after", "<hunt>", "<walk> behind", "<drive> behind", "<fly> behind"),
)
_FOLLOWED = Words(("followed by", "chased by"), ("being followed by", "being chased by"), ("pursued by",))
_MEET = verb_words(
    ("<meet>", "<come> up to", "<meet> and <stop> in front of"),
    ("<come> to meet", "<come> right up to"),
    ("<meet> with", "<encounter>", "<run> into", "<come> across", "<come> face to face with", "<greet>"),
)

RELATIONS = (
    *(SHAPES.relations[name] for name in _SIDES),
    RelationKind("following", _FOLLOW, relations.chasing, _FOLLOWED, follows=True),
    RelationKind("meeting", _MEET, meeting, meets=(MEETING, MEETING)),
)
