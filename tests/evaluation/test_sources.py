"""Where clips come from, and what cannot be a source."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from minisora.errors import SettingError
from minisora.evaluation import ROWS, ClipSize, draw_example, generate_with, reconstructed, rendered
from minisora.evaluation.sources import load_denoiser
from minisora.world import SHAPES

SIZE = ClipSize(5, 32, 48, 4.0)
EXAMPLES = [draw_example(SHAPES, ROWS[2], index, 0, SIZE) for index in range(2)]


def test_renders_are_the_scenes() -> None:
    clips = rendered(SHAPES, SIZE)(EXAMPLES)
    assert clips.shape == (2, 5, 32, 48, 3)
    assert torch.equal(clips[1], SHAPES.render(EXAMPLES[1].scene, 5, 32, 48, 4.0))


def test_a_perfect_autoencoder_changes_nothing_and_one_that_overshoots_is_cut() -> None:
    class Same:
        gain = 1.0

        def encode(self, video: Tensor) -> Tensor:
            assert -1 <= video.min() <= video.max() <= 1
            return video

        def decode(self, latents: Tensor) -> Tensor:
            return latents * self.gain

    truth = rendered(SHAPES, SIZE)(EXAMPLES)
    same = Same()
    assert torch.equal(reconstructed(SHAPES, SIZE, same)(EXAMPLES), truth)
    same.gain = 1000.0
    assert set(reconstructed(SHAPES, SIZE, same)(EXAMPLES).unique().tolist()) == {0, 255}


def test_a_pipeline_is_called_with_one_seed_a_clip_and_the_settings() -> None:
    class Pipe:
        calls: list[tuple[Any, ...]] = []  # noqa: RUF012 - a fake

        def __call__(self, texts: Sequence[str], seed: Sequence[int], **settings: Any) -> "Pipe":
            self.calls.append((texts, seed, settings))
            return self

        frames = torch.zeros(2)

    pipe = Pipe()
    assert generate_with(pipe, num_inference_steps=3)(("a", "b"), (5, 6)) is pipe.frames  # type: ignore[arg-type]
    assert pipe.calls == [(["a", "b"], [5, 6], {"num_inference_steps": 3})]


def test_a_denoiser_is_found_by_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        "import torch",
        "class Mine(torch.nn.Module): pass",
        "ready = Mine()",
        "def plain(noisy, time, text, fps=None): return noisy",
        "number = 3",
    ]
    (tmp_path / "my_denoisers.py").write_text("\n".join(lines))
    monkeypatch.syspath_prepend(tmp_path)
    assert isinstance(load_denoiser("my_denoisers:Mine"), nn.Module)
    assert load_denoiser("my_denoisers:ready") is sys.modules["my_denoisers"].ready
    assert load_denoiser("my_denoisers:plain")(1, 2, 3) == 1
    with pytest.raises(SettingError, match="int, but it must be callable"):
        load_denoiser("my_denoisers:number")


@pytest.mark.parametrize("name", ["nothing", "no_such_module:Mine", "json:Mine", ":", "json:"])
def test_a_denoiser_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(SettingError, match="--denoiser"):
        load_denoiser(name)
