"""What only shows when rows are seen together (行をまたぐ検査): asked of the staged tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from madoguchi.kernel.intake import LISTED_MAX, Found
from madoguchi.kernel.outcome import Problem

_LIVING = "s.status IN ('RESIDENT', 'MOVE_OUT_PLANNED')"

_TWICE = """
SELECT s.line, s.person_id, min(s.line) OVER (PARTITION BY s.person_id) AS first
FROM register_staged s
WHERE s.person_id IN (
    SELECT person_id FROM register_staged GROUP BY person_id HAVING count(*) > 1)
"""
_CODE_TWICE = """
SELECT s.line, min(s.line) OVER (PARTITION BY s.resident_code) AS first
FROM register_staged s
WHERE s.resident_code IN (
    SELECT resident_code FROM register_staged
    WHERE resident_code <> '' GROUP BY resident_code HAVING count(DISTINCT person_id) > 1)
"""
_CODE_TAKEN = """
SELECT s.line FROM register_staged s
JOIN register_person p ON p.resident_code = s.resident_code AND p.resident_code <> ''
WHERE p.person_id <> s.person_id
"""
_TWO_HEADS = f"""
SELECT s.line, min(s.line) OVER (PARTITION BY s.household_no) AS first, s.household_no
FROM register_staged s
WHERE s.is_householder AND {_LIVING} AND s.household_no IN (
    SELECT s.household_no FROM register_staged s WHERE s.is_householder AND {_LIVING}
    GROUP BY s.household_no HAVING count(DISTINCT s.person_id) > 1)
"""  # noqa: S608  a constant of ours
_HEAD_DIFFERS = f"""
SELECT s.line, h.name FROM register_staged s
JOIN register_staged h ON h.household_no = s.household_no AND h.is_householder
 AND h.status IN ('RESIDENT', 'MOVE_OUT_PLANNED')
WHERE {_LIVING} AND s.head_name IS NOT NULL AND s.head_name <> h.name
"""  # noqa: S608  a constant of ours
_IN_DRAFT = """
SELECT s.line FROM register_staged s
JOIN register_draft_person d ON d.person_id = s.person_id
"""
_ORPHANS = """
SELECT e.line, e.person_id FROM {table} e
WHERE NOT EXISTS (SELECT FROM register_staged s WHERE s.person_id = e.person_id)
"""
_GAPS = """
SELECT line, history_no, wanted FROM (
    SELECT e.line, e.history_no,
           row_number() OVER (PARTITION BY e.person_id ORDER BY e.history_no, e.line) AS wanted
    FROM register_staged_past e WHERE e.history_no IS NOT NULL) AS numbered
WHERE history_no <> wanted
"""
_LATEST_GAPS = """
SELECT e.line, e.history_no, p.newest + 1 AS wanted FROM register_staged_latest e
JOIN LATERAL (SELECT coalesce(max(h.history_no), 0) AS newest FROM register_staged_past h
              WHERE h.person_id = e.person_id) p ON true
WHERE e.history_no IS NOT NULL AND e.history_no <> p.newest + 1
"""
_LATEST_TWICE = """
SELECT e.line, e.person_id, min(e.line) OVER (PARTITION BY e.person_id) AS first
FROM register_staged_latest e
WHERE e.person_id IN (
    SELECT person_id FROM register_staged_latest GROUP BY person_id HAVING count(*) > 1)
"""


def check_together(found: Found, *, with_history: bool, with_latest: bool) -> None:
    """Add every problem and warning that concerns several rows (行をまたぐ検査)."""
    _add_doubles(found, _TWICE, "CSV_PERSON_TWICE", "宛名番号")
    for line, first in _rows(_CODE_TWICE):
        if line != first:
            _add(found, "CSV_RESIDENT_CODE_TWICE", line, "住民票コード", first=str(first))
    for (line,) in _rows(_CODE_TAKEN):
        _add(found, "CSV_RESIDENT_CODE_TAKEN", line, "住民票コード")
    for line, first, household_no in _rows(_TWO_HEADS):
        if line != first:
            _add(found, "CSV_TWO_HEADS", line, "続柄", first=str(first), household_no=household_no)
    for (line,) in _rows(_IN_DRAFT):
        _add(found, "CSV_PERSON_IN_DRAFT", line, "宛名番号")
    if with_history:
        _check_history(found)
    if with_latest:
        _check_latest(found)
    found.warn(
        [
            Problem(
                code="CSV_HEAD_NAME_DIFFERS",
                where=f"line {line}, 世帯主氏名",
                facts={"head": head},
            )
            for line, head in _rows(_HEAD_DIFFERS)
        ]
    )


def _check_history(found: Found) -> None:
    for line, person_id in _rows(_ORPHANS.format(table="register_staged_past")):
        _add(found, "CSV_HISTORY_ORPHAN", line, "宛名番号", file="events.csv", number=person_id)
    for line, number, wanted in _rows(_GAPS):
        _add(
            found, "CSV_HISTORY_GAP", line, "履歴番号",
            file="events.csv", number=str(number), wanted=str(wanted),
        )  # fmt: skip


def _check_latest(found: Found) -> None:
    _add_doubles(found, _LATEST_TWICE, "CSV_PERSON_TWICE", "宛名番号", file="latest.csv")
    for line, person_id in _rows(_ORPHANS.format(table="register_staged_latest")):
        _add(found, "CSV_HISTORY_ORPHAN", line, "宛名番号", file="latest.csv", number=person_id)
    for line, number, wanted in _rows(_LATEST_GAPS):
        _add(
            found, "CSV_HISTORY_GAP", line, "履歴番号",
            file="latest.csv", number=str(number), wanted=str(wanted),
        )  # fmt: skip


def _add_doubles(found: Found, query: str, code: str, column: str, *, file: str = "") -> None:
    for line, person_id, first in _rows(query):
        if line != first:
            _add(found, code, line, column, first=str(first), number=person_id, file=file)


def _add(found: Found, code: str, line: int, column: str, *, file: str = "", **facts: str) -> None:
    place = f"{file} line {line}" if file else f"line {line}"
    found.add([Problem(code=code, where=f"{place}, {column}", facts=facts)])


def _rows(query: str) -> Sequence[tuple[Any, ...]]:
    """Read the worst of it; beyond the limit only a second run would tell more."""
    with connection.cursor() as cursor:
        cursor.execute(f"{query} ORDER BY 1 LIMIT {LISTED_MAX * 2}")
        return tuple(cursor.fetchall())
