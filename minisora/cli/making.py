"""What every command that makes clips shares: where they go, which model, a progress bar, files, grades."""

import argparse
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minisora.errors import OutputError

if TYPE_CHECKING:
    from minisora.pipeline import Clips, TextToVideoPipeline

Make = Callable[["TextToVideoPipeline", Callable[..., None]], "Clips"]


def add_output(parser: argparse.ArgumentParser, many: str = "") -> None:
    """Declare where clips go.

    Args:
        parser: of the command.
        many: what the help says of several clips.
    """
    output = parser.add_argument_group("output")
    output.add_argument(
        "--output", type=Path, required=True, metavar="FILE", help="mp4, gif, webm or png by its ending" + many
    )
    output.add_argument("--scale", type=int, default=1, metavar="N", help="enlarge every pixel, 8 looks crisp")
    output.add_argument("--sheet", action="store_true", help="write a contact sheet too: FILE-sheet.png")
    output.add_argument("--overwrite", action="store_true", help="replace files that are there")
    output.add_argument("--no-mark", action="store_true", help="leave the invisible mark out of the file")
    output.add_argument("--visible-mark", action="store_true", help='write "made with minisora" into a corner')


def add_model(group: Any) -> None:
    """Declare which model works, and where.

    Args:
        group: a parser or a group of one.
    """
    group.add_argument("--model", default="nano", metavar="NAME", help="a shipped name, a folder or a hub id (nano)")
    group.add_argument("--device", default="auto", metavar="NAME", help="auto, cuda, mps or cpu")
    group.add_argument("--dtype", default="auto", metavar="NAME", help="auto, float32 or bfloat16")
    group.add_argument(
        "--candidates", type=int, metavar="N", help="draw up to N layouts, until one shows what is asked for (1)"
    )
    add_policy(group)


def add_policy(group: Any) -> None:
    """Declare which rules a sentence has to keep.

    Args:
        group: a parser or a group of one.
    """
    group.add_argument(
        "--policy", default="default", metavar="FILE", help="a YAML of rules for sentences, or none (the shipped one)"
    )


def named_policy(given: argparse.Namespace) -> str | None:
    """The policy that was asked for: a file or a name, None for none.

    Args:
        given: the arguments.
    """
    return None if given.policy == "none" else given.policy


def load_pipe(given: argparse.Namespace) -> "TextToVideoPipeline":
    """The model that was asked for; what it does not understand of a sentence is said later, beside the clip.

    Args:
        given: the arguments.
    Returns:
        A pipeline.
    """
    from minisora.pipeline import TextToVideoPipeline, UnknownWordsWarning

    warnings.simplefilter("ignore", UnknownWordsWarning)
    pipe = TextToVideoPipeline.from_pretrained(given.model, given.device, given.dtype, policy=named_policy(given))
    pipe.recommend(layout_candidates=given.candidates)
    return pipe


def make_and_write(given: argparse.Namespace, count: int, make: Make) -> int:
    """Check everything, make, write, grade: all of a command but its own question.

    Args:
        given: the arguments.
        count: of clips.
        make: called with the pipeline and a callback for each step.
    Returns:
        0, or 130 after Ctrl-C.
    """
    from tqdm import tqdm

    from minisora.pipeline import FittedVideoWarning

    files = output_files(given.output, count, given.seed or 0, many=False)
    check_files(given, files)
    pipe = load_pipe(given)
    try:
        with tqdm(desc="Denoising", unit="step", file=sys.stderr) as bar, warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", FittedVideoWarning)
            clips = make(pipe, lambda *_: bar.update())
        for warning in said:
            if issubclass(warning.category, FittedVideoWarning):
                print(f"minisora {given.command}: {warning.message}", file=sys.stderr)
        save(given, clips, files)
    except KeyboardInterrupt:
        print(f"minisora {given.command}: stopped, nothing was written.", file=sys.stderr)
        return 130
    report(clips, files)
    return 0


# --- files ------------------------------------------------------------------------------------------------------------


