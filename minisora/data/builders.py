"""Builders by name, for the command line."""

from collections.abc import Callable, Iterator

from minisora.data.balls import bouncing_balls
from minisora.data.digits import moving_digits
from minisora.data.schema import Row
from minisora.data.shapes import moving_shapes
from minisora.data.stage import moving_stage

# Each takes num_clips, seed, num_frames, height, width, fps and start by name.
BUILDERS: dict[str, Callable[..., Iterator[Row]]] = {
    "moving_shapes": moving_shapes,
    "bouncing_balls": bouncing_balls,
    "moving_digits": moving_digits,
    "moving_stage": moving_stage,
}
