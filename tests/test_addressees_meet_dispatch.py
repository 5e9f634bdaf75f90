"""A letter that came back is asked about, though neither room knows the other."""

from datetime import timedelta

import pytest

from madoguchi.addressees import testing as t
from madoguchi.addressees.domain.worklist import Why
from madoguchi.addressees.queries.gazetteer import gazetteer
from madoguchi.addressees.queries.worklist import tasks_of
from madoguchi.dispatch.actions.returning import take_back, undo_return
from madoguchi.dispatch.models import Letter
from madoguchi.dispatch.testing import NAGI as POST
from madoguchi.dispatch.testing import mailed
from madoguchi.infra import unit
from madoguchi.infra.clock import frozen

pytestmark = pytest.mark.django_db


def tasks(list_id):
    return tasks_of(list_id, actor=t.KAEDE, today=t.TODAY, gazetteer=gazetteer())


def test_a_returned_letter_is_asked_about_where_nothing_better_is_known():
    with frozen(t.NOW):
        t.settle()
        list_id = t.a_list()
        mailed(about_no="MDG-000003", person_id=t.RIN, at=t.NOW)
        assert tasks(list_id) == ()
        letter_id = Letter.objects.get().letter_id
        later = t.NOW + timedelta(days=3)
        unit.run(
            take_back, scanned="MDG-000003", reason="UNKNOWN_THERE", actor=POST, now=later,
            returned_on=later.date(),
        )  # fmt: skip
        (task,) = tasks(list_id)
        assert (task.row_id, task.why, task.is_typed) == ("3", (Why.RETURNED,), False)
        unit.run(undo_return, letter_id=letter_id, actor=POST, now=later)
        assert tasks(list_id) == ()
