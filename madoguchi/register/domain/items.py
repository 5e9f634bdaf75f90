"""What the register keeps about a person, and one version of it (管理項目・異動履歴).

Source: resident record standard 1.1.1, 1.1.2, 1.2.1. Text that is not known is "", a day
that is not known is None. A name is kept exactly as it came, never normalised. A day that may
be unclear is two columns: the text as written and ``*_sort``, an exact day to sort by.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, unique

from madoguchi.register.domain.reasons import NationalityGroup, Reason


@unique
class Status(StrEnum):
    """Where the person stands (住民状態)."""

    RESIDENT = "RESIDENT"
    MOVE_OUT_PLANNED = "MOVE_OUT_PLANNED"
    MOVED_OUT = "MOVED_OUT"
    DEAD = "DEAD"
    REMOVED = "REMOVED"

    @property
    def is_resident(self) -> bool:
        """A person who plans to leave is a resident until the day (現存者)."""
        return self in (Status.RESIDENT, Status.MOVE_OUT_PLANNED)


@unique
class Sex(StrEnum):
    """Sex as registered (性別)."""

    MALE = "MALE"
    FEMALE = "FEMALE"
    UNKNOWN = "UNKNOWN"


@unique
class StayClass(StrEnum):
    """The class of 住基法30条の45 a foreign resident falls under (30条の45の区分)."""

    NONE = ""
    MID_TO_LONG_TERM = "MID_TO_LONG_TERM"
    SPECIAL_PERMANENT = "SPECIAL_PERMANENT"
    TEMPORARY_REFUGE = "TEMPORARY_REFUGE"
    PROVISIONAL_STAY = "PROVISIONAL_STAY"
    TRANSITIONAL = "TRANSITIONAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """All items of one resident record, at one state (住民票の記載事項)."""

    nationality_group: NationalityGroup = NationalityGroup.JAPANESE
    status: Status = Status.RESIDENT
    household_no: str
    relationship: str
    is_householder: bool
    #: 並び順. 0: where the order rules put them; n: n-th after those (joined later, or set by hand).
    seat: int = 0
    name: str
    name_kana: str = ""
    kana_confirmed: bool = False
    former_surname: str = ""
    former_surname_kana: str = ""
    alias: str = ""
    alias_kana: str = ""
    name_alphabet: str = ""
    birth: str
    birth_sort: date | None
    sex: Sex = Sex.UNKNOWN
    postcode: str = ""
    address: str
    building: str = ""
    honseki: str = ""
    hittosha: str = ""
    became_resident: str = ""
    became_resident_sort: date | None = None
    address_since: str = ""
    address_since_sort: date | None = None
    notified: str = ""
    notified_sort: date | None = None
    previous_address: str = ""
    resident_code: str = ""
    nationality: str = ""
    residence_status: str = ""
    stay_until: str = ""
    stay_until_sort: date | None = None
    stay_class: StayClass = StayClass.NONE
    residence_card_no: str = ""
    removal_reason: str = ""
    removed: str = ""
    removed_sort: date | None = None
    move_out_to: str = ""
    move_out_planned_on: date | None = None
    move_out_to_confirmed: str = ""
    move_out_notified_on: date | None = None
    remarks_a: str = ""
    remarks_b: str = ""
    remarks_c: str = ""
    #: Further columns of an import, kept as they came.
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)


ITEM_NAMES: tuple[str, ...] = tuple(one.name for one in dataclasses.fields(Items))
#: ``changed`` of a version that sets every item (an entry, an imported row).
EVERY_ITEM = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow(Items):
    """One version of a person's record with where it came from (異動履歴の1件).

    ``changed`` names the items this version set; the others were carried over. ``effective_on``
    is the 異動日 to sort by and ``effective_written`` the same as written when it is unclear.
    """

    person_id: str
    history_no: int
    reason: Reason
    effective_on: date
    effective_written: str = ""
    filed_on: date | None = None
    petitioned_on: date | None = None
    notified_by_office_on: date | None = None
    requested_on: date | None = None
    recorded_at: datetime
    place: str
    terminal: str
    staff_id: str
    corrects_no: int | None = None
    reverts_no: int | None = None
    changed: tuple[str, ...] = (EVERY_ITEM,)


VERSION_NAMES: tuple[str, ...] = tuple(one.name for one in dataclasses.fields(VersionRow))


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow(Items):
    """A person as the register knows them at one point of both times (住民の状態).

    ``history_no`` is the newest version that had a part in this state. ``provisional`` data
    never gets here.
    """

    person_id: str
    history_no: int
    effective_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdRow:
    """A household: residents in legal order, and who has left it (世帯)."""

    household_no: str
    members: tuple[PersonRow, ...]
    left: tuple[PersonRow, ...]

    @property
    def householder(self) -> PersonRow | None:
        """The head, or None: a household without a head is allowed (世帯主)."""
        return next((one for one in self.members if one.is_householder), None)


def items_of(row: Items) -> Items:
    """Return only the items of a version or a person row (記載事項だけ)."""
    return Items(**{name: getattr(row, name) for name in ITEM_NAMES})


def changed_names(before: Items, after: Items) -> tuple[str, ...]:
    """Name the items in which two states differ (変更項目)."""
    return tuple(name for name in ITEM_NAMES if getattr(before, name) != getattr(after, name))


def names_set_by(changed: Iterable[str]) -> tuple[str, ...]:
    """Spell out ``changed``: every item when it says so (変更項目の展開)."""
    names = tuple(changed)
    return ITEM_NAMES if EVERY_ITEM in names else names
