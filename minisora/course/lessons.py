"""Where the lessons lie, and what belongs to one: its text, its notebook, its teacher's page."""

from dataclasses import dataclass
from pathlib import Path

from minisora.course.scripts import Cell, read_script
from minisora.errors import SettingError, nearest_name

__all__ = ["NOTEBOOKS", "Lesson", "all_lessons", "find_lesson"]

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"  # of a checkout; an installed package has no lessons


@dataclass(frozen=True)
class Lesson:
    """One lesson.

    Attributes:
        script: `notebooks/src/NN_name.py`, the one source.
    """

    script: Path

    @property
    def name(self) -> str:
        """Its file's name.

        Returns:
            Such as "03_from_noise_to_data".
        """
        return self.script.stem

    @property
    def number(self) -> str:
        """Its place in the course.

        Returns:
            Two digits.
        """
        return self.name[:2]

    @property
    def notebook(self) -> Path:
        """What readers open, with its outputs.

        Returns:
            `notebooks/NN_name.ipynb`.
        """
        return self.script.parents[1] / f"{self.name}.ipynb"

    @property
    def plan(self) -> Path:
        """The teacher's page.

        Returns:
            `notebooks/teaching/NN_name.md`.
        """
        return self.script.parents[1] / "teaching" / f"{self.name}.md"

    def cells(self) -> list[Cell]:
        """What stands in the source.

        Returns:
            Cells in order.
        Raises:
            DataError: the text is no lesson.
        """
        return read_script(self.script.read_text(encoding="utf-8"))


def all_lessons(folder: Path = NOTEBOOKS) -> list[Lesson]:
    """Every lesson there is.

    Args:
        folder: that holds `src`.
    Returns:
        In the order of the course.
    """
    return [Lesson(path) for path in sorted((folder / "src").glob("[0-9][0-9]_*.py"))]


def find_lesson(name: str, folder: Path = NOTEBOOKS) -> Lesson:
    """The lesson that somebody means.

    Args:
        name: its two digits, its name or a path to one of its files.
        folder: that holds `src`.
    Returns:
        The lesson.
    Raises:
        SettingError: there is none, with the nearest name.
    """
    stem = Path(name).stem
    lessons = all_lessons(folder)
    for lesson in lessons:
        if stem in (lesson.number, lesson.name):
            return lesson
    if not lessons:
        raise SettingError(f"There are no lessons in {folder.name}. Run this from a checkout of minisora.")
    near = nearest_name(stem, [lesson.name for lesson in lessons])
    raise SettingError(f"There is no lesson {name!r}. Use {near!r}.")
