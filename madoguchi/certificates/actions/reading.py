"""What one request needs of the register, read in one go (対象者の読取り)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from madoguchi.certificates.actions.compose import Subject, compose, compose_extract
from madoguchi.certificates.actions.leaving import movers_with, packed_of
from madoguchi.certificates.actions.ledgers import read_ledger
from madoguchi.certificates.domain.definition import Removed, Spread
from madoguchi.certificates.domain.definitions import definition_of
from madoguchi.certificates.domain.issue import DrawCommand, mark_of
from madoguchi.certificates.domain.kinds import Omit
from madoguchi.certificates.domain.paper import Extract, Paper
from madoguchi.certificates.domain.self_service import Resident
from madoguchi.certificates.domain.town import Town
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.register.api import (
    PersonRow,
    VersionRow,
    household_snapshot,
    live_history_of,
    numbers_for_paper,
    seen,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One household as one statement read it, and who of it goes on the paper (対象世帯)."""

    asked: PersonRow
    members: tuple[PersonRow, ...]
    printed: tuple[PersonRow, ...]
    householder: str
    #: Whose record in this household is closed.
    left: tuple[PersonRow, ...] = ()
    #: What the kind's own ledger says, or why it says nothing.
    extract: Extract | None = None
    ledger_problems: tuple[Problem, ...] = ()
    #: The removed record that is asked for; None where there is none, and for every other kind.
    closed: seen.ClosedRecord | None = None

    @property
    def everybody(self) -> Mapping[str, PersonRow]:
        """Everybody whose address the paper tells, printed or not (ゲートに問う人)."""
        return {one.person_id: one for one in (*self.members, *self.printed, self.asked)}

    @property
    def households(self) -> dict[str, str]:
        """Each of them with the household's number (世帯番号)."""
        return dict.fromkeys(self.everybody, self.asked.household_no)

    @property
    def marks(self) -> dict[str, str]:
        """What each record was when it was read, to be compared before the paper leaves (I5)."""
        return marks_of(self.everybody)

    @property
    def whole(self) -> bool:
        """Whether the whole household stands on the paper (世帯全員)."""
        return len(self.printed) == len(self.members)


def must(actor: Actor, right: Right) -> None:
    """Refuse an actor without the right (権限)."""
    if not actor.may(right):
        raise Refused(Problem(code="NOT_ALLOWED"))


def read_case(command: DrawCommand, *, household_no: str, actor: Actor) -> Case:
    """Read the household by one statement: all of one paper comes from this reading (I5)."""
    household = household_snapshot(household_no)
    if household is None:
        raise Refused(Problem(code="UNKNOWN_PERSON"))
    everybody = (*household.members, *household.left)
    asked = next((one for one in everybody if one.person_id == command.asked_person_id), None)
    if asked is None:
        # Moved to another household between our first look and the lock: look again.
        raise Refused(Problem(code="RECORD_CHANGED_MEANWHILE"))
    case = Case(
        asked=asked,
        members=household.members,
        left=household.left,
        printed=(),
        householder=household.householder.name if household.householder else "",
    )
    return with_printed(command, case, actor=actor)


def with_printed(command: DrawCommand, case: Case, *, actor: Actor) -> Case:
    """Return the same household with who and what stands on this paper (記載対象の選び直し)."""
    if definition_of(command.kind).removed is Removed.ONLY:
        return _with_closed(command, case, actor=actor)
    found = read_ledger(command, case.asked, actor=actor)
    return replace(
        case,
        printed=_printed(command, case),
        householder=found.householder
        if isinstance(found, Extract) and found.householder
        else case.householder,
        extract=found if isinstance(found, Extract) else None,
        ledger_problems=found if isinstance(found, tuple) else (),
    )


def _with_closed(command: DrawCommand, case: Case, *, actor: Actor) -> Case:
    """Read the removed record as it was closed: who heads the household today is not on it (除票)."""
    closed = seen.find_closed_record(case.asked.person_id, number=command.record, actor=actor)
    if closed is None:
        return replace(case, printed=(case.asked,))  # refused by its own rule, with words
    return replace(case, printed=(closed.row,), closed=closed, householder=closed.householder)


