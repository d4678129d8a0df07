"""`minisora evaluate` from its options to its files, with a model that knows the truth and with a tiny real one."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from minisora.evaluation.cli import main
from minisora.pipeline import Settings, TextToVideoPipeline
from minisora.world import SHAPES


class FakePipeline:
    """Draws the truth instead of denoising."""

    world, device, dtype = SHAPES, torch.device("cpu"), torch.float32
    parts = SimpleNamespace(config={"sha256": {"denoiser.safetensors": "0"}})
    autoencoder = SimpleNamespace(encode=lambda video: video, decode=lambda latents: latents)

    def __init__(self, oracle: Callable[..., Tensor]) -> None:
        self.oracle, self.calls, self.recommended = oracle, list[dict[str, Any]](), dict[str, Any]()

    def recommend(self, **given: Any) -> None:
        """What calls use from now on."""
        self.recommended |= {name: value for name, value in given.items() if value is not None}

    def settings(self, **given: Any) -> Settings:
        """The defaults, and what was given."""
        return Settings(**self.recommended | {name: value for name, value in given.items() if value is not None})

    def __call__(self, texts: Sequence[str], seed: Sequence[int], **given: Any) -> Any:
        """Clips."""
        self.calls.append(given)
        return SimpleNamespace(frames=self.oracle(texts, seed))


@pytest.fixture
def pipe(oracle: Callable[..., Callable[..., Tensor]], monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    """Takes the place of every checkpoint."""
    fake = FakePipeline(oracle())
    monkeypatch.setattr(TextToVideoPipeline, "from_pretrained", lambda *_, **__: fake)
    return fake


def options(tmp_path: Path, *more: str) -> list[str]:
    """Two quick rows, written to a folder that is not there yet."""
    return ["--rows", "ceilings", "one", "--num", "3", "--output", str(tmp_path / "new" / "out.json"), *more]


def test_table_and_json(tmp_path: Path, pipe: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(options(tmp_path)) == 0
    out = capsys.readouterr().out
    assert "one actor" in out
    assert "reconstructions: PSNR" in out
    data = json.loads((tmp_path / "new" / "out.json").read_text())
    assert {row: sorted(set(found) - {"title", "floor", "goal"}) for row, found in data["rows"].items()} == {
        "ceilings": ["reconstructed", "rendered"],
        "one": ["generated", "reconstructed", "rendered"],
    }
    assert data["rows"]["one"]["generated"]["right"] == 3
    assert data["measures"]["psnr"] == {"mean": 100, "clips": 3}
    assert data["settings"]["clips_a_row"] == 3
    assert data["cost"] is None


def test_options_reach_the_pipeline(tmp_path: Path, pipe: FakePipeline) -> None:
    more = [
        "--rows",
        "one",
        "--sources",
        "generated",
        "--steps",
        "4",
        "--guidance",
        "2",
        "--expand-prompt",
        "--batch",
        "2",
        "--candidates",
        "3",
    ]
    assert main(options(tmp_path, *more)) == 0
    assert pipe.calls == [{"num_inference_steps": 4, "guidance_scale": 2.0, "expand_prompt": True}] * 2
    settings = json.loads((tmp_path / "new" / "out.json").read_text())["settings"]
    assert (settings["steps"], settings["guidance"], settings["expand_prompt"]) == (4, 2.0, True)
    assert pipe.recommended == {"layout_candidates": 3}
    assert settings["candidates"] == 3


def test_a_run_that_was_stopped_goes_on(tmp_path: Path, pipe: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    truth = pipe.oracle

    def stopped(texts: Sequence[str], seeds: Sequence[int]) -> Tensor:
        if len(pipe.calls) > 1:
            raise KeyboardInterrupt
        return truth(texts, seeds)

    pipe.oracle = stopped
    assert main(options(tmp_path, "--batch", "1")) == 130
    assert "--resume" in capsys.readouterr().err
    assert main(options(tmp_path)) == 2
    assert "--resume" in capsys.readouterr().err
    pipe.oracle = truth
    pipe.calls.clear()
    assert main(options(tmp_path, "--batch", "1", "--resume")) == 0
    assert len(pipe.calls) == 2  # one of three was there
    assert main(options(tmp_path, "--resume", "--steps", "3")) == 2
    assert "steps=24" in capsys.readouterr().err
    assert main(options(tmp_path, "--overwrite", "--steps", "3")) == 0


def test_markdown(tmp_path: Path, pipe: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(options(tmp_path, "--rows", "one", "--markdown")) == 0
    assert "| one actor | 100 % | 100 % | 100 % (44-100) | 90 % | 98 % | 3 |" in capsys.readouterr().out


def test_only_renders_need_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TextToVideoPipeline, "from_pretrained", None)
    assert main(options(tmp_path, "--rows", "two", "--sources", "rendered")) == 0
    data = json.loads((tmp_path / "new" / "out.json").read_text())
    assert data["settings"]["model"] is None
    assert set(data["rows"]["two"]) == {"title", "floor", "goal", "rendered"}


def test_the_ceilings_of_another_world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage = ["--world", "stage", "--sources", "rendered", "--height", "96", "--width", "96", "--num", "1"]
    assert main(options(tmp_path, *stage, "--rows", "tracking")) == 0
    assert "a tracking shot" in capsys.readouterr().out
    assert main(options(tmp_path, *stage, "--rows", "wall")) == 2  # the stage has props instead
    assert "prop" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (["--rows", "too"], "'two'"),
        (["--rows", ","], "no row"),
        (["--sources", "drawn"], "rendered, reconstructed, generated"),
        (["--num", "0"], "--num 0"),
        (["--batch", "-1"], "--batch -1"),
        (["--seed", "-1"], "seed=-1"),
        (["--model", "no/such/folder"], "No checkpoint"),
        (["--denoiser", "nothing"], "my_module:MyDenoiser"),
    ],
)
def test_what_cannot_be_used_is_said(
    wrong: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = [] if wrong[0] in ("--model", "--denoiser", "--sources") else ["--sources", "rendered"]
    assert main(options(tmp_path, *sources, *wrong)) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not (tmp_path / "new" / "out.json").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "new").write_text("")
    assert main(options(tmp_path, "--sources", "rendered")) == 2
    assert "cannot be written" in capsys.readouterr().err


# --- a real one -------------------------------------------------------------------------------------------------------


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A checkpoint of untrained networks."""
    from minisora.models.autoencoder import AutoencoderConfig, VideoAutoencoder
    from minisora.models.storage import Parts, save_parts
    from minisora.models.text_encoder import TextEncoder, TextEncoderConfig, train_tokenizer
    from minisora.models.transformer import TransformerConfig, VideoTransformer

    tokenizer = train_tokenizer(["a small red circle moving right on a black background"], 300)
    text = TextEncoderConfig(
        vocab_size=tokenizer.get_vocab_size(), width=32, depth=1, slot_depth=1, heads=2, num_slots=4
    )
    autoencoder = VideoAutoencoder(AutoencoderConfig(4, (8, 16), (0, 0), (1, 1)))
    denoiser = VideoTransformer(TransformerConfig(4, patch=4, width=32, depth=1, heads=2, text_width=32))
    parts = Parts(autoencoder, TextEncoder(text, tokenizer), denoiser)
    return save_parts(tmp_path / "tiny", parts, "tiny", sampling={"num_inference_steps": 2})


