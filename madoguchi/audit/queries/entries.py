"""List entries: by person, staff, kind, action and days, newest first (記録の一覧)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from madoguchi.audit.domain import Entry, Kind, Note
from madoguchi.audit.models import AuditEntry
from madoguchi.infra.clock import JAPAN, start_of

PAGE_ROWS = 50

#: Whom these entries concern is itself something not everybody may know. Other rooms close a
#: single entry with ``"closed": True`` in its detail.
_CLOSED_ACTIONS = "PROTECTION_"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries are wanted; what is not given does not narrow (絞り込み)."""

    person_id: str = ""
    staff_id: str = ""
    kind: Kind | None = None
    action: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """One page of entries, newest first, and where the next page begins (一覧の一頁)."""

    entries: tuple[Entry, ...]
    next_before: int | None


def list_entries(
    *,
    wanted: EntryFilter | None = None,
    before: int | None = None,
    limit: int = PAGE_ROWS,
    sees_closed: bool = True,
) -> EntryPage:
    """List entries newest first; ``before`` continues where a page ended (記録の一覧).

    One query however many entries there are: pages follow the number, not an offset. Without
    ``sees_closed`` a closed entry says what was done and by whom, not to whom; and nobody is
    found by it.
    """
    wanted = wanted or EntryFilter()
    rows = _narrowed(wanted)
    if wanted.person_id and not sees_closed:
        rows = rows.exclude(Q(action__startswith=_CLOSED_ACTIONS) | Q(detail__contains=_CLOSED))
    if before is not None:
        rows = rows.filter(seq__lt=before)
    found = [
        shown(entry_of(row), sees_closed=sees_closed) for row in rows.order_by("-seq")[: limit + 1]
    ]
    more = len(found) > limit
    return EntryPage(
        entries=tuple(found[:limit]), next_before=found[limit - 1].seq if more else None
    )


def entry_of(row: AuditEntry) -> Entry:
    """Return a stored row as the domain's value (記録)."""
    return Entry(
        seq=row.seq,
        note=Note(
            at=row.at.astimezone(JAPAN),
            kind=Kind(row.kind),
            staff_id=row.staff_id,
            place=row.place,
            terminal=row.terminal,
            action=row.action,
            purpose=row.purpose,
            subjects=tuple(row.subjects),
            detail=row.detail,
        ),
        prev_hash=row.prev_hash,
        hash=row.hash,
    )


_CLOSED = {"closed": True}


def shown(entry: Entry, *, sees_closed: bool) -> Entry:
    """Return an entry as it may be shown: a closed one without whom it concerns (閉じた記録)."""
    note = entry.note
    closed = note.action.startswith(_CLOSED_ACTIONS) or note.detail.get("closed") is True
    if sees_closed or not closed:
        return entry
    return replace(entry, note=replace(note, subjects=(), detail={}))


def _narrowed(wanted: EntryFilter) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.all()
    if wanted.person_id:
        rows = rows.filter(subjects__contains=[wanted.person_id])
    if wanted.staff_id:
        rows = rows.filter(staff_id=wanted.staff_id)
    if wanted.kind is not None:
        rows = rows.filter(kind=wanted.kind.value)
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.since is not None:
        rows = rows.filter(at__gte=start_of(wanted.since))
    if wanted.until is not None:
        rows = rows.filter(at__lt=start_of(wanted.until + timedelta(days=1)))
    return rows
