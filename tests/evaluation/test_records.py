"""The journal: nothing is lost, nothing foreign is taken over."""

from pathlib import Path

import pytest

from minisora.errors import OutputError, SettingError
from minisora.evaluation.records import Journal, Record, Verdict

SETTINGS = {"model": "nano", "steps": 8, "guidance": None}


def record(index: int) -> Record:
    """A record with everything in it."""
    verdicts = (Verdict("colour", "red", "red", True), Verdict("motion", "spinning", "staying still", False))
    return Record("one", "generated", index, False, verdicts, {"psnr": 31.5})


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.jsonl"
    Journal(path, SETTINGS).add([record(0), record(1)])
    again = Journal(path, SETTINGS, resume=True)
    assert list(again.records.values()) == [record(0), record(1)]
    again.add([record(2)])
    assert len(Journal(path, SETTINGS, resume=True).records) == 3


@pytest.mark.parametrize("cut", [1, 20, 100])
def test_a_line_that_a_kill_cut_off_is_left_out_for_good(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.jsonl"
    Journal(path, SETTINGS).add([record(0), record(1)])
    path.write_bytes(path.read_bytes()[:-cut])
    whole = 2 if cut == 1 else 1
    journal = Journal(path, SETTINGS, resume=True)
    assert len(journal.records) == whole
    journal.add([record(7)])
    assert len(Journal(path, SETTINGS, resume=True).records) == whole + 1


def test_without_resume_it_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    Journal(path, SETTINGS).add([record(0)])
    assert not Journal(path, SETTINGS).records
    assert not Journal(path, SETTINGS, resume=True).records


@pytest.mark.parametrize("other", [{**SETTINGS, "steps": 4}, {**SETTINGS, "denoiser": "a:B"}, {"model": "nano"}])
def test_other_settings_are_refused(tmp_path: Path, other: dict[str, object]) -> None:
    path = tmp_path / "a.jsonl"
    Journal(path, SETTINGS).add([record(0)])
    before = path.read_bytes()
    with pytest.raises(SettingError, match=r"steps=|denoiser="):
        Journal(path, other, resume=True)
    assert path.read_bytes() == before


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for text in ("", "hello\n", '{"a": 1}\n'):
        path.write_text(text)
        with pytest.raises(SettingError, match="not the journal"):
            Journal(path, SETTINGS, resume=True)
        assert path.read_text() == text


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"a\.jsonl"):
        Journal(tmp_path / "file" / "a.jsonl", SETTINGS)


def test_without_a_path_it_stays_in_memory() -> None:
    journal = Journal()
    journal.add([record(3)])
    assert list(journal.records) == [("one", "generated", 3)]
