"""What is sent to a route: other hosts, other places to go, bytes no form makes, too much of it."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.test import Client

from madoguchi.accounts import testing as staff
from madoguchi.web import uploads
from tests.doors import walking
from tests.doors.walking import DOORS, body_of, everywhere

pytestmark = pytest.mark.django_db
ELSEWHERE = "evil.example"
#: Calls of other systems take no forms (tests/test_openapi.py).
PAGES = tuple(one for one in DOORS if not one.route.startswith("api/"))
FORM = "application/x-www-form-urlencoded"
GOING = ("next", "back", "return", "return_to", "to", "url", "redirect", "from", "home")
AWAY = (f"https://{ELSEWHERE}/", f"//{ELSEWHERE}/", f"/\\{ELSEWHERE}/", f"\t//{ELSEWHERE}/")


def _leads_away(answer):
    where = (
        answer.get("Location", "") + answer.get("HX-Redirect", "") + answer.get("HX-Location", "")
    )
    where += answer.get("Refresh", "")
    # The page of signing in is given back where one came from, as part of its own address.
    bare = where.split("?")[0]
    return ELSEWHERE in bare or bare.startswith(("//", "/\\", "http"))


def _turned(values, turn):
    """Give each name one of the values; in as many turns as there are values it has had them all."""
    return {name: values[(at + turn) % len(values)]
            for at, name in enumerate((*GOING, *walking.names_read()))}  # fmt: skip


def _turns(count):
    """The first turn is for every day, the others for the long run."""
    return [0, *(pytest.param(turn, marks=pytest.mark.full) for turn in range(1, count))]


@pytest.mark.parametrize("turn", _turns(len(AWAY)))
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_route_sends_a_browser_elsewhere(insider, method, turn):
    wrong = everywhere(
        insider,
        lambda browser, door: getattr(browser, method)(
            door.address, _turned(AWAY, turn), headers={"referer": f"https://{ELSEWHERE}/"}),
        _leads_away,
    )  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("away", AWAY)
def test_signing_in_leads_nowhere_else(db, away):
    staff.with_password(staff.kaede())
    client = Client()
    answer = client.post(
        "/sign-in/", {"login": "kaede", "password": staff.PASSWORD, "next": away}, follow=False
    )
    assert answer.status_code == 302 and not _leads_away(answer)


@pytest.mark.parametrize("host", [ELSEWHERE, f"localhost:80@{ELSEWHERE}"])
def test_a_host_that_is_not_ours_is_refused_everywhere(insider, host):
    wrong = everywhere(
        insider,
        lambda browser, door: browser.get(door.address, headers={"host": host}),
        lambda answer: answer.status_code != 400 or ELSEWHERE.encode() in body_of(answer),
    )
    assert wrong == []


def test_a_host_told_by_a_stranger_beside_ours_is_not_believed(insider):
    """A proxy's words count only from a front we named (entry/proxies.py)."""
    wrong = everywhere(
        insider,
        lambda browser, door: browser.get(
            door.address, headers={"x-forwarded-host": ELSEWHERE, "x-forwarded-proto": "https",
                                   "forwarded": f"host={ELSEWHERE}"}),
        lambda answer: ELSEWHERE.encode() in body_of(answer) or _leads_away(answer),
    )  # fmt: skip
    assert wrong == []


BAD = {
    "a NUL": "a\0b",
    "a lone surrogate": "\ud800",
    "a number too long": "9" * 5000,
    "a number below": "-1",
    "a fraction": "1e309",
    "another's digits": "１２³",
    "a day that is none": "2026-02-30",
    "the last day there is": "9999-12-31",
    "the first day there is": "0001-01-01",
    "a long text": "あ" * 2_000,
    "a formula": "=cmd|' /C calc'!A0",
    "a piece of SQL": "'; DROP TABLE register_person; --",
    "a path": "../../../../etc/passwd",
    "a template": "{{ settings.SECRET_KEY }}",
}


@pytest.mark.parametrize("turn", _turns(len(BAD)))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_value_no_form_makes_is_refused_and_never_our_mistake(insider, method, turn):
    """Each name that any form or view reads is sent to each route, with a bad value each."""
    bad = [one.encode("utf-8", "surrogatepass") for one in BAD.values()]
    # An address has an end too.
    given = _turned([one[:60] for one in bad] if method == "get" else bad, turn)
    assert len(given) > 150
    secret = _secret()
    sent = urlencode(given)
    wrong = everywhere(
        insider,
        lambda browser, door: (
            browser.get(f"{door.address}?{sent}") if method == "get"
            else browser.post(door.address, sent, content_type=FORM)),
        lambda answer: answer.status_code >= 500 or secret in body_of(answer),
    )  # fmt: skip
    assert wrong == []


def _secret():
    from django.conf import settings

    return settings.SECRET_KEY.encode()


@pytest.mark.parametrize("text", ["a%00b", "%ff%fe", "a" * 3000, "%0d%0aSet-Cookie:x=1"])
def test_a_bad_address_is_refused_and_never_our_mistake(insider, text):
    wrong = everywhere(
        insider,
        lambda browser, door: browser.get(door.address_of(text)),
        lambda answer: answer.status_code >= 500 or "x" in answer.cookies,
        doors=tuple(one for one in DOORS if one.has_id),
    )
    assert wrong == []


def test_a_body_larger_than_any_form_is_refused(settings, db):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    staff.signed_in(client, walking.holder_of_all_rights())
    client.cookies["csrftoken"] = "a" * 32
    wrong = everywhere(
        client,
        lambda browser, door: browser.post(
            door.address, "a=" + "x" * 4_000, content_type=FORM),
        lambda answer: answer.status_code not in (400, 413),
        doors=PAGES,
    )  # fmt: skip
    assert wrong == []


def test_a_file_larger_than_any_reader_takes_is_refused_before_it_is_kept(monkeypatch, db):
    monkeypatch.setattr(uploads, "BODY_MAX", 2_000)
    monkeypatch.setattr(uploads, "BODY_MAX_OF", {"register:start_import": 3_000})
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    staff.signed_in(client, walking.holder_of_all_rights())
    client.cookies["csrftoken"] = "a" * 32
    wrong = everywhere(
        client,
        lambda browser, door: browser.post(door.address, {"file": BytesIO(b"x" * 4_000)}),
        lambda answer: answer.status_code != 413,
        doors=PAGES,
    )
    assert wrong == []


def test_a_thousand_and_one_fields_are_refused(db):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    staff.signed_in(client, walking.holder_of_all_rights())
    client.cookies["csrftoken"] = "a" * 32
    wrong = everywhere(
        client,
        lambda browser, door: browser.post(
            door.address, "&".join(f"a{n}=1" for n in range(1001)),
            content_type=FORM),
        lambda answer: answer.status_code != 400,
        doors=PAGES,
    )  # fmt: skip
    assert wrong == []
