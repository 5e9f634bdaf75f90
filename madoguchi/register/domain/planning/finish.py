"""From steps to numbered versions, with what holds for every change (版の確定)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from madoguchi.kernel.dates import DateForm
from madoguchi.kernel.outcome import Problem
from madoguchi.register.domain.checks import check_filing
from madoguchi.register.domain.commands import Filing
from madoguchi.register.domain.items import (
    EVERY_ITEM,
    ITEM_NAMES,
    Items,
    PersonRow,
    VersionRow,
    changed_names,
    items_of,
)
from madoguchi.register.domain.reasons import Reason, groups_of
from madoguchi.register.domain.relationship import HEAD
from madoguchi.register.domain.situation import Plan, Situation, Step, effective_day
from madoguchi.register.domain.timeline import events_of, items_after, settled_status

#: Filed by the resident: the 届出日 is today unless said otherwise.
NOTIFIED = frozenset(
    {
        Reason.MOVE_IN_DOMESTIC,
        Reason.MOVE_IN_ABROAD,
        Reason.MOVE_OUT_DOMESTIC,
        Reason.MOVE_OUT_ABROAD,
        Reason.CHANGE_ADDRESS,
        Reason.SPLIT_HOUSEHOLD,
        Reason.MERGE_HOUSEHOLDS,
        Reason.CHANGE_HOUSEHOLD,
        Reason.CHANGE_HOUSEHOLDER,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a planner found: steps to take, problems, alerts (計画の中間結果)."""

    steps: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()
    alerts: tuple[Problem, ...] = ()


def changed_step(before: Items, step: Step) -> Step:
    """Name in a step what it changes against the items before it (変更項目)."""
    return replace(step, changed=changed_names(before, step.items))


def finish(outcome: Outcome, filing: Filing, situation: Situation) -> Plan:
    """Number the steps, look after the households they touch, and check the whole."""
    problems = [*outcome.problems, *check_filing(filing, today=situation.today)]
    steps = list(outcome.steps)
    problems += _check_people(steps, situation)
    alone, household_problems, alerts = _households(steps, situation)
    steps += alone
    problems += household_problems
    problems += _check_numbers(steps, situation)
    if problems:
        # One code at one place is said once, however many people it concerns.
        return Plan(problems=_once(problems))
    versions, misfits = _versions(steps, filing, situation)
    if misfits:
        return Plan(problems=_once(misfits))
    return Plan(versions=versions, alerts=_once([*outcome.alerts, *alerts]))


def _once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    kept: list[Problem] = []
    for one in problems:
        if one not in kept:
            kept.append(one)
    return tuple(kept)


def _check_people(steps: Sequence[Step], situation: Situation) -> list[Problem]:
    """E7, and whether the reason may be used on this kind of record."""
    found: list[Problem] = []
    for step in steps:
        if step.person_id in situation.provisional:
            found.append(Problem(code="PERSON_PROVISIONAL", facts={"person_id": step.person_id}))
        if step.items.nationality_group not in groups_of(step.reason):
            found.append(Problem(code="REASON_NOT_FOR_GROUP", where="reason"))
    return found


def _check_numbers(steps: Sequence[Step], situation: Situation) -> list[Problem]:
    """E5 and E12: a 住民票コード or card number belongs to one person."""
    found: list[Problem] = []
    seen: dict[tuple[str, str], str] = {}
    owners: Mapping[str, Mapping[str, str]] = {
        "resident_code": situation.code_owners,
        "residence_card_no": situation.card_owners,
    }
    for step in steps:
        for name, known in owners.items():
            number = getattr(step.items, name)
            owner = known.get(number)
            if not number:
                continue
            if owner not in (None, step.person_id):
                assert owner is not None
                found.append(_taken(owner, name, situation))
            if seen.setdefault((name, number), step.person_id) != step.person_id:
                found.append(Problem(code="NUMBER_DOUBLE", where=name))
    return found


def _taken(owner: str, where: str, situation: Situation) -> Problem:
    if owner in situation.hidden:
        # The same words as for anything that cannot be told here.
        return Problem(code="NOT_AVAILABLE_HERE")
    state = situation.state(owner)
    if state is not None and not state.status.is_resident:
        facts = {"person_id": owner}
        return Problem(code="RECORD_EXISTS_REMOVED", where=where, facts=facts)
    return Problem(code="NUMBER_DOUBLE", where=where)


# -- households ------------------------------------------------------------------------


def _households(
    steps: Sequence[Step], situation: Situation
) -> tuple[list[Step], list[Problem], list[Problem]]:
    """See that each household touched has one head; who is left alone becomes it (4.0.4)."""
    alone: list[Step] = []
    problems: list[Problem] = []
    alerts: list[Problem] = []
    last = {step.person_id: step for step in steps}
    touched = {step.items.household_no for step in steps} | {
        one.household_no for step in steps if (one := situation.state(step.person_id))
    }
    for household_no in sorted(touched):
        before = {one.person_id: one for one in situation.residents_of(household_no)}
        after = _members_after(household_no, before, last, situation.today)
        if not after or not _stands_otherwise(before, after):
            continue
        problems += _check_home(after, last)
        heads = [one for one in after.values() if one.is_householder]
        if len(heads) > 1:
            problems.append(Problem(code="HOUSEHOLD_TWO_HEADS", where="relationship"))
        if heads:
            continue
        rest = list(after)
        if len(rest) == 1 and rest[0] not in last:
            alone.append(_becomes_head(rest[0], after[rest[0]], steps[0]))
            continue
        had_head = any(one.is_householder for one in before.values())
        code = "HEAD_LEAVES_TWO_OR_MORE" if had_head else "HOUSEHOLD_WITHOUT_HEAD"
        alerts.append(Problem(code=code, facts={"household_no": household_no}))
    alerts += _heads_who_plan_to_leave(last, situation)
    return alone, problems, alerts


