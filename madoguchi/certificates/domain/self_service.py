"""What a machine may give, and to whom, with nobody beside it (自動交付の可否).

Source of each rule: the practice of towns with convenience-store issue (15 or older, proved by
card; 住民票 for oneself and the household, everything else for oneself; nobody who left or is
about to leave, nobody on the day of moving in; a new card from the next day on). A machine
says one neutral sentence; the codes here are for the record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.definition import Removed, Spread
from madoguchi.certificates.domain.definitions import definition_of
from madoguchi.certificates.domain.issue import DrawCommand
from madoguchi.certificates.domain.kinds import OMITTED_UNLESS_ASKED, Kind, Omit
from madoguchi.kernel.outcome import Problem

AGE_MIN = 15
#: What a machine asks yes or no for; 個人番号 only where the town and its account allow it.
MACHINE_ITEMS = OMITTED_UNLESS_ASKED - {Omit.INDIVIDUAL_NUMBER}
#: What only a foreign resident's record holds.
_FOREIGN_ITEMS = MACHINE_ITEMS - {Omit.HOUSEHOLDER, Omit.DOMICILE, Omit.RESIDENT_CODE}


class Portion(StrEnum):
    """Who of the household stands on the paper (交付種別)."""

    SELF = "SELF"  # 本人のみ
    WHOLE = "WHOLE"  # 世帯全員
    SOME = "SOME"  # 世帯の一部


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """What the register says of one person, as far as a machine depends on it (利用者の状態)."""

    person_id: str
    born_on: date | None
    is_foreign: bool
    leaves_town: bool  # 転出予定
    #: Days on which this person came in: 住民となった日 and 届出日.
    came_on: frozenset[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedKind:
    """One kind this person can have here and now (交付できる証明書)."""

    kind: str
    title: str
    fee_yen: int
    parts: tuple[str, ...]
    items: tuple[str, ...] = ()
    years: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedMember:
    """One person of the household who can be chosen (選べる世帯員)."""

    person_id: str
    name: str
    kana: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """All a machine may give this person now, or nothing at all (交付の案内).

    ``reasons`` are codes for the record; a resident is told one neutral sentence.
    """

    refused: bool
    reasons: tuple[str, ...] = ()
    kinds: tuple[OfferedKind, ...] = ()
    members: tuple[OfferedMember, ...] = ()


def is_old_enough(born_on: date | None, *, on: date) -> bool:
    """Tell whether somebody is of the age; a year is full at the end of the day before (年齢計算法).

    An unknown birth date is no proof of age.
    """
    if born_on is None:
        return False
    tomorrow = on + timedelta(days=1)
    years = tomorrow.year - born_on.year
    had_birthday = (tomorrow.month, tomorrow.day) >= (born_on.month, born_on.day)
    return years - (not had_birthday) >= AGE_MIN


def check_machine(
    command: DrawCommand,
    *,
    asked: Resident,
    printed: Iterable[Resident],
    household: Iterable[Resident],
    on: date,
    numbers: bool = False,
) -> tuple[Problem, ...]:
    """Return every reason why a machine does not give this paper (自動交付の確認)."""
    found: list[Problem] = []
    if command.applicant is not Applicant.SELF or Evidence.CARD_PROOF not in command.seen:
        found.append(Problem(code="MACHINE_WANTS_CARD"))
    if command.card_registered_on is not None and command.card_registered_on >= on:
        found.append(Problem(code="CARD_TOO_NEW"))
    if not is_old_enough(asked.born_on, on=on):
        found.append(Problem(code="TOO_YOUNG_FOR_MACHINE", facts={"age": str(AGE_MIN)}))
    gone_too = definition_of(command.kind).removed is Removed.GONE_TOO
    if not gone_too and any(one.leaves_town for one in household):
        found.append(Problem(code="HOUSEHOLD_LEAVES_TOWN"))
    if any(on in one.came_on for one in (asked, *printed)):
        found.append(Problem(code="MOVED_IN_TODAY"))
    if command.left_out or command.official_use or command.fee_free or command.accepts_alerts:
        # Only a clerk decides these.
        found.append(Problem(code="NOT_AT_MACHINES"))
    found.extend(
        Problem(code="ITEM_NOT_ALLOWED", where=item.value)
        for item in sorted(command.asked_for - _items(numbers=numbers))
    )
    return tuple(found)


def _items(*, numbers: bool) -> frozenset[Omit]:
    return OMITTED_UNLESS_ASKED if numbers else MACHINE_ITEMS


def items_asked(household: Iterable[Resident], *, numbers: bool = False) -> tuple[Omit, ...]:
    """List what a machine asks yes or no for: foreign items only where somebody has them (記載事項)."""
    foreign = any(one.is_foreign for one in household)
    allowed = _items(numbers=numbers)
    return tuple(
        item for item in Omit if item in allowed and (foreign or item not in _FOREIGN_ITEMS)
    )


def chosen_for(
    kind: Kind, portion: Portion, *, asked_id: str, member_ids: Iterable[str], some: Iterable[str]
) -> tuple[str, ...]:
    """Return whom a portion puts on this kind, in the words of a request (交付種別の読替え).

    Where nobody chosen means everybody, the person alone is chosen by number; where it means
    the person alone, everybody is.
    """
    everybody_unless = definition_of(kind).spread is Spread.HOUSEHOLD
    match portion:
        case Portion.SOME:
            return tuple(some)
        case Portion.WHOLE:
            return () if everybody_unless else tuple(member_ids)
        case Portion.SELF:
            return (asked_id,) if everybody_unless else ()
