"""Batches by number: batch k depends on (seed, k) alone, so a resumed training sees what it would have seen.

A source gives any batch by its number, a `StepDataset` counts from any number on, over any number of workers.
No Lightning here and, for clips drawn on the fly, no `datasets`: any training loop can use it.
"""

import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, TypedDict

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from minisora.data.buckets import ORDER, TRAIN_CLIPS, Bucket, bucket_of_step, keyed_rng
from minisora.data.schema import Clip, decode_row
from minisora.data.shapes import ShapesRecipe, shapes_clip
from minisora.data.shards import read_shard, shard_paths
from minisora.errors import DataError, SettingError
from minisora.world import SHAPES, World

KEPT_SHARDS = 4  # tables held in memory, so that a shard is read about once an epoch


class Batch(TypedDict):
    """Clips of one shape: video uint8 (b, f, h, w, 3), captions, scenes as JSON or None, fps float32 (b,)."""

    video: Tensor
    caption: list[str]
    scene: list[str | None]
    fps: Tensor


class BatchSource(Protocol):
    """What gives a batch by its number; `rank` of `world_size` processes share the step's clips out."""

    def batch(self, step: int, rank: int = 0, world_size: int = 1) -> Batch:
        """The part of step `step` that process `rank` of `world_size` trains on."""
        ...


@dataclass(frozen=True)
class ShapesSource:
    """Clips drawn when they are asked for: nothing is stored, nothing is seen twice.

    Clip i of process r at step k has number (k · world_size + r) · batch_size + i, and depends on (seed, number)
    alone: with one bucket, it is the clip of that number in `moving_shapes`.

    Attributes:
        recipe: which scenes and captions.
        buckets: shapes of batches.
        shares: how often each bucket is taken; None for equally often.
        batch_size: clips in a batch of one process.
        seed: at least 0.
        use: TRAIN_CLIPS or VALIDATION_CLIPS.
        world: what the clips show.
    """

    recipe: ShapesRecipe = field(default_factory=ShapesRecipe)
    buckets: Sequence[Bucket] = (Bucket(),)
    shares: Sequence[float] | None = None
    batch_size: int = 32
    seed: int = 0
    use: int = TRAIN_CLIPS
    world: World = field(default=SHAPES, repr=False)

    def __post_init__(self) -> None:
        """SettingError for a batch size below 1, no bucket, or shares that don't fit."""
        check_batch_size(self.batch_size)
        bucket_of_step(self.buckets, self.shares, self.seed, 0)

    def batch(self, step: int, rank: int = 0, world_size: int = 1) -> Batch:
        """The batch of a step.

        Args:
            step: number of the batch.
            rank, world_size: which of how many processes.
        Returns:
            Clips of one bucket, the same bucket in all processes.
        """
        bucket = bucket_of_step(self.buckets, self.shares, self.seed, step)
        first = (step * world_size + rank) * self.batch_size
        rngs = [keyed_rng(self.seed, self.use, first + index) for index in range(self.batch_size)]
        return collate([shapes_clip(self.world, self.recipe, bucket, rng) for rng in rngs])


