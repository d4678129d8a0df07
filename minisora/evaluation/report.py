"""The table of scores, ceilings and model side by side: for the screen, for a README, and as plain data for JSON."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from minisora.evaluation.cost import Cost
from minisora.evaluation.records import Record
from minisora.evaluation.rows import CEILINGS
from minisora.evaluation.scores import Score, mean_measures, mistakes, score
from minisora.evaluation.sources import SOURCES

__all__ = ["Report", "Table", "make_report", "markdown", "plain", "show"]

DASH = "-"
HEADS = {"rendered": "scenes as rendered", "reconstructed": "after the autoencoder", "generated": "model (95 %)"}


class Line(Protocol):
    """What the report asks of a row or of a task: its names, and shares that it should reach."""

    @property
    def name(self) -> str:
        """As records name it."""

    @property
    def title(self) -> str:
        """As the table names it."""

    @property
    def floor(self) -> float | None:
        """Share that must be right."""

    @property
    def goal(self) -> float | None:
        """Share that is aimed at."""


@dataclass(frozen=True)
class Table:
    """Cells as text; the first column is a title, the others are numbers."""

    title: str
    head: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Measure:
    """A number of the autoencoder or of a clip's cost, beside its floor and goal."""

    title: str
    unit: str
    floor: float
    goal: float
    digits: int = 2


MEASURES = {
    "psnr": Measure("reconstructions: PSNR", "dB", 34, 40, 1),
    "edge": Measure("reconstructions: edges wider than rendered ones by", "pixels", 1, 0.5),
    "flicker": Measure("reconstructions: flicker of a still background", "of 255", 1, 0.3),
    "seconds": Measure("one clip, model loaded, decoding included", "s", 3, 1),
    "weights_mb": Measure("weights, all parts together", "MB", 25, 12, 1),
    "peak_mb": Measure("peak memory of making a clip", "MB", 1500, 800, 0),
}
CEILING_MARKS = {  # floor and goal of the mixed scenes
    ("rendered", "verdicts"): (0.995, 0.999),
    ("rendered", "clips"): (0.98, 0.995),
    ("reconstructed", "clips"): (0.95, 0.98),
}


@dataclass(frozen=True)
class Report:
    """Everything that an evaluation found.

    Attributes:
        rows: in order.
        scores: by name of row and source.
        measures: mean and number of clips by name.
        cost: of one clip, None if not measured.
        settings: all that the numbers depend on.
        mistakes: by source, the commonest over all rows, and how often.
    """

    rows: tuple[Line, ...]
    scores: Mapping[str, Mapping[str, Score]]
    measures: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    cost: Cost | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    mistakes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        rows = {
            row.name: {"title": row.title, "floor": row.floor, "goal": row.goal}
            | {source: found.as_dict() for source, found in self.scores[row.name].items()}
            for row in self.rows
        }
        measures = {name: {"mean": round(mean, 4), "clips": clips} for name, (mean, clips) in self.measures.items()}
        cost = asdict(self.cost) if self.cost else None
        wrong = {source: dict(found) for source, found in self.mistakes.items()}
        return {"settings": dict(self.settings), "rows": rows, "measures": measures, "cost": cost, "mistakes": wrong}

    def tables(self) -> list[Table]:
        """Every word right; autoencoder and cost; single words by attribute; the commonest mistakes."""
        tables = [self._main(), self._numbers(), self._attributes(), self._mistakes()]
        return [table for table in tables if table.lines]

    def footer(self) -> str:
        """One line that says what the numbers depend on."""
        kept = {name: value for name, value in self.settings.items() if value is not None and value is not False}
        said = {name.replace("_", " "): value for name, value in kept.items()}
        return ", ".join(name if value is True else f"{name} {value}" for name, value in said.items())

    def _sources(self) -> list[str]:
        return [name for name in SOURCES if any(name in found for found in self.scores.values())]

    def _main(self) -> Table:
        sources = self._sources()
        lines = [line for row in self.rows if row.name == CEILINGS.name for line in self._ceilings(row)]
        for row in self.rows:
            if row.name == CEILINGS.name:
                continue
            found = self.scores[row.name]
            cells = [_share(found.get(name), interval=name == "generated") for name in sources]
            count = max(each.total for each in found.values())
            lines.append((row.title, *cells, _percent(row.floor), _percent(row.goal), str(count)))
        head = ("every word right", *(HEADS[name] for name in sources), "floor", "goal", "clips")
        return Table("Every word right", head, tuple(lines))

    def _ceilings(self, row: Line) -> Iterable[tuple[str, ...]]:
        sources, found = self._sources(), self.scores[row.name]
        for source, what in CEILING_MARKS:
            if source not in found:
                continue
            value = found[source].verdicts if what == "verdicts" else found[source]
            cells = [_share(value if name == source else None) for name in sources]
            title = f"grader on {'renders' if source == 'rendered' else 'reconstructions'}, {row.title}"
            title += ": single words" if what == "verdicts" else ": whole scenes"
            floor, goal = CEILING_MARKS[source, what]
            yield (title, *cells, _percent(floor), _percent(goal), str(found[source].total))

    def _numbers(self) -> Table:
        values = {name: mean for name, (mean, _) in self.measures.items()}
        values |= {name: value for name, value in (asdict(self.cost) if self.cost else {}).items() if name in MEASURES}
        lines = [
            (m.title, f"{values[name]:.{m.digits}f} {m.unit}", f"{m.floor:g}", f"{m.goal:g}")
            for name, m in MEASURES.items()
            if values.get(name) is not None
        ]
        return Table("Autoencoder and cost", ("measured", "value", "floor", "goal"), tuple(lines))

    def _attributes(self) -> Table:
        best = self._judged()
        found = {row.title: self.scores[row.name][best] for row in self.rows if best in self.scores[row.name]}
        names = sorted({name for each in found.values() for name in each.parts})
        lines = [(title, *(_share(each.parts.get(name)) for name in names)) for title, each in found.items()]
        return Table(f"Single words right, {_short(best)}", ("row", *names), tuple(lines))

    def _mistakes(self) -> Table:
        best = self._judged()
        lines = [(text, str(count)) for text, count in self.mistakes.get(best, {}).items()]
        return Table(f"Commonest mistakes, {_short(best)}", ("wanted → found", "times"), tuple(lines))

    def _judged(self) -> str:
        """The source that the details are about: the model if it is there."""
        return (self._sources() or [""])[-1]


