"""What every finished notebook keeps to; each function says in a sentence what does not hold."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from minisora.course.building import build, code_hash, solved
from minisora.course.comparing import drifted
from minisora.course.lessons import Lesson
from minisora.course.scripts import Cell

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["faults", "form_faults", "freshness_faults", "output_faults", "package_faults", "plan_faults"]

BYTES = 1_500_000
MEDIAN_LINES, MOST_LINES = 8, 25
MOST_PRINTED = 100  # lines of one output
BLOB = re.compile(r"[A-Za-z0-9+/=]{2000,}")
TALKED_DOWN = ("simply", "just", "obviously", "of course", "trivially", "TODO", "FIXME")
PLAN = ("## Minutes", "## Questions", "## Common mistakes", "## With 45 minutes", "## On a slow machine")


def faults(lesson: Lesson) -> list[str]:
    """All that is wrong with a lesson, short of running it.

    Args:
        lesson: its source and its notebook.
    Returns:
        A sentence each; empty if all is well.
    """
    import nbformat

    cells = lesson.cells()
    found = [*form_faults(cells), *package_faults(cells), *plan_faults(lesson)]
    if not lesson.notebook.exists():
        return [*found, f"There is no {lesson.notebook.name}. Run python -m minisora.course run {lesson.number}."]
    notebook = nbformat.read(lesson.notebook, as_version=4)
    return [*found, *freshness_faults(notebook, cells), *output_faults(notebook, lesson.notebook)]


def form_faults(cells: list[Cell]) -> Iterator[str]:
    """Whether the text has the form of a lesson.

    Args:
        cells: of its source.
    Yields:
        A sentence for each thing that is missing.
    """
    code = [cell.source for cell in cells if cell.kind == "code"]
    prose = "\n".join(cell.source for cell in cells if cell.kind == "markdown")
    lines = [len(source.splitlines()) for source in code]
    if median(lines) > MEDIAN_LINES:
        yield f"The median code cell has {median(lines):g} lines; at most {MEDIAN_LINES} are allowed. Split some."
    for source, count in zip(code, lines, strict=True):
        if count > MOST_LINES:
            yield f"The cell {source.splitlines()[0]!r} … has {count} lines; at most {MOST_LINES} are allowed."
        ast.parse(source)
    for word in TALKED_DOWN:
        if re.search(rf"\b{word}\b", prose, re.IGNORECASE):
            yield f"The prose says {word!r}. To the reader it is not; leave the word out."
    for what in ("★", "<details>"):
        if what not in prose:
            yield f"The prose has no {what!r}: a lesson has an exercise with stars, and questions with folded answers."
    if not prose.startswith("# "):
        yield "The first cell should begin with the title, `# …`."
    if sum("parameters" in cell.options.get("tags", []) for cell in cells) != 1:
        yield 'One code cell, and only one, carries tags=["parameters"]; a slow lesson sets `fast = False` there.'


def package_faults(cells: list[Cell]) -> Iterator[str]:
    """Whether the code marked `package="…"` is the package's.

    Args:
        cells: of a lesson's source.
    Yields:
        A sentence for each definition that drifted.
    """
    for cell in cells:
        if "package" in cell.options:
            yield from drifted(solved(cell.source), cell.options["package"])


def freshness_faults(notebook: "NotebookNode", cells: list[Cell]) -> Iterator[str]:
    """Whether a notebook was built from its source and run from top to bottom since.

    Args:
        notebook: with outputs.
        cells: of its source.
    Yields:
        A sentence for each way in which it was not.
    """
    again = "Run python -m minisora.course run NN."
    built = build(cells)
    if [cell.source for cell in notebook.cells] != [cell.source for cell in built.cells]:
        yield f"The notebook is not what its source says. {again}"
    if notebook.metadata.get("minisora", {}).get("code") != code_hash(notebook):
        yield f"The code was changed after the outputs were made. {again}"
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    if counts != list(range(1, len(counts) + 1)):
        yield f"The cells were not run once each from top to bottom; their numbers are {counts}. {again}"


def output_faults(notebook: "NotebookNode", path: Path) -> Iterator[str]:
    """Whether outputs are small, whole and meant to be read.

    Args:
        notebook: with outputs.
        path: of its file.
    Yields:
        A sentence for each that is not.
    """
    if path.stat().st_size > BYTES:
        yield f"The file has {path.stat().st_size:,} bytes; at most {BYTES:,} are allowed. Show fewer or smaller clips."
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    blobs = Counter(blob for output in outputs for text in _texts(output) for blob in BLOB.findall(text))
    if any(count > 1 for count in blobs.values()):
        yield "The same picture or clip is stored twice. Show it once."
    for output in outputs:
        text = output.get("text", "")
        if output.output_type == "error":
            yield f"A cell ended in an error: {output.ename}."
        if "Warning:" in text or output.get("name") == "stderr":
            yield f"A cell printed a warning or an error: {text[:80]!r}."
        if len(text.splitlines()) > MOST_PRINTED:
            yield f"A cell printed {len(text.splitlines())} lines; at most {MOST_PRINTED} are read."
    for cell in notebook.cells:
        if "exercise" in cell.metadata.get("tags", []) and "○" not in _printed(cell) and "✗" not in _printed(cell):
            yield f"The stub of {cell.metadata['minisora']['exercise']} passes its check, or its cell does not call it."


def plan_faults(lesson: Lesson) -> Iterator[str]:
    """Whether the teacher's page is there and has its parts.

    Args:
        lesson: which.
    Yields:
        A sentence for each part that is missing.
    """
    text = lesson.plan.read_text(encoding="utf-8") if lesson.plan.exists() else ""
    missing = [heading for heading in PLAN if heading not in text]
    if missing:
        yield f"The teacher's page {lesson.plan.name} lacks {', '.join(missing)}."


def _printed(cell: Any) -> str:
    return "".join(output.get("text", "") for output in cell.get("outputs", []))


def _texts(value: Any) -> Iterator[str]:
    """Every string in an output, however deep; nbformat has joined the lines already."""
    if isinstance(value, str):
        yield value.replace("\n", "")
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
