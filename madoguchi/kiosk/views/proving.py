"""The card's proof on its way through the server: challenge out, signature in (本人の確認)."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from madoguchi.infra import clock, unit
from madoguchi.infra.wiring import adapter_of
from madoguchi.kernel.outcome import Problem, Refused, Unavailable
from madoguchi.kiosk.actions import proving
from madoguchi.kiosk.domain.devices import ProvenCertificate
from madoguchi.kiosk.domain.practice import PRACTICE_PIN
from madoguchi.kiosk.domain.steps import Mode
from madoguchi.kiosk.ports import IdentityProof
from madoguchi.kiosk.queries.sessions import SessionRow

_VERSION = b"madoguchi-proof-v1"
_NONCE_BYTES = 32
#: A certificate of the card is about 1.5 kB; a signature of RSA-2048 is 256 bytes.
_CERTIFICATE_MAX = 8 * 1024
_SIGNATURE_MAX = 1024


def nonce_for(row: SessionRow) -> str:
    """Return a fresh challenge for the page; the one before it is void (証明の求め)."""
    return unit.run(proving.new_challenge, session_id=row.session_id, now=clock.now()).nonce


def prove(request: HttpRequest, row: SessionRow, at: datetime) -> SessionRow:
    """Check what the card signed and find whose it is; in practice, the number on the screen.

    The PIN itself never comes here: it is typed on a page of the bridge's own origin.
    """
    if row.mode is Mode.PRACTICE:
        if request.POST.get("digits", "") != PRACTICE_PIN:
            raise Refused(Problem(code="KIOSK_PRACTICE_PIN"))
        return unit.run(proving.prove_practice, session_id=row.session_id, now=at)
    nonce = request.POST.get("nonce", "")
    proof = _check(request, nonce=nonce, at=at)
    return unit.run(
        proving.bind_holder, session_id=row.session_id, nonce=nonce, proof=proof, now=at
    )


def origin_of(request: HttpRequest) -> str:
    """Return our own origin as the browser writes it: it is part of what the card signs (オリジン)."""
    scheme = "https" if settings.SESSION_COOKIE_SECURE else request.scheme
    return f"{scheme}://{request.get_host()}"


def _check(
    request: HttpRequest, *, nonce: str, at: datetime
) -> ProvenCertificate | tuple[Problem, ...] | Unavailable:
    """Ask the port; what cannot even be read is a proof that failed like any other."""
    raw = _read(nonce + "=" * (-len(nonce) % 4), urlsafe=True, most=_NONCE_BYTES)
    certificate = _read(request.POST.get("certificate", ""), most=_CERTIFICATE_MAX)
    signature = _read(request.POST.get("signature", ""), most=_SIGNATURE_MAX)
    if len(raw) != _NONCE_BYTES or not certificate or not signature:
        return (Problem(code="KIOSK_PROOF_UNREADABLE"),)
    signed = b"\0".join((_VERSION, origin_of(request).encode("ascii"), raw))
    return adapter_of(IdentityProof).check(
        certificate=certificate, signature=signature, signed=signed, now=at
    )


def _read(text: str, *, most: int, urlsafe: bool = False) -> bytes:
    if len(text) > most * 2:
        return b""  # base64 is a third longer than what it holds
    try:
        raw = base64.b64decode(text, altchars=b"-_" if urlsafe else None, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if len(raw) <= most else b""
