"""A lesson is run in a kernel of its own, fast or not, and written with what it took."""

from pathlib import Path

import nbformat
import pytest

from minisora.course.building import build
from minisora.course.forms import freshness_faults
from minisora.course.lessons import Lesson
from minisora.course.running import make_notebook, renew_text, run
from minisora.course.scripts import read_script
from minisora.errors import DataError

TEXT = '# %% tags=["parameters"]\nfast = False\n\n# %%\nprint(fast)\n'


def printed(notebook: nbformat.NotebookNode) -> list[str]:
    return [output.text for cell in notebook.cells for output in cell.get("outputs", []) if output.get("text")]


@pytest.mark.slow
def test_fast_is_set_after_the_parameters(tmp_path: Path) -> None:
    notebook = build(read_script(TEXT))
    took = run(notebook, tmp_path, fast=True)
    assert printed(notebook) == ["True\n"]
    assert len(notebook.cells) == 2
    assert 0 < took.worked < took.seconds
    assert 20 < took.megabytes < 2000


@pytest.mark.slow
def test_a_notebook_is_written_with_outputs_and_cost(tmp_path: Path) -> None:
    lesson = Lesson(tmp_path / "src" / "42_small.py")
    lesson.script.parent.mkdir()
    lesson.script.write_text(TEXT, encoding="utf-8")
    took = make_notebook(lesson)
    notebook = nbformat.read(lesson.notebook, as_version=4)
    assert printed(notebook) == ["False\n"]
    assert notebook.metadata.minisora.seconds == round(took.worked)
    assert list(freshness_faults(notebook, lesson.cells())) == []
    assert "execution" not in notebook.cells[-1].metadata  # times of day would change at every run


@pytest.mark.slow
def test_changed_prose_is_put_into_a_notebook_and_changed_code_is_not(tmp_path: Path) -> None:
    lesson = Lesson(tmp_path / "src" / "42_small.py")
    lesson.script.parent.mkdir()
    lesson.script.write_text(f"# %% [markdown]\nOld words.\n\n{TEXT}", encoding="utf-8")
    with pytest.raises(DataError, match="no outputs to keep"):
        renew_text(lesson)
    make_notebook(lesson)
    lesson.script.write_text(f"# %% [markdown]\nNew words.\n\n{TEXT}", encoding="utf-8")
    renew_text(lesson)
    notebook = nbformat.read(lesson.notebook, as_version=4)
    assert notebook.cells[0].source == "New words."
    assert printed(notebook) == ["False\n"]
    assert list(freshness_faults(notebook, lesson.cells())) == []
    lesson.script.write_text(TEXT.replace("print(fast)", "print(not fast)"), encoding="utf-8")
    with pytest.raises(DataError, match="Use run"):
        renew_text(lesson)
    assert nbformat.read(lesson.notebook, as_version=4) == notebook
