"""Moves before an election: shown by day, address and number, begun by a person (続いた転入)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.infra import clock
from madoguchi.moves.domain.patterns import (
    Election,
    MovedIn,
    PatternBook,
    find_patterns,
    read_patterns,
    window,
)
from madoguchi.moves.queries.patterns import list_patterns, pattern_book
from madoguchi.protection.testing import protect
from madoguchi.register.testing import at as moment

TOWN = Election(name="町議会議員選挙", roll_on=date(2027, 2, 27))
BOOK = PatternBook(window_days=30, persons_min=5, filings_min=3, elections=(TOWN,))
LAST = date(2026, 11, 27)


def moved(number, *, filing=None, on=LAST, address="大字古仁屋1番地", has_vote=True):
    return MovedIn(
        person_id=f"{number:015d}", household_no=f"{number:015d}", filed_on=on, address=address,
        filing_id=str(number if filing is None else filing), has_vote=has_vote,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("roll_on", "last"),
    [("2027-02-27", "2026-11-27"), ("2027-05-31", "2027-02-28"), ("2028-05-30", "2028-02-29"),
     ("2027-01-15", "2026-10-15"), ("2027-03-01", "2026-12-01")],
)  # fmt: skip
def test_the_last_day_in_time_is_three_months_before(roll_on, last):
    found = Election(name="x", roll_on=date.fromisoformat(roll_on)).in_time_until
    assert found == date.fromisoformat(last)


def test_m15_five_grown_people_by_three_filings_at_one_address_are_shown():
    five = [moved(n) for n in range(5)]
    (found,) = find_patterns(five, BOOK)
    assert (len(found.people), found.filings, len(found.households)) == (5, 5, 5)
    assert not find_patterns(five[:4], BOOK)
    # One large family is one filing.
    assert not find_patterns([moved(n, filing=1) for n in range(9)], BOOK)
    assert not find_patterns([moved(n, has_vote=n > 0) for n in range(5)], BOOK)
    assert not find_patterns([moved(n, address=f"大字古仁屋{n}番地") for n in range(9)], BOOK)
    # However the address is written.
    assert find_patterns([*five[:4], moved(9, address="大字古仁屋１番地")], BOOK)


def test_m15_the_first_and_the_last_day_count_and_a_home_that_is_excepted_does_not():
    first, last = window(TOWN, BOOK)
    assert (last - first).days == 29 and last == LAST
    for on, shown in ((first, True), (last, True), (first - timedelta(days=1), False),
                      (last + timedelta(days=1), False)):  # fmt: skip
        assert bool(find_patterns([moved(n, on=on) for n in range(5)], BOOK)) == shown
    table = {"pattern": {"window_days": 30, "persons_min": 5, "filings_min": 3},
             "election": [{"name": "x", "roll_on": "2027-02-27", "except": ["大字古仁屋１番地"]}]}  # fmt: skip
    assert not find_patterns([moved(n) for n in range(5)], read_patterns(table))


@given(st.lists(st.builds(
    moved, st.integers(0, 30), filing=st.integers(0, 6), address=st.sampled_from(("あ1", "い2")),
    on=st.dates(date(2026, 10, 20), date(2026, 12, 5)), has_vote=st.booleans(),
), max_size=14))  # fmt: skip
def test_m15_nobody_is_shown_without_the_numbers_and_no_order_matters(people):
    found = find_patterns(people, BOOK)
    first, last = window(TOWN, BOOK)
    for one in found:
        assert len(one.people) >= 5 and one.filings >= 3
        assert all(each.has_vote and first <= each.filed_on <= last for each in one.people)
    again = find_patterns(list(reversed(people)), BOOK)
    assert {(one.address, len(one.people)) for one in found} == {
        (one.address, len(one.people)) for one in again
    }


def test_without_a_row_for_an_election_nothing_is_looked_at():
    assert pattern_book().elections == ()


# -- the page --------------------------------------------------------------------------------------


PAGE = "/moves/patterns/"


@pytest.fixture
def shown(counter, monkeypatch, client):
    """Three grown people of the Minato family, each by a filing of their own, and a table."""
    book = PatternBook(window_days=30, persons_min=3, filings_min=3, elections=(TOWN,))
    monkeypatch.setattr("madoguchi.moves.views.patterns.pattern_book", lambda folder: book)
    homes = [counter.move_in(place, passed=["HOUSEHOLD_WITHOUT_HEAD"]) for place in (0, 1, 4)]
    with clock.frozen(moment("2026-11-27T16:00")):
        yield staff.signed_in(client, staff.nagi()), homes, book


def test_a_person_begins_a_check_from_what_is_shown(shown):
    desk, homes, _book = shown
    page = desk.get(PAGE).text
    assert "3人" in page and "判定ではありません" in page and "港" not in page
    answer = desk.post(PAGE, {"household_no": homes[1].household_no})
    assert answer.status_code == 302, answer.text
    assert "選挙の前に続いた転入" in desk.get(answer.url).text
    again = desk.post(PAGE, {"household_no": homes[1].household_no})
    assert again.status_code == 422 and "RESIDENCE_THERE_ALREADY" in again.text
    assert desk.post(PAGE, {"household_no": "x"}).status_code == 422


def test_who_is_held_counts_for_nothing_to_others_and_the_desk_sees_no_such_page(shown, counter):
    desk, homes, book = shown
    assert list_patterns(actor=counter.actor, book=book)
    protect(next(iter(homes[0].person_ids.values())))
    assert not list_patterns(actor=counter.actor, book=book)
    staff.signed_in(desk, staff.kaede())
    assert desk.get(PAGE).status_code == 403
    assert reverse("moves:patterns") == PAGE


def test_a_filing_taken_back_counts_no_more(shown, counter):
    from madoguchi.moves.actions.filing import take_back

    _desk, homes, book = shown
    counter.do(take_back, filing_id=homes[2].filing_id, ground="誤り")
    assert not list_patterns(actor=staff.actor_for(staff.nagi()), book=book)
