"""Whom we trust to have issued a card's certificate (信頼の起点).

Every certificate in the folder is trusted as it stands: a card holds one certificate, issued
by the authority itself, so there is no chain to build beyond the first step. An authority
that renewed its key has several certificates under one name; the one whose key fits counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa

KEY_BITS_MIN = 2048
TEST_MARK = "TEST"
#: What the library raises, at once or when a part is first looked at, for bytes that are none.
UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
)
_SUFFIXES = (".pem", ".crt", ".cer", ".der")


class AnchorsUnreadable(Exception):
    """A file among the trust anchors is no certificate of an authority (信頼の起点の誤り)."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        self.path = path


def read_anchors(path: Path | None) -> tuple[x509.Certificate, ...]:
    """Read all certificates of a file or folder, PEM or DER; none where nothing is set (読込み).

    Raises ``AnchorsUnreadable``: who trusts half a folder does not know whom they trust.
    """
    if path is None:
        return ()
    found: list[x509.Certificate] = []
    for file in files_of(path, _SUFFIXES):
        try:
            data = file.read_bytes()
            pem = b"-----BEGIN" in data
            found += (
                x509.load_pem_x509_certificates(data)
                if pem
                else [x509.load_der_x509_certificate(data)]
            )
            if not all(is_authority(one) for one in found):
                raise AnchorsUnreadable(file)
        except (OSError, *UNREADABLE) as error:
            raise AnchorsUnreadable(file) from error
    return tuple(found)


def files_of(path: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Name the files meant by a setting: the file itself, or those in the folder (ファイル)."""
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.iterdir()):
        if file.suffix.lower() in suffixes and file.is_file():
            yield file


def is_authority(certificate: x509.Certificate) -> bool:
    """Tell whether this certificate may issue others, with a key worth trusting (認証局か)."""
    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        key = certificate.public_key()
    except (x509.ExtensionNotFound, *UNREADABLE):
        return False
    strong = isinstance(key, rsa.RSAPublicKey) and key.key_size >= KEY_BITS_MIN
    return basic.ca and usage.key_cert_sign and strong


def issuer_among(
    anchors: Iterable[x509.Certificate], certificate: x509.Certificate
) -> x509.Certificate | None:
    """Return the authority whose key signed this certificate, or None (発行者)."""
    for anchor in anchors:
        try:
            certificate.verify_directly_issued_by(anchor)
        except (InvalidSignature, *UNREADABLE):
            continue
        return anchor
    return None


def is_of_test(name: x509.Name) -> bool:
    """Tell whether an authority calls itself a test: its cards are fictional (試験用か)."""
    return any(TEST_MARK in str(one.value).upper() for one in name)
