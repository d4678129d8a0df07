"""Shape buckets: a batch holds clips of one duration, height and width, and which one follows from (seed, step)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from minisora.errors import SettingError

# The second part of every random key, so that no two uses share a stream of numbers.
TRAIN_CLIPS, VALIDATION_CLIPS, BUCKETS, ORDER = range(4)


@dataclass(frozen=True, order=True)
class Bucket:
    """The shape that all clips of a batch share. One frame is a picture."""

    num_frames: int = 17
    height: int = 64
    width: int = 64

    def __post_init__(self) -> None:
        """SettingError for a shape without frames or pixels."""
        if self.num_frames < 1:
            raise SettingError(f"num_frames={self.num_frames}, but a clip has at least 1 frame. Use num_frames=1.")
        if min(self.height, self.width) < 8:
            raise SettingError(f"{self.height}×{self.width} pixels, but each side needs at least 8. Use 64×64.")

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width / self.height

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(f, h, w, 3)."""
        return self.num_frames, self.height, self.width, 3


def keyed_rng(seed: int, use: int, index: int) -> np.random.Generator:
    """The generator of item `index` of one use: it depends on these three numbers and nothing else.

    Args:
        seed: at least 0.
        use: one of TRAIN_CLIPS, VALIDATION_CLIPS, BUCKETS, ORDER.
        index: number of the clip, step or epoch.
    Returns:
        A new generator.
    Raises:
        SettingError: a negative number.
    """
    if min(seed, index) < 0:
        raise SettingError(f"seed={seed}, index={index}, but both must be at least 0. Use seed={abs(seed)}.")
    return np.random.default_rng((seed, use, index))


def bucket_of_step(buckets: Sequence[Bucket], shares: Sequence[float] | None, seed: int, step: int) -> Bucket:
    """Which bucket the batch of a step is taken from.

    Args:
        buckets: at least one.
        shares: how often each is taken, in any unit; None for equally often.
        seed, step: what the choice depends on.
    Returns:
        One of the buckets.
    Raises:
        SettingError: no bucket, or shares that don't fit.
    """
    if not buckets:
        raise SettingError("buckets is empty. Give at least one, for example Bucket(17, 64, 64).")
    weights = np.ones(len(buckets)) if shares is None else np.asarray(shares, dtype=np.float64)
    if len(weights) != len(buckets) or weights.min() < 0 or not 0 < weights.sum() < np.inf:
        raise SettingError(f"shares={shares} for {len(buckets)} buckets: give one number of at least 0 for each.")
    return buckets[int(keyed_rng(seed, BUCKETS, step).choice(len(buckets), p=weights / weights.sum()))]
