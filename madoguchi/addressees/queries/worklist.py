"""What has to be typed at the terminal now: differences only (作業一覧).

Worked out from the register each time it is asked for, so a move, a death or a measure anywhere
in the product changes it by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import connection

from madoguchi.addressees.domain.places import Gazetteer
from madoguchi.addressees.domain.worklist import State, Stay, Task, Why, same_address
from madoguchi.addressees.models import StayRow
from madoguchi.addressees.queries.entries import EntryRow, entries_of
from madoguchi.addressees.queries.people import address_of, not_to_send
from madoguchi.kernel.actor import Actor
from madoguchi.register.api import PersonRow, persons_of


def tasks_of(list_id: str, *, actor: Actor, today: date, gazetteer: Gazetteer) -> tuple[Task, ...]:
    """List what differs between our copy and what holds now, in the list's order (作業一覧)."""
    linked = entries_of(list_id, actor=actor, states=(State.LINKED,))
    ids = {one.person_id for one in linked}
    people, stays = persons_of(ids), stays_of(ids)
    blocked = not_to_send(ids, actor=actor)
    returned = returned_notices({one.notice_no for one in linked if one.notice_no})
    found = []
    for entry in linked:
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
