"""転入 and other entries, 転居, 転出, removals (記載・転居・消除の計画)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from madoguchi.kernel.checkdigits import is_valid_municipality_code
from madoguchi.kernel.dates import RegisterDate, from_day
from madoguchi.kernel.names import fold_kanji
from madoguchi.kernel.outcome import Problem
from madoguchi.register.domain.checks import check_items, read_effective, settle_dates
from madoguchi.register.domain.commands import (
    ChangeAddress,
    ConfirmMoveOut,
    Newcomer,
    PlanMoveOut,
    RecordEntry,
    RemovePersons,
)
from madoguchi.register.domain.items import EVERY_ITEM, ITEM_NAMES, Items, Status
from madoguchi.register.domain.order import next_seat
from madoguchi.register.domain.planning.finish import NOTIFIED, Outcome, changed_step
from madoguchi.register.domain.planning.households import place_in_household
from madoguchi.register.domain.planning.people import (
    check_nothing_later,
    find_people,
    find_residents,
)
from madoguchi.register.domain.reasons import Reason
from madoguchi.register.domain.situation import Situation, Step, effective_day
from madoguchi.register.domain.timeline import live_versions, settled_status

ENTRIES = frozenset(
    {Reason.MOVE_IN_DOMESTIC, Reason.MOVE_IN_ABROAD, Reason.BIRTH, Reason.ENTER_EX_OFFICIO}
)
MOVE_OUTS = frozenset({Reason.MOVE_OUT_DOMESTIC, Reason.MOVE_OUT_ABROAD})
#: A notification of 転出 more than this long after the day comes too late: 職権 (4.1.3.0.1).
MOVE_OUT_DAYS_MAX = 14
_REMOVALS = MappingProxyType({Reason.DEATH: Status.DEAD, Reason.REMOVE_EX_OFFICIO: Status.REMOVED})


def plan_entry(command: RecordEntry, situation: Situation) -> Outcome:
    """Enter people into a new or an existing household (転入・出生・職権記載)."""
    problems: list[Problem] = []
    alerts: list[Problem] = []
    steps: list[Step] = []
    if command.reason not in ENTRIES:
        problems.append(Problem(code="REASON_NOT_FOR_PROCEDURE", where="reason"))
    effective, wrong = read_effective(
        command.filing, command.reason, today=situation.today, may_be_ahead=False
    )
    problems += wrong
    if not command.newcomers:
        problems.append(Problem(code="NOBODY_CHOSEN", where="newcomers"))
    joined = command.household_no or situation.new_household_no
    here = situation.residents_of(joined)
    if command.household_no and not here:
        problems.append(Problem(code="HOUSEHOLD_UNKNOWN", where="household_no"))
    seat = next_seat(here) if here else 0
    # An entry without its day is told once, not again as a blank 住民となった日.
    checked = [name for name in ITEM_NAMES if not (wrong and name == "became_resident")]
    fresh = iter(situation.new_person_ids)
    for index, newcomer in enumerate(command.newcomers):
        items, unread = _entered(newcomer, command, situation, effective)
        items = replace(items, household_no=joined, seat=seat + index if here else 0)
        problems += (*unread, *check_items(items, checked))
        problems += _check_return(newcomer, situation)
        alerts += _looks_like_removed(newcomer, items, situation)
        steps.append(
            Step(
                person_id=newcomer.person_id or next(fresh),
                items=items,
                reason=command.reason,
                effective=effective,
                changed=(EVERY_ITEM,),
            )
        )
    return Outcome(steps=tuple(steps), problems=tuple(problems), alerts=tuple(alerts))


def _entered(
    newcomer: Newcomer, command: RecordEntry, situation: Situation, effective: RegisterDate
) -> tuple[Items, tuple[Problem, ...]]:
    """Fill in what follows from the entry, and read the dates."""
    given = newcomer.items
    became = given.became_resident or effective.as_written
    filed_on = command.filing.filed_on or situation.today
    notified = given.notified
    if not notified and command.reason in NOTIFIED:
        notified = from_day(filed_on).as_written
    blank = Items(household_no="", relationship="", is_householder=False, name="", birth="",
                  birth_sort=None, address="")  # fmt: skip
    untouched = {
        name: getattr(blank, name)
        for name in ITEM_NAMES
        if name in ("status", "removal_reason", "removed", "removed_sort")
        or name.startswith("move_out_")
    }
    items = replace(
        given,
        **untouched,
        became_resident=became,
        address_since=given.address_since or became,
        notified=notified,
    )
    return settle_dates(items, ITEM_NAMES)


def _check_return(newcomer: Newcomer, situation: Situation) -> tuple[Problem, ...]:
    """Somebody who comes back must have been here, and gone (再転入)."""
    if newcomer.person_id is None:
        return ()
    facts = {"person_id": newcomer.person_id}
    state = situation.state(newcomer.person_id)
    if state is None:
        return (Problem(code="PERSON_UNKNOWN", facts=facts),)
    if state.status.is_resident:
        return (Problem(code="RESIDENT_ALREADY", facts=facts),)
    return ()


def alike_key(items: Items) -> tuple[str, str, str]:
    """Return the three items by which a removed record is recognised (A2)."""
    born = items.birth_sort.isoformat() if items.birth_sort else ""
    return (fold_kanji(items.name), born, items.sex.value)


def _looks_like_removed(
    newcomer: Newcomer, items: Items, situation: Situation
) -> tuple[Problem, ...]:
    owner = situation.removed_alike.get(alike_key(items))
    if newcomer.person_id is not None or owner is None or owner in situation.hidden:
        return ()
    return (Problem(code="LOOKS_LIKE_REMOVED", facts={"person_id": owner}),)


def plan_address(command: ChangeAddress, situation: Situation) -> Outcome:
    """Move people inside the town (転居); some of a household go elsewhere without the rest."""
    effective, wrong = read_effective(
        command.filing, Reason.CHANGE_ADDRESS, today=situation.today, may_be_ahead=False
    )
    people, unfit = find_residents(command.person_ids, situation)
    problems = [*wrong, *unfit]
    if not people:
        return Outcome(problems=tuple(problems))
    moved = {
        person_id: replace(
            items,
            postcode=command.postcode,
            address=command.address,
            building=command.building,
            address_since=effective.as_written,
            address_since_sort=effective.sort_on,
        )
        for person_id, items in people.items()
    }
    placed, misplaced = _new_places(command, moved, situation)
    problems += misplaced
    steps = []
    for person_id, after in placed.items():
        step = changed_step(
            people[person_id],
            Step(
                person_id=person_id,
                items=after,
                reason=Reason.CHANGE_ADDRESS,
                effective=effective,
                changed=(),
            ),
        )
        same_place = not {"postcode", "address", "building"} & set(step.changed)
        if same_place:
            problems.append(Problem(code="ADDRESS_THE_SAME", where="address"))
        problems += check_items(after, step.changed)
        steps.append(step)
    return Outcome(steps=tuple(steps), problems=tuple(problems))


def _new_places(
    command: ChangeAddress, moved: dict[str, Items], situation: Situation
) -> tuple[dict[str, Items], tuple[Problem, ...]]:
    """A whole household keeps its number; part of one forms or joins another (異動先)."""
    homes = {items.household_no for items in moved.values()}
    if command.household_no is None and len(homes) == 1:
        stay = {one.person_id for one in situation.residents_of(next(iter(homes)))}
        if stay <= moved.keys():
            return moved, ()
    return place_in_household(
        moved, household_no=command.household_no, standings=command.standings, situation=situation
    )


def plan_move_out(command: PlanMoveOut, situation: Situation) -> Outcome:
    """Take a notification of leaving; the day may lie ahead (転出届)."""
    problems: list[Problem] = []
    if command.reason not in MOVE_OUTS:
        problems.append(Problem(code="REASON_NOT_FOR_PROCEDURE", where="reason"))
    effective, wrong = read_effective(
        command.filing, command.reason, today=situation.today, may_be_ahead=True
    )
    problems += wrong
    if not command.to.strip():
        problems.append(Problem(code="BLANK_FORBIDDEN", where="to"))
    if command.to_town and not is_valid_municipality_code(command.to_town):
        problems.append(Problem(code="TOWN_CODE_WRONG", where="to_town"))
    filed_on = command.filing.filed_on or situation.today
    if not wrong and filed_on - effective.sort_on > timedelta(days=MOVE_OUT_DAYS_MAX):
        facts = {"days": str(MOVE_OUT_DAYS_MAX)}
        problems.append(Problem(code="MOVE_OUT_FILED_LATE", where="effective", facts=facts))
    people, unfit = find_residents(command.person_ids, situation)
    problems += unfit
    steps = []
    for person_id, items in people.items():
        after = replace(
            items,
            status=Status.MOVE_OUT_PLANNED,
            removal_reason=command.reason.value,
            removed=effective.as_written,
            removed_sort=effective.sort_on,
            move_out_to=command.to,
            move_out_planned_on=effective.sort_on,
        )
        problems += check_items(after, ("move_out_to",))
        problems += check_nothing_later(situation.histories[person_id], effective.sort_on)
        steps.append(
            changed_step(
                items,
                Step(
                    person_id=person_id,
                    items=after,
                    reason=command.reason,
                    effective=effective,
                    changed=(),
                ),
            )
        )
    return Outcome(steps=tuple(steps), problems=tuple(problems))


def plan_confirmed_move_out(command: ConfirmMoveOut, situation: Situation) -> Outcome:
    """Take the notice of the new town; the earlier of both days removes them (転入通知).

    It stands as a correction of the notification it confirms, so that the day can move.
    """
    problems: list[Problem] = []
    if command.moved_in_on > situation.today:
        problems.append(Problem(code="EFFECTIVE_AHEAD", where="moved_in_on"))
    people, unfit = find_people(command.person_ids, situation)
    problems += unfit
    steps = []
    for person_id, items in people.items():
        filed = [
            one
            for one in live_versions(situation.histories[person_id])
            if one.reason in MOVE_OUTS and one.corrects_no is None
        ]
        leaving = settled_status(items, on=date.max) is Status.MOVED_OUT
        if not filed or not leaving or items.move_out_planned_on is None:
            problems.append(Problem(code="NO_MOVE_OUT", facts={"person_id": person_id}))
            continue
        gone_on = min(items.move_out_planned_on, command.moved_in_on)
        gone = from_day(gone_on)
        after = replace(
            items,
            removed=items.removed if gone_on == items.removed_sort else gone.as_written,
            removed_sort=gone_on,
            move_out_to_confirmed=command.to,
            move_out_notified_on=command.moved_in_on,
        )
        problems += check_items(after, ("move_out_to_confirmed",))
        steps.append(
            changed_step(
                items,
                Step(
                    person_id=person_id,
                    items=after,
                    reason=filed[-1].reason,
                    effective=gone,
                    changed=(),
                    corrects_no=filed[-1].history_no,
                ),
            )
        )
    return Outcome(steps=tuple(steps), problems=tuple(problems))


def plan_removal(command: RemovePersons, situation: Situation) -> Outcome:
    """Take people off the register (死亡・職権消除); it makes their 除票."""
    problems: list[Problem] = []
    if command.reason not in _REMOVALS:
        problems.append(Problem(code="REASON_NOT_FOR_PROCEDURE", where="reason"))
    effective, wrong = read_effective(
        command.filing, command.reason, today=situation.today, may_be_ahead=False
    )
    people, unfit = find_residents(command.person_ids, situation)
    problems += (*wrong, *unfit)
    steps = []
    for person_id, items in people.items():
        history = situation.histories[person_id]
        after = replace(
            items,
            status=_REMOVALS.get(command.reason, Status.REMOVED),
            removal_reason=command.reason.value,
            removed=effective.as_written,
            removed_sort=effective_day(effective, history),
            move_out_to=command.to,
        )
        problems += check_items(after, ("move_out_to",))
        problems += check_nothing_later(history, effective_day(effective, history))
        steps.append(
            changed_step(
                items,
                Step(
                    person_id=person_id,
                    items=after,
                    reason=command.reason,
                    effective=effective,
                    changed=(),
                ),
            )
        )
    return Outcome(steps=tuple(steps), problems=tuple(problems))
