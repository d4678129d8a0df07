"""`minisora train STAGE --preset NAME …`: Lightning's command line over YAML presets.

    minisora train text --preset nano
    minisora train autoencoder --preset nano
    minisora train latents --preset nano
    minisora train layouts --preset nano
    minisora train denoiser --preset nano --budget.minutes 80
    minisora train refine --preset nano

Every value of a preset can be overridden (`--data.batch_size 96`, `--trainer.max_steps 2000`); a misspelt one is an
error. A second call of a stage goes on from its last checkpoint. `--from NAME` starts from a finished checkpoint.
"""

import argparse
import logging
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from minisora.errors import MinisoraError, SettingError, nearest_name

GO_ON = 4  # exit code of a stage that is not finished: the same command goes on
PRESETS = Path(__file__).parents[1] / "presets"
DENOISING = ("denoiser", "refine")
FOLLOWS = {"refine": ("denoiser", "refine")}  # its file says only what differs from the stage before it
STAGES = ("text", "reword", "autoencoder", "latents", "layouts", *DENOISING, "ship")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one stage.

    Args:
        argv: words after `minisora train`; None takes them from the process.
    Returns:
        Exit code: 0 done, 2 a mistake in what was given, 3 the loss was no number, 4 a sitting is over and the same
        command goes on, 130 interrupted.
    """
    parser = argparse.ArgumentParser(prog="minisora train", description=__doc__, add_help=False,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--preset", default="nano", help="folder of YAML files, by name or path")
    parser.add_argument("--from", dest="start_from", help="checkpoint to start from: name, folder or hub id")
    words = list(sys.argv[2:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help"):
        parser.print_help()
        return 0
    given, rest = parser.parse_known_args(words)
    try:
        return run_stage(given.stage, given.preset, given.start_from, rest)
    except MinisoraError as error:
        print(f"minisora train: {error}", file=sys.stderr)
        return 2
    except FloatingPointError as error:
        print(f"minisora train: {error} The last good checkpoint is kept; try lower rates.", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("minisora train: interrupted; the checkpoint is kept, the same command goes on.", file=sys.stderr)
        return 130


def run_stage(stage: str, preset: str, start_from: str | None, rest: list[str]) -> int:
    """Run one stage with a preset and further arguments in Lightning's form."""
    files = [preset_file(preset, name) for name in FOLLOWS.get(stage, (stage,))]
    arguments = [*(f"--config={file}" for file in files if file.exists()), *rest]
    if stage == "latents":
        return _latents(start_from, arguments)
    if stage == "layouts":
        return _layouts(arguments)
    if stage == "ship":
        return _ship(arguments)
    return fit_stage(stage, start_from, arguments)


def preset_file(preset: str, stage: str) -> Path:
    """The YAML file of a stage in a preset (which may not exist: then the defaults hold).

    Args:
        preset: name of one that comes with the package, or a folder of your own.
        stage: one of `STAGES`.
    Returns:
        A path.
    Raises:
        SettingError: there is no such preset.
    """
    folder = Path(preset) if Path(preset).is_dir() else PRESETS / preset
    if not folder.is_dir():
        names = sorted(path.name for path in PRESETS.iterdir() if path.is_dir())
        raise SettingError(f"preset={preset!r}, but there are {', '.join(names)}. Use {nearest_name(preset, names)!r}.")
    return folder / f"{stage}.yaml"


def _latents(start_from: str | None, arguments: list[str]) -> int:
    from jsonargparse import auto_cli

    from minisora.training.stages import encode_latents

    extra = ["--weights", start_from] if start_from else []
    folder = auto_cli(encode_latents, args=[*arguments, *extra], as_positional=False)
    print(f"{len(folder)} clips are kept in {folder.folder}")
    return 0


def _layouts(arguments: list[str]) -> int:
    from jsonargparse import auto_cli

    from minisora.training.stages import encode_layouts

    folder = auto_cli(encode_layouts, args=arguments, as_positional=False)
    print(f"{len(folder)} layouts are kept in {folder.folder}")
    return 0


def _ship(arguments: list[str]) -> int:
    from jsonargparse import auto_cli

    from minisora.training.shipping import ship

    print(f"shipped to {auto_cli(ship, args=arguments, as_positional=False)}")
    return 0


