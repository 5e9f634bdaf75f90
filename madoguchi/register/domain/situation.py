"""What a plan is made from, and what it comes to (異動の前提と結果)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from madoguchi.kernel.dates import DateForm, RegisterDate
from madoguchi.kernel.outcome import Problem
from madoguchi.register.domain.items import Items, PersonRow, VersionRow, items_of
from madoguchi.register.domain.reasons import Reason
from madoguchi.register.domain.timeline import events_of, row_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that was read, under locks, before the decision (処理時点の状態)."""

    today: date
    now: datetime
    place: str
    terminal: str
    staff_id: str
    #: whole histories of everybody spoken of and of everybody in the households concerned
    histories: Mapping[str, tuple[VersionRow, ...]] = field(default_factory=dict)
    #: numbers of people for whom a change waits for approval (仮登録)
    provisional: frozenset[str] = frozenset()
    #: 住民票コード and card number -> who has it now
    code_owners: Mapping[str, str] = field(default_factory=dict)
    card_owners: Mapping[str, str] = field(default_factory=dict)
    #: the three items (name key, birth, sex) of removed records -> whose
    removed_alike: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    #: owners of a number whom this clerk may not know of (支援措置)
    hidden: frozenset[str] = frozenset()
    #: blocks of level alert on whoever the command names: asked about, forbidding nothing (抑止・注意)
    warned: tuple[Problem, ...] = ()
    #: fresh numbers, reserved before planning; unused ones are lost, which is allowed
    new_person_ids: tuple[str, ...] = ()
    new_household_no: str = ""

    def head(self, person_id: str) -> VersionRow | None:
        """Return the newest version of a person (最新の版)."""
        versions = self.histories.get(person_id, ())
        return versions[-1] if versions else None

    def state(self, person_id: str) -> PersonRow | None:
        """Return the present state of a person (現在の状態)."""
        head = self.head(person_id)
        return None if head is None else row_of(head, on=self.today)

    def residents_of(self, household_no: str) -> tuple[PersonRow, ...]:
        """Return who lives in a household now (現存の世帯員)."""
        states = (self.state(person_id) for person_id in self.histories)
        return tuple(
            one
            for one in states
            if one is not None and one.household_no == household_no and one.status.is_resident
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One version to be, before it has a number and a stamp (追記する版)."""

    person_id: str
    items: Items
    reason: Reason
    effective: RegisterDate
    changed: tuple[str, ...]
    corrects_no: int | None = None
    reverts_no: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a command comes to: versions to append, or why not (異動の計画)."""

    versions: tuple[VersionRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    alerts: tuple[Problem, ...] = ()


def effective_day(effective: RegisterDate, history: tuple[VersionRow, ...]) -> date:
    """Return the day to sort a change by (異動日の並び順).

    An unclear day is sorted by the first day its words allow, which may lie before what is
    already known to have happened earlier; then it follows that.
    """
    if effective.form in (DateForm.EXACT, DateForm.IMPOSSIBLE):
        return effective.sort_on
    return max([effective.sort_on, *(event.day for event in events_of(history))])


def known_items(history: tuple[VersionRow, ...]) -> Items:
    """Return the items of the newest version (現在の記載事項)."""
    return items_of(history[-1])
