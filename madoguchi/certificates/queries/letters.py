"""Letters and where they stand (郵送請求の照会)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.certificates.domain.letters import OPEN_LETTER_STATES, LetterState
from madoguchi.certificates.models import Letter

LIST_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """One letter as shown (郵送請求)."""

    letter_id: str
    arrived_on: date
    due_on: date
    state: LetterState
    applicant: str
    about: str
    asked_person_id: str
    kind: str
    copies: int
    enclosed_yen: int
    enclosed: tuple[str, ...]
    evidence: tuple[str, ...]
    missing: tuple[str, ...]
    purpose: str
    note: str
    request_id: str
    closed_at: datetime | None


def find_letter(letter_id: str) -> LetterRow | None:
    """Return one letter, or None (郵送請求の照会)."""
    row = Letter.objects.filter(letter_id=letter_id).first()
    return _row(row) if row is not None else None


def list_letters() -> tuple[LetterRow, ...]:
    """List the letters that wait for an answer, the first due first (処理待ち)."""
    found = Letter.objects.filter(state__in=OPEN_LETTER_STATES).order_by("due_on", "arrived_on")
    return tuple(_row(one) for one in found[:LIST_MAX])


def _row(row: Letter) -> LetterRow:
    return LetterRow(
        letter_id=row.letter_id,
        arrived_on=row.arrived_on,
        due_on=row.due_on,
        state=LetterState(row.state),
        applicant=row.applicant,
        about=row.about,
        asked_person_id=row.asked_person_id,
        kind=row.kind,
        copies=row.copies,
        enclosed_yen=row.enclosed_yen,
        enclosed=tuple(row.enclosed),
        evidence=tuple(row.evidence),
        missing=tuple(row.missing),
        purpose=row.purpose,
        note=row.note,
        request_id=row.request_id,
        closed_at=row.closed_at,
    )
