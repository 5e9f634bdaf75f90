"""Draw a certificate: lock, ask the gate, freeze one snapshot, give the numbers (証明書の作成)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from madoguchi.certificates.actions import reading, storing
from madoguchi.certificates.actions.numbering import next_serials
from madoguchi.certificates.documents.glyphs import check_glyphs
from madoguchi.certificates.domain.asking import Applicant, asker_of
from madoguchi.certificates.domain.definition import Removed
from madoguchi.certificates.domain.definitions import (
    check_asking,
    check_omissions,
    definition_of,
    omitted_from,
)
from madoguchi.certificates.domain.frozen import freeze
from madoguchi.certificates.domain.issue import (
    DrawCommand,
    Standing,
    State,
    check_copies,
    check_subjects,
    issue_number,
)
from madoguchi.certificates.domain.kinds import MACHINES, Channel, Kind, fee_on
from madoguchi.certificates.domain.layout import check_paper, plan_sheets
from madoguchi.certificates.domain.paper import Paper
from madoguchi.certificates.domain.self_service import check_machine
from madoguchi.certificates.domain.sheets import problems_of
from madoguchi.certificates.domain.token import SALT_BYTES
from madoguchi.certificates.domain.town import Town
from madoguchi.certificates.models import Request
from madoguchi.certificates.queries.ledgers import RuleCode, rule_stands
from madoguchi.certificates.queries.rules import fees_and_stop
from madoguchi.infra import locks, queue
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text
from madoguchi.protection.api import GateAnswer, Use, gate, hidden_from, use_unlock
from madoguchi.register.api import provisional_of, seen

RENDER_JOB = "certificates.render"
RENDER_QUEUE = "papers"
#: The printer's place stands in every 発行番号; one printer a terminal here.
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
class _Closed:
    """What the gate left of a request: its new state and why."""

    state: State
    problems: tuple[Problem, ...]


_NEUTRAL = _Closed(state=State.REFUSED, problems=(Problem(code="NOT_AVAILABLE_HERE"),))


def draw(*, actor: Actor, command: DrawCommand, now: datetime, town: Town) -> Drawn | NotDrawn:
    """Draw one certificate in one transaction; the rest of the path adds nothing to it.

    Every reason not to is found at once and stored with the request, so that requests =
    issued + refused + failed (I10). Raises ``Refused`` only where there is no request to
    count: no right to ask, or nobody of that number as far as this actor may know.
    """
    reading.must(actor, Right.ISSUE_CERTIFICATE)
    # Through the eyes of the actor: a held person costs what an unknown number costs, in time too.
    before = seen.find_person(command.asked_person_id, actor=actor)
    if before is None:
        raise Refused(Problem(code="UNKNOWN_PERSON"))
    locks.take(
        [
            (LockKind.PERSON, command.asked_person_id),
            (LockKind.HOUSEHOLD, before.household_no),
            *([(LockKind.CERTIFICATE, command.request_id)] if command.request_id else []),
        ]
    )
    case = reading.read_case(command, household_no=before.household_no, actor=actor)
    request_id = command.request_id or new_id()
    problems, fee_yen = find_reasons(command, case, actor=actor, on=now.date())
    entry = _ask_gate(command, case, actor=actor, request_id=request_id, problems=problems)
    request = storing.new_request(command, case, actor=actor, now=now, request_id=request_id)
    if isinstance(entry, _Closed):
        return _keep_refusal(request, case, actor=actor, now=now, entry=entry, command=command)
    if not problems:
        paper = reading.paper_of(command, case, request_id=request_id, on=now.date(), town=town)
        faults, alerts = find_faults(paper)
        problems = faults if command.accepts_alerts else (*faults, *alerts)
        if not problems:
            request.pass_id = entry
            request.fee_yen = 0 if command.fee_free else fee_yen * command.copies
            return _keep(request, paper, case, actor=actor, now=now, alerts=alerts, town=town,
                         again=bool(command.request_id))  # fmt: skip
    closed = _Closed(state=State.REFUSED, problems=problems)
    return _keep_refusal(request, case, actor=actor, now=now, entry=closed, command=command)


def find_faults(paper: Paper) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Return what forbids this paper, and alert A5: what finds no room (文字超過・外字).

    A clerk may accept that a text is cut. A character without its registered glyph is
    never accepted: the renderer would print another one and say nothing.
    """
    problems = check_paper(paper)
    if problems:
        return problems, ()
    sheets = plan_sheets(paper)
    return check_glyphs(sheets), problems_of(sheets)


