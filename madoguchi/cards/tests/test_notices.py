"""Notices: each holder's own list, nobody twice, what is stopped keeps back no other."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from django.db import connection

from madoguchi.accounts.testing import kaede, nagi, signed_in, tsuru
from madoguchi.cards.actions import announcing, applying
from madoguchi.cards.domain.card import CardKind, CardState
from madoguchi.cards.domain.notices import Wait, bring_lines, notice_on, why_wait
from madoguchi.cards.models import Card
from madoguchi.cards.queries.handover import advise_on
from madoguchi.cards.queries.notices import letters_about, list_unannounced
from madoguchi.cards.queries.tables import notice_book
from madoguchi.cards.tests.test_applications import take
from madoguchi.cards.tests.test_boxes import KAEDE, NOW, TODAY, TSURU
from madoguchi.cards.tests.test_handover import codes, give, shelved
from madoguchi.infra import clock, unit
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import protect

NUMBER = "2" * 23


def announce(actor=KAEDE, now=NOW):
    return unit.run(announcing.announce, actor=actor, now=now)


def queued():
    with connection.cursor() as cursor:
        cursor.execute("SELECT about_no, kind, mail_class, content, sort_key FROM dispatch_letter"
                       " ORDER BY sort_key")  # fmt: skip
        return cursor.fetchall()


@pytest.mark.parametrize(
    ("kind", "age"), list(itertools.product(CardKind, [0, 5, 14, 15, 17, 18, 40, 99]))
)
def test_n1_every_holder_has_a_list_in_words_that_fit_the_page(kind, age):
    visitor = "self" if age >= 15 else "statutory_agent"
    advice = advise_on(kind, {"visitor": visitor}, age=age, today=TODAY)
    lines = bring_lines(notice_book(), advice.required)
    assert 1 <= len(lines) <= 10
    assert all(0 < len(line) <= 30 for line in lines)


def test_a_rule_holds_from_its_day_on():
    rows = notice_book().rows
    assert notice_on(rows, date(2019, 1, 1)) == rows[0]
    assert notice_on(rows, TODAY).first <= TODAY


@pytest.mark.parametrize(
    ("state", "stopped", "states", "age", "wait"),
    [
        (CardState.SET_UP, False, [], 30, None),
        (CardState.SET_UP, False, ["SUPERSEDED", "CANCELLED"], 30, None),
        (CardState.SET_UP, False, ["QUEUED"], 30, Wait.HAS_LETTER),
        (CardState.SET_UP, False, ["RETURNED"], 30, Wait.HAS_LETTER),
        (CardState.SET_UP, True, [], 30, Wait.STOPPED),
        (CardState.ARRIVED, False, [], 30, Wait.NOT_SET_UP),
        (CardState.SET_UP, False, [], None, Wait.AGE_UNKNOWN),
    ],
)
def test_why_a_card_waits(state, stopped, states, age, wait):
    assert why_wait(state=state, is_stopped=stopped, letter_states=states, age=age) is wait


def test_letters_are_queued_in_shelf_order_each_with_its_own_list(db):
    first, second = shelved(0), shelved(1, kind=CardKind.RENEWAL)
    born = date(2015, 4, 2)
    shelved(2, birth_sort=born, birth=str(born))
    assert announce() == 3
    rows = queued()
    assert [row[0] for row in rows] == ["A1B-000000", "A1B-000001", "A1B-000002"]
    assert [row[4] for row in rows] == [first.shelf, second.shelf,
                                        Card.objects.get(notice_no="A1B-000002").shelf]  # fmt: skip
    adult, renewal, child = (
        "".join(row[3] if isinstance(row[3], str) else str(row[3])) for row in rows
    )
    assert "いまのマイナンバーカード" not in adult
    assert "いまのマイナンバーカード" in renewal
    assert "本人もいっしょに" in child
    assert "本人もいっしょに" not in adult


def test_a_notice_says_where_to_book_if_the_town_says_so(db, settings):
    shelved(0)
    settings.MADOGUCHI_BOOKING_URL = "https://madoguchi.town.example/booking/"
    announce()
    assert "https://madoguchi.town.example/booking/" in str(queued()[0][3])


def test_who_has_the_card_is_not_written_to_any_more(db):
    card = shelved(0)
    announce()
    card.refresh_from_db()
    give(card)
    assert [one.state for one in letters_about([card.notice_no])[card.notice_no]] == ["CANCELLED"]


def test_n2_nobody_is_announced_twice(db):
    shelved(0)
    announce()
    with pytest.raises(Refused) as refused:
        announce()
    assert codes(refused) == {"CARD_NOTHING_TO_ANNOUNCE"}
    shelved(1)
    assert announce() == 1
    assert len(queued()) == 2


def test_n3_what_is_stopped_keeps_back_no_other(db):
    stopped, _ = shelved(0), shelved(1)
    protect(stopped.person_id)
    assert announce() == 1
    assert [row[0] for row in queued()] == ["A1B-000001"]
    stopped.refresh_from_db()
    assert stopped.state == "WRONG"


def test_a_card_applied_for_by_mail_goes_by_mail(db):
    card = shelved(0)
    application_id = take(number=NUMBER)
    unit.run(applying.send_application, application_id=application_id, application_no="",
             version=1, actor=KAEDE, now=NOW)  # fmt: skip
    Card.objects.filter(card_id=card.card_id).update(application_no=NUMBER)
    announce()
    assert [(row[1], row[2]) for row in queued()] == [("MAIL_CARD", "SIMPLE_REGISTERED")]


def test_the_list_asks_the_same_number_of_questions_however_long(db, django_assert_num_queries):
    shelved(0)
    with django_assert_num_queries(4):
        assert len(list_unannounced(actor=KAEDE, today=TODAY)) == 1
    for place in range(1, 6):
        shelved(place)
    with django_assert_num_queries(4):
        assert len(list_unannounced(actor=KAEDE, today=TODAY)) == 6


def test_without_the_right_nothing(db):
    shelved(0)
    with pytest.raises(Refused) as refused:
        announce(TSURU)
    assert codes(refused) == {"CARD_RIGHT_MISSING"}


# -- the page -----------------------------------------------------------------------------------


@pytest.fixture
def desk(client, db, settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    return signed_in(client, kaede())


def text(answer):
    return answer.content.decode()


def test_one_press_queues_and_the_card_says_so(desk):
    card = shelved(0, at=clock.now())
    assert "1枚の手紙を発送待ちに入れる" in text(desk.get("/cards/notices/"))
    done = desk.post("/cards/notices/")
    assert "発送待ちに入れました" in text(desk.get(done.url))
    shown = text(desk.get(f"/cards/one/{card.card_id}/"))
    assert "発送待ち" in shown
    assert "交付する" in shown
    assert len(letters_about([card.notice_no])[card.notice_no]) == 1


def test_nothing_to_do_is_said(desk):
    shown = desk.post("/cards/notices/")
    assert shown.status_code == 422
    assert "通知できるカードがありません" in text(shown)


def test_another_section_neither_sees_nor_presses(client, db):
    other = signed_in(client, tsuru())
    assert other.get("/cards/notices/").status_code == 403
    assert other.post("/cards/notices/").status_code == 403


def test_a_protected_person_is_one_not_settled_for_a_clerk(desk, client):
    card = shelved(0, at=clock.now())
    protect(card.person_id)
    shown = text(desk.get("/cards/notices/"))
    assert "浜" not in shown
    assert "名義人が未定" in shown
    assert "支援措置" in text(signed_in(client, nagi()).get("/cards/notices/"))
