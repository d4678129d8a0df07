"""Every preset can be read by its stage, and what one stage reads is what another has made."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonargparse import ArgumentParser

from minisora.training import stages
from minisora.training.cli import FOLLOWS, PRESETS, parts_of
from minisora.training.data import LatentData
from minisora.training.shipping import ship

FILES = sorted(PRESETS.glob("*/*.yaml"))
CALLED = {"latents": stages.encode_latents, "layouts": stages.encode_layouts, "ship": ship}
TOGETHER = [file.parent for file in FILES if file.stem == "denoiser"]


def read(file: Path) -> dict[str, Any]:
    settings: dict[str, Any] = yaml.safe_load(file.read_text())
    return settings


def usual(call: Callable[..., Any], name: str) -> Any:
    return inspect.signature(call).parameters[name].default


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_preset_is_read_by_its_stage(file: Path) -> None:
    parser = ArgumentParser(exit_on_error=False)
    if file.stem in CALLED:
        parser.add_function_arguments(CALLED[file.stem])
        parser.parse_path(file)
        return
    build, data = parts_of(file.stem)
    parser.add_function_arguments(build, "model")
    parser.add_class_arguments(data, "data")
    parts = {key: value for key, value in read(file).items() if key in ("model", "data")}
    assert parts["model"].keys() <= inspect.signature(build).parameters.keys()
    parser.parse_object(parts)


@pytest.mark.parametrize("folder", TOGETHER, ids=lambda folder: folder.name)
def test_a_denoiser_reads_what_its_preset_makes(folder: Path) -> None:
    wanted = read(folder / "denoiser.yaml")["data"]
    for stage, key in (("latents", "folders"), ("layouts", "layouts")):
        plan = read(folder / f"{stage}.yaml")
        first = plan.get("folder", str(usual(CALLED[stage], "folder")))
        made = {first, *(f"{first}-{name}" for name in plan.get("more", {}))}
        assert set(map(str, wanted.get(key, usual(LatentData, key)))) == made


def test_a_stage_that_follows_another_says_only_what_differs() -> None:
    for stage, files in FOLLOWS.items():
        for file in FILES:
            if file.stem == stage:
                before = read(file.with_name(f"{files[0]}.yaml"))
                assert read(file) != before
                assert read(file)["model"]["start_from"] is not None
