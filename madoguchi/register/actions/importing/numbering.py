"""個人番号 of a file of their own (個人番号の取込み): sealed on the way in, shown nowhere.

The temporary table holds them sealed and keyed, never open; a problem names the line only.
"""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.db import connection

from madoguchi.kernel.csvfile import open_lines
from madoguchi.kernel.intake import Counting, Found
from madoguchi.kernel.outcome import Problem
from madoguchi.register.domain.csv import NUMBER_COLUMNS, Header, check_header, check_row
from madoguchi.register.queries import sealing

_STEP = 2_000


def stage_numbers(stream: BinaryIO, found: Found, progress: Counting) -> None:
    """Read numbers.csv and seal each number at once (個人番号の読込み)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS pg_temp.register_staged_number;"
            "CREATE TEMPORARY TABLE register_staged_number"
            " (line integer, person_id text, sealed bytea, digest bytea) ON COMMIT DROP"
        )
    lines = open_lines(stream)
    if isinstance(lines, Problem):
        found.add([_in_numbers(lines)])
        return
    rows = lines.rows()
    first = next(rows, None)
    header = check_header(first[1] if first else (), known=NUMBER_COLUMNS)
    if not isinstance(header, Header):
        found.add([_in_numbers(one) for one in header])
        return
    copy_in = "COPY register_staged_number (line, person_id, sealed, digest) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copy_in) as copy:
        for count, (line, cells) in enumerate(rows, start=1):
            row = check_row(header, line=line, cells=cells)
            found.add([_in_numbers(one) for one in row.problems])
            person_id, number = row.values.get("person_id"), row.values.get("individual_number")
            if person_id and number:
                sealed = sealing.seal(number, person_id=person_id)
                copy.write_row((line, person_id, sealed, sealing.digest(number)))
            if count % _STEP == 0:
                progress.advance(_STEP, step="register_number")
    if lines.broken is not None:
        found.add([_in_numbers(lines.broken)])


def check_numbers(found: Found) -> None:
    """Find numbers of unknown people, and numbers that two people would have (重複)."""
    for code, query in (
        (
            "CSV_NUMBER_OF_NOBODY",
            "SELECT n.line FROM register_staged_number n WHERE NOT EXISTS"
            " (SELECT FROM register_staged s WHERE s.person_id = n.person_id) AND NOT EXISTS"
            " (SELECT FROM register_person p WHERE p.person_id = n.person_id)",
        ),
        (
            "NUMBER_DOUBLE",
            "SELECT n.line FROM register_staged_number n WHERE EXISTS"
            " (SELECT FROM register_number o WHERE o.digest = n.digest"
            "  AND o.person_id <> n.person_id)"
            " UNION SELECT line FROM (SELECT line, count(*) OVER (PARTITION BY digest) AS same"
            " FROM register_staged_number) AS counted WHERE same > 1",
        ),
        (
            "CSV_PERSON_TWICE",
            "SELECT line FROM (SELECT line, row_number() OVER (PARTITION BY person_id"
            " ORDER BY line) AS place FROM register_staged_number) AS counted WHERE place > 1",
        ),
        (
            # A number that changes is a change of its own, with its reason (個人番号の変更請求).
            "CSV_NUMBER_DIFFERS",
            "SELECT n.line FROM register_staged_number n JOIN register_number o"
            " ON o.person_id = n.person_id WHERE o.digest <> n.digest",
        ),
    ):
        with connection.cursor() as cursor:
            cursor.execute(f"{query} ORDER BY 1 LIMIT 1000")
            lines = [line for (line,) in cursor.fetchall()]
        found.add(
            [Problem(code=code, where=f"numbers.csv line {line}", facts=_FACTS) for line in lines]
        )


_FACTS = {"first": "―", "number": "―"}


def enter_numbers(*, now: datetime, progress: Counting) -> int:
    """Put the numbers into their table; those already there stay (個人番号の登録)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO register_number (person_id, sealed, digest, set_at)"
            " SELECT person_id, sealed, digest, %s FROM register_staged_number"
            " ON CONFLICT (person_id) DO NOTHING",
            [now],
        )
        entered = cursor.rowcount
    progress.advance(entered, step="register_number")
    return int(entered)


def _in_numbers(problem: Problem) -> Problem:
    return Problem(
        code=problem.code, where=f"numbers.csv {problem.where or ''}".strip(), facts=problem.facts
    )
