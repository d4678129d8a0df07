"""Rain, snow and fog: what lies between the viewer and all else."""

import torch
from torch import Tensor

from minisora.world.stage.light import tint_of
from minisora.world.tables import Canvas, Weather, Words

__all__ = ["WEATHERS"]

FOG = (0.82, 0.84, 0.87)


def _fog(canvas: Canvas) -> tuple[Tensor, Tensor]:
    """Thicker towards the ground."""
    return (0.5 + 0.25 * canvas.y).expand_as(canvas.x), torch.tensor(FOG) * torch.tensor(tint_of(canvas.dark))


WEATHERS = (
    Weather("clear", Words(("under a clear sky", "in clear weather"), ("in fine weather",), ("clear",))),
    Weather("fog", Words(("in fog", "in the fog"), ("in thick fog",), ("in the mist", "foggy", "misty")), _fog),
)
