"""Megabytes, memory, and the process that measures them."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from minisora.errors import MinisoraError
from minisora.evaluation.cost import measure_cost, peak_memory, weights_size


def test_weights_are_the_tensors_and_the_tokenizer(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(b"0" * 1_500_000)
    (tmp_path / "b.safetensors").write_bytes(b"0" * 500_000)
    (tmp_path / "tokenizer.json").write_bytes(b"0" * 250_000)
    (tmp_path / "README.md").write_bytes(b"0" * 250_000)
    assert weights_size(tmp_path) == pytest.approx(2.25)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say")
def test_peak_memory_counts_what_was_held_and_given_back() -> None:
    before = peak_memory()
    assert before
    block = np.ones(60_000_000, dtype=np.uint8)
    held = int(block.sum())
    del block
    after = peak_memory()
    assert after is not None
    assert held == 60_000_000
    assert after > 50
    assert after >= before


def test_a_model_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(MinisoraError, match=r"could not be measured.*No checkpoint"):
        measure_cost(str(tmp_path / "none"), runs=1)


def test_arguments_reach_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []

    class Done:
        returncode, stderr = 0, ""
        stdout = "a warning\n" + json.dumps(
            {"seconds": 1, "weights_mb": 2, "peak_mb": 3, "device": "cpu", "threads": 2, "runs": 1}
        )

    monkeypatch.setattr("subprocess.run", lambda command, **_: seen.append(command) or Done())
    cost = measure_cost("nano", "mine:Denoiser", {"num_inference_steps": 4}, runs=1)
    assert (cost.seconds, cost.peak_mb) == (1, 3)
    assert seen[0][1:5] == ["-m", "minisora.evaluation.cost", "--model", "nano"]
    assert json.loads(seen[0][seen[0].index("--call") + 1]) == {"num_inference_steps": 4}
    assert seen[0][-2:] == ["--denoiser", "mine:Denoiser"]
