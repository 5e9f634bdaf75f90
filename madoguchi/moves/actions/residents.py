"""From what was pressed for people who live here to the command of the register (在住者の届出).

One page a household serves 転居, 転出, 世帯変更, 死亡 and 職権消除; who stays behind and who
becomes head is the register's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.kernel.dates import parse_day
from madoguchi.moves.actions.records import HEAD, household_of_residents
from madoguchi.moves.domain.filing import Kind, Told
from madoguchi.moves.domain.household import Household, MoveKind
from madoguchi.register.api import PersonRow
from madoguchi.register.api import filing as register

#: What the page of a household offers, in its order.
KINDS = (Kind.CHANGE_ADDRESS, Kind.MOVE_OUT, Kind.HOUSEHOLD, Kind.DEATH, Kind.EX_OFFICIO)
#: Who enters a household without moving, and what is told of them (日本人住民).
ENTRIES = (Kind.BIRTH, Kind.EX_OFFICIO)
ENTRY_ITEMS = ("name", "name_kana", "birth", "sex", "relationship", "honseki", "hittosha",
               "resident_code")  # fmt: skip
#: Of a child of foreign residents there is no family register; it is entered as 出生による経過滞在者.
FOREIGN_BIRTH_ITEMS = ("name", "name_kana", "name_alphabet", "birth", "sex", "relationship",
                       "nationality", "resident_code")  # fmt: skip
_MOVES = {
    Kind.CHANGE_ADDRESS: MoveKind.CHANGE_ADDRESS, Kind.MOVE_OUT: MoveKind.MOVE_OUT,
    Kind.DEATH: MoveKind.DEATH,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What was told for some people of a household (届出の入力)."""

    kind: Kind
    told: Told
    person_ids: tuple[str, ...]
    happened_on: str
    postcode: str = ""
    address: str = ""
    building: str = ""
    to: str = ""
    to_town: str = ""
    abroad: bool = False
    household_no: str = ""
    #: 世帯主変更: who stands how becomes another, and nobody goes anywhere.
    stays: bool = False
    relationships: Mapping[str, str] | None = None


def command_of(pressed: Pressed, *, whole: bool) -> register.Command:
    """Return the command of the register; ``whole``: everybody of the household goes (命令)."""
    told = pressed.told
    notified = pressed.kind in (Kind.CHANGE_ADDRESS, Kind.MOVE_OUT, Kind.HOUSEHOLD)
    days = register.Filing(
        effective=pressed.happened_on,
        filed_on=told.filed_on if notified else None,
        notified_by_office_on=told.filed_on if pressed.kind is Kind.DEATH else None,
    )
    people = pressed.person_ids
    match pressed.kind:
        case Kind.CHANGE_ADDRESS:
            stays = whole and not pressed.household_no
            return register.ChangeAddress(
                filing=days, person_ids=people, postcode=pressed.postcode,
                address=pressed.address, building=pressed.building,
                household_no=pressed.household_no or None,
                standings={} if stays else _standings(pressed),
            )  # fmt: skip
        case Kind.MOVE_OUT:
            abroad, within = register.Reason.MOVE_OUT_ABROAD, register.Reason.MOVE_OUT_DOMESTIC
            return register.PlanMoveOut(
                filing=days, person_ids=people, to=pressed.to, to_town=pressed.to_town,
                reason=abroad if pressed.abroad else within,
            )  # fmt: skip
        case Kind.HOUSEHOLD if pressed.stays:
            return register.ChangeHousehold(
                filing=days, reason=register.Reason.CHANGE_HOUSEHOLDER,
                standings=_standings(pressed),
            )  # fmt: skip
        case Kind.HOUSEHOLD:
            merge, split = register.Reason.MERGE_HOUSEHOLDS, register.Reason.SPLIT_HOUSEHOLD
            return register.ChangeHousehold(
                filing=days, person_ids=people, household_no=pressed.household_no or None,
                reason=merge if pressed.household_no else split, standings=_standings(pressed),
            )  # fmt: skip
        case Kind.DEATH:
            return register.RemovePersons(
                filing=days, person_ids=people, reason=register.Reason.DEATH
            )
        case _:
            return register.RemovePersons(
                filing=days, person_ids=people, reason=register.Reason.REMOVE_EX_OFFICIO,
                to=pressed.to,
            )  # fmt: skip


def entry_of(
    kind: Kind, values: Mapping[str, str], at_home: PersonRow, *, filed_on: date
) -> register.Command:
    """Return the command that enters somebody where ``at_home`` lives (出生・職権記載).

    A child is born on the day of the change; whoever is entered by authority has a birth date.
    A child of foreign residents stands as 経過滞在者 (法30条の45) until a status of residence is
    told, for sixty days at most.
    """
    is_birth = kind is Kind.BIRTH
    is_foreign = born_foreign(kind, values)
    sexes = set(register.Sex)
    names = FOREIGN_BIRTH_ITEMS if is_foreign else ENTRY_ITEMS
    texts: dict[str, Any] = {name: values[name] for name in names}
    del texts["sex"], texts["birth"]
    if is_foreign:
        # Who has no name in Han characters is called by the letters of the passport.
        texts |= {
            "name": texts["name"] or texts["name_alphabet"],
            "nationality_group": register.NationalityGroup.FOREIGN,
            "stay_class": register.StayClass.TRANSITIONAL,
        }
    items = register.Items(
        **texts,
        birth=values["happened_on"] if is_birth else values["birth"], birth_sort=None,
        sex=register.Sex(values["sex"]) if values["sex"] in sexes else register.Sex.UNKNOWN,
        is_householder=values["relationship"] == HEAD, household_no="",
        postcode=at_home.postcode, address=at_home.address, building=at_home.building,
    )  # fmt: skip
    birth, authority = register.Reason.BIRTH, register.Reason.ENTER_EX_OFFICIO
    return register.RecordEntry(
        filing=register.Filing(
            effective=values["happened_on"], notified_by_office_on=filed_on if is_birth else None
        ),
        reason=birth if is_birth else authority,
        newcomers=(register.Newcomer(items=items),), household_no=at_home.household_no,
    )  # fmt: skip


def born_foreign(kind: Kind, values: Mapping[str, str]) -> bool:
    """Tell whether a birth is of a child of foreign residents (外国人住民の出生)."""
    return kind is Kind.BIRTH and values.get("group") == register.NationalityGroup.FOREIGN


def concerned(pressed: Pressed, rows: Mapping[str, PersonRow], *, today: date) -> Household | None:
    """Return whose follow-ups a filing sets off, None where it sets off none (関連課の対象)."""
    kind = _MOVES.get(pressed.kind)
    if kind is None:
        return None
    found = parse_day(pressed.happened_on)
    moved_on = found if isinstance(found, date) else today
    going = [rows[one] for one in pressed.person_ids if one in rows]
    return household_of_residents(
        kind, going, moved_on=moved_on, today=today, joins=bool(pressed.household_no)
    )


def _standings(pressed: Pressed) -> dict[str, register.Standing]:
    told = pressed.relationships or {}
    return {
        one: register.Standing(relationship=told[one], is_householder=told[one] == HEAD)
        for one in pressed.person_ids
        if told.get(one)
    }
