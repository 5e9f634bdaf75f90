"""The page that counts days: works, wrong role, bad input; it keeps nothing and names nobody."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.advice.domain.deadlines_case import DAYS as KNOWN
from madoguchi.advice.forms import DAYS, DaysForm, Topic
from madoguchi.advice.queries.rulebook import rule_book
from madoguchi.infra.clock import JAPAN, frozen
from madoguchi.web.messages import catalogue

pytestmark = pytest.mark.django_db
PAGE = reverse("advice:deadlines")
REASONS = tuple(row.code for row in rule_book().express)


@pytest.fixture
def kaede(client):
    with frozen(datetime(2026, 11, 27, 10, tzinfo=JAPAN)):
        yield staff.signed_in(client, staff.kaede())


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"topic": "CARD", "made_on": "R8.10.5", "birth_date": "S61.4.2"},
         ["令和18年4月2日", "カードの有効期限", "三浦市"]),
        ({"topic": "CARD", "card_expires_on": "2027-01-10"}, ["あと44日", "カードの券面"]),
        ({"topic": "MOVE", "moved_in_on": "2026-11-20"}, ["令和8年12月4日", "あと7日"]),
        ({"topic": "MOVE", "moved_in_on": "2026-11-13"}, ["きょう"]),
        ({"topic": "EXPRESS", "express_reason": "infant", "birth_date": "2026-11-01"},
         ["令和9年10月31日", "特急発行を申し込める最後の日"]),
        ({"topic": "EXPRESS", "express_reason": "from_abroad", "event_on": "2026-11-01"},
         ["令和8年12月1日", "あと4日"]),
        ({"topic": "ABROAD", "departs_on": "2026-11-30"}, ["令和8年11月29日", "令和8年11月27日"]),
        ({"topic": "UNCOLLECTED", "first_notice_on": "2025-11-01"}, ["26日前", "想定"]),
    ],
)  # fmt: skip
def test_each_topic_counts_and_names_its_source(kaede, given, words):
    text = kaede.post(PAGE, given).content.decode()
    assert [word for word in words if word not in text] == []


def test_every_known_day_is_asked_somewhere_and_has_words():
    asked = {name for days in DAYS.values() for name in days}
    # Today is today's, and whoever accepted it elsewhere is no question for the counter.
    assert set(KNOWN) - asked == {"today", "accepted_on"}
    words = {code for kind, code in catalogue().labels if kind == "day_known"}
    assert words == asked
    assert {code for kind, code in catalogue().labels if kind == "card_express_reason"} == set(
        REASONS
    )


@pytest.mark.parametrize("topic", Topic)
def test_nothing_told_is_said_and_what_was_typed_stays(kaede, topic):
    answer = kaede.post(PAGE, {"topic": topic.value})
    text = answer.content.decode()
    assert answer.status_code == 422 and "確かめてください" in text
    form = DaysForm({}, topic=topic, express=REASONS)
    assert all(f'name="{name}"' in text for name in form.fields)


@pytest.mark.parametrize(
    ("given", "code"),
    [({"topic": "MOVE", "moved_in_on": "きのう"}, "DATE_UNREADABLE"),
     ({"topic": "EXPRESS", "express_reason": "hurry"}, "FIELD_CHOICE"),
     ({"topic": "UNCOLLECTED", "first_notice_on": "2026-11-02", "renotice_on": "2026-11-01"},
      "DEADLINE_DAYS_REVERSED"),
     ({"topic": "CARD", "made_on": "2026-01-05", "foreign": "on"}, "STAY_LIMIT_MISSING")],
)  # fmt: skip
def test_bad_input(kaede, given, code):
    answer = kaede.post(PAGE, given)
    assert answer.status_code == 422 and code in answer.content.decode()


def test_an_unknown_topic_is_the_first_one(kaede):
    assert 'name="made_on"' in kaede.get(PAGE, {"topic": "x"}).content.decode()


def test_the_wrong_role_is_refused(client):
    staff.signed_in(client, staff.tsuru())
    assert client.get(PAGE).status_code == client.post(PAGE).status_code == 403


def test_it_writes_nothing_down(kaede):
    kaede.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        kaede.post(PAGE, {"topic": "MOVE", "moved_in_on": "2026-11-20"})
    written = [one["sql"] for one in asked if one["sql"].split()[0] in ("INSERT", "UPDATE")]
    assert written == []
