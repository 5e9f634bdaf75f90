"""Draw a certificate: lock, ask the gate, freeze one snapshot, give the numbers (証明書の作成)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.certificates.actions.compose import SHOWS_HISTORY, Subject, compose
from madoguchi.certificates.actions.numbering import next_serials
from madoguchi.certificates.documents.fonts import check_glyphs
from madoguchi.certificates.domain.frozen import freeze
from madoguchi.certificates.domain.issue import (
    DrawCommand,
    Standing,
    State,
    asker_of,
    check_copies,
    check_identity,
    check_subjects,
    issue_number,
)
from madoguchi.certificates.domain.kinds import Channel, Kind, check_omissions, fee_on, omitted_when
from madoguchi.certificates.domain.layout import plan_sheets
from madoguchi.certificates.domain.paper import Paper, check_paper
from madoguchi.certificates.domain.sheets import problems_of
from madoguchi.certificates.domain.town import Town
from madoguchi.certificates.models import Copy, Request
from madoguchi.certificates.queries.rules import fee_table, is_stopped
from madoguchi.infra import facts, locks, queue
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text
from madoguchi.protection.api import Use, gate, hidden_from, use_unlock
from madoguchi.register import api as register

RENDER_JOB = "certificates.render"
RENDER_QUEUE = "papers"
#: The numbers and the printer's place stand in every 発行番号; one printer a terminal here.
PRINTER = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A request whose paper is being made (作成中)."""

    request_id: str
    issue_nos: tuple[str, ...]
    alerts: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDrawn:
    """A request that was refused, counted, and why; or one that waits for a second officer."""

    request_id: str
    problems: tuple[Problem, ...]
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """Everything read for one request, under its locks."""

    asked: register.PersonRow
    members: tuple[register.PersonRow, ...]
    printed: tuple[register.PersonRow, ...]
    householder: str
    whole: bool


def draw(*, actor: Actor, command: DrawCommand, now: datetime, town: Town) -> Drawn | NotDrawn:
    """Draw one certificate in one transaction; the rest of the path adds nothing to it.

    Every reason not to is found at once and stored with the request, so that requests =
    issued + refused + failed (I10). Raises ``Refused`` only where there is no request to
    count: no right to ask, or nobody of that number as far as this actor may know.
    """
    if not actor.may(Right.ISSUE_CERTIFICATE):
        raise Refused((Problem(code="FORBIDDEN"),))
    household_no = _household_of(command.asked_person_id, actor)
    locks.take(
        [(LockKind.PERSON, command.asked_person_id), (LockKind.HOUSEHOLD, household_no)]
    )
    case = _read(command, actor=actor)
    request_id = command.request_id or new_id()
    problems = _check(command, case, now=now)
    entry = _ask_gate(command, case, actor=actor, request_id=request_id, problems=problems)
    if isinstance(entry, _Closed):
        return _keep_refusal(command, case, actor=actor, now=now, request_id=request_id,
                             problems=entry.problems, state=entry.state)  # fmt: skip
    paper = _paper(command, case, request_id=request_id, now=now, town=town)
    problems += check_paper(paper)
    alerts = problems_of(plan_sheets(paper)) + check_glyphs(paper)
    if alerts and not command.accepts_alerts:
        problems += alerts
    if problems:
        return _keep_refusal(command, case, actor=actor, now=now, request_id=request_id,
                             problems=problems, state=State.REFUSED)  # fmt: skip
    return _keep(command, case, paper, actor=actor, now=now, alerts=alerts, town=town,
                 pass_id=entry)  # fmt: skip


def _household_of(person_id: str, actor: Actor) -> str:
    person = register.find_person(person_id, actor=actor)
    if person is None:
        raise Refused((Problem(code="UNKNOWN_PERSON"),))
    return person.household_no


