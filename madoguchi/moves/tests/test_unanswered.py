"""A9: who left and of whom no new town has said anything (転入通知の未着)."""

from datetime import date, timedelta

import pytest

from madoguchi.accounts import testing as staff
from madoguchi.infra.clock import frozen
from madoguchi.moves.actions import filing
from madoguchi.moves.domain.filing import Kind
from madoguchi.moves.models import Filing
from madoguchi.moves.queries.unanswered import list_unanswered
from madoguchi.moves.testing import TODAY, told
from madoguchi.protection.testing import protect
from madoguchi.register.api import filing as register
from madoguchi.register.testing import at as moment

URL = "/moves/unanswered/"
LEFT = date(2026, 12, 1)


@pytest.fixture
def gone(counter):
    """One of a family of five who left for another town."""
    person_id = counter.move_in().person_ids["5"]
    command = register.PlanMoveOut(
        filing=register.Filing(effective=LEFT.isoformat(), filed_on=TODAY),
        reason=register.Reason.MOVE_OUT_DOMESTIC, person_ids=(person_id,), to="福岡県みどり市",
    )  # fmt: skip
    counter.do(filing.file_other, kind=Kind.MOVE_OUT, command=command, told=told())
    return person_id


def listed(counter, day):
    return [one.person.person_id for one in list_unanswered(actor=counter.actor, today=day)]


def test_a9_the_list_begins_the_day_after_the_town_has_waited(counter, gone):
    assert listed(counter, LEFT + timedelta(days=30)) == []
    assert listed(counter, LEFT + timedelta(days=31)) == [gone]


def test_a9_a_notice_or_a_taking_back_ends_it(counter, gone):
    day = LEFT + timedelta(days=40)
    notice = register.ConfirmMoveOut(
        filing=register.Filing(), person_ids=(gone,), to="福岡県みどり市緑町1番地", moved_in_on=LEFT
    )
    found = counter.do(
        filing.file_other, kind=Kind.CONFIRM_MOVE_OUT, command=notice, told=told(), day=day
    )
    assert listed(counter, day) == []
    counter.do(filing.take_back, filing_id=found.filing_id, ground="別人の通知", day=day)
    assert listed(counter, day) == [gone]
    leave = Filing.objects.get(kind="MOVE_OUT")
    counter.do(filing.take_back, filing_id=leave.filing_id, ground="転出をやめた", day=day)
    assert listed(counter, day) == []


def test_the_page_for_the_desk_and_not_for_others(client, counter, gone):
    with frozen(moment("2027-01-15T10:00")):
        desk = staff.signed_in(client, staff.kaede())
        assert "港" in desk.get(URL).text and "45日" in desk.get(URL).text
        protect(gone)
        assert "港" not in desk.get(URL).text
        assert staff.signed_in(client, staff.tsuru()).get(URL).status_code == 403
