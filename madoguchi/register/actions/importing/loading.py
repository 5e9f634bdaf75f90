"""From the staged tables into the ledger (台帳への登録)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from madoguchi.kernel.actor import Actor
from madoguchi.kernel.intake import Counting
from madoguchi.register.actions.bulk import copy_rows
from madoguchi.register.actions.importing.staging import STAGED_ITEMS
from madoguchi.register.domain.csv.columns import HEAD_NAME
from madoguchi.register.domain.items import (
    Sex,
    Status,
    StayClass,
    VersionRow,
    changed_names,
)
from madoguchi.register.domain.reasons import NationalityGroup, Reason, ReasonKind, kind_of
from madoguchi.register.queries.rows import read_heads

_CHUNK = 20_000
_CHANGED_CHUNK = 2_000
_GONE = "('MOVED_OUT', 'DEAD', 'REMOVED')"

# What a stay is classed as under 30条の45, by the words of 在留資格; anything else is
# 中長期在留者 (*assumed*: the file has no column of its own for it).
_STAY_CLASSES = {
    "特別永住者": StayClass.SPECIAL_PERMANENT,
    "一時庇護許可者": StayClass.TEMPORARY_REFUGE,
    "仮滞在許可者": StayClass.PROVISIONAL_STAY,
    "出生による経過滞在者": StayClass.TRANSITIONAL,
    "国籍喪失による経過滞在者": StayClass.TRANSITIONAL,
    "経過滞在者": StayClass.TRANSITIONAL,
}
_REASON_BY_STATUS = {
    Status.MOVED_OUT: Reason.MOVE_OUT_DOMESTIC,
    Status.MOVE_OUT_PLANNED: Reason.MOVE_OUT_DOMESTIC,
    Status.DEAD: Reason.DEATH,
    Status.REMOVED: Reason.REMOVE_EX_OFFICIO,
}
_REMOVALS = ", ".join(f"'{one}'" for one in Reason if kind_of(one) is ReasonKind.REMOVE)


def lock_ledger() -> None:
    """Let nobody file a change while the file is compared and loaded; readers go on."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE register_version IN SHARE ROW EXCLUSIVE MODE")


def keep_head_names() -> None:
    """Keep 世帯主氏名 where the household has no head to take it from (消除者の世帯主氏名).

    Of a resident it is the head's own name, always; of somebody removed it is history.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE register_staged s"
            " SET extra = s.extra || jsonb_build_object(%s::text, s.head_name)"
            " WHERE s.head_name <> '' AND NOT EXISTS (SELECT FROM register_staged h"
            "  WHERE h.household_no = s.household_no AND h.is_householder"
            "  AND h.status IN ('RESIDENT', 'MOVE_OUT_PLANNED')"
            "  AND (h.name = s.head_name OR s.status IN ('RESIDENT', 'MOVE_OUT_PLANNED')))",
            [HEAD_NAME],
        )


def find_changed(given: frozenset[str]) -> tuple[str, ...]:
    """Return who is in the register and stands differently in the file (差異のある者).

    Only columns the file has are compared: one it lacks says nothing.
    """
    names = [name for name in STAGED_ITEMS if _said(name, given)]
    differs = " OR ".join(f"v.{name} IS DISTINCT FROM s.{name}" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.person_id FROM register_staged s"  # noqa: S608  columns of ours
            " JOIN register_person p ON p.person_id = s.person_id"
            " JOIN register_version v ON v.id = p.version_id"
            f" WHERE {differs} OR NOT v.extra @> s.extra ORDER BY s.line"
        )
        return tuple(person_id for (person_id,) in cursor.fetchall())


def _said(name: str, given: frozenset[str]) -> bool:
    base = name.removesuffix("_sort")
    return base in given or (name == "is_householder" and "relationship" in given)


def mark_new() -> int:
    """Note which staged people are not in the register yet, and return how many (新規)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS pg_temp.register_staged_new;"
            "CREATE TEMPORARY TABLE register_staged_new ON COMMIT DROP AS"
            " SELECT s.person_id, row_number() OVER (ORDER BY s.line) AS place"
            " FROM register_staged s WHERE NOT EXISTS"
            " (SELECT FROM register_person p WHERE p.person_id = s.person_id);"
            "CREATE UNIQUE INDEX ON register_staged_new (place);"
            "ANALYZE register_staged_new"
        )
        cursor.execute("SELECT count(*) FROM register_staged_new")
        (count,) = cursor.fetchone()
    return int(count)


