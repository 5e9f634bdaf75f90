"""What waits at the desk: notes, drafts, households without a head (窓口の一覧)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import connection

from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor
from madoguchi.protection.api import hidden_from
from madoguchi.register.models import Draft, DraftPerson, Memo
from madoguchi.register.queries.loading import hidden_among


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoRow:
    """A note about a person (メモ)."""

    memo_id: int
    text: str
    written_by: str
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """A change that waits for its approval (仮登録)."""

    draft_id: str
    verb: str
    person_ids: tuple[str, ...]
    drafted_by: str
    drafted_at: datetime


def list_memos(person_id: str, *, actor: Actor) -> tuple[MemoRow, ...]:
    """List the notes that stand, oldest first; none for unknown and held (メモ一覧)."""
    kept = list(Memo.objects.filter(person_id=person_id).order_by("id"))
    replaced = {one.replaces for one in kept}
    if hidden_among((person_id,), actor=actor):
        return ()
    return tuple(
        MemoRow(memo_id=one.id, text=one.text, written_by=one.written_by, written_at=one.written_at)
        for one in kept
        if one.id not in replaced and one.text
    )


def list_drafts(*, actor: Actor, limit: int = 100) -> tuple[DraftRow, ...]:
    """List waiting drafts, oldest first, without those that touch people held (仮登録一覧)."""
    # The limit comes last: a list one short would tell that somebody is left out.
    drafts = list(
        Draft.objects.raw(
            "SELECT * FROM register_draft WHERE state = 'WAITING' ORDER BY drafted_at, id"
        )
    )
    if not drafts:
        return ()
    people: dict[str, list[str]] = {}
    for draft_id, person_id in DraftPerson.objects.filter(
        draft_id__in=[one.id for one in drafts]
    ).values_list("draft_id", "person_id"):
        people.setdefault(draft_id, []).append(person_id)
    everybody = [person_id for one in people.values() for person_id in one]
    hidden = hidden_among(everybody, actor=actor)
    found = (
        DraftRow(
            draft_id=one.id,
            verb=one.verb,
            person_ids=tuple(sorted(people.get(one.id, ()))),
            drafted_by=one.drafted_by,
            drafted_at=one.drafted_at,
        )
        for one in drafts
        if hidden.isdisjoint(people.get(one.id, ()))
    )
    return tuple(islice(found, limit))


# Who left by today does not head a household any more; nobody files on that day. Residents are
# read from one narrow index, the few who are leaving from their versions.
_WITHOUT_HEAD = """
SELECT household_no FROM (
    SELECT household_no, is_householder, person_id FROM register_person WHERE status = 'RESIDENT'
    UNION ALL
    SELECT p.household_no, p.is_householder, p.person_id
    FROM register_person p JOIN register_version v ON v.id = p.version_id
    WHERE p.status = 'MOVE_OUT_PLANNED'
      AND (v.removed_sort IS NULL OR v.removed_sort > %(today)s)
) living
WHERE NOT (%(hides)s AND person_id IN (SELECT person_id FROM protection_out_held))
GROUP BY household_no
HAVING NOT bool_or(is_householder)
ORDER BY household_no LIMIT %(limit)s
"""


def list_households_without_head(*, actor: Actor, limit: int = 100) -> tuple[str, ...]:
    """List households of residents without a head, to ask them who it is (世帯主不在).

    An actor who may not see held people is told of households as they are without them, as on
    the page of a person: page and list must not differ.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _WITHOUT_HEAD,
            {"today": clock.today(), "hides": hidden_from(actor), "limit": limit},
        )
        found = [household_no for (household_no,) in cursor.fetchall()]
    return tuple(found)
