"""A move filed once: register, protection, cards, follow-ups, or nothing at all (届出の登録)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from madoguchi.addressees import api as addressees
from madoguchi.audit.api import record
from madoguchi.infra import facts
from madoguchi.infra.clock import day_of
from madoguchi.infra.office import is_office_day
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import AlertsUnanswered, Problem, Refused
from madoguchi.moves.actions.letters import end_inquiries, end_letters
from madoguchi.moves.actions.records import NEWBORN, household_of_move, items_of, reason_of
from madoguchi.moves.actions.sending import drop_unsent, tell_arrival, tell_leaving
from madoguchi.moves.domain.case import Card
from madoguchi.moves.domain.filing import (
    Arrival,
    Kind,
    MoveIn,
    Said,
    Told,
    check_move_in,
    check_told,
)
from madoguchi.moves.domain.household import Household
from madoguchi.moves.models import FieldSource, Filing, FilingPerson, MoveCase, Task
from madoguchi.moves.queries.planning import plan_of
from madoguchi.moves.queries.rulebook import online_book, triage_book
from madoguchi.protection.api import set_measure
from madoguchi.register.api import filing as register
from madoguchi.register.api import persons_of
from madoguchi.visits import api as visits

#: Whose a field is that is written once for the whole family.
EVERYBODY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What came of a filing (届出の結果)."""

    filing_id: str
    #: By the number a person had in the filing; for other filings by their own.
    person_ids: Mapping[str, str]
    household_no: str
    run_id: str


def file_move_in(
    *, actor: Actor, move: MoveIn, now: datetime, passed: Collection[str] = (), case_id: str = ""
) -> Moved:
    """File a whole 転入届 in one transaction (転入届の登録). Run it in ``unit.run``.

    The register's part comes first, since it takes the locks; what it finds and what is found
    here are told together, and whatever is refused leaves nothing behind.
    """
    today = day_of(now)
    problems = list(
        check_move_in(
            move, today=today, book=triage_book(settings.MADOGUCHI_CARD_RULES),
            is_office_day=is_office_day, from_home=_may_file_from_home(today),
        )
    )  # fmt: skip
    if move.shelter and not {Right.SET_PROTECTION, Right.SEE_PROTECTED} <= actor.rights:
        problems.append(Problem(code="MOVE_PROTECTION_RIGHT_MISSING"))
    expected = MoveCase.objects.filter(case_id=case_id).first() if case_id else None
    if expected is not None and expected.is_protected and move.shelter is None:
        problems.append(Problem(code="MOVE_SHELTER_MISSING", where="shelter"))
    filed = _in_register(actor, _entry(move), passed, problems)
    person_ids = _numbers(move, filed.history_nos)
    (household_no,) = filed.household_nos
    if move.shelter:
        _shelter(move, person_ids, actor=actor, today=today)
    run_id = _open_run(move, household_no, actor=actor, now=now)
    row = _keep(
        Kind.MOVE_IN, move.told, filed, actor=actor, now=now, household_no=household_no,
        run_id=run_id,
    )  # fmt: skip
    addressees.follow_move(
        left=dict.fromkeys(person_ids.values(), move.previous_address),
        filing_id=row.filing_id, actor=actor, now=now,
    )  # fmt: skip
    sources = {person_ids[one.no]: one.items for one in move.people}
    _keep_sources(row, {EVERYBODY: move.once, **sources}, told=move.told)
    household = household_of_move(move, today=today)
    _keep_tasks(row, household, person_ids)
    if case_id:
        _close_case(case_id, row.filing_id, now=now)
    tell_arrival(
        move=move, filing=row, person_ids=list(person_ids.values()), case_id=case_id, now=now
    )
    _tell("MOVE_IN_FILED", row, person_ids.values(), actor=actor, now=now)
    return Moved(
        filing_id=row.filing_id, person_ids=person_ids, household_no=household_no, run_id=run_id
    )


