"""Whether a certificate was revoked, by a list we hold and can trust (失効の確認).

Unknown is never good: a list that is missing, too old, of another authority, signed by
another key or about other certificates answers nothing, and then nobody is proved.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum, unique
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtensionOID

from madoguchi.adapters.jpki.anchors import UNREADABLE, files_of
from madoguchi.adapters.jpki.certificate import extension_of
from madoguchi.kernel.outcome import Unavailable

_SUFFIXES = (".crl", ".der", ".pem")
_CLOCKS_DIFFER = timedelta(minutes=5)
_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_KNOWN = frozenset(
    {
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
        ExtensionOID.CRL_NUMBER,
        ExtensionOID.ISSUING_DISTRIBUTION_POINT,
    }
)


@unique
class WhyUnknown(StrEnum):
    """Why a proof can be called neither good nor bad (確認できない理由)."""

    ANCHORS_MISSING = "ANCHORS_MISSING"
    ANCHORS_UNREADABLE = "ANCHORS_UNREADABLE"
    LIST_MISSING = "LIST_MISSING"
    LIST_UNREADABLE = "LIST_UNREADABLE"
    LIST_UNTRUSTED = "LIST_UNTRUSTED"  # of this authority by name, not by its key
    LIST_OF_OTHERS = "LIST_OF_OTHERS"  # of this authority, about other certificates
    LIST_STALE = "LIST_STALE"


def is_revoked(
    certificate: x509.Certificate, *, authority: x509.Certificate, path: Path | None, now: datetime
) -> bool | Unavailable:
    """Tell whether the authority has revoked or stopped this certificate (失効しているか)."""
    try:
        return _is_listed(certificate, authority=authority, path=path, now=now)
    except (OSError, *UNREADABLE):
        return Unavailable(reason=WhyUnknown.LIST_UNREADABLE)


def _is_listed(
    certificate: x509.Certificate, *, authority: x509.Certificate, path: Path | None, now: datetime
) -> bool | Unavailable:
    why = WhyUnknown.LIST_MISSING
    answered = revoked = False
    for one in _read_lists(path):
        if one.issuer != authority.subject:
            continue
        unfit = _why_unfit(one, certificate, authority=authority, now=now)
        if unfit is not None:
            why = unfit
            continue
        answered = True
        found = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
        revoked = revoked or found is not None
    return revoked if answered else Unavailable(reason=why)


def _why_unfit(
    one: x509.CertificateRevocationList,
    certificate: x509.Certificate,
    *,
    authority: x509.Certificate,
    now: datetime,
) -> WhyUnknown | None:
    if not _is_signed_by(one, authority):
        return WhyUnknown.LIST_UNTRUSTED
    if not _covers(one, certificate):
        return WhyUnknown.LIST_OF_OTHERS
    until = one.next_update_utc
    if until is None or until <= now or one.last_update_utc > now + _CLOCKS_DIFFER:
        return WhyUnknown.LIST_STALE
    return None


def _is_signed_by(one: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    usage = extension_of(authority, x509.KeyUsage)
    key = authority.public_key()
    if usage is None or not usage.crl_sign or not isinstance(key, rsa.RSAPublicKey):
        return False
    return isinstance(one.signature_hash_algorithm, _HASHES) and one.is_signature_valid(key)


def _covers(one: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """Tell whether the list would name this certificate if it were revoked (RFC 5280 6.3.3).

    Authorities cut long lists into parts; a part speaks for the certificates that point to it.
    """
    extensions = one.extensions
    if any(each.critical and each.oid not in _KNOWN for each in extensions):
        return False  # among them every list of mere changes
    try:
        part = extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    except x509.ExtensionNotFound:
        return True
    about_others = part.only_contains_ca_certs or part.only_contains_attribute_certs
    if about_others or part.indirect_crl or part.only_some_reasons:
        return False
    points = extension_of(certificate, x509.CRLDistributionPoints) or ()
    is_whole = part.full_name is None and part.relative_name is None
    return is_whole or any(
        (part.full_name and set(part.full_name) & set(point.full_name or ()))
        or (part.relative_name and part.relative_name == point.relative_name)
        for point in points
    )


def _read_lists(path: Path | None) -> list[x509.CertificateRevocationList]:
    if path is None:
        return []
    found = []
    for file in files_of(path, _SUFFIXES):
        try:
            told = file.stat()
        except FileNotFoundError:
            continue
        found.append(_read_list(file, told.st_mtime_ns, told.st_size, told.st_ino))
    return found


@lru_cache(maxsize=32)
def _read_list(
    file: Path,
    _mtime_ns: int,
    _size: int,
    _inode: int,
) -> x509.CertificateRevocationList:
    """Read a list once for as long as the file stays the same: real ones are long."""
    data = file.read_bytes()
    if b"-----BEGIN" in data[:100]:
        return x509.load_pem_x509_crl(data)
    return x509.load_der_x509_crl(data)
