"""A checkpoint comes back as it was saved, and whatever is wrong with it is said in one sentence."""

import json
import shutil
from pathlib import Path

import pytest
import torch

from minisora.errors import OutputError, WeightsError
from minisora.models.autoencoder import AutoencoderConfig, VideoAutoencoder
from minisora.models.storage import (
    PARTS,
    Parts,
    checkpoint_hash,
    find_folder,
    load_config,
    load_part,
    load_parts,
    save_part,
    save_parts,
)


@pytest.fixture
def copy(tiny_checkpoint: Path, tmp_path: Path) -> Path:
    """A checkpoint that may be damaged."""
    return Path(shutil.copytree(tiny_checkpoint, tmp_path / "copy"))


def weights_of(parts: Parts) -> dict[str, torch.Tensor]:
    return {f"{part}.{key}": value for part in PARTS for key, value in getattr(parts, part).state_dict().items()}


def test_what_is_saved_is_loaded(tiny_checkpoint: Path, tmp_path: Path) -> None:
    parts = load_parts(tiny_checkpoint)
    again = load_parts(save_parts(tmp_path / "again", parts, "again"))
    one, other = weights_of(parts), weights_of(again)
    assert one.keys() == other.keys()
    assert all(torch.equal(value, other[key]) for key, value in one.items())
    assert again.config["name"] == "again"
    assert again.config["sampling"] == parts.config["sampling"]
    assert checkpoint_hash(again.config) == checkpoint_hash(parts.config)
    assert not any(value.requires_grad for part in PARTS for value in getattr(again, part).parameters())
    text = "a red circle moving left"
    assert torch.equal(parts.text_encoder([text]).states, again.text_encoder([text]).states)


def test_half_precision_takes_half_the_space_and_is_float32_again(tiny_checkpoint: Path, tmp_path: Path) -> None:
    parts = load_parts(tiny_checkpoint)
    folder = save_parts(tmp_path / "half", parts, "half", dtype=torch.float16)
    size = [path.stat().st_size for path in (folder / "denoiser.safetensors", tiny_checkpoint / "denoiser.safetensors")]
    assert size[0] < 0.6 * size[1]
    half = load_parts(folder)
    for key, value in weights_of(half).items():
        assert value.dtype == torch.float32
        torch.testing.assert_close(value, weights_of(parts)[key], atol=1e-3, rtol=1e-3)


def test_parts_can_be_saved_one_by_one(tmp_path: Path) -> None:
    config = AutoencoderConfig(latent_channels=2, widths=(4, 8))
    network = VideoAutoencoder(config)
    save_part(tmp_path / "young", "autoencoder", network, {"name": "young", "world": "shapes"})
    loaded = load_part(tmp_path / "young", "autoencoder")
    assert isinstance(loaded, VideoAutoencoder)
    assert loaded.config == config
    with pytest.raises(WeightsError, match=r"has no denoiser.*It has autoencoder"):
        load_part(tmp_path / "young", "denoiser")
    with pytest.raises(WeightsError, match="'denoiser'"):
        save_part(tmp_path / "young", "denoisr", network)


def test_saving_leaves_no_draft_behind_and_replaces(copy: Path) -> None:
    save_parts(copy, load_parts(copy), "anew")
    assert load_config(copy)["name"] == "anew"
    assert sorted(path.name for path in copy.iterdir()) == [
        "autoencoder.safetensors", "config.json", "denoiser.safetensors", "text_encoder.safetensors", "tokenizer.json",
    ]  # fmt: skip


def test_a_place_that_is_a_file_is_refused(tiny_checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    with pytest.raises(OutputError, match="cannot be written"):
        save_parts(tmp_path / "file", load_parts(tiny_checkpoint), "x")


@pytest.mark.parametrize("file", ["denoiser.safetensors", "tokenizer.json", "autoencoder.safetensors"])
def test_a_missing_file_is_named(copy: Path, file: str) -> None:
    (copy / file).unlink()
    with pytest.raises(WeightsError, match=f"{file} is missing"):
        load_parts(copy)


@pytest.mark.parametrize("keep", [0, 4, 5000])
def test_a_truncated_file_is_refused(copy: Path, keep: int) -> None:
    path = copy / "denoiser.safetensors"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(WeightsError, match="truncated"):
        load_parts(copy)


@pytest.mark.parametrize("file", ["denoiser.safetensors", "tokenizer.json"])
def test_one_changed_byte_is_refused(copy: Path, file: str) -> None:
    path = copy / file
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(data)
    with pytest.raises(WeightsError, match="was changed after it was saved"):
        load_parts(copy)


def test_a_checkpoint_without_hashes_is_refused(copy: Path) -> None:
    config = load_config(copy)
    (copy / "config.json").write_text(json.dumps({**config, "sha256": {}}))
    with pytest.raises(WeightsError, match="no SHA-256"):
        load_parts(copy)


@pytest.mark.parametrize("name", ["model.ckpt", "model.pt", "pytorch_model.bin", "x.pkl"])
def test_a_pickle_is_never_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"cos\nsystem\n(S'exit 1'\ntR.")
    for given in (tmp_path / name, tmp_path):
        with pytest.raises(WeightsError, match="any code"):
            load_parts(given)


def test_a_pickle_in_place_of_the_weights_is_refused(copy: Path) -> None:
    (copy / "denoiser.safetensors").rename(copy / "denoiser.pt")
    with pytest.raises(WeightsError, match=r"denoiser\.pt is a pickle"):
        load_parts(copy)


def test_an_unknown_name_says_what_is_shipped() -> None:
    with pytest.raises(WeightsError, match=r"'nan0'.*(Nearest: 'nano'|make train)"):
        find_folder("nan0")
    with pytest.raises(WeightsError, match="could not be fetched"):  # the tests are offline
        find_folder("somebody/something")
    with pytest.raises(WeightsError, match=r"no config\.json"):
        find_folder(Path(__file__).parent)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 2}, "format 2"),
        ({"denoiser": {"widht": 3}}, "widht"),
        ({"denoiser": {"width": 7}}, "multiple"),
        ({"denoiser": {"latent_channels": 2, "text_width": 16, "width": 64}}, "does not fit its configuration"),
    ],
)
def test_a_wrong_configuration_is_explained(copy: Path, change: dict[str, object], words: str) -> None:
    (copy / "config.json").write_text(json.dumps({**load_config(copy), **change}))
    with pytest.raises(WeightsError, match=words):
        load_parts(copy)


def test_a_configuration_that_is_no_json_is_refused(copy: Path) -> None:
    (copy / "config.json").write_text("{")
    with pytest.raises(WeightsError, match="cannot be read"):
        load_parts(copy)
