"""The command line: every command is a few lines over the rooms below, loaded when it is called.

`--help` answers at once, since nothing heavy is imported here. Read `main`, then `generate.py`. A mistake in what was
typed is one line on stderr and exit code 2; `check` gives 1 where something is missing; Ctrl-C gives 130.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NoReturn

from minisora import __version__
from minisora.errors import MinisoraError, nearest_name

__all__ = ["COMMANDS", "main"]

Command = tuple[str, str, str]

# name: (module, or module:object, with `add_arguments` and `run`; one line of help). The last two read their own
# arguments.
COMMANDS = {
    "generate": ("minisora.cli.generate", "make a video from a sentence, and grade it word by word"),
    "animate": ("minisora.cli.verbs:animate", "make a video that begins with an image"),
    "extend": ("minisora.cli.verbs:extend", "add seconds after a video, or before it"),
    "connect": ("minisora.cli.verbs:connect", "lead from one video to another"),
    "loop": ("minisora.cli.verbs:loop", "make a video that goes round and round"),
    "edit": ("minisora.cli.verbs:edit", "give a video other words, and keep its paths"),
    "inpaint": ("minisora.cli.verbs:inpaint", "paint a region of a video anew"),
    "storyboard": ("minisora.cli.verbs:storyboard", "make a video in which the words change"),
    "vary": ("minisora.cli.verbs:vary", "make versions of a video with a word changed"),
    "gallery": ("minisora.cli.gallery", "make a clip for each verb, as a page and as a sheet"),
    "studio": ("minisora.cli.studio", "open the prompt studio in the browser, on this computer alone"),
    "grade": ("minisora.cli.grade", "grade any clip against a sentence"),
    "inspect": ("minisora.cli.inspect", "look for the mark in a file, and read where it comes from"),
    "sign": ("minisora.cli.sign", "sign a file with your own certificate (C2PA)"),
    "redteam": ("minisora.cli.redteam", "attack the prompt policy, and count what gets through"),
    "words": ("minisora.cli.words", "list the whole vocabulary, with examples"),
    "dataset": ("minisora.cli.dataset", "write and preview training samples"),
    "check": ("minisora.cli.check", "versions, device, ffmpeg: OK, or what to do"),
    "train": ("minisora.training.cli", "train a part: autoencoder, text or denoiser"),
    "evaluate": ("minisora.evaluation.cli", "grade the model beside its ceilings, as a table and as JSON"),
}
OWN_ARGUMENTS = ("train", "evaluate")
EXAMPLE = 'minisora generate "a small red circle moving right" --output clip.mp4 --seed 0 --scale 8'


class Parser(argparse.ArgumentParser):
    """Errors on one line, with the nearest name where a command or an option is misspelt."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave with exit code 2.

        Args:
            message: argparse's.
        """
        self.exit(2, f"{self.prog}: {' '.join(message.split())}. See {self.prog} --help.\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: without the program's name; None is what was typed.
    Returns:
        The exit code: 0, 1 (a check that failed), 2 (something typed is wrong) or 130 (Ctrl-C).
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(arguments)
    except MinisoraError as error:
        return _say(arguments, " ".join(str(error).split()), 2)
    except KeyboardInterrupt:
        return _say(arguments, "stopped.", 130)
    except BrokenPipeError:  # `minisora words | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _say(arguments, f"{error.strerror or error}: {error.filename or ''}".rstrip(": ") + ".", 2)


def _say(arguments: list[str], message: str, code: int) -> int:
    command = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    print(f"minisora {command}".rstrip() + f": {message}", file=sys.stderr)
    return code


def _run(arguments: list[str]) -> int:
    if arguments and arguments[0] in OWN_ARGUMENTS:
        run: Callable[[list[str]], int | None] = import_module(COMMANDS[arguments[0]][0]).main
        return run(arguments[1:]) or 0
    parser = _parser()
    if not arguments:
        parser.print_help()
        return 0
    if not arguments[0].startswith("-") and arguments[0] not in COMMANDS:
        parser.error(f"there is no command {arguments[0]!r}, the nearest is {nearest_name(arguments[0], COMMANDS)!r}")
    given = parser.parse_args(arguments)
    code: int | None = _found(given.command).run(given)
    return code or 0


def _found(name: str) -> Any:
    """The module or object of a command."""
    module, _, inside = COMMANDS[name][0].partition(":")
    loaded = import_module(module)
    return getattr(loaded, inside) if inside else loaded


def _parser() -> Parser:
    parser = Parser(
        prog="minisora",
        description="From a sentence to a graded video.",
        epilog=f"For example: {EXAMPLE}",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"minisora {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for name, (_, help_line) in COMMANDS.items():
        command = commands.add_parser(name, help=help_line, description=help_line, allow_abbrev=False)
        if name not in OWN_ARGUMENTS:
            _found(name).add_arguments(command)
    return parser
