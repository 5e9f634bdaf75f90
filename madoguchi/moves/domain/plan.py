"""What a move sets off: what is done at the visit, and what other sections owe (手続きの計画).

Rows of a table ask for facts about a household or a person; each row whose facts all hold is
one step or one task, no row twice for the same person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from madoguchi.kernel.daytimes import DayRule
from madoguchi.kernel.months import months_after
from madoguchi.moves.domain.case import Card, Group
from madoguchi.moves.domain.household import Household, Insurance, MoveKind, Pension, Person
from madoguchi.moves.domain.triage import Triage

#: Whose task it is where it is the whole household's (世帯全体).
EVERYBODY = ""
#: Who has lived here so long is put on the roll of electors (公職選挙法21条).
_ELECTOR_MONTHS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """By when, counted from the move or from today (期限の数え方)."""

    counted_from: str
    days: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One row: which facts ask for which step or task (計画の行)."""

    code: str
    section: str
    kinds: frozenset[MoveKind]
    per_person: bool
    when: frozenset[str]
    unless: frozenset[str]
    minutes: int
    due: Due | None
    face_to_face: bool
    papers: tuple[str, ...]
    source: str
    days: DayRule


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBook:
    """The tables of steps and follow-ups (計画の表)."""

    steps: tuple[PlanRow, ...]
    follow_ups: tuple[PlanRow, ...]
    #: How long the town waits for a new town's notice before it asks (転入通知の未着).
    notice_after_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One thing done at the visit (手順); ``person`` is empty for the whole household."""

    person: str
    code: str
    desk: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One task of a section that the move sets off (関連課の用事)."""

    person: str
    code: str
    section: str
    due_on: date | None
    face_to_face: bool
    papers: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePlan:
    """Everything a move sets off (手続きの計画)."""

    steps: tuple[PlanStep, ...]
    follow_ups: tuple[FollowUp, ...]

    @property
    def minutes(self) -> int:
        """Return the minutes at the desk (分の計)."""
        return sum(one.minutes for one in self.steps)


def read_plan(table: Mapping[str, Any]) -> PlanBook:
    """Make the tables of a file as it is written (計画の表の読取り)."""
    return PlanBook(
        steps=tuple(_read(row) for row in table["step"]),
        follow_ups=tuple(_read(row) for row in table["follow_up"]),
        notice_after_days=table["notice"]["after_days"],
    )


def plan_move(
    household: Household, book: PlanBook, *, triage: Triage | None, cards: Sequence[PlanStep]
) -> MovePlan:
    """Return the steps and tasks of a move; ``cards`` are those of the family's cards (計画)."""
    found = household_facts(household, triage)
    people = {one.no: person_facts(one, household) | found for one in household.persons}
    steps = [
        PlanStep(person=no, code=row.code, desk=row.section, minutes=row.minutes)
        for row, no in _holding(book.steps, household, found, people)
    ]
    return MovePlan(
        steps=(*steps, *cards),
        follow_ups=tuple(
            FollowUp(
                person=no, code=row.code, section=row.section, face_to_face=row.face_to_face,
                due_on=due_on(row.due, household), papers=row.papers, source=row.source,
            )
            for row, no in _holding(book.follow_ups, household, found, people)
        ),
    )  # fmt: skip


def household_facts(household: Household, triage: Triage | None) -> frozenset[str]:
    """Return what is true of the whole household (世帯の事実)."""
    persons, on = household.persons, household.moves_on
    letter = triage.case if triage else ""
    holds = {
        "OWN_HOME": not household.joins_household,
        "DOG": household.dog,
        "VEHICLE": household.vehicle,
        "SINGLE_PARENT": household.single_parent,
        "ALLOWANCE_CHILD": any(is_allowance_child(one, on) for one in persons),
        "PROTECTED": household.case.protected,
        "PAPER_WANTED": letter in ("C", "D") and not household.case.paper_certificate,
        "MARKED_PAPER": letter == "E",
        "MOVE_OUT_FIRST": letter == "B",
        "CARD_LAPSES": letter == "D",
    }
    return frozenset(name for name, is_so in holds.items() if is_so)


