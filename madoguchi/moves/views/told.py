"""What was told before a visit is booked: the answers, the days, and that it was read (予約の前の答え)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from madoguchi.infra import clock
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.domain.questions import next_question
from madoguchi.moves.domain.visit import PlannedVisit
from madoguchi.moves.queries.planning import plan_visit
from madoguchi.moves.views.before import NAMES
from madoguchi.visits.api import plan_cards

#: Told besides the answers: the days themselves, and that what is to be done first was read.
DAYS, READ = ("moved_on", "left_on"), "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The answers, and the days where they are told (答え)."""

    answers: dict[str, str]
    moved_on: date | None
    left_on: date | None
    has_read: bool
    problem: Problem | None

    @property
    def pairs(self) -> dict[str, str]:
        """Return everything told, as it stands in an address (答えの並び)."""
        days = {"moved_on": self.moved_on, "left_on": self.left_on}
        written = {name: day.isoformat() for name, day in days.items() if day}
        return {**self.answers, **written, **({READ: "1"} if self.has_read else {})}


def read_told(given: QueryDict, *, at_counter: bool = False) -> Told | None:
    """Read the answers, or None where they do not tell a case (答えの読取り)."""
    answers = {name: str(given[name]) for name in NAMES if name in given}
    if next_question(answers, at_counter=at_counter) is not None:
        return None
    days: dict[str, date | None] = {}
    problem = None
    for name in DAYS:
        read = parse_day(str(given[name])[:20], where=name) if given.get(name) else None
        days[name] = read if isinstance(read, date) else None
        problem = problem or (read if isinstance(read, Problem) else None)
    if problem is not None:
        days["moved_on"] = None
    elif "moved_on" in given and days["moved_on"] is None:
        problem = Problem(code="DATE_UNREADABLE", where="moved_on")
    return Told(answers=answers, has_read=given.get(READ) == "1", problem=problem, **days)


def plan(told: Told) -> PlannedVisit:
    """Work out what these answers lead to (来庁の予定)."""
    return plan_visit(
        told.answers, today=clock.today(), moved_in_on=told.moved_on, left_on=told.left_on,
        plan_cards=plan_cards, folder=settings.MADOGUCHI_CARD_RULES,
    )  # fmt: skip


def carried(told: Told | None) -> SafeString | str:
    """The answers as hidden fields, so that a press says them again (答えの持ち回り)."""
    if told is None:
        return ""
    return format_html_join(
        "", '<input type="hidden" name="{}" value="{}">', list(told.pairs.items())
    )
