"""The stage as a data set: characters in places, under weather and light."""

from collections.abc import Iterator

from minisora.data.schema import Row
from minisora.data.shapes import Kinds, moving_shapes
from minisora.world import STAGE

__all__ = ["moving_stage"]


def moving_stage(
    num_clips: int,
    seed: int = 0,
    split: str = "train",
    kinds: Kinds = None,
    num_frames: int = 17,
    height: int = 128,
    width: int = 128,
    fps: float = 8.0,
    start: int = 0,
) -> Iterator[Row]:
    """Captioned clips of the stage; as `moving_shapes`, but of twice the size, since there is more to see.

    Args:
        num_clips: how many there are in all.
        seed: clip k depends on (seed, k) alone.
        split: "train", "unseen" (combinations of character, colour and place kept out of training) or "outside".
        kinds: see `minisora.data.ShapesRecipe`.
        num_frames, height, width: shape of every clip; one frame makes captioned pictures.
        fps: frames per second.
        start: number of the first clip to yield, to resume.
    Yields:
        Rows of the schema, `num_clips - start` of them.
    Raises:
        SettingError: unknown split or kind, or a size that can't be drawn.
    """
    yield from moving_shapes(num_clips, seed, split, kinds, num_frames, height, width, fps, start, STAGE)
