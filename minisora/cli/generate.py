"""`minisora generate`: sentences in, clips, sheets and grades out."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minisora.cli.long_clip import is_long, say_graded, write_long
from minisora.cli.making import add_model, add_output, check_files, load_pipe, output_files, report, save
from minisora.errors import DataError, PromptError, SettingError

if TYPE_CHECKING:
    from minisora.pipeline import Clips, Sampling, TextToVideoPipeline

BATCH = 16  # clips made together


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
    add_output(parser, "; for many clips a folder, or a name with {index} or {seed}")
    _add_numbers(parser.add_argument_group("numbers, the checkpoint's own unless given"))


def _add_numbers(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--seed", type=int, metavar="N", help="of the first clip, the next ones count up; else drawn")
    length = group.add_mutually_exclusive_group()
    length.add_argument("--num-frames", type=int, metavar="N", help="1 + 4k: 13, 17, 21, …; any length")
    length.add_argument("--seconds", type=float, metavar="X", help="the same in seconds, 60 is a minute")
    group.add_argument("--height", type=int, metavar="N", help="pixels")
    group.add_argument("--width", type=int, metavar="N", help="pixels")
    group.add_argument("--fps", type=float, metavar="X", help="frames per second")
    group.add_argument("--steps", type=int, metavar="N", help="from noise to clean")
    group.add_argument("--guidance", type=float, metavar="X", help="how strongly the words are followed")
    add_model(group)


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
    check_files(given, files)
    pipe = load_pipe(given)
    if given.strict:
        _refuse_unknown(pipe, prompts)
    written, grades = 0, []
    for first in range(0, len(prompts), BATCH):
        part = slice(first, first + BATCH)
        sampling = _stream(pipe, given, prompts[part], seed + first)
        if given.visible_mark:
            from minisora.guards.letters import check_letters

            settings = sampling.order.settings
            check_letters(settings.height * given.scale, settings.width * given.scale)
        try:
            if is_long(sampling, files[part]):
                clips = write_long(given, sampling, files[first])
            else:
                clips = _watch(sampling, first, len(prompts))
                save(given, clips, files[part])
            written += len(clips)
            grades += report(clips, files[part])
            say_graded(sampling, clips)
        except KeyboardInterrupt as stop:
            kept = str(stop) or _keep(given, sampling, files[part], written, len(prompts))
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
        num_frames=_length(pipe, given),
        height=given.height,
        width=given.width,
        fps=given.fps,
        num_inference_steps=given.steps,
        guidance_scale=given.guidance,
        seed=seed,
        expand_prompt=given.expand_prompt,
    )


def _length(pipe: "TextToVideoPipeline", given: argparse.Namespace) -> int | None:
    """Frames that are asked for: seconds rounded to whole groups of them."""
    from minisora.models.autoencoder import TIME

    if given.seconds is None:
        frames: int | None = given.num_frames
        return frames
    fps, seconds = pipe.settings(fps=given.fps).fps, float(given.seconds)
    if not 0 <= seconds < 1e9:  # neither nan nor so much that frames are beyond counting
        raise SettingError(f"--seconds {seconds:g} is no length. Use --seconds 2.")
    return 1 + TIME * round(seconds * fps / TIME)


def _keep(given: argparse.Namespace, sampling: "Sampling", files: Sequence[Path], written: int, total: int) -> str:
    """After Ctrl-C: write what is finished of a clip that is held in memory, and say what there is."""
    may_write = not sampling.taken and (not files[0].exists() or given.overwrite)
    clips = sampling.so_far() if may_write else None
    if clips is None:
        return f"{written} of {total} clips are written" if written else "nothing was written"
    save(given, clips, files)
    return f"{sampling.length(clips.settings.num_frames)} are in {', '.join(map(str, files))}"


def _watch(sampling: "Sampling", first: int, total: int) -> "Clips":
    """Run to the end under a progress bar."""
    from tqdm import tqdm

    count = len(sampling.order.seeds)
    label = "Denoising" if total == 1 else f"Clips {first + 1}-{first + count} of {total}"
    for _ in tqdm(sampling, total=sampling.total, desc=label, unit="step", file=sys.stderr):
        pass
    return sampling.result()


def _say_next(given: argparse.Namespace, grades: Sequence[Any], seed: int) -> None:
    right = sum(grade.every_word_right for grade in grades)
    if len(grades) > 1:
        print(f"Every word right in {right} of {len(grades)} clips.")
    if right < len(grades):
        print(f"Some words came out wrong: try another seed (--seed {seed + len(grades)}).")
    print('Next: another sentence (minisora words lists what is known), or "make lab" for the notebooks.')
