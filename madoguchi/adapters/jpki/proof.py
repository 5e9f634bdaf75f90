"""The kiosk's ``IdentityProof``, for real cards and for the demo's alike (利用者証明の検証).

There is no emulated twin: the demo's cards are checked by the same code against the demo's
own authority, which says TEST in its name and counts nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509

from madoguchi.adapters.jpki.anchors import (
    AnchorsUnreadable,
    is_of_test,
    issuer_among,
    read_anchors,
)
from madoguchi.adapters.jpki.certificate import (
    check_certificate,
    check_signature,
    lasts_at,
    read_certificate,
)
from madoguchi.adapters.jpki.revocation import WhyUnknown, is_revoked
from madoguchi.kernel.outcome import Problem, Unavailable
from madoguchi.kiosk.domain.devices import ProvenCertificate


@dataclass(frozen=True, slots=True, kw_only=True)
class CardProof:
    """Checks a card's answer to a challenge by certificate and list (利用者証明の検証)."""

    anchors: Path | None
    lists: Path | None
    policy: str
    #: The demo alone takes cards of an authority that calls itself a test.
    takes_test: bool

    def check(
        self, *, certificate: bytes, signature: bytes, signed: bytes, now: datetime
    ) -> ProvenCertificate | tuple[Problem, ...] | Unavailable:
        """Check chain, days, revocation and signature; every problem at once (検証).

        What is surely wrong is said even where something else cannot be known; what cannot be
        known is never called good.
        """
        read = read_certificate(certificate)
        if read is None:
            return (Problem(code="PROOF_CERTIFICATE_UNREADABLE"),)
        authority = self._authority_of(read)
        revoked = (
            is_revoked(read, authority=authority, path=self.lists, now=now)
            if isinstance(authority, x509.Certificate)
            else False
        )
        problems = (
            *check_certificate(read, policy=self.policy, now=now),
            *check_signature(read, signature=signature, signed=signed),
            *self._check_authority(read, authority, now=now),
            *([Problem(code="PROOF_REVOKED")] if revoked is True else []),
        )
        if problems:
            return problems
        for answer in (authority, revoked):
            if isinstance(answer, Unavailable):
                return answer
        return ProvenCertificate(
            issuer=read.issuer.rfc4514_string(), serial=str(read.serial_number)
        )

    def _authority_of(self, read: x509.Certificate) -> x509.Certificate | Unavailable | None:
        try:
            anchors = read_anchors(self.anchors)
        except AnchorsUnreadable:
            return Unavailable(reason=WhyUnknown.ANCHORS_UNREADABLE)
        if not anchors:
            return Unavailable(reason=WhyUnknown.ANCHORS_MISSING)
        return issuer_among(anchors, read)

    def _check_authority(
        self,
        read: x509.Certificate,
        authority: x509.Certificate | Unavailable | None,
        *,
        now: datetime,
    ) -> list[Problem]:
        found: list[Problem] = []
        if authority is None:
            found.append(Problem(code="PROOF_ISSUER_UNKNOWN"))
        elif isinstance(authority, x509.Certificate) and not lasts_at(authority, now):
            found.append(Problem(code="PROOF_ISSUER_OUT_OF_DAYS"))
        if not self.takes_test and is_of_test(read.issuer):
            found.append(Problem(code="PROOF_OF_TEST_CARD"))
        return found
