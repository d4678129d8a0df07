"""What is known about one graded clip, and the file in which a run that is killed finds it again.

The journal is JSON, one line a clip, written as soon as a batch is graded. Its first line says with which settings; a
run with others does not continue it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from minisora.errors import OutputError, SettingError

__all__ = ["Journal", "Record", "Verdict"]

Key = tuple[str, str, int]


class Verdict(NamedTuple):
    """The judgement on one word: which attribute, what was wanted, what was found, whether that is right."""

    attribute: str
    wanted: str
    found: str
    right: bool


@dataclass(frozen=True)
class Record:
    """The grade of one clip.

    Attributes:
        row: name of its row.
        source: "rendered", "reconstructed" or "generated".
        index: its number in the row.
        right: whether every word is right.
        verdicts: one for each word.
        measures: further numbers, such as "psnr".
    """

    row: str
    source: str
    index: int
    right: bool
    verdicts: tuple[Verdict, ...]
    measures: Mapping[str, float] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What no two records of a run share."""
        return self.row, self.source, self.index


class Journal:
    """Records that are kept in a file, or, without a path, in memory only."""

    def __init__(
        self, path: Path | None = None, settings: Mapping[str, Any] | None = None, resume: bool = False
    ) -> None:
        """Open a journal; an old one is read with `resume` and replaced otherwise.

        Args:
            path: the file, None for none.
            settings: all that the records depend on, plain data.
            resume: go on with what the file holds.
        Raises:
            SettingError: the file was written with other settings; the message names the first.
            OutputError: it cannot be written.
        """
        self.path, self.settings = path, json.loads(json.dumps(settings or {}))
        self.records: dict[Key, Record] = {}
        if path is None:
            return
        if resume and path.exists():
            self._read(path)
        self._write(path)

    def add(self, records: Iterable[Record]) -> None:
        """Keep some records, on disk before this returns.

        Args:
            records: new ones.
        Raises:
            OutputError: the file cannot be written.
        """
        new = list(records)
        self.records |= {record.key: record for record in new}
        if self.path is None:
            return
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(asdict(record)) + "\n" for record in new)
        except OSError as error:
            raise _cannot_write(self.path, error) from error

    def _write(self, path: Path) -> None:
        """Write it anew: a last line that a kill cut off is gone then."""
        draft = path.with_name(f".{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("w", encoding="utf-8") as file:
                file.write(json.dumps({"settings": self.settings}) + "\n")
                file.writelines(json.dumps(asdict(record)) + "\n" for record in self.records.values())
            draft.replace(path)
        except OSError as error:
            raise _cannot_write(path, error) from error

    def _read(self, path: Path) -> None:
        lines = [_from_json(line) for line in path.read_text(encoding="utf-8").splitlines()]
        if not lines or "settings" not in (lines[0] or {}):
            raise SettingError(f"{path} is not the journal of an evaluation. Use another --output, or --overwrite.")
        self._check_settings(path, lines[0]["settings"])  # type: ignore[index]
        for line in lines[1:]:
            if line is not None:
                line["verdicts"] = tuple(Verdict(*verdict) for verdict in line["verdicts"])
                record = Record(**line)
                self.records[record.key] = record

    def _check_settings(self, path: Path, old: Mapping[str, Any]) -> None:
        for name in {**old, **self.settings}:
            if old.get(name) != self.settings.get(name):
                raise SettingError(
                    f"{path} was made with {name}={old.get(name)!r}, this run has {name}={self.settings.get(name)!r}. "
                    f"Use {name}={old.get(name)!r}, another --output, or --overwrite."
                )


def _from_json(line: str) -> dict[str, Any] | None:
    """A line as an object, None where a kill cut it off."""
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _cannot_write(path: Path, error: OSError) -> OutputError:
    return OutputError(f"{path} cannot be written: {error.strerror or error}. Use another --output.")
