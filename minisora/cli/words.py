"""`minisora words`: all that the world can show, and how to say it."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    parser.add_argument("--examples", type=int, default=3, metavar="N", help="full example sentences at the end (3)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the examples")


def run(given: argparse.Namespace) -> int:
    """Print the vocabulary.

    Args:
        given: the arguments.
    Returns:
        0.
    """
    import numpy as np

    from minisora.world import SHAPES
    from minisora.world.parser import vocabulary

    for axis, entries in vocabulary(SHAPES).items():
        print(f"{axis}")
        for entry in entries:
            others = [word for word in (*entry.usual, *entry.free, *entry.heard) if word != entry.name]
            print(f"  {entry.name:<24} {', '.join(dict.fromkeys(others))}")
        print(f"  for example: {entries[-1].example}\n")
    rng = np.random.default_rng(given.seed)
    if given.examples > 0:
        print("sentences")
    for _ in range(given.examples):
        print(f"  {SHAPES.describe(SHAPES.sample(rng), rng)}")
    return 0
