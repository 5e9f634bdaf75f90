"""Whoever presses on stays signed in; and what each press asks the database, it asks once."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.accounts.domain import Role
from madoguchi.accounts.models import Staff, StaffRight
from madoguchi.accounts.queries.signed_in import find_signed_in
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right

AGE = 1200


@pytest.fixture
def kaede_pressing(client, db, settings):
    settings.SESSION_COOKIE_AGE = AGE
    client.post("/demo/sign-in/kaede/")


def with_left(key, seconds):
    """Let so many seconds be left of the session, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE django_session SET expire_date = now() + %s WHERE session_key = %s",
            [timedelta(seconds=seconds), key],
        )


def test_pressing_on_keeps_somebody_signed_in_and_stopping_does_not(client, kaede_pressing):
    """Through the whole server: presses each half of the time, then a pause too long."""
    key = client.cookies["sessionid"].value
    for _ in range(3):
        with_left(key, AGE / 2)
        assert client.get("/me/").status_code == 200
        left = Session.objects.get(session_key=key).expire_date - clock.now()
        assert left > timedelta(seconds=AGE * 0.9)
    with_left(key, -1)
    assert client.get("/me/").status_code == 302


def test_a_press_on_a_fresh_session_writes_nothing(client, kaede_pressing):
    client.get("/me/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/me/")
    assert not [one["sql"] for one in asked if "UPDATE" in one["sql"]]


@pytest.fixture
def sango(db):
    return Staff.objects.create(staff_id="sango-2", display_name="叶 さんご", role=Role.CLERK.value)


def give(staff, right, effect, *, days=(0, 0)):
    today = clock.today()
    StaffRight.objects.create(
        staff=staff,
        right=right.value,
        effect=effect,
        valid_from=today + timedelta(days=days[0]),
        valid_until=today + timedelta(days=days[1]),
        reason="代わり",
        given_by="nagi",
        given_at=clock.now(),
    )


def test_the_short_question_and_the_usual_one_agree(sango):
    give(sango, Right.SEE_AUDIT, "ADDED")
    give(sango, Right.SEARCH, "REMOVED")
    give(sango, Right.MANAGE_STAFF, "ADDED", days=(-9, -1))  # over
    Authenticator.objects.create(user=sango, type="totp", data={})
    found = find_signed_in(sango.pk)
    usual = Staff.objects.get(pk=sango.pk)
    for field in Staff._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(usual, field.attname)
    with CaptureQueriesContext(connection) as asked:
        assert Right.SEE_AUDIT in found.rights
        assert Right.SEARCH not in found.rights
        assert Right.MANAGE_STAFF not in found.rights
    assert len(asked) == 0
    assert found.rights == usual.rights
    assert found.has_second_factor
    assert found.get_session_auth_hash() == usual.get_session_auth_hash()


def test_without_lines_the_role_alone_counts(sango):
    Authenticator.objects.create(user=sango, type="recovery_codes", data={})
    found = find_signed_in(sango.pk)
    assert found.rights == Staff.objects.get(pk=sango.pk).rights
    assert not found.has_second_factor


def test_nobody_is_nobody(db):
    assert find_signed_in(0) is None
