"""The plan of a move, with the steps of the family's cards from the visits (手続きの計画)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from madoguchi.advice.api import age_on
from madoguchi.infra.office import is_office_day
from madoguchi.infra.town_tables import read_table
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.domain.case import Card, Pin
from madoguchi.moves.domain.household import Household, MoveKind, read_household
from madoguchi.moves.domain.plan import MovePlan, PlanBook, PlanStep, plan_move, read_plan
from madoguchi.moves.domain.triage import Triage, check_case, triage
from madoguchi.moves.queries.rulebook import FOLDER, triage_book
from madoguchi.visits import api as visits

_REASONS: Mapping[MoveKind, visits.RunReason] = {
    MoveKind.MOVE_IN: visits.RunReason.MOVE_IN,
    MoveKind.CHANGE_ADDRESS: visits.RunReason.MOVE_WITHIN,
}
_PINS = {Pin.KNOWN: visits.RunPin.KNOWN, Pin.FORGOTTEN: visits.RunPin.FORGOTTEN,
         Pin.LOCKED: visits.RunPin.LOCKED}  # fmt: skip
#: Cases in which nothing of the cards can be done today.
_CARDS_WAIT = frozenset("BCD")


@lru_cache(maxsize=4)
def plan_book(folder: str = "") -> PlanBook:
    """Return the tables of steps and follow-ups (計画の表)."""
    return read_plan(read_table("plan", ours=FOLDER, own=folder))


def answer_plan(raw: object, *, today: date, folder: str = "") -> MovePlan | tuple[Problem, ...]:
    """Plan a household as it was written, or say all that is wrong with it (計画)."""
    household = read_household(raw, today=today)
    if not isinstance(household, Household):
        return household
    problems = check_household(household, folder=folder)
    return problems or plan_of(household, folder=folder)


def check_household(household: Household, *, folder: str = "") -> tuple[Problem, ...]:
    """Return why nothing can be planned yet (計画の確認)."""
    return check_case(household.case, triage_book(folder)) if _moves_in(household) else ()


def plan_of(household: Household, *, folder: str = "") -> MovePlan:
    """Return everything a move sets off (手続きの計画)."""
    case = household.case
    found = (
        triage(case, triage_book(folder), is_office_day=is_office_day)
        if _moves_in(household)
        else None
    )
    return plan_move(
        household, plan_book(folder), triage=found, cards=_card_steps(household, found)
    )


def _moves_in(household: Household) -> bool:
    return household.kind is MoveKind.MOVE_IN


def _card_steps(household: Household, found: Triage | None) -> tuple[PlanStep, ...]:
    """The steps of the family's cards in the order that changes cards least."""
    reason = _REASONS.get(household.kind)
    if reason is None or (found is not None and found.case in _CARDS_WAIT):
        return ()
    today = household.case.today
    members = [
        visits.RunMember(
            person_id=one.no, age=age_on(today, one.born_on), is_here=one.here,
            card_here=one.card is Card.PRESENT, pin=_PINS[one.pin], lines_used=one.lines_used,
            wants_sign=one.wants_sign, has_card=one.card is Card.PRESENT,
        )
        for one in household.persons
    ]  # fmt: skip
    plan = visits.plan_run(members, reason=reason, rules=visits.run_rules(today))
    return tuple(
        PlanStep(
            person=one.person_id, code=one.code.value, minutes=one.minutes,
            desk="CS_TERMINAL" if one.terminal else "RESIDENTS",
        )
        for one in plan.steps
    )  # fmt: skip
