"""Signing in: password, second factor, lock-out, first steps, ends of sessions."""

from __future__ import annotations

import time

import pyotp
import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from madoguchi.accounts import testing
from madoguchi.accounts.actions import command_line
from madoguchi.accounts.actions import staff as actions
from madoguchi.accounts.domain import Role
from madoguchi.accounts.models import Staff
from madoguchi.accounts.testing import PASSWORD, TOTP_SECRET, actor_for
from madoguchi.audit.api import EntryFilter, Kind, list_entries
from madoguchi.infra import unit

pytestmark = pytest.mark.django_db

SIGN_IN = "/sign-in/"
FACTOR = "/sign-in/second-factor/"


def ready(member: Staff) -> Staff:
    return testing.with_second_factor(testing.with_password(member))


def post_password(client, staff_id="kaede", password=PASSWORD):
    return client.post(SIGN_IN, {"login": staff_id, "password": password})


def code(steps: int = 0) -> str:
    return pyotp.TOTP(TOTP_SECRET).at(time.time() + 30 * steps)


def sign_ins():
    entries = list_entries(wanted=EntryFilter(kind=Kind.SIGN_IN)).entries
    return [(entry.note.action, entry.note.staff_id) for entry in entries]


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_password_and_code_open_the_desk_and_are_recorded(client):
    ready(testing.kaede())
    assert post_password(client).headers["Location"] == FACTOR
    assert not is_in(client)
    response = client.post(FACTOR, {"code": code()})
    assert response.status_code == 302
    assert is_in(client)
    assert client.get("/me/").status_code == 200
    assert sign_ins() == [("SIGNED_IN", "kaede")]
    (entry,) = list_entries(wanted=EntryFilter(action="SIGNED_IN")).entries
    assert entry.note.detail["by"] == ["password", "totp"]
    assert client.session["place"] == "本庁"


def test_the_id_may_be_typed_wide_or_in_capitals(client):
    ready(testing.kaede())
    assert post_password(client, "ＫＡＥＤＥ ").headers["Location"] == FACTOR


def test_a_password_alone_opens_nothing(client):
    ready(testing.kaede())
    post_password(client)
    for path in ("/me/", "/staff/", "/approvals/"):
        assert client.get(path).headers["Location"].startswith(SIGN_IN)


def test_a_wrong_password_is_said_in_words_without_telling_which_was_wrong(client):
    ready(testing.kaede())
    known = post_password(client, password="wrong").content.decode()
    unknown = post_password(client, "nobody", password="wrong").content.decode()
    for page in (known, unknown):
        assert "職員番号かパスワードが違います" in page
        assert "SIGN_IN_MISMATCH" in page
    assert sign_ins() == [("SIGN_IN_FAILED", "(不明)"), ("SIGN_IN_FAILED", "kaede")]


def test_what_was_typed_wrong_is_kept_nowhere(client):
    """A10."""
    post_password(client, "my-secret-password", password="another-secret")
    entries = str(list_entries().entries)
    assert "secret" not in entries
    (attempt,) = AccessAttempt.objects.all()
    assert "another-secret" not in attempt.post_data
    assert "my-secret" not in attempt.post_data


def test_five_wrong_tries_lock_this_id_at_this_address_for_fifteen_minutes(client, client2):
    ready(testing.kaede())
    ready(testing.nagi())
    for _ in range(4):
        assert post_password(client, password="wrong").status_code == 200
    response = post_password(client, "ｋａｅｄｅ", password="wrong")
    assert response.status_code == 429
    page = response.content.decode()
    assert "LOCKED_OUT" in page
    assert "15分" in page
    assert post_password(client).status_code == 429, "even with the right password"
    assert post_password(client, "nagi").headers["Location"] == FACTOR
    other = client2.post(SIGN_IN, {"login": "kaede", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert other.headers["Location"] == FACTOR


@pytest.fixture
def client2():
    from django.test import Client

    return Client()


def test_a_lock_ends_by_itself(client, settings):
    from datetime import timedelta

    from django.db.models import F

    ready(testing.kaede())
    for _ in range(5):
        post_password(client, password="wrong")
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=16))
    assert post_password(client).headers["Location"] == FACTOR