def find_reasons(
    command: DrawCommand, case: reading.Case, *, actor: Actor, on: date
) -> tuple[tuple[Problem, ...], int]:
    """Find every reason not to, gate and print apart, and the fee of one copy (交付の確認)."""
    everybody = case.everybody
    drafted = provisional_of(list(everybody))
    standing = {
        one.person_id: Standing(
            person_id=one.person_id,
            is_removed=not one.status.is_resident,
            is_dead=one.status.value == "DEAD",
            has_draft=one.person_id in drafted,
        )
        for one in everybody.values()
    }
    problems = check_subjects(
        kind=command.kind,
        asked=_asked_of(case, standing[case.asked.person_id], command.kind),
        printed=[standing[one.person_id] for one in case.printed],
    )
    if drafted:
        # Printed or not: the last look before the paper leaves asks for the whole household too.
        problems += (Problem(code="CHANGE_WAITS_FOR_APPROVAL"),)
    if set(command.chosen_ids) - everybody.keys():
        problems += (Problem(code="NOT_IN_HOUSEHOLD"),)
    fees, stopped = fees_and_stop(kind=command.kind, channel=command.channel)
    if stopped:
        problems += (Problem(code="KIND_STOPPED", where=command.kind.value),)
    problems += check_asking(
        kind=command.kind, channel=command.channel, applicant=command.applicant, seen=command.seen
    )
    problems += case.ledger_problems
    problems += check_omissions(
        kind=command.kind,
        omitted=omitted_from(command.kind, asked_for=command.asked_for, left_out=command.left_out),
        channel=command.channel,
        asker=asker_of(command.applicant),
    )
    problems += reading.check_numbers(command, case, actor=actor)
    if command.channel in MACHINES:
        problems += _check_machine(command, case, actor=actor, on=on)
    problems += check_copies(command.copies)
    problems += check_free_text(command.purpose, where="purpose")
    fee = fee_on(fees, kind=command.kind, channel=command.channel, on=on)
    if isinstance(fee, Problem):
        problems, fee = (*problems, fee), 0
    return tuple(dict.fromkeys(problems)), fee


def _asked_of(case: reading.Case, now: Standing, kind: Kind) -> Standing:
    """Return the standing that counts: a 除票 asks for a closed record, whatever its person is today."""
    if definition_of(kind).removed is not Removed.ONLY:
        return now
    return replace(now, is_removed=case.closed is not None)


def _check_machine(
    command: DrawCommand, case: reading.Case, *, actor: Actor, on: date
) -> tuple[Problem, ...]:
    return check_machine(
        command,
        asked=reading.resident_of(case.asked),
        printed=[reading.resident_of(one) for one in case.printed],
        household=[reading.resident_of(one) for one in case.everybody.values()],
        on=on,
        numbers=may_show_numbers(actor),
    )


def may_show_numbers(actor: Actor) -> bool:
    """Tell whether this machine may show 個人番号: its account has the right, and the town wants it.

    No kiosk's account has the right as it is made (*assumed*), so the rule alone opens nothing.
    """
    return actor.may(Right.SEE_NUMBERS) and rule_stands(RuleCode.NUMBERS_AT_MACHINES)


