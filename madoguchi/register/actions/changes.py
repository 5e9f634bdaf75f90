"""Filing a change: one door for every procedure (異動の本登録)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from madoguchi.accounts import api as accounts
from madoguchi.audit import api as audit
from madoguchi.infra import clock, facts, locks, unit
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import AlertsUnanswered, Problem, Refused
from madoguchi.protection.api import carry_over
from madoguchi.register.actions.bulk import copy_rows
from madoguchi.register.actions.searching import refresh_search_keys
from madoguchi.register.domain.checks import settle_dates
from madoguchi.register.domain.codec import verb_of
from madoguchi.register.domain.commands import (
    Amend,
    Command,
    CorrectError,
    PlanMoveOut,
    RecordEntry,
    RemovePersons,
    RenewRecord,
    RevertChange,
    households_in,
    persons_in,
)
from madoguchi.register.domain.items import ITEM_NAMES, VersionRow
from madoguchi.register.domain.planning import plan_change
from madoguchi.register.domain.reasons import Reason
from madoguchi.register.domain.situation import Situation
from madoguchi.register.queries import loading
from madoguchi.register.queries.persons import provisional_of
from madoguchi.register.queries.rows import read_histories

#: By authority, without a notification: a second officer may be wanted (accounts' table).
_EX_OFFICIO = frozenset(
    {Reason.ENTER_EX_OFFICIO, Reason.REMOVE_EX_OFFICIO, Reason.AMEND_EX_OFFICIO}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What was recorded (登録の結果): each person with the number of their newest version."""

    filing_id: str
    history_nos: Mapping[str, int]
    household_nos: frozenset[str]


def guarded_as(command: Command) -> str | None:
    """Name the row of the second officer's table a command falls under, or None (二人制)."""
    match command:
        case CorrectError() | RevertChange():
            return "CORRECT_RECORD"
        case RenewRecord():
            return "EX_OFFICIO_CHANGE"
        case RecordEntry() | RemovePersons() | Amend() if command.reason in _EX_OFFICIO:
            return "EX_OFFICIO_CHANGE"
        case _:
            return None


def file_change(*, actor: Actor, command: Command, passed: Collection[str] = frozenset()) -> Filed:
    """Record a change at once (本登録). Run it in ``unit.run``.

    Raises ``Refused`` with every problem, ``AlertsUnanswered`` with the alerts that ``passed``
    does not name yet, ``unit.Busy`` when somebody else is at work on one of these people.
    """
    guarded = guarded_as(command)
    rule = accounts.second_officer_rule(guarded, clock.today()) if guarded else "OFF"
    if rule == "BEFORE":
        raise Refused(Problem(code="SECOND_OFFICER_FIRST"))
    filed = carry_out(actor=actor, command=command, passed=passed)
    if rule == "AFTERWARDS":
        assert guarded is not None
        accounts.request_approval(
            actor=actor,
            action=guarded,
            subject_ref=filed.filing_id,
            reason=verb_of(command),
            detail={"persons": str(len(filed.history_nos))},
        )
    return filed


def carry_out(*, actor: Actor, command: Command, passed: Collection[str]) -> Filed:
    """Lock, read, decide, append, tell: the same for a filing and for an approved draft."""
    plan = plan_change(command, take_situation(actor=actor, command=command))
    if plan.problems:
        raise Refused(plan.problems)
    unanswered = [one for one in plan.alerts if one.code not in passed]
    if unanswered:
        raise AlertsUnanswered(unanswered)
    copy_rows(plan.versions)
    if isinstance(command, PlanMoveOut):
        # 支援措置 does not end at the border of the town: no gap may arise.
        carry_over(
            command.person_ids,
            actor=actor,
            moved_on=plan.versions[0].effective_on,
            to_town=command.to_town,
        )
    filed = _filed(plan.versions)
    refresh_search_keys(filed.history_nos)
    _tell(actor, command, plan.versions, filed, passed=[one.code for one in plan.alerts])
    return _told_to(actor, filed)


def take_situation(*, actor: Actor, command: Command) -> Situation:
    """Lock everybody concerned and read their state; the first thing a change does.

    The members of a household are read, locked and read again: whoever changes who belongs to
    it holds its lock, so a difference means that somebody came in between (``Busy``).
    """
    if not actor.may(Right.FILE_CHANGE):
        raise Refused(Problem(code="NOT_ALLOWED"))
    named = persons_in(command)
    homes = frozenset(loading.homes_of(named).values()) | households_in(command)
    members = loading.members_of(homes)
    codes = _codes_in(command)
    locks.take(
        [
            *((LockKind.PERSON, one) for one in named | members.keys()),
            *((LockKind.HOUSEHOLD, one) for one in homes),
            *((LockKind.NUMBERING, f"code:{one}") for one in codes),
        ]
    )
    if loading.members_of(homes) != members:
        raise unit.Busy
    return _read(actor, command, named | members.keys(), codes)


