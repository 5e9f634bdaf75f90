"""Taking in seals.csv and tax.csv: all of it or nothing (印鑑登録・課税の取込み).

The rows go into a temporary table while they are checked; what concerns several rows is asked
of the database. A row that says what stands already changes nothing, and one that says
something else counts the row's version up: a paper drawn before it does not leave (I6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, BinaryIO

from django.db import connection, transaction

from madoguchi.audit import api as audit
from madoguchi.certificates.actions.ledger_tables import SEALS, TAXES, LedgerTable
from madoguchi.certificates.documents.imprint import check_imprint
from madoguchi.certificates.domain.ledger_csv import (
    IMPRINT,
    Row,
    check_header,
    check_seal_row,
    read_row,
    tax_warnings,
)
from madoguchi.infra import clock, facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.csvfile import Lines
from madoguchi.kernel.intake import (
    Counting,
    FileRefused,
    FileReport,
    Found,
    NumberedRow,
    open_rows,
)
from madoguchi.kernel.outcome import Problem, Refused

#: A picture of 64 KB is 88,000 letters of base64; the other cells are short.
_LINE_LENGTH_MAX = 120_000
_STEP = 2_000
_NAMED_MAX = 1_000


def import_seals(file: BinaryIO, *, actor: Actor, progress: Counting) -> FileReport:
    """Load seals.csv; run it in ``unit.run_long`` (印鑑登録の取込み).

    A registration the file does not name is left alone. A blank 印影 leaves the one we have.
    """
    return _import(SEALS, file, actor=actor, progress=progress)


def import_taxes(file: BinaryIO, *, actor: Actor, progress: Counting) -> FileReport:
    """Load tax.csv; run it in ``unit.run_long`` (課税の取込み).

    One row a person and year; years the file does not name are left alone.
    """
    return _import(TAXES, file, actor=actor, progress=progress)


def check_seals(file: BinaryIO, *, actor: Actor, progress: Counting) -> FileReport:
    """Say what ``import_seals`` would do and what is wrong, and keep nothing (試行)."""
    return _try(SEALS, file, actor=actor, progress=progress)


def check_taxes(file: BinaryIO, *, actor: Actor, progress: Counting) -> FileReport:
    """Say what ``import_taxes`` would do and what is wrong, and keep nothing (試行)."""
    return _try(TAXES, file, actor=actor, progress=progress)


def _import(table: LedgerTable, file: BinaryIO, *, actor: Actor, progress: Counting) -> FileReport:
    _must_import(actor)
    found = Found()
    rows = _stage(table, file, found, progress)
    with connection.cursor() as cursor:
        # Two imports at once would each count the other's rows as new.
        cursor.execute(f"LOCK TABLE {table.table} IN SHARE ROW EXCLUSIVE MODE")
    report = _check(table, found, rows=rows)
    if report.problem_count:
        raise FileRefused(report)
    now = clock.now()
    progress.advance(0, step=table.table)
    with connection.cursor() as cursor:
        cursor.execute(table.touched, [_NAMED_MAX])
        people = [person_id for (person_id,) in cursor.fetchall()]
        for statement in (*table.update, table.insert):
            cursor.execute(statement, {"now": now})
    counts = {"rows": report.rows, "new": report.new, "changed": report.changed}
    audit.record(actor=actor, action=table.action, subjects=people, detail=counts)
    facts.note(table.action.lower(), at=now, **counts)
    return report


def _try(table: LedgerTable, file: BinaryIO, *, actor: Actor, progress: Counting) -> FileReport:
    _must_import(actor)
    found = Found()
    with transaction.atomic():
        rows = _stage(table, file, found, progress)
        report = _check(table, found, rows=rows)
        transaction.set_rollback(True)
    return report


def _must_import(actor: Actor) -> None:
    if not actor.may(Right.IMPORT_EXPORT):
        raise Refused(Problem(code="IMPORT_EXPORT_RIGHT_MISSING"))


# --- reading -----------------------------------------------------------------------------


def _stage(table: LedgerTable, file: BinaryIO, found: Found, progress: Counting) -> int:
    """Fill the temporary table and return how many rows the file has."""
    with connection.cursor() as cursor:
        cursor.execute(table.make)
    opened = open_rows(file, found, line_length_max=_LINE_LENGTH_MAX)
    if opened is None:
        return 0
    lines, names, rows = opened
    wrong = check_header(names, columns=table.columns)
    if wrong:
        found.add(wrong)
        return 0
    return _copy(table, lines, names, rows, found, progress)


def _copy(  # noqa: PLR0917  private; its one caller has them by these names
    table: LedgerTable,
    lines: Lines,
    names: Sequence[str],
    rows: Iterator[NumberedRow],
    found: Found,
    progress: Counting,
) -> int:
    columns = {one.name: one for one in table.columns}
    check = _CHECKS[table.table]
    copy_in = f"COPY {table.staged} ({', '.join(table.fields)}) FROM STDIN"
    count = 0
    with connection.cursor() as cursor, cursor.copy(copy_in) as copy:
        for count, (line, cells) in enumerate(rows, start=1):
            row = read_row(names, cells, columns=columns, line=line)
            check(row, found)
            found.add(row.problems)
            if row.values.get("person_id"):
                copy.write_row(table.cells(row))
            if count % _STEP == 0:
                progress.advance(_STEP, step=table.staged)
    if lines.broken is not None:
        found.add([lines.broken])
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table.staged}")
    return count


def _check_seal(row: Row, found: Found) -> None:
    del found  # nothing of a seal is only a warning
    check_seal_row(row)
    png = row.values.get("imprint")
    if png:
        for one in _imprint_problems(png):
            row.problems.append(
                Problem(code=one.code, where=f"line {row.line}, {IMPRINT}", facts=one.facts)
            )


@lru_cache(maxsize=4_096)
def _imprint_problems(png: bytes) -> tuple[Problem, ...]:
    return check_imprint(png)


def _check_tax(row: Row, found: Found) -> None:
    found.warn(tax_warnings(row))


_CHECKS: dict[str, Callable[[Row, Found], None]] = {
    SEALS.table: _check_seal,
    TAXES.table: _check_tax,
}


# --- several rows together ---------------------------------------------------------------


def _check(table: LedgerTable, found: Found, *, rows: int) -> FileReport:
    for check in table.checks:
        found.add(
            [
                Problem(code=check.code, where=f"line {line}, {check.column}", facts=_facts(first))
                for line, first in _rows(check.query)
            ]
        )
    with connection.cursor() as cursor:
        cursor.execute(table.prepare)
    new = changed = 0
    if not found.problem_count:
        ((new, changed),) = _rows(table.counts)
    return FileReport(
        rows=rows, new=new, changed=changed,
        problems=tuple(found.problems), problem_count=found.problem_count,
        warnings=tuple(found.warnings), warning_count=found.warning_count,
    )  # fmt: skip


def _facts(first: object) -> dict[str, str]:
    return {} if first is None else {"first": str(first)}


def _rows(query: str) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return tuple(cursor.fetchall())
