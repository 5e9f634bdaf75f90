"""The order of household members (standard 5.2): every rule, and what holds for any household."""

from datetime import date
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.register.domain.items import Sex
from madoguchi.register.domain.order import in_legal_order, next_seat
from madoguchi.register.domain.relationship import LINKS, Term
from madoguchi.register.testing import make_person

M, F = Sex.MALE, Sex.FEMALE


def person(person_id, relationship, year, sex=M, *, family="", seat=0, name=None):
    return make_person(
        person_id,
        relationship=relationship,
        birth_sort=date(year, 1, 1),
        sex=sex,
        honseki=family,
        hittosha=family,
        name=name or f"人{person_id}",
        seat=seat,
    )


def order(*members):
    return "".join(one.person_id for one in in_legal_order(members))


@pytest.mark.parametrize(
    ("rule", "members", "expected"),
    [
        (
            "1-1 to 1-3: head, spouse, children by birth, whatever their ages",
            [
                person("c", "子", 2010),
                person("b", "妻", 1950),
                person("d", "子", 2008),
                person("a", "世帯主", 1980),
            ],
            "abdc",
        ),
        (
            "1-3: twins by 宛名番号",
            [person("c", "子", 2010), person("b", "子", 2010), person("a", "世帯主", 1980)],
            "abc",
        ),
        (
            "1-2: an unregistered spouse is a spouse",
            [person("c", "子", 2010), person("b", "妻（未届）", 1950), person("a", "世帯主", 1980)],
            "abc",
        ),
        (
            "2: a child with a family of their own comes after the younger single child",
            [
                person("a", "世帯主", 1950),
                person("e", "子", 1985),
                person("b", "子", 1980),
                person("c", "子の妻", 1981, F),
                person("d", "子の子", 2010),
            ],
            "aebcd",
        ),
        (
            "2: families by the birth of the child at their front",
            [
                person("a", "世帯主", 1950),
                person("e", "子", 1982, family="弟家"),
                person("f", "子の妻", 1970, F, family="弟家"),
                person("b", "子", 1980, family="兄家"),
                person("c", "子の妻", 1985, F, family="兄家"),
                person("d", "子の子", 2015, family="兄家"),
                person("g", "子の子", 2005, family="弟家"),
            ],
            "abcdefg",
        ),
        (
            "2-3: grandchildren by birth, then 宛名番号",
            [
                person("a", "世帯主", 1950),
                person("b", "子", 1980),
                person("e", "子の子", 2012),
                person("c", "子の子", 2010),
                person("d", "子の子", 2010),
            ],
            "abcde",
        ),
        (
            "2: without a shared family register, sex tells whose spouse it is",
            [
                person("a", "世帯主", 1950),
                person("b", "子", 1979, F),
                person("c", "子", 1981, M),
                person("d", "子の妻", 1979, F),
            ],
            "abcd",
        ),
        (
            "2-2: an adopted son-in-law stands as the spouse of the child",
            [
                person("a", "世帯主", 1950),
                person("c", "子（子の夫）", 1970, M),
                person("b", "子", 1980, F),
            ],
            "abc",
        ),
        (
            "3: parents, siblings, grandparents",
            [
                person("a", "世帯主", 1980),
                person("f", "父の父", 1920),
                person("d", "妹", 1985, F),
                person("c", "母", 1955, F),
                person("b", "父", 1950),
                person("e", "弟", 1990),
            ],
            "abcdef",
        ),
        (
            "3-1: the 筆頭者 first, though younger",
            [
                person("a", "世帯主", 1980),
                person("b", "父", 1955, family="海", name="海"),
                person("c", "母", 1950, F, family="海", name="波"),
            ],
            "abc",
        ),
        (
            "3-1: no 筆頭者: by birth",
            [person("a", "世帯主", 1980), person("c", "父", 1955), person("b", "母", 1950, F)],
            "abc",
        ),
        (
            "4: the spouse's side follows rank 3: parents, siblings, grandparents",
            [
                person("a", "世帯主", 1980),
                person("e", "妻の父の母", 1900, F),
                person("d", "妻の弟", 1990),
                person("c", "妻の姉", 1970, F),
                person("b", "妻の母", 1955, F),
            ],
            "abcde",
        ),
        (
            "4, example 2: twins on the spouse's side by 宛名番号",
            [person("a", "世帯主", 1980), person("c", "妻の姉", 1970), person("b", "妻の兄", 1970)],
            "abc",
        ),
        (
            "4-1 relatives, 4-2 縁故者, 4-3 同居人, whatever their ages",
            [
                person("a", "世帯主", 1980),
                person("d", "同居人", 1900),
                person("c", "縁故者", 1910),
                person("b", "父の兄", 1950),
            ],
            "abcd",
        ),
        (
            "4: families of relatives stay together, inside as in rank 2",
            [
                person("a", "世帯主", 1980),
                person("e", "妻の弟", 1986),
                person("d", "妻の兄の子", 2012),
                person("c", "妻の兄の妻", 1950, F),
                person("b", "妻の兄", 1975),
            ],
            "abcde",
        ),
        (
            "4: families by generation before birth",
            [
                person("a", "世帯主", 1980),
                person("c", "父の兄の子", 1920),
                person("b", "父の兄", 1950),
                person("d", "父の父の兄", 1900),
            ],
            "abcd",
        ),
        (
            "3 and 4: a sibling with a family opens rank 4 with it",
            [
                person("a", "世帯主", 1980),
                person("c", "兄", 1970),
                person("d", "兄の妻", 1960, F),
                person("b", "弟", 1985),
                person("e", "妻の父", 1940),
            ],
            "abcde",
        ),
        (
            "rank before rank",
            [
                person("f", "妻の父", 1930),
                person("e", "母", 1940, F),
                person("d", "子の妻", 1985, F),
                person("c", "子", 1984),
                person("b", "子", 1990),
                person("a", "世帯主", 1960),
            ],
            "abcdef",
        ),
        (
            "who joins later stands at the end, in the order of joining",
            [
                person("d", "子", 2012, seat=2),
                person("c", "母", 1950, F, seat=1),
                person("b", "子", 2015),
                person("a", "世帯主", 1980),
            ],
            "abcd",
        ),
        (
            "words outside the grammar stand last",
            [person("b", "家主の猫", 1900), person("a", "同居人", 1990)],
            "ab",
        ),
    ],
    ids=lambda value: value.split(":")[0] if isinstance(value, str) else None,
)
def test_rank_rules(rule, members, expected):
    assert order(*members) == expected, rule


