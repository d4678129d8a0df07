"""`minisora train`: stages run, resume after a kill along the same curve, and say what is wrong in one line."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from minisora.errors import SettingError
from minisora.models.autoencoder import VideoAutoencoder
from minisora.models.storage import load_config, load_part
from minisora.models.text_encoder import TextEncoder
from minisora.models.transformer import VideoTransformer
from minisora.training.cli import GO_ON, PRESETS, STAGES, main, preset_file
from minisora.training.latents import ClipPlan, LatentFolder, LayoutFolder
from minisora.training.stages import encode_latents, encode_layouts

NETWORK = "{latent_channels: 4, width: 32, depth: 2, heads: 2, text_width: 16, layout_channels: 32, text_states: 8}"
PROGRAM = [sys.executable, "-m", "minisora.cli", "train"]


def arguments(
    run: Path, weights: Path, latents: LatentFolder, steps: int = 20, layouts: LayoutFolder | None = None
) -> list[str]:
    """Words of a tiny training of the denoiser that logs every step."""
    logger = f"{{class_path: lightning.pytorch.loggers.CSVLogger, init_args: {{save_dir: {run}, name: log}}}}"
    return [
        "denoiser", "--preset", "nano", "--run", str(run), "--model.weights", str(weights),
        "--model.network", NETWORK, "--data.folders", f"[{latents.folder}]", "--data.batch_size", "4",
        "--data.layouts", "[]" if layouts is None else f"[{layouts.folder}]", "--data.num_scenes", "4",
        "--trainer.max_steps", str(steps), "--trainer.log_every_n_steps", "1", "--trainer.logger", logger,
        "--trainer.enable_progress_bar", "false", "--trainer.enable_model_summary", "false",
        "--trainer.precision", "32-true", "--checkpoint_every", "4",
    ]  # fmt: skip


def losses(run: Path) -> dict[int, float]:
    """Loss by step, of all logs of a run; a later log wins."""
    found = {}
    for path in sorted(run.glob("log/version_*/metrics.csv")):
        with path.open() as file:
            for row in csv.DictReader(file):
                if row.get("train/loss"):
                    found[int(row["step"])] = float(row["train/loss"])
    return found


def test_a_stage_runs_and_saves_what_the_pipeline_loads(
    tmp_path: Path, tiny_weights: Path, tiny_latents: LatentFolder, tiny_layouts: LayoutFolder
) -> None:
    assert main(arguments(tmp_path, tiny_weights, tiny_latents, 3, tiny_layouts)) == 0
    assert isinstance(load_part(tmp_path / "weights", "denoiser"), VideoTransformer)
    assert len(losses(tmp_path)) == 3


QUIET = [
    "--trainer.logger",
    "false",
    "--trainer.enable_progress_bar",
    "false",
    "--trainer.enable_model_summary",
    "false",
]


def test_text_and_autoencoder_stages_save_their_parts(tmp_path: Path) -> None:
    words = ["--preset", "nano", "--run", str(tmp_path), "--trainer.max_steps", "2", *QUIET]
    assert main(["text", *words, "--data.batch_size", "8", "--data.pool", "32"]) == 0
    few = [
        "--data.batch_size",
        "1",
        "--data.num_workers",
        "0",
        "--data.buckets",
        "[{num_frames: 9, height: 32, width: 32}]",
    ]
    assert main(["autoencoder", *words, *few]) == 0
    autoencoder = load_part(tmp_path / "weights", "autoencoder")
    assert isinstance(autoencoder, VideoAutoencoder)
    assert not torch.equal(autoencoder.latent_std, torch.ones(8))
    assert isinstance(load_part(tmp_path / "weights", "text_encoder"), TextEncoder)


@pytest.mark.slow
def test_killed_training_goes_on_along_the_same_curve(
    tmp_path: Path, tiny_weights: Path, tiny_latents: LatentFolder, tiny_layouts: LayoutFolder
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert main(arguments(whole, tiny_weights, tiny_latents, layouts=tiny_layouts)) == 0
    words = arguments(broken, tiny_weights, tiny_latents, layouts=tiny_layouts)
    process = subprocess.Popen([*PROGRAM, *words, "--data.batch_size", "4"], stderr=subprocess.DEVNULL)
    last, deadline = broken / "denoiser" / "last.ckpt", time.monotonic() + 240
    while not last.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert last.exists()
    step = torch.load(last, weights_only=True)["global_step"]
    assert main(words) == 0
    expected, found = losses(whole), losses(broken)
    assert set(range(step, 20)) <= set(found)
    for k in range(step, 20):
        assert found[k] == pytest.approx(expected[k], abs=1e-4)


@pytest.mark.slow
@pytest.mark.distributed
def test_two_processes_train_one_network(tmp_path: Path, tiny_weights: Path, tiny_latents: LatentFolder) -> None:
    words = arguments(tmp_path, tiny_weights, tiny_latents, steps=3)
    words += ["--trainer.accelerator", "cpu", "--trainer.devices", "2", "--trainer.strategy", "ddp"]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    result = subprocess.run([*PROGRAM, *words], env=env, capture_output=True, text=True, timeout=400, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    assert isinstance(load_part(tmp_path / "weights", "denoiser"), VideoTransformer)


def test_a_loss_that_is_no_number_keeps_the_last_checkpoint(
    tmp_path: Path, tiny_weights: Path, tiny_latents: LatentFolder, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from minisora.training.latents import LatentBatches

    honest = LatentBatches.batch

    def poisoned(self: LatentBatches, step: int):  # type: ignore[no-untyped-def]
        batch = honest(self, step)
        if step == 6:
            batch.latents.fill_(torch.nan)
        return batch

    monkeypatch.setattr(LatentBatches, "batch", poisoned)
    assert main(arguments(tmp_path, tiny_weights, tiny_latents, steps=10)) == 3
    assert "step 6" in capsys.readouterr().err
    kept = torch.load(tmp_path / "denoiser" / "last.ckpt", weights_only=True)
    assert all(torch.isfinite(value).all() for value in kept["state_dict"].values() if value.is_floating_point())


def test_misspelt_settings_and_presets_are_refused(
    tmp_path: Path, tiny_weights: Path, tiny_latents: LatentFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    words = arguments(tmp_path, tiny_weights, tiny_latents)
    assert main([*words, "--model.muon_rl", "0.1"]) == 2
    assert "muon_rl" in capsys.readouterr().err
    with pytest.raises(SettingError, match="nano"):
        preset_file("nono", "denoiser")
    assert main(["denoiser", "--preset", "nono"]) == 2


@pytest.mark.parametrize("path", sorted(PRESETS.glob("*/*.yaml")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_preset_is_understood(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A setting that was renamed or misspelt in a preset would otherwise be found out by who trains next."""
    with pytest.raises(SystemExit) as leaving:
        main([path.stem, "--preset", path.parent.name, "--print_config"])
    assert not leaving.value.code
    assert capsys.readouterr().out


