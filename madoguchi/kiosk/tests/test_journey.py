"""A resident from the start page to the paper, and what each press must keep."""

import pytest

from madoguchi.infra import clock, unit
from madoguchi.kiosk import testing as k
from madoguchi.kiosk.actions import pressing
from madoguchi.kiosk.domain.steps import End, Step
from madoguchi.kiosk.models import Errand, Session

pytestmark = pytest.mark.django_db


def test_aoi_takes_her_paper(people):
    row = k.taken("aoi")
    assert row.end is None
    row = unit.run(pressing.leave, session_id=row.session_id, how=End.LEFT, now=clock.now())
    assert (row.step, row.end) == (Step.TAKE, End.DONE)
    kept = Session.objects.get()
    assert (kept.person_id, kept.offer, kept.choices) == ("", None, {})
    assert Errand.objects.get().outcome == "ISSUED"
