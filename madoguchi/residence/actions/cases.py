"""Open a check, add what was found, put a decision before a second person, end it (確認の処理)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from madoguchi.accounts.api import is_approved, request_approval
from madoguchi.audit.api import record
from madoguchi.dispatch import api as dispatch
from madoguchi.infra import facts as told
from madoguchi.infra import locks
from madoguchi.infra.clock import day_of
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.dates import from_day
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.protection.api import Use, gate
from madoguchi.register.api import filing as register
from madoguchi.register.api import seen
from madoguchi.residence.domain.case import (
    Evidence,
    LetterKind,
    Outcome,
    State,
    Trigger,
    Visit,
)
from madoguchi.residence.domain.rules import (
    check_evidence,
    check_letter,
    check_proposal,
    check_visit,
)
from madoguchi.residence.models import Case, CasePerson, EvidenceRow, LetterRow, VisitRow
from madoguchi.residence.queries.cases import CHECK, CaseRow, find_case, rule_book

#: The line of the second officers' table that speaks of this.
GUARDED = "RESIDENCE_DECISION"


def open_case(
    *, household_no: str, person_ids: Sequence[str], trigger: Trigger, actor: Actor, now: datetime
) -> str:
    """Begin a check about people of one household (確認を始める). Run it in ``unit.run``."""
    _must(actor)
    people = seen.find_persons(person_ids, actor=actor)
    home = [one for one in people.values() if one.household_no == household_no]
    if not person_ids or len(home) != len(set(person_ids)):
        raise Refused(Problem(code="RESIDENCE_PEOPLE_UNKNOWN", where="person"))
    locks.take([(LockKind.HOUSEHOLD, household_no)])
    row = Case(
        case_id=new_id(), household_no=household_no, trigger=trigger.value,
        opened_by=actor.staff_id, opened_on=day_of(now),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(Problem(code="RESIDENCE_THERE_ALREADY")) from None
    CasePerson.objects.bulk_create(
        CasePerson(case=row, person_id=one.person_id) for one in home
    )  # fmt: skip
    _tell("RESIDENCE_OPENED", row.case_id, [one.person_id for one in home], actor, now,
          trigger=trigger.value)  # fmt: skip
    return row.case_id


def note_evidence(*, case_id: str, found: Evidence, actor: Actor, now: datetime) -> None:
    """Keep what a source answered, with the ground on which it was asked (答えを残す)."""
    row = _held(case_id, actor)
    book = rule_book(settings.MADOGUCHI_CARD_RULES)
    _refuse(check_evidence(row.facts, found, book=book, today=day_of(now)))
    EvidenceRow.objects.create(
        case_id=case_id, source=found.source.value, basis=book.sources[found.source].basis,
        asked_on=found.asked_on, lives=found.lives.value, since=found.since, until=found.until,
        noted_by=actor.staff_id,
    )  # fmt: skip
    _tell("RESIDENCE_ANSWERED", case_id, row.people, actor, now, source=found.source.value)


def note_visit(*, case_id: str, made: Visit, actor: Actor, now: datetime) -> None:
    """Keep what two officers found at the door (訪問を残す)."""
    row = _held(case_id, actor)
    book = rule_book(settings.MADOGUCHI_CARD_RULES)
    _refuse(check_visit(row.facts, made, book=book, today=day_of(now)))
    VisitRow.objects.create(
        case_id=case_id, visited_on=made.on, officers=list(made.officers), seen=made.seen.value,
        noted_by=actor.staff_id,
    )  # fmt: skip
    _tell("RESIDENCE_VISITED", case_id, row.people, actor, now, seen=made.seen.value)


def note_letter(*, case_id: str, kind: LetterKind, actor: Actor, now: datetime) -> CaseRow:
    """Keep that a letter is drawn, and let it be drawn where the gate lets it leave (手紙を残す).

    The gate is asked in the same unit that keeps it: a letter to somebody held is not made.
    """
    row = _held(case_id, actor)
    today = day_of(now)
    problems = list(check_letter(row.facts, kind, today=today))
    problems += check_leaves(row, actor=actor)
    _refuse(problems)
    days = timedelta(days=rule_book(settings.MADOGUCHI_CARD_RULES).answer_days)
    LetterRow.objects.create(
        case_id=case_id, kind=kind.value, drawn_on=today, answer_by=today + days,
        drawn_by=actor.staff_id,
    )  # fmt: skip
    _tell("RESIDENCE_WRITTEN", case_id, row.people, actor, now, kind=kind.value)
    found = find_case(case_id, actor=actor)
    assert found is not None, "it was there a moment ago"
    return found


def check_leaves(row: CaseRow, *, actor: Actor) -> tuple[Problem, ...]:
    """Return why no paper of a case leaves the office: somebody is held (紙を出せるか)."""
    households = dict.fromkeys(row.people, row.household_no)
    answer = gate(list(row.people), actor=actor, use=Use.PRINT, households=households)
    return (Problem(code="RESIDENCE_NO_PAPER"),) if answer.blocked else ()


def propose(
    *, case_id: str, outcome: Outcome, reason: str, weighed: bool, actor: Actor, now: datetime
) -> None:
    """Put a decision before a second person (決定の案)."""
    row = _held(case_id, actor)
    book = rule_book(settings.MADOGUCHI_CARD_RULES)
    _refuse(
        check_proposal(
            row.facts, outcome, reason=reason, weighed=weighed, book=book, today=day_of(now)
        )
    )
    proposal_id = new_id()
    Case.objects.filter(case_id=case_id).update(
        state=State.PROPOSED.value, outcome=outcome.value, reason=reason.strip(),
        proposed_by=actor.staff_id, proposal_id=proposal_id,
    )  # fmt: skip
    # The second person reads the case itself: what stands in it is for those who may see it.
    request_approval(
        actor=actor, action=GUARDED, subject_ref=proposal_id, reason=f"事案 {short_no(case_id)}"
    )
    _tell("RESIDENCE_PROPOSED", case_id, row.people, actor, now, outcome=outcome.value)


def withdraw(*, case_id: str, actor: Actor, now: datetime) -> None:
    """Take a proposal back: what was found stays, an approval of it opens nothing (案の取下げ)."""
    row = _held(case_id, actor)
    if row.facts.state is not State.PROPOSED:
        raise Refused(Problem(code="RESIDENCE_NOT_PROPOSED"))
    Case.objects.filter(case_id=case_id).update(
        state=State.OPEN.value, outcome="", reason="", proposed_by="", proposal_id=""
    )
    _tell("RESIDENCE_WITHDRAWN", case_id, row.people, actor, now)


def carry_out(
    *, case_id: str, actor: Actor, now: datetime, passed: Collection[str] = ()
) -> str:  # fmt: skip
    """Do what two people decided; a removal is the register's own verb (決定の実行)."""
    row = _held(case_id, actor)
    if row.facts.state is not State.PROPOSED:
        raise Refused(Problem(code="RESIDENCE_NOT_PROPOSED"))
    if not is_approved(action=GUARDED, subject_ref=row.proposal_id):
        raise Refused(Problem(code="RESIDENCE_SECOND_FIRST"))
    today = day_of(now)
    filing_id = ""
    if row.outcome == Outcome.REMOVE:
        filed = register.file_change(
            actor=actor, passed=frozenset(passed),
            command=register.RemovePersons(
                filing=register.Filing(effective=from_day(today).as_written),
                person_ids=tuple(row.people), reason=register.Reason.REMOVE_EX_OFFICIO,
            ),
        )  # fmt: skip
        filing_id = filed.filing_id
    _close(row, actor=actor, now=now, register_filing_id=filing_id)
    _tell("RESIDENCE_DECIDED", case_id, row.people, actor, now, outcome=row.outcome,
          register_filing=filing_id)  # fmt: skip
    return filing_id