def file_other(
    *, actor: Actor, kind: Kind, command: register.Command, told: Told, now: datetime,
    household: Household | None = None, passed: Collection[str] = (), case_id: str = "",
    once: Mapping[str, Said] | None = None,
) -> Moved:  # fmt: skip
    """File anything but a 転入届: 転居, 転出, 世帯変更, 出生, 死亡, 職権 (ほかの届出の登録).

    ``household`` tells whose follow-ups it sets off; its people are numbered by person_id.
    ``case_id``: the draft it came of, which ends with it; ``once``: on what the new home rests.
    """
    assert isinstance(command, _COMMANDS[kind]), "the command is that of the kind"
    problems = list(check_told(told, kind=kind, from_home=_may_file_from_home(day_of(now))))
    left = _left_by(command)
    filed = _in_register(actor, command, passed, problems)
    row = _keep(kind, told, filed, actor=actor, now=now, household_no=min(filed.household_nos))
    numbers = {one: one for one in filed.history_nos}
    if household is not None:
        newborn = dict.fromkeys([NEWBORN], min(numbers)) if kind is Kind.BIRTH else {}
        _keep_tasks(row, household, {**newborn, **numbers})
    _keep_sources(row, {EVERYBODY: once or {}}, told=told)
    if left:
        addressees.follow_move(left=left, filing_id=row.filing_id, actor=actor, now=now)
    if case_id:
        _close_case(case_id, row.filing_id, now=now)
    if kind is Kind.CONFIRM_MOVE_OUT:
        end_inquiries(person_ids=numbers, actor=actor, now=now)
    tell_leaving(command=command, filing=row, now=now)
    _tell("MOVE_FILED", row, numbers, actor=actor, now=now, kind=kind.value)
    return Moved(
        filing_id=row.filing_id, person_ids=numbers, household_no=row.household_no, run_id=""
    )


def take_back(
    *, actor: Actor, filing_id: str, ground: str, now: datetime, passed: Collection[str] = ()
) -> Moved:
    """Take a filing back, newest first; its open follow-ups fall away with it (異動の取消し)."""
    row = Filing.objects.filter(filing_id=filing_id).first()
    if row is None:
        raise Refused(Problem(code="MOVE_FILING_UNKNOWN"))
    targets = dict(row.persons.values_list("person_id", "history_no"))
    today = day_of(now)
    told = Told(filed_on=today, ground=ground)
    command = register.RevertChange(filing=register.Filing(filed_on=today), targets=targets)
    problems = list(check_told(told, kind=Kind.REVERT))
    if row.reverted_at is not None:
        problems.append(Problem(code="MOVE_TAKEN_BACK_ALREADY"))
    filed = _in_register(actor, command, passed, problems)
    kept = _keep(Kind.REVERT, told, filed, actor=actor, now=now, household_no=row.household_no)
    Filing.objects.filter(filing_id=filing_id).update(reverted_at=now)
    end_letters(filing_id=filing_id, actor=actor, now=now)
    drop_unsent(filing_id=filing_id, actor=actor, now=now)
    row.tasks.filter(state="OPEN").update(state="NOT_NEEDED", done_by=actor.staff_id, done_at=now)
    _tell("MOVE_TAKEN_BACK", kept, targets, actor=actor, now=now, of=filing_id)
    return Moved(
        filing_id=kept.filing_id, person_ids={one: one for one in targets},
        household_no=row.household_no, run_id="",
    )  # fmt: skip


_COMMANDS: Mapping[Kind, tuple[type, ...]] = {
    Kind.CHANGE_ADDRESS: (register.ChangeAddress,),
    Kind.MOVE_OUT: (register.PlanMoveOut,),
    Kind.CONFIRM_MOVE_OUT: (register.ConfirmMoveOut,),
    Kind.HOUSEHOLD: (register.ChangeHousehold,),
    Kind.BIRTH: (register.RecordEntry,),
    Kind.DEATH: (register.RemovePersons,),
    Kind.CORRECT: (register.CorrectError,),
    Kind.EX_OFFICIO: (register.RecordEntry, register.RemovePersons, register.Amend),
}


def _left_by(command: register.Command) -> dict[str, str]:
    """Return where people who move within the town live until then (転居する前の住所)."""
    if not isinstance(command, register.ChangeAddress):
        return {}
    return {
        person_id: f"{one.address}　{one.building}".strip("　")
        for person_id, one in persons_of(command.person_ids).items()
    }


def _may_file_from_home(today: date) -> bool:
    return online_book(settings.MADOGUCHI_CARD_RULES).may_file(today)


def _entry(move: MoveIn) -> register.RecordEntry:
    return register.RecordEntry(
        filing=register.Filing(effective=move.moved_on, filed_on=move.told.filed_on),
        reason=reason_of(move.arrival),
        newcomers=tuple(
            register.Newcomer(items=items_of(one, move), person_id=one.person_id or None)
            for one in move.people
        ),
        household_no=move.household_no or None,
    )


