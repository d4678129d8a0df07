"""Batch k depends on (seed, k) alone."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from minisora.data import Bucket, Clip, ShapesSource, ShardSource, StepDataset, encode_row, moving_shapes, write_shards
from minisora.data.batches import Batch, FixedBatches
from minisora.data.buckets import VALIDATION_CLIPS, bucket_of_step
from minisora.data.schema import decode_row
from minisora.errors import DataError, SettingError

SMALL = (Bucket(5, 16, 16), Bucket(1, 16, 24))


def same(a: Batch, b: Batch) -> bool:
    return torch.equal(a["video"], b["video"]) and a["caption"] == b["caption"] and a["scene"] == b["scene"]


def test_a_batch_has_one_shape_and_all_shapes_come() -> None:
    source = ShapesSource(buckets=SMALL, shares=(3, 1), batch_size=2)
    shapes = []
    for step in range(12):
        batch = source.batch(step)
        assert batch["video"].dtype == torch.uint8
        assert batch["video"].shape[0] == len(batch["caption"]) == len(batch["scene"]) == len(batch["fps"]) == 2
        shapes.append(Bucket(*batch["video"].shape[1:4]))
        assert shapes[-1] == bucket_of_step(SMALL, (3, 1), 0, step)
    assert set(shapes) == set(SMALL)


def test_shares_are_kept() -> None:
    picked = [bucket_of_step(SMALL, (3, 1), 0, step) for step in range(2000)]
    assert picked.count(SMALL[0]) / 2000 == pytest.approx(0.75, abs=0.04)


def test_drawn_clips_are_those_of_the_builder() -> None:
    rows = [decode_row(row) for row in moving_shapes(6, seed=5, num_frames=5, height=16, width=16)]
    source = ShapesSource(buckets=SMALL[:1], batch_size=2, seed=5)
    for step in range(3):
        for video, clip in zip(source.batch(step)["video"], rows[2 * step :], strict=False):
            np.testing.assert_array_equal(video.numpy(), clip.frames)


def test_processes_share_the_clips_out() -> None:
    alone = ShapesSource(buckets=SMALL[:1], batch_size=4).batch(3)
    parts = [ShapesSource(buckets=SMALL[:1], batch_size=2).batch(3, rank, 2) for rank in (0, 1)]
    assert torch.equal(alone["video"], torch.cat([part["video"] for part in parts]))


def test_training_and_validation_share_no_clip() -> None:
    train = ShapesSource(buckets=SMALL[:1], batch_size=8).batch(0)
    fixed = FixedBatches(ShapesSource(buckets=SMALL[:1], batch_size=8, use=VALIDATION_CLIPS), 2)
    assert len(fixed) == 2
    assert not set(train["scene"]) & set(fixed[0]["scene"])
    with pytest.raises(IndexError):
        fixed[2]


@pytest.mark.parametrize("workers", [0, 2])
def test_the_order_does_not_depend_on_workers_or_start(workers: int) -> None:
    source = ShapesSource(buckets=SMALL, batch_size=2)
    wanted = [source.batch(step) for step in range(3, 8)]
    loader = DataLoader(StepDataset(source, first=3), batch_size=None, num_workers=workers)
    assert all(map(same, islice(loader, 5), wanted))


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    """43 clips of two shapes, which say their numbers."""
    rows = []
    for number in range(43):
        shape = (1, 8, 12, 3) if number % 3 == 0 else (5, 8, 8, 3)
        rows.append(encode_row(Clip(np.full(shape, number, np.uint8), str(number), None, 8.0)))
    write_shards(rows, tmp_path, clips_per_shard=8)
    return tmp_path


def test_an_epoch_of_shards_shows_every_clip_at_most_once(shards: Path) -> None:
    source = ShardSource(shards, batch_size=4, seed=1)
    epochs = []
    for epoch in range(2):
        steps = range(epoch * source.batches_per_epoch(), (epoch + 1) * source.batches_per_epoch())
        batches = [source.batch(step) for step in steps]
        assert {tuple(batch["video"].shape[1:]) for batch in batches} == {(1, 8, 12, 3), (5, 8, 8, 3)}
        seen = [caption for batch in batches for caption in batch["caption"]]
        assert len(seen) == len(set(seen)) == 40, "15 pictures and 28 clips make 3 and 7 batches of 4"
        for batch in batches:
            assert [int(video.flatten()[0]) for video in batch["video"]] == [int(text) for text in batch["caption"]]
        epochs.append(seen)
    assert epochs[0] != epochs[1]


def test_a_step_of_shards_can_be_asked_for_alone(shards: Path) -> None:
    batches = [ShardSource(shards, batch_size=4, seed=1).batch(step) for step in range(14)]
    again = ShardSource(shards, batch_size=4, seed=1)
    assert all(same(again.batch(step), batches[step]) for step in (13, 2, 9, 0))
    other = ShardSource(shards, batch_size=4, seed=2)
    assert any(not same(other.batch(step), batches[step]) for step in range(3))


def test_processes_share_shards_out(shards: Path) -> None:
    alone = ShardSource(shards, batch_size=4).batch(2)["caption"]
    parts = [ShardSource(shards, batch_size=2).batch(2, rank, 2)["caption"] for rank in (0, 1)]
    assert sorted(parts[0] + parts[1]) == sorted(alone)


def test_few_shards_are_open_at_a_time(shards: Path) -> None:
    source = ShardSource(shards, batch_size=4)
    read = []
    for step in range(source.batches_per_epoch()):
        before = set(source._tables)
        source.batch(step)
        read += sorted(set(source._tables) - before)
    assert len(source._tables) <= 4
    assert len(read) <= 2 * len(source.paths)


def test_shard_batches_survive_workers(shards: Path) -> None:
    source = ShardSource(shards, batch_size=4)
    source.batch(0)
    loader = DataLoader(StepDataset(source), batch_size=None, num_workers=2)
    assert all(same(batch, source.batch(step)) for step, batch in enumerate(islice(loader, 6)))


def test_a_rare_shape_makes_a_small_batch(tmp_path: Path) -> None:
    write_shards([encode_row(Clip(np.zeros((1, 8, 8, 3), np.uint8), "x", None, 8.0))] * 3, tmp_path)
    assert len(ShardSource(tmp_path, batch_size=8).batch(5)["caption"]) == 3
    with pytest.raises(DataError, match="for 4 processes"):
        ShardSource(tmp_path, batch_size=8).batch(0, 0, 4)


def test_wrong_settings_are_refused(tmp_path: Path) -> None:
    for wrong in ({"batch_size": 0}, {"buckets": ()}, {"shares": (1, 2)}, {"shares": (-1,)}, {"seed": -1}):
        with pytest.raises(SettingError):
            ShapesSource(**wrong)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="no clips-00000"):
        ShardSource(tmp_path)
    with pytest.raises(SettingError, match="at least 8"):
        Bucket(5, 4, 64)
