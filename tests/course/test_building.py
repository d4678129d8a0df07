"""From text to the four copies of a notebook."""

import nbformat
import pytest

from minisora.course.building import build, code_hash, solution, solved, stub
from minisora.course.scripts import read_script

SOURCE = '''def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    both = {"x": x}
    return both["x"] * 2
    ### END SOLUTION


double = check.double(double)'''

LESSON = f'''# %% [markdown]
r"""
# Title, [file](../minisora/errors.py)
"""

# %% exercise="double" stars=2
{SOURCE}

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>Add.</details>
"""

# %% [markdown] tags=["solution"]
r"""
Or add it to itself.
"""

# %%
double(2)
'''


def test_a_stub_has_dots_where_the_solution_was() -> None:
    assert stub(SOURCE) == 'def double(x):\n    """Twice x."""\n    ...\n\n\ndouble = check.double(double)'
    assert "###" not in solved(SOURCE)
    assert 'return both["x"] * 2\n\n\ndouble' in solved(SOURCE)
    assert solution(SOURCE).endswith('return both["x"] * 2')


def test_a_value_may_be_the_solution() -> None:
    assert stub("answer = (\n### BEGIN SOLUTION\n3\n### END SOLUTION\n)") == "answer = (\n...\n)"


def test_the_reader_has_a_stub_hints_and_then_the_folded_solution() -> None:
    title, exercise, hint, folded, after = build(read_script(LESSON)).cells
    assert "(../minisora/errors.py)" in title.source
    assert "..." in exercise.source
    assert exercise.metadata == {"tags": ["exercise"], "minisora": {"exercise": "double", "stars": 2}}
    assert "Hint" in hint.source
    assert folded.source.startswith("<details><summary>Solution</summary>\n\n```python\ndef double")
    assert folded.source.endswith("```\n\nOr add it to itself.\n\n</details>")
    assert 'both = {"x": x}' in folded.source
    assert after.source == "double(2)"


def test_a_students_copy_has_no_solution_and_nbgraders_marks() -> None:
    notebook = build(read_script(LESSON), "student", "03")
    assert "both" not in nbformat.writes(notebook)
    _, exercise, points, hint, after = notebook.cells
    assert exercise.metadata.nbgrader.solution
    assert exercise.metadata.nbgrader.grade_id == "03-double"
    assert points.source == "check.double.assert_passed()"
    assert points.metadata.nbgrader == {
        "schema_version": 3, "grade_id": "03-double-points", "cell_type": "code", "task": False,
        "solution": False, "grade": True, "locked": True, "points": 2,
    }  # fmt: skip
    assert "Hint" in hint.source
    assert after.source == "double(2)"


def test_a_teachers_copy_is_nbgraders_source() -> None:
    notebook = build(read_script(LESSON), "teacher", "03")
    assert notebook.cells[1].source == SOURCE
    assert "(../../minisora/errors.py)" in notebook.cells[0].source


@pytest.mark.parametrize("copy", ["reader", "solved", "student", "teacher"])
def test_each_copy_is_a_valid_notebook_with_the_hash_of_its_code(copy: str) -> None:
    notebook = build(read_script(LESSON), copy, "03")  # type: ignore[arg-type]
    nbformat.validate(notebook)
    assert notebook.metadata.minisora.code == code_hash(notebook)


def test_a_new_cell_renames_no_other() -> None:
    cells = read_script(LESSON)
    names = [cell.id for cell in build(cells).cells]
    longer = [cell.id for cell in build([cells[0], *cells]).cells]
    assert longer[0] == names[0]
    assert longer[1] == f"{names[0]}-2"
    assert longer[2:] == names[1:]
