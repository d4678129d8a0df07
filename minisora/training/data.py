"""Lightning data modules for the text encoder and the denoiser; that of the autoencoder is in `minisora.data`.

A stream begins with the batch of the trainer's step, so that a resumed run reads on where it stopped.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import lightning as L
from torch import Tensor
from torch.utils.data import DataLoader

from minisora.errors import DataError
from minisora.training.latents import LatentBatch, LatentBatches, LatentFolder, LayoutFolder
from minisora.training.text_module import CaptionStream
from minisora.world import Caption, find_world


class CaptionData(L.LightningDataModule):
    """Captions of random scenes.

    Args:
        batch_size: captions a batch.
        pool: scenes that are described again and again.
        seed: of scenes and words.
        short: share of captions that leave attributes out.
        strewn: share of captions with words that mean nothing.
        kinds: relative frequencies of the kinds of scene; None for all alike.
        world: name of the world that the scenes are of.
    """

    def __init__(
        self,
        batch_size: int = 256,
        pool: int = 12_000,
        seed: int = 0,
        short: float = 0.25,
        strewn: float = 0.6,
        kinds: dict[str, float] | None = None,
        world: str = "shapes",
    ) -> None:
        super().__init__()
        self.kinds, self.world = kinds, find_world(world)
        self.batch_size, self.pool, self.seed, self.short, self.strewn = batch_size, pool, seed, short, strewn

    def train_dataloader(self) -> DataLoader[list[Caption]]:
        """Endless batches from the trainer's step on."""
        start = self.trainer.global_step if self.trainer else 0
        stream = CaptionStream(
            self.world, self.batch_size, self.pool, self.seed, self.short, self.strewn, start, self.kinds
        )
        return DataLoader(stream, batch_size=None)


class LatentData(L.LightningDataModule):
    """Kept latents with new captions for every batch.

    Args:
        folders: made by `minisora train latents`.
        batch_size: clips a batch.
        seed: of choices and words.
        lengths: share of batches by their number of latent frames; 0 is the whole clip, 1 a picture.
        kinds: relative frequencies of the kinds of scene; None takes them as they were rendered.
        short: share of captions that leave attributes out.
        layouts: made by `minisora train layouts`: further scenes, learned from their layouts alone.
        num_scenes: how many of them a batch.
        scene_kinds: as `kinds`, for those.
        world: name of the world that the scenes are of.
        num_workers: processes that put batches together; 0 does it between two steps, which is enough beside a CPU.
    """

    def __init__(
        self,
        folders: list[Path] = [Path("runs/nano/latents")],  # noqa: B006 - never changed; a list shows in --help
        batch_size: int = 48,
        seed: int = 0,
        lengths: dict[int, float] = {0: 0.92, 1: 0.05, 3: 0.03},  # noqa: B006
        kinds: dict[str, float] | None = None,
        short: float = 0.1,
        layouts: list[Path] = [],  # noqa: B006
        num_scenes: int = 96,
        scene_kinds: dict[str, float] | None = None,
        world: str = "shapes",
        num_workers: int = 0,
    ) -> None:
        super().__init__()
        self.world, self.num_workers = find_world(world), num_workers
        self.folders, self.batch_size, self.seed = folders, batch_size, seed
        self.lengths, self.kinds, self.short = lengths, kinds, short
        self.layouts, self.num_scenes, self.scene_kinds = layouts, num_scenes, scene_kinds

    def train_dataloader(self) -> DataLoader[LatentBatch]:
        """Endless batches from the trainer's step on; every process of several has batches of its own."""
        folders = [LatentFolder(folder) for folder in self.folders]
        if not folders:
            raise DataError("folders=[], but a training needs latents. Make them with `minisora train latents`.")
        rank = self.trainer.global_rank if self.trainer else 0
        start = self.trainer.global_step if self.trainer else 0
        scenes = [LayoutFolder(folder) for folder in self.layouts]
        self._check_world([*folders, *scenes])
        stream = LatentBatches(
            self.world, folders, self.batch_size, self.seed + 10_007 * rank, self.lengths, self.short, start,
            self.kinds, scenes, self.num_scenes, self.scene_kinds, self._tokenize,
        )  # fmt: skip
        return DataLoader(stream, batch_size=None, num_workers=self.num_workers)

    @property
    def _tokenize(self) -> Callable[[Sequence[str]], Tensor] | None:
        """That of the text encoder beside the denoiser, for workers: thousands of captions take a tenth of a second."""
        encoder = getattr(self.trainer and self.trainer.lightning_module, "text_encoder", None)
        return encoder.tokenize if encoder is not None and self.num_workers else None

    def _check_world(self, folders: "list[LatentFolder | LayoutFolder]") -> None:
        """Refuse scenes of another world: their layouts would be read with the wrong tables."""
        for folder in folders:
            if folder.world not in (None, self.world.name):
                raise DataError(
                    f"world={self.world.name!r}, but {folder.folder} holds scenes of {folder.world!r}. "
                    f"Use world={folder.world!r}."
                )
