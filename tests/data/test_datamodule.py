"""Lightning gets the batches that (seed, step) name, also after a stop."""

from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import pytest
import torch
from lightning.pytorch.callbacks import ModelCheckpoint

from minisora.data import Bucket, VideoDataModule, moving_shapes, write_shards
from minisora.data.datamodule import default_num_workers
from minisora.errors import SettingError

BUCKETS = [Bucket(5, 16, 16), Bucket(1, 16, 16)]


class Listener(pl.LightningModule):
    """A model that remembers the captions it has trained on, and can be made to die."""

    def __init__(self, die_at: int | None = None) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.heard: list[list[str]] = []
        self.die_at = die_at

    def training_step(self, batch: dict[str, Any], index: int) -> torch.Tensor:
        if len(self.heard) == self.die_at:
            raise RuntimeError("killed")
        self.heard.append(batch["caption"])
        return self.weight.sum() * batch["video"].float().mean()

    def validation_step(self, batch: dict[str, Any], index: int) -> None:
        assert batch["video"].ndim == 5

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), 0.1)


def trainer(folder: Path, **settings: Any) -> pl.Trainer:
    """A quiet trainer that keeps a checkpoint of every second step."""
    keep = ModelCheckpoint(folder, filename="{step}", every_n_train_steps=2, save_top_k=-1)
    quiet = {"accelerator": "cpu", "logger": False, "enable_progress_bar": False, "enable_model_summary": False}
    return pl.Trainer(callbacks=[keep], **{**quiet, **settings})


def data(**settings: Any) -> VideoDataModule:
    """Tiny batches in this process."""
    return VideoDataModule(**{"buckets": BUCKETS, "batch_size": 2, "num_workers": 0, "num_val_batches": 1, **settings})


@pytest.mark.parametrize("epochs", [{"max_steps": 8}, {"max_steps": 8, "limit_train_batches": 3}])
def test_a_resumed_training_hears_the_same_batches(tmp_path: Path, epochs: dict[str, int]) -> None:
    whole = Listener()
    trainer(tmp_path / "whole", **epochs).fit(whole, data())
    assert len(whole.heard) == 8
    assert len({str(captions) for captions in whole.heard}) == 8, "no batch comes twice"

    killed, resumed = Listener(die_at=5), Listener()
    with pytest.raises(RuntimeError, match="killed"):
        trainer(tmp_path / "cut", **epochs).fit(killed, data())
    checkpoint = tmp_path / "cut" / "step=4.ckpt"
    trainer(tmp_path / "rest", **epochs).fit(resumed, data(), ckpt_path=checkpoint, weights_only=True)
    assert killed.heard == whole.heard[:5]
    assert resumed.heard == whole.heard[4:]


def test_shards_are_trained_on_too(tmp_path: Path) -> None:
    write_shards(moving_shapes(10, num_frames=5, height=16, width=16), tmp_path / "shards", clips_per_shard=4)
    heard = []
    for _ in range(2):
        listener = Listener()
        trainer(tmp_path, max_steps=6).fit(listener, data(shards=str(tmp_path / "shards")))
        heard.append(listener.heard)
    assert heard[0] == heard[1]
    first = [caption for captions in heard[0][:5] for caption in captions]
    assert sorted(first) == sorted(row["caption"] for row in moving_shapes(10, num_frames=5, height=16, width=16))


def test_batches_without_a_trainer() -> None:
    batch = next(iter(data().train_dataloader()))
    assert batch["video"].shape[0] == 2
    assert len(list(data(num_val_batches=3).val_dataloader())) == 3


def test_workers_by_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    for platform, wanted in {"linux": 1, "darwin": 0, "win32": 0}.items():
        monkeypatch.setattr("sys.platform", platform)
        assert default_num_workers() == wanted


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(SettingError, match="batch_size=0"):
        data(batch_size=0)
    with pytest.raises(SettingError, match="num_val_batches=-1"):
        data(num_val_batches=-1)
