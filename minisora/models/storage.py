"""A checkpoint is a folder; only safetensors and JSON are read, and every file is checked by its hash.

    config.json                 configurations of the parts, world, sampling defaults, SHA-256 of each file below
    autoencoder.safetensors     text_encoder.safetensors     denoiser.safetensors     tokenizer.json

Weights may lie there in half precision to save space; they are float32 once loaded. A pickle (`.ckpt`, `.pt`, `.bin`)
can run code when it is opened, so none is ever read. A file is written beside its place and then renamed, so that a
killed process leaves the old checkpoint or the new one, never half of one.
"""

import dataclasses
import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from minisora.errors import MinisoraError, OutputError, WeightsError, nearest_name
from minisora.models.autoencoder import AutoencoderConfig, VideoAutoencoder
from minisora.models.text_encoder import TextEncoder, TextEncoderConfig
from minisora.models.transformer import TransformerConfig, VideoTransformer

__all__ = [
    "PARTS",
    "SHIPPED",
    "Parts",
    "checkpoint_hash",
    "find_folder",
    "load_config",
    "load_part",
    "load_parts",
    "save_part",
    "save_parts",
    "shipped_names",
]

FORMAT = 1
SHIPPED = Path(__file__).parents[1] / "weights"
PARTS = ("autoencoder", "text_encoder", "denoiser")
CONFIG, TOKENIZER = "config.json", "tokenizer.json"
PICKLES = {".ckpt", ".pt", ".pth", ".bin", ".pkl", ".pickle"}
CONFIGS: dict[str, type] = {
    "autoencoder": AutoencoderConfig,
    "text_encoder": TextEncoderConfig,
    "denoiser": TransformerConfig,
}


@dataclass
class Parts:
    """All that turns a sentence into a video.

    Attributes:
        autoencoder: pixels ↔ standardised latents.
        text_encoder: sentences → states.
        denoiser: guesses clean latents.
        config: what config.json says, `{}` for parts that were never saved.
    """

    autoencoder: VideoAutoencoder
    text_encoder: TextEncoder
    denoiser: VideoTransformer
    config: dict[str, Any] = field(default_factory=dict)


# --- finding ----------------------------------------------------------------------------------------------------------


def shipped_names() -> list[str]:
    """Names of the checkpoints that came with the package, in alphabetical order."""
    return sorted(path.parent.name for path in SHIPPED.glob(f"*/{CONFIG}"))


def find_folder(name: str | os.PathLike[str]) -> Path:
    """The folder of a checkpoint.

    Args:
        name: a shipped name ("nano"), a folder, or a hub id ("owner/name"), which is downloaded once and kept.
    Returns:
        A folder that holds config.json.
    Raises:
        WeightsError: there is none; the message names where it was looked for and the nearest shipped name.
    """
    path = Path(name)
    if path.suffix in PICKLES:
        raise WeightsError(_why_no_pickle(path))
    if path.is_dir():
        return _checked_folder(path)
    if (SHIPPED / str(name) / CONFIG).is_file():
        return SHIPPED / str(name)
    if not path.exists() and re.fullmatch(r"[\w-][\w.-]*/[\w-][\w.-]*", str(name)):
        return _checked_folder(_download(str(name)))
    raise WeightsError(
        f"No checkpoint {str(name)!r}: it is no folder, no hub id (owner/name) {_shipped_hint(str(name))}"
    )


def _shipped_hint(name: str) -> str:
    names = shipped_names()
    if not names:
        return f"and no weights are shipped in {SHIPPED}. Train some: make train."
    return f"and no shipped name. Shipped: {', '.join(names)}. Nearest: {nearest_name(name, names)!r}."


def _why_no_pickle(path: Path) -> str:
    return (
        f"{path} is a pickle, which can run any code when it is opened, so minisora reads only safetensors. "
        "Save it as a folder with minisora.models.storage.save_parts and load that."
    )


def _checked_folder(folder: Path) -> Path:
    if (folder / CONFIG).is_file():
        return folder
    pickles = sorted(path for path in folder.iterdir() if path.suffix in PICKLES)
    if pickles:
        raise WeightsError(_why_no_pickle(pickles[0]))
    raise WeightsError(f"{folder} has no {CONFIG}, so it is no checkpoint {_shipped_hint(folder.name)}")


def _download(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=["*.json", "*.safetensors", "README.md"]))
    except Exception as error:  # no network, no such repository, offline mode: many classes, one meaning
        raise WeightsError(
            f"{name!r} is no folder here and could not be fetched from the hub ({type(error).__name__}) "
            f"{_shipped_hint(name)}"
        ) from error


