"""`minisora grade`: every word of a sentence judged in any clip."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minisora.cli.reading import beside, shrunk
from minisora.errors import PromptError

if TYPE_CHECKING:
    from minisora.world import SceneRequest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    parser.add_argument("file", type=Path, metavar="FILE", help="mp4, webm, gif, or a png sheet of frames")
    parser.add_argument(
        "--prompt", metavar="TEXT", help="what was asked for; else the one in FILE.json beside the clip"
    )
    parser.add_argument("--world", metavar="NAME", help="whose words these are; else as FILE.json says, or shapes")
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
    from minisora.world import find_world

    frames, fps = read_video(given.file)
    about = beside(given.file)
    frames, world = shrunk(frames, about["scale"]), find_world(given.world or about["world"])
    first = 0
    for text, stop in _parts(given, about, len(frames)):
        request = world.parse(text)
        grade = world.grade(frames[first:stop], request, fps=fps)
        print(grade.to_json() if given.json else f"{text}\n{grade}")
        if not given.json:
            _say_unknown(request)
        first = stop
    return 0


def _parts(given: argparse.Namespace, about: dict[str, Any], frames: int) -> list[tuple[str, int]]:
    """What was asked for, and until which frame: one part, or those of a storyboard."""
    if given.prompt:
        return [(given.prompt, frames)]
    if len(about["segments"]) > 1:
        return [(segment["text"], segment["stop"]) for segment in about["segments"]]
    if not about["prompt"]:
        raise PromptError(f'There is no {given.file}.json that says what was asked for. Use --prompt "a red circle …".')
    return [(about["prompt"], frames)]


def _say_unknown(request: "SceneRequest") -> None:
    for word in request.unknown:
        print(f"unknown word: {word.word!r}" + (f"; nearest: {', '.join(word.nearest)}" if word.nearest else ""))
