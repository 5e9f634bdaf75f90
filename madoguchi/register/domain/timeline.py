"""What was true on a day, and what was known at a moment, read off a person's versions (時点).

Each version is a full row, but it only *sets* the items named in ``changed``; the rest was
carried over. So a state is the items set by all live versions, laid over each other:

- A version takes effect on its 異動日. Versions of one day go by history number.
- A correction (誤記修正, or a 転入通知 that moves a planned day) stands where the version it
  corrects stands, directly after it, and its 異動日 becomes the day of both.
- A revert (異動の取消し) that restores a former state makes the reverted version count for
  nothing. Where there is no former state, the revert is itself a removal on the same day.

Sources: resident record standard 1.2.1, 4.2.3.3, 4.6.0.1; 1.1.5 for the planned day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from madoguchi.register.domain.items import (
    EVERY_ITEM,
    ITEM_NAMES,
    Items,
    PersonRow,
    Status,
    VersionRow,
    names_set_by,
)
from madoguchi.register.domain.reasons import ReasonKind, kind_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A live version at its place: the day it stands on, the version it stands with (異動)."""

    day: date
    root_no: int
    version: VersionRow

    @property
    def place(self) -> tuple[date, int, int]:
        """Sort key of the event (並び)."""
        return (self.day, self.root_no, self.version.history_no)


def is_undoing(version: VersionRow) -> bool:
    """Tell whether this version only takes another one back (取消しの版)."""
    return version.reverts_no is not None and not version.changed


def live_versions(
    versions: Iterable[VersionRow], *, known_at: datetime | None = None
) -> tuple[VersionRow, ...]:
    """Return the versions that count, in the order recorded (有効な異動履歴)."""
    known = [one for one in versions if known_at is None or one.recorded_at <= known_at]
    undone = {one.reverts_no for one in known if is_undoing(one)}
    live = [one for one in known if not is_undoing(one) and one.history_no not in undone]
    return tuple(sorted(live, key=lambda one: one.history_no))


def events_of(
    versions: Iterable[VersionRow], *, known_at: datetime | None = None
) -> tuple[Event, ...]:
    """Place the live versions on the time line, in the order they take effect (異動の並び)."""
    live = live_versions(versions, known_at=known_at)
    roots: dict[int, int] = {}
    days: dict[int, date] = {}
    for one in live:
        corrected = one.corrects_no if one.corrects_no is not None else one.history_no
        root = roots[one.history_no] = roots.get(corrected, corrected)
        days[root] = one.effective_on
    events = [
        Event(day=days[roots[one.history_no]], root_no=roots[one.history_no], version=one)
        for one in live
    ]
    return tuple(sorted(events, key=lambda event: event.place))


def state_on(
    versions: Iterable[VersionRow], *, on: date, known_at: datetime | None = None
) -> PersonRow | None:
    """Return the person as they were on a day, as known at a moment; None before they entered.

    A move-out that was filed for a later day is not in it yet (転出予定日前の非表示).
    """
    events = [one for one in events_of(versions, known_at=known_at) if one.day <= on]
    return _fold(events, on=on)


def state_known(
    versions: Iterable[VersionRow], *, on: date, known_at: datetime | None = None
) -> PersonRow | None:
    """Return the newest state with plans for later days in it; ``on`` settles the status.

    This is the head of the ledger as it stood at ``known_at``.
    """
    return _fold(events_of(versions, known_at=known_at), on=on)


def row_of(version: VersionRow, *, on: date) -> PersonRow:
    """Read one full version as a person row: the newest one is the current state (現在の状態)."""
    values = {name: getattr(version, name) for name in ITEM_NAMES}
    return _row(
        values, version.person_id, version.history_no, version.effective_on, version.recorded_at, on
    )


def items_after(versions: Iterable[VersionRow]) -> Items | None:
    """Return the items when every live version has taken effect (全異動後の記載事項)."""
    values = _lay(events_of(versions))
    return None if values is None else Items(**values)


def records_of(versions: Iterable[VersionRow]) -> tuple[tuple[VersionRow, ...], ...]:
    """Part a history into the records it makes, each from its entry to its removal (住民票ごとの履歴).

    Who comes back keeps the 宛名番号, and gets a record of its own; so does a record made anew.
    What corrects or takes back a version stands with it, however late it is recorded.

    Source: resident record standard 2.2.1 (no one view across re-entries), 4.1.1.2.
    """
    ordered = sorted(versions, key=lambda one: one.history_no)
    live = {one.history_no for one in live_versions(ordered)}
    records: list[list[VersionRow]] = []
    home: dict[int, int] = {}
    is_closed = True
    for one in ordered:
        about = one.corrects_no if one.corrects_no is not None else one.reverts_no
        kind = kind_of(one.reason) if one.history_no in live and about is None else None
        if not records or (is_closed and kind is ReasonKind.RECORD):
            records.append([])
            is_closed = False
        place = home.get(about, len(records) - 1) if about is not None else len(records) - 1
        home[one.history_no] = place
        records[place].append(one)
        is_closed |= kind is ReasonKind.REMOVE
    return tuple(map(tuple, records))


def setter_of(versions: Iterable[VersionRow], item: str) -> Event | None:
    """Return the event the present value of an item comes from (項目を定めた異動)."""
    found = None
    for event in events_of(versions):
        if item in names_set_by(event.version.changed):
            found = event
    return found


def newest_live(versions: Iterable[VersionRow]) -> VersionRow | None:
    """Return the newest version that counts: the only one that can be taken back (最新の異動).

    A version that set neither an item nor a day, such as that of a 個人番号, is passed over.
    """
    live = [one for one in live_versions(versions) if one.changed or one.corrects_no is not None]
    return live[-1] if live else None


def settled_status(items: Items, *, on: date) -> Status:
    """Turn 転出予定 into 転出 from the day on; no job has to remember it (転出の効力)."""
    if items.status is not Status.MOVE_OUT_PLANNED or items.removed_sort is None:
        return items.status
    return Status.MOVED_OUT if items.removed_sort <= on else Status.MOVE_OUT_PLANNED


def _lay(events: Sequence[Event]) -> dict[str, Any] | None:
    values: dict[str, Any] = {}
    for event in events:
        changed = event.version.changed
        if not values and EVERY_ITEM not in changed:
            continue
        values.update((name, getattr(event.version, name)) for name in names_set_by(changed))
    return values or None


def _fold(events: Sequence[Event], *, on: date) -> PersonRow | None:
    values = _lay(events)
    if values is None:
        return None
    last = events[-1]
    return _row(
        values,
        last.version.person_id,
        max(one.version.history_no for one in events),
        last.day,
        max(one.version.recorded_at for one in events),
        on,
    )


def _row(  # noqa: PLR0917  private, and called twice
    values: dict[str, Any],
    person_id: str,
    history_no: int,
    effective_on: date,
    recorded_at: datetime,
    on: date,
) -> PersonRow:
    items = Items(**values)
    values = {**values, "status": settled_status(items, on=on)}
    return PersonRow(
        person_id=person_id,
        history_no=history_no,
        effective_on=effective_on,
        recorded_at=recorded_at,
        **values,
    )
