"""Things behind which a character can pass."""

from minisora.world.stage.characters.building import accent
from minisora.world.stage.drawing import box, disc, joined, moved
from minisora.world.tables import Prop, Words

__all__ = ["PROPS"]

BARK, LEAF, LEAF_LIGHT = (110, 76, 48), (46, 112, 52), (66, 140, 66)
_CROWN = joined(*(moved(disc(r), x, y) for r, x, y in ((0.62, 0.0, -0.3), (0.45, -0.45, 0.1), (0.45, 0.45, 0.1))))

PROPS = (
    Prop(
        "tree",
        Words(("a tree",), ("a leafy tree",), ("the tree", "a big tree")),
        (accent(moved(box(0.16, 0.3), 0.0, 0.75), BARK), accent(_CROWN, LEAF), accent(moved(disc(0.3), -0.1, -0.4), LEAF_LIGHT)),
        homes=("ground",),
        width=1.6,
        foot=1.05,
    ),
)  # fmt: skip