def _read(command: DrawCommand, *, actor: Actor) -> _Case:
    """Read the household once, under lock: all of one paper comes from this reading (I5)."""
    asked = register.find_person(command.asked_person_id, actor=actor)
    if asked is None:
        raise Refused((Problem(code="UNKNOWN_PERSON"),))
    household = register.household_snapshot(asked.household_no)
    members = household.members if household else ()
    householder = household.householder if household else None
    if command.kind is Kind.RESIDENT_RECORD_HOUSEHOLD:
        chosen = set(command.chosen_ids) or {one.person_id for one in members}
        printed = tuple(one for one in members if one.person_id in chosen)
        if asked.person_id in chosen and asked not in printed:
            printed = (*printed, asked)  # 除票: refused by its own rule, with words
    else:
        printed = (asked,)
    return _Case(
        asked=asked,
        members=members,
        printed=printed,
        householder=householder.name if householder else "",
        whole=len(printed) == len(members),
    )


def _check(command: DrawCommand, case: _Case, *, now: datetime) -> tuple[Problem, ...]:
    drafted = register.ids_with_drafts([one.person_id for one in (*case.members, case.asked)])
    standing = {
        one.person_id: Standing(
            person_id=one.person_id,
            is_removed=not one.status.is_resident,
            has_draft=one.person_id in drafted,
        )
        for one in (*case.members, case.asked)
    }
    unknown = set(command.chosen_ids) - {one.person_id for one in case.members}
    problems = check_subjects(
        kind=command.kind,
        asked=standing[case.asked.person_id],
        printed=[standing[one.person_id] for one in case.printed],
    )
    if unknown:
        problems += (Problem(code="NOT_IN_HOUSEHOLD"),)
    if is_stopped(kind=command.kind, channel=command.channel):
        problems += (Problem(code="KIND_STOPPED", where=command.kind.value),)
    problems += check_identity(applicant=command.applicant, seen=command.seen)
    problems += check_omissions(
        kind=command.kind,
        omitted=omitted_when(asked_for=command.asked_for) | command.left_out,
        channel=command.channel,
        asker=asker_of(command.applicant),
    )
    problems += check_copies(command.copies)
    problems += tuple(
        replace(one, where="purpose") for one in check_free_text(command.purpose)
    )
    fee = fee_on(fee_table(), kind=command.kind, channel=command.channel, on=now.date())
    if isinstance(fee, Problem):
        problems += (fee,)
    return problems


@dataclass(frozen=True, slots=True, kw_only=True)
class _Closed:
    """What the gate left of a request: its new state and why."""

    state: State
    problems: tuple[Problem, ...]


def _ask_gate(
    command: DrawCommand,
    case: _Case,
    *,
    actor: Actor,
    request_id: str,
    problems: tuple[Problem, ...],
) -> str | _Closed:
    """Ask for everybody of the household, printed or not: their address is on the paper.

    Returns the pass to keep ("" where nobody is held). Whoever may not know hears the
    neutral refusal and nothing else, not even the other problems, since those could
    differ. Whoever may know waits for a second officer.
    """
    everybody = {one.person_id for one in (*case.members, case.asked)}
    use = Use.MAIL if command.channel is Channel.MAIL else Use.PRINT
    households = dict.fromkeys(everybody, case.asked.household_no)
    answer = gate(everybody, actor=actor, use=use, households=households)
    if not answer.blocked:
        return ""
    if hidden_from(actor):
        return _Closed(state=State.REFUSED, problems=(Problem(code="NOT_AVAILABLE_HERE"),))
    if problems:
        return _Closed(state=State.REFUSED, problems=problems)
    kind = command.kind.value
    try:
        pass_id = use_unlock(
            actor=actor, request_id=request_id, kind=kind, use=use, person_ids=answer.blocked
        )
    except Refused as refusal:
        return _Closed(state=State.LOCKED, problems=refusal.problems)
    again = gate(
        everybody, actor=actor, use=use, households=households,
        request_id=request_id, kind=kind, pass_id=pass_id,
    )  # fmt: skip
    if again.blocked:
        return _Closed(state=State.LOCKED, problems=(Problem(code="NOT_AVAILABLE_HERE"),))
    return pass_id


def _paper(
    command: DrawCommand, case: _Case, *, request_id: str, now: datetime, town: Town
) -> Paper:
    history = command.kind in SHOWS_HISTORY
    subjects = [
        Subject(row=row, history=register.history_of(row.person_id) if history else ())
        for row in case.printed or (case.asked,)
    ]
    return compose(
        command=command, subjects=subjects, householder=case.householder,
        whole_household=case.whole, issue_no="0", request_id=request_id, on=now.date(), town=town,
    )  # fmt: skip