def output_files(output: Path, count: int, seed: int, many: bool, ending: str = ".mp4") -> list[Path]:
    """Names of the clips.

    Args:
        output: a file, a folder, or a name with {index} or {seed} in it.
        count: of clips.
        seed: of the first one.
        many: whether a name without an ending is a folder.
        ending: of clips in a folder.
    Returns:
        One name for each clip.
    Raises:
        OutputError: the name has other braces in it.
    """
    if "{" in output.name:
        try:
            names = [output.name.format(index=f"{k:03d}", seed=seed + k) for k in range(count)]
        except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
            raise OutputError(
                f"{output.name!r} may hold {{index}} and {{seed}} only. Use clip-{{index}}.mp4."
            ) from error
        if len(set(names)) < count:
            raise OutputError(f"{output.name!r} names the same file for several clips. Use clip-{{index}}.mp4.")
        return [output.with_name(name) for name in names]
    if many and (not output.suffix or output.is_dir()):
        return [output / f"{k:03d}{ending}" for k in range(count)]
    if count == 1:
        return [output]
    return [output.with_name(f"{output.stem}-{k:03d}{output.suffix}") for k in range(count)]


def sheet_file(file: Path) -> Path:
    """Name of a clip's contact sheet: clip.mp4 → clip-sheet.png."""
    return file.with_name(f"{file.stem}-sheet.png")


def check_files(given: argparse.Namespace, files: Sequence[Path]) -> None:
    """Refuse now what could not be written in the end.

    Args:
        given: the arguments.
        files: of the clips.
    Raises:
        OutputError: a file is there, or cannot be written.
    """
    from minisora.data.sheet import enlarge
    from minisora.data.video_io import check_output

    enlarge([[[0, 0, 0]]], given.scale)
    _check_ffmpeg(files)
    for file in files:
        check_output(file, given.overwrite)
        check_output(Path(f"{file}.json"), given.overwrite, endings=())
        if given.sheet:
            check_output(sheet_file(file), given.overwrite)


def _check_ffmpeg(files: Sequence[Path]) -> None:
    """Refuse a video now if there is nothing to write it with; a png needs no ffmpeg."""
    if all(file.suffix.lower() == ".png" for file in files):
        return
    try:
        import imageio_ffmpeg

        imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError) as error:
        raise OutputError(
            'No ffmpeg to write a video with. Run: pip install "imageio-ffmpeg>=0.6,<0.8", or write a .png.'
        ) from error


def save(given: argparse.Namespace, clips: "Clips", files: Sequence[Path]) -> None:
    """Write clips, and their sheets where they were asked for.

    Args:
        given: the arguments.
        clips: as many as files.
        files: theirs.
    """
    for index, file in enumerate(files):
        clips.write(index, file, given.scale, mark=not given.no_mark, visible_mark=given.visible_mark)
        if given.sheet:
            write_sheet(clips, index, file, given.scale)


def write_sheet(clips: "Clips", index: int, file: Path, scale: int) -> None:
    """Write the contact sheet of a clip, over whatever is there.

    Args:
        clips: whose frames are shown.
        index: which clip.
        file: the clip's own; the sheet lies beside it.
        scale: whole factor by which the clip is enlarged, of which a sheet takes as much as can be seen at one glance.
    """
    from PIL import Image

    from minisora.data.sheet import contact_sheet
    from minisora.data.video_io import new_file

    shown = min(scale, max(1, 256 // max(clips.frames.shape[2:4])))
    sheet = contact_sheet(clips.frames[index], labels=[clips.prompts[index]], scale=shown)
    with new_file(sheet_file(file), overwrite=True) as draft:
        Image.fromarray(sheet).save(draft)


def report(clips: "Clips", files: Sequence[Path]) -> list[Any]:
    """Say of each clip where it lies and how each word fared.

    Args:
        clips: as many as files.
        files: theirs.
    Returns:
        Their grades, one for each part of a storyboard.
    """
    grades, parts = clips.grades, len(clips.segments)
    for index, file in enumerate(files):
        print(f"{file}  seed {clips.seeds[index]}")
        print(clips.prompts[index])
        read = " ".join(segment.texts[index] for segment in clips.segments)
        if parts == 1 and read != clips.prompts[index]:
            print(f"read as: {read}")
        for line in clips.unknown[index]:
            print(f"unknown word: {line}")
        for segment, grade in zip(clips.segments, grades[index * parts :][:parts], strict=True):
            print(f"{f'until frame {segment.stop}: {segment.texts[index]}' + chr(10) if parts > 1 else ''}{grade}\n")
    return grades
