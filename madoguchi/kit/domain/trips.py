"""A trip: what is taken along, until when, and whether a kit may be opened (持ち出し)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum, unique
from typing import Any

from madoguchi.kernel.outcome import Problem, Refused

#: How far a clock may be behind what the kit has noted before it is called put back.
CLOCK_SLACK = timedelta(seconds=60)


@unique
class TripState(StrEnum):
    """Where a trip stands (状態)."""

    OUT = "OUT"  # 持ち出し中
    HOME = "HOME"  # 持ち帰った
    REVOKED = "REVOKED"  # 無効にした


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """One resident as the kit holds them: what the desk asks, and nothing more (持ち出す人)."""

    person_id: str
    name: str
    kana: str
    born: str
    address: str
    household_no: str
    age: int | None
    #: 支援措置: here because two officers released them, and shown to whoever may see them.
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtCard:
    """A card that lies ready and is brought along (持っていくカード)."""

    card_id: str
    person_id: str
    kind: str
    notice_no: str
    shelf: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtCase:
    """An open check of residence, to be visited (訪問する事案)."""

    case_id: str
    called: str
    number: str
    people: tuple[str, ...]
    visits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An application planned for a trip (予定の申請)."""

    application_id: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerAlong:
    """An officer who goes, and by what they are known on the laptop (同行する職員)."""

    staff_id: str
    name: str
    #: Their own word, stretched: set by themselves at the desk, known to nobody else. Empty: who
    #: sealed the kit for themselves alone, and is known by the kit's word.
    salt: str
    digest: str
    may_see_held: bool
    may_issue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Everything a laptop takes along (持ち出すもの)."""

    trip_id: str
    area: str
    town: str
    officers: tuple[OfficerAlong, ...]
    sealed_at: datetime
    until: datetime
    residents: tuple[Resident, ...]
    cards: tuple[BroughtCard, ...]
    cases: tuple[BroughtCase, ...]
    planned: tuple[Planned, ...]
    surveys: tuple[tuple[str, str], ...]
    #: What the room of certificates gave along, in its own words; empty: nothing.
    papers: Mapping[str, Any]


def write_bundle(one: Bundle) -> dict[str, Any]:
    """Return a bundle as plain values (書き出し)."""

    def rows(found: Sequence[Any]) -> list[dict[str, Any]]:
        return [{name: getattr(row, name) for name in row.__slots__} for row in found]

    return {
        "schema": "madoguchi.kit-bundle/2", "trip_id": one.trip_id, "area": one.area,
        "town": one.town, "officers": rows(one.officers), "sealed_at": one.sealed_at.isoformat(),
        "until": one.until.isoformat(), "residents": rows(one.residents),
        "cards": rows(one.cards), "cases": rows(one.cases), "planned": rows(one.planned),
        "surveys": [list(row) for row in one.surveys], "papers": dict(one.papers),
    }  # fmt: skip


def read_bundle(given: Mapping[str, Any]) -> Bundle:
    """Read a bundle; ``Refused`` with KIT_UNREADABLE where it is none (読み込み)."""
    try:
        return Bundle(
            trip_id=given["trip_id"], area=given["area"], town=given["town"],
            officers=tuple(OfficerAlong(**row) for row in given["officers"]), sealed_at=datetime.fromisoformat(given["sealed_at"]),
            until=datetime.fromisoformat(given["until"]),
            residents=tuple(Resident(**row) for row in given["residents"]),
            cards=tuple(BroughtCard(**row) for row in given["cards"]),
            cases=tuple(
                BroughtCase(**{**row, "people": tuple(row["people"])}) for row in given["cases"]
            ),
            planned=tuple(Planned(**row) for row in given["planned"]),
            surveys=tuple((one, title) for one, title in given["surveys"]),
            papers=dict(given["papers"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        raise Refused(Problem(code="KIT_UNREADABLE")) from None


def read_until(text: str, *, now: datetime) -> datetime | Problem:
    """Read ``18:00`` as the next such moment: a kit sealed in the evening is for tomorrow (期限)."""
    try:
        until = datetime.combine(now.date(), time.fromisoformat(text), tzinfo=now.tzinfo)
    except ValueError:
        return Problem(code="KIT_UNTIL_UNREADABLE", where="until")
    return until if until > now else until + timedelta(days=1)


def check_clock(
    now: datetime, *, sealed_at: datetime, until: datetime, noted: datetime | None
) -> tuple[Problem, ...]:
    """Say why a kit does not open at this moment: it is over, or the clock was put back (時計)."""
    latest = max(sealed_at, noted or sealed_at)
    if now < latest - CLOCK_SLACK:
        return (Problem(code="KIT_CLOCK_BACK"),)
    if max(now, latest) >= until:
        return (Problem(code="KIT_EXPIRED", facts={"until": f"{until:%H:%M}"}),)
    return ()
