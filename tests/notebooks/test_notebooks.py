"""Every lesson keeps to its form, was run from what stands there, and runs with the solutions filled in."""

from pathlib import Path

import pytest

from minisora.course.building import build
from minisora.course.forms import faults
from minisora.course.lessons import NOTEBOOKS, Lesson, all_lessons
from minisora.course.running import run
from minisora.models.storage import shipped_names

LESSONS = all_lessons()
# Of processor time, for a lesson in its fast form, whose aim is 45 on a free machine: two jobs on one core count twice.
SECONDS = 120

each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)


def test_every_notebook_has_a_source() -> None:
    assert LESSONS
    assert [lesson.notebook for lesson in LESSONS] == sorted(NOTEBOOKS.glob("*.ipynb"))
    assert [lesson.plan for lesson in LESSONS] == sorted((NOTEBOOKS / "teaching").glob("*.md"))


@each_lesson
def test_a_lesson_has_no_faults(lesson: Lesson) -> None:
    """Form, teacher's page, code shared with the package, outputs that are fresh and small, stubs that fail."""
    assert faults(lesson) == []


@pytest.mark.notebook
@pytest.mark.slow
@each_lesson
def test_a_lesson_runs_with_its_solutions(lesson: Lesson, tiny_checkpoint: Path, tmp_path: Path) -> None:
    notebook = build(lesson.cells(), "solved", lesson.number)
    if "nano" not in shipped_names():  # random weights show nothing, but every cell runs on them
        for cell in notebook.cells:
            if "parameters" in cell.metadata.get("tags", []):
                cell.source = cell.source.replace('"nano"', repr(str(tiny_checkpoint)))
    took = run(notebook, tmp_path, fast=True, timeout=300)
    for cell in notebook.cells:
        printed = "".join(output.get("text", "") for output in cell.get("outputs", []))
        assert "Warning:" not in printed
        if "exercise" in cell.metadata.get("tags", []):
            name = cell.metadata["minisora"]["exercise"]
            assert f"✓ {name} is right." in printed, f"the solution of {name} fails its check:\n{printed}"
    assert took.worked < SECONDS
