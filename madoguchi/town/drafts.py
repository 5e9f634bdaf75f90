"""A household while it is being invented, before it becomes rows (世帯の下書き)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

RESIDENT = "現住"
LEAVING = "転出予定"
MOVED_OUT = "転出"
DEAD = "死亡"
STRUCK = "消除"

HEAD = "世帯主"


class Home(NamedTuple):
    """An address with its postcode and building (住所・方書)."""

    postcode: str
    address: str
    building: str


class Change(NamedTuple):
    """Something that happened to one member: when, why, and the columns it set (異動)."""

    on: int
    reason: str
    columns: tuple[tuple[int, str], ...]


class Headship(NamedTuple):
    """From a day on, who is householder, and how the others stand to them (世帯主変更)."""

    since: int
    head: Member | None
    #: 続柄 of the members it changes, the new head included.
    relations: tuple[tuple[Member, str], ...]


class Foreign(NamedTuple):
    """What the register holds of a foreign resident only (外国人住民)."""

    nationality: str
    status: str
    stay_until: str
    alias: str
    alias_kana: str


@dataclass(slots=True, eq=False)
class Member:
    """One member, living or gone: how they entered is the first version (世帯員)."""

    name: str
    kana: str
    female: bool
    born: int
    relation: str
    #: 住民となった日, and why: 出生, 国内転入, 国外転入等 …
    came: int = 0
    how: str = "出生"
    origin: str = ""
    domicile: str = ""
    register_head: str = ""
    #: The day they joined this household, when that is later than ``came``.
    joined: int = 0
    #: Columns as they were when this member entered, where they differ from the household's.
    at_first: tuple[tuple[int, str], ...] = ()
    changes: list[Change] = field(default_factory=list)
    left: int = 0
    left_how: str = ""
    state: str = RESIDENT
    gone_to: str = ""
    hold: str = ""
    #: The birth date as the register writes it, when it is no plain day.
    born_text: str = ""
    foreign: Foreign | None = None
    #: Serial in the reserved block; 0 takes the next free one.
    serial: int = 0

    @property
    def lives_here(self) -> bool:
        """Tell whether this member counts as a resident (現存者)."""
        return self.state in (RESIDENT, LEAVING)


@dataclass(slots=True, eq=False)
class Household:
    """A household with its addresses and householders through time (世帯)."""

    area: str
    #: Day since which each home was theirs; the first may lie long ago.
    homes: list[tuple[int, Home]]
    heads: list[Headship]
    members: list[Member]
    number: str

    def count_residents(self) -> int:
        """Count the members who live here (現存者数)."""
        return sum(1 for member in self.members if member.lives_here)
