"""The counter's pages: works, wrong role, somebody else's, bad input, protected person."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.appointments import testing as a
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.cards.testing import enter
from madoguchi.infra.clock import frozen
from madoguchi.kernel.checkdigits import make_addressee_no
from madoguchi.protection.testing import protect
from madoguchi.register.testing import make_findable
from madoguchi.visits.models import Matter, Visit

pytestmark = pytest.mark.django_db
AOI = make_addressee_no(1)


def at(name, *args):
    return reverse(f"visits:{name}", args=args)


def text(answer):
    return answer.content.decode()


@pytest.fixture
def kaede(client):
    with frozen(a.NOW):
        yield staff.signed_in(client, staff.kaede())


@pytest.fixture
def aoi():
    enter(AOI)
    make_findable(AOI)
    return AOI


def start(client, matter="QUESTION"):
    client.post(at("start"), {"matter": matter})
    return Visit.objects.get(ended_at__isnull=True).visit_id


# -- works -----------------------------------------------------------------------------------


def test_a_pin_reset_from_the_first_press_to_the_figures(kaede, aoi):
    visit = start(kaede, "PIN_RESET")
    shown = text(kaede.get(at("now")))
    assert (
        "職員は聞かない、書かない" in shown
        and "要るもの" in shown
        and "いまのマイナンバーカード" in shown
    )
    assert "だれのものか" in shown
    assert "浜" in text(kaede.get(at("now"), {"q": aoi}))
    kaede.post(at("person", visit), {"person_id": aoi})
    assert "strip" in text(kaede.get(at("now")))
    for step in ("IDENTITY_SEEN", "FORM_TAKEN", "HOLDER_SETS_PIN", "TRIES_TOLD"):
        kaede.post(at("tick", visit), {"step": step})
    with frozen(a.NOW + timedelta(minutes=13)):
        assert kaede.post(at("end_matter", visit), {"outcome": "FINISHED"}).status_code == 302
        assert kaede.post(at("end", visit)).status_code == 302
        assert "13分" in text(kaede.get(at("now")))
        shown = text(kaede.get(at("figures"), {"month": "2027-01"}))
    assert "暗証番号を忘れた" in shown and "13分" in shown
    rows = list(csv.reader(io.StringIO(text(kaede.get(at("rows")))[1:])))
    assert [row[6] for row in rows[1:]] == ["13"] and rows[1][3] == "すんだ"


def test_a_proxy_is_told_of_the_second_visit(kaede):
    start(kaede, "PIN_RESET")
    shown = text(kaede.get(at("now"), {"visitor": "proxy"}))
    assert "封をした照会書兼回答書" in shown and "照会書を送り、もう一度来てもらう" in shown


def test_the_home_leads_back_to_whom_one_serves(kaede):
    assert "来庁の用件が開いています" not in text(kaede.get(reverse("desk:home")))
    start(kaede)
    assert "来庁の用件が開いています" in text(kaede.get(reverse("desk:home")))


def test_a_visit_left_open_says_so_the_next_morning(kaede):
    start(kaede)
    with frozen(a.NOW + timedelta(days=1)):
        staff.signed_in(kaede, staff.kaede())
        assert "開いたままです" in text(kaede.get(at("now")))


# -- who may, and what is wrong --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "args"),
    [("now", []), ("figures", []), ("rows", []), ("start", []), ("further", ["x"]), ("tick", ["x"]),
     ("end_matter", ["x"]), ("end", ["x"]), ("forget", ["x"]), ("person", ["x"])],
)  # fmt: skip
def test_the_wrong_role_is_refused(client, name, args):
    staff.signed_in(client, staff.tsuru())
    asked = client.get if name in ("now", "figures", "rows") else client.post
    assert asked(at(name, *args)).status_code == 403


def test_somebody_elses_visit_is_not_there(kaede, client):
    visit = start(kaede)
    staff.signed_in(client, staff.nagi())
    for name, more in (("end", {}), ("forget", {}), ("end_matter", {"outcome": "FINISHED"})):
        answer = client.post(at(name, visit), more)
        assert answer.status_code == 422 and "MATTER_NO_VISIT" in text(answer)
    assert Matter.objects.get().ended_at is None


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [("further", {"matter": "QUESTION"}, "MATTER_STILL_OPEN"), ("tick", {"step": "X"}, "MATTER_STEP_UNKNOWN"),
     ("end_matter", {"outcome": "X"}, "MATTER_OUTCOME_UNKNOWN"), ("end", {}, "MATTER_STILL_OPEN"),
     ("person", {"person_id": "X"}, "MATTER_PERSON_UNKNOWN")],
)  # fmt: skip
def test_bad_input_is_said(kaede, name, given, code):
    answer = kaede.post(at(name, start(kaede)), given)
    assert answer.status_code == 422 and code in text(answer)


@pytest.mark.parametrize(
    ("given", "code"),
    [({}, "MATTER_UNKNOWN"), ({"matter": "X"}, "MATTER_UNKNOWN"),
     ({"matter": "QUESTION", "ticket_id": "X"}, "MATTER_TICKET_UNKNOWN")],
)  # fmt: skip
def test_nothing_is_begun_with_bad_input(kaede, given, code):
    answer = kaede.post(at("start"), given)
    assert answer.status_code == 422 and code in text(answer)
    assert not Visit.objects.exists()


@pytest.mark.parametrize("month", ["", "x", "1999-01", "2027-13"])
def test_a_month_nobody_has_is_this_one(kaede, month):
    assert kaede.get(at("figures"), {"month": month}).status_code == 200


def test_every_gap_is_said_at_once_in_words(kaede):
    answer = kaede.post(at("end_matter", start(kaede, "LOSS")), {"outcome": "FINISHED"})
    assert "「0120-95-0178（24時間、一時停止）を伝えた」が、まだです" in text(answer)
    assert text(answer).count("が、まだです") >= 6 and "MATTER_PERSON_MISSING" in text(answer)


def test_a_protected_person_is_not_there_to_be_named(kaede, aoi):
    protect(aoi)
    visit = start(kaede, "LOSS")
    assert "浜" not in text(kaede.get(at("now"), {"q": aoi}))
    answer = kaede.post(at("person", visit), {"person_id": aoi})
    assert answer.status_code == 422 and "MATTER_PERSON_UNKNOWN" in text(answer)


def test_whoever_is_protected_meanwhile_is_shown_no_more(kaede, aoi):
    visit = start(kaede, "LOSS")
    kaede.post(at("person", visit), {"person_id": aoi})
    assert "浜" in text(kaede.get(at("now")))
    protect(aoi)
    assert "浜" not in text(kaede.get(at("now")))


def test_a_look_at_a_person_is_recorded(kaede, aoi):
    visit = start(kaede, "LOSS")
    kaede.post(at("person", visit), {"person_id": aoi})
    kaede.get(at("now"))
    assert list_entries(wanted=EntryFilter(person_id=aoi, action="VISIT_NOW")).entries
