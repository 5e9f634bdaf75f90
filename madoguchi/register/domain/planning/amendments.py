"""Amendments, corrections, renewals, reverts (修正・誤記修正・改製・取消しの計画)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from madoguchi.kernel.dates import DateForm, RegisterDate, from_day
from madoguchi.kernel.outcome import Problem
from madoguchi.register.domain.checks import (
    CHANGEABLE,
    apply_changes,
    check_items,
    check_standing,
    read_effective,
)
from madoguchi.register.domain.commands import Amend, CorrectError, RenewRecord, RevertChange
from madoguchi.register.domain.items import (
    EVERY_ITEM,
    Items,
    Status,
    VersionRow,
    changed_names,
)
from madoguchi.register.domain.planning.finish import Outcome, changed_step
from madoguchi.register.domain.planning.people import (
    check_nothing_later,
    find_people,
    find_residents,
)
from madoguchi.register.domain.reasons import REVERTS, NationalityGroup, Reason, kind_of
from madoguchi.register.domain.situation import Situation, Step, effective_day, known_items
from madoguchi.register.domain.timeline import (
    Event,
    events_of,
    items_after,
    live_versions,
    newest_live,
    setter_of,
)

#: 軽微な修正 (4.2.3.2): plain characters, place names, lot numbers, building names, notes.
MINOR = frozenset(
    {
        "name", "name_kana", "former_surname", "former_surname_kana", "alias", "alias_kana",
        "postcode", "address", "building", "honseki", "hittosha", "previous_address",
        "remarks_a", "remarks_b", "remarks_c",
    }
)  # fmt: skip
_FORMER = frozenset({"former_surname", "former_surname_kana"})
_ALIAS = frozenset({"alias", "alias_kana"})
_STANDING = frozenset({"relationship", "is_householder"})
#: What each reason may change. A household, an address of residence and a status have
#: procedures of their own.
ALLOWED: Mapping[Reason, frozenset[str]] = MappingProxyType(
    {
        Reason.AMEND_MINOR: MINOR,
        Reason.AMEND_EX_OFFICIO: CHANGEABLE
        - _STANDING
        - _FORMER
        - _ALIAS
        - {"resident_code", "nationality_group"},
        Reason.ENTER_FORMER_SURNAME: _FORMER,
        Reason.CHANGE_FORMER_SURNAME: _FORMER,
        Reason.STRIKE_FORMER_SURNAME: _FORMER,
        Reason.ENTER_ALIAS: _ALIAS,
        Reason.STRIKE_ALIAS: _ALIAS,
        Reason.CODE_CHANGE_REQUESTED: frozenset({"resident_code"}),
        Reason.CODE_ENTER_EX_OFFICIO: frozenset({"resident_code"}),
    }
)
#: reason -> (item, it must have been there before, it must be there after)
_PRESENCE: Mapping[Reason, tuple[str, bool, bool]] = MappingProxyType(
    {
        Reason.ENTER_FORMER_SURNAME: ("former_surname", False, True),
        Reason.CHANGE_FORMER_SURNAME: ("former_surname", True, True),
        Reason.STRIKE_FORMER_SURNAME: ("former_surname", True, False),
        Reason.ENTER_ALIAS: ("alias", False, True),
        Reason.STRIKE_ALIAS: ("alias", True, False),
        Reason.CODE_CHANGE_REQUESTED: ("resident_code", True, True),
        Reason.CODE_ENTER_EX_OFFICIO: ("resident_code", False, True),
    }
)
#: reason to open the record again -> reason to close it
_RENEWALS: Mapping[Reason, Reason] = MappingProxyType(
    {
        Reason.RECORD_REMADE: Reason.REMOVE_REMADE,
        Reason.RECORD_RECONSTRUCTED: Reason.REMOVE_RECONSTRUCTED,
        Reason.ENTER_NATURALISED: Reason.REMOVE_NATURALISED,
        Reason.ENTER_NATIONALITY_LOST: Reason.REMOVE_NATIONALITY_LOST,
    }
)
_BECOMES = MappingProxyType(
    {
        Reason.ENTER_NATURALISED: NationalityGroup.JAPANESE,
        Reason.ENTER_NATIONALITY_LOST: NationalityGroup.FOREIGN,
    }
)


def _begin(
    command: Amend | RenewRecord, situation: Situation
) -> tuple[RegisterDate, Items | None, list[Problem]]:
    """Return the day a change counts from and what stands now; None: nobody here to change."""
    effective, wrong = read_effective(
        command.filing, command.reason, today=situation.today, may_be_ahead=False
    )
    people, unfit = find_residents((command.person_id,), situation)
    return effective, people.get(command.person_id), [*wrong, *unfit]


def plan_amendment(command: Amend, situation: Situation) -> Outcome:
    """Change items from a day on (軽微な修正・職権修正・旧氏・通称・住民票コード)."""
    allowed = ALLOWED.get(command.reason)
    if allowed is None:
        return Outcome(problems=(Problem(code="REASON_NOT_FOR_PROCEDURE", where="reason"),))
    effective, before, problems = _begin(command, situation)
    if before is None:
        return Outcome(problems=tuple(problems))
    after, bad = apply_changes(before, command.changes, allowed=allowed)
    problems += bad
    if command.reason in _PRESENCE:
        name, was, becomes = _PRESENCE[command.reason]
        if (bool(getattr(before, name)), bool(getattr(after, name))) != (was, becomes):
            problems.append(Problem(code="REASON_NOT_FOR_THIS_CHANGE", where=name))
    step = Step(
        person_id=command.person_id,
        items=after,
        reason=command.reason,
        effective=effective,
        changed=(),
    )
    return Outcome(steps=(changed_step(before, step),), problems=tuple(problems))


def plan_correction(command: CorrectError, situation: Situation) -> Outcome:
    """Correct what was wrong since a version, one new version per version corrected (誤記修正).

    Only a value that still stands can be corrected: an older one is reached by taking back what
    came after it.
    """
    people, unfit = find_people((command.person_id,), situation)
    if command.person_id not in people:
        return Outcome(problems=unfit)
    history = situation.histories[command.person_id]
    before = people[command.person_id]
    problems: list[Problem] = []
    after = before
    if command.changes:
        after, bad = apply_changes(before, command.changes, allowed=CHANGEABLE)
        problems += bad
        if _STANDING & command.changes.keys():
            problems += check_standing(after.relationship, is_householder=after.is_householder)
    elif command.history_no is None:
        problems.append(Problem(code="NOTHING_CHANGES"))
    moved, wrong = _moved_event(command, history, situation)
    problems += wrong
    if problems:
        return Outcome(problems=tuple(problems))
    return Outcome(steps=_corrections(command, history, before, after, moved))


def _moved_event(
    command: CorrectError, history: tuple[VersionRow, ...], situation: Situation
) -> tuple[tuple[Event, RegisterDate] | None, tuple[Problem, ...]]:
    """Return the event whose day was wrong, with the right day."""
    if command.history_no is None:
        return None, ()
    roots = {event.root_no: event for event in events_of(history)}
    event = roots.get(command.history_no)
    if event is None:
        return None, (Problem(code="VERSION_UNKNOWN", where="history_no"),)
    root = next(one for one in history if one.history_no == event.root_no)
    day, wrong = read_effective(
        command.filing, root.reason, today=situation.today, may_be_ahead=False
    )
    if not wrong and day.sort_on == event.day and not command.changes:
        wrong = (Problem(code="NOTHING_CHANGES"),)
    return (event, day), wrong


def _corrections(
    command: CorrectError,
    history: tuple[VersionRow, ...],
    before: Items,
    after: Items,
    moved: tuple[Event, RegisterDate] | None,
) -> tuple[Step, ...]:
    by_event: dict[int, tuple[Event, list[str]]] = {}
    if moved is not None:
        by_event[moved[0].root_no] = (moved[0], [])
    for name in changed_names(before, after):
        event = setter_of(history, name)
        assert event is not None, "every item was set by the entry at least"
        by_event.setdefault(event.root_no, (event, []))[1].append(name)
    steps = []
    items = before
    for root_no, (event, names) in sorted(by_event.items()):
        items = replace(items, **{name: getattr(after, name) for name in names})
        day = _day_as_written(event, history)
        if moved is not None and moved[0].root_no == root_no:
            day = moved[1]
        steps.append(
            Step(
                person_id=command.person_id,
                items=items,
                reason=Reason.CORRECT_ERROR,
                effective=day,
                changed=tuple(names),
                corrects_no=root_no,
            )
        )
    return tuple(steps)


def _day_as_written(event: Event, history: tuple[VersionRow, ...]) -> RegisterDate:
    """Return the day an event stands on, so that its correction stands there too."""
    newest = [
        one for one in live_versions(history) if event.root_no in (one.history_no, one.corrects_no)
    ][-1]
    if not newest.effective_written:
        return from_day(event.day)
    # The day was settled when it was filed: a form that is not settled anew keeps it there.
    return RegisterDate(
        as_written=newest.effective_written, sort_on=event.day, form=DateForm.IMPOSSIBLE
    )


def plan_renewal(command: RenewRecord, situation: Situation) -> Outcome:
    """Close a record and open it again (改製・再製・帰化・国籍喪失); the old one is kept as 除票."""
    closes = _RENEWALS.get(command.reason)
    if closes is None:
        return Outcome(problems=(Problem(code="REASON_NOT_FOR_PROCEDURE", where="reason"),))
    effective, before, problems = _begin(command, situation)
    if before is None:
        return Outcome(problems=tuple(problems))
    history = situation.histories[command.person_id]
    day = effective_day(effective, history)
    problems += check_nothing_later(history, day)
    closed = replace(
        before,
        status=Status.REMOVED,
        removal_reason=closes.value,
        removed=effective.as_written,
        removed_sort=day,
    )
    group = _BECOMES.get(command.reason, before.nationality_group)
    # 改製 leaves what no longer counts behind: the history of the remarks begins anew.
    fresh = replace(before, nationality_group=group, remarks_a="")
    opened = fresh
    if command.changes:
        opened, bad = apply_changes(fresh, command.changes, allowed=CHANGEABLE - _STANDING)
        problems += bad
    problems += check_items(opened)
    return Outcome(
        problems=tuple(problems),
        steps=(
            changed_step(
                before,
                Step(
                    person_id=command.person_id,
                    items=closed,
                    reason=closes,
                    effective=effective,
                    changed=(),
                ),
            ),
            Step(
                person_id=command.person_id,
                items=opened,
                reason=command.reason,
                effective=effective,
                changed=(EVERY_ITEM,),
            ),
        ),
    )


def plan_revert(command: RevertChange, situation: Situation) -> Outcome:
    """Take back the newest version of each person; the former state returns (異動の取消し)."""
    people, unfit = find_people(command.targets, situation)
    problems = list(unfit)
    steps = []
    for person_id in people:
        history = situation.histories[person_id]
        newest = newest_live(history)
        if newest is None or newest.history_no != command.targets[person_id]:
            facts = {"history_no": str(newest.history_no) if newest else "", "person_id": person_id}
            problems.append(Problem(code="REVERT_NOT_NEWEST", where="history_no", facts=facts))
            continue
        if newest.reverts_no is not None:
            problems.append(Problem(code="REVERT_OF_REVERT", where="history_no"))
            continue
        steps.append(_taken_back(person_id, history, newest))
    return Outcome(steps=tuple(steps), problems=tuple(problems))


def _taken_back(person_id: str, history: tuple[VersionRow, ...], newest: VersionRow) -> Step:
    reason = REVERTS[kind_of(newest.reason)]
    # Where the reverted version stands, so that its day is not today's.
    exact = from_day(newest.effective_on)
    day = replace(exact, as_written=newest.effective_written or exact.as_written)
    former = items_after(one for one in history if one.history_no != newest.history_no)
    if former is not None:
        return Step(
            person_id=person_id,
            items=former,
            reason=reason,
            effective=day,
            changed=(),
            reverts_no=newest.history_no,
        )
    now = known_items(history)
    struck = replace(
        now,
        status=Status.REMOVED,
        removal_reason=reason.value,
        removed=day.as_written,
        removed_sort=newest.effective_on,
    )
    return changed_step(
        now,
        Step(
            person_id=person_id,
            items=struck,
            reason=reason,
            effective=day,
            changed=(),
            reverts_no=newest.history_no,
        ),
    )
