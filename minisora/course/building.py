"""From the text of a lesson to a notebook: the reader's own, and the copies for a class.

An exercise is written once, with its solution between `### BEGIN SOLUTION` and `### END SOLUTION` (nbgrader's marks).
| copy | in the exercise | after it |
|---|---|---|
| reader | `...` | hints, the solution folded |
| solved | the solution | hints |
| student | `...` | hints, a cell that nbgrader grades |
| teacher | the solution between its marks | hints, a cell that nbgrader grades |
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from minisora.course.scripts import Cell

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Copy", "build", "code_hash", "solution", "solved", "stub"]

Copy = Literal["reader", "solved", "student", "teacher"]

SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n(.*?)^[ \t]*### END SOLUTION$", re.MULTILINE | re.DOTALL)
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def build(cells: Sequence[Cell], copy: Copy = "reader", lesson: str = "") -> "NotebookNode":
    """A notebook without outputs.

    Args:
        cells: of one lesson, in order.
        copy: whose.
        lesson: two digits, which begin the names that nbgrader knows cells by.
    Returns:
        An nbformat 4.5 notebook; its metadata hold the hash of the code.
    """
    from nbformat import v4

    notebook: NotebookNode = v4.new_notebook(metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})
    arranged = _with_folded_solutions(cells) if copy == "reader" else _without_notes(cells)
    notebook.cells = [part for cell in arranged for part in _parts(cell, copy, lesson)]
    _name_cells(notebook.cells)
    notebook.metadata["minisora"] = {"code": code_hash(notebook)}
    return notebook


def stub(source: str) -> str:
    """An exercise as a reader finds it.

    Args:
        source: of the cell, with its solution.
    Returns:
        The same with `...` in place of the solution.
    """
    return SOLUTION.sub(r"\1...", source)


def solved(source: str) -> str:
    """An exercise with its solution filled in.

    Args:
        source: of the cell, with its solution.
    Returns:
        The same without the two marks.
    """
    return SOLUTION.sub(lambda match: match[2].rstrip("\n"), source)


def solution(source: str) -> str:
    """What the folded solution shows: the cell with its solution, but without the last line, which calls the check.

    Args:
        source: of the cell, with its solution.
    Returns:
        Python.
    """
    lines = [line for line in solved(source).splitlines() if not re.search(r"\bcheck\.\w+\(", line)]
    return "\n".join(lines).rstrip()


def code_hash(notebook: "NotebookNode") -> str:
    """A fingerprint of all code in a notebook, by which outputs are known to be its own.

    Args:
        notebook: with or without outputs.
    Returns:
        The first 16 hexadecimal digits of a SHA-256.
    """
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256("\0".join(code).encode()).hexdigest()[:16]


def _with_folded_solutions(cells: Sequence[Cell]) -> Iterator[Cell]:
    """The solution of each exercise as a folded cell, behind its hints and before whatever else follows."""
    waiting: Cell | None = None
    for cell in cells:
        if waiting and not cell.has("hint"):
            yield _folded(waiting, cell.source if cell.has("solution") else "")
            waiting = None
        if not cell.has("solution"):
            yield cell
        if "exercise" in cell.options:
            waiting = cell
    if waiting:
        yield _folded(waiting, "")


def _folded(exercise: Cell, words: str) -> Cell:
    """A solution that shows when it is clicked: its code, and the author's words on it where there are some."""
    parts = [
        "<details><summary>Solution</summary>",
        f"```python\n{solution(exercise.source)}\n```",
        words,
        "</details>",
    ]
    return Cell("markdown", "\n\n".join(part for part in parts if part), {"tags": ["solution"]})


def _without_notes(cells: Sequence[Cell]) -> Iterator[Cell]:
    return (cell for cell in cells if not cell.has("solution"))


def _parts(cell: Cell, copy: Copy, lesson: str) -> "Iterator[NotebookNode]":
    """One cell, or an exercise and the cell that grades it."""
    from nbformat import v4

    metadata = _metadata(cell)
    # a copy for a class lies one folder deeper than the lesson
    source = cell.source.replace("](../", "](../../") if copy in ("student", "teacher") else cell.source
    if cell.kind == "markdown":
        yield v4.new_markdown_cell(source, metadata=metadata)
        return
    if "exercise" not in cell.options:
        yield v4.new_code_cell(source, metadata=metadata)
        return
    fill = {"reader": stub, "student": stub, "solved": solved}.get(copy)  # the teacher's keeps the marks
    graded = copy in ("student", "teacher")
    if graded:
        metadata["nbgrader"] = _nbgrader(f"{lesson}-{cell.options['exercise']}", solution=True)
    yield v4.new_code_cell(fill(source) if fill else source, metadata=metadata)
    if graded:
        name, points = cell.options["exercise"], cell.options.get("stars", 1)
        grader = _nbgrader(f"{lesson}-{name}-points", grade=True, locked=True) | {"points": points}
        yield v4.new_code_cell(
            f"check.{name}.assert_passed()", metadata={"nbgrader": grader, "tags": ["points", "raises-exception"]}
        )


def _metadata(cell: Cell) -> dict[str, Any]:
    ours = {name: value for name, value in cell.options.items() if name != "tags"}
    tags = [*cell.options.get("tags", []), *(name for name in ("exercise", "package") if name in ours)]
    metadata: dict[str, Any] = {"tags": tags} if tags else {}
    if ours:
        metadata["minisora"] = ours
    if "hide-input" in tags:  # folded in JupyterLab as it is in the book
        metadata["jupyter"] = {"source_hidden": True}
    return metadata


def _nbgrader(name: str, *, solution: bool = False, grade: bool = False, locked: bool = False) -> dict[str, Any]:
    known = {"schema_version": 3, "grade_id": name, "cell_type": "code", "task": False}
    return known | {"solution": solution, "grade": grade, "locked": locked}


def _name_cells(cells: "Sequence[NotebookNode]") -> None:
    """Names that follow from what stands in a cell, so that a new cell does not rename those behind it."""
    seen: dict[str, int] = {}
    for cell in cells:
        name = hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        seen[name] = seen.get(name, 0) + 1
        cell["id"] = name if seen[name] == 1 else f"{name}-{seen[name]}"
