"""The pages of the card line: works, wrong role, unknown, bad input, protected person."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import Workbook

from madoguchi.accounts.testing import kaede, nagi, signed_in, tsuru
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.cards.models import Box, Card
from madoguchi.infra import clock
from madoguchi.kernel.checkdigits import make_addressee_no
from madoguchi.protection.testing import protect
from madoguchi.register.testing import ADDRESS, keep, make_version

AOI = make_addressee_no(1)
NUMBER = "A1B-000001"
HX = {"HX-Request": "true", "HX-Target": "line"}


@pytest.fixture
def town(db, settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    keep(make_version(AOI))


@pytest.fixture
def desk(client, town):
    return signed_in(client, kaede())


def a_list(*more, headings=("氏名", "交付通知書番号", "生年月日", "住所", "備考2")):
    book = Workbook()
    sheet = book.active
    sheet.append(["カード送付一覧"])
    sheet.append(list(headings))
    sheet.append(["浜　葵", NUMBER, date(1990, 5, 3), ADDRESS, "x"])
    for row in more:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "list.xlsx"
    return out


def open_box(desk, **given):
    values = {"box_no": "2026-031", "received_on": clock.today().isoformat(), "counted_in": "1"}
    return desk.post("/cards/boxes/", {**values, "listed": a_list(), **given})


def scan(desk, number=NUMBER, **headers):
    return desk.post("/cards/boxes/2026-031/scan/", {"number": number}, headers=headers)


def text(answer):
    return answer.content.decode()


# -- works -----------------------------------------------------------------------------------


def test_a_box_goes_from_arrival_to_disposal(desk):
    assert open_box(desk).url == "/cards/boxes/2026-031/"
    shown = scan(desk, **HX)
    assert shown.status_code == 200
    assert "A-1-01" in text(shown)
    assert "浜" in text(shown)
    assert "<html" not in text(shown)
    desk.post("/cards/boxes/2026-031/empty/", {"counted": "1"})
    today = clock.today().isoformat()
    desk.post("/cards/boxes/2026-031/dispose/", {"how": "SHREDDED", "on": today})
    assert Box.objects.get().disposed_how == "SHREDDED"
    assert "裁断" in text(desk.get("/cards/boxes/"))


def test_a_scan_is_a_look_at_the_person(desk):
    open_box(desk)
    scan(desk)
    desk.get("/cards/boxes/2026-031/")
    looks = list_entries(wanted=EntryFilter(action="CARD_BOX")).entries
    assert any(AOI in one.note.subjects for one in looks)


def test_the_last_scan_can_be_taken_back(desk):
    open_box(desk)
    scan(desk)
    desk.post("/cards/boxes/2026-031/take-back/")
    assert Card.objects.get().state == "RETURNED"


def test_a_bad_face_is_written_down_and_accepted_by_words(desk):
    open_box(desk)
    scan(desk)
    one = Card.objects.get()
    address = f"/cards/one/{one.card_id}/"
    desk.post(f"{address}face/", {"version": one.version})
    assert "券面に不良があります" in text(desk.get(address))
    one.refresh_from_db()
    given = {"code": "CARD_FAULT_FACE", "version": one.version, "reason": "拡大鏡で確かめた"}
    desk.post(f"{address}accept/", given)
    assert Card.objects.get().state == "ARRIVED"


def test_what_a_card_says_is_typed_where_no_list_says_it(desk):
    open_box(desk, listed="")
    scan(desk)
    one = Card.objects.get()
    given = {"name": "浜　葵", "birth": "平成2年5月3日", "version": one.version}
    desk.post(f"/cards/one/{one.card_id}/printed/", given)
    assert Card.objects.get().person_id == AOI


# -- wrong role, unknown, bad input --------------------------------------------------------------


@pytest.mark.parametrize("path", ["boxes/", "boxes/2026-031/", "one/x/"])
def test_another_section_sees_nothing(client, town, path):
    assert signed_in(client, tsuru()).get(f"/cards/{path}").status_code == 403


@pytest.mark.parametrize(
    "path", ["scan", "take-back", "empty", "recount", "dispose"],
)  # fmt: skip
def test_another_section_presses_nothing(client, town, path):
    assert signed_in(client, tsuru()).post(f"/cards/boxes/B/{path}/").status_code == 403


def test_an_unknown_box_and_card_are_not_there(desk):
    assert desk.get("/cards/boxes/NONE/").status_code == 404
    assert desk.get("/cards/one/none/").status_code == 404
    assert desk.post("/cards/boxes/NONE/scan/", {"number": NUMBER}).status_code == 404


def test_everything_wrong_with_a_new_box_is_said_at_once(desk):
    shown = desk.post("/cards/boxes/", {"box_no": "", "received_on": "x", "counted_in": "many"})
    assert shown.status_code == 422
    assert text(shown).count('class="cause"') == 3


def test_a_list_with_a_column_that_must_not_be_is_refused_in_words(desk):
    listed = a_list(headings=("氏名", "交付通知書番号", "生年月日", "住所", "暗証番号"))
    shown = open_box(desk, listed=listed)
    assert shown.status_code == 422
    assert "暗証番号はどこにも残せません" in text(shown)
    listed = a_list(("浜　乙", "A1B-000002", None, None, "123456789018"))
    shown = open_box(desk, listed=listed)
    assert Box.objects.count() <= 1
    assert "123456789018" not in text(shown)


@pytest.mark.parametrize("number", ["", "98765", "123456789018", "<script>"])
def test_a_scan_that_is_no_number_is_refused_and_not_repeated(desk, number):
    open_box(desk)
    shown = scan(desk, number, **HX)
    assert shown.status_code == 422
    assert "交付通知書番号として読み取れません" in text(shown)
    assert not number or number not in text(shown).replace('"number"', "")
    assert not Card.objects.exists()


def test_a_card_scanned_twice_says_where_it_is(desk):
    open_box(desk)
    scan(desk)
    shown = scan(desk, **HX)
    assert shown.status_code == 422
    assert "A-1-01" in text(shown)


# -- the protected person ----------------------------------------------------------------------


def test_a_protected_persons_card_names_nobody_to_a_clerk(desk, client):
    protect(AOI)
    open_box(desk)
    shown = text(scan(desk, **HX))
    page = text(desk.get(f"/cards/one/{Card.objects.get().card_id}/"))
    for one in (shown, page):
        assert "浜" not in one
        assert "支援" not in one
    assert "名義人が未定" in shown
    senior = signed_in(client, nagi())
    page = text(senior.get(f"/cards/one/{Card.objects.get().card_id}/"))
    assert "支援措置の対象" in page
