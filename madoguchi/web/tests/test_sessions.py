"""A session's end moves with the presses, and is written only when it must move."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.infra import clock
from madoguchi.web.sessions import MOVED_BELOW, SessionStore

AGE = 1200


@pytest.fixture
def kept(settings, db):
    settings.SESSION_COOKIE_AGE = AGE
    store = SessionStore()
    store["place"] = "本庁"
    store.create()
    store["place"] = "本庁"
    store.save()
    return store.session_key


def with_left(key, seconds):
    """Let so many seconds be left of it, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE django_session SET expire_date = now() + %s WHERE session_key = %s",
            [timedelta(seconds=seconds), key],
        )
    return SessionStore(key)


def test_it_reads_what_was_written(kept):
    assert SessionStore(kept)["place"] == "本庁"
    assert not SessionStore("unknown").get("place")


def test_one_question_and_no_write_while_it_is_fresh(kept):
    store = with_left(kept, AGE * MOVED_BELOW + 5)
    with CaptureQueriesContext(connection) as asked:
        assert store["place"] == "本庁"
    assert len(asked) == 1
    assert not store.modified


def test_the_end_is_moved_when_a_twentieth_is_gone(kept):
    store = with_left(kept, AGE * MOVED_BELOW - 5)
    assert store["place"] == "本庁"
    assert store.modified
    store.save()
    left = Session.objects.get(session_key=kept).expire_date - clock.now()
    assert left > timedelta(seconds=AGE - 30)


def test_a_quiet_session_is_over(kept):
    store = with_left(kept, -1)
    assert store.get("place") is None
    assert store.session_key is None
