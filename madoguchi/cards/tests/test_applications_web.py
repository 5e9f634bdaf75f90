"""The pages of applications: works, wrong role, unknown, bad input, protected person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from madoguchi.accounts.testing import kaede, nagi, signed_in, tsuru
from madoguchi.cards.domain.applications import MailCondition, PhotoRule
from madoguchi.cards.models import Application, PinSheet, Trip
from madoguchi.infra import clock
from madoguchi.kernel.checkdigits import make_addressee_no
from madoguchi.protection.testing import protect
from madoguchi.register.testing import keep, make_version

AOI = make_addressee_no(1)
NEW = f"/cards/applications/new/?person={AOI}"
NUMBER = "1" * 23


@pytest.fixture
def town(db, settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    keep(make_version(AOI))


@pytest.fixture
def desk(client, town):
    return signed_in(client, kaede())


def answers(**given):
    return {
        "delivery": "REGISTERED", "visitor": "self", "photo": list(PhotoRule),
        "documents": ["driving_licence", "health_insurance_eligibility"],
        "conditions": list(MailCondition), "sheet_label": "f-0012", "sheet_closed": "on",
        "application_no": "", **given,
    }  # fmt: skip


def text(answer):
    return answer.content.decode()


def test_taken_sent_and_the_envelope_goes_its_way(desk, client):
    taken = desk.post(NEW, answers())
    row = Application.objects.get()
    assert taken.url == f"/cards/applications/{row.application_id}/"
    shown = text(desk.get(taken.url))
    assert "F-0012" in shown
    assert "簡易書留" in shown
    desk.post(f"{taken.url}send/", {"version": row.version, "application_no": NUMBER})
    assert Application.objects.get().state == "SENT"
    sheet = PinSheet.objects.get()
    desk.post(f"/cards/sheets/{sheet.sheet_id}/", {"application": row.application_id, "to": "OUT"})
    assert PinSheet.objects.get().state == "OUT"
    assert "カードを待っています" in text(desk.get("/cards/applications/"))


def test_a_trip_is_planned_joined_and_printed_with_its_kit(desk):
    on = (clock.today() + timedelta(days=2)).isoformat()
    made = desk.post("/cards/applications/", {"on": on, "where": "請島 集会所", "note": ""})
    trip = Trip.objects.get()
    assert made.url == f"/cards/trips/{trip.trip_id}/"
    assert "請島 集会所" in text(desk.get(NEW))
    desk.post(f"{made.url}join/", {"person": AOI})
    shown = text(desk.get(made.url))
    assert "浜" in shown
    assert "かぎのかかるかばん" in shown
    # Who is planned is taken under the same number.
    desk.post(NEW, answers(application=Application.objects.get().application_id))
    assert Application.objects.get().state == "TAKEN"


@pytest.mark.parametrize("path", ["", "new/?person=1", "x/"])
def test_another_section_sees_nothing(client, town, path):
    assert signed_in(client, tsuru()).get(f"/cards/applications/{path}").status_code == 403


@pytest.mark.parametrize("path", ["applications/x/send", "applications/x/unsend",
                                  "applications/x/withdraw", "sheets/x", "trips/x/join"])  # fmt: skip
def test_another_section_presses_nothing(client, town, path):
    assert signed_in(client, tsuru()).post(f"/cards/{path}/").status_code == 403


def test_what_is_not_there_is_not_there(desk):
    assert desk.get("/cards/applications/none/").status_code == 404
    assert desk.get("/cards/applications/new/?person=1").status_code == 404
    assert desk.get("/cards/trips/none/").status_code == 404
    assert desk.post("/cards/trips/none/join/", {"person": AOI}).status_code == 422
    assert desk.post("/cards/sheets/none/", {"application": "x", "to": "OUT"}).status_code == 404


def test_every_gap_is_said_and_what_was_ticked_stays(desk):
    shown = desk.post(NEW, answers(photo=["PHOTO_NOT_FRONT"], conditions=[], sheet_label="1234",
                                   application_no="12"))  # fmt: skip
    assert shown.status_code == 422
    found = text(shown)
    assert found.count('class="cause"') >= 9
    assert 'value="PHOTO_NOT_FRONT" id="id_photo_1" checked' in found or "checked" in found
    assert not Application.objects.exists()


def test_what_was_typed_as_a_label_is_not_said_again_in_words(desk):
    shown = text(desk.post(NEW, answers(sheet_label="9182")))
    assert "封筒の札の番号として読み取れません" in shown
    assert "9182" not in shown.replace('value="9182"', "")


@pytest.mark.parametrize("version", ["", "x", "-1", "1" * 12])
def test_a_bad_version_changes_nothing(desk, version):
    desk.post(NEW, answers())
    row = Application.objects.get()
    shown = desk.post(f"/cards/applications/{row.application_id}/withdraw/", {"version": version})
    assert shown.status_code == 422
    assert Application.objects.get().state == "TAKEN"


def test_a_protected_person_is_nowhere_for_a_clerk(desk, client):
    desk.post(NEW, answers())
    row = Application.objects.get()
    protect(AOI)
    for path in (NEW, f"/cards/applications/{row.application_id}/"):
        assert desk.get(path).status_code == 404
    listed = text(desk.get("/cards/applications/"))
    assert "浜" not in listed
    assert "F-0012" not in listed
    pressed = desk.post(f"/cards/applications/{row.application_id}/withdraw/", {"version": 1})
    assert pressed.status_code == 404
    senior = signed_in(client, nagi())
    assert "F-0012" in text(senior.get("/cards/applications/"))
