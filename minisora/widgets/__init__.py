"""What notebooks show: clips that play, film strips, grades, and the studio. Everything that needs Jupyter is here.

Read `clip.py` (pictures as HTML, no script), then `worker.py` (one piece of work at a time, in a thread), then
`studio.py`: each widget is a thin face over plain functions (`recipes`, `comparing`, `typed`, `verdicts`, `chips`).
What runs in the browser lies beside it in `static/`, as plain modules.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from minisora.widgets.attention import AttentionViewer
    from minisora.widgets.clip import film_strip, grade_list, show_clip
    from minisora.widgets.compare import Compare
    from minisora.widgets.explorer import LatentExplorer
    from minisora.widgets.monitor import TrainingMonitor
    from minisora.widgets.player import Player
    from minisora.widgets.scenes import SceneBuilder
    from minisora.widgets.scrubber import DenoiseScrubber
    from minisora.widgets.studio import PromptStudio
    from minisora.widgets.timeline import Timeline
    from minisora.widgets.worker import Worker

__all__ = [
    "AttentionViewer",
    "Compare",
    "DenoiseScrubber",
    "LatentExplorer",
    "Player",
    "PromptStudio",
    "SceneBuilder",
    "Timeline",
    "TrainingMonitor",
    "Worker",
    "film_strip",
    "grade_list",
    "show_clip",
]

_HOMES = {
    "AttentionViewer": "attention",
    "Compare": "compare",
    "DenoiseScrubber": "scrubber",
    "LatentExplorer": "explorer",
    "Player": "player",
    "PromptStudio": "studio",
    "SceneBuilder": "scenes",
    "Timeline": "timeline",
    "TrainingMonitor": "monitor",
    "Worker": "worker",
    "film_strip": "clip",
    "grade_list": "clip",
    "show_clip": "clip",
}


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
