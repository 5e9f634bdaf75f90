"""Move letters and tell of it: rows, audit, facts (手紙の記録)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import Max

from madoguchi.audit.api import record
from madoguchi.dispatch.domain.contents import ASKED_KEYS
from madoguchi.dispatch.domain.letters import LetterState, Why, check_step
from madoguchi.dispatch.models import Batch, Letter, Parcel, Slip
from madoguchi.infra import facts
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused

#: Batches, slips and parcels are numbered under one lock.
NUMBERING = (LockKind.NUMBERING, "dispatch")


def must(actor: Actor) -> None:
    """Refuse an actor who may not send letters (権限)."""
    if not actor.may(Right.MAIL_REQUESTS):
        raise Refused(Problem(code="NOT_ALLOWED"))


def next_no(table: type[Batch | Slip | Parcel], *, day: date) -> str:
    """Return the next number of the year, such as 2026-0012; the caller holds NUMBERING (番号)."""
    field = {Batch: "batch_no", Slip: "slip_no", Parcel: "parcel_no"}[table]
    begins = f"{day.year}-"
    last = table.objects.filter(**{f"{field}__startswith": begins}).aggregate(last=Max(field))
    number = int(last["last"].removeprefix(begins)) + 1 if last["last"] else 1
    return f"{begins}{number:04d}"


def move(letter: Letter, state: LetterState, *, now: datetime, why: str = "") -> None:
    """Bring a letter to another state; leaving the pile takes what the pile gave it (状態の移動).

    The caller saves it: many letters are stored in one statement.
    """
    problems = check_step(LetterState(letter.state), state)
    if problems:
        raise Refused(problems)
    letter.state, letter.why = state, why
    if state not in (LetterState.POSTED, LetterState.RETURNED, LetterState.DELIVERED):
        letter.slip, letter.posted_on, letter.receipt_no = None, None, ""
    if state in (
        LetterState.QUEUED,
        LetterState.HELD,
        LetterState.CANCELLED,
        LetterState.SUPERSEDED,
    ):
        # Out of its batch too, or the others could be neither posted nor taken apart.
        letter.batch, letter.position = None, None
        letter.printed_at, letter.printed_mark = None, ""
    if state is not LetterState.RETURNED:
        letter.returned_on, letter.return_reason = None, ""
    ended = (LetterState.DELIVERED, LetterState.CANCELLED, LetterState.SUPERSEDED)
    letter.closed_at = now if state in ended else None
    if state in ended:
        letter.handed, letter.content = {}, left_of(letter)


def left_of(letter: Letter) -> dict[str, object]:
    """Return of a letter's content what stays when it is out of the house or ended (残す中身).

    Whoever is registered is named by the register; who is not was named by the content alone.
    """
    return {key: value for key, value in letter.content.items() if key not in ASKED_KEYS}


MOVED_FIELDS = [
    "state", "why", "handed", "content", "batch", "position", "slip", "posted_on", "receipt_no", "printed_at",
    "printed_mark", "returned_on", "return_reason", "closed_at",
]  # fmt: skip


def save_all(letters: Iterable[Letter], fields: Iterable[str] = MOVED_FIELDS) -> None:
    """Store what ``move`` changed of many letters (一括の保存)."""
    Letter.objects.bulk_update(list(letters), list(fields), batch_size=500)


def tell(
    what: str,
    letters: Iterable[Letter],
    *,
    actor: Actor,
    now: datetime,
    detail: Mapping[str, str | int] | None = None,
) -> None:
    """Write one audit entry for these letters and one fact without anybody (記録・事実)."""
    found = list(letters)
    record(
        actor=actor,
        action=what,
        subjects={letter.person_id for letter in found if letter.person_id},
        detail={"letters": [letter.letter_id for letter in found], **(detail or {})},
    )
    facts.note(what.lower(), at=now, letters=len(found), place=actor.place)


def tell_pulled(pulled: Iterable[tuple[Letter, Why]], *, actor: Actor, now: datetime) -> None:
    """Write down each letter taken out of its batch, closed where it tells of a hold (記録)."""
    for letter, why in pulled:
        closed = {"closed": True} if why is Why.NOT_AVAILABLE else {}
        record(
            actor=actor,
            action="DISPATCH_PULLED",
            subjects=[letter.person_id] if letter.person_id else [],
            detail={"letter_id": letter.letter_id, "why": why.value, **closed},
        )
        facts.note("dispatch_pulled", at=now, kind=letter.kind, place=actor.place)
