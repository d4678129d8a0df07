"""A certificate of one's own, for the lesson: a root that signs a leaf, and the leaf's key that signs files.

Nobody but its maker trusts such a root; a real one is bought from an authority that checks who asks. What it shows is
the difference between *this file is as it was signed* and *I know who signed it*.
"""

import datetime
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from minisora.errors import DataError, OutputError, SettingError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate as X509

__all__ = ["EXTRA", "Certificate", "make_certificate"]

EXTRA = 'Run: pip install -c constraints.txt -e ".[c2pa]"'
CHAIN, KEY, ROOT = "chain.pem", "key.pem", "root.pem"
DAYS = 365
LONGEST = 64  # letters of a name in a certificate (X.520)


@dataclass(frozen=True)
class Certificate:
    """Who signs.

    Attributes:
        chain: PEM, the leaf first and then what signed it.
        key: PEM, the leaf's private key (ES256); it is not shown and should not be given away.
        root: PEM of the root, by which a reader may be told to trust it; "" where it is not known.
    """

    chain: str
    key: str
    root: str = ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.chain.count('BEGIN')} certificates, a key that is not shown)"

    @classmethod
    def read(cls, folder: str | os.PathLike[str]) -> Self:
        """Read a certificate: one that `make_certificate` made, or your own under the same names.

        Args:
            folder: with `chain.pem` and `key.pem`, and perhaps `root.pem`.
        Returns:
            The certificate.
        Raises:
            DataError: one of the two is missing, or cannot be read.
        """
        place = Path(folder)
        try:
            chain, key = ((place / name).read_text(encoding="ascii") for name in (CHAIN, KEY))
            root = (place / ROOT).read_text(encoding="ascii") if (place / ROOT).is_file() else ""
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(
                f"{place} has no certificate that can be read ({error}): {CHAIN} and {KEY}. "
                "Make one: minisora sign FILE --certificate FOLDER --make."
            ) from error
        return cls(chain, key, root)


def make_certificate(folder: str | os.PathLike[str], name: str = "A minisora class") -> Certificate:
    """Make a chain of two certificates (ES256) and keep it.

    Args:
        folder: made if it is not there; the key in it is readable by its owner alone.
        name: who signs, up to 64 letters.
    Returns:
        The certificate.
    Raises:
        OutputError: there is one already, which is never replaced, or the folder cannot be written.
        SettingError: a name that is empty or too long, or the package `cryptography` is missing.
    """
    if not name.strip() or len(name) > LONGEST:
        raise SettingError(f"The name {name[:20]!r} has {len(name)} letters. Use 1 to {LONGEST}.")
    place = Path(folder)
    there = [each for each in (CHAIN, KEY, ROOT) if (place / each).exists()]
    if there:
        raise OutputError(f"{place / there[0]} exists already, and a key cannot be had again. Choose another folder.")
    made = _chain(name.strip())
    try:
        place.mkdir(parents=True, exist_ok=True)
        for file, text, rights in ((KEY, made.key, 0o600), (CHAIN, made.chain, 0o644), (ROOT, made.root, 0o644)):
            number = os.open(place / file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, rights)
            with os.fdopen(number, "w", encoding="ascii") as opened:
                opened.write(text)
    except OSError as error:
        raise OutputError(f"{place} cannot be written: {error.strerror or error}. Choose another folder.") from error
    return made


def _chain(name: str) -> Certificate:
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError as error:
        raise SettingError(f"Certificates are made by the package cryptography, which is missing. {EXTRA}") from error
    above, below = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _certificate(f"{name} (root)"[:LONGEST], above, None, above)
    leaf = _certificate(name, below, root, above)
    pem = serialization.Encoding.PEM
    key = below.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    texts = [each.public_bytes(pem).decode() for each in (leaf, root)]
    return Certificate("".join(texts), key.decode(), texts[1])


def _certificate(
    name: str, key: "EllipticCurvePrivateKey", issuer: "X509 | None", issuer_key: "EllipticCurvePrivateKey"
) -> "X509":
    """A root where there is no issuer, else a leaf that may sign content.

    Source: C2PA technical specification 2.1, 14.5.1, what a certificate has to say.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    is_root, now = issuer is None, datetime.datetime.now(datetime.UTC)
    subject = _subject(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=DAYS))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(_usage(is_root), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )  # fmt: skip
    if not is_root:
        made = made.add_extension(
            x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
    return made.sign(issuer_key, hashes.SHA256())


def _subject(name: str) -> Any:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
        x509.NameAttribute(NameOID.COMMON_NAME, name),
    ])  # fmt: skip


def _usage(is_root: bool) -> Any:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not is_root, key_cert_sign=is_root, crl_sign=is_root, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