def test_wrong_codes_count_as_wrong_passwords_do(client):
    ready(testing.kaede())
    post_password(client)
    answers = [client.post(FACTOR, {"code": "000000"}).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert client.post(FACTOR, {"code": code()}).status_code == 429
    assert not is_in(client)
    assert sign_ins().count(("SIGN_IN_FAILED", "kaede")) == 5


def test_a_code_works_once(client, client2):
    """A8."""
    ready(testing.kaede())
    now = code()
    post_password(client)
    client.post(FACTOR, {"code": now})
    assert is_in(client)
    cache.clear()  # as in another process, which has not seen it
    post_password(client2)
    response = client2.post(FACTOR, {"code": now})
    assert "CODE_WRONG" in response.content.decode()
    assert not is_in(client2)
    client2.post(FACTOR, {"code": code(1)})
    assert is_in(client2)


def test_an_earlier_code_does_not_work_after_a_later_one(client, client2):
    ready(testing.kaede())
    post_password(client)
    client.post(FACTOR, {"code": code(1)})
    post_password(client2)
    client2.post(FACTOR, {"code": code(0)})
    assert not is_in(client2)


def test_secrets_are_sealed_in_the_database():
    ready(testing.kaede())
    assert TOTP_SECRET not in str(Authenticator.objects.get().data)


def test_without_a_second_factor_nothing_opens_but_setting_one_up(client):
    """A1."""
    testing.with_password(testing.kaede())
    post_password(client)
    for path in ("/me/", "/approvals/", "/me/passkeys/1/remove/", "/me/recovery-codes/"):
        assert client.get(path).headers["Location"] == "/me/set-up/", path
        assert client.post(path).headers["Location"] == "/me/set-up/", path
    assert client.get("/staff/").status_code == 403
    assert client.get("/me/set-up/").status_code == 200
    page = client.get("/me/app/add/")
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    wrong = client.post("/me/app/add/", {"code": "000000"})
    assert "CODE_WRONG" in wrong.content.decode()
    done = client.post("/me/app/add/", {"code": pyotp.TOTP(secret).now()})
    assert done.headers["Location"] == "/me/recovery-codes/"
    codes = client.get("/me/recovery-codes/").content.decode()
    assert codes.count("<li>") >= 10
    again = client.get("/me/recovery-codes/").content.decode()
    assert "見なおすことはできません" in again
    assert client.get("/me/").status_code == 200
    assert ("TOTP_ADDED", "kaede") in sign_ins()


def test_the_code_that_proved_the_app_does_not_sign_in_again(client, client2):
    testing.with_password(testing.kaede())
    post_password(client)
    client.get("/me/app/add/")
    now = pyotp.TOTP(client.session["mfa.totp.secret"]).now()
    client.post("/me/app/add/", {"code": now})
    post_password(client2)
    client2.post(FACTOR, {"code": now})
    assert not is_in(client2)


def test_a_recovery_code_signs_in_once(client, client2):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    kaede = ready(testing.kaede())
    one = RecoveryCodes.activate(kaede).get_unused_codes()[0]
    post_password(client)
    client.post(FACTOR, {"code": one})
    assert is_in(client)
    post_password(client2)
    client2.post(FACTOR, {"code": one})
    assert not is_in(client2)


def test_a_first_password_is_changed_before_anything_else(client):
    testing.sango()
    password = unit.run(
        actions.add_staff,
        actor=actor_for(testing.sango()),
        staff_id="hana",
        display_name="浜田 はな",
        role=Role.CLERK,
    )
    post_password(client, "hana", password)
    for path in ("/me/", "/me/set-up/", "/me/app/add/"):
        assert client.get(path).headers["Location"] == "/me/password/"
    new = "umi-no-mieru-machi"
    form = {"oldpassword": password, "password1": new, "password2": new}
    for bad, expected in (
        ({"oldpassword": "wrong"}, "CURRENT_PASSWORD_WRONG"),
        ({"password2": "umi-no-mieru-mado"}, "PASSWORDS_DIFFER"),
        ({"password1": "short", "password2": "short"}, "PASSWORD_TOO_SHORT"),
        ({"password1": password, "password2": password}, "PASSWORD_UNCHANGED"),
        ({"password1": "q1w2e3r4t5y6", "password2": "q1w2e3r4t5y6"}, "PASSWORD_TOO_COMMON"),
    ):
        assert expected in client.post("/me/password/", form | bad).content.decode(), bad
    too_often = client.post("/me/password/", form)
    assert too_often.status_code == 429
    assert "TOO_MANY_TRIES" in too_often.content.decode()
    cache.clear()  # a minute later
    client.post("/me/password/", form)
    assert not Staff.objects.get(staff_id="hana").password_is_initial
    assert client.get("/me/").headers["Location"] == "/me/set-up/"


def test_changing_the_password_ends_ones_other_sessions(client, client2):
    kaede = ready(testing.kaede())
    for one in (client, client2):
        testing.signed_in(one, kaede)
    new = "umi-no-mieru-machi"
    client.post("/me/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert client.get("/me/").status_code == 200
    assert client2.get("/me/").headers["Location"].startswith(SIGN_IN)


def test_a_session_ends_when_the_role_changes(client):
    """A7."""
    kaede = testing.kaede()
    testing.signed_in(client, kaede)
    assert client.get("/me/").status_code == 200
    unit.run(
        actions.change_role, actor=actor_for(testing.sango()), staff_id="kaede", role=Role.SENIOR
    )
    assert client.get("/me/").headers["Location"].startswith(SIGN_IN)


def test_a_session_ends_when_the_account_is_closed_and_signing_in_says_so(client):
    kaede = ready(testing.kaede())
    testing.signed_in(client, kaede)
    unit.run(actions.suspend, actor=actor_for(testing.sango()), staff_id="kaede")
    assert client.get("/me/").headers["Location"].startswith(SIGN_IN)
    response = post_password(client)
    assert response.status_code == 403
    assert "ACCOUNT_CLOSED" in response.content.decode()


def test_a_session_ends_after_minutes_without_use(client, settings):
    testing.signed_in(client, testing.kaede())
    assert settings.SESSION_COOKIE_AGE == 20 * 60
    session = client.session
    session.set_expiry(-1)
    session.save()
    assert client.get("/me/").headers["Location"].startswith(SIGN_IN)


def test_the_command_lines_account_never_comes_in_through_a_browser(client):
    member = unit.run(command_line.bind_command_line, os_user="worker", by="test")
    member.set_password(PASSWORD)
    member.save()
    assert post_password(client, member.staff_id).status_code == 403
    client.force_login(member, backend=testing.BACKEND)
    assert client.get("/me/").headers["Location"].startswith(SIGN_IN)


def test_signing_out_ends_the_session_and_takes_a_press(client):
    testing.signed_in(client, testing.kaede())
    assert client.get("/sign-out/").status_code == 405
    assert is_in(client)
    client.post("/sign-out/")
    assert not is_in(client)
    assert sign_ins()[0] == ("SIGNED_OUT", "kaede")


def test_after_signing_in_one_comes_back_to_where_one_was_and_never_elsewhere(client):
    ready(testing.kaede())
    client.post(f"{SIGN_IN}?next=/approvals/", {"login": "kaede", "password": PASSWORD})
    assert client.post(FACTOR, {"code": code()}).headers["Location"] == "/approvals/"


def test_a_foreign_address_is_not_followed(client):
    ready(testing.kaede())
    client.post(f"{SIGN_IN}?next=https://evil.example/", {"login": "kaede", "password": PASSWORD})
    assert "evil" not in client.post(FACTOR, {"code": code()}).headers["Location"]


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_reset_password",
        "account_set_password",
        "account_email",
        "account_confirm_email",
        "mfa_login_webauthn",
        "mfa_signup_webauthn",
        "mfa_trust",
    ],
)
def test_what_this_office_does_not_offer_has_no_route(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_forms_help_password_managers_and_keyboards(client):
    ready(testing.kaede())
    page = client.get(SIGN_IN).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "autofocus" in page
    post_password(client)
    page = client.get(FACTOR).content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"login": "kaede"},
        {"login": "\x00", "password": "x"},
        {"login": "x" * 500, "password": "y"},
    ],
)
def test_bad_input_is_answered_in_words(client, sent):
    response = client.post(SIGN_IN, sent)
    assert response.status_code == 200
    assert "data-problems" in response.content.decode()


def test_a_sign_in_that_cannot_be_recorded_does_not_happen(client, monkeypatch):
    ready(testing.kaede())
    post_password(client)

    def broken(records):
        raise OSError

    monkeypatch.setattr(unit, "_recorder", broken)
    client.raise_request_exception = False
    assert client.post(FACTOR, {"code": code()}).status_code == 500
    assert not is_in(client)