def _in_register(
    actor: Actor, command: register.Command, passed: Collection[str], problems: list[Problem]
) -> register.Filed:
    """File the register's part, and refuse with everything that was found on both sides."""
    try:
        filed = register.file_change(actor=actor, command=command, passed=frozenset(passed))
    except AlertsUnanswered:
        if problems:  # what is wrong is told before what only has to be answered
            raise Refused(problems) from None
        raise
    except Refused as refusal:
        raise Refused((*problems, *refusal.problems)) from None
    if problems:
        raise Refused(problems)
    return filed


def _numbers(move: MoveIn, history_nos: Mapping[str, int]) -> dict[str, str]:
    """Return everybody's 宛名番号 by their number in the filing; new ones rise in its order."""
    known = {one.person_id for one in move.people if one.person_id}
    fresh = iter(sorted(one for one, no in history_nos.items() if no == 1 and one not in known))
    return {one.no: one.person_id or next(fresh) for one in move.people}


def _shelter(move: MoveIn, person_ids: Mapping[str, str], *, actor: Actor, today: date) -> None:
    """Hold the family from the same commit on: they are never on the register unprotected."""
    assert move.shelter is not None
    first, *others = person_ids.values()
    set_measure(
        actor=actor, applicant_id=first, together_ids=others, accepted_on=today,
        category=move.shelter.category, from_town=move.shelter.from_town,
    )  # fmt: skip


def _open_run(move: MoveIn, household_no: str, *, actor: Actor, now: datetime) -> str:
    """Begin the family's cards, where a family of its own has cards that may go on."""
    can = move.arrival in (Arrival.SPECIAL, Arrival.PAPER) and not move.household_no
    if not can or not any(one.card is Card.PRESENT for one in move.people):
        return ""
    # It locks the household again: nobody can wait for one that was made in this very unit.
    return visits.open_run(
        household_no=household_no, reason=visits.RunReason.MOVE_IN, filed_on=move.told.filed_on,
        planned_out_on=move.planned_out_on, actor=actor, now=now,
    )  # fmt: skip


def _keep(
    kind: Kind, told: Told, filed: register.Filed, *, actor: Actor, now: datetime,
    household_no: str, run_id: str = "",
) -> Filing:  # fmt: skip
    row = Filing.objects.create(
        filing_id=new_id(), kind=kind.value, register_filing_id=filed.filing_id,
        household_no=household_no, filed_on=told.filed_on, delay_reason=told.delay_reason,
        notifier=told.notifier.value if not told.ground else "", ground=told.ground,
        run_id=run_id, place=actor.place, staff_id=actor.staff_id, filed_at=now,
    )  # fmt: skip
    FilingPerson.objects.bulk_create(
        FilingPerson(filing=row, person_id=person_id, history_no=history_no)
        for person_id, history_no in filed.history_nos.items()
    )
    return row


def _keep_sources(row: Filing, sources: Mapping[str, Mapping[str, Said]], *, told: Told) -> None:
    FieldSource.objects.bulk_create(
        FieldSource(
            filing=row, person_id=person_id, item=item, evidence=said.evidence.value,
            told_by=told.notifier.value, told_on=said.told_on or told.filed_on,
            differs=said.differs,
        )
        for person_id, items in sources.items()
        for item, said in items.items()
    )  # fmt: skip


def _keep_tasks(row: Filing, household: Household, numbers: Mapping[str, str]) -> None:
    plan = plan_of(household, plan_cards=visits.plan_cards, folder=settings.MADOGUCHI_CARD_RULES)
    Task.objects.bulk_create(
        Task(
            task_id=new_id(), filing=row, code=one.code, section=one.section, due_on=one.due_on,
            person_id=numbers[one.person] if one.person else "", face_to_face=one.face_to_face,
        )
        for one in plan.follow_ups
    )  # fmt: skip


def _close_case(case_id: str, filing_id: str, *, now: datetime) -> None:
    """End what was kept before the filing; a second press finds it ended."""
    ended = MoveCase.objects.filter(case_id=case_id, closed_at__isnull=True).update(
        closed_at=now, filing_id=filing_id, data={}
    )
    if not ended:
        raise Refused(Problem(code="MOVE_CASE_OVER"))


def _tell(
    action: str, row: Filing, people: Iterable[str], *, actor: Actor, now: datetime,
    **more: str | int,
) -> None:  # fmt: skip
    detail = {"filing": row.filing_id, "register_filing": row.register_filing_id, **more}
    record(actor=actor, action=action, subjects=sorted(people), detail=detail)
    facts.note("move_filed", at=now, kind=row.kind, tasks=row.tasks.count())
