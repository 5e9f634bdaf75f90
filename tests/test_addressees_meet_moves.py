"""A 転居 filed at the desk of moves brings the row of any other list too, by the register alone."""

from datetime import date, datetime

import pytest

from madoguchi.accounts.testing import actor_for, nagi
from madoguchi.addressees import testing as t
from madoguchi.addressees.domain.worklist import Why
from madoguchi.addressees.queries.gazetteer import gazetteer
from madoguchi.addressees.queries.worklist import tasks_of
from madoguchi.infra import unit
from madoguchi.infra.clock import JAPAN, frozen
from madoguchi.moves.actions import filing
from madoguchi.moves.domain.filing import Kind
from madoguchi.moves.testing import told
from madoguchi.register.api import filing as register

pytestmark = pytest.mark.django_db
DAY = date(2027, 1, 25)
NOW = datetime(2027, 1, 25, 10, 0, tzinfo=JAPAN)
NEW_HOME = "鹿児島県大島郡瀬戸内町大字諸鈍1番地"


def typed(list_id):
    found = tasks_of(list_id, actor=t.KAEDE, today=DAY, gazetteer=gazetteer())
    return [(one.person_id, one.after, one.why, one.is_typed) for one in found]


def file(actor, kind, command):
    return unit.run(
        filing.file_other, actor=actor, kind=kind, command=command,
        told=told(filed_on=DAY), now=NOW,
    )  # fmt: skip


def test_a_change_of_address_filed_in_moves_brings_the_row_and_taken_back_takes_it_away():
    with frozen(t.NOW):
        t.settle()
        list_id = t.a_list()
    with frozen(NOW):
        actor = actor_for(nagi())
        assert typed(list_id) == []
        command = register.ChangeAddress(
            filing=register.Filing(effective="2027-01-25", filed_on=DAY), person_ids=(t.AOI,),
            postcode="894-2101", address=NEW_HOME,
        )  # fmt: skip
        done = file(actor, Kind.CHANGE_ADDRESS, command)
        assert typed(list_id) == [(t.AOI, NEW_HOME, (Why.MOVED,), True)]
        unit.run(filing.take_back, actor=actor, filing_id=done.filing_id, ground="誤り", now=NOW)
        assert typed(list_id) == []


def test_who_leaves_town_by_a_filing_in_moves_is_asked_about_and_not_typed():
    with frozen(t.NOW):
        t.settle()
        list_id = t.a_list()
    with frozen(NOW):
        command = register.PlanMoveOut(
            filing=register.Filing(effective="2027-01-25", filed_on=DAY),
            reason=register.Reason.MOVE_OUT_DOMESTIC, person_ids=(t.AOI,), to="福岡県みどり市",
        )  # fmt: skip
        file(actor_for(nagi()), Kind.MOVE_OUT, command)
        assert typed(list_id) == [(t.AOI, "", (Why.GONE,), False)]
