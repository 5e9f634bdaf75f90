"""Walk the whole chain and find the first row that does not fit (連鎖の検証)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from madoguchi.audit.domain import Checker, Entry, Kind, Note, Verified
from madoguchi.audit.queries import key
from madoguchi.infra.clock import JAPAN

_BATCH = 2_000

# One statement, so that rows and head are of one moment although others go on writing.
_ROWS = """
SELECT h.start, h.seq, h.hash, e.seq, e.at, e.kind, e.staff_id, e.place, e.terminal, e.action,
       e.purpose, e.subjects, e.detail, e.prev_hash, e.hash
FROM (SELECT 1) AS one
LEFT JOIN audit_head h ON true
LEFT JOIN audit_entry e ON true
ORDER BY e.seq
"""


def verify_chain() -> Verified:
    """Check every entry against its seal, its neighbours, the head and the anchors (検証).

    Finds rows changed, dropped (at the end too), inserted or moved. Streams, so that ten
    years of entries fit into little memory.
    """
    checker: Checker | None = None
    start, head_seq, head_hash = "", 0, ""
    rows = 0
    for row in _stream():
        if row[0] is None:
            # Rows without a head: somebody removed it. No rows and no head: nothing began.
            rows += row[3] is not None
            continue
        if checker is None:
            start, head_seq, head_hash = row[0], row[1], row[2]
            checker = Checker(start=start, key=key.signing_key(), anchors=key.read_anchors(start))
        if row[3] is not None:
            checker.take(_entry(row[3:]))
    others = key.other_chains(start)
    if checker is None:
        return Verified(
            rows=rows,
            intact=rows == 0,
            first_bad_row=1 if rows else None,
            chain="",
            other_chains=others,
        )
    checker.end(head_seq=head_seq, head_hash=head_hash)
    return Verified(
        rows=checker.rows,
        intact=checker.first_bad_row is None,
        first_bad_row=checker.first_bad_row,
        chain=start[:16],
        other_chains=others,
    )


def _stream() -> Iterator[tuple[Any, ...]]:
    with transaction.atomic():
        connection.ensure_connection()
        with connection.connection.cursor(name="audit_chain") as cursor:
            cursor.itersize = _BATCH
            cursor.execute(_ROWS)
            yield from cursor


def _entry(row: tuple[Any, ...]) -> Entry:
    seq, at, kind, staff_id, place, terminal, action, purpose, subjects, detail, prev, hash_ = row
    return Entry(
        seq=seq,
        note=Note(
            at=at.astimezone(JAPAN),
            kind=Kind(kind),
            staff_id=staff_id,
            place=place,
            terminal=terminal,
            action=action,
            purpose=purpose,
            subjects=tuple(subjects),
            detail=json.loads(detail) if isinstance(detail, str) else detail,
        ),
        prev_hash=prev,
        hash=hash_,
    )
