"""In which order the members of a household stand (世帯員の並び順).

Source: resident record standard 5.2, four ranks. Ties in the birth date go by 宛名番号. Who
joins an existing household stands at the end until the household is put in order again.

*assumed*, where the standard is silent:
- Which 子 a 子の妻 or 子の子 belongs to is told by the family register they share, else by sex
  and age; the ledger holds no other link between them.
- 子の子の妻 and deeper descendants stand with the family of the 子, after 子の子.
- 兄 with a family of his own in the household opens rank 4 with them ("夫婦とその子の一団に
  属しない者" make rank 3), before the spouse's side.
- 妻の子 is a relative of the householder and no child of theirs: rank 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from madoguchi.kernel.outcome import Problem
from madoguchi.register.domain.items import PersonRow, Sex, VersionRow
from madoguchi.register.domain.relationship import (
    ADOPTED_IN_LAW,
    CHILDREN,
    CONNECTED,
    HUSBANDS,
    LODGER,
    PARENTS,
    SIBLINGS,
    SPOUSES,
    WIVES,
    Relationship,
    Term,
    parse_relationship,
)

Member = PersonRow | VersionRow
M = TypeVar("M", bound=Member)

_Age = tuple[date, str]
#: seat, rank, section, the family's place, the place inside the family
Key = tuple[int, int, int, tuple[int, _Age], tuple[int, int, _Age]]

_TOGETHER: tuple[int, _Age] = (0, (date.min, ""))
# A parent is at least this much older; used only where two families could be meant.
_PARENT_YEARS_MIN = 12


def in_legal_order(members: Iterable[M]) -> tuple[M, ...]:
    """Put the members of one household in the order of the record (世帯員の並び順).

    The answer depends on the members alone, not on the order they are given in.
    """
    everybody = sorted(members, key=_age)
    chains = {one.person_id: _chain(one) for one in everybody}
    leaders = _leaders(everybody, chains)
    led = frozenset(leaders.values())
    people = {one.person_id: one for one in everybody}

    def key(one: M) -> Key:
        return _key(one, chains, people, leaders, led)

    return tuple(sorted(everybody, key=key))


def next_seat(members: Iterable[Member]) -> int:
    """Return the seat of somebody who joins an existing household: the end (末尾の並び順)."""
    return 1 + max((one.seat for one in members), default=0)


def _chain(one: Member) -> tuple[Term, ...]:
    found = parse_relationship(one.relationship)
    return () if isinstance(found, Problem) else found.chain


def _age(one: Member) -> _Age:
    return (one.birth_sort or date.max, one.person_id)


def _leaders(everybody: Sequence[M], chains: Mapping[str, tuple[Term, ...]]) -> Mapping[str, str]:
    """Tell whose family each member belongs to, where that person is in the household too."""
    found: dict[str, str] = {}
    for one in everybody:
        chain = chains[one.person_id]
        if len(chain) == 1 and chain[0] in ADOPTED_IN_LAW:
            heads = [it for it in everybody if chains[it.person_id] == (Term.CHILD,)]
        else:
            heads = _family_heads(chain, everybody, chains)
        if heads:
            found[one.person_id] = _likeliest(one, chain, heads).person_id
    return found


def _family_heads(
    chain: tuple[Term, ...], everybody: Sequence[M], chains: Mapping[str, tuple[Term, ...]]
) -> list[M]:
    """Return who could stand at the front of the family: 妻の兄 for 妻の兄の子の妻."""
    if chain[:1] and chain[0] in CHILDREN:
        starts: Iterable[int] = (1,)
    else:
        starts = range(1, len(chain))
    for length in starts:
        front, rest = chain[:length], chain[length:]
        if not rest or not all(term in SPOUSES | CHILDREN for term in rest):
            continue
        if front[0] not in CHILDREN and _rank(front) != 4 and front[0] not in SIBLINGS:
            continue
        heads = [one for one in everybody if _same_front(chains[one.person_id], front)]
        if heads:
            return heads
    return []


def _same_front(chain: tuple[Term, ...], front: tuple[Term, ...]) -> bool:
    if chain == front:
        return True
    both_children = len(chain) == len(front) == 1 and {chain[0], front[0]} <= CHILDREN
    return both_children and chain[0] is Term.CHILD


def _likeliest(one: M, chain: tuple[Term, ...], heads: Sequence[M]) -> M:
    """Choose the front of a family among several, the same way each time."""
    rest = list(heads)
    last = chain[-1]
    rest = [it for it in rest if _shares_family_register(one, it)] or rest
    if last in WIVES or last is Term.CHILD_WIFE_OF_CHILD:
        rest = [it for it in rest if it.sex is Sex.MALE] or rest
    elif last in HUSBANDS or last is Term.CHILD_HUSBAND_OF_CHILD:
        rest = [it for it in rest if it.sex is Sex.FEMALE] or rest
    else:
        rest = [it for it in rest if _old_enough(it, one)] or rest
    if last in SPOUSES or last in ADOPTED_IN_LAW:
        return min(rest, key=lambda it: (_years_apart(it, one), _age(it)))
    return min(rest, key=_age)


def _shares_family_register(one: Member, other: Member) -> bool:
    return bool(one.honseki) and (one.honseki, one.hittosha) == (other.honseki, other.hittosha)


def _old_enough(parent: Member, child: Member) -> bool:
    if parent.birth_sort is None or child.birth_sort is None:
        return True
    return child.birth_sort.year - parent.birth_sort.year >= _PARENT_YEARS_MIN


def _years_apart(one: Member, other: Member) -> int:
    if one.birth_sort is None or other.birth_sort is None:
        return 0
    return abs((one.birth_sort - other.birth_sort).days)


def _rank(chain: tuple[Term, ...]) -> int:
    if not chain:
        return 4
    if len(chain) == 1 and (chain[0] is Term.HEAD or chain[0] in SPOUSES | CHILDREN):
        return 1
    if chain[0] in CHILDREN and all(term in SPOUSES | CHILDREN for term in chain[1:]):
        return 2
    if len(chain) == 1 and chain[0] in PARENTS | SIBLINGS:
        return 3
    if len(chain) == 2 and chain[0] in PARENTS and chain[1] in PARENTS:
        return 3
    return 4


def _key(
    one: M,
    chains: Mapping[str, tuple[Term, ...]],
    people: Mapping[str, M],
    leaders: Mapping[str, str],
    led: frozenset[str],
) -> Key:
    chain = chains[one.person_id]
    rank = _rank(chain)
    if rank == 1 and chain[0] in CHILDREN and (one.person_id in led or one.person_id in leaders):
        rank = 2
    if rank == 3 and one.person_id in led:
        rank = 4
    if rank == 2:
        return (one.seat, 2, 0, _family(one, people, leaders), _inside(one, chain, leaders))
    if rank == 4:
        front = people[leaders.get(one.person_id, one.person_id)]
        section, place = _fourth(front, chains[front.person_id])
        return (one.seat, 4, section, place, _inside(one, chain, leaders))
    section, place = _first_or_third(one, chain, rank)
    return (one.seat, rank, section, place, (0, 0, _age(one)))


def _first_or_third(
    one: Member, chain: tuple[Term, ...], rank: int
) -> tuple[int, tuple[int, _Age]]:
    if rank == 1:
        section = 1 if chain[0] is Term.HEAD else 2 if chain[0] in SPOUSES else 3
        return section, _TOGETHER
    if len(chain) == 1 and chain[0] in SIBLINGS:
        return 2, _TOGETHER
    return (1 if len(chain) == 1 else 3), (_after_first_entry(one), _age(one))


def _after_first_entry(one: Member) -> int:
    """筆頭者 of a family register come before the other parent."""
    return 0 if one.hittosha and one.hittosha == one.name else 1


def _family(one: M, people: Mapping[str, M], leaders: Mapping[str, str]) -> tuple[int, _Age]:
    """Order families by the birth of the child at their front; without one, after them."""
    front = leaders.get(one.person_id)
    if front is not None:
        return (0, _age(people[front]))
    return (0, _age(one)) if _chain(one) == (Term.CHILD,) else (1, (date.min, ""))


def _inside(
    one: Member, chain: tuple[Term, ...], leaders: Mapping[str, str]
) -> tuple[int, int, _Age]:
    """Order a family: its front, the spouse, the children, and those after them."""
    fronted = one.person_id in leaders
    if not fronted and _rank(chain) != 2:
        return (0, 0, _age(one))
    if chain[-1] in ADOPTED_IN_LAW and len(chain) == 1:
        return (1, 0, _age(one))
    if chain[0] in CHILDREN:
        depth = len(chain) - 1
    else:
        depth = sum(term in SPOUSES | CHILDREN for term in chain)
    spouse_first = 0 if chain[-1] in SPOUSES else 1
    if depth == 1:
        return (1 + spouse_first, 0, _age(one))
    return (3, depth, _age(one))


def _fourth(front: Member, chain: tuple[Term, ...]) -> tuple[int, tuple[int, _Age]]:
    """Place a relative, 縁故者 or 同居人, or the front of their family, in rank 4."""
    if Relationship(chain=chain) == CONNECTED:
        return 5, (0, _age(front))
    if Relationship(chain=chain) == LODGER:
        return 6, (0, _age(front))
    if not chain:
        return 7, (0, _age(front))
    if len(chain) == 1:
        return 0, (0, _age(front))
    if chain[0] in SPOUSES:
        # The spouse's side follows rank 3: parents, siblings, grandparents.
        onward = chain[1:]
        if _rank(onward) == 3:
            section, place = _first_or_third(front, onward, 3)
            return section, place if section != 2 else (0, _age(front))
    return 4, (len(chain), _age(front))
