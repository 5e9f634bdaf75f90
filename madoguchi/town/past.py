"""What befell households over some twenty years: deaths, moves, corrections (異動の歴史)."""

from __future__ import annotations

from collections.abc import Sequence

from madoguchi.town import days
from madoguchi.town.columns import (
    ADDRESS,
    ADDRESS_SINCE,
    DOMICILE,
    FORMER,
    FORMER_KANA,
    HEAD_NAME,
    HOUSEHOLD,
    KANA,
    RELATION,
    set_home,
)
from madoguchi.town.dice import (
    Dice,
    after_years,
    between,
    draw_elsewhere,
    draw_home,
    draw_member,
    draw_surname,
    draw_town_lot,
)
from madoguchi.town.drafts import (
    DEAD,
    HEAD,
    LEAVING,
    MOVED_OUT,
    STRUCK,
    Change,
    Headship,
    Household,
    Member,
)
from madoguchi.town.settling import BORN
from madoguchi.town.words import Reading

MEASURE = "支援措置"
PROVISIONAL = "仮支援措置"
_OLDEST = 104
_MONTH = 30

_MOVES_HOUSE = 0.36
_CORRECTED = 0.16
_FORMER_SURNAME = 0.004
_PROTECTED = 0.0008
_LEAVING = 0.0012
_GOES_ABROAD = 0.02
# What a hurried hand leaves off a reading.
_SLIPS = (
    ("ダ", "タ"),
    ("ガ", "カ"),
    ("ジ", "シ"),
    ("ブ", "フ"),
    ("ョ", "ヨ"),
    ("ュ", "ユ"),
    ("ゴ", "コ"),
)


def surname_of(member: Member) -> Reading:
    """Return the surname of a member with its reading (氏)."""
    return member.name.split("\u3000")[0], member.kana.split("\u3000")[0]


def pass_on(
    household: Household, on: int, heir: Member, relations: Sequence[tuple[Member, str]]
) -> None:
    """Make somebody householder from a day on; ``relations`` are the new 続柄 (世帯主変更)."""
    changed: list[tuple[Member, str]] = []
    for member, relation in ((heir, HEAD), *relations):
        if (member.joined or member.came) >= on:
            member.relation = relation
        else:
            changed.append((member, relation))
    household.heads.append(Headship(on, heir, tuple(changed)))


def die(member: Member, on: int) -> None:
    """Let a member have died on a day (死亡)."""
    member.left, member.left_how, member.state = on, "死亡", DEAD


def day_of_death(dice: Dice, household: Household, member: Member, *with_: Member) -> int:
    """Pick a day between the conversion and now; 0 where none would do (死亡日)."""
    present = max((one.came for one in (member, *with_)), default=0)
    first = max(dice.converted + 10, present + 200, household.homes[0][0] + 100)
    last = min(dice.as_of - _MONTH, after_years(member.born, _OLDEST))
    return between(dice, first, last) if first < last else 0


def bereave(dice: Dice, household: Household, survivor: Member) -> None:
    """Let the survivor have lost a spouse who lived here too (配偶者の死亡)."""
    gap = int((dice.chance() * 9 - 3) * days.YEAR)
    born = survivor.born - gap if survivor.female else survivor.born + gap
    late = draw_member(dice, surname_of(survivor), female=not survivor.female, born=born)
    if survivor.how == BORN:
        late.came = late.born
    else:
        late.came, late.how, late.origin = survivor.came, survivor.how, survivor.origin
    late.domicile, late.register_head = survivor.domicile, survivor.register_head
    on = day_of_death(dice, household, late, survivor)
    if not on or after_years(born, 20) > household.homes[0][0]:
        return
    die(late, on)
    household.members.append(late)
    if survivor.female:
        holder = survivor.register_head
        for member in household.members:
            if member.register_head == holder:
                member.register_head = late.name
        household.heads[0] = Headship(0, late, ())
        survivor.relation = "妻"
        pass_on(household, on, survivor, ())
    else:
        late.relation = "妻"


def let_child_leave(dice: Dice, household: Household, mother: Member) -> None:
    """Let a child have grown up here and gone, as most do (子の転出)."""
    age = 20 + dice.chance() * 16
    if mother.foreign:
        return
    born = after_years(mother.born, age)
    left = after_years(born, 18 + dice.chance() * 6)
    came = max(born, mother.came)
    if not max(dice.converted, came + 300, household.homes[0][0] + 100) < left < dice.as_of - 40:
        return
    if any(abs(born - other.born) < 300 for other in household.members):
        return
    female = dice.chance() < 0.5
    child = draw_member(dice, surname_of(mother), female=female, born=born, relation="子")
    child.came = came
    if came > born:
        child.how, child.origin = mother.how, mother.origin
    child.domicile, child.register_head = mother.domicile, mother.register_head
    _move_out(dice, child, left)
    household.members.append(child)


def _move_out(dice: Dice, member: Member, on: int) -> None:
    member.left, member.left_how, member.state = on, "国内転出", MOVED_OUT
    member.gone_to = draw_elsewhere(dice)
    if dice.chance() < _GOES_ABROAD:
        member.left_how, member.gone_to = "国外転出", "アメリカ合衆国"


