"""A visit booked before somebody moves in: as which case they will come, from when, by when (来庁の予約).

Whoever would come in vain is told first what has to be done, and may then book a day after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from madoguchi.kernel.daytimes import DayRule
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.domain.case import Card, Case
from madoguchi.moves.domain.household import Household
from madoguchi.moves.domain.plan import MovePlan
from madoguchi.moves.domain.triage import Triage

#: Steps that have to be done before anything can be filed, and what is there when they are.
_BEFORE: Mapping[str, Mapping[str, Any]] = {
    "MOVE_OUT_ONLINE": {"move_out_notice_found": True},
    "REQUEST_PAPER": {"paper_certificate": True},
}
#: A day of moving in is told within so many days of today; what is older counts as so old.
DAYS_BACK_MAX = DAYS_AHEAD_MAX = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitBook:
    """Whether the page books, how much a day, and how long each step takes (来庁の予約の決まり)."""

    #: None: by telephone and at the desk only.
    web: DayRule | None
    day_max: int
    #: By step of the triage: days until it is done.
    wait_days: Mapping[str, int]

    def web_is_on(self, day: date) -> bool:
        """Tell whether residents may book on their page (ページからの予約の可否)."""
        return self.web is not None and self.web.holds_on(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when and until when somebody may come; late: no day is left before the deadline (来られる期間)."""

    first: date
    deadline: date | None

    @property
    def is_late(self) -> bool:
        """Tell whether the deadline passes before anything can be filed (期限に間に合わない)."""
        return self.deadline is not None and self.deadline < self.first

    @property
    def last(self) -> date | None:
        """Return the last day to offer: none where it is late and any day is better than later (最後の日)."""
        return None if self.is_late else self.deadline

    def holds(self, on: date) -> bool:
        """Tell whether a day may be booked (予約できる日)."""
        return self.first <= on and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVisit:
    """What the desk has to know of a visit; nobody is named (来庁の予定)."""

    #: The row of the triage as it is today, and its case A to H.
    key: str
    case: str
    people: int
    minutes: int
    bring: tuple[str, ...]
    window: Window
    #: Steps to be done before coming; they were told before the visit was booked.
    before: tuple[str, ...]


def read_visit_rules(table: Mapping[str, Any]) -> VisitBook:
    """Make the table of a file as it is written (来庁の予約の表の読取り)."""
    web = table["web"]
    rule = None
    if "from" in web:
        until = web.get("until")
        rule = DayRule(
            valid_from=date.fromisoformat(web["from"]),
            valid_until=date.fromisoformat(until) if until else None,
        )
    waits = {row["step"]: int(row["days"]) for row in table["wait"]}
    assert waits.keys() == _BEFORE.keys(), "each step before coming says how long it takes"
    return VisitBook(web=rule, day_max=int(web["day_max"]), wait_days=waits)


def to_do_before(found: Triage) -> tuple[str, ...]:
    """Return what has to be done before coming is not in vain (来る前にすること)."""
    return tuple(one for one in found.steps if one in _BEFORE)


def when_done(case: Case, steps: tuple[str, ...]) -> Case:
    """Return the case as it will be when these steps are done (済んだあとの場合)."""
    for one in steps:
        case = replace(case, **_BEFORE[one])
    return case


def window_of(
    steps: tuple[str, ...], *, deadline: date | None, moved_in_on: date | None, today: date,
    book: VisitBook,
) -> Window:  # fmt: skip
    """Return from when and until when they may come (来られる期間).

    Nobody files before they live there; the day they begin to is the first.
    """
    first = today + timedelta(days=max((book.wait_days[one] for one in steps), default=0))
    if moved_in_on is not None:
        first = max(first, moved_in_on)
    return Window(first=first, deadline=deadline)


def check_in_window(on: date, window: Window) -> tuple[Problem, ...]:
    """Return why a day is not one to come (来る日の確認)."""
    return () if window.holds(on) else (Problem(code="MOVE_VISIT_OUTSIDE", where="on"),)


def near(told: date, *, today: date) -> date:
    """Bring a day of moving in near enough to count with: beyond a year nothing changes (数えられる日)."""
    least = today - timedelta(days=DAYS_BACK_MAX)
    return min(max(told, least), today + timedelta(days=DAYS_AHEAD_MAX))


def to_bring(
    told: Mapping[str, str], household: Household, found: Triage, plan: MovePlan
) -> tuple[str, ...]:
    """Return what to bring, as codes: for the filing first, then for the other sections (持ちもの)."""
    came = {"abroad": ["PASSPORTS", "FAMILY_REGISTER"], "nowhere": ["FAMILY_REGISTER"]}
    codes = ["IDENTITY", *came.get(told["came_from"], [])]
    if told.get("comer") == "proxy":
        codes += ["PROXY_LETTER", "PROXY_IDENTITY"]
    if household.case.paper_certificate or "REQUEST_PAPER" in found.steps:
        codes.append("PAPER_CERTIFICATE")
    if any(one.card is Card.PRESENT for one in household.persons):
        codes += ["CARDS", "PIN"]
    codes += [paper for one in plan.follow_ups for paper in one.papers]
    return tuple(dict.fromkeys(codes))
