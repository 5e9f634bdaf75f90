"""The file as a temporary table (取込みの作業表): what concerns several rows is asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

from django.db import connection

from madoguchi.cards.domain.csv import (
    FIELDS,
    PERSON_NO,
    PURPOSE,
    SERIAL,
    STATE,
    VALID_FROM,
    VALID_UNTIL,
    check_header,
    check_row,
)
from madoguchi.kernel.intake import LISTED_MAX, Counting, Found, open_rows
from madoguchi.kernel.outcome import Problem

_STEP = 2_000

_MAKE = """
DROP TABLE IF EXISTS pg_temp.cards_staged;
CREATE TEMPORARY TABLE cards_staged (
    line integer, person_id text, issuer text, serial text, purpose text, valid_from date,
    valid_until date, registered_on date, state text
) ON COMMIT DROP
"""
_INDEX = """
CREATE INDEX ON cards_staged (issuer, serial);
CREATE INDEX ON cards_staged (person_id);
ANALYZE cards_staged
"""
_TWICE = """
SELECT line, first, person_id <> first_person FROM (
    SELECT line, person_id, first_value(line) OVER w AS first,
           first_value(person_id) OVER w AS first_person
    FROM cards_staged WHERE issuer IS NOT NULL AND serial IS NOT NULL
    WINDOW w AS (PARTITION BY issuer, serial ORDER BY line)) AS numbered
WHERE line <> first
"""
_TAKEN = """
SELECT s.line FROM cards_staged s JOIN cards_certificate c USING (issuer, serial)
WHERE c.person_id <> s.person_id
"""
_DIFFERS = """
SELECT s.line, c.purpose <> s.purpose, c.valid_from <> s.valid_from,
       c.valid_until <> s.valid_until
FROM cards_staged s JOIN cards_certificate c USING (issuer, serial)
WHERE c.person_id = s.person_id
  AND (c.purpose, c.valid_from, c.valid_until) <> (s.purpose, s.valid_from, s.valid_until)
"""
_BACK = """
SELECT s.line FROM cards_staged s JOIN cards_certificate c USING (issuer, serial)
WHERE c.state = 'REVOKED' AND s.state <> 'REVOKED'
"""
_NOBODY = """
SELECT s.line FROM cards_staged s
WHERE s.person_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM register_out_names n WHERE n.person_id = s.person_id)
"""
# As it would stand afterwards: what the file says, and what it does not name of these people.
_TWO_VALID = """
WITH afterwards AS (
    SELECT line, person_id, issuer, serial, purpose, valid_from, valid_until
    FROM cards_staged WHERE state = 'VALID'
    UNION ALL
    SELECT NULL, c.person_id, c.issuer, c.serial, c.purpose, c.valid_from, c.valid_until
    FROM cards_certificate c
    WHERE c.state = 'VALID' AND c.person_id IN (SELECT person_id FROM cards_staged)
      AND NOT EXISTS (SELECT FROM cards_staged s
                      WHERE s.issuer = c.issuer AND s.serial = c.serial)
)
SELECT a.line, min(b.line), bool_or(b.line IS NULL)
FROM afterwards a JOIN afterwards b USING (person_id, purpose)
WHERE (a.issuer, a.serial) <> (b.issuer, b.serial)
  AND a.valid_from <= b.valid_until AND b.valid_from <= a.valid_until
  AND a.line IS NOT NULL AND (b.line IS NULL OR b.line < a.line)
GROUP BY a.line
"""
_COUNT = """
SELECT count(*) FILTER (WHERE c.id IS NULL),
       count(*) FILTER (WHERE (c.state, c.registered_on) <> (s.state, s.registered_on))
FROM cards_staged s LEFT JOIN cards_certificate c USING (issuer, serial)
"""
_TOUCHED = """
SELECT DISTINCT s.person_id FROM cards_staged s LEFT JOIN cards_certificate c USING (issuer, serial)
WHERE c.id IS NULL OR (c.state, c.registered_on) <> (s.state, s.registered_on)
ORDER BY 1 LIMIT %s
"""
_UPDATE = """
UPDATE cards_certificate c
SET state = s.state, registered_on = s.registered_on, changed_at = %s
FROM cards_staged s
WHERE c.issuer = s.issuer AND c.serial = s.serial
  AND (c.state, c.registered_on) <> (s.state, s.registered_on)
"""
_INSERT = """
INSERT INTO cards_certificate (person_id, issuer, serial, purpose, valid_from, valid_until,
                               registered_on, state, changed_at)
