"""Four books written apart: whatever goes wrong in one of them is found."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kiosk.domain.books import (
    Books,
    Money,
    Outcome,
    Requests,
    Seen,
    Sheets,
    What,
    all_differences,
    differences_of,
)
from madoguchi.kiosk.domain.cases import Decision, check_decision, decisions_for, stops_channel

ENDS = ("ISSUED", "REFUSED", "FAILED", "ABANDONED", "OPEN")
days = st.lists(st.tuples(st.sampled_from(ENDS), st.integers(1, 4), st.integers(1, 3)), max_size=15)


def books_from(day, **changed):
    """Write four books of one day, each from its own look at what happened."""
    of = {end: sum(one[0] == end for one in day) for end in ENDS}
    issued = [one for one in day if one[0] == "ISSUED"]
    copies = sum(one[1] for one in issued)
    pages = sum(copies * sheets for _, copies, sheets in issued)
    whole = Books(
        kind="tax",
        requests=Requests(
            asked=len(day), issued=of["ISSUED"], refused=of["REFUSED"], failed=of["FAILED"],
            abandoned=of["ABANDONED"], still_open=of["OPEN"], copies=copies, pages=pages,
            yen=200 * copies,
        ),
        seen=Seen(
            by_outcome={Outcome(end): number for end, number in of.items()}, copies=copies,
            takings=of["ISSUED"],
        ),
        money=Money(for_issued=200 * copies, for_others=0),
        sheets=Sheets(jobs_done=copies, sheets_done=pages),
    )  # fmt: skip
    return replace(whole, **changed)


@given(day=days)
def test_a_day_that_was_written_rightly_balances(day):
    settled = [one for one in day if one[0] != "OPEN"]
    assert differences_of(books_from(settled), closed=True) == ()
    assert differences_of(books_from(day), closed=False) == ()


@given(day=days)
def test_what_is_still_open_after_closing_is_a_difference(day):
    found = differences_of(books_from(day), closed=True)
    still = [one for one in found if one.what is What.STILL_OPEN]
    assert bool(still) is any(one[0] == "OPEN" for one in day)


@given(
    day=days, by=st.integers(-3, 3).filter(bool),
    book=st.sampled_from(["requests", "seen", "money", "sheets"]), pick=st.integers(0, 20),
)  # fmt: skip
def test_k10_one_wrong_figure_anywhere_is_found(day, by, book, pick):
    settled = [one for one in day if one[0] != "OPEN"]
    books = books_from(settled)
    page = getattr(books, book)
    names = [one.name for one in fields(page) if one.name != "by_outcome"]
    name = names[pick % len(names)]
    wrong = replace(page, **{name: getattr(page, name) + by})
    found = differences_of(replace(books, **{book: wrong}), closed=True)
    assert found, f"{book}.{name} by {by}"
    for one in found:
        assert one.expected != one.found


@given(day=days, end=st.sampled_from([one for one in Outcome if one is not Outcome.OPEN]))
def test_a_request_the_machine_never_saw_is_found(day, end):
    settled = [one for one in day if one[0] != "OPEN"]
    books = books_from(settled)
    more = {**books.seen.by_outcome, end: books.seen.of(end) + 1}
    found = differences_of(replace(books, seen=replace(books.seen, by_outcome=more)), closed=True)
    assert {What.ASKED, What[end]} <= {one.what for one in found}


def test_proofs_are_counted_against_sessions():
    (one,) = all_differences([books_from([])], proofs=3, sessions_proven=2, closed=True)
    assert (one.what, one.expected, one.found) == (What.PROOFS, 3, 2)


def test_the_web_prints_nothing():
    books = books_from([("ISSUED", 1, 1)], sheets=None)
    assert differences_of(books, closed=True) == ()


@pytest.mark.parametrize("what", list(What))
def test_each_case_has_decisions_and_wants_words(what):
    fits = decisions_for(what)
    assert fits
    for decision in Decision:
        codes = {one.code for one in check_decision(what=what, decision=decision, note=" ")}
        assert "KIOSK_DECISION_NEEDS_WORDS" in codes
        assert ("KIOSK_DECISION_UNFIT" in codes) is (decision not in fits)
    assert stops_channel(what) is (what is not What.PAPER)
