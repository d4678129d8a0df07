"""Copies for a class: `dist/student` to hand out, `dist/teacher` with solutions, marks for nbgrader and the plan."""

import re
from pathlib import Path

from minisora.course.building import build
from minisora.course.lessons import Lesson

__all__ = ["lesson_plan", "make_class"]


NBGRADER = """c = get_config()
c.CourseDirectory.course_id = "minisora"
c.ClearSolutions.code_stub = {"python": "..."}  # what the checks take for "not written yet"
"""


def make_class(lessons: list[Lesson], folder: Path) -> list[Path]:
    """Write both copies of every lesson, the plan of the course, and the settings with which nbgrader takes them.

    Args:
        lessons: in order.
        folder: `student` and `teacher` are made in it.
    Returns:
        The files written.
    """
    import nbformat

    written = []
    for copy in ("student", "teacher"):
        (folder / copy).mkdir(parents=True, exist_ok=True)
        for lesson in lessons:
            path = folder / copy / lesson.notebook.name
            nbformat.write(build(lesson.cells(), copy, lesson.number), path)
            written.append(path)
    for name, text in {"lesson_plan.md": lesson_plan(lessons), "nbgrader_config.py": NBGRADER}.items():
        written.append(folder / "teacher" / name)
        written[-1].write_text(text, encoding="utf-8")
    return written


def lesson_plan(lessons: list[Lesson]) -> str:
    """The teacher's pages as one, a table of minutes on top.

    Args:
        lessons: in order.
    Returns:
        Markdown.
    """
    pages = [lesson.plan.read_text(encoding="utf-8").strip() for lesson in lessons if lesson.plan.exists()]
    rows = [f"| {_title(page)} | {_minutes(page)} |" for page in pages]
    table = "\n".join(["| lesson | minutes |", "|---|---|", *rows])
    lowered = [re.sub(r"^#", "##", page, flags=re.MULTILINE) for page in pages]
    return "\n\n".join(["# Lesson plan", table, *lowered]) + "\n"


def _title(page: str) -> str:
    return page.splitlines()[0].removeprefix("# ")


def _minutes(page: str) -> int:
    """The sum of a page's table `| section | minutes |`."""
    return sum(int(number) for number in re.findall(r"^\|[^|\n]*\|\s*(\d+)\s*\|", page, re.MULTILINE))
