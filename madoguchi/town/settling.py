"""How the members of a household came to live here (住民となった経緯)."""

from __future__ import annotations

from collections.abc import Sequence

from madoguchi.town import days
from madoguchi.town.columns import DOMICILE, KANA, NAME, REGISTER_HEAD, RELATION
from madoguchi.town.dice import (
    Dice,
    after_years,
    between,
    draw_elsewhere,
    draw_surname,
    draw_town_lot,
    pick,
)
from madoguchi.town.drafts import Change, Household, Member
from madoguchi.town.words import words

MOVED_IN = "国内転入"
FROM_ABROAD = "国外転入等"
BORN = "出生"

_NATIVE = 0.7
_NATIVE_SPOUSE = 0.6
_DOMICILE_STAYS_ELSEWHERE = 0.55
_UNMARRIED_AT_FIRST = 0.35
_MONTH = 30


def settle(
    dice: Dice,
    household: Household,
    head: Member,
    spouse: Member | None = None,
    children: Sequence[Member] = (),
) -> None:
    """Say since when a head, a spouse and their children live here, and from where (経緯)."""
    if after_years(head.born, 22) < dice.converted and dice.chance() < _NATIVE:
        _be_native(dice, household, head)
        if spouse is not None:
            native = spouse.foreign is None and dice.chance() < _NATIVE_SPOUSE
            if native and after_years(spouse.born, 22) < dice.converted:
                spouse.came, spouse.how = spouse.born, BORN
            else:
                marry_in(dice, head, spouse, children)
    else:
        adults = (head,) if spouse is None else (head, spouse)
        _move_in_together(dice, household, adults)
    _share_family_register(dice, household, head, spouse, children)
    place_children(spouse if spouse is not None and spouse.female else head, children)


def _be_native(dice: Dice, household: Household, head: Member) -> None:
    """Let them have been born here and have had this home since before the conversion."""
    head.came, head.how = head.born, BORN
    since = between(dice, after_years(head.born, 20), dice.converted)
    household.homes[0] = (since, household.homes[0][1])


def _move_in_together(dice: Dice, household: Household, adults: Sequence[Member]) -> None:
    youngest = max(member.born for member in adults)
    first = max(after_years(youngest, 18), dice.converted - int(12 * days.YEAR))
    day = between(dice, first, max(first + 1, dice.as_of - 3))
    origin = draw_elsewhere(dice)
    for member in adults:
        member.came, member.how, member.origin = day, MOVED_IN, origin
    household.homes[0] = (day, household.homes[0][1])


def marry_in(dice: Dice, partner: Member, spouse: Member, children: Sequence[Member] = ()) -> None:
    """Let a spouse move in from elsewhere, no later than the first child's birth (婚姻と転入)."""
    first = max(
        after_years(spouse.born, 19),
        after_years(partner.born, 20),
        partner.came + _MONTH,
        dice.converted - int(25 * days.YEAR),
    )
    last = dice.as_of - 2 * _MONTH
    if children:
        last = min(last, min(child.born for child in children) - _MONTH)
    day = between(dice, first, last) if first < last else max(last, partner.came)
    spouse.came, spouse.how, spouse.origin = day, MOVED_IN, draw_elsewhere(dice)


def take_the_name(dice: Dice, spouse: Member) -> None:
    """Let some have moved in before they married, under the name they had (婚姻による氏の変更)."""
    on = spouse.came + 5 + int(dice.chance() * 300)
    if spouse.came < dice.converted or on >= dice.as_of or dice.chance() > _UNMARRIED_AT_FIRST:
        return
    surname, kana = draw_surname(dice)
    given = spouse.name.split("\u3000")[1]
    given_kana = spouse.kana.split("\u3000")[1]
    liked = words().given(female=False, year=days.year(spouse.born) - 27)
    spouse.at_first = (
        (NAME, f"{surname}\u3000{given}"),
        (KANA, f"{kana}\u3000{given_kana}"),
        (RELATION, f"{spouse.relation}（未届）"),
        (DOMICILE, spouse.origin or spouse.domicile),
        (REGISTER_HEAD, f"{surname}\u3000{pick(dice, liked)[0]}"),
    )
    columns = (
        (NAME, spouse.name),
        (KANA, spouse.kana),
        (RELATION, spouse.relation),
        (DOMICILE, spouse.domicile),
        (REGISTER_HEAD, spouse.register_head),
    )
    spouse.changes.append(Change(on, "職権修正", columns))


def _share_family_register(
    dice: Dice,
    household: Household,
    head: Member,
    spouse: Member | None,
    children: Sequence[Member],
) -> None:
    """Give a couple and their unmarried children one 本籍 and 筆頭者 (戸籍の表示)."""
    stays = head.how != BORN and dice.chance() < _DOMICILE_STAYS_ELSEWHERE
    place = _without_lot(head.origin) if stays else draw_town_lot(dice, household.area)
    first = spouse if spouse is not None and head.female and not spouse.female else head
    holder = first.name
    if spouse is None and (head.female or days.full_years(head.born, dice.as_of) < 50):
        # Alone: still in the family register of a parent or of a late husband.
        liked = words().given(female=False, year=days.year(head.born) - (4 if head.female else 28))
        holder = f"{head.name.split(chr(0x3000))[0]}\u3000{pick(dice, liked)[0]}"
    for member in (head, spouse, *children):
        if member is not None and member.foreign is None:
            member.domicile, member.register_head = place, holder
    if spouse is not None and spouse.female and spouse.foreign is None and spouse.came > head.came:
        take_the_name(dice, spouse)


def _without_lot(address: str) -> str:
    """Turn an address into a 本籍, which has 番 but no 号 (本籍の表記)."""
    return f"{address.split('番', maxsplit=1)[0]}番" if "番" in address else address


def place_children(mother: Member, children: Sequence[Member]) -> None:
    """Let children be born here, or come along with their mother (子の住民となった経緯)."""
    for child in children:
        if child.born >= mother.came:
            child.came, child.how = child.born, BORN
        else:
            child.came, child.how, child.origin = mother.came, mother.how, mother.origin
        child.domicile = child.domicile or mother.domicile
        child.register_head = child.register_head or mother.register_head


def come_back(dice: Dice, household: Household, member: Member) -> None:
    """Let a grown member have come, or come back, from elsewhere into this household (転入)."""
    begins = max(dice.converted, household.homes[0][0])
    first = max(after_years(member.born, 22), begins + _MONTH)
    if first < dice.as_of - _MONTH:
        member.came, member.how = between(dice, first, dice.as_of - 3), MOVED_IN
        member.origin = draw_elsewhere(dice)
