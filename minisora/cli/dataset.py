"""`minisora dataset`: training samples on disk as Parquet shards, with a picture of the first ones."""

import argparse
import inspect
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minisora.errors import SettingError, nearest_name

if TYPE_CHECKING:
    from minisora.data.schema import Row

    Rows = Iterable[Row] | Callable[[int], Iterable[Row]]

PREVIEW_FRAMES = 9  # of each clip on the sheet
NUMBERS = ("num_frames", "height", "width", "fps")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    parser.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="for clips-00000.parquet, …")
    parser.add_argument(
        "--builder",
        default="moving_shapes",
        metavar="NAME",
        help="moving_shapes, moving_stage, bouncing_balls or moving_digits",
    )
    parser.add_argument(
        "--folder", type=Path, metavar="FOLDER", help="your own clips with metadata.csv or metadata.jsonl, instead"
    )
    parser.add_argument("--num-clips", type=int, default=64, metavar="N", help="how many (64)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="what the clips depend on (0)")
    parser.add_argument("--split", metavar="NAME", help="of the worlds: train, unseen or outside")
    parser.add_argument("--num-frames", type=int, default=17, metavar="N", help="of each clip (17)")
    parser.add_argument("--height", type=int, metavar="N", help="pixels (64, of moving_stage 128)")
    parser.add_argument("--width", type=int, metavar="N", help="pixels (64, of moving_stage 128)")
    parser.add_argument("--fps", type=float, default=8.0, metavar="X", help="frames per second (8)")
    parser.add_argument("--preview", type=int, default=8, metavar="N", help="clips on preview.png, 0 for none (8)")


def run(given: argparse.Namespace) -> int:
    """Write the shards, then the preview.

    Args:
        given: the arguments.
    Returns:
        0.
    Raises:
        MinisoraError: a name or a number is wrong, or the folder cannot be written.
    """
    from minisora.data.shards import stream, write_shards

    if given.num_clips < 1:
        raise SettingError(f"num_clips={given.num_clips}, but a data set has at least 1 clip. Use --num-clips 64.")
    skipped: list[Any] = []
    rows, about = _own_clips(given, skipped) if given.folder else _built(given)
    paths = write_shards(rows, given.output, about=about)
    print(f"{len(paths)} files in {given.output}")
    for item in skipped:
        print(f"skipped {item.name}: {item.reason}")
    if given.preview > 0:
        print(_preview(stream(given.output), given.output / "preview.png", given.preview))
    return 0


def _built(given: argparse.Namespace) -> tuple["Rows", dict[str, Any]]:
    """Rows of a builder from any number on, so that a stopped run goes on where it was."""
    from minisora.data.builders import BUILDERS

    if given.builder not in BUILDERS:
        near = nearest_name(given.builder, BUILDERS)
        raise SettingError(f"builder={given.builder!r}, but the builders are {', '.join(BUILDERS)}. Use {near!r}.")
    build: Callable[..., Iterable[Row]] = BUILDERS[given.builder]
    usual = inspect.signature(build).parameters
    options = {name: _given(given, name, usual[name].default) for name in NUMBERS}
    options |= {"num_clips": given.num_clips, "seed": given.seed}
    if given.split is not None:
        if "split" not in usual:
            raise SettingError(f"{given.builder} has no splits. Leave --split out.")
        options["split"] = given.split
    return lambda start: build(**options, start=start), {"builder": given.builder, **options}


def _given(given: argparse.Namespace, name: str, usual: Any) -> Any:
    """What was typed, else what is usual."""
    typed = getattr(given, name)
    return usual if typed is None else typed


def _own_clips(given: argparse.Namespace, skipped: list[Any]) -> tuple["Rows", dict[str, Any]]:
    from minisora.data.buckets import Bucket
    from minisora.data.folder import video_folder

    height, width = _given(given, "height", Bucket().height), _given(given, "width", Bucket().width)
    bucket = Bucket(given.num_frames, height, width)
    rows = islice(video_folder(given.folder, [bucket], fps=given.fps, skipped=skipped), given.num_clips)
    options = {"num_frames": given.num_frames, "height": height, "width": width, "fps": given.fps}
    return rows, {"builder": "video_folder", "folder": str(given.folder), **options}


def _preview(rows: Iterable[Any], file: Path, count: int) -> Path:
    """The first clips, one a row, captions above."""
    import numpy as np
    from PIL import Image

    from minisora.data.schema import decode_row
    from minisora.data.sheet import contact_sheet
    from minisora.data.video_io import new_file

    clips = [decode_row(row) for row in islice(rows, count)]
    least = min(len(clip.frames) for clip in clips)
    chosen = np.linspace(0, least - 1, min(PREVIEW_FRAMES, least)).round().astype(int)
    alike = [clip for clip in clips if clip.frames.shape[1:] == clips[0].frames.shape[1:]]
    sheet = contact_sheet(np.stack([clip.frames[chosen] for clip in alike]), labels=[clip.caption for clip in alike])
    with new_file(file, overwrite=True) as draft:
        Image.fromarray(sheet).save(draft)
    return file