SELECT s.person_id, s.issuer, s.serial, s.purpose, s.valid_from, s.valid_until,
       s.registered_on, s.state, %s
FROM cards_staged s
WHERE NOT EXISTS (SELECT FROM cards_certificate c
                  WHERE c.issuer = s.issuer AND c.serial = s.serial)
ORDER BY s.line
"""


def stage(file: BinaryIO, *, today: date, progress: Counting) -> Found:
    """Read the file into its temporary table, row by row, with all that is wrong (読込み)."""
    found = Found()
    with connection.cursor() as cursor:
        cursor.execute(_MAKE)
    opened = open_rows(file, found)
    if opened is None:
        return found
    lines, cells_of_names, rows = opened
    header = check_header(cells_of_names)
    names = tuple(name for name in header if isinstance(name, str))
    if len(names) != len(header):
        found.add([one for one in header if isinstance(one, Problem)])
        return found
    copy_in = f"COPY cards_staged (line, {', '.join(FIELDS)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copy_in) as copy:
        for count, (line, cells) in enumerate(rows, start=1):
            row = check_row(names, line=line, cells=cells, today=today)
            found.add(row.problems)
            found.warn(row.warnings)
            # Also of a wrong row what can be read: so its other problems show at once.
            copy.write_row((line, *(row.values.get(name) for name in FIELDS)))
            if count % _STEP == 0:
                progress.advance(_STEP, step="cards_staged")
    if lines.broken is not None:
        found.add([lines.broken])
    with connection.cursor() as cursor:
        cursor.execute(_INDEX)
    return found


def lock_table() -> None:
    """Let nobody else change certificates until the end; reading goes on (登録の確保)."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE cards_certificate IN SHARE ROW EXCLUSIVE MODE")


def check_together(found: Found) -> None:
    """Add every problem that shows only when rows are seen together (行をまたぐ検査)."""
    for line, first, is_of_two in _rows(_TWICE):
        code = "CARDS_CERTIFICATE_OF_TWO" if is_of_two else "CARDS_CERTIFICATE_TWICE"
        _add(found, code, line, SERIAL, first=str(first))
    for (line,) in _rows(_TAKEN):
        _add(found, "CARDS_CERTIFICATE_TAKEN", line, SERIAL)
    for line, *differs in _rows(_DIFFERS):
        for column, is_other in zip((PURPOSE, VALID_FROM, VALID_UNTIL), differs, strict=True):
            if is_other:
                _add(found, "CARDS_CERTIFICATE_DIFFERS", line, column)
    for (line,) in _rows(_BACK):
        _add(found, "CARDS_REVOKED_STAYS", line, STATE)
    for (line,) in _rows(_NOBODY):
        _add(found, "CARDS_PERSON_UNKNOWN", line, PERSON_NO)
    for line, first, is_kept in _rows(_TWO_VALID):
        if is_kept:
            _add(found, "CARDS_TWO_VALID_KEPT", line, STATE)
        if first is not None:
            _add(found, "CARDS_TWO_VALID", line, STATE, first=str(first))


def count_rows() -> int:
    """Count the certificates the file names (件数)."""
    ((count,),) = _rows("SELECT count(*) FROM cards_staged")
    return int(count)


def count_changes() -> tuple[int, int]:
    """Count what would be entered and what would change (新規と変更の件数)."""
    ((new, changed),) = _rows(_COUNT)
    return int(new), int(changed)


def list_touched(*, limit: int) -> list[str]:
    """List whose certificates are entered or change (対象者)."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, [limit])
        return [person_id for (person_id,) in cursor.fetchall()]


def load(*, now: datetime) -> None:
    """Bring the table up to date: what is known first, then what is new (登録)."""
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [now])
        cursor.execute(_INSERT, [now])
        # What the checks should have caught is caught here, not at the very end.
        for when in ("IMMEDIATE", "DEFERRED"):
            cursor.execute(f"SET CONSTRAINTS cards_certificate_one_valid {when}")
        # A holder is asked for at once, and nobody has counted the new rows yet.
        cursor.execute("ANALYZE cards_certificate")


def _add(found: Found, code: str, line: int, column: str, **facts: str) -> None:
    facts = {"column": column, **facts}
    found.add([Problem(code=code, where=f"line {line}, {column}", facts=facts)])


def _rows(query: str) -> Sequence[tuple[Any, ...]]:
    """Read the worst of it; beyond the limit only a second run would tell more."""
    with connection.cursor() as cursor:
        cursor.execute(f"{query} ORDER BY 1 LIMIT {LISTED_MAX * 2}")
        return tuple(cursor.fetchall())