class ShardSource:
    """Batches from the shards of `write_shards`, each of clips that have one shape.

    An epoch takes the shards in an order drawn from (seed, epoch) and the clips of each in random order, so that
    few shards are open at a time. What does not fill a batch is left out until the next epoch; a shape with fewer
    clips than a batch makes one small batch.
    """

    def __init__(self, folder: str | os.PathLike[str], batch_size: int = 32, seed: int = 0) -> None:
        """Read the shapes of all clips (not the clips).

        Args:
            folder: where `write_shards` wrote.
            batch_size: clips in a batch of one process.
            seed: at least 0.
        Raises:
            DataError: no shards, or damaged ones.
            SettingError: a batch size below 1.
        """
        check_batch_size(batch_size)
        self.paths = shard_paths(folder)
        self.batch_size, self.seed = batch_size, seed
        self._tables: OrderedDict[int, Any] = OrderedDict()
        self._plans: dict[tuple[int, int], list[NDArray[np.int64]]] = {}

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """For each clip (shard, row, f, h, w): int64 (clips, 5)."""
        return np.concatenate([_places(number, path) for number, path in enumerate(self.paths)])

    def batches_per_epoch(self, world_size: int = 1) -> int:
        """How many steps `world_size` processes take to see every clip about once."""
        return len(self._plan(0, world_size))

    def batch(self, step: int, rank: int = 0, world_size: int = 1) -> Batch:
        """The batch of a step.

        Args:
            step: number of the batch; the epochs follow from it.
            rank, world_size: which of how many processes.
        Returns:
            Clips of one shape, the same shape in all processes.
        Raises:
            DataError: a shard is damaged.
        """
        epoch, index = divmod(step, self.batches_per_epoch(world_size))
        mine = self._plan(epoch, world_size)[index][rank::world_size]
        return collate([self._clip(*place[:2]) for place in mine.tolist()])

    def _plan(self, epoch: int, world_size: int) -> list[NDArray[np.int64]]:
        """The places of every step of an epoch, for all processes together."""
        key = epoch, world_size
        if key not in self._plans:
            first = {k: plan for k, plan in self._plans.items() if k == (0, world_size)}
            self._plans = {**first, key: self._new_plan(epoch, world_size)}
        return self._plans[key]

    def _new_plan(self, epoch: int, world_size: int) -> list[NDArray[np.int64]]:
        rng, size = keyed_rng(self.seed, ORDER, epoch), self.batch_size * world_size
        turn = rng.permutation(len(self.paths))  # when each shard has its turn
        order = self.places[np.lexsort((rng.random(len(self.places)), turn[self.places[:, 0]]))]
        plan: list[tuple[int, NDArray[np.int64]]] = []
        for shape in np.unique(self.places[:, 2:], axis=0):
            (found,) = np.nonzero((order[:, 2:] == shape).all(1))
            for k in range(max(len(found) // size, 1)):
                part = found[k * size : (k + 1) * size]
                if len(part) < world_size:
                    raise DataError(f"Only {len(part)} clips of shape {shape.tolist()} for {world_size} processes.")
                plan.append((int(part[-1]), order[part]))
        return [part for _, part in sorted(plan, key=lambda entry: entry[0])]

    def _clip(self, shard: int, row: int) -> Clip:
        if shard not in self._tables:
            self._tables[shard] = read_shard(self.paths[shard])
            while len(self._tables) > KEPT_SHARDS:
                self._tables.popitem(last=False)
        self._tables.move_to_end(shard)
        return decode_row(self._tables[shard].slice(row, 1).to_pylist()[0])

    def __getstate__(self) -> dict[str, Any]:
        """Workers get the settings, not the tables."""
        return {**vars(self), "_tables": OrderedDict(), "_plans": {}}


class StepDataset(IterableDataset[Batch]):
    """Batches first, first + 1, … of a source without end; each worker of a DataLoader makes every n-th of them.

    Give it to `DataLoader(dataset, batch_size=None)`, which puts the workers' batches in order again.
    """

    def __init__(self, source: BatchSource, first: int = 0, rank: int = 0, world_size: int = 1) -> None:
        """Set where to start.

        Args:
            source: what gives the batches.
            first: number of the first batch.
            rank, world_size: which of how many processes this one is.
        """
        super().__init__()
        self.source, self.first, self.rank, self.world_size = source, first, rank, world_size

    def __iter__(self) -> Iterator[Batch]:
        """Batches without end."""
        worker = get_worker_info()
        offset, stride = (0, 1) if worker is None else (worker.id, worker.num_workers)
        step = self.first + offset
        while True:
            yield self.source.batch(step, self.rank, self.world_size)
            step += stride


class FixedBatches(torch.utils.data.Dataset[Batch]):
    """Batches 0 … count - 1 of a source, the same at every look: for validation."""

    def __init__(self, source: BatchSource, count: int) -> None:
        """Set how many.

        Args:
            source: what gives the batches.
            count: number of batches.
        """
        self.source, self.count = source, count

    def __len__(self) -> int:
        """Number of batches."""
        return self.count

    def __getitem__(self, step: int) -> Batch:
        """Batch of that number."""
        if not 0 <= step < self.count:
            raise IndexError(step)
        return self.source.batch(step)


def collate(clips: Sequence[Clip]) -> Batch:
    """Clips of one shape as a batch.

    Args:
        clips: at least one, all of one shape.
    Returns:
        The batch.
    """
    return {
        "video": torch.from_numpy(np.stack([clip.frames for clip in clips])),
        "caption": [clip.caption for clip in clips],
        "scene": [clip.scene for clip in clips],
        "fps": torch.tensor([clip.fps for clip in clips], dtype=torch.float32),
    }


def check_batch_size(batch_size: int) -> None:
    """SettingError unless a batch holds at least one clip."""
    if batch_size < 1:
        raise SettingError(f"batch_size={batch_size}, but a batch holds at least 1 clip. Use 1.")


def _places(number: int, path: "os.PathLike[str]") -> NDArray[np.int64]:
    """Shard, row and shape of every clip of a shard, reading nothing but its column of shapes."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as shard:
            shapes = shard.read(columns=["video.shape"]).column("video").to_pylist()
    except (ArrowException, OSError) as error:
        raise DataError(f"{path} is damaged ({error}). Delete it and write the data set again.") from error
    rows = [(number, row, *video["shape"][:3]) for row, video in enumerate(shapes)]
    return np.array(rows, dtype=np.int64).reshape(-1, 5)
