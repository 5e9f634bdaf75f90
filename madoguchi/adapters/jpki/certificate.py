"""One card's certificate against its profile (利用者証明用電子証明書の検査).

RFC 5280, and the profile as published descriptions have it: RSA-2048, SHA-256, a policy
below 1.2.392.200149.8.5.1. Which policy is that of the auth certificate is *assumed* and a
setting.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from madoguchi.adapters.jpki.anchors import KEY_BITS_MIN, UNREADABLE
from madoguchi.kernel.outcome import Problem

Extension = TypeVar("Extension", bound=x509.ExtensionType)

BYTES_MAX = 8 * 1024
# What a browser hands in is not trusted yet: a giant key must not cost a giant time.
KEY_BITS_MAX = 4096
_EXPONENT_MAX = 1 << 33

#: RSA with SHA-256, SHA-384, SHA-512, as the one way DER writes each.
_ALGORITHMS = {
    f"1.2.840.113549.1.1.{number}": bytes.fromhex(f"300d06092a864886f70d0101{number:02x}0500")
    for number in (11, 12, 13)
}
#: Critical extensions that are looked at, here or with the revocation list.
_KNOWN = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.CRL_DISTRIBUTION_POINTS,
    }
)


def read_certificate(data: bytes) -> x509.Certificate | None:
    """Read a certificate in its one spelling; anything else is none (読込み)."""
    if len(data) > BYTES_MAX:
        return None
    try:
        certificate = x509.load_der_x509_certificate(data)
        _ = certificate.extensions, certificate.issuer, certificate.subject
        positive = certificate.serial_number > 0
    except UNREADABLE:
        return None
    algorithm = _ALGORITHMS.get(certificate.signature_algorithm_oid.dotted_string)
    if algorithm is not None and data != _written(certificate, algorithm):
        return None
    return certificate if positive else None


def check_certificate(
    certificate: x509.Certificate, *, policy: str, now: datetime
) -> tuple[Problem, ...]:
    """Return all that is wrong with the certificate by itself (証明書の検査)."""
    return (
        *_check_days(certificate, now=now),
        *_check_strength(certificate),
        *_check_use(certificate, policy=policy),
    )


def check_signature(
    certificate: x509.Certificate, *, signature: bytes, signed: bytes
) -> tuple[Problem, ...]:
    """Return why these bytes were not signed by this certificate's key (署名の検証)."""
    key = usable_key(certificate)
    if key is None:
        return ()  # said already: the key itself is refused
    try:
        key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return (Problem(code="PROOF_SIGNATURE_WRONG"),)
    return ()


def usable_key(certificate: x509.Certificate) -> rsa.RSAPublicKey | None:
    """Return the certificate's key if it is RSA of an allowed size (公開鍵)."""
    try:
        key = certificate.public_key()
    except UNREADABLE:
        return None
    if not isinstance(key, rsa.RSAPublicKey):
        return None
    exponent = key.public_numbers().e
    allowed = KEY_BITS_MIN <= key.key_size <= KEY_BITS_MAX and 3 <= exponent < _EXPONENT_MAX
    return key if allowed else None


def lasts_at(certificate: x509.Certificate, now: datetime) -> bool:
    """Tell whether a certificate is within its days (有効期間内)."""
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _check_days(certificate: x509.Certificate, *, now: datetime) -> Iterator[Problem]:
    if now < certificate.not_valid_before_utc:
        yield Problem(code="PROOF_NOT_YET_VALID")
    if now > certificate.not_valid_after_utc:
        yield Problem(code="PROOF_EXPIRED")


def _check_strength(certificate: x509.Certificate) -> Iterator[Problem]:
    if usable_key(certificate) is None:
        yield Problem(code="PROOF_KEY_NOT_ALLOWED")
    if certificate.signature_algorithm_oid.dotted_string not in _ALGORITHMS:
        yield Problem(code="PROOF_ALGORITHM_NOT_ALLOWED")


def _check_use(certificate: x509.Certificate, *, policy: str) -> Iterator[Problem]:
    usage = extension_of(certificate, x509.KeyUsage)
    basic = extension_of(certificate, x509.BasicConstraints)
    extended = extension_of(certificate, x509.ExtendedKeyUsage)
    policies = extension_of(certificate, x509.CertificatePolicies)
    for_authentication = usage is not None and usage.digital_signature
    is_authority = basic is not None and basic.ca
    for_others = extended is not None and not {
        ExtendedKeyUsageOID.CLIENT_AUTH,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    } & set(extended)
    if not for_authentication or is_authority or for_others:
        yield Problem(code="PROOF_USE_OTHER")
    if policy not in {one.policy_identifier.dotted_string for one in policies or ()}:
        # Among others the card's own 署名用 certificate, which may not prove anybody here.
        yield Problem(code="PROOF_POLICY_OTHER")
    if any(one.critical and one.oid not in _KNOWN for one in certificate.extensions):
        yield Problem(code="PROOF_EXTENSION_UNKNOWN")


def extension_of(certificate: x509.Certificate, kind: type[Extension]) -> Extension | None:
    """Return one extension's value, or None (拡張領域)."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _written(certificate: x509.Certificate, algorithm: bytes) -> bytes:
    """Write the certificate anew from its parts: DER knows one way only."""
    bits = _tlv(0x03, b"\x00" + certificate.signature)
    return _tlv(0x30, certificate.tbs_certificate_bytes + algorithm + bits)


def _tlv(tag: int, value: bytes) -> bytes:
    size = len(value)
    if size < 0x80:
        return bytes((tag, size)) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + value
