"""What notebooks show: clips that play, film strips, grades, and a prompt box. Everything that needs Jupyter is here.

Read `clip.py` (pictures and players as HTML), then `prompt_box.py` (a form with a worker thread behind it).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from minisora.widgets.clip import film_strip, grade_list, show_clip
    from minisora.widgets.prompt_box import PromptBox

__all__ = ["PromptBox", "film_strip", "grade_list", "show_clip"]

_HOMES = {"PromptBox": "prompt_box", "film_strip": "clip", "grade_list": "clip", "show_clip": "clip"}


def __getattr__(name: str) -> Any:
    """Import the file that holds `name` when it is first asked for.

    Args:
        name: one of `__all__`.
    Returns:
        The object of that name.
    Raises:
        AttributeError: minisora.widgets exports no such name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module 'minisora.widgets' has no attribute {name!r}; it exports {', '.join(__all__)}")
    return getattr(import_module(f"minisora.widgets.{_HOMES[name]}"), name)
