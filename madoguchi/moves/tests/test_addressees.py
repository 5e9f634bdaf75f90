"""A move filed is a row of the 送付先情報 by itself: from the address left to the registered one."""

from datetime import date, timedelta

import pytest

from madoguchi.addressees.testing import KAEDE, NAGI, typed_of_moves
from madoguchi.infra import clock
from madoguchi.moves.actions import filing
from madoguchi.moves.domain.filing import Kind
from madoguchi.moves.testing import TODAY, told
from madoguchi.protection.testing import protect
from madoguchi.register.api import filing as register
from madoguchi.register.testing import at as moment

OLD = "福岡県みどり市緑町5番6号"
HERE = "鹿児島県大島郡瀬戸内町大字古仁屋船津23番地"
THERE = "鹿児島県大島郡瀬戸内町大字諸鈍1番地"


def to_type(*, actor=KAEDE, day=TODAY):
    with clock.frozen(moment(f"{day}T17:00")):
        return typed_of_moves(actor=actor, today=day)


def move_home(counter, *person_ids, day=TODAY):
    command = register.ChangeAddress(
        filing=register.Filing(effective=day.isoformat(), filed_on=day), person_ids=person_ids,
        postcode="894-2101", address=THERE, building="",
        standings={one: register.Standing(relationship="世帯主", is_householder=True)
                   for one in person_ids},
    )  # fmt: skip
    return counter.do(
        filing.file_other, kind=Kind.CHANGE_ADDRESS, command=command, told=told(filed_on=day),
        day=day, passed=("HEAD_LEAVES_TWO_OR_MORE",),
    )  # fmt: skip


def test_s9_a_family_that_moves_in_is_to_be_typed_once_each(counter):
    counter.move_in(0, 1)
    ((name, tasks),) = to_type().items()
    assert name == "異動の届出　令和8年11月"
    assert [(one.before, one.after) for one in tasks] == [(OLD, HERE)] * 2
    assert [one.line for one in tasks] == [1, 2]


def test_s9_the_months_are_lists_of_their_own_and_a_move_at_home_says_from_where(counter):
    people = counter.move_in(0, 1).person_ids
    later = date(2026, 12, 2)
    move_home(counter, people["2"], day=later)
    november, december = to_type(day=later).values()
    # The terminal says the old address until it is typed; what is typed is the present one.
    assert [(one.before, one.after) for one in december] == [(HERE, THERE)]
    assert sorted(one.after for one in november) == [HERE, THERE]


def test_s9_a_filing_taken_back_leaves_nothing_to_type(counter):
    people = counter.move_in(0).person_ids
    home = move_home(counter, people["1"], day=TODAY + timedelta(days=1))
    counter.do(filing.take_back, filing_id=home.filing_id, ground="誤り",
               day=TODAY + timedelta(days=1))  # fmt: skip
    (tasks,) = to_type(day=TODAY + timedelta(days=1)).values()
    assert [(one.before, one.after) for one in tasks] == [(OLD, HERE)]


def test_what_is_refused_leaves_no_row_and_other_filings_make_none(counter, refused):
    people = counter.move_in(0).person_ids
    assert refused(move_home, counter, people["1"], people["1"] + "x")
    command = register.PlanMoveOut(
        filing=register.Filing(effective=TODAY.isoformat(), filed_on=TODAY),
        reason=register.Reason.MOVE_OUT_DOMESTIC, person_ids=(people["1"],), to="福岡県みどり市",
    )  # fmt: skip
    counter.do(filing.file_other, kind=Kind.MOVE_OUT, command=command, told=told())
    (tasks,) = to_type().values()
    assert [one.is_typed for one in tasks] == [False]  # gone: asked about, not typed


@pytest.mark.parametrize(("actor", "shown"), [(KAEDE, 0), (NAGI, 1)])
def test_s7_somebody_held_has_no_row_for_others_and_nothing_to_type(counter, actor, shown):
    protect(counter.move_in(0).person_ids["1"])
    (tasks,) = to_type(actor=actor).values()
    assert len(tasks) == shown and not any(one.is_typed for one in tasks)
