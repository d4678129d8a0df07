"""Which weather a clip shows: by what it takes off the contrast, and by how its drops move.

Drops of another clip are never at the same places, so not they are compared but what can be counted of them: how much
changes from frame to frame, and how fast these changes vary down and across. All is done on few pixels, where an
autoencoder's blur and noise hardly show.
"""

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d

from minisora.world.stage.reading.ground import Place, canvas, pooled
from minisora.world.tables import World

FLOOR = 0.01  # of 1, below which a change is noise
MEAN_WEIGHT = 60.0  # of a difference in the mean over time, beside logarithms of changes
LEAST_PIXELS = 0.05  # of the picture in which the place must be seen


def find_weather(world: World, clip: Tensor, place: Place, mask: Tensor, times: Tensor) -> str:
    """The weather, among those that the place may have, whose marks are most like those of a clip (f, h, w, 3), 0…1.

    `mask` (f, h, w), coarse, is what stands in front of the place.
    """
    allowed = world.backgrounds[place.background].weathers if place.background else ()
    allowed = tuple(name for name in allowed if name in world.weathers)
    if len(allowed) < 2:
        return place.weather
    sight = max_pool2d(mask.float()[:, None], 3, 1, 1)[:, 0] < 0.5
    if float(sight.float().mean()) < LEAST_PIXELS:
        return place.weather
    coarse = (mask.shape[1], mask.shape[2])
    seen, picture = pooled(clip, coarse), pooled(place.picture, coarse)
    gaps = []
    for name in allowed:
        drawn = pooled(_weathered(world, place, name, times), coarse)
        veil = (_mean(seen, sight) - _mean(drawn, sight)).abs().mean()
        drops = (marks(seen - picture, sight) - marks(drawn - picture, sight)).abs().sum()
        gaps.append(float(MEAN_WEIGHT * veil + drops))
    return allowed[min(range(len(allowed)), key=gaps.__getitem__)]


def _mean(clip: Tensor, sight: Tensor) -> Tensor:
    """The mean over time of where the place is seen, (h, w, 3); 0 where it never is."""
    weight = sight[..., None].float()
    return (clip * weight).sum(0) / weight.sum(0).clamp(min=1.0)


def _weathered(world: World, place: Place, name: str, times: Tensor) -> Tensor:
    """The place under a weather, (f, h, w, 3)."""
    veil = world.weathers[name].veil
    if veil is None:
        return place.picture
    size = (place.picture.shape[1], place.picture.shape[2])
    cover, colour = veil(canvas(place.dark, place.zoom, place.offset, times, size))
    return torch.lerp(place.picture, colour.expand_as(place.picture), cover[..., None])


def marks(away: Tensor, sight: Tensor) -> Tensor:
    """What can be counted of drops: logarithms of their changes in time, down and across, (3,), or (2,) of one frame.

    Args:
        away: (f, h, w, 3), difference from the place, 0…1.
        sight: (f, h, w), where the place is seen.
    """
    moving = away - _mean(away, sight) if len(away) > 1 else away
    grey = moving.mean(-1)
    changes = [_change(grey, sight, axis) for axis in range(3) if grey.shape[axis] > 1]
    return torch.log(torch.stack(changes) + FLOOR)


def _change(grey: Tensor, sight: Tensor, axis: int) -> Tensor:
    """Root of the mean squared difference of neighbours along an axis, where both are seen."""
    count = grey.shape[axis] - 1
    both = sight.narrow(axis, 0, count) & sight.narrow(axis, 1, count)
    change = grey.narrow(axis, 1, count) - grey.narrow(axis, 0, count)
    return ((change * change * both).sum() / both.sum().clamp(min=1)).sqrt()
