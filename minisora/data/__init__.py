"""Clips and captions: files, one schema, builders, shards and batches.

In: a world, or the user's own clips. Out: rows of one schema (`schema.py`, read it first), Parquet shards that can be
streamed, and batches by shape (`datamodule.py`). Names are loaded when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from minisora.data.balls import bouncing_balls
    from minisora.data.batches import Batch, ShapesSource, ShardSource, StepDataset
    from minisora.data.buckets import Bucket
    from minisora.data.builders import BUILDERS
    from minisora.data.datamodule import VideoDataModule
    from minisora.data.digits import moving_digits, moving_mnist_npy
    from minisora.data.folder import Skipped, cover, video_folder
    from minisora.data.schema import Clip, Row, decode_row, decode_video, encode_row, encode_video, features, to_dataset
    from minisora.data.shapes import ShapesRecipe, moving_shapes, shapes_clip
    from minisora.data.shards import load, stream, write_shards
    from minisora.data.sheet import contact_sheet, enlarge
    from minisora.data.stage import moving_stage
    from minisora.data.video_io import check_output, new_file, open_video, read_video, write_video

__all__ = [
    "BUILDERS",
    "Batch",
    "Bucket",
    "Clip",
    "Row",
    "ShapesRecipe",
    "ShapesSource",
    "ShardSource",
    "Skipped",
    "StepDataset",
    "VideoDataModule",
    "bouncing_balls",
    "check_output",
    "contact_sheet",
    "cover",
    "decode_row",
    "decode_video",
    "encode_row",
    "encode_video",
    "enlarge",
    "features",
    "load",
    "moving_digits",
    "moving_mnist_npy",
    "moving_shapes",
    "moving_stage",
    "new_file",
    "open_video",
    "read_video",
    "shapes_clip",
    "stream",
    "to_dataset",
    "video_folder",
    "write_shards",
    "write_video",
]

_HOMES = {
    "BUILDERS": "builders",
    "Batch": "batches",
    "Bucket": "buckets",
    "Clip": "schema",
    "Row": "schema",
    "ShapesRecipe": "shapes",
    "ShapesSource": "batches",
    "ShardSource": "batches",
    "Skipped": "folder",
    "StepDataset": "batches",
    "VideoDataModule": "datamodule",
    "bouncing_balls": "balls",
    "check_output": "video_io",
    "contact_sheet": "sheet",
    "cover": "folder",
    "decode_row": "schema",
    "decode_video": "schema",
    "encode_row": "schema",
    "encode_video": "schema",
    "enlarge": "sheet",
    "features": "schema",
    "load": "shards",
    "moving_digits": "digits",
    "moving_mnist_npy": "digits",
    "moving_shapes": "shapes",
    "moving_stage": "stage",
    "new_file": "video_io",
    "open_video": "video_io",
    "read_video": "video_io",
    "shapes_clip": "shapes",
    "stream": "shards",
    "to_dataset": "schema",
    "video_folder": "folder",
    "write_shards": "shards",
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
