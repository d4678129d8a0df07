"""Clips and captions: files, one schema, builders, shards and batches.

In: a world, or the user's own clips. Out: rows of one schema (`schema.py`, read it first), Parquet shards that can be
streamed, and batches by shape (`datamodule.py`). Names are loaded when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from minisora.data.sheet import contact_sheet
    from minisora.data.video_io import check_output, read_video, write_video

__all__ = ["check_output", "contact_sheet", "read_video", "write_video"]

_HOMES = {
    "check_output": "video_io",
    "contact_sheet": "sheet",
    "read_video": "video_io",
    "write_video": "video_io",
}


def __getattr__(name: str) -> Any:
    """Import the file that holds `name` when it is first asked for.

    Args:
        name: one of `__all__`.
    Returns:
        The object of that name.
    Raises:
        AttributeError: minisora.data exports no such name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module 'minisora.data' has no attribute {name!r}; it exports {', '.join(__all__)}")
    return getattr(import_module(f"minisora.data.{_HOMES[name]}"), name)
