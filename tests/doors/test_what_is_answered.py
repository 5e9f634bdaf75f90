"""What every answer carries: who may run what in it, who may frame it, how its cookies travel."""

from __future__ import annotations

import io
import logging
from logging.config import DictConfigurator

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.deprecation import MiddlewareMixin

from madoguchi.accounts import testing as staff
from tests.doors import walking
from tests.doors.walking import DOORS, body_of, everywhere

pytestmark = pytest.mark.django_db
#: A finished paper is shown in a frame of our own page.
FRAMED_BY_US = "certificates/<str:request_id>/copies/<int:copy_no>/"
INTERNALS = (
    b"Traceback", b"site-packages", b"psycopg", b"OperationalError", b"DoesNotExist", b"DEBUG",
    b"madoguchi.entry", b"WSGIRequest", b"Django Version", b"SELECT ",
)  # fmt: skip


def _headers_missing(answer):
    policy = answer.get("Content-Security-Policy", "")
    parts = {one.split()[0]: one.split()[1:] for one in policy.split(";") if one.strip()}
    missing = []
    if parts.get("default-src", ["'none'"]) != ["'none'"] or parts.get("frame-ancestors") not in (
        ["'none'"],
        ["'self'"],
    ):
        missing.append("CSP")
    if "unsafe" in policy or "*" in policy or "http:" in policy.replace("http://127.0.0.1", ""):
        missing.append("CSP too wide")
    if answer.get("X-Frame-Options") not in ("DENY", "SAMEORIGIN"):
        missing.append("X-Frame-Options")
    if answer.get("X-Content-Type-Options") != "nosniff":
        missing.append("nosniff")
    if answer.get("Referrer-Policy") != "same-origin":
        missing.append("Referrer-Policy")
    if "camera=()" not in answer.get("Permissions-Policy", ""):
        missing.append("Permissions-Policy")
    if answer.get("Cross-Origin-Opener-Policy") != "same-origin":
        missing.append("Cross-Origin-Opener-Policy")
    if "Server" in answer or "X-Powered-By" in answer:
        missing.append("names its server")
    if "Access-Control-Allow-Origin" in answer:
        missing.append("open to other origins")
    return ", ".join(missing)


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
@pytest.mark.parametrize("who", ["stranger", "insider"])
def test_every_answer_carries_its_headers(request, who, method):
    client = request.getfixturevalue(who)
    wrong = everywhere(
        client, lambda browser, door: browser.generic(method, door.address), _headers_missing
    )
    assert wrong == []


def test_nobody_frames_a_page_but_the_paper_in_our_own(insider):
    wrong = everywhere(
        insider,
        lambda browser, door: browser.get(door.address),
        lambda answer: answer.get("X-Frame-Options") != "DENY",
        doors=tuple(one for one in DOORS if one.route != FRAMED_BY_US),
    )
    assert wrong == []


def test_a_page_seen_with_a_session_is_not_kept_by_the_browser(insider):
    wrong = everywhere(
        insider,
        lambda browser, door: browser.get(door.address),
        lambda answer: (
            answer.status_code == 200
            and "no-store" not in answer.get("Cache-Control", "")
            and "public" not in answer.get("Cache-Control", "")
            and "immutable" not in answer.get("Cache-Control", "")
        ),
    )
    assert wrong == []


def test_no_page_runs_or_paints_by_itself(insider):
    """What the policy forbids does not stand in any page: no script, style or handler within it."""
    import re

    within = re.compile(
        rb"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son\w+=\"|\sstyle=\"|javascript:",
        re.IGNORECASE,
    )

    def wrong_in(answer):
        if "html" not in answer.get("Content-Type", ""):
            return ""
        found = within.search(body_of(answer))
        return found and found[0].decode()

    assert everywhere(insider, lambda browser, door: browser.get(door.address), wrong_in) == []


