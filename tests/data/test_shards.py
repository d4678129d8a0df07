"""Data sets on disk: written whole or not at all, resumed, streamed."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from minisora.data import Clip, Row, decode_row, encode_row, load, stream, write_shards
from minisora.errors import DataError, OutputError, SettingError


def row(number: int) -> Row:
    """A tiny clip that says its number."""
    frames = np.full((2, 8, 8, 3), number % 256, np.uint8)
    return encode_row(Clip(frames, f"clip {number}", None, 8.0))


class Made:
    """Rows by number, which remembers what it was asked for."""

    def __init__(self, total: int, stop_at: int | None = None) -> None:
        self.total, self.stop_at, self.made = total, stop_at, []

    def __call__(self, start: int) -> Iterator[Row]:
        for number in range(start, self.total):
            if number == self.stop_at:
                raise KeyboardInterrupt
            self.made.append(number)
            yield row(number)


def captions(rows: object) -> list[str]:
    return [entry["caption"] for entry in rows]  # type: ignore[attr-defined]


def test_shards_come_back_in_order(tmp_path: Path) -> None:
    paths = write_shards(Made(10), tmp_path, clips_per_shard=4)
    assert [path.name for path in paths] == [f"clips-0000{k}.parquet" for k in range(3)]
    wanted = [f"clip {number}" for number in range(10)]
    assert captions(load(tmp_path)) == wanted
    assert captions(stream(tmp_path)) == wanted
    assert decode_row(load(tmp_path)[7]).frames[0, 0, 0, 0] == 7


def test_streaming_shuffles_by_seed(tmp_path: Path) -> None:
    write_shards(Made(16), tmp_path, clips_per_shard=4)
    first, again, other = (captions(stream(tmp_path, seed=seed, buffer=4)) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert sorted(first) == sorted(other) == sorted(f"clip {number}" for number in range(16))


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_shards(Made(10, stop_at=6), tmp_path, clips_per_shard=4)
    assert [path.name for path in tmp_path.glob("*.parquet")] == ["clips-00000.parquet"]
    before = (tmp_path / "clips-00000.parquet").stat().st_mtime_ns
    rows = Made(10)
    write_shards(rows, tmp_path, clips_per_shard=4)
    assert rows.made == list(range(4, 10)), "what is there is not made again"
    assert (tmp_path / "clips-00000.parquet").stat().st_mtime_ns == before
    assert len(load(tmp_path)) == 10


def test_more_clips_are_added(tmp_path: Path) -> None:
    write_shards(Made(6), tmp_path, clips_per_shard=4)
    rows = Made(11)
    write_shards(rows, tmp_path, clips_per_shard=4)
    assert rows.made[0] == 4, "the shard that was not full is written anew"
    assert captions(load(tmp_path)) == [f"clip {number}" for number in range(11)]


def test_plain_rows_are_skipped_as_far_as_they_are_there(tmp_path: Path) -> None:
    write_shards((row(number) for number in range(8)), tmp_path, clips_per_shard=4)
    write_shards((row(number) for number in range(10)), tmp_path, clips_per_shard=4)
    assert captions(load(tmp_path)) == [f"clip {number}" for number in range(10)]


def test_a_damaged_shard_is_written_anew(tmp_path: Path) -> None:
    write_shards(Made(8), tmp_path, clips_per_shard=4)
    path = tmp_path / "clips-00001.parquet"
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(DataError, match="is damaged"):
        load(tmp_path)
    rows = Made(8)
    write_shards(rows, tmp_path, clips_per_shard=4)
    assert rows.made == [4, 5, 6, 7]
    assert len(load(tmp_path)) == 8


def test_another_data_set_is_not_mixed_in(tmp_path: Path) -> None:
    write_shards(Made(4), tmp_path, 4, about={"builder": "moving_shapes", "seed": 0})
    write_shards(Made(4), tmp_path, 4, about={"builder": "moving_shapes", "seed": 0})
    with pytest.raises(DataError, match=r"another data set.*seed=0"):
        write_shards(Made(4), tmp_path, 4, about={"builder": "moving_shapes", "seed": 1})


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="minisora dataset"):
        stream(tmp_path)
    with pytest.raises(SettingError, match="clips_per_shard=0"):
        write_shards(Made(4), tmp_path, 0)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write_shards(Made(4), tmp_path / "file" / "folder")
