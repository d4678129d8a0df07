"""`minisora check`: what is there, and what to do where something is missing."""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from typing import NamedTuple


class Finding(NamedTuple):
    """One line of the report; `advice` is "" where nothing is to be done, `needed` whether it must be there."""

    name: str
    found: str
    advice: str = ""
    needed: bool = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes: nothing.

    Args:
        parser: of this command.
    """


def run(given: argparse.Namespace) -> int:
    """Look at everything and print a line each.

    Args:
        given: the arguments.
    Returns:
        0 if all that is needed is there, else 1.
    """
    failed = 0
    for finding in _findings():
        state = "OK  " if not finding.advice else "FAIL" if finding.needed else "note"
        failed += state == "FAIL"
        print(f"{state}  {finding.name:<16} {finding.found}" + (f"  →  {finding.advice}" if finding.advice else ""))
    print("Everything is there." if not failed else f"{failed} to mend, see the arrows above.")
    return 1 if failed else 0


def _findings() -> Iterator[Finding]:
    yield _python()
    yield from _packages()
    for look in (_torch, _precision, _memory, _ffmpeg, _weights):
        yield _guarded(look)


def _guarded(look: Callable[[], Finding]) -> Finding:
    """A look that cannot end the report."""
    try:
        return look()
    except Exception as error:  # whatever is broken on this machine, the other lines are still wanted
        name = look.__name__.removeprefix("_")
        return Finding(name, f"{type(error).__name__}: {error}", "pip install -c constraints.txt -e .")


def _python() -> Finding:
    advice = "" if sys.version_info >= (3, 11) else "install Python 3.11 or later"
    return Finding("python", f"{platform.python_version()} on {platform.system()} {platform.machine()}", advice)


def _packages() -> Iterator[Finding]:
    """Each requirement against its range; extras are left out."""
    from packaging.requirements import Requirement

    try:
        lines = requires("minisora") or []
    except PackageNotFoundError:
        yield Finding("minisora", "not installed", "pip install -c constraints.txt -e .")
        return
    for requirement in map(Requirement, lines):
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            yield Finding(requirement.name, "missing", f'pip install "{requirement.name}{requirement.specifier}"')
            continue
        fits = requirement.specifier.contains(found, prereleases=True)
        advice = "" if fits else f'pip install "{requirement.name}{requirement.specifier}"'
        yield Finding(requirement.name, found, advice)


def _torch() -> Finding:
    import torch

    from minisora.pipeline.devices import choose_device

    device = choose_device("auto")
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else f"{torch.get_num_threads()} threads"
    return Finding("device", f"{device.type}, {name}")


def _precision() -> Finding:
    """Whether bfloat16 is computed by the hardware; without it everything works, in float32."""
    import torch

    from minisora.pipeline.devices import choose_device, choose_dtype

    device = choose_device("auto")
    kind = (
        "AMX tiles" if torch.cpu._is_amx_tile_supported() else "AVX512" if torch.cpu._is_avx512_bf16_supported() else ""
    )
    hardware = "yes" if device.type == "cuda" else kind or "no"
    chosen = str(choose_dtype("auto", device)).removeprefix("torch.")
    return Finding("bfloat16", f"{hardware}; generating in {chosen}")


def _memory() -> Finding:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return Finding("memory", "not told by this system")
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    advice = "" if total >= 2 else "close other programs: generating needs about 1.5 GB"
    return Finding("memory", f"{total:.1f} GB", advice, needed=False)


def _ffmpeg() -> Finding:
    """Write a tiny clip and read it back."""
    import tempfile
    from pathlib import Path

    import numpy as np

    from minisora.data.video_io import read_video, write_video

    with tempfile.TemporaryDirectory() as folder:
        path = write_video(Path(folder) / "check.mp4", np.full((5, 16, 16, 3), 128, np.uint8))
        frames, _ = read_video(path)
    advice = "" if len(frames) == 5 else 'pip install "imageio-ffmpeg>=0.6,<0.8"'
    return Finding("ffmpeg", "writes and reads mp4", advice)


def _weights() -> Finding:
    from minisora.models.storage import SHIPPED, load_config, shipped_names

    names = shipped_names()
    if not names:
        return Finding("weights", f"none in {SHIPPED}", "train them: make train")
    worlds = {load_config(SHIPPED / name).get("world", "?") for name in names}
    return Finding("weights", f"{', '.join(names)} (world: {', '.join(sorted(worlds))})")
