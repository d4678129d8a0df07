"""Data sets on disk: sharded Parquet, written shard by shard, resumed, streamed back."""

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from inspect import signature
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minisora.data.schema import Row, features
from minisora.data.video_io import new_file
from minisora.errors import DataError, OutputError, SettingError

if TYPE_CHECKING:
    import datasets

ABOUT = "about.json"
SHARD = "clips-{:05d}.parquet"
ROWS_READ_AT_ONCE = 32  # row group: what a reader must decode to get one row


def write_shards(
    rows: Iterable[Row] | Callable[[int], Iterable[Row]],
    folder: str | os.PathLike[str],
    clips_per_shard: int = 256,
    about: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write rows to `clips-00000.parquet` and so on; what stands there complete is kept, so a stopped run goes on.

    Args:
        rows: the rows; or a function that gives them from a number on, which spares making those that are there:
            `lambda start: moving_shapes(1000, seed=0, start=start)`.
        folder: made if missing.
        clips_per_shard: rows in each file but the last.
        about: what the rows are made from, kept as about.json; a run with other settings is refused.
    Returns:
        The shards in order.
    Raises:
        DataError: the folder holds another data set, or there are no rows.
        OutputError: it can't be written.
        SettingError: clips_per_shard is below 1.
    """
    folder = Path(folder)
    if clips_per_shard < 1:
        raise SettingError(f"clips_per_shard={clips_per_shard}, but a shard holds at least 1 clip. Use 256.")
    _claim(folder, {"clips_per_shard": clips_per_shard, **(about or {})})
    done = _complete_shards(folder, clips_per_shard)
    skip = done * clips_per_shard
    rest = iter(rows(skip)) if callable(rows) else islice(rows, skip, None)
    while part := list(islice(rest, clips_per_shard)):
        _write(part, folder / SHARD.format(done))
        done += 1
    return shard_paths(folder)


def shard_paths(folder: str | os.PathLike[str]) -> list[Path]:
    """The shards of a folder in order; DataError where there is none."""
    folder = Path(folder)
    paths = sorted(path for path in folder.glob("clips-*.parquet") if re.fullmatch(r"clips-\d{5,}", path.stem))
    if not paths:
        raise DataError(f"{folder} holds no clips-00000.parquet. Write a data set there first (minisora dataset).")
    return paths


def stream(folder: str | os.PathLike[str], seed: int | None = None, buffer: int = 256) -> "datasets.IterableDataset":
    """The rows of a folder, read as they are needed.

    Args:
        folder: where `write_shards` wrote.
        seed: shuffles the shards, and rows within a buffer; None for the order in which they were written.
        buffer: rows held back to shuffle among.
    Returns:
        A streaming data set; `decode_row` turns a row into a clip.
    Raises:
        DataError: no shards there.
    """
    from datasets import load_dataset

    files = [str(path) for path in shard_paths(folder)]
    rows = load_dataset("parquet", data_files=files, split="train", streaming=True, features=features())
    if seed is None:
        return rows
    # datasets 5 reads ten shards at once in threads and sleeps five seconds when they end; one at a time is enough.
    newer = "max_buffer_input_shards" in signature(rows.shuffle).parameters
    return rows.shuffle(seed=seed, buffer_size=buffer, **({"max_buffer_input_shards": 1} if newer else {}))


def load(folder: str | os.PathLike[str]) -> "datasets.Dataset":
    """The rows of a folder as a `datasets.Dataset` in memory; DataError where there are no shards."""
    from datasets import Dataset
    from datasets.table import InMemoryTable
    from pyarrow import concat_tables

    return Dataset(InMemoryTable(concat_tables(read_shard(path) for path in shard_paths(folder))))


def read_shard(path: Path) -> Any:
    """A shard as a `pyarrow.Table`; DataError where it is damaged."""
    from pyarrow import ArrowException
    from pyarrow.parquet import read_table

    try:
        return read_table(path)
    except (ArrowException, OSError) as error:
        raise DataError(f"{path} is damaged ({error}). Delete it and write the data set again.") from error


def _claim(folder: Path, about: dict[str, Any]) -> None:
    """Write down what the folder's rows are made from, or check that it is the same."""
    wanted = json.loads(json.dumps(about))
    path = folder / ABOUT
    if path.exists():
        found = json.loads(path.read_text(encoding="utf-8"))
        if found != wanted:
            odd = sorted(key for key in {*found, *wanted} if found.get(key) != wanted.get(key))
            raise DataError(
                f"{folder} holds another data set ({', '.join(f'{key}={found.get(key)!r}' for key in odd)}). "
                "Choose another folder, or delete this one."
            )
        return
    with new_file(path, endings=()) as draft:
        draft.write_text(json.dumps(wanted, indent=2) + "\n", encoding="utf-8")


def _complete_shards(folder: Path, clips_per_shard: int) -> int:
    """How many full shards stand at the start; the first one that is not full is written anew."""
    from pyarrow import ArrowException
    from pyarrow.parquet import read_metadata

    for number in count():
        path = folder / SHARD.format(number)
        try:
            if not path.exists() or read_metadata(path).num_rows != clips_per_shard:
                break
        except (ArrowException, OSError):
            break
    return number


def _write(rows: list[Row], path: Path) -> None:
    from pyarrow import ArrowException, Table
    from pyarrow.parquet import write_table

    try:
        with new_file(path, overwrite=True, endings=()) as draft:
            table = Table.from_pylist([dict(row) for row in rows], schema=features().arrow_schema)
            write_table(table, draft, row_group_size=ROWS_READ_AT_ONCE)
    except ArrowException as error:
        raise OutputError(f"{path} can't be written ({error}).") from error