def _printed(command: DrawCommand, case: Case) -> tuple[PersonRow, ...]:
    spread, members, asked = definition_of(command.kind).spread, case.members, case.asked
    if spread is Spread.MOVERS:
        return movers_with(asked, (*members, *case.left))
    if spread is Spread.ASKED or (spread is Spread.CHOSEN and not command.chosen_ids):
        return (asked,)
    chosen = set(command.chosen_ids) or {one.person_id for one in members}
    printed = tuple(one for one in members if one.person_id in chosen)
    if not asked.status.is_resident:
        # 除票 beside the living: refused by its own rule, with words.
        printed = (*printed, asked)
    return printed


def resident_of(row: PersonRow) -> Resident:
    """Return what a machine's rules ask about one person (利用者の状態)."""
    came = {row.became_resident_sort, row.notified_sort} - {None}
    return Resident(
        person_id=row.person_id,
        born_on=row.birth_sort,
        is_foreign=row.nationality_group == "FOREIGN",
        leaves_town=row.status.value == "MOVE_OUT_PLANNED",
        came_on=frozenset(day for day in came if day is not None),
    )


def marks_of(people: Mapping[str, PersonRow]) -> dict[str, str]:
    """Return the mark of each record: version and standing (版の控え)."""
    return {
        person_id: mark_of(one.history_no, one.status.value) for person_id, one in people.items()
    }


def live_marks(*, household_no: str, also: Collection[str]) -> dict[str, str]:
    """Return the marks of the same people as things stand now: members, and whom it was for."""
    household = household_snapshot(household_no)
    if household is None:
        return {}
    people = {one.person_id: one for one in household.members}
    people |= {one.person_id: one for one in household.left if one.person_id in also}
    return marks_of(people)


def check_numbers(command: DrawCommand, case: Case, *, actor: Actor) -> tuple[Problem, ...]:
    """Say why 個人番号 cannot be printed: not by this clerk, or there is none (個人番号の記載)."""
    where = Omit.INDIVIDUAL_NUMBER.value
    if Omit.INDIVIDUAL_NUMBER not in command.asked_for:
        return ()
    if not actor.may(Right.SEE_NUMBERS):
        return (Problem(code="NUMBER_RIGHT_MISSING", where=where),)
    wanted = [one.person_id for one in case.printed]
    if len(numbers_for_paper(wanted, actor=actor)) < len(wanted):
        return (Problem(code="NUMBER_NOT_REGISTERED", where=where),)
    return ()


def _history_of(row: PersonRow, case: Case) -> tuple[VersionRow, ...]:
    if case.closed is not None:
        return case.closed.history
    return live_history_of(row.person_id, newest_record=True)


def paper_of(command: DrawCommand, case: Case, *, request_id: str, on: date, town: Town) -> Paper:
    """Return the paper these records make, without its number yet (証明書の記載内容)."""
    if case.extract is not None and definition_of(command.kind).spread is not Spread.MOVERS:
        return compose_extract(
            command=command, person_id=case.asked.person_id, extract=case.extract, issue_no="0",
            request_id=request_id, on=on, town=town,
        )  # fmt: skip
    history = definition_of(command.kind).with_history
    subjects = []
    for row in case.printed:
        versions = _history_of(row, case) if history else ()
        if history and (not versions or max(v.history_no for v in versions) > row.history_no):
            # The history is a second statement: it must tell of the same record (I5).
            raise Refused(Problem(code="RECORD_CHANGED_MEANWHILE"))
        subjects.append(Subject(row=row, history=versions))
    paper = compose(
        command=command, subjects=subjects, householder=case.householder,
        whole_household=case.whole, issue_no="0", request_id=request_id, on=on, town=town,
        lines=case.extract.lines if case.extract is not None else (),
    )  # fmt: skip
    if case.extract is None:
        return paper
    return replace(paper, packed=packed_of(paper, case.printed))
