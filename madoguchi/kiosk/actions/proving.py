"""Whose card is this: challenge and proof (本人の確認)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from madoguchi.kernel.outcome import Problem, Unavailable
from madoguchi.kiosk.domain.devices import ProvenCertificate
from madoguchi.kiosk.queries.sessions import SessionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A nonce to sign, given out once; we keep only its sum (チャレンジ)."""

    nonce: str  # base64url of 32 random bytes, without padding
    expires_at: datetime


def new_challenge(*, session_id: str, now: datetime) -> Challenge:
    """Give out a challenge for a session at PIN; the one before it is void (チャレンジの発行)."""
    raise NotImplementedError


def bind_holder(
    *,
    session_id: str,
    nonce: str,
    proof: ProvenCertificate | tuple[Problem, ...] | Unavailable,
    now: datetime,
) -> SessionRow:
    """Find the holder and what they can have: PIN → CARD_BACK, or the end REFUSED (本人の特定).

    ``proof`` is what ``IdentityProof.check`` answered. Whatever the reason, a refusal is one
    sentence, one record and one set of steps.
    """
    raise NotImplementedError


def prove_practice(*, session_id: str, now: datetime) -> SessionRow:
    """Pass the PIN screen of PRACTICE with the fictional person (体験)."""
    raise NotImplementedError
