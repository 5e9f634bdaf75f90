"""When somebody may come who books before coming: rules, as tables and properties (来庁の予約)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.moves.domain.visit import Window, check_in_window, read_visit_rules
from madoguchi.moves.queries.planning import plan_visit
from madoguchi.moves.queries.rulebook import visit_book
from madoguchi.moves.tests.test_before import ALL, READY
from madoguchi.visits.api import plan_cards

TODAY = date(2026, 11, 27)
MOVED = date(2026, 11, 20)


def planned(told=READY, *, moved_on=MOVED, left_on=None, **more):
    return plan_visit(
        {**told, **more}, today=TODAY, moved_in_on=moved_on, left_on=left_on,
        plan_cards=plan_cards,
    )  # fmt: skip


def test_m23_a_family_with_cards_comes_until_the_fourteenth_day():
    found = planned()
    assert (found.case, found.people, found.before) == ("A", 4, ())
    assert found.window == Window(first=TODAY, deadline=date(2026, 12, 4))
    assert {"IDENTITY", "CARDS", "PIN"} <= set(found.bring)
    assert found.minutes % 5 == 0 and found.minutes >= 20


def test_the_thirty_days_of_moving_out_count_where_they_are_told():
    found = planned(left_on=date(2026, 10, 29))
    assert found.window.deadline == date(2026, 11, 28)
    late = planned(left_on=date(2026, 10, 20))
    # Too late for the card: the paper is wanted first.
    assert (late.case, late.before) == ("D", ("REQUEST_PAPER",))


def test_m23_who_never_moved_out_comes_a_day_later_with_the_time_of_the_whole_visit():
    found, ready = planned(moved_out="not_yet"), planned()
    assert (found.case, found.key, found.before) == ("B", "B_NOT_MOVED_OUT", ("MOVE_OUT_ONLINE",))
    assert found.window.first == TODAY + timedelta(days=1)
    assert (found.minutes, found.bring) == (ready.minutes, ready.bring)


def test_who_lost_the_card_waits_for_the_paper_and_brings_it():
    found = planned(card="lost")
    assert (found.case, found.before) == ("C", ("REQUEST_PAPER",))
    assert found.window == Window(first=date(2026, 12, 4), deadline=date(2026, 12, 4))
    assert "PAPER_CERTIFICATE" in found.bring and "CARDS" not in found.bring


def test_neither_moved_out_nor_a_card_is_two_things_to_do():
    found = planned(moved_out="not_yet", card="none")
    assert found.before == ("MOVE_OUT_ONLINE", "REQUEST_PAPER")


def test_late_with_the_paper_in_hand_is_any_day_the_sooner_the_better():
    found = planned(moved_out="paper", moved_on=date(2026, 11, 1))
    assert (found.case, found.before, found.window.is_late) == ("D", (), True)
    assert found.window.last is None and found.window.holds(TODAY)


def test_nobody_files_before_they_live_there():
    found = planned(moved_in="not_yet", moved_on=TODAY + timedelta(days=10))
    assert found.window.first == TODAY + timedelta(days=10)
    assert check_in_window(TODAY, found.window)[0].code == "MOVE_VISIT_OUTSIDE"


@given(
    told=st.sampled_from(ALL), ago=st.integers(-4000, 4000),
    left=st.none() | st.integers(-4000, 4000),
)  # fmt: skip
def test_m23_every_path_has_a_day_to_come_and_none_after_a_deadline_that_can_be_kept(
    told, ago, left
):
    left_on = None if left is None else TODAY + timedelta(days=left)
    found = planned(told, moved_on=TODAY + timedelta(days=ago), left_on=left_on)
    window = found.window
    assert window.first >= TODAY and window.holds(window.first)
    if not window.is_late and window.deadline:
        assert window.holds(window.deadline)
        assert not window.holds(window.deadline + timedelta(days=1))
    assert found.minutes > 0 and found.people > 0 and "IDENTITY" in found.bring
    # In vain is never silent: B and C always have something to do first.
    assert bool(found.before) is (found.key in ("B_NOT_MOVED_OUT", "C_CARD_NOT_HERE", "D_LATE"))


@pytest.mark.parametrize(
    ("since", "on"), [("2026-11-28", False), ("2026-11-27", True), (None, False)]
)
def test_the_page_books_from_the_day_of_its_row_on(since, on):
    web = {"day_max": 3} | ({"from": since} if since else {})
    waits = [{"step": one, "days": 1} for one in visit_book().wait_days]
    assert read_visit_rules({"web": web, "wait": waits}).web_is_on(TODAY) is on
