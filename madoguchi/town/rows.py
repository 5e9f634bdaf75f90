"""From a household to the lines of the files (行の書き出し).

Every value is ours and holds no comma, quote or line break (a test looks), so lines are joined
by hand: the csv module would take as long again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from madoguchi.town import days, money, numbers
from madoguchi.town.columns import (
    ADDRESS_SINCE,
    COLUMNS,
    HEAD_NAME,
    RELATION,
    STATE,
    VERSION_COLUMNS,
    set_home,
)
from madoguchi.town.dice import Dice
from madoguchi.town.drafts import RESIDENT, Change, Headship, Home, Household, Member

FILES: dict[str, tuple[str, ...]] = {
    "register.csv": COLUMNS,
    "events.csv": (*COLUMNS, *VERSION_COLUMNS),
    "latest.csv": ("宛名番号", *VERSION_COLUMNS, "転出先"),
    "seals.csv": money.SEAL_COLUMNS,
    "tax.csv": money.TAX_COLUMNS,
    "numbers.csv": ("宛名番号", "個人番号"),
}

CONVERTED = "改製"

# Days between a change and its filing: most none, the law allows fourteen.
_LAGS = tuple(step * step * 15 // 101**2 for step in range(101))
#: Later versions of the same day take the next moments.
_LAST_FIRST_MOMENT = 300


@dataclass(slots=True)
class Lines:
    """The lines of one piece of the town, file by file (書き出す行)."""

    register: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    latest: list[str] = field(default_factory=list)
    seals: list[str] = field(default_factory=list)
    tax: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    residents: int = 0
    households: int = 0
    #: Draws the seal of a name; None leaves the pictures out.
    imprint_of: Callable[[str], bytes] | None = None

    def texts(self) -> tuple[str, ...]:
        """Return one text per file, in the order of ``FILES``."""
        parts = (self.register, self.events, self.latest, self.seals, self.tax, self.numbers)
        return tuple("\n".join([*part, ""]) if part else "" for part in parts)


def write_household(lines: Lines, dice: Dice, household: Household) -> None:
    """Write all rows of a household, and count its residents (世帯の書き出し)."""
    for member in household.members:
        member.serial = member.serial or dice.take_person()
        _write_member(lines, dice, household, member)
    living = household.count_residents()
    lines.residents += living
    lines.households += 1 if living else 0


def _write_member(lines: Lines, dice: Dice, household: Household, member: Member) -> None:
    """Write the versions of one member: past ones as events, the newest into the register."""
    day_text = days.text
    person = numbers.addressee_no(member.serial)
    # The same for all members, so that a family's move is filed and recorded once.
    salt = int(household.number[6:14])
    row = _first_row(dice, household, member, person, salt)
    on, reason, version = member.came, member.how, 1
    if on < dice.converted:
        on, reason = dice.converted, CONVERTED
    recorded, moment = _recorded(dice, on, salt)
    for change in _changes(household, member):
        if change.on > on or version > 1:
            # The state before this change was a version of its own.
            stamp = f"{day_text(recorded)}{days.MOMENTS[moment]}"
            lines.events.append(f"{','.join(row)},{version},{reason},{day_text(on)},{stamp}")
            version += 1
            on, reason = change.on, change.reason
            later, at = _recorded(dice, on, salt)
            recorded, moment = (later, at) if later > recorded else (recorded, moment + 1)
        for column, value in change.columns:
            row[column] = value
    stamp = f"{day_text(recorded)}{days.MOMENTS[moment]}"
    lines.register.append(",".join(row))
    lines.latest.append(f"{person},{version},{reason},{day_text(on)},{stamp},{member.gone_to}")
    lines.numbers.append(f"{person},{numbers.individual_number(member.serial)}")
    age = days.full_years(member.born, dice.as_of)
    money.write_seal(
        lines.seals,
        member,
        person,
        age=age,
        as_of=dice.as_of,
        chance=dice.chance,
        imprint_of=lines.imprint_of,
    )
    money.write_tax(lines.tax, member, person, age=age, as_of=dice.as_of, chance=dice.chance)


def _filed(dice: Dice, on: int, salt: int) -> int:
    """Return the day a change was filed: most on the day, some two weeks after (届出日)."""
    return min(on + _LAGS[(on + salt * 7) % len(_LAGS)], dice.as_of)


def _recorded(dice: Dice, on: int, salt: int) -> tuple[int, int]:
    """Return the day a change was recorded and which moment of it (処理日時)."""
    day = min(days.working_day(_filed(dice, on, salt)), dice.as_of)
    return day, (on * 13 + salt * 29) % _LAST_FIRST_MOMENT


def _first_row(
    dice: Dice, household: Household, member: Member, person: str, salt: int
) -> list[str]:
    """Return the columns as they stood when the member entered (最初の状態)."""
    came, foreign = member.came, member.foreign
    since, home = _home_on(household, member.joined or came)
    came_text = days.text(came)
    row = [
        person,
        household.number,
        member.name,
        member.kana,
        "",
        "",
        foreign.alias if foreign else "",
        foreign.alias_kana if foreign else "",
        member.born_text or days.text(member.born),
        "女" if member.female else "男",
        member.relation,
        _head_on(household, came),
        home.postcode,
        home.address,
        home.building,
        member.domicile,
        member.register_head,
        came_text,
        # Never moved inside the town: the day they became a resident stands here too.
        days.text(since) if since > came else came_text,
        days.text(_filed(dice, came, salt)),
        member.origin,
        numbers.resident_code(member.serial),
        foreign.nationality if foreign else "",
        foreign.status if foreign else "",
        foreign.stay_until if foreign else "",
        RESIDENT,
        member.hold,
    ]
    for column, value in member.at_first:
        row[column] = value
    return row


def _home_on(household: Household, day: int) -> tuple[int, Home]:
    """Return the home on a day; the first one for any day before it (その日の住所)."""
    found = household.homes[0]
    for stay in household.homes[1:]:
        if stay[0] <= day:
            found = stay
    return found


def _head_on(household: Household, day: int) -> str:
    """Return the name of the householder on a day (その日の世帯主)."""
    head = household.heads[0].head
    for headship in household.heads[1:]:
        if headship.since <= day:
            head = headship.head
    return head.name if head else ""


def _changes(household: Household, member: Member) -> list[Change]:
    """Return what happened to a member after entering, in order (異動の列)."""
    start = member.joined or member.came
    found = list(member.changes)
    for since, home in household.homes[1:]:
        if since > start:
            columns = (*set_home(home), (ADDRESS_SINCE, days.text(since)))
            found.append(Change(since, "転居", columns))
    found += [_head_change(one, member) for one in household.heads[1:] if one.since > start]
    if member.left:
        found = [change for change in found if change.on < member.left]
        found.append(Change(member.left, member.left_how, ((STATE, member.state),)))
    if len(found) > 1:
        found.sort(key=_day_of)
    return found


def _day_of(change: Change) -> int:
    return change.on


def _head_change(headship: Headship, member: Member) -> Change:
    """Return what a new householder changes for one member (世帯主変更)."""
    if headship.head is None:
        return Change(headship.since, "職権修正", ((HEAD_NAME, ""),))
    columns: tuple[tuple[int, str], ...] = ((HEAD_NAME, headship.head.name),)
    for whom, relation in headship.relations:
        if whom is member:
            columns = (*columns, (RELATION, relation))
    return Change(headship.since, "世帯主変更", columns)
