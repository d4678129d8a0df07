"""A snail: a large shell with a spiral, two eyes on stalks, a foot that stretches and shrinks."""

from minisora.world.stage.characters.building import GROUNDED, accent, body, character, marking
from minisora.world.stage.drawing import capsule, disc, joined, moved, ring, swinging, turned
from minisora.world.tables import Gait, Words

SKIN, EYE, SHADE = (232, 200, 150), (24, 24, 28), (196, 156, 108)
FOOT = 0.62
_STALKS = joined(capsule((0.0, 0.0), (-0.04, -0.5), 0.09), capsule((0.1, 0.0), (0.26, -0.46), 0.09))
_EYES = joined(moved(disc(0.11), -0.04, -0.52), moved(disc(0.11), 0.26, -0.48))
_NOD = swinging(0.0, 0.16)

SNAIL = character(
    "snail",
    Words(("snail", "garden snail"), ("land snail",), ("slug",)),
    (
        accent(moved(turned(_STALKS, _NOD), 0.84, 0.1), SKIN),
        accent(moved(turned(_EYES, _NOD), 0.84, 0.1), EYE),
        accent(capsule((-0.9, FOOT - 0.14), (0.8, FOOT - 0.14), 0.28), SKIN),
        accent(capsule((0.7, FOOT - 0.14), (0.9, 0.12), 0.34), SKIN),
        body(moved(disc(0.74), -0.16, -0.16)),
        marking(moved(ring(0.46, 0.13), -0.16, -0.1), shade=-0.35),
        marking(moved(disc(0.2), -0.12, -0.06), shade=-0.35),
    ),
    homes=("ground",),
    goes=Words(("crawl", "creep"), ("inch",), ("slide", "glide", "slither")),
    waits=Words(("rest", "wait"), ("stand",), ("sit", "pause")),
    gait=Gait(a_radius=1.0),
    foot=FOOT,
    motions=GROUNDED,
)
