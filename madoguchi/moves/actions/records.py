"""From what was told to what the register enters, and to whom it concerns (記載事項の組立て)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from madoguchi.kernel.dates import RegisterDate, parse_register_date
from madoguchi.moves.domain.case import Case, Group
from madoguchi.moves.domain.filing import UNREGISTERED_MARK, Arrival, Arriving, MoveIn
from madoguchi.moves.domain.household import Household, Insurance, MoveKind, Pension, Person
from madoguchi.register.api import PersonRow
from madoguchi.register.api import filing as register

#: The number of a child in its own filing, before it has one of the register.
NEWBORN = "1"
HEAD = "世帯主"
#: Items a 転入届 tells of each person, in the order of the form; the rest follows from the move.
ITEMS = (
    "name", "name_kana", "birth", "sex", "relationship", "honseki", "hittosha", "resident_code",
    "nationality_group", "name_alphabet", "nationality", "residence_status", "stay_class",
    "stay_until", "residence_card_no", "former_surname", "former_surname_kana", "alias",
    "alias_kana",
)  # fmt: skip
_TEXTS = frozenset(ITEMS) - {"sex", "nationality_group", "stay_class"}
#: Whose birth is not known to the day counts as grown up, as in the family's cards.
_GROWN = 40


def reason_of(arrival: Arrival) -> register.Reason:
    """Return the 異動事由 of an arrival (異動事由)."""
    abroad = arrival is Arrival.ABROAD
    return register.Reason.MOVE_IN_ABROAD if abroad else register.Reason.MOVE_IN_DOMESTIC


def items_of(one: Arriving, move: MoveIn) -> register.Items:
    """Return the items of one person as they enter the register (記載事項).

    The address of the move is written once and stands with everybody. A last address that was
    never notified carries its mark, and the town where somebody last was is a note (4.1.1.4).
    """
    previous, remark = move.previous_address, ""
    if move.arrival is Arrival.UNREGISTERED:
        if not previous.endswith(UNREGISTERED_MARK):
            previous += UNREGISTERED_MARK
        remark = f"最終登録住所地 {move.last_registered}"
    texts: dict[str, Any] = {name: one.value(name) for name in _TEXTS}
    return register.Items(
        **texts,
        sex=_coded(register.Sex, one.value("sex"), register.Sex.UNKNOWN),
        nationality_group=_coded(
            register.NationalityGroup, one.value("nationality_group"),
            register.NationalityGroup.JAPANESE,
        ),
        stay_class=_coded(register.StayClass, one.value("stay_class"), register.StayClass.NONE),
        is_householder=one.value("relationship") == HEAD, household_no="", birth_sort=None,
        postcode=move.postcode, address=move.address, building=move.building,
        previous_address=previous, remarks_b=remark,
    )  # fmt: skip


def household_of_move(move: MoveIn, *, today: date) -> Household:
    """Return whom the follow-ups of a 転入届 are about (関連課の対象)."""
    moved = parse_register_date(move.moved_on)
    case = Case(
        today=today,
        moved_in_on=moved.exact_on if isinstance(moved, RegisterDate) else None,
        planned_move_out_on=move.planned_out_on,
        move_out_notice_found=move.arrival is Arrival.SPECIAL,
        paper_certificate=move.arrival is Arrival.PAPER,
        from_abroad=move.arrival is Arrival.ABROAD,
        unregistered=move.arrival is Arrival.UNREGISTERED,
    )
    persons = tuple(
        _person(
            no=one.no, birth=_day_of(one.value("birth")), today=today, card=one.card,
            foreign=one.value("nationality_group") == "FOREIGN", facts=one.facts,
        )
        for one in move.people
    )  # fmt: skip
    adults = sum(one.has_reached(18, today) for one in persons)
    return Household(
        kind=MoveKind.MOVE_IN, case=case, persons=persons,
        joins_household=bool(move.household_no),
        # One grown person with children: somebody to see, never a verdict.
        single_parent=adults == 1 and len(persons) > 1 and not move.household_no,
    )  # fmt: skip


def household_of_residents(
    kind: MoveKind, rows: Iterable[PersonRow], *, moved_on: date, today: date,
    joins: bool = False,
) -> Household:  # fmt: skip
    """Return whom the follow-ups of a 転居届, a 転出届 or a death are about (関連課の対象)."""
    case = Case(
        today=today,
        moved_in_on=None if kind is MoveKind.MOVE_OUT else moved_on,
        planned_move_out_on=moved_on if kind is MoveKind.MOVE_OUT else None,
    )
    persons = tuple(
        _person(
            no=one.person_id, birth=one.birth_sort, today=today, facts={},
            foreign=one.nationality_group is register.NationalityGroup.FOREIGN,
        )
        for one in rows
    )  # fmt: skip
    return Household(kind=kind, case=case, persons=persons, joins_household=joins)


def household_of_birth(values: Mapping[str, str], *, today: date, foreign: bool) -> Household:
    """Return the child that the follow-ups of a birth are about, numbered 1 (関連課の対象)."""
    born_on = _day_of(values["happened_on"]) or today
    child = _person(no=NEWBORN, birth=born_on, today=today, foreign=foreign, facts={})
    case = Case(today=today, moved_in_on=min(born_on, today))
    return Household(kind=MoveKind.BIRTH, case=case, persons=(child,), joins_household=True)


def _person(
    *, no: str, birth: date | None, today: date, foreign: bool, facts: Mapping[str, str | bool],
    **more: Any,
) -> Person:  # fmt: skip
    told: dict[str, Any] = dict(facts)
    for name, kind in (("insurance", Insurance), ("pension", Pension)):
        if name in told:
            told[name] = kind(told[name])
    born = birth or date(today.year - _GROWN, 1, 15)
    return Person(
        no=no, born_on=min(born, today), group=Group.FOREIGN if foreign else Group.JAPANESE,
        **told, **more,
    )  # fmt: skip


def _day_of(text: str) -> date | None:
    found = parse_register_date(text)
    return found.exact_on if isinstance(found, RegisterDate) else None


def _coded(kind: Any, text: str, other: Any) -> Any:
    return kind(text) if text in set(kind) else other
