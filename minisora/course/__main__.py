"""`python -m minisora.course`: build, run, check and hand out the lessons.

run [NN …]      build the notebooks from their sources, run them, write them with their outputs
text [NN …]     put changed text into notebooks that have run, whose code is the same
check [NN …]    all that is wrong with lessons, short of running them
try NN          run a lesson in its fast form with the solutions filled in; nothing is written
class           copies for students and teachers in dist/
script FILE     the text of a notebook that was written in Jupyter, to start a source from
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from minisora.course.classroom import make_class
from minisora.course.lessons import Lesson, all_lessons, find_lesson
from minisora.errors import MinisoraError

if TYPE_CHECKING:
    from minisora.course.running import Run

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one of the commands above.

    Args:
        argv: without the program's name; None is the command line's.
    Returns:
        0 if all is well, 1 if a lesson has faults, 2 if what was typed cannot be done.
    """
    parser = argparse.ArgumentParser(
        prog="python -m minisora.course", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("lessons", nargs="*", help="numbers, names or files; all where none is given")
    given = parser.parse_args(argv)
    try:
        return COMMANDS[given.command](given.lessons)
    except MinisoraError as error:
        print(error, file=sys.stderr)
        return 2


def _run(names: list[str]) -> int:
    from minisora.course.running import make_notebook

    for lesson in _lessons(names):
        took = make_notebook(lesson)
        size = lesson.notebook.stat().st_size / 1e6
        print(f"{lesson.name}: {_cost(took)}, {size:.2f} MB of file", flush=True)
    return 0


def _text(names: list[str]) -> int:
    from minisora.course.running import renew_text

    for lesson in _lessons(names):
        renew_text(lesson)
    return 0


def _check(names: list[str]) -> int:
    from minisora.course.forms import faults

    found = [f"{lesson.name}: {fault}" for lesson in _lessons(names) for fault in faults(lesson)]
    print("\n".join(found) or "All is well.")
    return 1 if found else 0


def _try(names: list[str]) -> int:
    from minisora.course.building import build
    from minisora.course.running import run

    for lesson in _lessons(names):
        with tempfile.TemporaryDirectory() as folder:
            took = run(build(lesson.cells(), "solved"), Path(folder), fast=True)
        print(f"{lesson.name}: {_cost(took)}", flush=True)
    return 0


def _class(names: list[str]) -> int:
    folder = Path("dist")
    print(f"{len(make_class(_lessons(names), folder))} files in {folder}/student and {folder}/teacher")
    return 0


def _script(names: list[str]) -> int:
    import nbformat

    from minisora.course.scripts import Cell, write_script

    for name in names:
        cells = nbformat.read(name, as_version=4).cells
        tags = [{"tags": cell.metadata["tags"]} if "tags" in cell.metadata else {} for cell in cells]
        kept = [Cell(cell.cell_type, cell.source, options) for cell, options in zip(cells, tags, strict=True)]
        print(write_script(kept), end="")
    return 0


def _cost(took: "Run") -> str:
    return f"{took.worked:.0f} s of work ({took.seconds:.0f} s on the clock), {took.megabytes} MB of memory"


def _lessons(names: list[str]) -> list[Lesson]:
    return [find_lesson(name) for name in names] or all_lessons()


COMMANDS = {"run": _run, "text": _text, "check": _check, "try": _try, "class": _class, "script": _script}

if __name__ == "__main__":
    sys.exit(main())