written = st.one_of(
    st.lists(st.sampled_from(LINKS), min_size=1, max_size=4).map("の".join),
    st.sampled_from([Term.HEAD.value, Term.CONNECTED.value, Term.LODGER.value, "家主の猫"]),
)


@st.composite
def households(draw):
    count = draw(st.integers(1, 9))
    return [
        make_person(
            f"{number:02d}",
            relationship=draw(written),
            birth_sort=draw(
                st.none() | st.sampled_from([date(y, 1, 1) for y in range(1950, 2020, 10)])
            ),
            sex=draw(st.sampled_from(Sex)),
            honseki=draw(st.sampled_from(["", "甲", "乙"])),
            hittosha=draw(st.sampled_from(["", "甲", "乙"])),
            name=draw(st.sampled_from(["甲", "乙", "丙"])),
            seat=draw(st.sampled_from([0, 0, 0, 1, 2])),
        )
        for number in range(count)
    ]


@given(households())
def test_everybody_stands_somewhere_once(members):
    ordered = in_legal_order(members)
    assert sorted(one.person_id for one in ordered) == sorted(one.person_id for one in members)


@given(households(), st.randoms(use_true_random=False))
def test_the_order_does_not_hang_on_how_members_come_in(members, random):
    shuffled = list(members)
    random.shuffle(shuffled)
    assert in_legal_order(shuffled) == in_legal_order(members)


@given(households())
def test_ordering_twice_changes_nothing(members):
    once = in_legal_order(members)
    assert in_legal_order(once) == once


@given(households())
def test_who_joins_next_stands_last_and_moves_nobody(members):
    before = in_legal_order(members)
    newcomer = make_person("99", relationship="子", seat=next_seat(members))
    seats_in_use = {one.seat for one in members}
    after = in_legal_order([*members, newcomer])
    assert after[-1] == newcomer
    if seats_in_use == {0}:
        assert newcomer.seat == 1
    # A newcomer may be the missing front of a family: those whom the law puts in order, on no seat
    # or on one and the same seat, may regroup. Seats given by hand or by joining never move.
    assert by_seat(after[:-1]) == by_seat(before)


def by_seat(ordered):
    """Who sits on each seat, seat after seat as they stand."""
    runs = groupby(ordered, key=lambda one: one.seat)
    return [(seat, {one.person_id for one in run}) for seat, run in runs]


@given(households())
def test_rank_1_comes_before_all_others_placed_by_law(members):
    """R8."""
    lawful = [one for one in in_legal_order(members) if one.seat == 0]
    heads = [n for n, one in enumerate(lawful) if one.relationship == "世帯主"]
    lodgers = [n for n, one in enumerate(lawful) if one.relationship == "同居人"]
    assert heads == list(range(len(heads)))
    for lodger in lodgers:
        assert all(one.relationship in ("同居人", "家主の猫") for one in lawful[lodger:])
