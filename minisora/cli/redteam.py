"""`minisora redteam`: what gets past a prompt policy, class by class, and which ordinary sentences it refuses."""

import argparse
import json
from pathlib import Path

from minisora.cli.making import add_policy, named_policy


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    add_policy(parser)
    parser.add_argument(
        "--captions", type=int, default=2000, metavar="N", help="of the world, which must pass (2000), beside others"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every attack and what became of it")
    parser.add_argument("--overwrite", action="store_true", help="replace the JSON that is there")


def run(given: argparse.Namespace) -> int:
    """Attack, count, print.

    Args:
        given: the arguments.
    Returns:
        0, whatever got through.
    Raises:
        MinisoraError: the policy or a number cannot be used, or the JSON cannot be written.
    """
    from minisora.data.video_io import check_output, new_file
    from minisora.errors import SettingError
    from minisora.guards.policy import read_policy
    from minisora.safety.redteam import run_suite

    if given.captions < 0:
        raise SettingError(f"--captions {given.captions}, but it is at least 0. Use --captions 2000.")
    if given.json is not None:
        check_output(given.json, given.overwrite, endings=(".json",))
    policy = read_policy(named_policy(given))
    if policy is None:
        raise SettingError("There is nothing to attack without a policy. Use --policy default.")
    report = run_suite(policy, given.captions)
    print(report)
    if given.json is not None:
        with new_file(given.json, given.overwrite, endings=(".json",)) as draft:
            draft.write_text(json.dumps(report.as_dict(), indent=1) + "\n", encoding="utf-8")
        print(f"Every attack: {given.json}")
    return 0
