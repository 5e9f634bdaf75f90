"""The resident's page of a visit: works, wrong number, somebody else's, bad input, nobody named."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from madoguchi.appointments.testing import bookings
from madoguchi.infra import clock, unit
from madoguchi.kernel.language import Language
from madoguchi.moves import jobs
from madoguchi.moves.actions import visits as acts
from madoguchi.moves.models import Visit
from madoguchi.moves.tests.test_before import READY
from madoguchi.moves.tests.test_visit import planned
from madoguchi.moves.views import visiting
from madoguchi.register.testing import at as moment
from madoguchi.web.testing import forget_tries

pytestmark = pytest.mark.django_db
PAGE = "/prepare/move/visit/"
NOW = moment("2026-11-27T10:00")
#: A Monday within the fourteen days, and the day after they end.
DAY, AFTER = date(2026, 11, 30), date(2026, 12, 7)
TOLD = READY | {"moved_on": "2026-11-20"}


@pytest.fixture(autouse=True)
def today():
    with clock.frozen(NOW):
        yield


def take(client, begins=540, on=DAY, told=TOLD, **more):
    return client.post(f"{PAGE}take/", {**told, "on": on.isoformat(), "begins": begins} | more)


def booked(client, **given):
    assert take(client, **given).status_code == 302
    answer = client.post(f"{PAGE}confirm/", follow=True)
    return answer, bookings().get(state="CONFIRMED")


# -- works -----------------------------------------------------------------------------------


def test_m23_from_the_answer_page_to_a_number(client):
    """The days, a day, a time, yes: as long as the plan says, at the desk and not a terminal."""
    answer = client.get("/prepare/move/", READY)
    assert PAGE in answer.text and "来る日を予約する" in answer.text
    assert 'name="moved_on"' in client.get(PAGE, READY).text
    days = client.get(PAGE, TOLD).text
    assert f"day={DAY.isoformat()}" in days and "12月4日" in days
    assert f"day={AFTER.isoformat()}" not in days
    assert 'name="begins" value="540"' in client.get(PAGE, TOLD | {"day": DAY.isoformat()}).text
    answer, row = booked(client)
    assert (row.on, row.begins, row.ends) == (DAY, 540, 540 + planned().minutes)
    assert (row.channel, row.terminal_no, row.errands.count()) == ("WEB", "", 4)
    first = row.errands.order_by("errand_id").first()
    assert (first.kind, first.about_kind, first.mark) == ("MOVE_IN", "MOVE", "A")
    assert row.booking_no in answer.text and "<svg" in answer.text
    assert "母子健康手帳" in answer.text
    kept = Visit.objects.get(visit_id=first.about_no)
    assert (kept.case, kept.people, kept.deadline) == ("A", 4, date(2026, 12, 4))


def test_the_number_opens_it_again_moves_it_and_gives_it_back(client):
    _, row = booked(client)
    client.post(f"{PAGE}leave/")
    assert row.booking_no not in client.get(PAGE).text
    client.post(f"{PAGE}enter/", {"number": row.booking_no.lower().replace("-", "")})
    assert "新しい時間を選ぶまでそのまま" in client.get(PAGE, {"ask": "change"}).text
    answer = client.get(take(client, begins=600, told={}).url)
    assert "日時を変えました" in answer.text
    row.refresh_from_db()
    assert (row.begins, row.state) == (600, "CONFIRMED")
    late = take(client, on=AFTER, told={})
    assert late.status_code == 422 and "期間の外" in late.text
    plain = client.get(f"{PAGE}calendar/").content.decode().replace("\r\n ", "")
    assert row.booking_no in plain and "転入" not in plain
    assert "取り消しますか" in client.get(PAGE, {"ask": "cancel"}).text
    assert "取り消しました" in client.post(f"{PAGE}cancel/", follow=True).text
    assert bookings().get().state == "CANCELLED"


def test_who_looks_at_another_time_holds_the_last_one_only(client):
    take(client), take(client, begins=615)
    (row,) = bookings(state="HELD")
    assert row.begins == 615 and Visit.objects.count() == 1
    client.post(f"{PAGE}cancel/", TOLD)
    assert not bookings(state="HELD").exists()


# -- caught before the ferry -----------------------------------------------------------------


@pytest.mark.parametrize(
    "more", [{"moved_out": "not_yet"}, {"moved_out": "unsure"}, {"card": "lost"}]
)
def test_m23_nothing_is_booked_before_what_is_to_be_done_first_was_read(client, more):
    told = TOLD | more
    stop = client.get(PAGE, told)
    assert "notice--stop" in stop.text and 'class="offers' not in stop.text
    # Nor by whoever leaves the page out.
    take(client, told=told)
    assert not bookings().exists()
    assert "read=1" in stop.text


def test_who_read_it_books_a_day_after_it_and_the_page_says_it_again(client):
    told = TOLD | {"moved_out": "not_yet", "read": "1"}
    answer, row = booked(client, told=told)
    assert "前の市区町村に転出を届ける" in answer.text
    assert row.errands.order_by("errand_id").first().mark == "B"
    forget_tries()
    client.post(f"{PAGE}cancel/")
    soon = take(client, told=told | {"card": "none"})
    assert soon.status_code == 422 and "期間の外" in soon.text


def test_off_there_is_no_booking_and_the_telephone_is_told(client, settings, tmp_path):
    table = (visiting.words.FOLDER.parent / "tables" / "visit.toml").read_text("utf-8")
    (tmp_path / "visit.toml").write_text(table.replace('from = "2026-11-01"', ""), "utf-8")
    settings.MADOGUCHI_CARD_RULES = str(tmp_path)
    assert PAGE not in client.get("/prepare/move/", READY).text
    assert "電話" in client.get(PAGE, TOLD).text
    take(client)
    assert not bookings().exists()


# -- scarcity --------------------------------------------------------------------------------


def test_m23_a_day_has_a_share_for_the_page_and_no_more(client):
    from madoguchi.kernel.ids import new_id

    one = planned(people="1", children="none")
    share = visiting.visit_book("").day_max
    times = [510, 600, 690 - 30, 780, 870, 960]
    for at in range(share):
        unit.run(acts.hold_visit, visit_id=new_id(), planned=one, place="本庁", on=DAY,
                 begins=times[at], day_max=share, now=NOW)  # fmt: skip
    full = take(client, begins=555)
    assert full.status_code == 422 and "いっぱい" in full.text
    assert f"day={DAY.isoformat()}" not in client.get(PAGE, TOLD).text
    assert take(client, on=DAY + timedelta(days=1)).status_code == 302


def test_one_address_takes_few_times_a_minute(client):
    for at in range(visiting.TAKES_A_MINUTE_MAX):
        take(client, begins=540 + 15 * (at % 2))
    assert "1分待つ" in take(client).text


# -- whose, what is given, what is kept ------------------------------------------------------


@pytest.mark.parametrize("number", ["", "K7MA-4X9C", "x" * 500, "\x00", "123456789018"])
def test_a_wrong_number_opens_nothing_and_says_the_same(client, number):
    booked(client)
    client.cookies.clear()
    answer = client.post(f"{PAGE}enter/", {"number": number})
    assert answer.status_code == 422 and "この番号の予約を開けません" in answer.text
    assert visiting.COOKIE not in client.cookies


def test_tries_of_numbers_are_few(client):
    _, row = booked(client)
    client.cookies.clear()
    for _ in range(visiting.TRIES_A_MINUTE_MAX):
        client.post(f"{PAGE}enter/", {"number": "K7MA-4X9C"})
    assert client.post(f"{PAGE}enter/", {"number": row.booking_no}).status_code == 422


@pytest.mark.parametrize(
    "more",
    [{"moved_on": ""}, {"moved_on": "soon"}, {"moved_on": "9999-12-31"}, {"moved_on": "0001-01-01"},
     {"left_on": "x"}, {"day": "x"}, {"people": "7"}, {"moved_on": "2026-11-20\x00"}],
)  # fmt: skip
def test_bad_input_is_asked_again(client, more):
    assert client.get(PAGE, TOLD | more).status_code in (200, 422)


@pytest.mark.parametrize(("on", "begins"), [("x", "540"), ("2026-11-30", "²"), ("2026-11-30", "1430"),
                                            ("2026-11-27", "600"), ("2026-11-29", "540")])  # fmt: skip
def test_bad_times_book_nothing(client, on, begins):
    answer = client.post(f"{PAGE}take/", {**TOLD, "on": on, "begins": begins})
    assert answer.status_code == 422 and not bookings().exists()


def test_m23_nobody_is_named_and_what_is_over_is_forgotten(client):
    names = {field.name for field in Visit._meta.fields}
    assert not names & {"name", "birth", "address", "person_id", "mail"}
    _, row = booked(client)
    with clock.frozen(NOW + timedelta(days=2)):
        jobs.forget()
        assert Visit.objects.count() == 1
        client.post(f"{PAGE}enter/", {"number": row.booking_no})
    client.post(f"{PAGE}cancel/")
    with clock.frozen(NOW + timedelta(days=2)):
        jobs.forget()
    assert not Visit.objects.exists()


# -- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
def test_every_screen_is_drawn_in_each_language(client, language):
    told = TOLD | {"language": str(language)}
    for more in ({}, {"moved_out": "not_yet"}, {"day": DAY.isoformat()}):
        assert client.get(PAGE, told | more).status_code == 200
    assert client.get(PAGE, {"language": str(language)}).status_code == 200
    answer, _ = booked(client, told=told)
    assert f'lang="{"en" if language == "en" else "ja"}"' in answer.text
    for text in (answer.text, client.get(PAGE, told | {"moved_out": "not_yet"}).text):
        assert not re.search(r"visit_[a-z]+_?[A-Z]", text) and "&lt;ruby" not in text
