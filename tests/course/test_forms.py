"""Every rule for a finished notebook: kept by a good one, and its breach is named."""

from pathlib import Path
from typing import Any

import pytest

from minisora.course.building import build
from minisora.course.forms import faults, form_faults, freshness_faults, output_faults, package_faults, plan_faults
from minisora.course.lessons import Lesson
from minisora.course.scripts import Cell, read_script

GOOD = '''# %% [markdown]
r"""
# 42 Good, with a star ★ and <details>answers</details>
"""

# %% tags=["parameters"]
fast = False

# %% exercise="half" stars=1
half = (
    ### BEGIN SOLUTION
    0.5
    ### END SOLUTION
)

half = check.half(half)

# %%
print(half)
'''


def ran(cells: list[Cell]) -> Any:
    """The notebook of some cells as if it had been run, the exercise unsolved."""
    from nbformat import v4

    notebook = build(cells)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, 1):
        cell.execution_count = number
        text = "○ half is not written yet\n" if "exercise" in cell.metadata.get("tags", []) else "fine\n"
        cell.outputs = [v4.new_output("stream", name="stdout", text=text)]
    return notebook


def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.ipynb"
    path.write_text("{}")
    return path


def test_a_good_notebook_has_no_faults(tmp_path: Path) -> None:
    cells = read_script(GOOD)
    assert list(form_faults(cells)) == []
    assert list(freshness_faults(ran(cells), cells)) == []
    assert list(output_faults(ran(cells), small(tmp_path))) == []


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("# 42 Good", "42 Good", "begin with the title"),
        ("★", "star", "no '★'"),
        ("<details>", "", "no '<details>'"),
        ("Good,", "Good, and simply so,", "says 'simply'"),
        ('tags=["parameters"]', "", "tags=["),
        ("print(half)", "\n".join(["1"] * 26), "has 26 lines"),
    ],
)
def test_a_breach_of_form_is_named(before: str, after: str, says: str) -> None:
    assert any(says in fault for fault in form_faults(read_script(GOOD.replace(before, after))))


def test_long_cells_are_counted_by_their_median() -> None:
    long = "\n".join(["1"] * 9)
    cells = [Cell("markdown", "# ★ <details>"), *[Cell("code", long)] * 2, Cell("code", "1", {"tags": ["parameters"]})]
    assert [fault for fault in form_faults(cells) if "median" in fault]


def test_stale_outputs_are_named() -> None:
    cells = read_script(GOOD)
    changed = read_script(GOOD.replace("print(half)", "print(2 * half)"))
    assert any("not what its source says" in fault for fault in freshness_faults(ran(cells), changed))
    edited = ran(cells)
    edited.cells[-1].source = "print(3)"
    assert any("changed after the outputs" in fault for fault in freshness_faults(edited, cells))
    partly = ran(cells)
    partly.cells[-1].execution_count = 7
    assert any("top to bottom" in fault for fault in freshness_faults(partly, cells))


def test_bad_outputs_are_named(tmp_path: Path) -> None:
    from nbformat import v4

    cells, path = read_script(GOOD), small(tmp_path)
    blob = {"image/png": "iVBOR" * 500}
    outputs = {
        "ended in an error: KeyError": v4.new_output("error", ename="KeyError", evalue="", traceback=[]),
        "a warning": v4.new_output("stream", name="stdout", text="UserWarning: old"),
        "printed 101 lines": v4.new_output("stream", name="stdout", text="1\n" * 101),
    }
    for says, output in outputs.items():
        notebook = ran(cells)
        notebook.cells[-1].outputs.append(output)
        assert any(says in fault for fault in output_faults(notebook, path)), says
    notebook = ran(cells)
    notebook.cells[-1].outputs += [v4.new_output("display_data", data=blob) for _ in range(2)]
    assert any("stored twice" in fault for fault in output_faults(notebook, path))
    path.write_text("x" * 1_500_001)
    assert any("1,500,001 bytes" in fault for fault in output_faults(ran(cells), path))


def test_a_stub_that_passes_is_named(tmp_path: Path) -> None:
    notebook = ran(read_script(GOOD))
    exercise = next(cell for cell in notebook.cells if "exercise" in cell.metadata.get("tags", []))
    exercise.outputs[0].text = "✓ half is right."
    assert list(output_faults(notebook, small(tmp_path))) == [
        "The stub of half passes its check, or its cell does not call it."
    ]


def test_drifted_code_is_named() -> None:
    cell = Cell("code", "def loss_weight(time):\n    return time", {"package": "minisora.diffusion.flow"})
    assert next(iter(package_faults([cell]))).startswith("loss_weight differs")


def test_a_lesson_without_notebook_and_page_says_what_to_do(tmp_path: Path) -> None:
    script = tmp_path / "src" / "42_good.py"
    script.parent.mkdir()
    script.write_text(GOOD, encoding="utf-8")
    missing_plan, missing_notebook = faults(Lesson(script))
    assert "42_good.md lacks ## Minutes" in missing_plan
    assert "run 42" in missing_notebook
    assert list(plan_faults(Lesson(script))) == [missing_plan]