# --- loading ----------------------------------------------------------------------------------------------------------


def load_config(folder: Path) -> dict[str, Any]:
    """What config.json of a checkpoint says.

    Args:
        folder: as `find_folder` gives it.
    Returns:
        Keys "format", "name", "world", "sampling", "sha256" and one for each part.
    Raises:
        WeightsError: it is missing, not JSON, or of a newer format.
    """
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"{folder / CONFIG} cannot be read ({error}). Fetch or save the checkpoint again."
        ) from error
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        given = config.get("format") if isinstance(config, dict) else type(config).__name__
        raise WeightsError(
            f"{folder / CONFIG} has format {given!r}, this minisora reads format {FORMAT}. Update minisora."
        )
    return config


def load_parts(name: str | os.PathLike[str]) -> Parts:
    """Load a whole checkpoint, in float32, on the CPU, ready to generate.

    Args:
        name: a shipped name, a folder or a hub id.
    Returns:
        The parts, in evaluation mode and without gradients.
    Raises:
        WeightsError: missing, truncated, changed, pickled or of another shape.
    """
    folder = find_folder(name)
    loaded = {part: load_part(folder, part) for part in PARTS}
    return Parts(**loaded, config=load_config(folder))  # type: ignore[arg-type]


def load_part(name: str | os.PathLike[str], part: str) -> nn.Module:
    """Load one part of a checkpoint, such as the autoencoder before there is a denoiser.

    Args:
        name: a shipped name, a folder or a hub id.
        part: "autoencoder", "text_encoder" or "denoiser".
    Returns:
        The network in float32, in evaluation mode and without gradients.
    Raises:
        WeightsError: missing, truncated, changed, pickled or of another shape.
    """
    folder = find_folder(name)
    config = load_config(folder)
    if part not in config:
        raise WeightsError(f"{folder} has no {part}: {CONFIG} does not describe one. It has {_named(config)}.")
    module = _build(folder, part, config)
    weights = _read_weights(folder, part, config)
    try:
        module.load_state_dict(weights)
    except RuntimeError as error:
        first = str(error).splitlines()[1].strip() if "\n" in str(error) else str(error)
        raise WeightsError(f"{folder / _file(part)} does not fit its configuration: {first}") from error
    return module.float().eval().requires_grad_(False)


def _named(config: Mapping[str, Any]) -> str:
    return ", ".join(part for part in PARTS if part in config) or "no part at all"


def _file(part: str) -> str:
    return f"{part}.safetensors"


def _build(folder: Path, part: str, config: Mapping[str, Any]) -> nn.Module:
    try:
        shape = CONFIGS[part](**config[part])
    except (TypeError, MinisoraError) as error:
        raise WeightsError(f"{folder / CONFIG}, {part!r}: {error} Save it again with this version.") from error
    if part == "autoencoder":
        return VideoAutoencoder(shape)
    if part == "denoiser":
        return VideoTransformer(shape)
    _check_hash(folder, TOKENIZER, config)
    return TextEncoder(shape, Tokenizer.from_file(str(folder / TOKENIZER)))


def _read_weights(folder: Path, part: str, config: Mapping[str, Any]) -> dict[str, Tensor]:
    file = folder / _file(part)
    if not file.is_file():
        pickles = [path for path in folder.iterdir() if path.suffix in PICKLES]
        if pickles:
            raise WeightsError(_why_no_pickle(pickles[0]))
        raise WeightsError(f"{file} is missing: the checkpoint is incomplete. Fetch or save it again.")
    _check_hash(folder, file.name, config)
    return safetensors.torch.load_file(file)


def _check_hash(folder: Path, file: str, config: Mapping[str, Any]) -> None:
    """Refuse a file that is not byte for byte the one that was saved."""
    path, wanted = folder / file, config.get("sha256", {}).get(file)
    if not path.is_file():
        raise WeightsError(f"{path} is missing: the checkpoint is incomplete. Fetch or save it again.")
    if wanted is None:
        raise WeightsError(f"{folder / CONFIG} has no SHA-256 for {file}, so it cannot be trusted. Save it again.")
    if file_hash(path) == wanted:
        return
    if path.suffix == ".safetensors" and not _is_whole(path):
        raise WeightsError(f"{path} is truncated or no safetensors file ({path.stat().st_size} bytes). Fetch it again.")
    raise WeightsError(
        f"{path} was changed after it was saved: its SHA-256 is not the one in {CONFIG}. "
        "Fetch it again, or save it anew if the change was yours."
    )


