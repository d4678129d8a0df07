"""Signed provenance inside the file itself, after the standard C2PA: who made it, with what, and that it is unchanged.

    certificate = make_certificate("mine", "Class 3b")
    sign("clip.mp4", certificate)
    read_claim("clip.mp4")      # by 'Class 3b' …: the file is as it was signed

Unlike the JSON beside a file it cannot be rewritten without the key. It can be cut off, though: most sites drop it from
what is uploaded. Nothing here asks the internet: no time stamp, no list of withdrawn certificates, no remote manifest.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import minisora
from minisora.errors import DataError, MinisoraError, OutputError, SettingError
from minisora.pipeline.clips import write_sidecar
from minisora.safety.certificates import EXTRA, Certificate
from minisora.safety.provenance import read_sidecar, verify

__all__ = ["SIGNED_ENDINGS", "Claim", "read_claim", "sign"]

SIGNED_ENDINGS = (".mp4", ".png", ".gif")  # C2PA has no place in a webm
SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
ABOUT = "org.minisora.about"  # our own assertion: what the JSON beside the file says
CERTIFIED = "Use an ES256 certificate that may sign content, such as make_certificate makes."
UNTRUSTED = "signingCredential.untrusted"  # says who vouches for the signer, nothing about the file
ALONE: dict[str, Any] = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}


@dataclass(frozen=True)
class Claim:
    """What a signed file says.

    Attributes:
        signer: name in the certificate.
        about: prompt, seed and checkpoint, as far as they were known when it was signed.
        state: "Trusted" (unchanged, and its root is one that the reader trusts), "Valid" (unchanged, by somebody whose
            root nobody vouched for) or "Invalid".
        faults: why it is invalid, codes of the standard.
    """

    signer: str
    about: dict[str, Any]
    state: str
    faults: tuple[str, ...] = ()

    def __str__(self) -> str:
        who = f"signed by {self.signer!r}"
        if self.state == "Trusted":
            return f"{who}, whom you trust: the file is as it was signed"
        if self.state == "Valid":
            return f"{who}, for whom nobody vouches here: the file is as it was signed"
        return f"{who}, but the file is not as it was signed ({', '.join(self.faults) or self.state})"


def sign(file: str | os.PathLike[str], certificate: Certificate) -> Path:
    """Sign a clip that minisora made, in its place; the JSON beside it then has the hash of the signed file.

    Args:
        file: an mp4, png or gif as it was made: who signs vouches for what the JSON beside it says of prompt, seed and
            checkpoint, which goes into the file.
        certificate: whose name and key.
    Returns:
        The file.
    Raises:
        DataError: there is no such file or no such JSON, or the file was changed after it was made.
        SettingError: a format that has no place for it, a certificate that does not do, or c2pa-python is missing.
        OutputError: it cannot be written; the old file is there then.
    """
    c2pa, path = _library(), _checked(file)
    about = _own_words(path)
    draft = path.with_name(f".{path.stem}-signed{path.suffix}")
    try:
        with _told_errors(c2pa, path, SettingError, "signed", CERTIFIED):
            draft.unlink(missing_ok=True)
            chain, key = certificate.chain.encode(), certificate.key.encode()
            signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo("es256", chain, key, None))
            builder = c2pa.Builder(_manifest(path, about), context=c2pa.Context.from_dict(_settings()))
            builder.sign_file(path, draft, signer)
        draft.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}. Choose another folder.") from error
    finally:
        draft.unlink(missing_ok=True)
    write_sidecar(path, about)
    return path


def read_claim(file: str | os.PathLike[str], trust: str = "") -> Claim | None:
    """What a signed file says, and whether that holds.

    Args:
        file: the file.
        trust: PEM of roots that you trust, such as `certificate.root`; "" for none.
    Returns:
        The claim; None where there is none in the file.
    Raises:
        DataError: there is no such file, or what is there cannot be read.
        SettingError: c2pa-python is missing.
    """
    c2pa, path = _library(), Path(file)
    if not path.is_file():
        raise DataError(f"{path} does not exist.")
    if path.suffix.lower() not in SIGNED_ENDINGS:
        return None
    with _told_errors(c2pa, path, DataError, "read for a signature", "Is it a whole file?"):
        reader = c2pa.Reader.try_create(path, context=c2pa.Context.from_dict(_settings(trust)))
        if reader is None:
            return None
        with reader:
            said = json.loads(reader.json())
    manifest = said["manifests"][said["active_manifest"]]
    listed = {each["label"]: each.get("data", {}) for each in manifest.get("assertions", [])}
    faults = tuple(dict.fromkeys(each["code"] for each in said.get("validation_status") or []))
    faults = tuple(code for code in faults if code != UNTRUSTED)
    about = listed.get(ABOUT, {})
    return Claim(_signer(manifest), about, str(said.get("validation_state", "Invalid")), faults)


def _signer(manifest: dict[str, Any]) -> str:
    info = manifest.get("signature_info") or {}
    return str(info.get("common_name") or info.get("issuer") or "somebody without a name")


def _settings(trust: str = "") -> dict[str, Any]:
    return {**ALONE, "trust": {"user_anchors": trust}} if trust else ALONE


def _manifest(path: Path, about: dict[str, Any]) -> dict[str, Any]:
    """What is signed: that a model made it, and with which words, seed and weights."""
    action = {"action": "c2pa.created", "digitalSourceType": SOURCE}
    assertions = [{"label": "c2pa.actions", "data": {"actions": [action]}}]
    said = {key: about[key] for key in ("prompt", "seed", "checkpoint", "frames_sha256")}
    assertions.append({"label": ABOUT, "data": said})
    generator = {"name": "minisora", "version": minisora.__version__}
    return {"claim_generator_info": [generator], "title": path.name, "assertions": assertions}


def _checked(file: str | os.PathLike[str]) -> Path:
    path = Path(file)
    if path.suffix.lower() not in SIGNED_ENDINGS:
        raise SettingError(f"{path} has no place for a signature. Save the clip as {', '.join(SIGNED_ENDINGS)}.")
    if not path.is_file():
        raise DataError(f"{path} does not exist.")
    return path


def _own_words(path: Path) -> dict[str, Any]:
    """What the JSON beside a file says, once it is sure that it is of this file."""
    if not verify(path).unchanged:
        raise DataError(
            f"{path} was changed after it was made, so that its JSON is not of it. Sign it as it was saved."
        )
    return read_sidecar(path)


def _library() -> Any:
    try:
        import c2pa
    except ImportError as error:
        raise SettingError(
            f"Signatures are made and read by the package c2pa-python, which is missing. {EXTRA}"
        ) from error
    return c2pa


@contextmanager
def _told_errors(c2pa: Any, path: Path, kind: type[MinisoraError], what: str, advice: str) -> Iterator[None]:
    """What the library complains of, in the words of this house."""
    try:
        yield
    except c2pa.C2paError as error:
        raise kind(f"{path} could not be {what} ({' '.join(str(error).split())}). {advice}") from error
