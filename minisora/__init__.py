"""minisora: a Sora-like text-to-video system, small enough to read, train and grade on a laptop.

What enters is a sentence, what leaves is a graded video. Read `minisora/diffusion/flow.py` first (the loss),
then `minisora/pipeline`. `import minisora` is quick: each name below loads its room when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from minisora.pipeline import Condition, TextToVideoPipeline
    from minisora.world import SHAPES

__all__ = ["SHAPES", "Condition", "TextToVideoPipeline", "__version__"]
__version__ = "0.1.0"

_HOMES = {
    "Condition": "minisora.pipeline",
    "SHAPES": "minisora.world",
    "TextToVideoPipeline": "minisora.pipeline",
}


def __getattr__(name: str) -> Any:
    """Import the room that holds `name` when it is first asked for (PEP 562).

    Args:
        name: one of `__all__`.
    Returns:
        The object of that name.
    Raises:
        AttributeError: minisora exports no such name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module 'minisora' has no attribute {name!r}; it exports {', '.join(__all__)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The exported names, so that completion in a notebook shows them before they are loaded.

    Returns:
        Names in alphabetical order.
    """
    return sorted([*globals(), *_HOMES])
