"""Lightning's view of the data: batches by shape, in an order that a resumed training keeps."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import lightning.pytorch as pl
from torch.utils.data import DataLoader

from minisora.data.batches import (
    Batch,
    BatchSource,
    FixedBatches,
    ShapesSource,
    ShardSource,
    StepDataset,
    check_batch_size,
)
from minisora.data.buckets import TRAIN_CLIPS, VALIDATION_CLIPS, Bucket
from minisora.data.shapes import ShapesRecipe
from minisora.errors import SettingError
from minisora.world import find_world


class StepLoader(DataLoader[Batch]):
    """A loader that asks, whenever it starts, how many batches have been trained on, and goes on from there."""

    def __init__(self, dataset: StepDataset, done: Callable[[], int], num_workers: int = 0) -> None:
        """Set the data.

        Args:
            dataset: batches by their number.
            done: how many batches have been trained on.
            num_workers: processes that make batches; 0 for none but this one.
        """
        super().__init__(dataset, batch_size=None, num_workers=num_workers)
        self.done = done

    def __iter__(self) -> Iterator[Batch]:  # type: ignore[override]
        """Batches from the first one that has not been trained on."""
        assert isinstance(self.dataset, StepDataset)  # noqa: S101 - for the type checker
        self.dataset.first = self.done()
        return super().__iter__()

    def state_dict(self) -> dict[str, int]:
        """Tells Lightning that this loader can resume; the place itself is in Lightning's own count of batches."""
        return {"batches": self.done()}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Nothing to restore: `done` knows."""


class VideoDataModule(pl.LightningDataModule):
    """Batches of clips for `Trainer.fit`: drawn on the fly, or from shards.

    Batch k depends on (seed, k) alone, whatever the number of workers, and also after a resume. There is no end:
    give the trainer `max_steps`, or `limit_train_batches` for epochs of a certain length.
    """

    def __init__(
        self,
        recipe: ShapesRecipe = ShapesRecipe(),  # noqa: B008 - frozen
        shards: str | None = None,
        buckets: list[Bucket] | None = None,
        shares: list[float] | None = None,
        batch_size: int = 32,
        seed: int = 0,
        num_workers: int | None = None,
        num_val_batches: int = 4,
        world: str = "shapes",
    ) -> None:
        """Set what the batches are made of.

        Args:
            recipe: which scenes are drawn; not used with `shards`.
            shards: folder that `write_shards` wrote; None draws clips on the fly.
            buckets: shapes of the batches that are drawn; None for 17×64×64.
            shares: how often each bucket is taken; None for equally often.
            batch_size: clips in a batch of one process.
            seed: at least 0; stages of one training should have different ones.
            num_workers: processes that make batches; None for 1 on Linux and 0 elsewhere.
            num_val_batches: batches of the validation set, always the same and never trained on (drawn clips only).
            world: name of the world that clips are drawn from.
        Raises:
            SettingError, DataError: one of these can't be used.
        """
        super().__init__()
        check_batch_size(batch_size)
        if num_val_batches < 0:
            raise SettingError(f"num_val_batches={num_val_batches}, but there can't be fewer than 0. Use 0.")
        self.recipe, self.shards, self.world = recipe, shards, find_world(world)
        self.buckets, self.shares = buckets or [Bucket()], shares
        self.batch_size, self.seed, self.num_val_batches = batch_size, seed, num_val_batches
        self.num_workers = default_num_workers() if num_workers is None else num_workers

    def source(self, use: int = TRAIN_CLIPS) -> BatchSource:
        """What gives the batches; override it for other data.

        Args:
            use: TRAIN_CLIPS or VALIDATION_CLIPS.
        Returns:
            A source.
        """
        if self.shards is not None:
            return ShardSource(self.shards, self.batch_size, self.seed)
        return ShapesSource(self.recipe, self.buckets, self.shares, self.batch_size, self.seed, use, self.world)

    def train_dataloader(self) -> StepLoader:
        """Batches without end, from the first one that has not been trained on."""
        rank, world_size = (self.trainer.global_rank, self.trainer.world_size) if self.trainer else (0, 1)
        dataset = StepDataset(self.source(), rank=rank, world_size=world_size)
        return StepLoader(dataset, self.batches_done, self.num_workers)

    def val_dataloader(self) -> Any:
        """`num_val_batches` fixed batches; none with shards, whose clips are all trained on."""
        if self.shards is not None or not self.num_val_batches:
            return []
        return DataLoader(FixedBatches(self.source(VALIDATION_CLIPS), self.num_val_batches), batch_size=None)

    def batches_done(self) -> int:
        """How many batches have been trained on, by Lightning's own count, which its checkpoints keep."""
        if self.trainer is None:
            return 0
        total: Any = self.trainer.fit_loop.epoch_loop.batch_progress.total
        return int(total.processed)


def default_num_workers() -> int:
    """1 on Linux; 0 on Windows and macOS, where processes that are started in a notebook fail or crawl."""
    return 1 if sys.platform.startswith("linux") else 0
