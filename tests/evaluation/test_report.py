"""The table says what was found, and never more."""

import json

import pytest

from minisora.evaluation import Record, find_rows, make_report
from minisora.evaluation.cost import Cost
from minisora.evaluation.records import Verdict
from minisora.evaluation.report import Report, markdown, plain, show

COST = Cost(1.234, 12.34, 678.9, "cpu", 2, 7)


def records(row: str, source: str, right: int, total: int, **measures: float) -> list[Record]:
    """Clips of which the first ones are right."""
    return [
        Record(row, source, k, k < right, (Verdict("colour", "red", "red", True), *wrong(k >= right)), measures)
        for k in range(total)
    ]


def wrong(there: bool) -> tuple[Verdict, ...]:
    """A motion that is not as wanted."""
    return (Verdict("motion", "spinning", "bouncing", False),) if there else ()


@pytest.fixture
def report() -> Report:
    """Ceilings, a row with three sources, and a cost."""
    found = [
        *records("ceilings", "rendered", 200, 200),
        *records("ceilings", "reconstructed", 192, 200, psnr=36.25, edge=0.4, flicker=0.1),
        *records("one", "rendered", 64, 64),
        *records("one", "reconstructed", 63, 64),
        *records("one", "generated", 48, 64),
    ]
    return make_report(find_rows(["ceilings", "one"]), found, {"model": "nano", "seed": 0, "expand_prompt": True}, COST)


def test_ceilings_and_model_stand_side_by_side(report: Report) -> None:
    main, numbers, attributes, wrong = report.tables()
    lines = {line[0]: line[1:] for line in main.lines}
    assert list(lines) == [
        "grader on renders, all kinds mixed: single words",
        "grader on renders, all kinds mixed: whole scenes",
        "grader on reconstructions, all kinds mixed: whole scenes",
        "one actor",
    ]
    assert lines["one actor"] == ("100 %", "98.4 %", "75 % (63-84)", "90 %", "98 %", "64")
    assert lines["grader on renders, all kinds mixed: whole scenes"][:3] == ("100 %", "-", "-")
    assert lines["grader on reconstructions, all kinds mixed: whole scenes"][:3] == ("-", "96 %", "-")
    assert [line[1] for line in numbers.lines] == [
        "36.2 dB", "0.40 pixels", "0.10 of 255", "1.23 s", "12.3 MB", "679 MB",
    ]  # fmt: skip
    assert attributes.head == ("row", "colour", "motion")
    assert attributes.lines == (("one actor", "100 %", "0 %"),)
    assert wrong.lines == (("motion: spinning → bouncing", "16"),)


def test_one_wrong_of_many_is_not_everything() -> None:
    for total, shown in ((1000, "99.9 %"), (512, "99.8 %"), (50_000, "99.99 %"), (90, "98.9 %")):
        report = make_report(find_rows(["one"]), records("one", "rendered", total - 1, total), {})
        assert report.tables()[0].lines[0][1] == shown
    report = make_report(find_rows(["one"]), records("one", "rendered", 100, 100), {})
    assert report.tables()[0].lines[0][1] == "100 %"


def test_json_holds_the_intervals(report: Report) -> None:
    data = json.loads(json.dumps(report.as_dict(), allow_nan=False))
    one = data["rows"]["one"]["generated"]
    assert (one["share"], one["right"], one["total"]) == (0.75, 48, 64)
    assert one["low"] == pytest.approx(0.6319, abs=1e-3)
    assert one["parts"]["motion"]["parts"]["spinning"]["total"] == 16
    assert data["measures"]["psnr"] == {"mean": 36.25, "clips": 200}
    assert data["cost"]["seconds"] == 1.234
    assert data["settings"]["model"] == "nano"


def test_nothing_measured_says_nothing() -> None:
    assert make_report((), [], {}).tables() == []
    unknown = Cost(1.0, 1.0, None, "cpu", 2, 7)
    report = make_report((), [], {}, unknown)
    assert [line[0] for line in report.tables()[0].lines] == [
        "one clip, model loaded, decoding included",
        "weights, all parts together",
    ]


def test_markdown_has_as_many_cells_in_every_line(report: Report) -> None:
    for table in markdown(report.tables()).split("\n\n"):
        lines = table.splitlines()
        assert len({line.count("|") for line in lines}) == 1
        assert lines[1].startswith("| --- | ---: |")


def test_plain_columns_line_up(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    table = plain(report.tables()[:1]).splitlines()[2:]
    assert len({len(line) for line in table}) == 1
    show(report.tables())
    assert "75 % (63-84)" in capsys.readouterr().out


def test_rich_shows_the_same_on_a_terminal(
    report: Report, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    show(report.tables())
    assert "75 % (63-84)" in capsys.readouterr().out


def test_the_footer_says_what_the_numbers_depend_on(report: Report) -> None:
    assert report.footer() == "model nano, seed 0, expand prompt"