def _is_whole(path: Path) -> bool:
    try:
        with safetensors.safe_open(path, framework="pt"):
            return True
    except (safetensors.SafetensorError, OSError):
        return False


def file_hash(path: Path) -> str:
    """SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checkpoint_hash(config: Mapping[str, Any]) -> str:
    """One hash for a whole checkpoint, from the hashes of its files: what the JSON beside a clip quotes.

    Args:
        config: of the checkpoint.
    Returns:
        64 hexadecimal digits; those of an empty checkpoint where `config` has no hashes.
    """
    listed = json.dumps(config.get("sha256", {}), sort_keys=True)
    return hashlib.sha256(listed.encode()).hexdigest()


# --- saving -----------------------------------------------------------------------------------------------------------


def save_parts(
    folder: str | os.PathLike[str],
    parts: Parts,
    name: str,
    world: str = "shapes",
    sampling: Mapping[str, Any] | None = None,
    dtype: torch.dtype | None = None,
) -> Path:
    """Save a whole checkpoint.

    Args:
        folder: made if it is not there; files of the same names are replaced.
        parts: the networks; `parts.config` gives the sampling defaults where `sampling` is None.
        name: of the checkpoint, goes into config.json.
        world: name of the world that it was trained on.
        sampling: defaults of a call: num_inference_steps, guidance_scale, time_shift.
        dtype: of the weights on disk, such as torch.float16; None leaves them as they are.
    Returns:
        The folder.
    Raises:
        OutputError: it cannot be written.
    """
    about = {"name": name, "world": world, "sampling": dict(sampling or parts.config.get("sampling", {}))}
    modules = {part: getattr(parts, part) for part in PARTS}
    return _save(Path(folder), modules, about, dtype)


def save_part(
    folder: str | os.PathLike[str],
    part: str,
    module: nn.Module,
    about: Mapping[str, Any] | None = None,
    dtype: torch.dtype | None = None,
) -> Path:
    """Save one part into a checkpoint, beside those that are there already.

    Args:
        folder: made if it is not there.
        part: "autoencoder", "text_encoder" (its tokenizer goes with it) or "denoiser".
        module: the network.
        about: further keys of config.json to set, such as name, world, sampling.
        dtype: of the weights on disk; None leaves them as they are.
    Returns:
        The folder.
    Raises:
        OutputError: it cannot be written.
        WeightsError: there is no such part.
    """
    if part not in PARTS:
        raise WeightsError(
            f"A checkpoint has no part {part!r}. Use {nearest_name(part, PARTS)!r}, of {', '.join(PARTS)}."
        )
    return _save(Path(folder), {part: module}, about or {}, dtype)


def _save(folder: Path, modules: Mapping[str, nn.Module], about: Mapping[str, Any], dtype: torch.dtype | None) -> Path:
    """Write all files beside their places first, then rename them, config.json last."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        old = load_config(folder) if (folder / CONFIG).exists() else {}
        config = {"format": FORMAT, "name": folder.name, "world": "shapes", "sampling": {}, **old, **about}
        hashes = dict(old.get("sha256", {}))
        written: dict[str, Path] = {}
        for part, module in modules.items():
            config[part] = dataclasses.asdict(module.config)  # type: ignore[call-overload]
            written |= _write_part(folder, part, module, dtype)
        config["sha256"] = hashes | {file: file_hash(path) for file, path in written.items()}
        written[CONFIG] = _temporary(folder, CONFIG)
        written[CONFIG].write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        for file, path in written.items():
            path.replace(folder / file)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror or error}. Choose another folder.") from error
    return folder


def _temporary(folder: Path, file: str) -> Path:
    return folder / f".{file}.{os.getpid()}.part"


def _write_part(folder: Path, part: str, module: nn.Module, dtype: torch.dtype | None) -> dict[str, Path]:
    weights = {key: _on_disk(value, dtype) for key, value in module.state_dict().items()}
    written = {_file(part): _temporary(folder, _file(part))}
    safetensors.torch.save_file(weights, written[_file(part)])
    if isinstance(module, TextEncoder):
        written[TOKENIZER] = _temporary(folder, TOKENIZER)
        written[TOKENIZER].write_text(module.tokenizer.to_str(), encoding="utf-8")
    return written


def _on_disk(value: Tensor, dtype: torch.dtype | None) -> Tensor:
    value = value.detach().cpu()
    return (value.to(dtype) if dtype and value.is_floating_point() else value).contiguous()
