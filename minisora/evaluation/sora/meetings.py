"""How well two tracks obey the law of a collision: each goes straight on before and after one touch, and what one loses
in momentum the other gains.

Nothing is asked of a simulator: the law's own numbers (a start and two velocities for each, one moment for both) are
fitted to the tracks, and what is left over is the error.
"""

from dataclasses import dataclass

import numpy as np

from minisora.world.tables import Array

__all__ = ["MeetingFit", "fit_meeting"]

MOMENTS_A_FRAME = 8  # at which a touch is tried
AT_LEAST = 2  # frames before and after it


@dataclass(frozen=True)
class MeetingFit:
    """What two tracks leave over.

    Attributes:
        moment: of the touch, in frames.
        error: of the steps from frame to frame, root mean square, pixels a frame, of the worse of the two.
        momentum: change of the sum of both velocities, as a share of the speeds before; the masses are equal.
    """

    moment: float
    error: float
    momentum: float


def fit_meeting(one: Array, other: Array) -> MeetingFit:
    """Fit the law to two tracks.

    Args:
        one, other: (f, 2), pixels, of actors of equal mass.
    Returns:
        The best fit; NaN everywhere where one of the two is not seen all the time.
    """
    tracks = np.concatenate([one, other], axis=1)  # (f, 4)
    if not np.isfinite(tracks).all() or len(tracks) < 2 * AT_LEAST + 1:
        return MeetingFit(float("nan"), float("nan"), float("nan"))
    moments = (
        np.arange(AT_LEAST * MOMENTS_A_FRAME, (len(tracks) - 1 - AT_LEAST) * MOMENTS_A_FRAME + 1) / MOMENTS_A_FRAME
    )
    fits = [(_fitted(tracks, float(moment)), float(moment)) for moment in moments]
    (numbers, law), moment = min(fits, key=lambda fit: float(((fit[0][1] - tracks) ** 2).sum()))
    wrong = np.diff(tracks - law, axis=0).reshape(len(tracks) - 1, 2, 2)  # (f - 1, actor, axis)
    error = np.sqrt((wrong**2).sum(2).mean(0)).max()
    before, after = (row.reshape(2, 2) for row in numbers[1:])  # velocities (actor, axis)
    change = np.hypot(*(after.sum(0) - before.sum(0))) / max(np.hypot(*before.T).sum(), 1e-9)
    return MeetingFit(moment, float(error), float(change))


def _fitted(tracks: Array, moment: float) -> tuple[Array, Array]:
    """Start and velocities (3, 4) of both, and the tracks (f, 4) that they make, with a touch at this moment."""
    times = np.arange(len(tracks), dtype=float)
    basis = np.stack([np.ones_like(times), np.minimum(times, moment), np.maximum(times - moment, 0)], axis=1)  # (f, 3)
    numbers = np.linalg.lstsq(basis, tracks, rcond=None)[0]
    return numbers, basis @ numbers
