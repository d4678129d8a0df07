"""`minisora sign`: provenance after the standard C2PA, with a certificate of one's own."""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    parser.add_argument("file", type=Path, metavar="FILE", help="mp4, png or gif; it is signed in its place")
    parser.add_argument(
        "--certificate", type=Path, required=True, metavar="FOLDER", help="with chain.pem and key.pem (ES256)"
    )
    parser.add_argument("--make", action="store_true", help="make that certificate first; nobody but you will trust it")
    parser.add_argument("--name", default="A minisora class", metavar="TEXT", help="who signs, with --make")


def run(given: argparse.Namespace) -> int:
    """Sign a file, and read what it says then.

    Args:
        given: the arguments.
    Returns:
        0.
    Raises:
        MinisoraError: the file has no place for a signature, or there is no certificate; the file is as it was.
    """
    from minisora.safety import Certificate, make_certificate, read_claim, sign

    if given.make:
        made = make_certificate(given.certificate, given.name)
        print(f"{given.certificate}: a certificate of {given.name!r}. Keep its key.pem to yourself.")
    certificate = made if given.make else Certificate.read(given.certificate)
    sign(given.file, certificate)
    print(f"{given.file}: {read_claim(given.file, certificate.root)}.")
    return 0
