"""`minisora inspect`: the mark in a file, the JSON beside it, the signature inside of it."""

import argparse
import json
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    parser.add_argument("file", type=Path, metavar="FILE", help="mp4, webm, gif, or a png sheet of frames")
    parser.add_argument(
        "--trust", type=Path, metavar="FOLDER", help="a certificate's folder: signatures under its root are trusted"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines")


def run(given: argparse.Namespace) -> int:
    """Look at a file, and say what was found.

    Args:
        given: the arguments.
    Returns:
        0, whatever was found.
    Raises:
        DataError: the file, or the certificate to trust, cannot be read.
    """
    from minisora.safety import Certificate, inspect_file

    trust = Certificate.read(given.trust).root if given.trust else ""
    found = inspect_file(given.file, trust)
    print(json.dumps(found.as_dict(), indent=2, ensure_ascii=False) if given.json else found)
    return 0
