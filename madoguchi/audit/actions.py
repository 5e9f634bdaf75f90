"""Writes of the audit room: one entry at a time, at the very end of a unit (記録する)."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import connection, transaction

from madoguchi.audit.domain import Entry, Json, Kind, Note, anchor_line, chain, clean, clean_text
from madoguchi.audit.queries import key
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused

log = logging.getLogger("madoguchi.audit")

#: An anchor is written on the first entry of a day, and after this many entries.
ANCHOR_EVERY = 1_000


class NoLogNoLook(Refused):
    """A look could not be written down, so nothing may be shown (記録できないので見せない)."""


def record(
    *,
    actor: Actor,
    action: str,
    subjects: Iterable[str],
    detail: Mapping[str, Json] | None = None,
) -> None:
    """Write down a change in the running unit (変更の記録).

    It stands or falls with the change, and is chained at the end of the same transaction.
    ``action`` is a code, globally unique; ``subjects`` are person ids; ``detail`` holds no
    PIN and no 個人番号.
    """
    unit.append(_note(Kind.CHANGE, actor, action, subjects, detail))


def look(
    *,
    actor: Actor,
    screen: str,
    subjects: Iterable[str],
    detail: Mapping[str, Json] | None = None,
) -> None:
    """Write down who is about to see whom, in a unit of its own (閲覧の記録).

    Call it before the page leaves and outside any unit: what a change rolls back must not
    take the look with it. Raises ``NoLogNoLook`` when it cannot be written.
    """
    assert not unit.is_open(), "look() is a unit of its own; a change uses record()"
    assert actor.purpose.strip(), "a look needs a purpose"
    note = _note(Kind.LOOK, actor, screen, subjects, detail)
    try:
        unit.run(unit.append, note)
    except Exception as error:
        # No traceback: the database's words repeat the row, and so whom it is about.
        log.error("a look could not be recorded, nothing was shown: %s", type(error).__name__)  # noqa: TRY400
        raise NoLogNoLook(Problem(code="NO_LOG_NO_LOOK")) from error


def record_sign_in(*, actor: Actor, action: str, detail: Mapping[str, Json] | None = None) -> None:
    """Write down a sign-in, a failed one or a sign-out; in the running unit or its own (認証)."""
    _alone_or_within(_note(Kind.SIGN_IN, actor, action, (), detail))


def record_system(*, actor: Actor, action: str, detail: Mapping[str, Json] | None = None) -> None:
    """Write down what the system or its keeper did: start, backup, check (システムの記録)."""
    _alone_or_within(_note(Kind.SYSTEM, actor, action, (), detail))


def write_all(records: Sequence[object]) -> None:
    """Chain and store what a unit collected; infra calls this just before the commit.

    The head is locked here and not earlier, so other units wait for one insert at most.
    """
    notes = [note for note in records if isinstance(note, Note)]
    assert len(notes) == len(records), "only record() and look() may append"
    with connection.cursor() as cursor:
        start, seq, prev_hash, anchored_on = _lock_head(cursor)
        entries = chain(notes, seq=seq, prev_hash=prev_hash, key=key.signing_key())
        last = entries[-1]
        day = clock.today()
        due = anchored_on != day or last.seq // ANCHOR_EVERY != seq // ANCHOR_EVERY
        cursor.execute(_INSERT, [*_columns(entries), last.seq, last.hash, day])
    if due:
        at = clock.now()
        # Only after the commit: an anchor of an entry that was rolled back would be a lie.
        transaction.on_commit(lambda: drop_anchor(start=start, last=last, at=at), robust=True)


def drop_anchor(*, start: str, last: Entry, at: datetime) -> None:
    """Add one line to the anchor file: who cuts off the tail must find this file too (錨)."""
    line = anchor_line(seq=last.seq, hash_=last.hash, at=at, key=key.signing_key())
    handle = os.open(key.anchor_path(start), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # One write of one short line: two processes cannot mix theirs.
        os.write(handle, f"{line}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


_INSERT = """
WITH rows AS (
    INSERT INTO audit_entry (seq, at, kind, staff_id, place, terminal, action, purpose, subjects,
                             detail, prev_hash, hash)
    SELECT seq, at, kind, staff_id, place, terminal, action, purpose,
           ARRAY(SELECT jsonb_array_elements_text(subjects)), detail, prev_hash, hash
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[],
                %s::text[], %s::text[], %s::jsonb[], %s::jsonb[], %s::text[], %s::text[])
         AS t(seq, at, kind, staff_id, place, terminal, action, purpose, subjects, detail,
              prev_hash, hash)
)
UPDATE audit_head SET seq = %s, hash = %s, anchored_on = %s WHERE id = 1
"""

_LOCK = "SELECT start, seq, hash, anchored_on FROM audit_head WHERE id = 1 FOR UPDATE"

_OPEN = """
INSERT INTO audit_head (id, start, seq, hash)
SELECT 1, start, 0, start
FROM (SELECT encode(sha256(gen_random_uuid()::text::bytea), 'hex') AS start) AS new
WHERE NOT EXISTS (SELECT FROM audit_entry)
ON CONFLICT DO NOTHING
"""


def _lock_head(cursor: object) -> tuple[str, int, str, date | None]:
    execute, fetch = cursor.execute, cursor.fetchone  # type: ignore[attr-defined]
    execute(_LOCK)
    head = fetch()
    if head is None:
        execute(_OPEN)
        execute(_LOCK)
        head = fetch()
    assert head is not None, "entries without a head: run `audit verify` before anything else"
    return head  # type: ignore[no-any-return]


def _columns(entries: Sequence[Entry]) -> list[list[object]]:
    return [
        [entry.seq for entry in entries],
        [entry.note.at for entry in entries],
        [entry.note.kind.value for entry in entries],
        [entry.note.staff_id for entry in entries],
        [entry.note.place for entry in entries],
        [entry.note.terminal for entry in entries],
        [entry.note.action for entry in entries],
        [entry.note.purpose for entry in entries],
        # A list of lists would have to be rectangular; PostgreSQL takes them as JSON.
        [json.dumps(entry.note.subjects) for entry in entries],
        [json.dumps(dict(entry.note.detail)) for entry in entries],
        [entry.prev_hash for entry in entries],
        [entry.hash for entry in entries],
    ]


def _note(
    kind: Kind,
    actor: Actor,
    action: str,
    subjects: Iterable[str],
    detail: Mapping[str, Json] | None,
) -> Note:
    assert action, "an entry says what was done"
    assert action == action.upper(), f"a code in upper case: {action}"
    assert not isinstance(subjects, str), "subjects are several ids, not one text"
    cleaned = clean(dict(detail or {}))
    assert isinstance(cleaned, dict)
    return Note(
        at=clock.now(),
        kind=kind,
        staff_id=clean_text(actor.staff_id),
        place=clean_text(actor.place),
        terminal=clean_text(actor.terminal),
        action=action,
        purpose=clean_text(actor.purpose),
        subjects=tuple(sorted({clean_text(subject) for subject in subjects})),
        detail=cleaned,
    )


def _alone_or_within(note: Note) -> None:
    if unit.is_open():
        unit.append(note)
    else:
        unit.run(unit.append, note)