def _read(
    actor: Actor, command: Command, person_ids: frozenset[str], codes: frozenset[str]
) -> Situation:
    newcomers = command.newcomers if isinstance(command, RecordEntry) else ()
    histories = read_histories(person_ids)
    named = persons_in(command)
    closed = loading.closed_to(named & histories.keys(), actor=actor)
    hidden_here = loading.hidden_among(histories.keys(), actor=actor)
    # To this actor a held person is an unknown number, named or found through a household.
    # In a household they come to by others' names they still count: it must keep its head.
    if closed - hidden_here:
        raise Refused(Problem(code="RESTRICTED_FOR_CHANGE"))
    unknown = (named & hidden_here) | _behind_a_number(command, histories, hidden_here)
    histories = {key: one for key, one in histories.items() if key not in unknown}
    versions = [one for history in histories.values() for one in history]
    cards = {one.residence_card_no for one in (*versions, *(new.items for new in newcomers))}
    code_owners = loading.owners_of_codes(codes | {one.resident_code for one in versions})
    card_owners = loading.owners_of_cards(cards)
    items = [settle_dates(new.items, ITEM_NAMES)[0] for new in newcomers]
    alike = loading.removed_alike(items, today=clock.today())
    owners = frozenset((*code_owners.values(), *card_owners.values(), *alike.values()))
    # Owners of a number are looked at for their status alone.
    histories |= read_histories(owners - histories.keys() - unknown)
    return Situation(
        today=clock.today(),
        now=clock.now(),
        place=actor.place,
        terminal=actor.terminal,
        staff_id=actor.staff_id,
        histories=histories,
        provisional=provisional_of(histories.keys()),
        code_owners=code_owners,
        card_owners=card_owners,
        removed_alike=alike,
        hidden=loading.hidden_among(owners, actor=actor),
        warned=loading.warned_of(named & histories.keys(), actor=actor),
        new_person_ids=loading.reserve_person_ids(sum(new.person_id is None for new in newcomers)),
        new_household_no=loading.reserve_household_no(),
    )


def _behind_a_number(
    command: Command,
    histories: Mapping[str, tuple[VersionRow, ...]],
    hidden: frozenset[str],
) -> frozenset[str]:
    """Return the members of a household named by number in which all are held."""
    found: set[str] = set()
    for household_no in households_in(command):
        members = {key for key, one in histories.items() if one[-1].household_no == household_no}
        if members <= hidden:
            found |= members
    return frozenset(found)


def _codes_in(command: Command) -> frozenset[str]:
    codes: set[str] = set()
    match command:
        case RecordEntry():
            codes = {one.items.resident_code for one in command.newcomers}
        case Amend() | CorrectError() | RenewRecord():
            codes = {str(command.changes.get("resident_code", ""))}
        case _:
            pass
    return frozenset(codes - {""})


def _filed(versions: tuple[VersionRow, ...]) -> Filed:
    return Filed(
        filing_id=new_id(),
        history_nos={one.person_id: one.history_no for one in versions},
        household_nos=frozenset(one.household_no for one in versions),
    )


def _told_to(actor: Actor, filed: Filed) -> Filed:
    """Leave out whoever became head by authority and does not exist for this actor."""
    hidden = loading.hidden_among(filed.history_nos.keys(), actor=actor)
    kept = {key: one for key, one in filed.history_nos.items() if key not in hidden}
    return replace(filed, history_nos=kept)


def _tell(
    actor: Actor,
    command: Command,
    versions: tuple[VersionRow, ...],
    filed: Filed,
    *,
    passed: list[str],
) -> None:
    audit.record(
        actor=actor,
        action=f"REGISTER_{verb_of(command)}",
        subjects=filed.history_nos,
        detail={
            "filing_id": filed.filing_id,
            "reasons": [*sorted({one.reason.value for one in versions})],
            "versions": [f"{one.person_id}/{one.history_no}" for one in versions],
            "passed": [*sorted(passed)],
        },
    )
    facts.note(
        "register_changed",
        at=clock.now(),
        verb=verb_of(command),
        persons=len(filed.history_nos),
        versions=len(versions),
    )
