"""Keys of the signature and of the token, and whom to trust (署名鍵).

A production town brings its own keys in the same files. The demo makes its own authority,
which nobody outside the demo trusts, and says 架空の町 in its name.
"""

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from madoguchi.certificates.documents.token import trusted_keys
from madoguchi.kernel.outcome import Problem, Refused

_SIGNER_KEY = "signer.key.pem"
_SIGNER_CERTIFICATE = "signer.pem"
_AUTHORITY = "authority.pem"
_TOKEN_KEY = "token.key.pem"  # noqa: S105 - a file name
_TOKEN_PUBLIC = "token.pub.pem"  # noqa: S105
_YEARS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeys:
    """What is needed to sign a paper and its token (署名に使う鍵)."""

    signer: signers.SimpleSigner
    token_key: Ed25519PrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Whose papers are ours: public parts only (信頼の起点)."""

    roots: tuple[asn1_x509.Certificate, ...]
    token_keys: Mapping[bytes, Ed25519PublicKey]


def ensure_demo_keys(folder: Path, *, production: bool, at: datetime) -> None:
    """Make the demo's own authority and keys in a private folder, once (見本の鍵の作成).

    Refuses in production: a certificate of an authority made up on the spot proves nothing.
    """
    if production:
        raise Refused(Problem(code="DEMO_KEYS_IN_PRODUCTION"))
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may start at once: each makes a whole folder, the first rename wins.
    fresh = folder.parent / f".{folder.name}-{secrets.token_hex(8)}"
    fresh.mkdir(mode=0o700)
    for name, data in _demo_files(at).items():
        _write_privately(fresh / name, data)
    with contextlib.suppress(OSError):
        fresh.rename(folder)
    if fresh.exists():
        for path in fresh.iterdir():
            path.unlink()
        fresh.rmdir()


def make_token_key(folder: Path) -> bytes:
    """Make the town's own Ed25519 key where there is none, and return its public part (鍵の作成)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Either half alone is somebody's key too: nothing is written beside it.
    for name in (_TOKEN_KEY, _TOKEN_PUBLIC):
        if (folder / name).exists():
            raise Refused(Problem(code="KEY_THERE_ALREADY", facts={"file": name}))
    key = Ed25519PrivateKey.generate()
    _write_privately(folder / _TOKEN_KEY, _private_pem(key))
    _write_privately(folder / _TOKEN_PUBLIC, _public_pem(key))
    return key.public_key().public_bytes_raw()


def load_token_key(folder: Path) -> Ed25519PrivateKey:
    """Load the town's own Ed25519 key alone (町の鍵の読込み)."""
    key = serialization.load_pem_private_key(_read(folder / _TOKEN_KEY), password=None)
    assert isinstance(key, Ed25519PrivateKey), "the token key must be Ed25519"
    return key


def load_keys(folder: Path) -> SigningKeys:
    """Load the private keys (署名鍵の読込み)."""
    token_key = load_token_key(folder)
    (certificate,) = load_certs_from_pemder_data(_read(folder / _SIGNER_CERTIFICATE))
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(load_certs_from_pemder_data(_read(folder / _AUTHORITY)))
    return SigningKeys(
        signer=signers.SimpleSigner(
            signing_cert=certificate,
            signing_key=load_private_key_from_pemder_data(
                _read(folder / _SIGNER_KEY), passphrase=None
            ),
            cert_registry=store,
            # Whoever checks has our root already; one brought along would prove nothing.
            embed_roots=False,
        ),
        token_key=token_key,
    )


def load_trust(folder: Path) -> Trust:
    """Load the public parts: all that checking a paper needs (信頼の起点の読込み)."""
    public = serialization.load_pem_public_key(_read(folder / _TOKEN_PUBLIC))
    assert isinstance(public, Ed25519PublicKey), "the token key must be Ed25519"
    return Trust(
        roots=tuple(load_certs_from_pemder_data(_read(folder / _AUTHORITY))),
        token_keys=trusted_keys([public]),
    )


def make_trip_keys(name: str, *, at: datetime) -> dict[str, str]:
    """Make keys for one laptop's day, as PEM texts by file name (持ち出す署名鍵).

    Its certificate names itself as its authority: what makes it the town's is the town's own
    signature in the table of blocks, and that is also where its one day is written.
    """
    signer_key, token_key = ec.generate_private_key(ec.SECP256R1()), Ed25519PrivateKey.generate()
    certificate = (
        _certificate(_name(name), _name(name), signer_key.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .sign(signer_key, hashes.SHA256())
    )
    return {
        _SIGNER_CERTIFICATE: certificate.public_bytes(serialization.Encoding.PEM).decode(),
        _SIGNER_KEY: _private_pem(signer_key).decode(),
        _TOKEN_KEY: _private_pem(token_key).decode(),
    }


def read_trip_keys(texts: Mapping[str, str]) -> SigningKeys:
    """Read the keys of one laptop's day (持ち出した署名鍵の読込み)."""
    (certificate,) = load_certs_from_pemder_data(texts[_SIGNER_CERTIFICATE].encode())
    token_key = serialization.load_pem_private_key(texts[_TOKEN_KEY].encode(), password=None)
    assert isinstance(token_key, Ed25519PrivateKey), "the token key must be Ed25519"
    return SigningKeys(
        signer=signers.SimpleSigner(
            signing_cert=certificate,
            signing_key=load_private_key_from_pemder_data(
                texts[_SIGNER_KEY].encode(), passphrase=None
            ),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
            embed_roots=False,
        ),
        token_key=token_key,
    )


def trip_trust(*, certificate: bytes, token_key: bytes) -> Trust:
    """Return the public parts of one laptop's keys (持ち出した鍵の信頼)."""
    return Trust(
        roots=tuple(load_certs_from_pemder_data(certificate)),
        token_keys=trusted_keys([Ed25519PublicKey.from_public_bytes(token_key)]),
    )


def trip_certificate(texts: Mapping[str, str]) -> bytes:
    """Return the certificate alone, DER (証明書)."""
    certificate = x509.load_pem_x509_certificate(texts[_SIGNER_CERTIFICATE].encode())
    return certificate.public_bytes(serialization.Encoding.DER)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise Refused(Problem(code="KEY_NOT_FOUND", facts={"file": path.name})) from None


def _write_privately(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _demo_files(at: datetime) -> dict[str, bytes]:
    authority_key = ec.generate_private_key(ec.SECP256R1())
    signer_key = ec.generate_private_key(ec.SECP256R1())
    token_key = Ed25519PrivateKey.generate()
    authority_name = _name("架空の町 見本認証局")
    authority = (
        _certificate(authority_name, authority_name, authority_key.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    signer = (
        _certificate(_name("架空の町 せとうち町長"), authority_name, signer_key.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    return {
        _AUTHORITY: authority.public_bytes(serialization.Encoding.PEM),
        _SIGNER_CERTIFICATE: signer.public_bytes(serialization.Encoding.PEM),
        _SIGNER_KEY: _private_pem(signer_key),
        _TOKEN_KEY: _private_pem(token_key),
        _TOKEN_PUBLIC: _public_pem(token_key),
    }


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "架空の町"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # A day back, so that a machine whose clock runs slow can check at once.
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=365 * _YEARS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _private_pem(key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