def _members_after(
    household_no: str, before: Mapping[str, PersonRow], last: Mapping[str, Step], today: date
) -> dict[str, Items]:
    after: dict[str, Items] = {
        person_id: one for person_id, one in before.items() if person_id not in last
    }
    for person_id, step in last.items():
        stays = settled_status(step.items, on=today).is_resident
        if step.items.household_no == household_no and stays:
            after[person_id] = step.items
    return after


def _stands_otherwise(before: Mapping[str, PersonRow], after: Mapping[str, Items]) -> bool:
    heads_before = {key for key, one in before.items() if one.is_householder}
    heads_after = {key for key, one in after.items() if one.is_householder}
    places_before = {one.address for one in before.values()}
    places_after = {one.address for one in after.values()}
    return (before.keys(), heads_before, places_before) != (after.keys(), heads_after, places_after)


def _check_home(after: Mapping[str, Items], last: Mapping[str, Step]) -> list[Problem]:
    """People of one household live at one address."""
    homes = {(one.postcode, one.address, one.building) for one in after.values()}
    if len(homes) > 1 and any(person_id in last for person_id in after):
        return [Problem(code="HOUSEHOLD_ELSEWHERE", where="address")]
    return []


def _becomes_head(person_id: str, items: Items, because: Step) -> Step:
    after = replace(items_of(items), relationship=HEAD.written, is_householder=True)
    return changed_step(
        items_of(items),
        Step(
            person_id=person_id,
            items=after,
            reason=Reason.CHANGE_HOUSEHOLDER,
            effective=because.effective,
            changed=(),
        ),
    )


def _heads_who_plan_to_leave(last: Mapping[str, Step], situation: Situation) -> list[Problem]:
    """A head who leaves on a day ahead: say so now, since nobody files on that day (A1)."""
    found = []
    for step in last.values():
        before = situation.state(step.person_id)
        newly = before is None or before.removed_sort != step.items.removed_sort
        planned = (
            step.items.removed_sort is not None
            and settled_status(step.items, on=situation.today).is_resident
        )
        if not (newly and planned and step.items.is_householder):
            continue
        household_no = step.items.household_no
        stay = [
            one
            for one in situation.residents_of(household_no)
            if (step_of := last.get(one.person_id)) is None or step_of.items.removed_sort is None
        ]
        if len(stay) > 1:
            facts = {"household_no": household_no}
            found.append(Problem(code="HEAD_LEAVES_TWO_OR_MORE", facts=facts))
    return found


# -- versions --------------------------------------------------------------------------


def _versions(
    steps: Sequence[Step], filing: Filing, situation: Situation
) -> tuple[tuple[VersionRow, ...], list[Problem]]:
    made: list[VersionRow] = []
    problems: list[Problem] = []
    histories = dict(situation.histories)
    for step in steps:
        history = histories.get(step.person_id, ())
        version = _version(step, history, filing, situation)
        if history and situation.now < history[-1].recorded_at:
            problems.append(Problem(code="CLOCK_RUNS_BEHIND"))
        problems += _check_fit(history, version)
        histories[step.person_id] = (*history, version)
        made.append(version)
    return tuple(made), problems


def _version(
    step: Step, history: tuple[VersionRow, ...], filing: Filing, situation: Situation
) -> VersionRow:
    exact = step.effective.form is DateForm.EXACT
    filed_on = filing.filed_on
    if filed_on is None and step.reason in NOTIFIED:
        filed_on = situation.today
    return VersionRow(
        person_id=step.person_id,
        history_no=len(history) + 1,
        reason=step.reason,
        effective_on=effective_day(step.effective, history),
        effective_written="" if exact else step.effective.as_written,
        filed_on=filed_on,
        petitioned_on=filing.petitioned_on,
        notified_by_office_on=filing.notified_by_office_on,
        requested_on=filing.requested_on,
        recorded_at=situation.now,
        place=situation.place,
        terminal=situation.terminal,
        staff_id=situation.staff_id,
        corrects_no=step.corrects_no,
        reverts_no=step.reverts_no,
        changed=step.changed,
        **{name: getattr(step.items, name) for name in ITEM_NAMES},
    )


def _check_fit(history: tuple[VersionRow, ...], version: VersionRow) -> list[Problem]:
    """A change must not lie before a later one it contradicts, nor before the entry.

    The full row of the newest version is the current state. It stays so only when laying all
    changes over each other by their days comes to the same row.
    """
    events = events_of((*history, version))
    if EVERY_ITEM not in events[0].version.changed:
        return [Problem(code="BEFORE_ENTRY", where="effective")]
    if items_after((*history, version)) != items_of(version):
        return [Problem(code="LATER_CHANGE_STANDS", where="effective")]
    return []
