"""Means to place people in the town by hand (手で置く人).

Days are counted back from the reference day, so that the town is the same story on any day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from madoguchi.town import days, numbers
from madoguchi.town.drafts import HEAD, Headship, Home, Household, Member
from madoguchi.town.places import MAIN, place_named
from madoguchi.town.settling import BORN, MOVED_IN

TOWN_DOMICILE = "鹿児島県大島郡瀬戸内町古仁屋１番地"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The days of a town, for stories told backwards from today (時の基準)."""

    as_of: date

    @property
    def today(self) -> int:
        """The reference day as a count (基準日)."""
        return self.as_of.toordinal()

    def ago(self, years: int, month: int, day: int) -> int:
        """Return a day of an earlier year (何年前の何月何日)."""
        return days.years_before(self.as_of, years, month, day)


Scene = Callable[[Stage], Household]


def home(town: str, lot: str, building: str = "") -> Home:
    """Write an address in a real town by hand (住所)."""
    place = place_named(town)
    return Home(place.postcode, f"{place.address}{lot}", building)


def household_at(
    seat: int, where: Home, *members: Member, since: int, area: str = MAIN
) -> Household:
    """Put people in a home under a reserved number, the first as householder (世帯)."""
    return Household(
        area=area,
        homes=[(since, where)],
        heads=[Headship(0, members[0], ())],
        members=list(members),
        number=numbers.named_household_no(seat),
    )


def native(member: Member, domicile: str, holder: str = "") -> Member:
    """Let a member have been born here (出生)."""
    member.came, member.how = member.born, BORN
    member.domicile, member.register_head = domicile, holder or member.name
    return member


def moved_in(member: Member, on: int, origin: str, *, domicile: str, holder: str = "") -> Member:
    """Let a member have moved in from elsewhere (転入)."""
    member.came, member.how, member.origin = on, MOVED_IN, origin
    member.domicile, member.register_head = domicile, holder or member.name
    return member


def someone(
    seat: int, name: tuple[str, str], *, female: bool, born: int, relation: str = HEAD
) -> Member:
    """Make somebody under a reserved number (番号を決めた人)."""
    return Member(
        name=name[0],
        kana=name[1],
        female=female,
        born=born,
        relation=relation,
        serial=numbers.named_serial(seat),
    )


def alone(seat: int, town: str, name: tuple[str, str], *, female: bool, age: int) -> Scene:
    """Place somebody who has always lived here, alone (単身)."""

    def scene(stage: Stage) -> Household:
        member = someone(seat, name, female=female, born=stage.ago(age, 1 + seat % 12, 9))
        native(member, TOWN_DOMICILE)
        lot = f"{days.WIDE[seat]}番地{days.WIDE[seat % 9 + 1]}"
        since = min(stage.ago(25, 4, 1), days.years_before(stage.as_of, age - 20, 6, 1))
        return household_at(seat, home(town, lot), member, since=since)

    return scene