def make_report(
    rows: Sequence[Line], records: Iterable[Record], settings: Mapping[str, Any], cost: Cost | None = None
) -> Report:
    """Add up the records of a run.

    Args:
        rows: lines of the table.
        records: of these rows.
        settings: all that the numbers depend on, plain data.
        cost: of one clip, None if not measured.
    Returns:
        A report.
    """
    kept = list(records)
    groups: dict[str, dict[str, list[Record]]] = {row.name: {} for row in rows}
    for record in kept:
        groups[record.row].setdefault(record.source, []).append(record)
    scores = {row: {source: score(some) for source, some in found.items()} for row, found in groups.items()}
    wrong = {source: mistakes(record for record in kept if record.source == source) for source in SOURCES}
    return Report(tuple(rows), scores, mean_measures(kept), cost, settings, {k: v for k, v in wrong.items() if v})


def _short(source: str) -> str:
    return HEADS.get(source, source).split(" (")[0]


def _percent(share: float | None) -> str:
    if share is None or math.isnan(share):
        return DASH
    near = 0.99 <= share < 1  # where a tenth of a percent says too little, and rounding would say "100 %"
    shown = f"{min(100 * share, 99.99):.2f}" if near else f"{100 * share:.1f}"
    return shown.rstrip("0").rstrip(".") + " %" if "." in shown else shown


def _share(found: Score | None, interval: bool = False) -> str:
    if found is None or not found.total:
        return DASH
    low, high = found.interval
    return _percent(found.share) + (f" ({100 * low:.0f}-{100 * high:.0f})" if interval else "")


# --- ways to show tables ----------------------------------------------------------------------------------------------


def markdown(tables: Iterable[Table]) -> str:
    """Tables to paste into a README.

    Args:
        tables: in order.
    Returns:
        GitHub's Markdown, numbers to the right.
    """
    parts = []
    for table in tables:
        rule = ["---", *["---:"] * (len(table.head) - 1)]
        parts.append("\n".join("| " + " | ".join(cells) + " |" for cells in [table.head, rule, *table.lines]))
    return "\n\n".join(parts)


def plain(tables: Iterable[Table]) -> str:
    """Tables as columns of text.

    Args:
        tables: in order.
    Returns:
        Lines, numbers to the right.
    """
    parts = []
    for table in tables:
        widths = [max(len(cells[k]) for cells in [table.head, *table.lines]) for k in range(len(table.head))]
        lines = [
            "  ".join([cells[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells[1:], widths[1:], strict=True))])
            for cells in [table.head, *table.lines]
        ]
        parts.append("\n".join([table.title, "", *lines]))
    return "\n\n".join(parts)


def show(tables: Iterable[Table]) -> None:
    """Print tables with rich on a terminal, as columns of text elsewhere.

    Args:
        tables: in order.
    """
    import sys

    tables = list(tables)
    if not sys.stdout.isatty():
        print(plain(tables))
        return
    import rich
    import rich.table

    for table in tables:
        drawn = rich.table.Table(title=table.title, title_justify="left")
        for column, name in enumerate(table.head):
            drawn.add_column(name, justify="right" if column else "left")
        for cells in table.lines:
            drawn.add_row(*cells)
        rich.print(drawn)