def fit_stage(stage: str, start_from: str | None, arguments: list[str]) -> int:
    """Build module, data and trainer from YAML, train on from the last checkpoint, save the result."""
    import torch
    from lightning.pytorch.callbacks import EMAWeightAveraging, ModelCheckpoint
    from lightning.pytorch.cli import LightningArgumentParser, LightningCLI

    from minisora.models.storage import save_part
    from minisora.training.budget import Budget
    from minisora.training.callbacks import SampleSheets, Throughput

    torch.set_float32_matmul_precision("high")
    for name in ("lightning.pytorch", "lightning.fabric"):  # its tips and notes drown what a person wants to see
        logging.getLogger(name).setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", module="lightning")
    build, data = parts_of(stage)

    class StageCLI(LightningCLI):
        """Adds the callbacks that every stage has and the folders that it works in."""

        def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
            parser.add_argument("--run", type=Path, default=Path("runs/nano"), help="folder of weights and checkpoints")
            parser.add_argument("--checkpoint_every", type=int, default=200, help="steps between two checkpoints")
            parser.add_argument("--sheet_every", type=int, default=500, help="steps between two sheets of samples")
            parser.add_lightning_class_args(Budget, "budget")
            parser.add_lightning_class_args(EMAWeightAveraging, "ema")
            parser.set_defaults({"ema.decay": 0.999, "trainer.enable_checkpointing": False})  # we bring our own
            parser.set_defaults({"trainer.precision": usual_precision(stage)})

    extra = ["--model.start_from", start_from] if start_from else []
    with _errors_in_one_line():
        cli = StageCLI(
            build, data, run=False, args=[*arguments, *extra], save_config_callback=None,
            parser_kwargs={"exit_on_error": False},
        )  # fmt: skip
    run = Path(cli.config["run"])
    folder = run / stage
    keep = ModelCheckpoint(
        folder, save_last=True, save_top_k=0, every_n_train_steps=cli.config["checkpoint_every"], save_on_exception=True
    )
    callbacks: list[Any] = cli.trainer.callbacks  # type: ignore[attr-defined]
    callbacks.insert(0, keep)
    if stage in DENOISING:
        weights = _whole_checkpoint(cli.config["model"]["weights"], start_from)
        every, world = cli.config["sheet_every"], cli.datamodule.world.name
        callbacks += [Throughput(), SampleSheets(weights, folder / "sheets", every=every, world=world)]
    last = folder / "last.ckpt"
    interrupted = False
    try:
        cli.trainer.fit(cli.model, cli.datamodule, ckpt_path=last if last.exists() else None, weights_only=True)
    except SystemExit:  # how Lightning leaves when it is interrupted
        interrupted = True
    if interrupted or cli.trainer.interrupted:
        budget = next(callback for callback in callbacks if isinstance(callback, Budget))
        if not budget.resting:
            raise KeyboardInterrupt
        print(f"{stage}: {budget.progress(cli.trainer):.0%} is done; the sitting is over, the same command goes on.")
        return GO_ON
    if cli.trainer.is_global_zero:
        if stage in ("text", "reword"):
            save_part(run / "weights", "text_encoder", cli.model.encoder)
            _bring_autoencoder(run / "weights", cli.config["model"]["start_from"])
        elif stage == "autoencoder":
            _save_autoencoder(run / "weights", cli.model, cli.datamodule)
        else:
            _save_denoiser(run / "weights", cli.model, weights, cli.datamodule)
        print(f"{stage}: {cli.trainer.global_step} steps, saved in {run / 'weights'}")
    return 0


def usual_precision(stage: str) -> str:
    """In which type a stage computes where nothing is said.

    Args:
        stage: one that trains.
    Returns:
        "bf16-mixed" for the denoiser where bfloat16 pays; the other stages are short, and their losses fine.
    """
    from minisora.pipeline.devices import bfloat16_pays, choose_device

    return "bf16-mixed" if stage in DENOISING and bfloat16_pays(choose_device("auto")) else "32-true"


def _whole_checkpoint(weights: Path, start_from: str | None) -> Path:
    """Where the autoencoder is: in the stage's own checkpoint folder or name, else in the one it starts from."""
    return Path(start_from) if start_from and not Path(weights).is_dir() else Path(weights)


def parts_of(stage: str) -> tuple[Callable[..., Any], type]:
    """What builds the module of a stage that trains, and the class of its data.

    Args:
        stage: one that trains.
    """
    from minisora.data.datamodule import VideoDataModule
    from minisora.training import stages
    from minisora.training.data import CaptionData, LatentData

    table: dict[str, tuple[Callable[..., Any], type]] = {
        "text": (stages.text_module, CaptionData),
        "reword": (stages.rewording_module, CaptionData),
        "autoencoder": (stages.autoencoder_module, VideoDataModule),
        **dict.fromkeys(DENOISING, (stages.denoiser_module, LatentData)),
    }
    return table[stage]


class _errors_in_one_line:
    """Turns jsonargparse's errors into ours: its first line says which key or value is wrong."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        from jsonargparse import ArgumentError

        if isinstance(error, ArgumentError):
            raise SettingError(str(error).strip().splitlines()[0]) from error


def _bring_autoencoder(folder: Path, start_from: str | None) -> None:
    """Lay the autoencoder that a text encoder was started from beside it, so that a denoiser can follow."""
    from minisora.models.storage import find_folder, load_config, load_part, save_part

    if not start_from or "autoencoder" in load_config(folder):
        return
    if "autoencoder" in load_config(find_folder(start_from)):
        save_part(folder, "autoencoder", load_part(start_from, "autoencoder"))


def _save_autoencoder(folder: Path, module: Any, data: Any) -> None:
    from itertools import islice

    from minisora.models.storage import save_part
    from minisora.training.autoencoder_module import measure_latents

    measure_latents(module.model, (batch["video"] for batch in islice(data.train_dataloader(), 24)))
    save_part(folder, "autoencoder", module.model)


def _save_denoiser(folder: Path, module: Any, weights: Path, data: Any) -> None:
    """Save a checkpoint that is whole: the other two parts come along from where they were taken.

    One that learned to draw layouts does so where nothing else is said.
    """
    from minisora.models.storage import load_part, save_part
    from minisora.training.shipping import LAYOUT_GUIDANCE, LAYOUT_STEPS

    for part in ("text_encoder", "autoencoder"):
        save_part(folder, part, load_part(weights, part))
    about: dict[str, Any] = {"world": data.world.name}
    if data.layouts and module.denoiser.config.layout_channels:
        about["sampling"] = {"layout_steps": LAYOUT_STEPS, "layout_guidance": LAYOUT_GUIDANCE}
    save_part(folder, "denoiser", module.denoiser, about)
