"""Writing the register out as register.csv (書出し)."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from django.db import connection, transaction

from madoguchi.audit import api as audit
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.protection.api import hidden_from
from madoguchi.register.domain.csv import COLUMNS
from madoguchi.register.domain.csv.columns import FULL_MEASURE, SEXES, STATUSES

ENCODINGS = ("utf-8", "cp932")
_CHUNK = 5_000

_SEX_WORDS = {sex.value: word for word, sex in SEXES.items()}
_STATUS_WORDS = {status.value: word for word, status in STATUSES.items()}

_OPEN_ONLY = " WHERE NOT EXISTS (SELECT FROM protection_out_held h WHERE h.person_id = c.person_id)"
_EXTRA = (
    "SELECT DISTINCT key FROM register_current c, jsonb_object_keys(c.extra) AS key{where}"
    " ORDER BY key"
)
# The head's name, unless it is the name of somebody held from this actor.
_HEAD = (
    "SELECT h.name FROM register_person p JOIN register_version h ON h.id = p.version_id"
    " WHERE p.household_no = c.household_no AND h.is_householder"
    " AND h.status IN ('RESIDENT', 'MOVE_OUT_PLANNED'){open_head} ORDER BY h.person_id LIMIT 1"
)
_OPEN_HEAD = " AND NOT EXISTS (SELECT FROM protection_out_held o WHERE o.person_id = h.person_id)"
# Of a removed person the name is kept as it came; it may be that of a held housemate.
_NEAR_HELD = (
    "EXISTS (SELECT FROM protection_out_held o JOIN register_version w"
    " ON w.person_id = o.person_id WHERE w.household_no = c.household_no)"
)
_HELD = "EXISTS (SELECT FROM protection_out_held h WHERE h.person_id = c.person_id)"


def export_csv(path: Path, *, actor: Actor, encoding: str = "utf-8") -> int:
    """Write everybody's newest state to a new file, and return how many (書出し).

    Held people are left out for an actor without the right to see them. The values are those
    of the register, letter by letter: nothing is put before ``=`` or ``+``, since a changed
    value would come back changed. The file appears only when it is complete, readable by this
    account alone. Nobody sees it before the look is on record.
    """
    assert encoding in ENCODINGS, encoding
    if not actor.may(Right.IMPORT_EXPORT):
        raise Refused(Problem(code="IMPORT_EXPORT_RIGHT_MISSING"))
    open_only = hidden_from(actor)
    partial = path.with_name(f".{path.name}.{new_id()}")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding=encoding, newline="") as file:
            rows = _write(file, open_only=open_only, encoding=encoding)
        audit.look(
            actor=actor,
            screen="REGISTER_EXPORTED",
            subjects=[],
            detail={"rows": rows, "encoding": encoding},
        )
        partial.rename(path)
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()
    return rows


def _write(file: TextIO, *, open_only: bool, encoding: str) -> int:
    """Write all rows as of one moment, or refuse with the first names that do not fit."""
    rows = 0
    unfit: list[Problem] = []
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(_EXTRA.format(where=_OPEN_ONLY if open_only else ""))
        further = [key for (key,) in cursor.fetchall()]
        out = csv.writer(file, lineterminator="\r\n")
        names = [one.name for one in COLUMNS]
        out.writerow([*names, *(key for key in further if key not in names)])
        for row in _rows(open_only=open_only):
            cells = _cells(row, further)
            try:
                out.writerow(cells)
            except UnicodeEncodeError as error:
                unfit.append(_unfit(row["person_id"], error, encoding))
                if len(unfit) >= 100:
                    break
            rows += 1
    if unfit:
        raise Refused(unfit)
    return rows


def _rows(*, open_only: bool) -> Iterator[Mapping[str, Any]]:
    fills = [one.fills for one in COLUMNS if one.fills not in ("head_name", "measure")]
    columns = ", ".join(f"c.{name}" for name in fills)
    where = _OPEN_ONLY if open_only else ""
    head = _HEAD.format(open_head=_OPEN_HEAD if open_only else "")
    near = _NEAR_HELD if open_only else "false"
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, c.extra, ({head}) AS head_name, {_HELD}, {near}"  # noqa: S608
            f" FROM register_current c{where} ORDER BY c.person_id"
        )
        keys = (*fills, "extra", "head_name", "held", "near_held")
        for cells in chain.from_iterable(iter(lambda: cursor.fetchmany(_CHUNK), [])):
            row = dict(zip(keys, cells, strict=True))
            if isinstance(row["extra"], str):
                row["extra"] = json.loads(row["extra"])
            yield row


def _cells(row: Mapping[str, Any], further: list[str]) -> list[str]:
    extra = row["extra"] or {}
    cells = []
    for one in COLUMNS:
        match one.fills:
            case "sex":
                cells.append(_SEX_WORDS[row["sex"]])
            case "status":
                cells.append(_STATUS_WORDS[row["status"]])
            case "measure":
                cells.append(FULL_MEASURE if row["held"] else "")
            case "head_name":
                kept = "" if row["near_held"] else extra.get(one.name, "")
                cells.append(kept or row["head_name"] or "")
            case name:
                cells.append(row[name])
    names = {one.name for one in COLUMNS}
    return [*cells, *(extra.get(key, "") for key in further if key not in names)]


def _unfit(person_id: str, error: UnicodeEncodeError, encoding: str) -> Problem:
    letter = error.object[error.start : error.end]
    facts = {"letter": letter, "code": f"U+{ord(letter[0]):04X}", "encoding": encoding}
    return Problem(code="CSV_LETTER_NOT_IN_ENCODING", where=f"宛名番号 {person_id}", facts=facts)
