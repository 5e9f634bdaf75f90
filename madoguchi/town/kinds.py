"""The kinds of household in an ageing island town, and how often each is met (世帯の類型).

Shares are our guess, set so that about two in five residents are 65 or over, a household has
1.8 members and young adults are few; the outer islands are older still.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from madoguchi.town import abroad, days
from madoguchi.town.dice import (
    Dice,
    after_years,
    between,
    born_at,
    draw_member,
    draw_surname,
    found_household,
    pick,
)
from madoguchi.town.drafts import HEAD, Headship, Household, Member
from madoguchi.town.past import (
    bereave,
    day_of_death,
    die,
    join_later,
    let_child_leave,
    pass_on,
    surname_of,
)
from madoguchi.town.places import KAKEROMA, MAIN, UKE, YORO
from madoguchi.town.settling import come_back, marry_in, place_children, settle
from madoguchi.town.words import Reading

Kind = Callable[[Dice, str], Household]
Ages = tuple[int, ...]


def _ages(*bands: tuple[int, int, int]) -> Ages:
    """Spread bands (first age, last age, weight of the whole band) over single years."""
    found: list[int] = []
    for first, last, weight in bands:
        span = last - first + 1
        found += [first + step * span // weight for step in range(weight)]
    return tuple(found)


_OLD_ALONE = _ages((65, 69, 30), (70, 74, 42), (75, 79, 42), (80, 84, 36), (85, 89, 28),
                   (90, 94, 14), (95, 99, 4), (100, 103, 1))  # fmt: skip
_OLD_COUPLE = _ages((65, 69, 28), (70, 74, 34), (75, 79, 28), (80, 84, 16), (85, 89, 6))
_ALONE = _ages((19, 24, 8), (25, 29, 10), (30, 39, 20), (40, 49, 24), (50, 59, 34), (60, 64, 22))
_COUPLE = _ages((28, 39, 12), (40, 49, 16), (50, 59, 36), (60, 66, 44))
_MOTHER = _ages((26, 29, 6), (30, 34, 16), (35, 39, 24), (40, 44, 26), (45, 49, 20), (50, 54, 10))
_OLD_PARENT = _ages((66, 69, 10), (70, 74, 20), (75, 79, 24), (80, 84, 22), (85, 89, 16),
                    (90, 95, 8))  # fmt: skip
_CHILD_COUNT = (1, 1, 1, 2, 2, 2, 2, 3, 3, 4)
_TWINS = 0.015


def _old_alone(dice: Dice, area: str) -> Household:
    """Somebody old who lives alone, often widowed here (高齢単身)."""
    female = dice.chance() < 0.63
    member = draw_member(
        dice, draw_surname(dice), female=female, born=born_at(dice, pick(dice, _OLD_ALONE))
    )
    household = found_household(dice, area, member)
    settle(dice, household, member)
    if dice.chance() < (0.5 if female else 0.22):
        bereave(dice, household, member)
    if dice.chance() < 0.25:
        let_child_leave(dice, household, member)
    return household


def _alone(dice: Dice, area: str) -> Household:
    """Somebody of working age who lives alone (単身)."""
    born = born_at(dice, pick(dice, _ALONE))
    member = draw_member(dice, draw_surname(dice), female=dice.chance() < 0.4, born=born)
    household = found_household(dice, area, member)
    settle(dice, household, member)
    return household


def _couple_of(dice: Dice, area: str, ages: Ages) -> Household:
    surname = draw_surname(dice)
    born = born_at(dice, pick(dice, ages))
    husband = draw_member(dice, surname, female=False, born=born)
    wife = _spouse_of(dice, husband, relation="妻")
    members = (husband, wife)
    if dice.chance() < 0.04:
        husband.relation, wife.relation = "夫", HEAD
        members = (wife, husband)
    household = found_household(dice, area, *members)
    settle(dice, household, *members)
    return household


def _couple(dice: Dice, area: str) -> Household:
    """A couple before or after children (夫婦)."""
    return _couple_of(dice, area, _COUPLE)


def _old_couple(dice: Dice, area: str) -> Household:
    """An old couple whose children have gone (高齢夫婦)."""
    household = _couple_of(dice, area, _OLD_COUPLE)
    wife = next(member for member in household.members if member.female)
    for _ in range(2):
        if dice.chance() < 0.4:
            let_child_leave(dice, household, wife)
    return household


def _family(dice: Dice, area: str) -> Household:
    """Parents and children at home (夫婦と子)."""
    mother_born = born_at(dice, pick(dice, _MOTHER))
    surname = draw_surname(dice)
    father_born = mother_born - int((dice.chance() * 9 - 2.5) * days.YEAR)
    father = draw_member(dice, surname, female=False, born=father_born)
    foreign = dice.chance() < 0.02
    mother = draw_member(dice, surname, female=True, born=mother_born, relation="妻")
    if foreign:
        abroad.be_foreign_spouse(dice, mother)
    children = _children_of(dice, mother_born, surname, relation="子")
    household = found_household(dice, area, father, mother, *children)
    settle(dice, household, father, mother, children)
    if foreign:
        abroad.settle_spouse(dice, mother)
    if dice.chance() < 0.2:
        let_child_leave(dice, household, mother)
    return household


def _one_parent(dice: Dice, area: str) -> Household:
    """A mother or a father with children (ひとり親と子)."""
    surname = draw_surname(dice)
    born = born_at(dice, pick(dice, _MOTHER))
    female = dice.chance() < 0.85
    parent = draw_member(dice, surname, female=female, born=born)
    children = _children_of(dice, born, surname, relation="子")
    household = found_household(dice, area, parent, *children)
    settle(dice, household, parent, None, children)
    return household


def _parent_and_child(dice: Dice, area: str) -> Household:
    """An old parent and a grown child, the other parent often dead (老親と子)."""
    surname = draw_surname(dice)
    female = dice.chance() < 0.75
    parent = draw_member(dice, surname, female=female, born=born_at(dice, pick(dice, _OLD_PARENT)))
    child_born = after_years(parent.born, 21 + dice.chance() * 17)
    child = draw_member(dice, surname, female=dice.chance() < 0.35, born=child_born, relation="子")
    household = found_household(dice, area, parent, child)
    settle(dice, household, parent, None, (child,))
    begins = max(dice.converted, parent.came)
    if dice.chance() < 0.4:
        come_back(dice, household, child)
    if female and dice.chance() < 0.5:
        bereave(dice, household, parent)
    elif child.came <= begins and after_years(child.born, 22) < begins:
        # The child is householder; the parent is here as a parent, or came when old.
        household.members[:2] = [child, parent]
        household.heads[0] = Headship(0, child, ())
        child.relation, parent.relation = HEAD, "母" if female else "父"
        if dice.chance() < 0.5:
            join_later(dice, household, parent, parent.relation)
    return household


def _three_generations(dice: Dice, area: str) -> Household:
    """Grandparents, a couple and their children under one roof (三世代)."""
    surname = draw_surname(dice)
    mother_born = born_at(dice, 28 + dice.chance() * 20)
    heir_is_daughter = dice.chance() < 0.2
    other_born = mother_born - int((dice.chance() * 7 - 1.5) * days.YEAR)
    mother = draw_member(dice, surname, female=True, born=mother_born)
    father = draw_member(dice, surname, female=False, born=other_born)
    heir, partner = (mother, father) if heir_is_daughter else (father, mother)
    heir.relation, partner.relation = "子", "子の夫" if heir_is_daughter else "子の妻"
    grandmother = draw_member(
        dice, surname, female=True, born=after_years(heir.born, -(20 + dice.chance() * 16)),
        relation="妻",
    )  # fmt: skip
    grandfather = draw_member(
        dice, surname, female=False,
        born=grandmother.born - int((dice.chance() * 8 - 2) * days.YEAR),
    )  # fmt: skip
    children = _children_of(dice, mother_born, surname, relation="子の子")
    household = found_household(dice, area, grandfather, grandmother, heir, partner, *children)
    settle(dice, household, grandfather, grandmother, (heir,))
    marry_in(dice, heir, partner, children)
    for member in (heir, partner, *children):
        member.domicile, member.register_head = grandfather.domicile, father.name
    place_children(mother, children)
    if dice.chance() < 0.5:
        _grandfather_dies(dice, household)
    return household


def _grandfather_dies(dice: Dice, household: Household) -> None:
    """Let the grandfather have died and the middle generation have taken over (代替わり)."""
    grandfather, grandmother, heir, partner, *children = household.members
    on = day_of_death(dice, household, grandfather, heir, grandmother)
    if not on or after_years(heir.born, 20) > on:
        return
    die(grandfather, on)
    spouse = "夫" if heir.female else "妻"
    relations = [(grandmother, "母"), (partner, spouse), *((child, "子") for child in children)]
    pass_on(household, on, heir, relations)


def _two_of_a_kind(dice: Dice, area: str) -> Household:
    """Brothers and sisters, a grandchild, a relative or a lodger (その他の世帯)."""
    surname = draw_surname(dice)
    born = born_at(dice, pick(dice, _OLD_ALONE))
    head = draw_member(dice, surname, female=dice.chance() < 0.5, born=born)
    draw = dice.chance()
    if draw < 0.5:
        female = dice.chance() < 0.5
        younger = after_years(born, 1.5 + dice.chance() * 10)
        relation = "妹" if female else "弟"
        other = draw_member(dice, surname, female=female, born=younger, relation=relation)
    elif draw < 0.7:
        grandchild_born = born_at(dice, 6 + dice.chance() * 18)
        other = draw_member(
            dice, surname, female=dice.chance() < 0.5, born=grandchild_born, relation="子の子"
        )
    else:
        other = draw_member(
            dice, draw_surname(dice), female=dice.chance() < 0.5,
            born=born_at(dice, 25 + dice.chance() * 55),
            relation="縁故者" if draw < 0.85 else "同居人",
        )  # fmt: skip
    household = found_household(dice, area, head, other)
    settle(dice, household, head)
    place_children(head, (other,))
    if other.relation in ("縁故者", "同居人"):
        come_back(dice, household, other)
    return household


def _from_abroad(dice: Dice, area: str) -> Household:
    """Somebody from abroad who works here (外国人単身)."""
    member = abroad.draw_worker(dice)
    household = found_household(dice, area, member)
    household.homes[0] = (member.came, household.homes[0][1])
    return household


def _spouse_of(dice: Dice, husband: Member, *, relation: str) -> Member:
    gap = int((dice.chance() * 10 - 2.5) * days.YEAR)
    youngest = dice.as_of - int(21 * days.YEAR)
    born = min(husband.born + gap, youngest)
    return draw_member(dice, surname_of(husband), female=True, born=born, relation=relation)


def _children_of(dice: Dice, mother_born: int, surname: Reading, *, relation: str) -> list[Member]:
    """Make the children still at home: a mother is 17 to 45 at their birth (子)."""
    count = pick(dice, _CHILD_COUNT)
    # At home until 18 or so; the eldest is born first.
    first = max(after_years(mother_born, 18), dice.as_of - int(18.5 * days.YEAR))
    last = min(after_years(mother_born, 45), dice.as_of - 5)
    children: list[Member] = []
    born = between(dice, first, max(first + 1, last - 500 * count))
    for _ in range(count):
        if born >= last:
            break
        female = dice.chance() < 0.49
        child = draw_member(dice, surname, female=female, born=born, relation=relation)
        if all(child.name != other.name for other in children):
            children.append(child)
        born += 0 if dice.chance() < _TWINS else 430 + int(dice.chance() * 1100)
    return children


#: How often each kind is met in a thousand: main island, 加計呂麻島, the two small islands.
_SHARES: tuple[tuple[Kind, tuple[int, int, int]], ...] = (
    (_old_alone, (252, 370, 400)),
    (_alone, (238, 170, 150)),
    (_couple, (104, 80, 60)),
    (_old_couple, (132, 190, 220)),
    (_family, (82, 60, 40)),
    (_one_parent, (28, 15, 10)),
    (_parent_and_child, (80, 80, 90)),
    (_three_generations, (26, 15, 10)),
    (_two_of_a_kind, (25, 20, 20)),
    (_from_abroad, (22, 5, 0)),
)
_PLACE_IN_SHARES = {MAIN: 0, KAKEROMA: 1, UKE: 2, YORO: 2}

#: For each area its kinds, each as often as it is met.
KINDS: Mapping[str, tuple[Kind, ...]] = MappingProxyType(
    {
        area: tuple(kind for kind, shares in _SHARES for _ in range(shares[place]))
        for area, place in _PLACE_IN_SHARES.items()
    }
)


def draw_household(dice: Dice, area: str) -> Household:
    """Invent one household as this area has them (世帯の抽選)."""
    return pick(dice, KINDS[area])(dice, area)


def draw_alone(dice: Dice, area: str) -> Household:
    """Invent a household of exactly one: what fills the last seat of an area (単身世帯)."""
    return _alone(dice, area)
