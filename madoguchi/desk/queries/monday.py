"""The visitors of the practice Monday, and what the records say was done meanwhile (練習の月曜日)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from madoguchi.audit.api import EntryFilter, Kind, list_entries
from madoguchi.desk.domain.monday import Deed, End, Visitor, Want

TABLE = Path(__file__).parents[1] / "tables/monday.toml"
#: A visitor is served in a few deeds; so many are read back, and no more.
DEEDS_MAX = 200


@cache
def visitors() -> tuple[Visitor, ...]:
    """Return who comes, in order, read once (来る人)."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["visitor"]
    return tuple(
        Visitor(
            code=row["code"], at=row["at"], who=row["who"], says=row["says"],
            sheet=tuple((name, value) for name, value in row["sheet"]), start=row["start"],
            wants=tuple(Want(**want) for want in row["wants"]),
            ends=frozenset(End(one) for one in row["ends"]), why=row["why"],
        )
        for row in rows
    )  # fmt: skip


def watched() -> frozenset[str]:
    """Return the deeds that count on this day (見る操作)."""
    return frozenset(want.action for one in visitors() for want in one.wants)


def newest_entry() -> int:
    """Return the number of the newest record: what is done from now on comes after it (いまの記録)."""
    found = list_entries(limit=1).entries
    return found[0].seq if found else 0


def deeds_since(entry: int, *, staff_id: str) -> tuple[Deed, ...]:
    """Return what this clerk changed after that record, oldest first (したこと)."""
    wanted = EntryFilter(staff_id=staff_id, kind=Kind.CHANGE)
    found = list_entries(wanted=wanted, limit=DEEDS_MAX).entries
    return tuple(
        Deed(action=one.note.action, subjects=frozenset(one.note.subjects), detail=one.note.detail)
        for one in reversed(found)
        if one.seq > entry
    )