def person_facts(person: Person, household: Household) -> frozenset[str]:
    """Return what is true of one person on the day of the move (人の事実)."""
    on = household.moves_on
    pupil, infant = is_of_school_age(person, on), not has_entered_school(person, on)
    national = person.insurance is Insurance.NATIONAL
    holds = {
        "ADULT": person.has_reached(18, on),
        "PUPIL": pupil,
        "PRESCHOOL": infant,
        "NURSERY": infant and person.wants_nursery,
        "MINOR": is_allowance_child(person, on),
        "ELECTOR": person.group is Group.JAPANESE
        and person.has_reached(18, months_after(on, _ELECTOR_MONTHS)),
        "NATIONAL_INSURANCE": national and not is_75(person, on),
        "LATE_ELDERLY": is_75(person, on) and person.insurance is not Insurance.WELFARE,
        "WELFARE": person.insurance is Insurance.WELFARE,
        "CARE_CERTIFIED": person.care_certified and person.has_reached(40, on),
        "CARE_INSURED": person.has_reached(65, on),
        "PENSION": person.pension is Pension.NATIONAL
        and person.has_reached(20, on) and not person.has_reached(60, on),
        "PREGNANT": person.pregnant,
        "DISABILITY": person.disability,
        "SEAL": person.wants_seal and person.has_reached(15, on),
        "FOREIGN": person.group is Group.FOREIGN,
        "CARD": person.card is Card.PRESENT,
        "CARD_GONE": person.card in (Card.LOST, Card.SUSPENDED),
    }  # fmt: skip
    return frozenset(name for name, is_so in holds.items() if is_so)


def is_of_school_age(person: Person, on: date) -> bool:
    """Tell whether school is compulsory (学齢): April after six to March after fifteen."""
    return has_entered_school(person, on) and on < _april_after(person, 15)


def has_entered_school(person: Person, on: date) -> bool:
    """Tell whether the April after the sixth year has come (就学)."""
    return on >= _april_after(person, 6)


def is_allowance_child(person: Person, on: date) -> bool:
    """Tell whether child allowance is paid: to the March after eighteen (児童手当の児童)."""
    return on < _april_after(person, 18)


def is_75(person: Person, on: date) -> bool:
    """Tell whether somebody is insured as late elderly: from the birthday itself (75歳)."""
    return person.has_reached(75, on - timedelta(days=1))


def due_on(due: Due | None, household: Household) -> date | None:
    """Return the day by which a task is to be done (期限)."""
    if due is None:
        return None
    start = {
        "moved": household.moves_on,
        "today": household.case.today,
        # The allowance counts from the day the old town ends: planned leaving, else the move.
        "left": household.case.planned_move_out_on or household.moves_on,
    }[due.counted_from]
    return months_after(start, due.months) + timedelta(days=due.days)


def _holding(
    rows: Iterable[PlanRow],
    household: Household,
    found: frozenset[str],
    people: Mapping[str, frozenset[str]],
) -> Iterator[tuple[PlanRow, str]]:
    """Yield each row that holds, with whom it is about."""
    for row in rows:
        if household.kind not in row.kinds or not row.days.holds_on(household.case.today):
            continue
        whom = people.items() if row.per_person else [(EVERYBODY, found)]
        for no, facts in whom:
            if row.when <= facts and not row.unless & facts:
                yield row, no


def _april_after(person: Person, age: int) -> date:
    """Return the first of April after the day an age is reached, the eve of the birthday."""
    born = person.born_on
    late = (born.month, born.day) >= (4, 2)
    return date(born.year + age + late, 4, 1)


def _read(row: Mapping[str, Any]) -> PlanRow:
    due = row.get("due")
    until = row.get("until")
    return PlanRow(
        code=row["code"], section=row["section"],
        kinds=frozenset(MoveKind(one) for one in row["kinds"]),
        per_person=row.get("per", "household") == "person", when=frozenset(row.get("when", ())),
        unless=frozenset(row.get("unless", ())), minutes=row.get("minutes", 0),
        due=Due(counted_from=due["from"], days=due.get("days", 0), months=due.get("months", 0))
        if due else None,
        face_to_face=row.get("face_to_face", False), papers=tuple(row.get("papers", ())),
        source=row["source"],
        days=DayRule(valid_from=date.fromisoformat(row["from"]),
                     valid_until=date.fromisoformat(until) if until else None),
    )  # fmt: skip
