"""`minisora studio`: the prompt studio as a page in the browser, on this computer alone."""

import argparse

from minisora.cli.making import add_policy, named_policy

THEMES = ("light", "dark")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    parser.add_argument("--model", default="nano", metavar="NAME", help="a shipped name, a folder or a hub id (nano)")
    parser.add_argument("--port", type=int, default=8866, metavar="N", help="of the page (8866)")
    parser.add_argument("--theme", choices=THEMES, default="light", help="light or dark (light)")
    add_policy(parser)
    parser.add_argument("--no-browser", action="store_true", help="print the address instead of opening it")


def run(given: argparse.Namespace) -> int:
    """Serve the page until Ctrl-C.

    Args:
        given: the arguments.
    Returns:
        0.
    Raises:
        SettingError: the port cannot be had, or the policy cannot be read.
    """
    from minisora.guards.policy import read_policy
    from minisora.widgets.page import HOST, check_port, serve_page

    check_port(given.port)
    read_policy(named_policy(given))  # said here, and not on the page
    print(f"The studio is at http://{HOST}:{given.port}/ until Ctrl-C.", flush=True)
    serve_page(given.port, given.theme, given.model, browser=not given.no_browser, policy=given.policy)
    return 0
