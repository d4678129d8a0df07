"""Every notebook runs from top to bottom, and keeps to the form of a lesson."""

import ast
import re
from pathlib import Path
from statistics import median
from typing import Any

import nbformat
import pytest

from minisora.models.storage import shipped_names

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
FORBIDDEN = ("simply", "obviously", "TODO", "FIXME")


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def code_cells(path: Path) -> list[Any]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


@pytest.mark.notebook
@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbclient import NotebookClient

    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = read(path)
    if "nano" not in shipped_names():  # random weights show nothing, but every cell runs on them
        for cell in notebook.cells:
            if "parameters" in cell.metadata.get("tags", []):
                cell.source = cell.source.replace('"nano"', repr(str(tiny_checkpoint)))
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    texts = [output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not any("Warning:" in text for text in texts)
    assert all(len(text.splitlines()) < 120 for text in texts), "a wall of text"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_has_the_form_of_a_lesson(path: Path) -> None:
    cells = code_cells(path)
    lines = [len(cell.source.splitlines()) for cell in cells]
    assert median(lines) <= 8
    assert max(lines) <= 25
    for cell in cells:
        ast.parse(re.sub(r"^\s*[%!].*$", "", cell.source, flags=re.MULTILINE))
    words = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    assert words.startswith("# ")
    for word in FORBIDDEN:
        assert not re.search(rf"\b{word}\b", words), word
    assert "★" in words
    assert "<details>" in words


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_saved_outputs_are_small_and_without_errors(path: Path) -> None:
    assert path.stat().st_size < 3_000_000
    outputs = [output for cell in code_cells(path) for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "error"]
