"""The resident's page: works, wrong number, somebody else's, bad input, protected person."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest

from madoguchi.accounts import testing as staff
from madoguchi.appointments.testing import bookings
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.cards.domain.card import CardKind, CardState
from madoguchi.cards.models import Card
from madoguchi.cards.views import booking, booking_words
from madoguchi.cards.views.booking_words import texts
from madoguchi.csops.testing import held
from madoguchi.infra.clock import JAPAN, frozen
from madoguchi.kernel.checkdigits import make_addressee_no
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.language import Language
from madoguchi.kernel.ruby import pieces
from madoguchi.protection.testing import protect
from madoguchi.register.testing import ADDRESS, Status, keep, make_version, resident_code
from madoguchi.web.testing import forget_tries

NOW = datetime(2027, 1, 18, 9, 0, tzinfo=JAPAN)
DAY = date(2027, 1, 19)
AOI, NUMBER, BORN = make_addressee_no(1), "A1B-000001", "平成2年5月3日"
PAGE = "/booking/"
KANJI = re.compile(r"[々一-鿿]")


@pytest.fixture
def home(client, db):
    keep(make_version(AOI))
    a_card(NUMBER, AOI)
    with frozen(NOW):
        yield client


def a_card(number, person_id, *, kind=CardKind.NEW, state=CardState.ARRIVED):
    return Card.objects.create(
        card_id=new_id(), notice_no=number, person_id=person_id, kind=kind.value,
        state=state.value, changed_at=NOW,
    )  # fmt: skip


def enter(client, number=NUMBER, birth=BORN, **more):
    return client.post(f"{PAGE}enter/", {"notice_no": number, "birth": birth, **more})


def take(client, begins=540, on=DAY):
    return client.post(f"{PAGE}take/", {"on": on.isoformat(), "begins": begins})


def booked(client, **given):
    enter(client)
    take(client, **given)
    client.post(f"{PAGE}confirm/")
    return bookings().get(state="CONFIRMED")


def text(answer):
    return answer.content.decode()


UMI, UMI_NUMBER, UMI_BORN = make_addressee_no(2), "A1B-000002", "平成30年7月7日"


def with_a_child(client, **given):
    keep(make_version(UMI, birth_sort=date(2018, 7, 7), birth="2018-07-07",
                      resident_code=resident_code(2)))  # fmt: skip
    a_card(UMI_NUMBER, UMI, **given)
    enter(client)
    return enter(client, UMI_NUMBER, UMI_BORN, add="1")


# -- works -----------------------------------------------------------------------------------


def test_three_touches_from_the_door_to_the_booking(home):
    """A day, a time, yes."""
    assert enter(home).status_code == 302
    assert f"day={DAY.isoformat()}" in text(home.get(PAGE))
    assert 'name="begins" value="540"' in text(home.get(f"{PAGE}?day={DAY.isoformat()}"))
    assert take(home).status_code == 302
    assert "この日時でよいですか" in text(home.get(PAGE))
    answer = home.post(f"{PAGE}confirm/", follow=True)
    row = bookings().get()
    assert (row.state, row.on, row.begins, row.ends) == ("CONFIRMED", DAY, 540, 550)
    assert (row.channel, row.made_by, row.mail_to) == ("WEB", "resident", "")
    assert row.booking_no in text(answer) and "<svg" in text(answer)
    assert len(held()) == 1


def test_who_looks_at_another_time_holds_the_last_one_only(home):
    enter(home)
    take(home), take(home, begins=600), take(home, begins=600, on=DAY + timedelta(days=1))
    (row,) = bookings().filter(state="HELD")
    assert (row.on, row.begins) == (DAY + timedelta(days=1), 600)
    assert len(held()) == 1


def test_a_hold_that_ran_out_does_not_shut_its_holder_out(home):
    enter(home)
    take(home)
    with frozen(NOW + timedelta(minutes=11)):
        answer = home.post(f"{PAGE}confirm/")
        assert answer.status_code == 422 and "もう一度、時間を選んで" in text(answer)
        assert take(home, on=DAY + timedelta(days=1)).status_code == 302
    assert bookings().filter(state="HELD").count() == 1


def test_change_and_cancel_give_the_old_time_back(home):
    row = booked(home)
    assert "新しい時間を選ぶまでそのまま" in text(home.get(f"{PAGE}?ask=change"))
    assert "日時を変えました" in text(home.get(take(home, begins=600).url))
    row.refresh_from_db()
    assert (row.begins, row.sequence, row.state) == (600, 1, "CONFIRMED")
    assert "取り消しますか" in text(home.get(f"{PAGE}?ask=cancel"))
    assert "取り消しました" in text(home.post(f"{PAGE}cancel/", follow=True))
    assert bookings().get().state == "CANCELLED"
    assert held() == []


def test_the_calendar_file_says_when_and_nothing_of_whom(home):
    row = booked(home)
    answer = home.get(f"{PAGE}calendar/")
    assert answer["Content-Type"].startswith("text/calendar")
    plain = text(answer).replace("\r\n ", "")
    assert "DTSTART;TZID=Asia/Tokyo:20270119T090000" in plain and row.booking_no in plain
    assert "浜" not in plain and "カード" not in plain and NUMBER not in plain


def test_a_renewed_card_is_booked_as_one(home):
    keep(make_version(make_addressee_no(2), resident_code=resident_code(2)))
    a_card("A1B-000002", make_addressee_no(2), kind=CardKind.RENEWAL)
    enter(home, number="a1b000002")
    take(home)
    row = bookings().get()
    assert (row.errands.get().kind, row.ends - row.begins) == ("RENEWAL", 15)


def test_a_reminder_is_asked_for_only_by_whoever_wants_one(home):
    enter(home)
    take(home)
    wrong = home.post(f"{PAGE}confirm/", {"mail": "aoi@"})
    assert wrong.status_code == 422 and "直すか、空に" in text(wrong)
    home.post(f"{PAGE}confirm/", {"mail": "aoi@town.example"})
    assert bookings().get(state="CONFIRMED").mail_to == "aoi@town.example"
    assert "aoi@" not in text(home.get(PAGE))
    home.post(f"{PAGE}cancel/")
    assert bookings().get().mail_to == ""


# -- who is let in ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "birth"),
    [(NUMBER, "1990-05-04"), ("A1B-999999", BORN), ("", ""), ("x" * 500, "\x00"), (NUMBER, "x"),
     ("123456789018", BORN)],
)  # fmt: skip
def test_v1_whatever_is_wrong_the_answer_is_the_same(home, number, birth):
    """A stranger learns neither that there is such a card nor that the day was wrong."""
    answer = enter(home, number=number, birth=birth)
    alike = enter(home, number="ZZZ-000000", birth="1900-01-01")

    def bare(given):
        return re.sub(r'(csrfmiddlewaretoken" value="|CSRFToken": ")[^"]+', "", text(given))

    assert answer.status_code == 422 and bare(answer) == bare(alike)
    assert booking.COOKIE not in home.cookies
    assert NUMBER not in text(answer)


@pytest.mark.parametrize("state", [CardState.WRONG, CardState.RETURNED])
def test_v3_a_card_one_cannot_come_for_opens_nothing(home, state):
    Card.objects.update(state=state.value)
    assert enter(home).status_code == 422


@pytest.mark.parametrize("status", [Status.DEAD, Status.MOVED_OUT])
def test_v3_the_card_of_somebody_who_is_gone_opens_nothing(home, status):
    gone = make_addressee_no(3)
    keep(make_version(gone, resident_code=resident_code(3), status=status))
    a_card("A1B-000003", gone)
    assert enter(home, number="A1B-000003").status_code == 422


def test_v1_tries_are_few_for_an_address_and_for_a_number(home):
    for _ in range(booking.TRIES_A_MINUTE_MAX):
        enter(home, birth="1990-05-04")
    assert enter(home).status_code == 422
    forget_tries()
    # However it is written, it is the same number.
    ways = [NUMBER, "ａ１ｂ０００００１", "A1B－000001", " a1b-000001 "]
    for at in range(booking.TRIES_A_NUMBER_MAX):
        given = {"notice_no": ways[at % len(ways)], "birth": "1"}
        home.post(f"{PAGE}enter/", given, REMOTE_ADDR=f"10.0.0.{at}")
    late = home.post(
        f"{PAGE}enter/", {"notice_no": "a1b 000001", "birth": BORN}, REMOTE_ADDR="10.1.1.1"
    )
    assert late.status_code == 422


def test_the_door_shuts_after_a_quarter_of_an_hour_and_on_leaving(home):
    enter(home)
    home.post(f"{PAGE}leave/")
    assert 'name="notice_no"' in text(home.get(PAGE))
    enter(home)
    home.cookies[booking.COOKIE] = home.cookies[booking.COOKIE].value + "x"
    assert 'name="notice_no"' in text(home.get(PAGE))


def test_a_member_of_staff_has_no_other_way_in(home):
    staff.signed_in(home, staff.kaede())
    assert 'name="notice_no"' in text(home.get(PAGE))
    assert take(home).status_code == 302 and not bookings().exists()


# -- somebody else's, bad input, protected ---------------------------------------------------


def test_somebody_elses_booking_is_not_there(home):
    row = booked(home)
    home.cookies.clear()
    other = make_addressee_no(4)
    keep(make_version(other, resident_code=resident_code(4)))
    a_card("A1B-000004", other)
    enter(home, number="A1B-000004")
    assert row.booking_no not in text(home.get(PAGE))
    home.post(f"{PAGE}cancel/")
    assert bookings().get().state == "CONFIRMED"
    assert home.get(f"{PAGE}calendar/").status_code == 302


@pytest.mark.parametrize(
    ("on", "begins"),
    [("x", "540"), ("2027-01-19", "x"), ("2027-01-19", "²"), ("2027-01-19", "715"), ("2027-01-18", "600"),
     ("2027-12-01", "540"), ("2027-01-23", "540"), ("", "")],
)  # fmt: skip
def test_bad_input_books_nothing(home, on, begins):
    enter(home)
    answer = home.post(f"{PAGE}take/", {"on": on, "begins": begins})
    assert answer.status_code == 422 and 'role="alert"' in text(answer)
    assert not bookings().exists()
    assert home.get(f"{PAGE}?day={on}&said=x&ask=x&language=x").status_code == 200


def test_v2_a_protected_person_books_and_no_page_tells_who_or_where(home):
    protect(AOI)
    row = booked(home)
    pages = [
        text(home.get(f"{PAGE}?{one}"))
        for one in ("", "ask=change", "ask=cancel", f"ask=change&day={DAY}")
    ]
    for one in [*pages, text(home.get(f"{PAGE}calendar/"))]:
        assert "浜" not in one and "葵" not in one and ADDRESS not in one and AOI not in one
    assert row.booking_no in pages[0]
    (entry,) = list_entries(wanted=EntryFilter(action="CARD_BOOKING_OPENED")).entries
    assert "1990" not in str(entry)


# -- words -----------------------------------------------------------------------------------


def test_three_languages_say_the_same():
    keys = {language: set(texts(language)) for language in Language}
    assert keys[Language.JAPANESE] == keys[Language.EASY_JAPANESE] == keys[Language.ENGLISH]


@pytest.mark.parametrize("key", sorted(texts(Language.EASY_JAPANESE)))
def test_easy_japanese_reads_every_kanji_aloud(key):
    for word, reading in pieces(texts(Language.EASY_JAPANESE)[key]):
        assert re.fullmatch(r"[ぁ-んー]+", reading) if reading else not KANJI.search(word), key


@pytest.mark.parametrize("language", list(Language))
def test_a_day_is_written_in_the_residents_language(home, language):
    enter(home, language=language)
    shown = text(home.get(f"{PAGE}?language={language}"))
    assert str(booking_words.ruby(booking_words.day_in(DAY, language))) in shown
    assert f'lang="{"en" if language == "en" else "ja"}"' in shown


# -- a family in one visit ---------------------------------------------------------------------


def test_a_family_comes_at_one_time_and_each_card_is_in_the_booking(home):
    assert with_a_child(home).status_code == 302
    assert "2人分" in text(home.get(PAGE))
    take(home)
    assert "2人分" in text(home.get(PAGE)) and "family" not in text(home.get(PAGE))
    home.post(f"{PAGE}confirm/")
    row = bookings().get()
    # Ten minutes, and five for each further one: the town's row.
    assert (row.state, row.ends - row.begins, row.errands.count()) == ("CONFIRMED", 15, 2)
    home.post(f"{PAGE}leave/")
    enter(home, UMI_NUMBER, UMI_BORN)
    assert row.booking_no in text(home.get(PAGE))


def test_a_wrong_number_adds_nobody_and_loses_nobody(home):
    enter(home)
    answer = enter(home, "A1B-999999", UMI_BORN, add="1")
    assert answer.status_code == 422 and '<details class="family" open' in text(answer)
    take(home)
    home.post(f"{PAGE}confirm/")
    assert bookings().get().errands.count() == 1


def test_who_has_a_booking_is_not_added_and_a_booking_is_not_added_to(home):
    with_a_child(home)
    home.post(f"{PAGE}leave/")
    enter(home, UMI_NUMBER, UMI_BORN)
    take(home, begins=600)
    home.post(f"{PAGE}confirm/")
    home.post(f"{PAGE}leave/")
    enter(home)
    answer = enter(home, UMI_NUMBER, UMI_BORN, add="1")
    assert answer.status_code == 422 and "もう入っています" in text(answer)
    take(home)
    home.post(f"{PAGE}confirm/")
    enter(home, UMI_NUMBER, UMI_BORN, add="1")
    assert sorted(row.errands.count() for row in bookings(state="CONFIRMED")) == [1, 1]


def test_a_card_that_goes_meanwhile_leaves_the_others(home):
    with_a_child(home)
    Card.objects.filter(notice_no=UMI_NUMBER).update(state=CardState.WRONG.value)
    assert "2人分" not in text(home.get(PAGE))
