"""What is told of somebody who moves in: the fields of a case file (転入の場合).

A field that is not told stays unknown. Whether 転出証明書情報 was found is the first thing a
clerk looks at, so a case that hangs on it is not answered before somebody looked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from typing import Any

from madoguchi.kernel.casefile import Field


@unique
class Card(StrEnum):
    """Where the 個人番号カード is (カードのようす)."""

    PRESENT = "present"
    LOST = "lost"
    SUSPENDED = "suspended"
    NONE = "none"


@unique
class Pin(StrEnum):
    """What the holder says of the four digits; never the digits (暗証番号のようす)."""

    KNOWN = "known"
    FORGOTTEN = "forgotten"
    LOCKED = "locked"


@unique
class Group(StrEnum):
    """As whose the record is kept (住民種別)."""

    JAPANESE = "japanese"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One arrival as it is told (転入の場合); None: not told."""

    today: date
    move_out_notice_found: bool | None = None
    card: Card | None = None
    pin: Pin | None = None
    planned_move_out_on: date | None = None
    moved_in_on: date | None = None
    needs_paper: bool = False
    paper_certificate: bool = False
    protected: bool = False
    from_abroad: bool | None = None
    nationality_group: Group = Group.JAPANESE
    unregistered: bool = False
    photo_id: bool = False


TRIAGE_FIELDS: tuple[Field, ...] = (
    Field(name="move_out_notice_found", kind="flag"),
    Field(name="card", kind="choice", allowed=tuple(Card)),
    Field(name="pin", kind="choice", allowed=tuple(Pin)),
    Field(name="planned_move_out_on", kind="day"),
    Field(name="moved_in_on", kind="day"),
    Field(name="today", kind="day"),
    Field(name="needs_paper", kind="flag"),
    Field(name="paper_certificate", kind="flag"),
    Field(name="protected", kind="flag"),
    Field(name="from_abroad", kind="flag"),
    Field(name="nationality_group", kind="choice", allowed=tuple(Group)),
    Field(name="unregistered", kind="flag"),
    # Of the town's wish only: whether a photo document could stand for the card.
    Field(name="photo_id", kind="flag"),
)

TRIAGE_EXAMPLE: Mapping[str, Any] = {
    "move_out_notice_found": True,
    "card": "lost",
    "photo_id": True,
    "planned_move_out_on": "2026-11-10",
    "moved_in_on": "2026-11-13",
    "today": "2026-11-27",
}


def case_from(values: Mapping[str, Any], *, today: date) -> Case:
    """Make a case of fields that were read (場合の組立て)."""
    told = {one.name: values[one.name] for one in TRIAGE_FIELDS if one.name in values}
    for name, kind in (("card", Card), ("pin", Pin), ("nationality_group", Group)):
        if name in told:
            told[name] = kind(told[name])
    return Case(**{"today": today, **told})