def end_case(*, case_id: str, actor: Actor, now: datetime) -> None:
    """End a check without a decision: they notified themselves, or it was a mistake (終わる)."""
    row = _held(case_id, actor)
    if row.facts.state is not State.OPEN:
        raise Refused(Problem(code="RESIDENCE_NOT_OPEN"))
    _close(row, actor=actor, now=now)
    _tell("RESIDENCE_ENDED", case_id, row.people, actor, now)


def _held(case_id: str, actor: Actor) -> CaseRow:
    """Return a case that is not over, its row held; or refuse as one nobody knows."""
    _must(actor)
    Case.objects.select_for_update().filter(case_id=case_id).first()
    row = find_case(case_id, actor=actor)
    if row is None:
        raise Refused(Problem(code="RESIDENCE_UNKNOWN"))
    if row.facts.state is State.CLOSED:
        raise Refused(Problem(code="RESIDENCE_NOT_OPEN"))
    return row


def _close(row: CaseRow, *, actor: Actor, now: datetime, **more: str) -> None:
    # A letter that has not left the house asks nobody any more.
    for one in row.facts.pending:
        dispatch.close_matter(about_no=one.about_no, actor=actor, now=now)
    Case.objects.filter(case_id=row.case_id).update(
        state=State.CLOSED.value, closed_by=actor.staff_id, closed_on=day_of(now), **more
    )


def short_no(case_id: str) -> str:
    """Return by what a case is called in speech: the head of its id (事案の番号)."""
    return case_id[:6].upper()


def _must(actor: Actor) -> None:
    if not actor.may(CHECK):
        raise Refused(Problem(code="NOT_ALLOWED"))


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Refused(problems)


def _tell(
    action: str, case_id: str, people: Collection[str], actor: Actor, now: datetime, **more: str
) -> None:
    record(actor=actor, action=action, subjects=sorted(people), detail={"case": case_id, **more})
    told.note(action.lower(), at=now, **more)
