"""`minisora animate`, `extend`, `connect`, `loop`, `edit`, `inpaint`, `storyboard`, `vary`: the pipeline's verbs.

Each is a few arguments and one call; what they share is in `making.py`.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minisora.cli.making import add_model, add_output, make_and_write
from minisora.cli.reading import Given, read_clip, shrunk
from minisora.errors import PromptError, SettingError

if TYPE_CHECKING:
    from minisora.pipeline import Clips, TextToVideoPipeline

Steps = Callable[..., None]


@dataclass(frozen=True)
class Verb:
    """A command: what it takes, how many clips it makes, and the call that makes them."""

    take: Callable[[argparse.ArgumentParser], None]
    call: Callable[["TextToVideoPipeline", argparse.Namespace, dict[str, Any]], "Clips"]
    count: Callable[[argparse.Namespace], int] = lambda _: 1
    several: str = ""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare what the command takes.

        Args:
            parser: of this command.
        """
        self.take(parser)
        parser.add_argument("--seed", type=int, metavar="N", help="of the noise; else drawn")
        add_model(parser)
        add_output(parser, self.several)

    def run(self, given: argparse.Namespace) -> int:
        """Make, write, grade.

        Args:
            given: the arguments.
        Returns:
            0, or 130 after Ctrl-C.
        Raises:
            MinisoraError: something given is wrong; nothing has been written by then.
        """

        def make(pipe: "TextToVideoPipeline", steps: Steps) -> "Clips":
            return self.call(pipe, given, {"seed": given.seed, "callback_on_step_end": steps})

        return make_and_write(given, self.count(given), make)


def _video(parser: argparse.ArgumentParser, name: str = "video") -> None:
    parser.add_argument(name, type=Path, metavar=name.upper(), help="mp4, webm, gif, or a png sheet of frames")