def empty(dice: Dice, household: Household) -> bool:
    """Let everybody have gone; False where the household is too young for it (世帯の転出)."""
    living = [member for member in household.members if member.lives_here]
    busy = [change.on for member in living for change in member.changes]
    busy += [since for since, _ in household.homes] + [one.since for one in household.heads]
    first = max([dice.converted, *busy, *(max(m.came, m.joined, m.born) for m in living)]) + 60
    last = dice.as_of - 20
    if first >= last:
        return False
    on = between(dice, first, last)
    alone = len(living) == 1
    if alone and days.full_years(living[0].born, on) > 68 and dice.chance() < 0.75:
        die(living[0], on)
    elif alone and dice.chance() < 0.02:
        living[0].left, living[0].left_how, living[0].state = on, "職権消除", STRUCK
    else:
        for member in living:
            _move_out(dice, member, on)
            # All went to the same place.
            member.left_how, member.gone_to = living[0].left_how, living[0].gone_to
    return True


def decorate(dice: Dice, household: Household) -> None:
    """Add what happens to any household: a move, a correction, a hold (異動の付け足し)."""
    while dice.chance() < _MOVES_HOUSE:
        move_house(dice, household)
    for member in household.members:
        draw = dice.chance()
        if draw < _CORRECTED:
            _correct(dice, household, member, draw / _CORRECTED)
        elif draw > 1 - _FORMER_SURNAME:
            carry_former_surname(dice, member)
    draw = dice.chance()
    if draw < _PROTECTED:
        for member in household.members:
            member.hold = MEASURE if draw < 0.8 * _PROTECTED else PROVISIONAL
    elif draw > 1 - _LEAVING:
        plan_to_leave(dice, household)


def move_house(dice: Dice, household: Household) -> None:
    """Let a household have moved inside its area (転居)."""
    present = min(member.came for member in household.members)
    joined = max(member.joined for member in household.members)
    first = max(dice.converted, household.homes[-1][0], present, joined) + 120
    if first < dice.as_of - 5:
        on = between(dice, first, dice.as_of - 3)
        household.homes.append((on, draw_home(dice, household.area)))


def plan_to_leave(dice: Dice, household: Household) -> None:
    """Let everybody be about to leave: residents until the day (転出予定)."""
    on = dice.as_of + 3 + int(dice.chance() * 20)
    to = draw_elsewhere(dice)
    for member in household.members:
        if member.lives_here:
            member.left, member.left_how, member.state = on, "国内転出", LEAVING
            member.gone_to = to


def join_later(dice: Dice, household: Household, member: Member, relation: str) -> None:
    """Let a member have lived alone in the same area before joining (転居による同居)."""
    first = max(dice.converted, member.came, *(since for since, _ in household.homes)) + 200
    first = max(first, *(one.since + 1 for one in household.heads))
    head = household.heads[-1].head
    if first >= dice.as_of - 10 or member.changes or head is None:
        return
    on = between(dice, first, dice.as_of - 5)
    before = draw_home(dice, household.area)
    member.at_first = (
        (HOUSEHOLD, dice.take_household_no()),
        (RELATION, HEAD),
        (HEAD_NAME, member.name),
        *set_home(before),
        (ADDRESS_SINCE, days.text(member.came)),
    )
    _, home = household.homes[-1]
    columns = (
        (HOUSEHOLD, household.number),
        (RELATION, relation),
        (HEAD_NAME, head.name),
        *set_home(home),
        (ADDRESS_SINCE, days.text(on)),
    )
    member.joined, member.relation = on, relation
    member.changes.append(Change(on, "転居", columns))


def _correct(dice: Dice, household: Household, member: Member, draw: float) -> None:
    """Let something have stood wrong, or otherwise, at first (修正)."""
    first = max(dice.converted, member.joined, member.came) + 40
    last = (member.left if not member.lives_here else dice.as_of) - 1
    if first >= last or member.at_first or member.foreign:
        return
    on = between(dice, first, last)
    if draw < 0.4:
        wrong = next((member.kana.replace(a, b) for a, b in _SLIPS if a in member.kana), "")
        if wrong:
            member.at_first = ((KANA, wrong),)
            member.changes.append(Change(on, "誤記修正", ((KANA, member.kana),)))
    elif draw < 0.7:
        before = draw_town_lot(dice, household.area)
        member.at_first = ((DOMICILE, before),)
        member.changes.append(Change(on, "職権修正", ((DOMICILE, member.domicile),)))
    elif len(household.homes) == len(household.members) == 1:
        # 番地の5 became 番地5 when lot numbers were written one way.
        _, home = household.homes[0]
        before = home.address.replace("番地", "番地の")
        if not before.endswith("の"):
            member.at_first = ((ADDRESS, before),)
            member.changes.append(Change(on, "軽微な修正", ((ADDRESS, home.address),)))


def carry_former_surname(dice: Dice, member: Member) -> None:
    """Let a former surname be entered beside the name (旧氏の記載)."""
    first = max(dice.converted, member.came, after_years(member.born, 25)) + 30
    last = (member.left if not member.lives_here else dice.as_of) - 1
    if first >= last or member.foreign or not member.female:
        return
    surname, kana = draw_surname(dice)
    columns = ((FORMER, surname), (FORMER_KANA, kana))
    member.changes.append(Change(between(dice, first, last), "旧氏の記載", columns))
