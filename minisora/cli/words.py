"""`minisora words`: all that the world can show, and how to say it."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    parser.add_argument("--examples", type=int, default=3, metavar="N", help="full example sentences at the end (3)")
    parser.add_argument("--world", default="shapes", metavar="NAME", help="shapes, classroom or stage (shapes)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the examples")


def run(given: argparse.Namespace) -> int:
    """Print the vocabulary.

    Args:
        given: the arguments.
    Returns:
        0.
    Raises:
        SettingError: there is no such world.
    """
    import numpy as np

    from minisora.world import find_world
    from minisora.world.parser import vocabulary

    world = find_world(given.world)
    for axis, entries in vocabulary(world).items():
        if not entries:
            continue
        print(f"{axis}")
        for entry in entries:
            others = [word for word in (*entry.usual, *entry.free, *entry.heard) if word != entry.name]
            print(f"  {entry.name:<24} {', '.join(dict.fromkeys(others))}")
        print(f"  for example: {entries[-1].example}\n")
    rng = np.random.default_rng(given.seed)
    if given.examples > 0:
        print("sentences")
    for _ in range(given.examples):
        print(f"  {world.describe(world.sample(rng), rng)}")
    return 0