def refresh_statistics() -> None:
    """Tell the planner how big the ledger has become: autovacuum would take a minute (統計)."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE register_version; ANALYZE register_person")


# -- new people ------------------------------------------------------------------------

_ITEMS = (
    *STAGED_ITEMS, "nationality_group", "stay_class", "removal_reason", "removed", "removed_sort",
    "move_out_to", "extra",
)  # fmt: skip
_HEADERS = (
    "person_id", "history_no", "reason", "effective_on", "effective_written", "recorded_at",
    "place", "terminal", "staff_id", "changed",
)  # fmt: skip


def enter_new(*, count: int, actor: Actor, now: datetime, today: date, progress: Counting) -> int:
    """Enter everybody noted by ``mark_new`` with their whole history; return the versions."""
    versions = 0
    values: dict[str, Any] = {
        "now": now,
        "today": today,
        "place": actor.place,
        "terminal": actor.terminal,
        "staff": actor.staff_id,
    }
    with connection.cursor() as cursor:
        for low in range(0, count, _CHUNK):
            cursor.execute(_enter_sql(), {**values, "low": low, "high": low + _CHUNK})
            versions += cursor.rowcount
            progress.advance(min(_CHUNK, count - low), step="register_version")
    return versions


def _enter_sql() -> str:
    items = ", ".join(f"{name}" for name in STAGED_ITEMS)
    # Text that the file does not have is "", a code what its default is.
    settled = ", ".join(_settled(name) for name in STAGED_ITEMS)
    changed = ", ".join(
        f"CASE WHEN {name} IS DISTINCT FROM lag({name}) OVER person THEN '{name}' END"
        for name in _ITEMS
    )
    return f"""
    INSERT INTO register_version ({", ".join((*_HEADERS, *_ITEMS))})
    WITH pieces AS (
        SELECT s.person_id, s.line, false AS is_past, {_prefixed("s", items)},
               s.foreign_resident, s.extra, l.history_no, l.reasons, l.effective,
               l.effective_sort, l.recorded_at, l.move_out_to
        FROM register_staged_new n JOIN register_staged s ON s.person_id = n.person_id
        LEFT JOIN register_staged_latest l ON l.person_id = s.person_id
        WHERE n.place > %(low)s AND n.place <= %(high)s
        UNION ALL
        SELECT s.person_id, s.line, true, {_prefixed("s", items)},
               s.foreign_resident, s.extra, s.history_no, s.reasons, s.effective,
               s.effective_sort, s.recorded_at, NULL
        FROM register_staged_new n JOIN register_staged_past s ON s.person_id = n.person_id
        WHERE n.place > %(low)s AND n.place <= %(high)s
    ), numbered AS (
        SELECT *, row_number() OVER (PARTITION BY person_id
                  ORDER BY NOT is_past, history_no) AS number
        FROM pieces
    ), reasoned AS (
        SELECT *, {_reason_sql()} AS reason FROM numbered
    ), settled AS (
        SELECT person_id, number AS history_no, reason, is_past,
            coalesce(effective_sort, CASE WHEN status IN {_GONE} THEN %(today)s::date
                     ELSE coalesce(became_resident_sort, %(today)s::date) END) AS effective_on,
            coalesce(effective, '') AS effective_text, effective_sort,
            coalesce(recorded_at, %(now)s) AS recorded_at, {settled},
            CASE WHEN foreign_resident THEN 'FOREIGN' ELSE 'JAPANESE' END AS nationality_group,
            {_stay_sql()} AS stay_class, extra, coalesce(move_out_to, '') AS move_out_to
        FROM reasoned
    ), removed AS (
        SELECT *,
            CASE WHEN reason IN ({_REMOVALS}) THEN reason {_removal_by_status()} ELSE '' END
                AS removal_reason,
            CASE WHEN reason IN ({_REMOVALS}) THEN effective_text ELSE '' END AS removed,
            CASE WHEN reason IN ({_REMOVALS}) THEN effective_sort END AS removed_sort
        FROM settled
    )
    SELECT person_id, history_no, reason, effective_on,
        CASE WHEN effective_text ~ '[^0-9-]' THEN effective_text ELSE '' END,
        recorded_at, %(place)s, %(terminal)s, %(staff)s,
        CASE WHEN history_no = 1 THEN ARRAY['*']
             ELSE array_remove(ARRAY[{changed}], NULL) END,
        {", ".join(_ITEMS)}
    FROM removed
    WINDOW person AS (PARTITION BY person_id ORDER BY history_no)
    ORDER BY person_id, history_no
    """  # noqa: S608  names of columns and codes, all ours


def _prefixed(alias: str, names: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in names.split(", "))


def _settled(name: str) -> str:
    if name.endswith("_sort"):
        return name
    if name == "is_householder":
        return "coalesce(is_householder, false) AS is_householder"
    default = "UNKNOWN" if name == "sex" else ""
    return f"coalesce({name}, '{default}') AS {name}"


def _removal_by_status() -> str:
    return " ".join(
        f"WHEN status = '{status.value}' THEN '{reason.value}'"
        for status, reason in _REASON_BY_STATUS.items()
    )


def _reason_sql() -> str:
    """The reason the file gives; of a pair the one that fits; else what the state suggests."""
    suggested = _removal_by_status()
    return f"""CASE
        WHEN cardinality(reasons) = 2 AND status IN {_GONE} THEN reasons[2]
        WHEN cardinality(reasons) >= 1 THEN reasons[1]
        {suggested}
        WHEN number = 1 THEN '{Reason.ENTER_EX_OFFICIO.value}'
        ELSE '{Reason.AMEND_EX_OFFICIO.value}' END"""


def _stay_sql() -> str:
    named = " ".join(
        f"WHEN residence_status = '{words}' THEN '{code.value}'"
        for words, code in _STAY_CLASSES.items()
    )
    return f"""CASE WHEN NOT foreign_resident OR coalesce(residence_status, '') = '' THEN ''
        {named} ELSE '{StayClass.MID_TO_LONG_TERM.value}' END"""


# -- changed people --------------------------------------------------------------------


def amend_changed(
    person_ids: tuple[str, ...],
    *,
    given: frozenset[str],
    actor: Actor,
    now: datetime,
    today: date,
    progress: Counting,
) -> None:
    """Append a version of 職権修正 for everybody who stands differently in the file (修正)."""
    for start in range(0, len(person_ids), _CHANGED_CHUNK):
        some = person_ids[start : start + _CHANGED_CHUNK]
        heads = read_heads(some)
        staged = dict(_staged_rows(some))
        copy_rows(
            [
                _amended(heads[one], staged[one], given=given, actor=actor, now=now, today=today)
                for one in some
            ]
        )
        progress.advance(len(some), step="register_version")


def _staged_rows(person_ids: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    names = ("person_id", *STAGED_ITEMS, "foreign_resident", "extra")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(names)} FROM register_staged WHERE person_id = ANY(%s)",  # noqa: S608
            [list(person_ids)],
        )
        for cells in cursor.fetchall():
            row = dict(zip(names, cells, strict=True))
            yield row.pop("person_id"), row


def _amended(
    head: VersionRow,
    row: Mapping[str, Any],
    *,
    given: frozenset[str],
    actor: Actor,
    now: datetime,
    today: date,
) -> VersionRow:
    told = {name: row[name] for name in STAGED_ITEMS if _said(name, given)}
    if "sex" in told:
        told["sex"] = Sex(told["sex"])
    status = Status(row["status"])
    told["status"] = status
    if "nationality" in given:
        told["nationality_group"] = (
            NationalityGroup.FOREIGN if row["foreign_resident"] else NationalityGroup.JAPANESE
        )
    if "residence_status" in given:
        told["stay_class"] = _stay_class(row)
    told["extra"] = {**head.extra, **_as_dict(row["extra"])}
    gone = not status.is_resident and head.status.is_resident
    after = replace(head, **told)
    return replace(
        after,
        history_no=head.history_no + 1,
        reason=_REASON_BY_STATUS[status] if gone else Reason.AMEND_EX_OFFICIO,
        removal_reason=_REASON_BY_STATUS[status].value if gone else after.removal_reason,
        effective_on=today,
        effective_written="",
        filed_on=None,
        petitioned_on=None,
        notified_by_office_on=None,
        requested_on=None,
        recorded_at=now,
        place=actor.place,
        terminal=actor.terminal,
        staff_id=actor.staff_id,
        corrects_no=None,
        reverts_no=None,
        changed=changed_names(head, after),
    )


def _stay_class(row: Mapping[str, Any]) -> StayClass:
    words = row["residence_status"]
    if not row["foreign_resident"] or not words:
        return StayClass.NONE
    return _STAY_CLASSES.get(words, StayClass.MID_TO_LONG_TERM)


def _as_dict(cell: Any) -> dict[str, str]:
    return dict(json.loads(cell)) if isinstance(cell, str) else dict(cell or {})