def _ask_gate(
    command: DrawCommand,
    case: reading.Case,
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
    use = Use.MAIL if command.channel is Channel.MAIL else Use.PRINT
    answer = gate(case.households, actor=actor, use=use, households=case.households)
    if not answer.blocked:
        return ""
    blocks = blocks_of(answer)
    if answer.failed:
        return _NEUTRAL
    if hidden_from(actor):
        view = gate(case.households, actor=actor, use=Use.VIEW, households=case.households)
        held = held_of(view)
        if case.asked.person_id in held:
            raise Refused(Problem(code="UNKNOWN_PERSON"))
        if held:
            return _NEUTRAL
    if command.asked_person_id in answer.blocked and _tells_others_where(command):
        problems = (*problems, Problem(code="UNLOCK_REQUESTER_REFUSED"))
    if hidden_from(actor) or problems or blocks:
        return _Closed(state=State.REFUSED, problems=(*problems, *blocks))
    return _unlocked(
        command, case, actor=actor, request_id=request_id, held=answer.blocked, use=use
    )


def _tells_others_where(command: DrawCommand) -> bool:
    """Tell whether a relative asks for the paper on which the new address stands (Inuyama, 2018).

    No second officer can let that through: 転出先 is for the person alone.
    """
    tells = definition_of(command.kind).tells_where
    return tells and command.applicant is Applicant.HOUSEHOLD


def _unlocked(
    command: DrawCommand,
    case: reading.Case,
    *,
    actor: Actor,
    request_id: str,
    held: Iterable[str],
    use: Use,
) -> str | _Closed:
    """Use up the unlock of exactly this paper, or wait for one (一時解除の使用)."""
    kind = command.kind.value
    try:
        pass_id = use_unlock(
            actor=actor, request_id=request_id, kind=kind, use=use, person_ids=held
        )
    except Refused as refusal:
        return _Closed(state=State.LOCKED, problems=refusal.problems)
    again = gate(
        case.households, actor=actor, use=use, households=case.households,
        request_id=request_id, kind=kind, pass_id=pass_id,
    )  # fmt: skip
    return _NEUTRAL if again.blocked else pass_id


def blocks_of(answer: GateAnswer) -> tuple[Problem, ...]:
    """Return the blocks that this actor may be told of (抑止による不可)."""
    found = (one for some in answer.alerts.values() for one in some if one.code == "BLOCK_ERROR")
    return tuple(dict.fromkeys(found))


def held_of(answer: GateAnswer) -> frozenset[str]:
    """Return who is stopped for a reason this actor may not be told (支援対象者)."""
    told = {
        person_id
        for person_id, some in answer.alerts.items()
        if any(one.code == "BLOCK_ERROR" for one in some)
    }
    return frozenset(answer.blocked - told)


def _keep(
    request: Request,
    paper: Paper,
    case: reading.Case,
    *,
    actor: Actor,
    now: datetime,
    alerts: tuple[Problem, ...],
    town: Town,
    again: bool,
) -> Drawn:
    """Store the frozen content with its numbers and queue the drawing in the same transaction."""
    count = request.copies
    first = next_serials(day=now.date(), terminal=actor.terminal, count=count)
    numbers = tuple(
        issue_number(on=now.date(), town_code=town.code, terminal=actor.terminal,
                     printer=PRINTER, serial=first + offset)
        for offset in range(count)
    )  # fmt: skip
    request.state = State.DRAWN
    request.content = {
        **freeze(paper),
        "salts": [secrets.token_hex(SALT_BYTES) for _ in numbers],
    }
    request.versions = case.marks
    storing.save(request, again=again)
    storing.add_copies(request.request_id, numbers)
    storing.note("CERTIFICATE_DRAWN", request, actor=actor, now=now)
    queue.defer(RENDER_JOB, queue=RENDER_QUEUE, request_id=request.request_id)
    return Drawn(request_id=request.request_id, issue_nos=numbers, alerts=alerts)


def _keep_refusal(
    request: Request,
    case: reading.Case,
    *,
    actor: Actor,
    now: datetime,
    entry: _Closed,
    command: DrawCommand,
) -> NotDrawn:
    problems = tuple(replace(one, facts={}) for one in entry.problems)
    request.state = entry.state
    request.problems = list(dict.fromkeys(one.code for one in problems))
    request.closed_at = None if entry.state is State.LOCKED else now
    request.copies = min(max(command.copies, 1), 20)
    if entry.state is State.REFUSED:
        # Nobody stands on a paper that is not made; and whom a refusal was about, is not told.
        request.subject_ids = [case.asked.person_id]
    storing.save(request, again=bool(command.request_id))
    storing.note("CERTIFICATE_REFUSED", request, actor=actor, now=now,
                 subjects=case.everybody)  # fmt: skip
    return NotDrawn(request_id=request.request_id, problems=entry.problems, state=entry.state)
