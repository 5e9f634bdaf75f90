"""What a terminal shows against our row: nothing is pressed or believed that was not compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.cards.domain.card import SetupOutcome
from madoguchi.cards.domain.terminal import (
    Doing,
    Expected,
    NoAnswer,
    Shown,
    Written,
    check_shown,
    plan_card,
    plan_noting,
)
from madoguchi.kernel.outcome import Unavailable
from madoguchi.web.messages import render_all

NUMBERS = st.sampled_from(["A1B-000001", "A1B-000002"])
KANAS = st.sampled_from(["", "ウンノ　アオイ", "ウンノ　アオイコ"])
BIRTHS = st.sampled_from([None, date(1990, 4, 12), date(1990, 4, 13)])
IDS = st.sampled_from(["", "1" * 23, "2" * 23])
EXPECTED = st.builds(
    Expected, card_id=st.just("c"), version=st.just(1), person_id=st.just("p"), shelf=st.just("A-1-01"),
    notice_no=NUMBERS, kana=KANAS, birth_on=BIRTHS, application_no=IDS,
)  # fmt: skip
SHOWN = st.builds(
    Shown, notice_no=NUMBERS, kana=KANAS, birth_on=BIRTHS, application_no=IDS, is_set=st.booleans()
)
LOST = st.builds(Unavailable, reason=st.sampled_from([one.value for one in NoAnswer]))
ANSWERS = st.one_of(SHOWN, st.sampled_from(SetupOutcome), LOST)
ENDS = st.one_of(st.sampled_from(SetupOutcome), LOST)
LISTS = st.one_of(
    st.builds(Written, notice_no=NUMBERS, outcome=st.sampled_from(SetupOutcome)), LOST
)
ROW = Expected(
    card_id="c", version=1, person_id="p", shelf="A-1-01", notice_no="A1B-000001",
    kana="ウンノ　アオイ", birth_on=date(1990, 4, 12), application_no="1" * 23,
)  # fmt: skip
SAME = Shown(
    notice_no=ROW.notice_no, kana=ROW.kana, birth_on=ROW.birth_on,
    application_no=ROW.application_no, is_set=False,
)  # fmt: skip


def plain(text):
    return text.replace("　", "")


@given(row=EXPECTED, answer=ANSWERS)
def test_s4_only_what_was_compared_and_agrees_is_pressed(row, answer):
    plan = plan_card(row, answer)
    render_all(plan.problems)
    agrees = isinstance(answer, Shown) and answer.notice_no == row.notice_no
    if agrees:
        pairs = [(row.kana, answer.kana), (row.birth_on, answer.birth_on),
                 (row.application_no, answer.application_no)]  # fmt: skip
        agrees = all(ours == theirs for ours, theirs in pairs if ours)
        agrees = agrees and sum(bool(ours) for ours, _ in pairs) >= 2
    assert (plan.doing is Doing.PRESS) == (agrees and not answer.is_set)
    assert (plan.problems == ()) == agrees
    if plan.doing is Doing.NOTE:
        # Done only where it agreed; wrong only where it was surely this card.
        assert plan.outcome.is_fault or (agrees and answer.is_set)
        assert not isinstance(answer, Shown) or answer.notice_no == row.notice_no
    else:
        assert plan.outcome is SetupOutcome.NONE


@given(row=EXPECTED, ended=ENDS, written=LISTS)
def test_s5_done_is_written_only_where_the_terminals_list_says_so(row, ended, written):
    plan = plan_noting(row, ended, written)
    render_all(plan.problems)
    listed = isinstance(written, Written) and written.notice_no == row.notice_no
    done = listed and written.outcome is SetupOutcome.DONE
    assert plan.doing is not Doing.PRESS
    if plan.outcome is SetupOutcome.DONE:
        assert done
    if plan.doing is Doing.NOTE and plan.outcome is not SetupOutcome.DONE:
        assert plan.outcome is ended
        assert ended.is_fault
        assert listed
        assert not done
    if plan.problems == ():
        assert (done, ended) == (True, SetupOutcome.DONE)
    # Whoever may have been set is said to be, so that a person looks.
    said = [one.code for one in plan.problems]
    if plan.doing is Doing.LEAVE and not (listed and written.outcome is SetupOutcome.NONE):
        assert "ROBOT_MAYBE_SET" in said


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"kana": "ｳﾝﾉ ｱｵｲ"}, []),
        ({"kana": "ウンノ　アオイコ"}, ["ROBOT_KANA_DIFFERS"]),
        ({"kana": "ウンノ　アヲイ"}, ["ROBOT_KANA_DIFFERS"]),
        ({"kana": ""}, ["ROBOT_KANA_DIFFERS"]),
        ({"birth_on": None}, ["ROBOT_BIRTH_DIFFERS"]),
        (
            {"birth_on": date(1990, 4, 21), "application_no": "3" * 23},
            ["ROBOT_BIRTH_DIFFERS", "ROBOT_APPLICATION_DIFFERS"],
        ),
        ({"notice_no": "A1B-000009", "kana": "ハマ　ウミ"}, ["ROBOT_WRONG_CARD"]),
    ],
)
def test_everything_that_differs_is_told_at_once(change, codes):
    assert [one.code for one in check_shown(ROW, replace(SAME, **change))] == codes


def test_no_problem_says_what_stood_on_the_screen():
    shown = replace(SAME, kana="ハマ　ウミ", birth_on=date(2001, 2, 3), application_no="9" * 23)
    said = str([*check_shown(ROW, shown), *render_all(check_shown(ROW, shown))])
    for secret in ("ハマ", "ウンノ", "2001", "1990", "9" * 23, "1" * 23):
        assert secret not in said
