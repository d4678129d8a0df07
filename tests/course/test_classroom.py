"""What a teacher hands out."""

from pathlib import Path

import nbformat
import pytest

from minisora.course.__main__ import main
from minisora.course.classroom import lesson_plan, make_class
from minisora.course.lessons import all_lessons


def test_students_get_no_solution_and_teachers_get_the_plan(tmp_path: Path) -> None:
    lessons = all_lessons()
    files = make_class(lessons, tmp_path)
    assert len(files) == 2 * len(lessons) + 2
    for lesson in lessons:
        student = nbformat.read(tmp_path / "student" / lesson.notebook.name, as_version=4)
        teacher = nbformat.read(tmp_path / "teacher" / lesson.notebook.name, as_version=4)
        nbformat.validate(student)
        exercises = [cell for cell in lesson.cells() if "exercise" in cell.options]
        for copy in (student, teacher):
            assert not any(cell.get("outputs") for cell in copy.cells)
            names = [cell.metadata.nbgrader.grade_id for cell in copy.cells if "nbgrader" in cell.metadata]
            assert len(names) == len(set(names)) == 2 * len(exercises)
        assert "BEGIN SOLUTION" not in nbformat.writes(student)
        assert "<summary>Solution" not in nbformat.writes(student)
        assert nbformat.writes(teacher).count("BEGIN SOLUTION") == len(exercises)
    plan = (tmp_path / "teacher" / "lesson_plan.md").read_text(encoding="utf-8")
    assert plan == lesson_plan(lessons)
    assert "| 00 Start here | 25 |" in plan


def test_the_command_says_what_it_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["class", "00"]) == 0
    assert capsys.readouterr().out == "4 files in dist/student and dist/teacher\n"
    assert main(["class", "99"]) == 2
    assert "There is no lesson '99'" in capsys.readouterr().err


def test_a_notebook_becomes_a_source_to_start_from(capsys: pytest.CaptureFixture[str]) -> None:
    from minisora.course.scripts import read_script

    lesson = all_lessons()[0]
    assert main(["script", str(lesson.notebook)]) == 0
    cells = read_script(capsys.readouterr().out)
    assert [cell.source for cell in cells][:3] == [cell.source for cell in lesson.cells()][:3]
