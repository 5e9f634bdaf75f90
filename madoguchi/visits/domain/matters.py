"""What somebody is at the counter for, what is done about it, and how it ended (用件・手順・終わり方).

Everything a town may do otherwise is a dated row with its source (``tables/matters.toml``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from typing import Any

from madoguchi.kernel.daytimes import DayRule, Span, parse_clock
from madoguchi.kernel.outcome import Problem

#: After so many minutes nobody was served all the time: it was forgotten, and is not measured.
MEASURED_MAX = 240


@unique
class Ends(StrEnum):
    """What an outcome means for whoever came (終わり方の種類)."""

    DONE = "DONE"  # すんだ
    AGAIN = "AGAIN"  # もう一度来る
    SENT_ON = "SENT_ON"  # ほかの窓口へ
    IMPOSSIBLE = "IMPOSSIBLE"  # できない
    UNKNOWN = "UNKNOWN"  # 控えていない


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRow:
    """One kind of matter: how long it is planned to take, and what it needs (用件の行)."""

    code: str
    service: str
    minutes: int | None
    terminal: bool
    needs_person: bool
    visit: str
    days: DayRule
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One thing to do or to tell at the counter (手順の行)."""

    code: str
    matters: tuple[str, ...]
    days: DayRule
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """One way a matter can end (終わり方の行); no ``matters``: any but those in ``but``."""

    code: str
    ends: Ends
    matters: tuple[str, ...]
    but: tuple[str, ...]
    days: DayRule
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursRow:
    """The usual hours of the counter (ふだんの時間)."""

    span: Span
    days: DayRule


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterBook:
    """All tables of matters (用件の表)."""

    matters: tuple[MatterRow, ...]
    steps: tuple[StepRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    hours: tuple[HoursRow, ...]

    def matters_on(self, day: date) -> tuple[MatterRow, ...]:
        """Return the matters of a day in the order of the table; the newest row counts (用件)."""
        found: dict[str, MatterRow] = {}
        for row in self.matters:
            kept = found.get(row.code)
            newer = kept is None or row.days.valid_from >= kept.days.valid_from
            if row.days.holds_on(day) and newer:
                found[row.code] = row
        return tuple(found.values())

    def matter(self, code: str, day: date) -> MatterRow | None:
        """Return one matter as it holds on a day (用件の行)."""
        return next((row for row in self.matters_on(day) if row.code == code), None)

    def steps_of(self, matter: str, day: date) -> tuple[StepRow, ...]:
        """Return what is done about a matter, in order (手順)."""
        return tuple(row for row in self.steps if matter in row.matters and row.days.holds_on(day))

    def outcomes_of(self, matter: str, day: date) -> tuple[OutcomeRow, ...]:
        """Return how a matter may end on a day (終わり方)."""
        return tuple(
            row for row in self.outcomes
            if row.days.holds_on(day) and matter not in row.but
            and (not row.matters or matter in row.matters)
        )  # fmt: skip

    def is_extended(self, day: date, minute: int, *, is_office_day: bool) -> bool:
        """Tell whether a moment lies outside the usual hours (時間外)."""
        usual = [row.span for row in self.hours if row.days.holds_on(day)]
        return not is_office_day or not any(one.begins <= minute < one.ends for one in usual)


def read_matters(table: Mapping[str, Any]) -> MatterBook:
    """Make the tables of a file as it is written; a row that names nothing is a bug (用件の表の読取り)."""
    book = MatterBook(
        matters=tuple(
            MatterRow(
                code=row["code"], service=row["service"], minutes=row.get("minutes"),
                terminal=row.get("terminal", False), needs_person=row.get("person", False),
                visit=row.get("visit", ""), days=_days(row), source=row["source"],
            )
            for row in table["matter"]
        ),
        steps=tuple(
            StepRow(code=row["code"], matters=tuple(row["matters"]), days=_days(row),
                    source=row["source"])
            for row in table["step"]
        ),
        outcomes=tuple(
            OutcomeRow(
                code=row["code"], ends=Ends(row["ends"]), matters=tuple(row.get("matters", ())),
                but=tuple(row.get("but", ())), days=_days(row), source=row["source"],
            )
            for row in table["outcome"]
        ),
        hours=tuple(HoursRow(span=_span(row), days=_days(row)) for row in table["hours"]),
    )  # fmt: skip
    known = {row.code for row in book.matters}
    named = {code for step in book.steps for code in step.matters}
    named |= {code for one in book.outcomes for code in (*one.matters, *one.but)}
    assert named <= known, f"no such matter: {sorted(named - known)}"
    return book


def check_end(
    book: MatterBook, *, matter: str, outcome: str, ticked: Collection[str], has_person: bool,
    day: date,
) -> tuple[Problem, ...]:  # fmt: skip
    """Return everything that stands against ending a matter this way (終わり方の確認).

    Only what is said to be done must have been done step by step; whoever goes away without it
    can go at any point.
    """
    row = next((one for one in book.outcomes_of(matter, day) if one.code == outcome), None)
    if row is None:
        return (Problem(code="MATTER_OUTCOME_UNKNOWN", where="outcome"),)
    if row.ends is not Ends.DONE:
        return ()
    kind = book.matter(matter, day)
    found = [
        Problem(code="MATTER_STEP_LEFT", facts={"step": step.code})
        for step in book.steps_of(matter, day)
        if step.code not in ticked
    ]
    if kind is not None and kind.needs_person and not has_person:
        found.append(Problem(code="MATTER_PERSON_MISSING"))
    return tuple(found)


def measured(seconds: float) -> int | None:
    """Return whole minutes, at least one; None where nobody can have been served so long (分)."""
    minutes = max(1, round(seconds / 60))
    return minutes if minutes <= MEASURED_MAX else None


def worst(ends: Iterable[Ends]) -> Ends:
    """Return what a whole visit came to: the matter that ended worst says it (来庁の結果)."""
    order = (Ends.UNKNOWN, Ends.AGAIN, Ends.SENT_ON, Ends.IMPOSSIBLE, Ends.DONE)
    return min(ends, key=order.index, default=Ends.UNKNOWN)


def _days(row: Mapping[str, Any]) -> DayRule:
    until = row.get("until")
    return DayRule(
        valid_from=date.fromisoformat(row["from"]),
        valid_until=date.fromisoformat(until) if until else None,
    )


def _span(row: Mapping[str, Any]) -> Span:
    begins, ends = parse_clock(row["begins"]), parse_clock(row["ends"])
    assert isinstance(begins, int) and isinstance(ends, int), row
    return Span(begins=begins, ends=ends)
