"""Whose card is this: challenge and proof (本人の確認)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from madoguchi.cards.api import holder_of
from madoguchi.certificates.api import self_service
from madoguchi.infra import facts
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.outcome import Problem, Refused, Unavailable
from madoguchi.kiosk.actions.store import end, is_practice, machine_of, move, take, tell
from madoguchi.kiosk.actions.visiting import count_visit
from madoguchi.kiosk.domain.choices import KindShown, Part
from madoguchi.kiosk.domain.devices import ProvenCertificate
from madoguchi.kiosk.domain.hints import hints_after
from madoguchi.kiosk.domain.practice import FAMILY, practice_kinds
from madoguchi.kiosk.domain.snapshot import pack_offer
from madoguchi.kiosk.domain.steps import End, How, Step
from madoguchi.kiosk.models import Challenge as ChallengeRow
from madoguchi.kiosk.queries.sessions import SessionRow, row_of
from madoguchi.kiosk.queries.terminals import sum_of

NONCE_BYTES = 32
CHALLENGE_LIVES = timedelta(minutes=2)
#: Every look at the PIN screen gives one out, and most are never answered.
CHALLENGES_KEPT = timedelta(days=1)
#: Nobody has this number: whoever has no usable certificate is looked up all the same.
NOBODY = "0" * 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A nonce to sign, given out once; we keep only its sum (証明の求め)."""

    nonce: str  # base64url of 32 random bytes, without padding
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bearer:
    """Whom to look up, and why it is nobody (本人)."""

    person_id: str = NOBODY
    registered_on: date | None = None
    reasons: tuple[str, ...] = ()


def new_challenge(*, session_id: str, now: datetime) -> Challenge:
    """Give out a challenge for a session at PIN; the one before it is void (証明の求めの発行)."""
    session = take(session_id, Step.PIN)
    ChallengeRow.objects.filter(session_id=session_id, used_at__isnull=True).update(used_at=now)
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    expires_at = now + CHALLENGE_LIVES
    ChallengeRow.objects.create(
        token_sum=sum_of(nonce), session_id=session_id, channel=session.channel, issued_at=now,
        expires_at=expires_at,
    )  # fmt: skip
    tell(session, "KIOSK_CHALLENGED")
    return Challenge(nonce=nonce, expires_at=expires_at)


def forget_challenges(*, now: datetime) -> int:
    """Remove the challenges nobody answered; those that held are one of the day's books (消去)."""
    gone, _ = ChallengeRow.objects.filter(
        held=False, expires_at__lt=now - CHALLENGES_KEPT
    ).delete()  # fmt: skip
    return gone


def bind_holder(
    *,
    session_id: str,
    nonce: str,
    proof: ProvenCertificate | tuple[Problem, ...] | Unavailable,
    now: datetime,
) -> SessionRow:
    """Find the holder and what they can have: PIN → CARD_BACK, or the end REFUSED (本人の特定).

    ``proof`` is what ``IdentityProof.check`` answered. Whatever the reason, a refusal is one
    sentence, one record and one set of steps: whoever has no usable certificate is asked
    about at the same door as everybody, under a number nobody has. What cannot be checked
    now is the machine's failure and nobody's refusal.
    """
    session = take(session_id, Step.PIN)
    held = isinstance(proof, ProvenCertificate)
    if not _use_challenge(session_id, nonce, held=held, now=now):
        raise Refused(Problem(code="KIOSK_CHALLENGE_OVER"))
    if isinstance(proof, Unavailable):
        return row_of(
            end(session, End.FAILED, how=How.NEXT, now=now, problems=("KIOSK_PROOF_UNAVAILABLE",),
                reasons=("KIOSK_PROOF_UNAVAILABLE",))
        )  # fmt: skip
    session.proven_at = now if held else None
    today = now.astimezone(JAPAN).date()
    bearer = _bearer_of(proof, on=today)
    actor = machine_of(session)
    offer = self_service.offer(
        actor=actor, person_id=bearer.person_id, channel=session.channel, today=today,
        registered_on=bearer.registered_on,
    )  # fmt: skip
    if offer.refused or bearer.reasons:
        return row_of(
            end(session, End.REFUSED, how=How.NEXT, now=now, problems=("NOT_AVAILABLE_HERE",),
                reasons=bearer.reasons or offer.reasons, actor=actor)
        )  # fmt: skip
    session.person_id, session.card_registered_on = bearer.person_id, bearer.registered_on
    session.offer = pack_offer(
        kinds=(_kind_shown(one) for one in offer.kinds),
        members=((one.person_id, one.name, one.kana) for one in offer.members),
    )
    session.hints = hints_after(count_visit(bearer.person_id, session.mode, on=today))
    facts.note("kiosk_holder_proved", at=now, kinds=len(offer.kinds), terminal=session.terminal_no,
               mode=session.mode, language=session.language, hints=session.hints)  # fmt: skip
    return row_of(move(session, Step.CARD_BACK, how=How.NEXT, now=now, actor=actor))


def prove_practice(*, session_id: str, now: datetime) -> SessionRow:
    """Pass the PIN screen of PRACTICE with the fictional person (体験)."""
    session = take(session_id, Step.PIN)
    if not is_practice(session):
        raise Refused(Problem(code="KIOSK_NOT_PRACTICE"))
    year = now.astimezone(JAPAN).year
    years = tuple(str(one) for one in (year, year - 1))
    session.offer = pack_offer(kinds=practice_kinds(years=years), members=FAMILY)
    return row_of(move(session, Step.CARD_BACK, how=How.NEXT, now=now))


def _bearer_of(proof: ProvenCertificate | tuple[Problem, ...], *, on: date) -> _Bearer:
    if not isinstance(proof, ProvenCertificate):
        return _Bearer(reasons=("KIOSK_PROOF_REFUSED", *(one.code for one in proof)))
    holder = holder_of(issuer=proof.issuer, serial=proof.serial, on=on)
    if holder is None:
        return _Bearer(reasons=("KIOSK_CARD_UNKNOWN",))
    if not holder.counts_on(on):
        return _Bearer(reasons=("KIOSK_CARD_NOT_VALID",))
    return _Bearer(person_id=holder.person_id, registered_on=holder.registered_on)


def _kind_shown(one: self_service.OfferedKind) -> KindShown:
    return KindShown(
        kind=one.kind,
        title=one.title,
        fee_yen=one.fee_yen,
        parts=tuple(Part(part) for part in one.parts),
        items=tuple(one.items),
        years=tuple(one.years),
    )


def _use_challenge(session_id: str, nonce: str, *, held: bool, now: datetime) -> bool:
    """Use up a challenge; in time and for the first time, or not at all."""
    changed = ChallengeRow.objects.filter(
        token_sum=sum_of(nonce), session_id=session_id, used_at__isnull=True, expires_at__gt=now
    ).update(used_at=now, held=held)
    return changed == 1
