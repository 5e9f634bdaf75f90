"""A test authority in the manner of the 公的個人認証 (試験用の認証局).

The profile is *assumed* from published descriptions: an opaque serial as subject, a policy
under 1.2.392.200149.8.5.1, the holder's four items in otherNames of the signing certificate
only, a distribution point for the list. Every name says TEST; no key of a real authority and
no data of a real card is here.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum, unique
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

JAPAN = ZoneInfo("Asia/Tokyo")
KEY_BITS = 2048
EXPONENT = 65537
POLICIES = x509.ObjectIdentifier("1.2.392.200149.8.5.1")
HOLDER = "1.2.392.200149.8.5.5"  # .1 name .2 substitutes .3 sex .4 birth .5 address .6 substitutes


@unique
class Use(StrEnum):
    """What a certificate is for (電子証明書の種別)."""

    SIGN = "署名用"
    AUTHENTICATE = "利用者証明用"

    @property
    def words(self) -> str:
        """The English words in the authority's name."""
        return "digital signature" if self is Use.SIGN else "user authentication"

    @property
    def policy(self) -> x509.ObjectIdentifier:
        """The policy of its certificates; the last two numbers are *assumed*."""
        branch = "1.10" if self is Use.SIGN else "3.30"
        return x509.ObjectIdentifier(f"{POLICIES.dotted_string}.{branch}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A test authority with its key (試験用の認証局)."""

    use: Use
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose data a signing certificate carries (基本4情報)."""

    name: str
    birth: date
    sex: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """From and until which day a certificate holds, in Japan (有効期間)."""

    first: date
    last: date


def new_key() -> rsa.RSAPrivateKey:
    """Make a key pair (鍵の生成)."""
    return rsa.generate_private_key(public_exponent=EXPONENT, key_size=KEY_BITS)


def found_authority(use: Use, *, as_of: date) -> Authority:
    """Make a test authority that signs itself, for ten years (認証局の開設)."""
    key = new_key()
    validity = Validity(first=as_of - timedelta(days=3 * 365), last=as_of + timedelta(days=3650))
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Madoguchi TEST"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"TEST CA for {use.words}"),
        ]
    )
    usage = _usage(digital_signature=False, content_commitment=False, authority=True)
    certificate = (
        _builder(subject=name, issuer=name, key=key.public_key(), validity=validity)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(use=use, certificate=certificate, key=key)


def issue(
    authority: Authority, *, card_no: str, key: rsa.RSAPublicKey, validity: Validity, holder: Holder
) -> x509.Certificate:
    """Issue a card's certificate; only the signing one says whose it is (電子証明書の発行)."""
    signs = authority.use is Use.SIGN
    # An opaque serial: it looks like nobody.
    opaque = hashlib.sha256(f"{authority.use}{card_no}{os.urandom(8).hex()}".encode()).hexdigest()
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"TEST{opaque[:20].upper()}"),
        ]
    )
    usage = _usage(digital_signature=True, content_commitment=signs, authority=False)
    builder = (
        _builder(subject=subject, issuer=authority.certificate.subject, key=key, validity=validity)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(
            x509.CertificatePolicies([x509.PolicyInformation(authority.use.policy, None)]),
            critical=False,
        )
        .add_extension(_list_point(authority.use), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
    )
    if signs:
        builder = builder.add_extension(_four_items(holder), critical=False)
    else:
        client = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = builder.add_extension(client, critical=False)
    return builder.sign(authority.key, hashes.SHA256())


def write_list(
    authority: Authority, *, revoked: Iterable[int], number: int, now: datetime, days: int
) -> bytes:
    """Sign the list of revoked serials as DER (失効リスト)."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now.astimezone(UTC))
        .next_update(now.astimezone(UTC) + timedelta(days=days))
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
    )
    for serial in sorted(set(revoked)):
        entry = x509.RevokedCertificateBuilder().serial_number(serial)
        builder = builder.add_revoked_certificate(
            entry.revocation_date(now.astimezone(UTC)).build()
        )
    signed = builder.sign(authority.key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def keep_authority(authority: Authority, *, certificate: Path, key: Path) -> None:
    """Write an authority to files; its key is as fictional as its cards (保存)."""
    certificate.write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
    key.touch(mode=0o600)
    key.write_bytes(key_der(authority.key))


def read_authority(use: Use, *, certificate: Path, key: Path) -> Authority:
    """Read an authority back (読込み)."""
    private = serialization.load_der_private_key(key.read_bytes(), password=None)
    assert isinstance(private, rsa.RSAPrivateKey)
    return Authority(
        use=use,
        certificate=x509.load_pem_x509_certificate(certificate.read_bytes()),
        key=private,
    )


def key_der(key: rsa.RSAPrivateKey) -> bytes:
    """Write a private key as DER (秘密鍵)."""
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _builder(
    *, subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, validity: Validity
) -> x509.CertificateBuilder:
    after_last = validity.last + timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(int.from_bytes(os.urandom(8)) >> 1 or 1)
        .not_valid_before(_moment(validity.first))
        .not_valid_after(_moment(after_last) - timedelta(seconds=1))
    )


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN).astimezone(UTC)


def _usage(*, digital_signature: bool, content_commitment: bool, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _list_point(use: Use) -> x509.CRLDistributionPoints:
    # .invalid never resolves: nobody can be asked by mistake.
    address = f"http://crl.test-{use.name.lower()}.invalid/crl.der"
    point = x509.DistributionPoint(
        full_name=[x509.UniformResourceIdentifier(address)],
        relative_name=None,
        reasons=None,
        crl_issuer=None,
    )
    return x509.CRLDistributionPoints([point])


#: The digit before a birth date tells its era (*assumed* from published readers).
_ERA_DIGITS = ((date(2019, 5, 1), "5"), (date(1989, 1, 8), "4"), (date(1926, 12, 25), "3"),
               (date(1912, 7, 30), "2"), (date.min, "1"))  # fmt: skip


def _four_items(holder: Holder) -> x509.SubjectAlternativeName:
    era = next(digit for first, digit in _ERA_DIGITS if holder.birth >= first)
    items = {
        f"{HOLDER}.1": holder.name,
        f"{HOLDER}.3": holder.sex,
        f"{HOLDER}.4": era + holder.birth.strftime("%Y%m%d"),
        f"{HOLDER}.5": holder.address,
    }
    return x509.SubjectAlternativeName(
        [x509.OtherName(x509.ObjectIdentifier(oid), _utf8(text)) for oid, text in items.items()]
    )


def _utf8(text: str) -> bytes:
    """DER of a UTF8String."""
    return tlv(b"\x0c", text.encode("utf-8"))


def tlv(tag: bytes, value: bytes) -> bytes:
    """Write tag, length and value as DER does (符号化)."""
    size = len(value)
    if size < 0x80:
        return tag + bytes((size,)) + value
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return tag + bytes((0x80 | len(length),)) + length + value
