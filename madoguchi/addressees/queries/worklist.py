"""What has to be typed at the terminal now: differences only (作業一覧).

Worked out from the register each time it is asked for, so a move, a death or a measure anywhere
in the product changes it by itself. Whose record is the one their row was settled by is not looked
at again: a long list is read in the time its differences take.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db import connection

from madoguchi.addressees.domain.levels import Standing
from madoguchi.addressees.domain.places import Gazetteer
from madoguchi.addressees.domain.worklist import Stay, Task, Why, same_address
from madoguchi.addressees.models import Entry, StayRow
from madoguchi.addressees.queries.entries import EntryRow, linked_of, read_entries
from madoguchi.addressees.queries.people import address_of, not_to_send, stands_of
from madoguchi.kernel.actor import Actor
from madoguchi.register.api import PersonRow, persons_of


def tasks_of(list_id: str, *, actor: Actor, today: date, gazetteer: Gazetteer) -> tuple[Task, ...]:
    """List what differs between our copy and what holds now, in the list's order (作業一覧)."""
    linked = linked_of(list_id, actor=actor)
    ids = {one.person_id for one in linked}
    stands, stays = stands_of(ids), stays_of(ids)
    blocked = not_to_send(ids, actor=actor)
    returned = returned_notices({one.notice_no for one in linked if one.notice_no})
    # Nothing was left to type by this very version of the record, and nothing else came up.
    open_rows = [
        one.entry_id
        for one in linked
        if one.person_id in stands
        and not (
            one.settled_no == stands[one.person_id].version_no
            and stands[one.person_id].standing is Standing.RESIDENT
            and one.person_id not in blocked
            and one.person_id not in stays
            and one.notice_no not in returned
        )
    ]
    entries = read_entries(open_rows, actor=actor)
    people = persons_of({one.person_id for one in entries})
    found = []
    for entry in entries:
        person = people.get(entry.person_id)
        if person is None:
            continue
        stay = stays.get(entry.person_id)
        task = _task(
            entry, person, stay=stay if stay and stay.holds(today) else None,
            is_held=entry.person_id in blocked, is_returned=entry.notice_no in returned,
            gazetteer=gazetteer,
        )  # fmt: skip
        if task is not None:
            found.append(task)
    return tuple(found)


def _task(
    entry: EntryRow,
    person: PersonRow,
    *,
    stay: Stay | None,
    is_held: bool,
    is_returned: bool,
    gazetteer: Gazetteer,
) -> Task | None:
    after = stay.address if stay else address_of(person)
    why: list[Why] = []
    if is_held:
        why.append(Why.HELD)
    if not person.status.is_resident:
        why.append(Why.GONE)
    differs = not same_address(entry.sent_to, after, gazetteer)
    if differs and not why:
        why.append(Why.STAY if stay else Why.MOVED)
    if is_returned and not differs:
        why.append(Why.RETURNED)
    if not why:
        return None
    asked_only = Why.HELD in why or Why.GONE in why or not differs
    return Task(
        entry_id=entry.entry_id, line=entry.line, row_id=entry.row_id, person_id=entry.person_id,
        name=person.name or person.name_alphabet or person.alias, kana=person.name_kana,
        before=entry.sent_to, after="" if asked_only else after, why=tuple(why),
    )  # fmt: skip


def settled_by(rows: Iterable[EntryRow | Entry], gazetteer: Gazetteer) -> dict[str, int]:
    """Return, of linked rows with nothing left to type, by which version that is so (済んだ行)."""
    linked = {one.entry_id: one for one in rows if one.person_id}
    ids = {one.person_id for one in linked.values()}
    # The versions first: who changes meanwhile is looked at again.
    stands, people = stands_of(ids), persons_of(ids)
    return {
        entry_id: stands[one.person_id].version_no
        for entry_id, one in linked.items()
        if one.person_id in stands
        and one.person_id in people
        and same_address(one.sent_to, address_of(people[one.person_id]), gazetteer)
    }


def stays_of(person_ids: Collection[str]) -> dict[str, Stay]:
    """Return where people are said to be for a time (居所情報)."""
    kept = StayRow.objects.filter(person_id__in=list(person_ids), ended_at__isnull=True)
    return {
        one.person_id: Stay(address=one.address, since=one.since, until=one.until) for one in kept
    }


def returned_notices(notice_nos: Collection[str]) -> frozenset[str]:
    """Return the notice numbers whose last letter came back (返戻のあった通知)."""
    if not notice_nos:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (about_no) about_no, state FROM dispatch_out_letters"
            " WHERE about_no = ANY(%s) ORDER BY about_no, queued_at DESC",
            [list(notice_nos)],
        )
        return frozenset(about_no for about_no, state in cursor.fetchall() if state == "RETURNED")
