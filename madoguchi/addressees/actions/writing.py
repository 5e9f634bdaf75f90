"""Write addresses back, all that were ticked in one go, and take that back (書き戻し)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from madoguchi.addressees.domain.places import Gazetteer
from madoguchi.addressees.domain.rights import must
from madoguchi.addressees.domain.worklist import check_stay
from madoguchi.addressees.models import Entry, List, StayRow, WriteBack, WriteBackRow
from madoguchi.addressees.queries.people import hidden
from madoguchi.addressees.queries.worklist import settled_by, tasks_of
from madoguchi.audit.api import record
from madoguchi.infra import facts, locks
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.register.api import persons_of


def write_back(
    *,
    list_id: str,
    seen: Collection[tuple[str, str]],
    actor: Actor,
    gazetteer: Gazetteer,
    today: date,
    now: datetime,
) -> str:
    """Bring the ticked rows' addresses up to date (書き戻す).

    ``seen`` are row and address as they stood on the page. Everything is worked out anew: who is
    protected or gone by now, or moved once more, stops the whole, so that what is written is
    what was looked at.
    """
    must(actor)
    kept = List.objects.select_for_update().filter(list_id=list_id, closed_at__isnull=True).first()
    if kept is None:
        raise Refused(Problem(code="ADDRESSEES_LIST_UNKNOWN"))
    if not seen:
        raise Refused(Problem(code="ADDRESSEES_NOTHING_TICKED"))
    tasks = {
        one.entry_id: one
        for one in tasks_of(list_id, actor=actor, today=today, gazetteer=gazetteer)
        if one.is_typed
    }
    changed = [entry for entry, after in seen if entry not in tasks or tasks[entry].after != after]
    if changed:
        raise Refused(Problem(code="ADDRESSEES_TASKS_CHANGED", facts={"count": str(len(changed))}))
    done = WriteBack.objects.create(
        write_back_id=new_id(), listed=kept, written_by=actor.staff_id, written_at=now
    )
    wanted = [tasks[entry] for entry, _ in seen]
    WriteBackRow.objects.bulk_create(
        WriteBackRow(write_back=done, entry_id=one.entry_id, before=one.before, after=one.after)
        for one in wanted
    )
    written = list(Entry.objects.filter(entry_id__in=[one.entry_id for one in wanted]))
    for row in written:
        row.sent_to, row.changed_at = tasks[row.entry_id].after, now
    # What is written for a stay is another address than the record's: that row is not settled.
    settled = settled_by(written, gazetteer)
    for row in written:
        row.settled_no = settled.get(row.entry_id, 0)
    Entry.objects.bulk_update(written, ["sent_to", "settled_no", "changed_at"], batch_size=500)
    record(
        actor=actor, action="ADDRESSEES_WRITTEN_BACK",
        subjects=sorted({one.person_id for one in wanted}),
        detail={"list_id": list_id, "write_back_id": done.write_back_id, "rows": len(wanted)},
    )  # fmt: skip
    facts.note("addressees_written_back", at=now, rows=len(wanted))
    return done.write_back_id


def undo_write_back(*, write_back_id: str, actor: Actor, now: datetime) -> None:
    """Put the addresses back as they were, unless one was written again since (書き戻しの取消し)."""
    must(actor)
    done = (
        WriteBack.objects.select_for_update()
        .filter(write_back_id=write_back_id, undone_at__isnull=True)
        .first()
    )
    if done is None:
        raise Refused(Problem(code="ADDRESSEES_NOTHING_TO_UNDO"))
    rows = list(done.changes.select_related("entry"))
    if any(row.entry.sent_to != row.after for row in rows):
        raise Refused(Problem(code="ADDRESSEES_WRITTEN_AGAIN"))
    for row in rows:
        Entry.objects.filter(entry_id=row.entry_id).update(
            sent_to=row.before, settled_no=0, changed_at=now
        )
    WriteBack.objects.filter(write_back_id=write_back_id).update(
        undone_at=now, undone_by=actor.staff_id
    )
    record(
        actor=actor, action="ADDRESSEES_WRITE_BACK_UNDONE",
        subjects=sorted({row.entry.person_id for row in rows if row.entry.person_id}),
        detail={"write_back_id": write_back_id, "rows": len(rows)},
    )  # fmt: skip


def note_stay(
    *,
    person_id: str,
    address: str,
    since: date,
    until: date | None,
    actor: Actor,
    now: datetime,
) -> str:
    """Keep where somebody really is for a time; an earlier one ends (居所情報の登録)."""
    locks.take([(LockKind.PERSON, person_id)])
    must(actor)
    found = list(check_stay(address=address, since=since, until=until))
    if not persons_of([person_id]) or hidden([person_id], actor=actor):
        found.append(Problem(code="PERSON_UNKNOWN", where="person_id"))
    if found:
        raise Refused(found)
    StayRow.objects.filter(person_id=person_id, ended_at__isnull=True).update(ended_at=now)
    kept = StayRow.objects.create(
        stay_id=new_id(), person_id=person_id, address=address.strip()[:200], since=since,
        until=until, noted_by=actor.staff_id, noted_at=now,
    )  # fmt: skip
    record(actor=actor, action="ADDRESSEES_STAY_NOTED", subjects=[person_id])
    return kept.stay_id


def end_stay(*, stay_id: str, actor: Actor, now: datetime) -> None:
    """End a stay: letters go to the registered address again (居所情報の終了)."""
    must(actor)
    kept = (
        StayRow.objects.select_for_update().filter(stay_id=stay_id, ended_at__isnull=True).first()
    )
    if kept is None or hidden([kept.person_id], actor=actor):
        raise Refused(Problem(code="ADDRESSEES_STAY_UNKNOWN"))
    StayRow.objects.filter(stay_id=stay_id).update(ended_at=now)
    record(actor=actor, action="ADDRESSEES_STAY_ENDED", subjects=[kept.person_id])