def _keep(
    command: DrawCommand,
    case: _Case,
    paper: Paper,
    *,
    actor: Actor,
    now: datetime,
    alerts: tuple[Problem, ...],
    town: Town,
    pass_id: str,
) -> Drawn:
    """Store the frozen content with its numbers and queue the drawing in the same transaction."""
    first = next_serials(day=now.date(), terminal=actor.terminal, count=command.copies)
    numbers = tuple(
        issue_number(on=now.date(), town_code=town.code, terminal=actor.terminal,
                     printer=PRINTER, serial=first + offset)
        for offset in range(command.copies)
    )  # fmt: skip
    fee = fee_on(fee_table(), kind=command.kind, channel=command.channel, on=now.date())
    assert isinstance(fee, int)
    request = _request(command, case, actor=actor, now=now, request_id=paper.request_id,
                       state=State.DRAWN)  # fmt: skip
    request.fee_yen = 0 if command.fee_free_reason else fee * command.copies
    request.content = {**freeze(paper), "salts": [secrets.token_hex(12) for _ in numbers]}
    request.pass_id = pass_id
    request.versions = {one.person_id: one.history_no for one in case.printed}
    _save(request, again=bool(command.request_id))
    Copy.objects.bulk_create(
        Copy(issue_no=number, request_id=paper.request_id, copy_no=index)
        for index, number in enumerate(numbers, start=1)
    )
    _note("certificate_drawn", request, actor=actor, now=now)
    queue.defer(RENDER_JOB, queue=RENDER_QUEUE, request_id=paper.request_id)
    return Drawn(request_id=paper.request_id, issue_nos=numbers, alerts=alerts)


def _keep_refusal(
    command: DrawCommand,
    case: _Case,
    *,
    actor: Actor,
    now: datetime,
    request_id: str,
    problems: tuple[Problem, ...],
    state: State,
) -> NotDrawn:
    request = _request(command, case, actor=actor, now=now, request_id=request_id, state=state)
    request.problems = [one.code for one in problems]
    request.closed_at = None if state is State.LOCKED else now
    request.copies = min(max(command.copies, 1), 20)
    _save(request, again=bool(command.request_id))
    _note("certificate_refused", request, actor=actor, now=now)
    return NotDrawn(request_id=request_id, problems=problems, state=state)


def _request(
    command: DrawCommand, case: _Case, *, actor: Actor, now: datetime, request_id: str, state: State
) -> Request:
    return Request(
        request_id=request_id,
        state=state,
        channel=command.channel,
        kind=command.kind,
        asker=asker_of(command.applicant),
        applicant=command.applicant,
        asked_person_id=case.asked.person_id,
        subject_ids=[one.person_id for one in case.printed],
        asked_for=sorted(command.asked_for),
        purpose=command.purpose,
        evidence=sorted(command.seen),
        copies=command.copies,
        fee_free_reason=command.fee_free_reason,
        sample=command.sample,
        official_use=command.official_use,
        place=actor.place,
        terminal=actor.terminal,
        staff_id=actor.staff_id,
        drawn_at=now,
    )


def _save(request: Request, *, again: bool) -> None:
    """Insert a new request, or move on the one that waited for its unlock, and only that."""
    if not again:
        request.save(force_insert=True)
        return
    waiting = Request.objects.select_for_update().filter(
        request_id=request.request_id, state=State.LOCKED, kind=request.kind,
        asked_person_id=request.asked_person_id,
    )  # fmt: skip
    if not waiting.exists():
        raise Refused((Problem(code="REQUEST_NOT_WAITING"),))
    request.save(force_update=True)


def _note(name: str, request: Request, *, actor: Actor, now: datetime) -> None:
    record(
        actor=actor,
        action=name,
        subjects=[request.asked_person_id, *request.subject_ids],
        detail={
            "request_id": request.request_id,
            "kind": request.kind,
            "channel": request.channel,
            "applicant": request.applicant,
            "copies": request.copies,
            "problems": list(request.problems),
        },
    )
    facts.note(
        name, at=now, kind=request.kind, channel=request.channel, copies=request.copies,
        place=request.place, sample=request.sample,
    )  # fmt: skip
