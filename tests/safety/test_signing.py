"""Signed provenance: what is signed is read, what was changed is seen, and nothing is lost on the way."""

import builtins
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from minisora.errors import DataError, OutputError, SettingError
from minisora.pipeline import TextToVideoPipeline, sidecar_path
from minisora.safety import Certificate, inspect_file, make_certificate, read_claim, sign, verify


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """One of our own."""
    pytest.importorskip("cryptography")
    return make_certificate(tmp_path_factory.mktemp("keys") / "mine", "Class 3b")


@pytest.fixture(params=[".mp4", ".png", ".gif"])
def file(request: pytest.FixtureRequest, tiny_pipe: TextToVideoPipeline, tmp_path: Path) -> Path:
    """A small clip with its JSON."""
    clips = tiny_pipe("a red star", seed=8, num_frames=5, height=32, width=32)
    return clips.save(tmp_path / f"clip{request.param}", scale=2)[0]


def test_a_signature_is_read(file: Path, certificate: Certificate) -> None:
    pytest.importorskip("c2pa")
    assert read_claim(file) is None
    sign(file, certificate)
    claim = read_claim(file)
    assert claim is not None
    assert (claim.signer, claim.state, claim.faults) == ("Class 3b", "Valid", ())
    assert claim.about["prompt"] == "a red star"
    assert claim.about["seed"] == 8
    assert "nobody vouches" in str(claim)
    trusted = read_claim(file, certificate.root)
    assert trusted is not None
    assert trusted.state == "Trusted"
    assert verify(file).unchanged  # the JSON beside it knows the new bytes
    assert sorted(path.name for path in file.parent.iterdir()) == sorted([file.name, sidecar_path(file).name])


def test_one_changed_byte_is_seen(file: Path, certificate: Certificate) -> None:
    pytest.importorskip("c2pa")
    sign(file, certificate)
    data = bytearray(file.read_bytes())
    data[-5 if file.suffix == ".mp4" else len(data) // 2] ^= 1
    file.write_bytes(data)
    try:
        claim = read_claim(file)
    except DataError:  # the byte lay in the claim itself
        return
    assert claim is not None
    assert claim.state == "Invalid"
    assert "not as it was signed" in str(claim)


def test_what_was_changed_or_made_elsewhere_is_not_signed(file: Path, certificate: Certificate) -> None:
    pytest.importorskip("c2pa")
    file.write_bytes(file.read_bytes() + b"!")
    with pytest.raises(DataError, match="changed after it was made"):
        sign(file, certificate)
    sidecar_path(file).unlink()
    with pytest.raises(DataError, match="cannot be read"):
        sign(file, certificate)
    assert file.read_bytes().endswith(b"!")


def test_another_key_than_the_certificates_is_refused_and_the_file_stays(
    file: Path, certificate: Certificate, tmp_path: Path
) -> None:
    pytest.importorskip("c2pa")
    before = file.read_bytes()
    other = make_certificate(tmp_path / "other", "Somebody")
    with pytest.raises(SettingError, match="ES256"):
        sign(file, Certificate(certificate.chain, other.key))
    assert file.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_the_chain_is_one_that_openssl_would_take(certificate: Certificate) -> None:
    x509 = pytest.importorskip("cryptography.x509")
    leaf, root = x509.load_pem_x509_certificates(certificate.chain.encode())
    leaf.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert leaf.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    assert leaf.signature_hash_algorithm.name == "sha256"


def test_a_key_is_its_owners_alone_and_never_replaced_or_shown(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    made = make_certificate(tmp_path / "mine")
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "mine" / "key.pem").stat().st_mode) & 0o077 == 0
    assert Certificate.read(tmp_path / "mine") == made
    assert "PRIVATE" not in repr(made)
    with pytest.raises(OutputError, match="cannot be had again"):
        make_certificate(tmp_path / "mine")
    for name in ("", "x" * 65):
        with pytest.raises(SettingError, match="1 to 64"):
            make_certificate(tmp_path / "other", name)


def test_a_certificate_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"chain\.pem and key\.pem"):
        Certificate.read(tmp_path)


def test_formats_and_files_that_cannot_be_signed(tmp_path: Path) -> None:
    pytest.importorskip("c2pa")
    with pytest.raises(SettingError, match=r"\.mp4"):
        sign(tmp_path / "clip.webm", Certificate("", ""))
    with pytest.raises(DataError, match="does not exist"):
        sign(tmp_path / "clip.mp4", Certificate("", ""))
    with pytest.raises(DataError, match="does not exist"):
        read_claim(tmp_path / "clip.mp4")


def test_without_the_library_what_to_install_is_said(
    tiny_pipe: TextToVideoPipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = tiny_pipe("a red star", seed=8, num_frames=5, height=32, width=32).save(tmp_path / "clip.mp4")
    usual = builtins.__import__

    def missing(name: str, *given: Any, **named: Any) -> Any:
        if name.split(".")[0] in ("c2pa", "cryptography"):
            raise ImportError(name)
        return usual(name, *given, **named)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(SettingError, match=r"c2pa-python, which is missing.*\[c2pa\]"):
        sign(file, Certificate("", ""))
    with pytest.raises(SettingError, match=r"cryptography, which is missing.*\[c2pa\]"):
        make_certificate(tmp_path / "mine")
    assert not (tmp_path / "mine").exists()
    found = inspect_file(file)
    assert "c2pa-python" in found.notes[0]
    assert json.dumps(found.as_dict())