def test_a_training_in_sittings_ends_where_one_in_a_piece_would(
    tmp_path: Path, tiny_weights: Path, tiny_latents: LatentFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    words = arguments(tmp_path, tiny_weights, tiny_latents, steps=12)
    assert main([*words, "--budget.sitting", "1e-9"]) == GO_ON
    assert "the same command goes on" in capsys.readouterr().out
    assert not (tmp_path / "weights" / "denoiser.safetensors").exists()
    kept = torch.load(tmp_path / "denoiser" / "last.ckpt", weights_only=True)
    assert 0 < kept["global_step"] < 12
    assert main(words) == 0
    assert isinstance(load_part(tmp_path / "weights", "denoiser"), VideoTransformer)


def test_make_train_runs_every_stage_in_order() -> None:
    makefile = (Path(__file__).parents[2] / "Makefile").read_text()
    line = next(line for line in makefile.splitlines() if line.startswith("STAGES"))
    assert tuple(line.split(":=")[1].split()) == STAGES


def test_missing_latents_say_what_to_do(
    tmp_path: Path, tiny_weights: Path, tiny_latents: LatentFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    words = arguments(tmp_path, tiny_weights, tiny_latents)
    words[words.index("--data.folders") + 1] = f"[{tmp_path / 'nothing'}]"
    assert main(words) == 2
    assert "train latents" in capsys.readouterr().err


def test_a_checkpoint_names_the_world_that_it_was_trained_on(tmp_path: Path, tiny_weights: Path) -> None:
    plan = ClipPlan(num_clips=6, num_frames=5, height=32, width=32, kinds={"one": 1.0})
    latents = encode_latents(tiny_weights, tmp_path / "latents", plan, num_workers=0, world="classroom")
    layouts = encode_layouts(tmp_path / "layouts", plan, num_workers=0, world="classroom")
    network = NETWORK.replace("layout_channels: 32", "layout_channels: 30")
    words = arguments(tmp_path, tiny_weights, latents, 2, layouts)
    words[words.index(NETWORK)] = network
    assert main([*words, "--data.world", "classroom", "--sheet_every", "2"]) == 0
    assert len(list(tmp_path.glob("denoiser/sheets/*.png"))) == 1  # drawn with that world's rows of a layout
    config = load_config(tmp_path / "weights")
    assert config["world"] == "classroom"
    assert config["sampling"]["layout_steps"] > 0  # it learned layouts, so it draws them


def test_rewording_teaches_the_encoder_that_is_there(tmp_path: Path, tiny_weights: Path) -> None:
    words = ["--preset", "nano", "--run", str(tmp_path), "--model.weights", str(tiny_weights), *QUIET]
    few = ["--trainer.max_steps", "2", "--data.batch_size", "4", "--data.pool", "16"]
    assert main(["reword", *words, *few]) == 0
    before = load_part(tiny_weights, "text_encoder").state_dict()
    after = load_part(tmp_path / "weights", "text_encoder").state_dict()
    assert after.keys() == before.keys()
    assert any(not torch.equal(after[name], before[name]) for name in before)


def test_refining_goes_on_from_the_denoiser_that_is_there(
    tmp_path: Path, tiny_weights: Path, tiny_latents: LatentFolder
) -> None:
    words = arguments(tmp_path, tiny_weights, tiny_latents, 2)
    assert main(words) == 0
    before = load_part(tmp_path / "weights", "denoiser").state_dict()
    words[0], words[words.index("--model.weights") + 1] = "refine", str(tmp_path / "weights")
    del words[words.index("--model.network") : words.index(NETWORK) + 1]
    assert main([*words, "--model.start_from", str(tmp_path / "weights"), "--model.adamw_lr", "1e-6"]) == 0
    after = load_part(tmp_path / "weights", "denoiser").state_dict()
    assert after.keys() >= before.keys()  # it grows to its size's last touch
    torch.testing.assert_close(after["to_patches.bias"], before["to_patches.bias"], atol=1e-4, rtol=0)
    assert (tmp_path / "refine" / "last.ckpt").exists()  # beside the first stage's, each resumes alone


def test_refining_takes_from_the_denoisers_file_what_its_own_does_not_say(
    tmp_path: Path, tiny_weights: Path, tiny_latents: LatentFolder
) -> None:
    preset = tmp_path / "preset"
    preset.mkdir()
    (preset / "denoiser.yaml").write_text("trainer: {max_steps: 3}\nmodel: {muon_lr: 0.5}\n")
    (preset / "refine.yaml").write_text("model: {muon_lr: 0.25}\n")
    words = arguments(tmp_path, tiny_weights, tiny_latents)
    steps = words.index("--trainer.max_steps")
    words = ["refine", "--preset", str(preset), *words[3:steps], *words[steps + 2 :]]
    assert main(words) == 0
    kept = torch.load(tmp_path / "refine" / "last.ckpt", weights_only=True)
    assert kept["global_step"] == 3
    assert kept["optimizer_states"][0]["param_groups"][0]["initial_lr"] == 0.25


def test_scenes_of_another_world_are_refused(
    tmp_path: Path, tiny_weights: Path, tiny_latents: LatentFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    words = arguments(tmp_path, tiny_weights, tiny_latents, 2)
    assert main([*words, "--data.world", "classroom"]) == 2
    assert "Use world='shapes'" in capsys.readouterr().err
    assert main([*words, "--data.world", "shaps"]) == 2
