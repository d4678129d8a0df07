"""`minisora generate`: sentences in, clips, sheets and grades out."""

import argparse
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minisora.errors import DataError, OutputError, PromptError

if TYPE_CHECKING:
    from minisora.pipeline import Clips, Sampling, TextToVideoPipeline

BATCH = 16  # clips made together
ENDING = ".mp4"  # of clips in a folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    words = parser.add_argument_group("words")
    words.add_argument(
        "prompt", nargs="?", metavar="PROMPT", help='what is to be seen: "a small red circle moving right"'
    )
    words.add_argument("--prompts", type=Path, metavar="FILE", help="a text file with one sentence a line, instead")
    words.add_argument("--negative-prompt", metavar="TEXT", help="what to move away from")
    words.add_argument("--expand-prompt", action="store_true", help="first rewrite each sentence into a full caption")
    words.add_argument("--strict", action="store_true", help="refuse words that the world does not know")
    output = parser.add_argument_group("output")
    output.add_argument(
        "--output", type=Path, required=True, metavar="FILE",
        help="mp4, gif, webm or png by its ending; for many clips a folder, or a name with {index} or {seed}",
    )  # fmt: skip
    output.add_argument("--scale", type=int, default=1, metavar="N", help="enlarge every pixel, 8 looks crisp")
    output.add_argument("--sheet", action="store_true", help="write a contact sheet too: FILE-sheet.png")
    output.add_argument("--overwrite", action="store_true", help="replace files that are there")
    _add_numbers(parser.add_argument_group("numbers, the checkpoint's own unless given"))


def _add_numbers(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--seed", type=int, metavar="N", help="of the first clip, the next ones count up; else drawn")
    group.add_argument("--num-frames", type=int, metavar="N", help="1 + 4k: 13, 17, 21, …; any length")
    group.add_argument("--height", type=int, metavar="N", help="pixels")
    group.add_argument("--width", type=int, metavar="N", help="pixels")
    group.add_argument("--fps", type=float, metavar="X", help="frames per second")
    group.add_argument("--steps", type=int, metavar="N", help="from noise to clean")
    group.add_argument("--guidance", type=float, metavar="X", help="how strongly the words are followed")
    group.add_argument("--model", default="nano", metavar="NAME", help="a shipped name, a folder or a hub id (nano)")
    group.add_argument("--device", default="auto", metavar="NAME", help="auto, cuda, mps or cpu")
    group.add_argument("--dtype", default="auto", metavar="NAME", help="auto, float32 or bfloat16")


def run(given: argparse.Namespace) -> int:
    """Generate, write, grade.

    Args:
        given: the arguments.
    Returns:
        0, or 130 after Ctrl-C.
    Raises:
        MinisoraError: something given is wrong; nothing has been written by then.
    """
    prompts = _prompts(given)
    seed = _first_seed(given.seed)
    files = output_files(given.output, len(prompts), seed, many=given.prompts is not None)
    _check_files(given, files)
    from minisora.pipeline import TextToVideoPipeline, UnknownWordsWarning

    warnings.simplefilter("ignore", UnknownWordsWarning)  # said below, once, without a line of code beside it
    pipe = TextToVideoPipeline.from_pretrained(given.model, given.device, given.dtype)
    if given.strict:
        _refuse_unknown(pipe, prompts)
    written, grades = 0, []
    try:
        for first in range(0, len(prompts), BATCH):
            part = slice(first, first + BATCH)
            clips = _watch(_stream(pipe, given, prompts[part], seed + first), first, len(prompts))
            _save(given, clips, files[part])
            written += len(clips)
            grades += _report(clips, files[part])
    except KeyboardInterrupt:
        kept = f"{written} of {len(prompts)} clips are written" if written else "nothing was written"
        print(f"minisora generate: stopped, {kept}.", file=sys.stderr)
        return 130
    _say_next(given, grades, seed)
    return 0


# --- before -----------------------------------------------------------------------------------------------------------


def _prompts(given: argparse.Namespace) -> list[str]:
    if (given.prompt is None) == (given.prompts is None):
        raise PromptError('Give either a PROMPT or --prompts FILE: minisora generate "a red circle" --output clip.mp4.')
    if given.prompts is None:
        if not given.prompt.strip():
            raise PromptError('The prompt is empty. Say what is to be seen: "a small red circle moving right".')
        return [given.prompt]
    try:
        text = given.prompts.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{given.prompts} cannot be read as text ({error}). Give a file with one sentence a line."
        ) from error
    lines = [line.strip() for line in text.splitlines()]
    prompts = [line for line in lines if line and not line.startswith("#")]
    if not prompts:
        raise PromptError(f"{given.prompts} has no sentence. Write one a line.")
    return prompts


