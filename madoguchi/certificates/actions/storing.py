"""Keep a request and tell of it: row, audit, fact (交付申請の記録)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.certificates.actions.reading import Case
from madoguchi.certificates.domain.asking import asker_of
from madoguchi.certificates.domain.issue import STEPS, DrawCommand, State
from madoguchi.certificates.models import Copy, Request
from madoguchi.certificates.queries.requests import is_guarded
from madoguchi.infra import facts
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused


def new_request(
    command: DrawCommand, case: Case, *, actor: Actor, now: datetime, request_id: str
) -> Request:
    """Return the row of a request, not stored and without its state yet (交付申請)."""
    return Request(
        request_id=request_id,
        channel=command.channel,
        kind=command.kind,
        asker=asker_of(command.applicant),
        applicant=command.applicant,
        asked_person_id=case.asked.person_id,
        household_no=case.asked.household_no,
        subject_ids=[one.person_id for one in case.printed],
        chosen_ids=list(command.chosen_ids),
        asked_for=sorted(command.asked_for),
        left_out=sorted(command.left_out),
        accepts_alerts=command.accepts_alerts,
        purpose=command.purpose,
        evidence=sorted(command.seen),
        ledger_mark=case.extract.mark if case.extract is not None else "",
        year=case.extract.year if case.extract is not None else command.year[:4],
        record=command.record,
        copies=command.copies,
        fee_free_reason=command.fee_free or "",
        sample=command.sample,
        official_use=command.official_use,
        place=actor.place,
        terminal=actor.terminal,
        staff_id=actor.staff_id,
        drawn_at=now,
    )


def save(request: Request, *, again: bool) -> None:
    """Insert a new request, or move on the one that waited for its unlock, and only that."""
    if not again:
        request.save(force_insert=True)
        return
    waiting = Request.objects.filter(
        request_id=request.request_id, state=State.LOCKED, kind=request.kind,
        asked_person_id=request.asked_person_id, staff_id=request.staff_id,
    )  # fmt: skip
    if not waiting.exists():
        raise Refused(Problem(code="REQUEST_NOT_WAITING"))
    request.save(force_update=True)


def add_copies(request_id: str, numbers: Iterable[str]) -> None:
    """Give each copy its own number (部ごとの発行番号)."""
    Copy.objects.bulk_create(
        Copy(issue_no=number, request_id=request_id, copy_no=index)
        for index, number in enumerate(numbers, start=1)
    )


def close(
    request: Request,
    state: State,
    *,
    problems: tuple[Problem, ...],
    actor: Actor,
    now: datetime,
    disposal: str = "",
    note_text: str = "",
) -> State:
    """Bring a request to its end with its reason (完結)."""
    assert state in STEPS[State(request.state)], (request.state, state)
    request.state = state
    request.closed_at = now
    request.problems = [one.code for one in problems]
    request.disposal = disposal
    request.closing_note = note_text
    # The paper is out, or will never be: its content need not lie here any longer.
    request.content = None
    request.save(
        update_fields=[
            "state", "closed_at", "problems", "disposal", "closing_note", "content", "compared",
        ]
    )  # fmt: skip
    note(f"CERTIFICATE_{state}", request, actor=actor, now=now, detail={"disposal": disposal})
    return state


def note(
    what: str,
    request: Request,
    *,
    actor: Actor,
    now: datetime,
    subjects: Iterable[str] = (),
    detail: Mapping[str, str] | None = None,
) -> None:
    """Write the audit entry and the fact of one step (アクセス記録・事実)."""
    tell(what, request, actor=actor, subjects=subjects, detail=detail)
    seconds = (now - request.drawn_at).total_seconds()
    facts.note(
        what.lower(), at=now, kind=request.kind, channel=request.channel, copies=request.copies,
        yen=request.fee_yen, seconds=round(seconds, 2), place=request.place,
        sample=request.sample, disposal=request.disposal,
    )  # fmt: skip


def tell(
    what: str,
    request: Request,
    *,
    actor: Actor,
    subjects: Iterable[str] = (),
    detail: Mapping[str, str] | None = None,
) -> None:
    """Write the audit entry alone (アクセス記録).

    Where it tells that somebody of the household is held, it is closed: not every reader of
    the record may know.
    """
    closed = is_guarded(request) or "NOT_AVAILABLE_HERE" in request.problems
    record(
        actor=actor,
        action=what,
        subjects={request.asked_person_id, *request.subject_ids, *subjects},
        detail={
            "request_id": request.request_id,
            "kind": request.kind,
            "channel": request.channel,
            "applicant": request.applicant,
            "copies": request.copies,
            "problems": list(request.problems),
            **({"closed": True} if closed else {}),
            **(detail or {}),
        },
    )
