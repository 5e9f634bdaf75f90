"""The two tables an import fills, and the questions about many rows at once (取込みの表と問い)."""

# ruff: noqa: S608  every statement is put together from names of ours, none from a file

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from madoguchi.certificates.domain.ledger_csv import (
    AMOUNTS,
    PERSON,
    SEAL_FILE,
    TAX_FILE,
    Column,
    Row,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A question about staged rows: it answers (line, first line or nothing) (行をまたぐ検査)."""

    query: str
    code: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerTable:
    """One file, the table it fills, and how (取込み先)."""

    table: str
    staged: str
    action: str  # in the record of who changed what
    columns: tuple[Column, ...]
    fields: tuple[str, ...]
    make: str
    prepare: str  # what the file leaves out stays as it is
    checks: tuple[Check, ...]
    counts: str  # new, changed
    touched: str
    update: tuple[str, ...]
    insert: str

    def cells(self, row: Row) -> tuple[Any, ...]:
        """Return a row as the staged table holds it (作業表の1行)."""
        known = {
            **row.values,
            "line": row.line,
            "extra": json.dumps(row.extra, ensure_ascii=False),
        }
        return tuple(known.get(name) for name in self.fields)


_LIMIT = "ORDER BY 1 LIMIT 2000"


def _nobody(staged: str) -> Check:
    return Check(
        query=f"SELECT s.line, NULL FROM {staged} s WHERE NOT EXISTS"
        f" (SELECT FROM register_out_names n WHERE n.person_id = s.person_id) {_LIMIT}",
        code="LEDGER_PERSON_UNKNOWN",
        column=PERSON,
    )


def _twice(staged: str, key: str, code: str, column: str) -> Check:
    return Check(
        query="SELECT line, first FROM (SELECT line, min(line) OVER"
        f" (PARTITION BY {key}) AS first FROM {staged}"
        # What could not be read is told of already; two such rows are not one twice.
        f" WHERE ({key}) IS NOT NULL) AS numbered"
        f" WHERE line <> first {_LIMIT}",
        code=code,
        column=column,
    )


def _sql(
    fields: tuple[str, ...], *, table: str, staged: str, key: tuple[str, ...]
) -> dict[str, Any]:
    """Put together the statements that are the same for both files."""
    on = " AND ".join(f"t.{name} = s.{name}" for name in key)
    mine = ", ".join(f"t.{name}" for name in fields)
    theirs = ", ".join(f"s.{name}" for name in fields)
    differs = f"({mine}) IS DISTINCT FROM ({theirs})"
    names = ", ".join((*key, *fields))
    given = ", ".join(f"s.{name}" for name in (*key, *fields))
    sets = ", ".join(f"{name} = s.{name}" for name in fields)
    return {
        "counts": f"SELECT count(*) FILTER (WHERE t.{key[0]} IS NULL), count(*) FILTER"
        f" (WHERE t.{key[0]} IS NOT NULL AND {differs})"
        f" FROM {staged} s LEFT JOIN {table} t ON {on}",
        "touched": f"SELECT DISTINCT s.person_id FROM {staged} s LEFT JOIN {table} t ON {on}"
        f" WHERE t.{key[0]} IS NULL OR {differs} LIMIT %s",
        "update": f"UPDATE {table} t SET {sets}, version = t.version + 1, changed_at = %(now)s"
        f" FROM {staged} s WHERE {on} AND {differs}",
        "insert": f"INSERT INTO {table} ({names}, version, changed_at)"
        f" SELECT {given}, 1, %(now)s FROM {staged} s"
        f" WHERE NOT EXISTS (SELECT FROM {table} t WHERE {on})",
    }  # fmt: skip


# --- 印鑑登録 ----------------------------------------------------------------------------

_S = "certificates_seal_staged"
_SEAL = _sql(
    ("person_id", "registered_name", "registered_on", "state", "ended_on", "reason", "imprint", "extra"),
    table="certificates_seal", staged=_S, key=("registration_no",),
)  # fmt: skip
#: As it would stand afterwards: the file, and what it does not name of these people.
_TWO_REGISTERED = f"""
WITH afterwards AS (
    SELECT line, person_id, registration_no FROM {_S} WHERE state = 'REGISTERED'
    UNION ALL
    SELECT NULL, t.person_id, t.registration_no FROM certificates_seal t
     WHERE t.state = 'REGISTERED' AND t.person_id IN (SELECT person_id FROM {_S})
       AND NOT EXISTS (SELECT FROM {_S} s WHERE s.registration_no = t.registration_no))
SELECT max(line), min(line) FROM afterwards GROUP BY person_id
HAVING count(DISTINCT registration_no) > 1 AND max(line) IS NOT NULL {_LIMIT}
"""
_TAKEN = f"""
SELECT s.line, NULL FROM {_S} s JOIN certificates_seal t USING (registration_no)
WHERE t.person_id <> s.person_id {_LIMIT}
"""
SEALS = LedgerTable(
    table="certificates_seal",
    staged=_S,
    action="SEALS_IMPORTED",
    columns=SEAL_FILE,
    fields=("line", *(one.fills for one in SEAL_FILE), "extra"),
    make=f"DROP TABLE IF EXISTS pg_temp.{_S}; CREATE TEMPORARY TABLE {_S} (line integer,"
    " person_id text, registration_no text, registered_name text, registered_on date,"
    " state text, ended_on date, reason text, imprint bytea, extra jsonb) ON COMMIT DROP",
    checks=(
        _nobody(_S),
        _twice(_S, "registration_no", "SEAL_NUMBER_TWICE", "印鑑登録番号"),
        Check(query=_TAKEN, code="SEAL_NUMBER_TAKEN", column="印鑑登録番号"),
        Check(query=_TWO_REGISTERED, code="SEAL_TWO_REGISTERED", column="登録状態"),
    ),
    counts=_SEAL["counts"],
    touched=_SEAL["touched"],
    # A blank 印影 is "not given", never "taken away".
    prepare=f"UPDATE {_S} s SET imprint = t.imprint FROM certificates_seal t"
    " WHERE t.registration_no = s.registration_no AND s.imprint IS NULL",
    update=(
        # What is struck makes room first: one registered seal a person.
        f"{_SEAL['update']} AND s.state = 'STRUCK'",
        _SEAL["update"],
    ),
    insert=_SEAL["insert"],
)

# --- 課税 --------------------------------------------------------------------------------

_T = "certificates_tax_staged"
_TAX = _sql(
    ("category", *AMOUNTS, "address", "unpaid", "extra"),
    table="certificates_tax", staged=_T, key=("person_id", "fiscal_year"),
)  # fmt: skip
TAXES = LedgerTable(
    table="certificates_tax",
    staged=_T,
    action="TAXES_IMPORTED",
    columns=TAX_FILE,
    fields=("line", *(one.fills for one in TAX_FILE), "extra"),
    make=f"DROP TABLE IF EXISTS pg_temp.{_T}; CREATE TEMPORARY TABLE {_T} (line integer,"
    " person_id text, fiscal_year smallint, category text, "
    + ", ".join(f"{name} bigint" for name in AMOUNTS)
    + ", address text, unpaid boolean, extra jsonb) ON COMMIT DROP",
    prepare=f"UPDATE {_T} s SET address = coalesce(s.address, t.address, ''),"
    f" unpaid = coalesce(s.unpaid, t.unpaid, false) FROM {_T} o LEFT JOIN certificates_tax t"
    " ON t.person_id = o.person_id AND t.fiscal_year = o.fiscal_year"
    " WHERE o.line = s.line AND (s.address IS NULL OR s.unpaid IS NULL)",
    checks=(
        _nobody(_T),
        _twice(_T, "person_id, fiscal_year", "TAX_YEAR_TWICE", "賦課年度"),
    ),
    counts=_TAX["counts"],
    touched=_TAX["touched"],
    update=(_TAX["update"],),
    insert=_TAX["insert"],
)
