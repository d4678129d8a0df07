"""Runs a lesson from top to bottom in a fresh kernel, and writes what came out beside the code that made it."""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from minisora.course.building import build, code_hash
from minisora.course.lessons import Lesson
from minisora.errors import DataError

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Run", "make_notebook", "renew_text", "run"]

COST = """
import time
import psutil
print(time.process_time())
print(getattr(psutil.Process().memory_info(), "peak_wset", 0) or __import__("resource").getrusage(0).ru_maxrss)
"""


@dataclass(frozen=True)
class Run:
    """What a run took.

    Attributes:
        seconds: on the clock, from the start of the kernel to the last cell.
        worked: seconds of processor time that the kernel used, which a busy machine does not lengthen.
        megabytes: the most that the kernel held at once.
    """

    seconds: float
    worked: float
    megabytes: int


def run(notebook: "NotebookNode", folder: Path, *, fast: bool = False, timeout: int = 1800) -> Run:
    """Execute a notebook in place.

    Args:
        notebook: gets outputs and execution counts.
        folder: in which it runs, and where its files go.
        fast: set `fast = True` at the end of the cell tagged `parameters`.
        timeout: of one cell, in seconds.
    Returns:
        Seconds and memory.
    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed.
    """
    from nbclient import NotebookClient
    from nbformat import v4

    for cell in notebook.cells:
        if fast and "parameters" in cell.metadata.get("tags", []):
            cell.source += "\nfast = True"
    notebook.cells.append(v4.new_code_cell(COST))
    place = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=timeout, record_timing=False, resources=place)
    start = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory() as profile:
            client.execute(env=_environment(profile))
    finally:
        last = notebook.cells.pop()
    seconds = time.perf_counter() - start
    notebook.metadata["language_info"] = {"name": "python"}  # nbclient puts the Python of this machine there
    worked, peak = (float(line) for line in last.outputs[0].text.split())
    # Linux counts kilobytes, macOS and Windows bytes
    return Run(seconds, worked, round(peak / (1024 if sys.platform == "linux" else 2**20)))


def make_notebook(lesson: Lesson) -> Run:
    """Build the reader's notebook of a lesson, run it, and write it with its outputs.

    Args:
        lesson: which.
    Returns:
        Seconds and memory; the notebook's metadata hold the processor's seconds and the memory too.
    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed; the file stays as it was.
    """
    import nbformat

    notebook = build(lesson.cells(), "reader", lesson.number)
    with tempfile.TemporaryDirectory() as folder:
        took = run(notebook, Path(folder))
    notebook.metadata["minisora"] |= {"seconds": round(took.worked), "megabytes": took.megabytes}
    nbformat.write(notebook, lesson.notebook)
    return took


def renew_text(lesson: Lesson) -> None:
    """Put a lesson's changed text into its notebook and keep the outputs: prose needs no run.

    Args:
        lesson: which.
    Raises:
        DataError: its code is not the one that ran, so the outputs would not be its own, or it has not run at all.
    """
    import nbformat

    if not lesson.notebook.exists():
        raise DataError(f"{lesson.notebook} is not there, so {lesson.name} has no outputs to keep. Use run.")
    old, new = nbformat.read(lesson.notebook, as_version=4), build(lesson.cells(), "reader", lesson.number)
    if code_hash(new) != old.metadata["minisora"]["code"]:
        raise DataError(f"The code of {lesson.name} has changed since it ran: its outputs are not its own. Use run.")
    pairs = zip(*([cell for cell in book.cells if cell.cell_type == "code"] for book in (old, new)), strict=True)
    for ran, cell in pairs:
        cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
    new.metadata = old.metadata
    nbformat.write(new, lesson.notebook)


def _environment(profile: str) -> dict[str, str]:
    """That of this process, without what would change a notebook: a person's start-up files, a way to draw."""
    kept = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    return kept | {"IPYTHONDIR": profile}