def test_the_suite_of_verbs(tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = ["--suite", "sora", "--rows", "vary,image", "--num", "1", "--steps", "1", "--model", str(tiny_checkpoint)]
    output = tmp_path / "sora.json"
    assert main([*suite, "--output", str(output)]) == 0
    said = capsys.readouterr().out
    assert "one word changed, the same seed" in said
    assert "steps 1" in said
    data = json.loads(output.read_text())
    assert data["rows"]["vary"]["rendered"]["right"] == 1
    assert data["rows"]["image"]["floor"] == 0.9
    assert main([*suite, "--resume", "--output", str(output)]) == 0
    for wrong, words in (
        (["--height", "96"], "--height is not for"),
        (["--rows", "vory"], "'vary'"),
        (["--num", "0"], "1"),
    ):
        assert main([*suite, *wrong, "--output", str(tmp_path / "other.json")]) == 2
        assert words in capsys.readouterr().err


@pytest.mark.slow
def test_a_real_checkpoint_and_a_denoiser_of_ones_own(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own_denoiser.py").write_text("def nothing(noisy, time, text, fps=None):\n    return 0 * noisy\n")
    monkeypatch.chdir(tmp_path)
    given = ["--model", str(tiny), "--rows", "ceilings,one,cost", "--num", "2", "--output", "own.json"]
    assert main([*given, "--denoiser", "own_denoiser:nothing"]) == 0, capsys.readouterr().err
    data = json.loads((tmp_path / "own.json").read_text())
    assert data["settings"]["denoiser"] == "own_denoiser:nothing"
    assert data["settings"]["steps"] == 2
    assert data["rows"]["one"]["rendered"]["right"] == 2
    assert data["rows"]["one"]["generated"]["right"] == 0
    assert data["measures"]["psnr"]["mean"] < 30
    assert data["cost"]["seconds"] > 0
    assert 0 < data["cost"]["weights_mb"] < 2
    assert main([*given, "--rows", "ceilings", "--output", "ceilings.json"]) == 0
