"""What goes into the bag for a trip (出張の持ち物)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class KitRow:
    """One thing to take along, for a trip or for each person (持ち物の行)."""

    words: str
    per_person: bool
    count: int
    spare: int
    source: str
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """One thing and how many of it go along (持ち物)."""

    words: str
    count: int


def read_kit(table: Mapping[str, Any]) -> tuple[KitRow, ...]:
    """Make the rows of a table as it is written; a wrong row stops the start (持ち物の表)."""
    rows = tuple(
        KitRow(
            words=row["ja"], per_person={"person": True, "trip": False}[row["per"]],
            count=row["count"], spare=row.get("spare", 0), source=row["source"],
            assumed=row.get("assumed", False),
        )
        for row in table["item"]
    )  # fmt: skip
    assert all(row.source and row.count > 0 and row.spare >= 0 for row in rows)
    return rows


def pack(rows: Iterable[KitRow], *, people: int) -> tuple[Packed, ...]:
    """Say how many of each thing go along for so many people (持ち物の数)."""
    assert people >= 0
    return tuple(
        Packed(words=row.words, count=row.count * (people if row.per_person else 1) + row.spare)
        for row in rows
    )
