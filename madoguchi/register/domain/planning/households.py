"""Who stands where in which household (世帯変更の計画)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from madoguchi.kernel.outcome import Problem
from madoguchi.register.domain.checks import check_standing, read_effective
from madoguchi.register.domain.commands import ChangeHousehold, OrderHousehold, Standing
from madoguchi.register.domain.items import Items, items_of
from madoguchi.register.domain.order import in_legal_order, next_seat
from madoguchi.register.domain.planning.finish import Outcome, changed_step
from madoguchi.register.domain.planning.people import find_residents
from madoguchi.register.domain.reasons import Reason
from madoguchi.register.domain.situation import Situation, Step

HOUSEHOLD_REASONS = frozenset(
    {
        Reason.SPLIT_HOUSEHOLD,
        Reason.MERGE_HOUSEHOLDS,
        Reason.CHANGE_HOUSEHOLD,
        Reason.CHANGE_HOUSEHOLDER,
    }
)


def place_in_household(
    people: Mapping[str, Items],
    *,
    household_no: str | None,
    standings: Mapping[str, Standing],
    situation: Situation,
) -> tuple[dict[str, Items], tuple[Problem, ...]]:
    """Put people into a new household (None) or at the end of an existing one (異動先世帯)."""
    problems: list[Problem] = []
    goes_to = household_no or situation.new_household_no
    here = [one for one in situation.residents_of(goes_to) if one.person_id not in people]
    if household_no is not None and not here:
        problems.append(Problem(code="HOUSEHOLD_UNKNOWN", where="household_no"))
    placed: dict[str, Items] = {}
    for index, (person_id, items) in enumerate(people.items()):
        standing = standings.get(person_id)
        if standing is None:
            facts = {"person_id": person_id}
            problems.append(Problem(code="RELATIONSHIP_WANTED", where="relationship", facts=facts))
            continue
        placed[person_id] = replace(
            items,
            household_no=goes_to,
            relationship=standing.relationship,
            is_householder=standing.is_householder,
            seat=next_seat(here) + index if here else 0,
        )
    return placed, tuple(problems)


def plan_household_change(command: ChangeHousehold, situation: Situation) -> Outcome:
    """Split, merge or change households, or their head (世帯分離・合併・変更・世帯主変更)."""
    problems: list[Problem] = []
    if command.reason not in HOUSEHOLD_REASONS:
        problems.append(Problem(code="REASON_NOT_FOR_PROCEDURE", where="reason"))
    effective, wrong = read_effective(
        command.filing, command.reason, today=situation.today, may_be_ahead=False
    )
    named = dict.fromkeys((*command.person_ids, *command.standings))
    people, unfit = find_residents(named, situation)
    problems += (*wrong, *unfit)
    moving = {key: people[key] for key in command.person_ids if key in people}
    after: dict[str, Items] = {
        key: _stood(items, command.standings[key])
        for key, items in people.items()
        if key not in moving
    }
    if moving:
        placed, misplaced = place_in_household(
            moving,
            household_no=command.household_no,
            standings=command.standings,
            situation=situation,
        )
        after |= placed
        problems += misplaced
    steps = []
    for person_id, items in after.items():
        problems += check_standing(items.relationship, is_householder=items.is_householder)
        step = changed_step(
            people[person_id],
            Step(
                person_id=person_id,
                items=items,
                reason=command.reason,
                effective=effective,
                changed=(),
            ),
        )
        if step.changed:
            steps.append(step)
    if not steps and not problems:
        problems.append(Problem(code="NOTHING_CHANGES"))
    return Outcome(steps=tuple(steps), problems=tuple(problems))


def _stood(items: Items, standing: Standing) -> Items:
    return replace(
        items, relationship=standing.relationship, is_householder=standing.is_householder
    )


def plan_order(command: OrderHousehold, situation: Situation) -> Outcome:
    """Put a household in the order of the rules, or in an order of the office (並び順)."""
    problems: list[Problem] = []
    effective, wrong = read_effective(
        command.filing, Reason.AMEND_MINOR, today=situation.today, may_be_ahead=False
    )
    problems += wrong
    members = in_legal_order(situation.residents_of(command.household_no))
    if not members:
        problems.append(Problem(code="HOUSEHOLD_UNKNOWN", where="household_no"))
    if command.person_ids and sorted(command.person_ids) != sorted(
        one.person_id for one in members
    ):
        problems.append(Problem(code="ORDER_NAMES_OTHERS", where="person_ids"))
    seats = {person_id: seat for seat, person_id in enumerate(command.person_ids, start=1)}
    steps = []
    for one in members:
        items = items_of(situation.histories[one.person_id][-1])
        step = changed_step(
            items,
            Step(
                person_id=one.person_id,
                items=replace(items, seat=seats.get(one.person_id, 0)),
                reason=Reason.AMEND_MINOR,
                effective=effective,
                changed=(),
            ),
        )
        if step.changed:
            steps.append(step)
    if not steps and not problems:
        problems.append(Problem(code="NOTHING_CHANGES"))
    return Outcome(steps=tuple(steps), problems=tuple(problems))
