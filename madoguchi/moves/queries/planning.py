"""The plan of a move, with the steps of the family's cards from the visits (手続きの計画)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Protocol

from madoguchi.advice.api import age_on
from madoguchi.infra.office import is_office_day
from madoguchi.infra.town_tables import read_table
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.domain.case import Card
from madoguchi.moves.domain.household import Household, MoveKind, read_household
from madoguchi.moves.domain.plan import MovePlan, PlanBook, PlanStep, plan_move, read_plan
from madoguchi.moves.domain.questions import household_of
from madoguchi.moves.domain.triage import Triage, check_case, triage
from madoguchi.moves.domain.visit import (
    PlannedVisit,
    near,
    to_bring,
    to_do_before,
    when_done,
    window_of,
)
from madoguchi.moves.queries.rulebook import FOLDER, sort_case, triage_book, visit_book

#: Why the cards change, in the words of the room of visits.
_REASONS: Mapping[MoveKind, str] = {
    MoveKind.MOVE_IN: "MOVE_IN",
    MoveKind.CHANGE_ADDRESS: "MOVE_WITHIN",
}


class CardStep(Protocol):
    """A step of one card as the room of visits plans it (カードの手順)."""

    @property
    def person_id(self) -> str:
        """Whose card."""

    @property
    def code(self) -> StrEnum:
        """Which step."""

    @property
    def minutes(self) -> int:
        """How long."""

    @property
    def terminal(self) -> bool:
        """Whether at the terminal."""


class PlanCards(Protocol):
    """How the steps of a family's cards are planned: the room of visits' rule (手順の計画)."""

    def __call__(
        self, holders: Iterable[Mapping[str, Any]], *, reason: str, day: date, folder: str
    ) -> Sequence[CardStep]:
        """Return the steps in their order."""


#: Cases in which nothing of the cards can be done today.
_CARDS_WAIT = frozenset("BCD")


@lru_cache(maxsize=4)
def plan_book(folder: str = "") -> PlanBook:
    """Return the tables of steps and follow-ups (計画の表)."""
    return read_plan(read_table("plan", ours=FOLDER, own=folder))


def answer_plan(
    raw: object, *, today: date, plan_cards: PlanCards, folder: str = ""
) -> MovePlan | tuple[Problem, ...]:
    """Plan a household as it was written, or say all that is wrong with it (計画)."""
    household = read_household(raw, today=today)
    if not isinstance(household, Household):
        return household
    problems = check_household(household, folder=folder)
    return problems or plan_of(household, plan_cards=plan_cards, folder=folder)


def check_household(household: Household, *, folder: str = "") -> tuple[Problem, ...]:
    """Return why nothing can be planned yet (計画の確認)."""
    return check_case(household.case, triage_book(folder)) if _moves_in(household) else ()


def plan_of(household: Household, *, plan_cards: PlanCards, folder: str = "") -> MovePlan:
    """Return everything a move sets off (手続きの計画)."""
    case = household.case
    found = (
        triage(case, triage_book(folder), is_office_day=is_office_day)
        if _moves_in(household)
        else None
    )
    holders = _holders(household, found)
    reason = _REASONS.get(household.kind, "")
    steps = plan_cards(holders, reason=reason, day=case.today, folder=folder) if holders else ()
    cards = tuple(
        PlanStep(
            person=one.person_id, code=one.code.value, minutes=one.minutes,
            desk="CS_TERMINAL" if one.terminal else "RESIDENTS",
        )
        for one in steps
    )  # fmt: skip
    return plan_move(household, plan_book(folder), triage=found, cards=cards)


def plan_visit(
    told: Mapping[str, str], *, today: date, moved_in_on: date | None, left_on: date | None,
    plan_cards: PlanCards, folder: str = "",
) -> PlannedVisit:  # fmt: skip
    """Return what the desk has to know of whoever books before coming (来庁の予定).

    How long and what to bring is told of the day they come, when what has to be done before is.
    """
    days = {
        name: near(day, today=today) if day else None
        for name, day in {"moved_in_on": moved_in_on, "left_on": left_on}.items()
    }
    household = household_of(told, today=today, **days)
    found = then = _sorted(household, folder=folder)
    before: tuple[str, ...] = ()
    # Whoever has not moved out may hold no card besides: one step may bring the next.
    while steps := to_do_before(then):
        before += steps
        household = replace(household, case=when_done(household.case, steps))
        then = _sorted(household, folder=folder)
    plan = plan_of(household, plan_cards=plan_cards, folder=folder)
    window = window_of(
        before, deadline=then.deadline if days["moved_in_on"] else None,
        moved_in_on=days["moved_in_on"], today=today, book=visit_book(folder),
    )  # fmt: skip
    return PlannedVisit(
        key=found.key, case=found.case, people=len(household.persons),
        minutes=in_fives(plan.minutes), bring=to_bring(told, household, then, plan),
        window=window, before=before,
    )  # fmt: skip


def in_fives(minutes: int) -> int:
    """Say minutes in fives: nobody's minute is known before they came (およその分)."""
    return -(-minutes // 5) * 5


def _sorted(household: Household, *, folder: str) -> Triage:
    found = sort_case(household.case, folder=folder)
    assert isinstance(found, Triage), "the questions ask for all that a case needs"
    return found


def _moves_in(household: Household) -> bool:
    return household.kind is MoveKind.MOVE_IN


def _holders(household: Household, found: Triage | None) -> list[dict[str, Any]]:
    """The family and its cards by the names visits knows; nobody where no card is changed today."""
    if household.kind not in _REASONS or (found is not None and found.case in _CARDS_WAIT):
        return []
    today = household.case.today
    return [
        {
            "person_id": one.no, "age": age_on(today, one.born_on), "is_here": one.here,
            "card_here": one.card is Card.PRESENT, "has_card": one.card is Card.PRESENT,
            "pin": one.pin.value.upper(), "lines_used": one.lines_used,
            "wants_sign": one.wants_sign,
        }
        for one in household.persons
    ]  # fmt: skip