def _prompt(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--prompt", metavar="TEXT", help=f"what is to be seen; else {default}")


def _read(pipe: "TextToVideoPipeline", file: Path) -> Given:
    """A clip at a rate that the network knows; what is made beside it has that rate, too."""
    from minisora.pipeline.fitting import known_rate

    own = pipe.settings().fps
    clip = read_clip(file, lambda fps: known_rate(fps, own))
    if len(clip.frames) > 1:
        pipe.recommend(fps=clip.fps)
    return clip


def _read_beside(pipe: "TextToVideoPipeline", file: Path) -> Given:
    """One that has to fit the first: at the rate of that."""
    fps = pipe.settings().fps
    return read_clip(file, lambda _: fps)


def _words(given: argparse.Namespace, clip: Given) -> str | None:
    """What was typed, even if it is empty, else what lies beside the clip."""
    return clip.words if given.prompt is None else given.prompt


OWN_WORDS = "the words beside the file, or what is read off its pixels"


# --- frames that are added --------------------------------------------------------------------------------------------


def _take_animate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", type=Path, metavar="IMAGE", help="png or jpg")
    parser.add_argument("prompt", metavar="PROMPT", help="what is to happen")
    parser.add_argument("--num-frames", type=int, metavar="N", help="1 + 4k: 13, 17, 21, …; any length")


def _animate(pipe: "TextToVideoPipeline", given: argparse.Namespace, named: dict[str, Any]) -> "Clips":
    image = _read_beside(pipe, given.image)
    return pipe.animate(image.frames, given.prompt, given.num_frames, **named)


def _take_extend(parser: argparse.ArgumentParser) -> None:
    _video(parser)
    parser.add_argument("--seconds", type=float, default=2.0, metavar="X", help="how much longer (2)")
    parser.add_argument("--direction", default="forward", metavar="WAY", help="forward or backward (forward)")
    _prompt(parser, OWN_WORDS)


def _extend(pipe: "TextToVideoPipeline", given: argparse.Namespace, named: dict[str, Any]) -> "Clips":
    clip = _read(pipe, given.video)
    return pipe.extend(clip.frames, given.seconds, _words(given, clip), given.direction, **named)


def _take_connect(parser: argparse.ArgumentParser) -> None:
    _video(parser, "first")
    _video(parser, "second")
    _prompt(parser, f"{OWN_WORDS}, of the first")


def _connect(pipe: "TextToVideoPipeline", given: argparse.Namespace, named: dict[str, Any]) -> "Clips":
    first = _read(pipe, given.first)
    second = _read_beside(pipe, given.second)
    return pipe.connect(first.frames, second.frames, _words(given, first), **named)


def _take_loop(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompt", nargs="?", metavar="PROMPT", help="what is to be seen")
    parser.add_argument("--video", type=Path, metavar="FILE", help="lead this clip round instead of a new one")
    parser.add_argument("--seconds", type=float, default=8.0, metavar="X", help="within which the round is found (8)")


def _loop(pipe: "TextToVideoPipeline", given: argparse.Namespace, named: dict[str, Any]) -> "Clips":
    if (given.prompt is None) == (given.video is None):
        raise PromptError("Give either a PROMPT or --video FILE.")
    if given.video is None:
        return pipe.loop(given.prompt, seconds=given.seconds, **named)
    clip = _read(pipe, given.video)
    return pipe.loop(clip.words, clip.frames, **named)


def _take_storyboard(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("board", nargs="+", metavar="SECONDS:PROMPT", help='such as "0: a red star" "2: a blue ring"')
    parser.add_argument("--num-frames", type=int, metavar="N", help="1 + 4k; else two seconds after the last change")


def _storyboard(pipe: "TextToVideoPipeline", given: argparse.Namespace, named: dict[str, Any]) -> "Clips":
    return pipe.storyboard([_timed(entry) for entry in given.board], given.num_frames, **named)


def _timed(entry: str) -> tuple[float, str]:
    time, colon, text = entry.partition(":")
    try:
        return float(time), text.strip() if colon else ""
    except ValueError as error:
        raise PromptError(f'{entry!r} does not begin with seconds. Use "2: {entry.strip()}".') from error


# --- what is there, changed -------------------------------------------------------------------------------------------


def _take_edit(parser: argparse.ArgumentParser) -> None:
    _video(parser)
    parser.add_argument("prompt", metavar="PROMPT", help="what is to be seen afterwards")
    parser.add_argument("--noise-strength", type=float, default=0.9, metavar="X", help="above 0, up to 1 (0.9)")


def _edit(pipe: "TextToVideoPipeline", given: argparse.Namespace, named: dict[str, Any]) -> "Clips":
    return pipe.edit(_read(pipe, given.video).frames, given.prompt, given.noise_strength, **named)


def _take_inpaint(parser: argparse.ArgumentParser) -> None:
    _video(parser)
    parser.add_argument("prompt", metavar="PROMPT", help="what is to be seen")
    region = parser.add_mutually_exclusive_group(required=True)
    region.add_argument("--mask", type=Path, metavar="FILE", help="a picture or clip, white where to paint")
    region.add_argument("--box", metavar="L,T,R,B", help="pixels: left, top, right, bottom of where to paint")


def _inpaint(pipe: "TextToVideoPipeline", given: argparse.Namespace, named: dict[str, Any]) -> "Clips":
    frames = _read(pipe, given.video).frames
    return pipe.inpaint(frames, _mask(pipe, given, frames), given.prompt, **named)


def _mask(pipe: "TextToVideoPipeline", given: argparse.Namespace, frames: Any) -> Any:
    """bool (h, w) or (f, h, w), True where to paint."""
    height, width = frames.shape[1:3]
    if given.mask is None:
        return _box(given.box, height, width)
    pixels = _read_beside(pipe, given.mask).frames
    scale = pixels.shape[1] // height
    if pixels.shape[1:3] == (scale * height, scale * width):  # drawn over the enlarged clip
        pixels = shrunk(pixels, scale)
    white = pixels.mean(axis=-1) > 127
    return white[0] if len(white) == 1 else white


def _box(typed: str, height: int, width: int) -> Any:
    """bool (height, width), True in a box; what lies outside the frame is cut off, and that is said."""
    import numpy as np

    try:
        left, top, right, bottom = (int(part) for part in typed.split(","))
    except ValueError as error:
        raise SettingError(f"--box {typed!r} is not four whole numbers. Use --box 16,16,48,48.") from error
    cut = [max(left, 0), max(top, 0), min(right, width), min(bottom, height)]
    if cut[0] >= cut[2] or cut[1] >= cut[3]:
        raise SettingError(f"--box {typed} covers no pixel of {width}×{height}. Use --box 0,0,{width},{height}.")
    if cut != [left, top, right, bottom]:
        shown = ",".join(map(str, cut))
        print(f"minisora: --box {typed} was fitted to {shown}, the frame is {width}×{height}.", file=sys.stderr)
    mask = np.zeros((height, width), bool)
    mask[cut[1] : cut[3], cut[0] : cut[2]] = True
    return mask


def _take_vary(parser: argparse.ArgumentParser) -> None:
    _video(parser)
    parser.add_argument(
        "--change", action="append", default=[], metavar="WHAT=WORD",
        help="colour=blue, or red=blue, or colour=blue,green; may be given again",
    )  # fmt: skip
    parser.add_argument("--n", type=int, metavar="N", help="how many versions; else one of each combination")
    _prompt(parser, OWN_WORDS)


def _vary(pipe: "TextToVideoPipeline", given: argparse.Namespace, named: dict[str, Any]) -> "Clips":
    clip = _read(pipe, given.video)
    return pipe.vary(clip.frames, given.n, _changes(given.change), _words(given, clip), **named)


def _changes(typed: list[str]) -> dict[str, list[str]]:
    changes: dict[str, list[str]] = {}
    for entry in typed:
        what, sign, words = entry.partition("=")
        if not (what and sign and words):
            raise SettingError(f"--change {entry!r} is no WHAT=WORD. Use --change colour=blue.")
        changes.setdefault(what.strip(), []).extend(word.strip() for word in words.split(",") if word.strip())
    return changes


def _count_versions(given: argparse.Namespace) -> int:
    from math import prod

    from minisora.pipeline.verbs.changes import check_versions

    every = prod(len(words) for words in _changes(given.change).values())
    return check_versions(every if given.n is None else given.n)


animate = Verb(_take_animate, _animate)
extend = Verb(_take_extend, _extend)
connect = Verb(_take_connect, _connect)
loop = Verb(_take_loop, _loop)
storyboard = Verb(_take_storyboard, _storyboard)
edit = Verb(_take_edit, _edit)
inpaint = Verb(_take_inpaint, _inpaint)
vary = Verb(_take_vary, _vary, _count_versions, "; of several versions each gets its number, or a name with {index}")
