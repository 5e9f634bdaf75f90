"""Letters and where they stand (郵送請求の照会)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.certificates.domain.letters import OPEN_LETTER_STATES, LetterState
from madoguchi.certificates.models import Letter
from madoguchi.certificates.queries.lists import seen_among
from madoguchi.kernel.actor import Actor
from madoguchi.register.api import seen

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


def find_letter(letter_id: str, *, actor: Actor) -> LetterRow | None:
    """Return one letter, or None: unknown and not to be seen look the same (郵送請求の照会)."""
    found = _seen(Letter.objects.filter(letter_id=letter_id), actor=actor)
    return found[0] if found else None


def list_letters(*, actor: Actor) -> tuple[LetterRow, ...]:
    """List the letters that wait for an answer, the first due first (処理待ち)."""
    # Written out: the clerk's home asks it each time, and Django is long in putting it together.
    found = Letter.objects.raw(
        "SELECT * FROM certificates_letter WHERE state = ANY(%s) ORDER BY due_on, arrived_on",
        [[state.value for state in OPEN_LETTER_STATES]],
    )
    return _seen(found, actor=actor)[:LIST_MAX]


def _seen(rows: Iterable[Letter], *, actor: Actor) -> tuple[LetterRow, ...]:
    """Leave out letters whose person or request does not exist for this actor.

    What a letter says is its own; who was found for it, and what came of it, is not.
    """
    found = tuple(rows)
    people = {one.asked_person_id for one in found} - {""}
    known = seen.find_names(people, actor=actor).keys() | {""}
    open_to = seen_among({one.request_id for one in found} - {""}, actor=actor) | {""}
    return tuple(
        _row(one) for one in found if one.asked_person_id in known and one.request_id in open_to
    )


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
