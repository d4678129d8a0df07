"""A lesson as text: read, written and read again, and what is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minisora.course.lessons import all_lessons, find_lesson
from minisora.course.scripts import Cell, read_script, write_script
from minisora.errors import DataError, SettingError

TEXT = '''# A comment on top is nobody's.

# %% [markdown] tags=["hint"]
r"""
Half way, $\\\\frac{1}{2}$.
"""

# %% [markdown]
# Prose as comments
#
# is read, too.

# %% exercise="double" stars=1
def double(x):
    return 2 * x
'''


def test_cells_are_read() -> None:
    hint, prose, code = read_script(TEXT)
    assert hint.source == "Half way, $\\\\frac{1}{2}$."
    assert hint.has("hint")
    assert not prose.has("hint")
    assert prose.source == "Prose as comments\n\nis read, too."
    assert code == Cell("code", "def double(x):\n    return 2 * x", {"exercise": "double", "stars": 1})


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["code", "markdown"]), st.from_regex(r"[a-z ]{1,9}(\n[a-z]{1,9}){0,3}", fullmatch=True)
        )
    )
)
def test_what_is_written_is_read_back(parts: list[tuple[str, str]]) -> None:
    cells = [Cell(kind, text.strip("\n").rstrip(), {"tags": ["a b"]}) for kind, text in parts]  # type: ignore[arg-type]
    assert read_script(write_script(cells)) == cells


def test_code_before_the_first_cell_is_refused() -> None:
    with pytest.raises(DataError, match="before the first cell"):
        read_script("import torch\n\n# %%\n1")


def test_options_that_are_no_json_are_refused_with_an_example() -> None:
    for header in ("tags=[hint]", "hint", "stars="):
        with pytest.raises(DataError, match="name=JSON"):
            read_script(f"# %% {header}\n1")


def test_the_lessons_of_the_project_read_back_as_they_are() -> None:
    for lesson in all_lessons():
        cells = lesson.cells()
        assert read_script(write_script(cells)) == cells


def test_a_lesson_is_found_by_number_name_and_file() -> None:
    first = all_lessons()[0]
    for name in (first.number, first.name, str(first.notebook), str(first.script)):
        assert find_lesson(name) == first
    with pytest.raises(SettingError, match="00_start_here"):
        find_lesson("00_start_her")


def test_an_installed_package_has_no_lessons_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="from a checkout"):
        find_lesson("03", tmp_path)
