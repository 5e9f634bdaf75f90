"""From a finished paper to the counter, or to the shredder (出力許可・交付・廃棄)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from madoguchi.audit.api import record
from madoguchi.certificates.domain.issue import OPEN_STATES, Disposal, State
from madoguchi.certificates.domain.kinds import Channel, Kind
from madoguchi.certificates.models import Copy, Request
from madoguchi.certificates.queries.rules import is_stopped
from madoguchi.infra import facts, locks
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text
from madoguchi.protection.api import Use, gate
from madoguchi.register import api as register


def release(
    *, request_id: str, sums: Mapping[str, tuple[str, int]], actor: Actor, now: datetime
) -> State:
    """Let a read-back paper out, after a last look at gate, register and stop switch (I2, I6).

    Whatever changed since the drawing makes the paper void; it is never "near enough".
    """
    request = _take(request_id)
    if request.state != State.DRAWN:
        _record("certificate_release_repeated", request, actor=actor)
        return State(request.state)
    problem = _last_look(request, actor=actor)
    if problem is not None:
        return _close(request, State.VOID, problems=(problem,), actor=actor, now=now,
                      disposal=Disposal.NEVER_PRINTED)  # fmt: skip
    copies = {one.issue_no: one for one in Copy.objects.filter(request_id=request_id)}
    assert copies.keys() == sums.keys(), "files and numbers belong together"
    for issue_no, copy in copies.items():
        copy.sha256, copy.pages = sums[issue_no]
    Copy.objects.bulk_update(copies.values(), ["sha256", "pages"])
    request.state, request.released_at = State.RELEASED, now
    request.save(update_fields=["state", "released_at"])
    _record("certificate_released", request, actor=actor)
    _fact("certificate_released", request, now=now)
    return State.RELEASED


def fail(*, request_id: str, problems: tuple[Problem, ...], actor: Actor, now: datetime) -> State:
    """Close a request whose paper could not be made right; nothing has left the machine (I3)."""
    request = _take(request_id)
    if request.state != State.DRAWN:
        _record("certificate_release_repeated", request, actor=actor)
        return State(request.state)
    return _close(request, State.FAILED, problems=problems, actor=actor, now=now,
                  disposal=Disposal.NEVER_PRINTED)  # fmt: skip


def hand_over(*, request_id: str, actor: Actor, now: datetime, paid_yen: int) -> State:
    """Note that the paper was given and the fee taken (交付)."""
    _must(actor, Right.ISSUE_CERTIFICATE)
    request = _take(request_id)
    if request.state != State.RELEASED:
        raise Refused((Problem(code="NOT_RELEASED", facts={"state": request.state}),))
    if paid_yen != request.fee_yen:
        raise Refused((Problem(code="FEE_DIFFERS", facts={"fee": f"{request.fee_yen:,}"}),))
    return _close(request, State.HANDED_OVER, problems=(), actor=actor, now=now, disposal="")


def void(
    *, request_id: str, actor: Actor, now: datetime, disposal: Disposal, note: str
) -> State:
    """Take a paper out of use and say what became of it (廃棄; 処分情報, I12)."""
    _must(actor, Right.ISSUE_CERTIFICATE)
    problems = check_free_text(note)
    if not note.strip():
        problems += (Problem(code="VOID_NEEDS_REASON", where="note"),)
    if problems:
        raise Refused(problems)
    request = _take(request_id)
    if request.state not in (State.RELEASED, State.HANDED_OVER, State.LOCKED):
        raise Refused((Problem(code="NOTHING_TO_VOID", facts={"state": request.state}),))
    return _close(request, State.VOID, problems=(), actor=actor, now=now, disposal=disposal,
                  note=note)  # fmt: skip


def check_out(*, request_id: str, copy_no: int, path: Path, actor: Actor, now: datetime) -> bytes | Problem:
    """Return the bytes to print, when they are still exactly what was released (出力).

    The file is compared with its sum and the gate is asked once more. A file that was
    swapped or cut voids the whole request, and so does a protection set in between.
    """
    _must(actor, Right.ISSUE_CERTIFICATE)
    request = _take(request_id)
    copy = Copy.objects.filter(request_id=request_id, copy_no=copy_no).first()
    if request.state != State.RELEASED or copy is None:
        raise Refused((Problem(code="NOT_RELEASED", facts={"state": request.state}),))
    problem = _gate_problem(request, actor=actor)
    data = b""
    if problem is None:
        data = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(data).hexdigest() != copy.sha256:
            problem = Problem(code="FILE_CHANGED")
    if problem is not None:
        _close(request, State.VOID, problems=(problem,), actor=actor, now=now,
               disposal=Disposal.NEVER_PRINTED)  # fmt: skip
        return problem
    _record("certificate_printed", request, actor=actor, detail={"issue_no": copy.issue_no})
    return data


def sweep(*, request_ids: tuple[str, ...], actor: Actor, now: datetime) -> int:
    """Void what was drawn and never released in time; it can never turn up later (I3)."""
    count = 0
    for request_id in sorted(request_ids):
        request = Request.objects.select_for_update().get(request_id=request_id)
        if request.state == State.DRAWN:
            _close(request, State.FAILED, problems=(Problem(code="NOT_RELEASED_IN_TIME"),),
                   actor=actor, now=now, disposal=Disposal.NEVER_PRINTED)  # fmt: skip
            count += 1
    record(actor=actor, action="certificates_swept", subjects=(), detail={"count": count})
    return count


def _take(request_id: str) -> Request:
    locks.take([(LockKind.CERTIFICATE, request_id)])
    request = Request.objects.filter(request_id=request_id).first()
    if request is None:
        raise Refused((Problem(code="NOT_FOUND"),))
    return request


def _must(actor: Actor, right: Right) -> None:
    if not actor.may(right):
        raise Refused((Problem(code="FORBIDDEN"),))


def _last_look(request: Request, *, actor: Actor) -> Problem | None:
    if is_stopped(kind=Kind(request.kind), channel=Channel(request.channel)):
        return Problem(code="KIND_STOPPED")
    if register.head_numbers(list(request.versions)) != request.versions:
        return Problem(code="RECORD_CHANGED_MEANWHILE")
    if register.ids_with_drafts(list(request.versions)):
        return Problem(code="CHANGE_WAITS_FOR_APPROVAL")
    return _gate_problem(request, actor=actor)


def _gate_problem(request: Request, *, actor: Actor) -> Problem | None:
    """Ask the gate for everybody of the household as it is now."""
    household = register.household_of(request.asked_person_id)
    everybody = {one.person_id for one in household.members} if household else set()
    everybody |= set(request.subject_ids) | {request.asked_person_id}
    answer = gate(
        everybody,
        actor=actor,
        use=Use.MAIL if request.channel == Channel.MAIL else Use.PRINT,
        households=dict.fromkeys(everybody, household.household_no) if household else {},
        request_id=request.request_id,
        kind=request.kind,
        pass_id=request.pass_id,
    )
    return Problem(code="NOT_AVAILABLE_HERE") if answer.blocked else None


def _close(
    request: Request,
    state: State,
    *,
    problems: tuple[Problem, ...],
    actor: Actor,
    now: datetime,
    disposal: str,
    note: str = "",
) -> State:
    assert request.state in OPEN_STATES or state is State.VOID, (request.state, state)
    request.state = state
    request.closed_at = now
    request.problems = [one.code for one in problems]
    request.disposal = disposal
    request.closing_note = note
    # The paper is out, or will never be: its content need not lie here any longer.
    request.content = None
    request.save(
        update_fields=["state", "closed_at", "problems", "disposal", "closing_note", "content"]
    )
    name = f"certificate_{state.lower()}"
    _record(name, request, actor=actor, detail={"disposal": disposal})
    _fact(name, request, now=now)
    return state


def _record(
    action: str, request: Request, *, actor: Actor, detail: Mapping[str, str] | None = None
) -> None:
    record(
        actor=actor, action=action, subjects=request.subject_ids,
        detail={"request_id": request.request_id, "kind": request.kind,
                "problems": list(request.problems), **(detail or {})},
    )  # fmt: skip


def _fact(name: str, request: Request, *, now: datetime) -> None:
    seconds = (now - request.drawn_at).total_seconds()
    facts.note(
        name, at=now, kind=request.kind, channel=request.channel, copies=request.copies,
        yen=request.fee_yen, seconds=round(seconds, 2), sample=request.sample,
    )  # fmt: skip
