"""`minisora grade`: every word of a sentence judged in any clip."""

import argparse
import json
from pathlib import Path
from typing import Any

from minisora.errors import DataError, PromptError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    parser.add_argument("file", type=Path, metavar="FILE", help="mp4, webm, gif, or a png sheet of frames")
    parser.add_argument(
        "--prompt", metavar="TEXT", help="what was asked for; else the one in FILE.json beside the clip"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(given: argparse.Namespace) -> int:
    """Grade a file.

    Args:
        given: the arguments.
    Returns:
        0, whatever the verdicts are.
    Raises:
        MinisoraError: the file or the prompt cannot be read.
    """
    from minisora.data.video_io import read_video
    from minisora.world import SHAPES

    frames, fps = read_video(given.file)
    about = _beside(given.file)
    prompt = given.prompt or about.get("prompt")
    if not prompt:
        raise PromptError(f'There is no {given.file}.json that says what was asked for. Use --prompt "a red circle …".')
    request = SHAPES.parse(prompt)
    grade = SHAPES.grade(_shrunk(frames, int(about.get("scale", 1))), request, fps=fps)
    print(grade.to_json() if given.json else f"{prompt}\n{grade}")
    if not given.json:
        for word in request.unknown:
            print(f"unknown word: {word.word!r}" + (f"; nearest: {', '.join(word.nearest)}" if word.nearest else ""))
    return 0


def _beside(file: Path) -> dict[str, Any]:
    """What the JSON beside a clip says, nothing where there is none."""
    path = Path(f"{file}.json")
    if not path.is_file():
        return {}
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        return about if isinstance(about, dict) else {}
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}). Delete it, or give --prompt.") from error


def _shrunk(frames: Any, scale: int) -> Any:
    """Enlarged pixels back to one each; the middle one, which compression harms least."""
    if scale <= 1 or frames.shape[1] % scale or frames.shape[2] % scale:
        return frames
    return frames[:, scale // 2 :: scale, scale // 2 :: scale]