def _bad_cookies(answer, *, secure):
    found = []
    for name, cookie in answer.cookies.items():
        gone = cookie["max-age"] == 0
        if not cookie["samesite"] and not gone:
            found.append(f"{name} without SameSite")
        if not cookie["httponly"] and not gone:
            found.append(f"{name} for scripts")
        if secure and not cookie["secure"] and not gone:
            found.append(f"{name} without TLS")
        if cookie["domain"]:
            found.append(f"{name} for other hosts")
    return ", ".join(found)


@pytest.mark.parametrize("who", ["stranger", "insider"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_cookie_is_kept_from_scripts_other_sites_and_plain_lines(
    request, settings, who, method
):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.HTTPS = True
    client = request.getfixturevalue(who)
    wrong = everywhere(
        client,
        lambda browser, door: getattr(browser, method)(door.address, secure=True),
        lambda answer: _bad_cookies(answer, secure=True),
    )
    assert wrong == []


def test_a_session_planted_beforehand_is_never_the_one_that_is_signed_in(db):
    """Session fixation: no route makes a session under a key that the browser brought."""
    planted = "plantedplantedplantedplantedplan"
    client = Client(raise_request_exception=False)
    client.cookies[django_settings.SESSION_COOKIE_NAME] = planted
    for method in ("get", "post"):
        wrong = everywhere(
            client,
            lambda browser, door, method=method: getattr(browser, method)(door.address),
            lambda answer: Session.objects.filter(session_key=planted).exists(),
        )
        assert wrong == []


def test_signing_in_changes_the_key_and_signing_out_ends_it(db):
    client = Client()
    client.get("/sign-in/")
    client.cookies[django_settings.SESSION_COOKIE_NAME] = before = "a" * 32
    client.post("/demo/sign-in/kaede/")
    key = walking.session_cookie(client)
    assert key != before and client.get("/me/").status_code == 200
    client.post("/sign-out/")
    thief = Client()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = key
    assert thief.get("/me/").status_code == 302
    assert not Session.objects.filter(session_key=key).exists()


def test_signing_in_anew_ends_the_session_before(db):
    client = Client()
    client.post("/demo/sign-in/kaede/")
    first = walking.session_cookie(client)
    client.post("/demo/sign-in/nagi/")
    assert walking.session_cookie(client) != first
    assert not Session.objects.filter(session_key=first).exists()


class Breaks(MiddlewareMixin):
    """A view that fails with words nobody may read."""

    def process_view(self, *_given):
        raise RuntimeError("password=himitsu SELECT name FROM register_person")


def test_a_mistake_of_ours_says_nothing_of_the_inside(insider, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.doors.test_what_is_answered.Breaks"]
    wrong = everywhere(
        insider,
        lambda browser, door: browser.get(door.address),
        lambda answer: (
            answer.status_code != 500
            or b"himitsu" in body_of(answer)
            or any(word in body_of(answer) for word in INTERNALS)
            or _headers_missing(answer)
        ),
    )
    assert wrong == []


@pytest.mark.parametrize("who", ["stranger", "insider"])
def test_no_answer_names_the_inside(request, who):
    client = request.getfixturevalue(who)
    wrong = everywhere(
        client,
        lambda browser, door: browser.get(door.address_of("%00")),
        lambda answer: [word for word in INTERNALS if word in body_of(answer)] and "inside",
    )
    assert wrong == []


@pytest.fixture
def log():
    """What the product's own handler would write, from every logger."""
    made = DictConfigurator(django_settings.LOGGING)
    for part in ("formatters", "filters"):
        for name, given in django_settings.LOGGING[part].items():
            configure = getattr(made, f"configure_{part[:-1]}")
            made.config[part][name] = configure(dict(given))
    handler = made.configure_handler(dict(django_settings.LOGGING["handlers"]["err"]))
    handler.setStream(io.StringIO())
    handler.setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    yield handler.stream
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("who", ["stranger", "insider"])
@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_whose_page_was_asked_for_stands_in_no_log_line(request, log, who, method):
    client = request.getfixturevalue(who)
    staff.tsuru()
    everywhere(
        client,
        lambda browser, door: getattr(browser, method)(door.address_of("shiomi-rin-1990")),
        lambda answer: None,
    )
    assert "rin-1990" not in log.getvalue()
