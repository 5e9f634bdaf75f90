"""Numbers, places, whose card it is, and what stops it: rules without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.cards.domain import card as c
from madoguchi.cards.domain.faults import FaultCode, Situation, find_faults, shown_to
from madoguchi.cards.domain.people import Match, Person, Standing, match_person, same_address
from madoguchi.cards.domain.shelves import ShelfRow, next_place, places_of, read_place
from madoguchi.kernel.outcome import Problem
from madoguchi.web import messages

TODAY = date(2026, 11, 27)
AOI = Person(
    person_id="1" * 15,
    standing=Standing.RESIDENT,
    is_held=False,
    names=("海野　葵",),
    kanas=("ウンノ　アオイ",),
    birth_on=date(1990, 4, 12),
    address="鹿児島県大島郡瀬戸内町大字古仁屋45番地6",
    building="コーポ潮騒102号",
    address_since_on=date(2023, 6, 15),
)
PRINTED = c.Printed(
    name="海野　葵", kana="ウンノ　アオイ", birth_on=date(1990, 4, 12),
    address="鹿児島県大島郡瀬戸内町大字古仁屋４５番地６", made_on=date(2026, 11, 1),
    expires_on=date(2036, 4, 12),
)  # fmt: skip


def situation(**given):
    values = {
        "printed": PRINTED, "person": AOI, "match": Match(person_id=AOI.person_id),
        "listed_in": ("B1",), "box_no": "B1", "box_has_list": True, "kept_of_person": 1,
        "today": TODAY,
    }  # fmt: skip
    return Situation(**(values | given))


@pytest.mark.parametrize(
    "text", ["A1B-123456", "a1b-123456", "A1B123456", " Ａ１Ｂ－１２３４５６ ", "A1B−123456"]
)
def test_a_notice_number_is_read_however_it_is_scanned(text):
    assert c.read_notice_no(text) == "A1B-123456"


@pytest.mark.parametrize("text", ["", "A1-123456", "A1B-12345", "123456789018", "A1B-123456-7"])
def test_another_number_is_refused_without_being_repeated(text):
    problem = c.read_notice_no(text)
    assert isinstance(problem, Problem)
    assert not problem.facts
    messages.render(problem)


def test_an_application_number_has_23_digits_or_is_absent():
    assert c.read_application_no("1" * 23) == "1" * 23
    assert c.read_application_no("") == ""
    assert isinstance(c.read_application_no("1" * 22), Problem)


def test_no_card_leaves_the_end():
    assert c.MOVES[c.CardState.DISCARDED] == frozenset()
    assert set(c.MOVES) == set(c.CardState)
    for state in c.CardState:
        assert c.check_move(state, state)


# -- places ------------------------------------------------------------------------------------

SHELVES = st.lists(
    st.builds(
        ShelfRow,
        cabinet=st.sampled_from("ABC"),
        shelf_no=st.integers(1, 12),
        places=st.integers(1, 5),
    ),
    max_size=6,
    unique_by=lambda one: (one.cabinet, one.shelf_no),
)


@given(SHELVES, st.data())
def test_a_place_is_given_once_and_in_the_order_one_walks(shelves, data):
    every = list(places_of(shelves))
    assert [p.order for p in every] == sorted(p.order for p in every)
    for place in every:
        assert read_place(place.label) == place
    taken = data.draw(
        st.sets(st.sampled_from([p.label for p in every])) if every else st.just(set())
    )
    after = data.draw(st.sampled_from([p.order for p in every]) if every else st.just(""))
    found = next_place(shelves, taken=taken, after=after)
    free = [p for p in every if p.label not in taken]
    if not free:
        assert found is None
        return
    assert found in free
    behind = [p for p in free if p.order > after]
    assert found == (behind or free)[0]


# -- whose card ----------------------------------------------------------------------------------


def test_name_and_birth_make_it_sure():
    assert match_person(PRINTED, [AOI]).person_id == AOI.person_id


@pytest.mark.parametrize("name", ["海埜　葵", "海野 葵", "海野葵"])
def test_shapes_and_spaces_do_not_matter(name):
    assert match_person(replace(PRINTED, name=name), [AOI]).is_sure


def test_two_who_fit_are_left_to_a_person():
    twin = replace(AOI, person_id="2" * 15)
    found = match_person(PRINTED, [AOI, twin])
    assert not found.is_sure
    assert found.candidates == (AOI.person_id, twin.person_id)


def test_an_older_name_is_known():
    married = replace(AOI, names=("潮　葵",), kanas=("ウシオ　アオイ",), old_names=("海野　葵",))
    assert match_person(PRINTED, [married]).person_id == AOI.person_id


def test_a_reading_alone_is_only_a_candidate():
    other = replace(AOI, names=("宇野　青衣",))
    found = match_person(PRINTED, [other])
    assert not found.is_sure
    assert found.candidates == (AOI.person_id,)


def test_without_a_birth_date_nobody_is_sure():
    assert not match_person(replace(PRINTED, birth_on=None), [AOI]).is_sure


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("大島郡瀬戸内町大字古仁屋45番地6", True),
        ("鹿児島県大島郡瀬戸内町古仁屋四十五番地６", True),
        ("鹿児島県大島郡瀬戸内町古仁屋45-6コーポ潮騒102号", True),
        ("鹿児島県大島郡瀬戸内町古仁屋45番地7", False),
        ("鹿児島県大島郡瀬戸内町清水45番地6", False),
        ("5番地6", False),
    ],
)
def test_addresses_are_compared_as_homes(written, same):
    assert same_address(written, AOI.address, AOI.building) is same


# -- what stops a card ---------------------------------------------------------------------------


def test_a_right_card_is_right():
    assert find_faults(situation()) == frozenset()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"listed_in": ("B2",)}, FaultCode.WRONG_BOX),
        ({"listed_in": ()}, FaultCode.NOT_LISTED),
        ({"person": None, "match": Match()}, FaultCode.NOBODY),
        ({"person": None, "match": Match(candidates=("x", "y"))}, FaultCode.UNSURE),
        ({"person": replace(AOI, is_held=True)}, FaultCode.PROTECTED),
        ({"person": replace(AOI, address="鹿児島県大島郡瀬戸内町清水1番地")}, FaultCode.MOVED),
        ({"person": replace(AOI, standing=Standing.MOVING_OUT)}, FaultCode.MOVING_OUT),
        ({"person": replace(AOI, standing=Standing.MOVED_OUT)}, FaultCode.MOVED_OUT),
        ({"person": replace(AOI, standing=Standing.DEAD)}, FaultCode.DIED),
        ({"person": replace(AOI, standing=Standing.REMOVED)}, FaultCode.REMOVED),
        ({"person": replace(AOI, names=("潮　葵",))}, FaultCode.NAME_CHANGED),
        ({"person": replace(AOI, birth_on=date(1990, 4, 13))}, FaultCode.BIRTH_DIFFERS),
        ({"printed": replace(PRINTED, expires_on=date(2026, 11, 26))}, FaultCode.EXPIRED),
        ({"kept_of_person": 2}, FaultCode.TWO_CARDS),
    ],
)
def test_each_fault_is_found_alone(given, code):
    assert find_faults(situation(**given)) == {code}
    assert messages.label(kind="card_fault", code=code.value)


def test_all_faults_at_once():
    wrong = replace(AOI, is_held=True, standing=Standing.MOVING_OUT, names=("潮　葵",))
    found = find_faults(situation(person=wrong, kept_of_person=2, listed_in=("B9",)))
    assert found == {
        FaultCode.PROTECTED, FaultCode.MOVING_OUT, FaultCode.NAME_CHANGED, FaultCode.TWO_CARDS,
        FaultCode.WRONG_BOX,
    }  # fmt: skip


def test_the_day_of_expiry_still_counts():
    assert not find_faults(situation(printed=replace(PRINTED, expires_on=TODAY)))


def test_without_an_address_the_day_of_moving_in_decides():
    printed = replace(PRINTED, address="")
    assert not find_faults(situation(printed=printed))
    moved = replace(AOI, address_since_on=date(2026, 11, 20))
    assert find_faults(situation(printed=printed, person=moved)) == {FaultCode.MOVED}


@given(st.sets(st.sampled_from(FaultCode)))
def test_who_may_not_know_reads_the_same_of_every_held_person(codes):
    """L7: whatever else is wrong, a held person's card looks like one that is not settled."""
    shown = shown_to(codes | {FaultCode.PROTECTED}, may_see_held=False)
    assert shown == shown_to({FaultCode.UNSURE}, may_see_held=False) == (FaultCode.UNSURE,)
    assert set(shown_to(codes, may_see_held=True)) == codes