def _first_seed(seed: int | None) -> int:
    import secrets

    return secrets.randbelow(2**31) if seed is None else seed


def output_files(output: Path, count: int, seed: int, many: bool) -> list[Path]:
    """Names of the clips.

    Args:
        output: a file, a folder, or a name with {index} or {seed} in it.
        count: of clips.
        seed: of the first one.
        many: whether a name without an ending is a folder.
    Returns:
        One name for each clip.
    Raises:
        OutputError: the name has other braces in it.
    """
    if "{" in output.name:
        try:
            names = [output.name.format(index=f"{k:03d}", seed=seed + k) for k in range(count)]
        except (KeyError, IndexError, ValueError) as error:
            raise OutputError(
                f"{output.name!r} may hold {{index}} and {{seed}} only. Use clip-{{index}}.mp4."
            ) from error
        if len(set(names)) < count:
            raise OutputError(f"{output.name!r} names the same file for several clips. Use clip-{{index}}.mp4.")
        return [output.with_name(name) for name in names]
    if many and (not output.suffix or output.is_dir()):
        return [output / f"{k:03d}{ENDING}" for k in range(count)]
    if count == 1:
        return [output]
    return [output.with_name(f"{output.stem}-{k:03d}{output.suffix}") for k in range(count)]


def sheet_file(file: Path) -> Path:
    """Name of a clip's contact sheet: clip.mp4 → clip-sheet.png."""
    return file.with_name(f"{file.stem}-sheet.png")


def _check_files(given: argparse.Namespace, files: Sequence[Path]) -> None:
    """Refuse now what could not be written in the end."""
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


def _refuse_unknown(pipe: "TextToVideoPipeline", prompts: Sequence[str]) -> None:
    from minisora.pipeline.prompts import unknown_words

    lines = [line for prompt in prompts for line in unknown_words(pipe.world, prompt)]
    if lines:
        raise PromptError(f"{'. '.join(lines)}. minisora words lists what is known; without --strict the rest is made.")


# --- at work ----------------------------------------------------------------------------------------------------------


def _stream(pipe: "TextToVideoPipeline", given: argparse.Namespace, prompts: list[str], seed: int) -> "Sampling":
    return pipe.stream(
        prompts,
        negative_prompt=given.negative_prompt,
        num_frames=given.num_frames,
        height=given.height,
        width=given.width,
        fps=given.fps,
        num_inference_steps=given.steps,
        guidance_scale=given.guidance,
        seed=seed,
        expand_prompt=given.expand_prompt,
    )


def _watch(sampling: "Sampling", first: int, total: int) -> "Clips":
    """Run to the end under a progress bar."""
    from tqdm import tqdm

    count = len(sampling.order.seeds)
    label = "Denoising" if total == 1 else f"Clips {first + 1}-{first + count} of {total}"
    for _ in tqdm(sampling, total=sampling.total, desc=label, unit="step", file=sys.stderr):
        pass
    return sampling.result()


def _save(given: argparse.Namespace, clips: "Clips", files: Sequence[Path]) -> None:
    for index, file in enumerate(files):
        clips.write(index, file, scale=given.scale)
        if given.sheet:
            _write_sheet(clips, index, sheet_file(file), given.scale)


def _write_sheet(clips: "Clips", index: int, file: Path, scale: int) -> None:
    from PIL import Image

    from minisora.data.sheet import contact_sheet
    from minisora.data.video_io import new_file

    shown = min(scale, max(1, 256 // max(clips.frames.shape[2:4])))  # a sheet is to be seen at one glance
    sheet = contact_sheet(clips.frames[index], labels=[clips.prompts[index]], scale=shown)
    with new_file(file, overwrite=True) as draft:
        Image.fromarray(sheet).save(draft)


# --- afterwards -------------------------------------------------------------------------------------------------------


def _report(clips: "Clips", files: Sequence[Path]) -> list[Any]:
    """Say of each clip where it lies and how each word fared."""
    for index, (file, grade) in enumerate(zip(files, clips.grades, strict=True)):
        print(f"{file}  seed {clips.seeds[index]}")
        print(clips.prompts[index])
        read = clips.segments[0].texts[index]
        if read != clips.prompts[index]:
            print(f"read as: {read}")
        for line in clips.unknown[index]:
            print(f"unknown word: {line}")
        print(f"{grade}\n")
    return clips.grades


def _say_next(given: argparse.Namespace, grades: Sequence[Any], seed: int) -> None:
    right = sum(grade.every_word_right for grade in grades)
    if len(grades) > 1:
        print(f"Every word right in {right} of {len(grades)} clips.")
    if right < len(grades):
        print(f"Some words came out wrong: try another seed (--seed {seed + len(grades)}).")
    print('Next: another sentence (minisora words lists what is known), or "make lab" for the notebooks.')
