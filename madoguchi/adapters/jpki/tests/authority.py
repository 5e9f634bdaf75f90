"""A test authority whose certificates can be made wrong in any one way (試験用の認証局).

Profile as of cards.md 6.3: an opaque serial for a name, a policy of the auth certificate, no
data of the holder. Keys are made once for all tests, because each costs a tenth of a second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

POLICY = "1.2.392.200149.8.5.1.3.30"
SIGNING_POLICY = "1.2.392.200149.8.5.1.1.10"
TEST_NAME = "OU=TEST CA for user authentication,O=Madoguchi TEST,C=JP"
REAL_NAME = "OU=Authority of a fictional country,O=Fiction,C=JP"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
YEAR = timedelta(days=365)
SERIAL = 7_301_234_567_890_123_456
POINT = "http://list.invalid/part-1.crl"


def key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Return the key of this name, made once in a run."""
    return _key(name, bits)


@cache
def _key(_name: str, bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def curve_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True, kw_only=True)
class Authority:
    """An authority: its name and the name of its key."""

    name: str = TEST_NAME
    key_name: str = "authority"
    begins: datetime = NOW - 5 * YEAR
    ends: datetime = NOW + 5 * YEAR
    is_authority: bool = True
    bits: int = 2048

    @property
    def private(self):
        return key(self.key_name, self.bits)

    def certificate(self) -> x509.Certificate:
        name = x509.Name.from_rfc4514_string(self.name)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.private.public_key())
            .serial_number(1)
            .not_valid_before(self.begins)
            .not_valid_after(self.ends)
            .add_extension(x509.BasicConstraints(ca=self.is_authority, path_length=None), True)
            .add_extension(usage(authority=self.is_authority), True)
            .sign(self.private, hashes.SHA256())
        )

    def pem(self) -> bytes:
        return self.certificate().public_bytes(serialization.Encoding.PEM)


def usage(*, digital=True, commitment=False, authority=False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital and not authority,
        content_commitment=commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is asked of a card's certificate; every field can be made wrong."""

    authority: Authority = field(default_factory=Authority)
    signed_with: str = "authority"  # the key that really signs it
    holder: str = "card"
    bits: int = 2048
    curve: bool = False
    serial: int = SERIAL
    begins: datetime = NOW - YEAR
    ends: datetime = NOW + 4 * YEAR
    digital: bool = True
    commitment: bool = False
    policies: tuple[str, ...] = (POLICY,)
    is_authority: bool = False
    extended: tuple[x509.ObjectIdentifier, ...] | None = (ExtendedKeyUsageOID.CLIENT_AUTH,)
    strange: bool = False
    point: str = POINT
    digest: type[hashes.HashAlgorithm] = hashes.SHA256

    @property
    def private(self):
        return curve_key() if self.curve else key(self.holder, self.bits)

    def certificate(self) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name.from_rfc4514_string("CN=0A1B2C3D4E5F,C=JP"))
            .issuer_name(x509.Name.from_rfc4514_string(self.authority.name))
            .public_key(self.private.public_key())
            .serial_number(self.serial)
            .not_valid_before(self.begins)
            .not_valid_after(self.ends)
            .add_extension(x509.BasicConstraints(ca=self.is_authority, path_length=None), True)
            .add_extension(usage(digital=self.digital, commitment=self.commitment), True)
            .add_extension(points(self.point), False)
        )
        if self.policies:
            policies = [
                x509.PolicyInformation(x509.ObjectIdentifier(one), None) for one in self.policies
            ]
            builder = builder.add_extension(x509.CertificatePolicies(policies), False)
        if self.extended is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage(self.extended), False)
        if self.strange:
            oid = x509.ObjectIdentifier("1.2.392.1.2.3.4")
            builder = builder.add_extension(x509.UnrecognizedExtension(oid, b"\x05\x00"), True)
        return builder.sign(key(self.signed_with), self.digest())

    def der(self) -> bytes:
        return self.certificate().public_bytes(serialization.Encoding.DER)

    def sign(self, message: bytes, *, holder: str | None = None, digest=hashes.SHA256) -> bytes:
        """Sign as the card does: PKCS#1 v1.5 over the whole message."""
        if self.curve:
            return self.private.sign(message, ec.ECDSA(digest()))
        private = key(holder, self.bits) if holder else self.private
        return private.sign(message, padding.PKCS1v15(), digest())


def points(address: str) -> x509.CRLDistributionPoints:
    point = x509.DistributionPoint(
        full_name=[x509.UniformResourceIdentifier(address)],
        relative_name=None,
        reasons=None,
        crl_issuer=None,
    )
    return x509.CRLDistributionPoints([point])


@dataclass(frozen=True, kw_only=True)
class Revoked:
    """A list of revoked certificates; every field can be made wrong."""

    authority: Authority = field(default_factory=Authority)
    signed_with: str = "authority"
    serials: tuple[int, ...] = ()
    updated: datetime = NOW - timedelta(days=1)
    until: datetime = NOW + timedelta(days=1)
    part: str | None = None
    changes_only: bool = False
    only_authorities: bool = False
    indirect: bool = False
    strange: bool = False

    def der(self) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(x509.Name.from_rfc4514_string(self.authority.name))
            .last_update(self.updated)
            .next_update(self.until)
            .add_extension(x509.CRLNumber(7), False)
        )
        if self.changes_only:
            builder = builder.add_extension(x509.DeltaCRLIndicator(6), True)
        if self.part or self.only_authorities or self.indirect:
            name = [x509.UniformResourceIdentifier(self.part)] if self.part else None
            scope = x509.IssuingDistributionPoint(
                full_name=name,
                relative_name=None,
                only_contains_user_certs=False,
                only_contains_ca_certs=self.only_authorities,
                only_some_reasons=None,
                indirect_crl=self.indirect,
                only_contains_attribute_certs=False,
            )
            builder = builder.add_extension(scope, True)
        if self.strange:
            oid = x509.ObjectIdentifier("1.2.392.1.2.3.4")
            builder = builder.add_extension(x509.UnrecognizedExtension(oid, b"\x05\x00"), True)
        for serial in self.serials:
            entry = x509.RevokedCertificateBuilder().serial_number(serial)
            builder = builder.add_revoked_certificate(entry.revocation_date(self.updated).build())
        return builder.sign(key(self.signed_with), hashes.SHA256()).public_bytes(
            serialization.Encoding.DER
        )
