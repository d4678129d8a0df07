"""Props: what stands in the same place all the time, found in the median of all frames, from which actors vanish."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from minisora.world.stage.reading.figures import BODY, COVER, Figure, Pose, draw
from minisora.world.stage.reading.fitting import empty_errors, guesses, window
from minisora.world.stage.reading.foreground import differing, limit_of, spots
from minisora.world.stage.reading.ground import pooled
from minisora.world.stage.reading.tracking import Sight, Stage, full, put

FITS = 0.35  # share of the difference from the place that may be left over
HERE, OFTEN = 0.5, 0.9  # the same for a frame in which it is there, and the share of frames in which it must be
MOST_PROPS = 2


def find_props(
    stage: Stage, props: Sequence[Figure], characters: Sequence[Figure], coarse: tuple[int, int]
) -> list[Sight]:
    """The props of a clip whose camera stands still.

    A thing that a character explains better than any prop is left for later. `coarse` is the size of the raster on
    which spots are found. Drops vanish from the median, too, so what counts as in front is asked of it anew.
    """
    if not props:
        return []
    away = stage.away.median(0, keepdim=True)[0]  # (1, h, w, 3)
    contrasts = pooled(away, coarse).abs().amax(-1)
    mask = differing(contrasts, limit_of(contrasts))
    still = replace(stage, away=away, place=stage.place[:1], free=torch.ones_like(stage.free[:1]))
    found = []
    for spot in sorted(spots(mask, pooled(away, coarse))[0], key=lambda spot: -spot.area)[:MOST_PROPS]:
        x, y, area = full(stage, spot)
        half = int(spot.reach * stage.scale * 1.25) + 3
        middle = torch.tensor([x]), torch.tensor([y])
        seen = window(still.away, still.place, still.free, *middle, half, stage.tint)
        table = guesses([*props, *characters], seen, (x, y, area), stage.inks)
        best = min(table, key=lambda guess: guess.error)
        if best.figure < len(props) and best.error < FITS * float(empty_errors(seen)):
            sight = _sight(stage, props[best.figure], best.pose)
            if _always(stage, sight):
                found.append(sight)
    return found


def _always(stage: Stage, sight: Sight) -> bool:
    """Whether a prop is seen in nearly all frames: it stands before all actors, so nothing ever hides it."""
    painted = draw_whole(sight.figure, sight.pose.pick(torch.tensor([0])), stage)
    own = sight.cover[0] > 0.5
    left, before = (stage.away - painted)[:, own].square().sum((1, 2)), stage.away[:, own].square().sum((1, 2))
    return bool((left < HERE * before).float().mean() >= OFTEN)


def draw_whole(figure: Figure, pose: Pose, stage: Stage) -> Tensor:
    """What a figure without a colour of its own changes of the place, (1, h, w, 3)."""
    height, width = stage.free.shape[1:]
    x, y = torch.arange(width).float()[None, None], torch.arange(height).float()[None, :, None]
    drawn = draw(figure, pose, x, y)
    accents = stage.tint[:, None, None] * drawn[:, BODY + 1 :]
    return (accents - drawn[:, COVER : COVER + 1] * stage.place[:1].movedim(-1, 1)).movedim(1, -1)


def _sight(stage: Stage, figure: Figure, pose: Pose) -> Sight:
    """A figure that stands there in all frames."""
    frames, height, width = stage.free.shape
    half = max(height, width)
    centre = torch.tensor([(width - 1) / 2]), torch.tensor([(height - 1) / 2])
    seen = window(stage.away[:1], stage.place[:1], stage.free[:1], *centre, half, stage.tint)
    cover = put(draw(figure, pose, seen.x, seen.y)[:, COVER], seen, (1, height, width)).expand(frames, -1, -1)
    ones = torch.ones(frames)
    poses = Pose(*(getattr(pose, name).expand(frames) for name in Pose.__dataclass_fields__))
    return Sight(figure, -1, 0, torch.zeros(3), poses, ones, ones > 0, 1.0, {}, cover)
