"""Which of eight cases an arrival is, why, what comes next, by when (転入の仕分け).

The table says which facts make a case and what follows; the facts are worked out here. Rows
stand in the order in which cases win over each other, H G B D C F E A, and the last row asks
for nothing: so every arrival is exactly one case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum, unique
from typing import Any

from madoguchi.kernel.daytimes import DayRule
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.domain.case import Card, Case, Group, Pin

#: Which case counts where several hold; A is what is left when nothing is in the way.
ORDER = "HGBDCFEA"
IsOfficeDay = Callable[[date], bool]


@unique
class Fact(StrEnum):
    """Something true of an arrival that a row of the table may ask for (事実)."""

    PROTECTED = "PROTECTED"
    FROM_ABROAD = "FROM_ABROAD"
    UNREGISTERED = "UNREGISTERED"
    FIRST_RECORD = "FIRST_RECORD"
    NOT_MOVED_OUT = "NOT_MOVED_OUT"
    TOO_LATE = "TOO_LATE"
    CARD_NOT_HERE = "CARD_NOT_HERE"
    PIN_NOT_USABLE = "PIN_NOT_USABLE"
    PAPER_WANTED = "PAPER_WANTED"
    PAPER_HERE = "PAPER_HERE"
    PHOTO_ID_HERE = "PHOTO_ID_HERE"


@unique
class Counted(StrEnum):
    """Which last day a row tells (期限の別)."""

    SPECIAL = "SPECIAL"  # 特例転入: thirty days of the plan, fourteen of moving in, the earlier
    FILING = "FILING"  # 転入届: fourteen days, on to the next open day


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One row of the table: what makes it, what follows (仕分けの行)."""

    key: str
    case: str
    when: frozenset[Fact]
    steps: tuple[str, ...]
    counted: Counted
    source: str
    days: DayRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A change of the rule that the town asks for: off until a table of its own dates it (要望)."""

    code: str
    case: str
    office_minutes: int
    resident_days: int
    source: str
    days: DayRule | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageBook:
    """The table of cases with its limits (仕分けの表)."""

    rows: tuple[CaseRow, ...]
    wishes: tuple[Wish, ...]
    planned_days: int
    moved_days: int
    #: Whether a fourteenth day on which the office is shut still ends the card's own limit.
    special_rolls: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """The answer: one case with its reason, steps and last day (仕分けの結果)."""

    case: str
    key: str
    steps: tuple[str, ...]
    deadline: date | None
    source: str
    #: Fields not told that would make it another case, or another day.
    undecided: tuple[str, ...] = ()
    wish: Wish | None = None
    wish_is_on: bool = False


def read_triage(table: Mapping[str, Any]) -> TriageBook:
    """Make the table of a file as it is written (仕分けの表の読取り)."""
    rows = tuple(
        CaseRow(
            key=row["key"], case=row["case"], when=frozenset(Fact(one) for one in row["when"]),
            steps=tuple(row["steps"]), counted=Counted(row["deadline"]), source=row["source"],
            days=_days(row),
        )
        for row in table["case"]
    )  # fmt: skip
    places = [ORDER.index(row.case) for row in rows]
    assert places == sorted(places), "rows stand in the order of cases"
    assert {row.case for row in rows} == set(ORDER), "every case has a row"
    (limits,) = table["limits"]
    return TriageBook(
        rows=rows,
        wishes=tuple(
            Wish(
                code=row["code"], case=row["case"], office_minutes=row["office_minutes"],
                resident_days=row["resident_days"], source=row["source"],
                days=_days(row) if "from" in row else None,
            )
            for row in table["wish"]
        ),
        planned_days=limits["planned_days"], moved_days=limits["moved_days"],
        special_rolls=limits["special_closed"] == "next",
    )  # fmt: skip


def check_case(case: Case, book: TriageBook) -> tuple[Problem, ...]:
    """Return why a case cannot be sorted yet (場合の確認)."""
    found = []
    if not book.rows[-1].days.holds_on(case.today):
        found.append(Problem(code="MOVE_NO_RULES_THEN", where="today"))
    facts = _known_facts(case)
    settled = {Fact.PROTECTED, Fact.FROM_ABROAD, Fact.UNREGISTERED, Fact.PAPER_HERE} & facts
    if case.move_out_notice_found is None and not settled:
        facts_said = {"field": "move_out_notice_found", "words": "true、false"}
        found.append(
            Problem(code="CASE_FIELD_MISSING", where="move_out_notice_found", facts=facts_said)
        )
    return tuple(found)


def triage(case: Case, book: TriageBook, *, is_office_day: IsOfficeDay) -> Triage:
    """Return the one case this is; what was not told counts as nothing in the way (仕分け)."""
    row = _row_of(case, book, is_office_day=is_office_day)
    wish = next((one for one in book.wishes if one.case == row.case), None)
    is_on = wish is not None and wish.days is not None and wish.days.holds_on(case.today)
    return Triage(
        case=row.case,
        key=row.key,
        steps=row.steps,
        deadline=last_day(case, book, counted=row.counted, is_office_day=is_office_day),
        source=row.source,
        undecided=tuple(_undecided(case, row, book, is_office_day=is_office_day)),
        wish=wish,
        wish_is_on=is_on,
    )


def last_day(
    case: Case, book: TriageBook, *, counted: Counted, is_office_day: IsOfficeDay
) -> date | None:
    """Return the last day that still counts; the day it begins to run does not (期限).

    The twenty-ninth of February is a day like any other: days are counted, not months.
    """
    moved = None
    if case.moved_in_on is not None:
        moved = case.moved_in_on + timedelta(days=book.moved_days)
        if counted is Counted.FILING or book.special_rolls:
            moved = _open_day(moved, is_office_day=is_office_day)
    if counted is Counted.FILING:
        return moved
    planned = None
    if case.planned_move_out_on is not None:
        planned = case.planned_move_out_on + timedelta(days=book.planned_days)
    return min((day for day in (planned, moved) if day is not None), default=None)


def facts_of(case: Case, book: TriageBook, *, is_office_day: IsOfficeDay) -> frozenset[Fact]:
    """Return everything true of an arrival that a row may ask for (事実の一覧)."""
    found = set(_known_facts(case))
    counted = Counted.FILING if case.paper_certificate else Counted.SPECIAL
    last = last_day(case, book, counted=counted, is_office_day=is_office_day)
    late = last is not None and case.today > last
    if case.paper_certificate and case.card not in (None, Card.NONE):
        # With the paper the filing is in time; the card still lapses with its own thirty days.
        planned = last_day(
            replace(case, moved_in_on=None), book, counted=Counted.SPECIAL,
            is_office_day=is_office_day,
        )  # fmt: skip
        late = late or (planned is not None and case.today > planned)
    if late:
        found.add(Fact.TOO_LATE)
    return frozenset(found)


def _known_facts(case: Case) -> frozenset[Fact]:
    """The facts that hang on no day."""
    nothing_found = not case.move_out_notice_found and not case.paper_certificate
    foreign = case.nationality_group is Group.FOREIGN
    holds = {
        Fact.PROTECTED: case.protected,
        Fact.FROM_ABROAD: case.from_abroad is True,
        Fact.UNREGISTERED: case.unregistered,
        # A foreign resident who moves between towns has moved out like anybody; whoever says
        # nothing of it and of whom nothing is found may have no record in Japan at all.
        Fact.FIRST_RECORD: foreign and nothing_found and case.from_abroad is None,
        Fact.NOT_MOVED_OUT: nothing_found,
        Fact.CARD_NOT_HERE: (
            case.card in (Card.LOST, Card.SUSPENDED, Card.NONE) and not case.paper_certificate
        ),
        Fact.PIN_NOT_USABLE: (
            case.pin in (Pin.FORGOTTEN, Pin.LOCKED) and not case.paper_certificate
        ),
        Fact.PAPER_WANTED: case.needs_paper and not case.paper_certificate,
        Fact.PAPER_HERE: case.paper_certificate,
        Fact.PHOTO_ID_HERE: case.photo_id,
    }
    return frozenset(fact for fact, is_so in holds.items() if is_so)


def _row_of(case: Case, book: TriageBook, *, is_office_day: IsOfficeDay) -> CaseRow:
    facts = facts_of(case, book, is_office_day=is_office_day)
    wished = {
        one.case
        for one in book.wishes
        if one.days is not None and one.days.holds_on(case.today)
    }  # fmt: skip
    for row in book.rows:
        # A row that asks for a photo document is the town's wish, and counts only once it is law.
        if Fact.PHOTO_ID_HERE in row.when and row.case not in wished:
            continue
        if row.when <= facts and row.days.holds_on(case.today):
            return row
    raise AssertionError("the last row asks for nothing")


def _undecided(
    case: Case, row: CaseRow, book: TriageBook, *, is_office_day: IsOfficeDay
) -> Iterator[str]:
    """Name what was not told and would change the case."""
    tries: Mapping[str, tuple[Any, ...]] = {"card": tuple(Card), "pin": tuple(Pin)}
    for name, values in tries.items():
        if getattr(case, name) is None and any(
            _row_of(replace(case, **{name: one}), book, is_office_day=is_office_day) != row
            for one in values
        ):
            yield name
    if case.moved_in_on is None:
        yield "moved_in_on"
    if case.planned_move_out_on is None and row.counted is Counted.SPECIAL:
        yield "planned_move_out_on"


def _open_day(day: date, *, is_office_day: IsOfficeDay) -> date:
    while not is_office_day(day):
        day += timedelta(days=1)
    return day


def _days(row: Mapping[str, Any]) -> DayRule:
    until = row.get("until")
    return DayRule(
        valid_from=date.fromisoformat(row["from"]),
        valid_until=date.fromisoformat(until) if until else None,
    )
