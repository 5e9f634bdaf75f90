"""Drawing by chance, from one seed: people, days and homes (くじ)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from madoguchi.town import days, numbers
from madoguchi.town.drafts import HEAD, Headship, Home, Household, Member
from madoguchi.town.places import weighted_places
from madoguchi.town.words import Reading, Words, words

T = TypeVar("T")

_BUILDINGS = (
    "コーポ潮騒", "ハイツ春日", "メゾンうけじま", "町営あかとんぼ団地", "町営さざなみ団地", "アパートデイゴ",
    "サンハイツ大湊", "浜木綿荘", "ソテツ荘", "職員住宅", "医師住宅", "教職員住宅",
)  # fmt: skip
_IN_TOWN_CENTRE = "古仁屋"
_LOTS = 2_700


@dataclass(slots=True)
class Dice:
    """Chance, the days of the town, and the next free numbers of one piece (くじ)."""

    chance: Callable[[], float]
    as_of: int
    #: The day the register was converted; nothing before it has a version (改製日).
    converted: int
    next_person: int
    next_household: int

    def take_household_no(self) -> str:
        """Take the next free number of a household (世帯番号の採番)."""
        self.next_household += 1
        return numbers.household_no(self.next_household)

    def take_person(self) -> int:
        """Take the next free serial of a person (宛名番号の採番)."""
        self.next_person += 1
        return self.next_person


def pick(dice: Dice, choices: Sequence[T]) -> T:
    """Pick one of these; what stands twice is twice as likely (抽選)."""
    return choices[int(dice.chance() * len(choices))]


def between(dice: Dice, first: int, last: int) -> int:
    """Pick a day from the first up to, not with, the last (期間内の日)."""
    return first + int(dice.chance() * (last - first))


def born_at(dice: Dice, age: float) -> int:
    """Pick a birthday of somebody of this age (生年月日)."""
    return dice.as_of - int((age + dice.chance()) * days.YEAR)


def after_years(born: int, age: float) -> int:
    """Return the day somebody reached an age, to a day or so (年齢到達日)."""
    return born + int(age * days.YEAR)


def draw_surname(dice: Dice) -> Reading:
    """Pick a surname as common as it is in the town (氏)."""
    return pick(dice, words().surnames)


def draw_member(
    dice: Dice, surname: Reading, *, female: bool, born: int, relation: str = HEAD
) -> Member:
    """Make a member with a given name of their time (世帯員)."""
    known: Words = words()
    given, kana = pick(dice, known.given(female=female, year=days.year(born)))
    return Member(
        name=f"{surname[0]}\u3000{given}",
        kana=f"{surname[1]}\u3000{kana}",
        female=female,
        born=born,
        relation=relation,
    )


def draw_home(dice: Dice, area: str) -> Home:
    """Pick a real town and invent a lot number there, sometimes a building (住所)."""
    place = pick(dice, weighted_places(area))
    building = ""
    if dice.chance() < (0.2 if place.town == _IN_TOWN_CENTRE else 0.03):
        building = f"{pick(dice, _BUILDINGS)}{days.WIDE[101 + int(dice.chance() * 300)]}号"
    return Home(place.postcode, f"{place.address}{draw_lot(dice)}", building)


def draw_lot(dice: Dice) -> str:
    """Invent a lot number (番地)."""
    branch = days.WIDE[1 + int(dice.chance() * 12)] if dice.chance() < 0.5 else ""
    return f"{days.WIDE[1 + int(dice.chance() * _LOTS)]}番地{branch}"


def draw_town_lot(dice: Dice, area: str) -> str:
    """Invent a 本籍 in the town (町内の本籍)."""
    place = pick(dice, weighted_places(area))
    return f"{place.address}{days.WIDE[1 + int(dice.chance() * _LOTS)]}番地"


def draw_elsewhere(dice: Dice) -> str:
    """Invent an address elsewhere in Japan (町外の住所)."""
    place = pick(dice, words().elsewhere)
    chome = days.WIDE[1 + int(dice.chance() * 6)]
    lot = days.WIDE[1 + int(dice.chance() * 40)]
    return f"{place}{chome}丁目{lot}番{days.WIDE[1 + int(dice.chance() * 20)]}号"


def found_household(dice: Dice, area: str, head: Member, *others: Member) -> Household:
    """Put people under one roof, the first as householder (世帯)."""
    return Household(
        area=area,
        homes=[(0, draw_home(dice, area))],
        heads=[Headship(0, head, ())],
        members=[head, *others],
        number=dice.take_household_no(),
    )
