"""Who comes in: nobody without the right, nobody by somebody's id, nothing without the page's seal."""

from __future__ import annotations

import pytest
from django.test import Client

from madoguchi.accounts import testing as staff
from madoguchi.accounts.domain import Role
from madoguchi.web.access import THIRD_PARTY
from tests.doors import walking
from tests.doors.walking import DOORS, body_of, everywhere

pytestmark = pytest.mark.django_db
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
#: The routes that a stranger must reach; one more is a decision, written here.
assert THIRD_PARTY


def test_there_is_something_to_walk():
    assert len(DOORS) > 300
    assert sum(door.has_id for door in DOORS) > 100


#: Calls of other systems look at no cookie, so nobody's browser can be made to send one.
CALLS = tuple(one for one in DOORS if one.route.startswith("api/v1/"))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_session_opens_no_call_of_other_systems(insider, method):
    closed = tuple(one for one in CALLS if not one.route.endswith("openapi.json"))
    assert len(closed) >= 5
    wrong = everywhere(
        insider,
        lambda browser, door: browser.generic(method, door.address),
        lambda answer: answer.status_code not in (401, 404, 405),
        doors=closed,
    )
    assert wrong == []


@pytest.mark.parametrize("method", UNSAFE)
def test_nothing_is_changed_without_the_seal_of_a_page(db, method):
    """CSRF: with a session and every right, but without the page's seal, each route refuses."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    staff.signed_in(client, walking.holder_of_all_rights())
    wrong = everywhere(
        client,
        lambda browser, door: browser.generic(method, door.address),
        lambda answer: answer.status_code not in (403, 404, 405) or _did(answer),
        doors=tuple(one for one in DOORS if one not in CALLS),
    )
    assert wrong == []


def _did(answer):
    """A 404 or 405 before the seal was looked at would hide a route that never looks."""
    return "" if answer.status_code == 403 else f"answered before the seal: {answer.status_code}"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_a_method_no_page_uses_does_nothing(insider, method):
    wrong = everywhere(
        insider,
        lambda browser, door: browser.generic(method, door.address),
        lambda answer: answer.status_code not in (302, 401, 403, 404, 405),
    )
    assert wrong == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", [Role.OTHER, Role.OFFICER, Role.CLERK])
def test_whoever_lacks_the_right_is_stopped_at_every_route(db, role, method):
    """IDOR across functions: the address alone opens nothing; the refusal is the same for all."""
    member = staff.staff(f"walks-{role.value.lower()}", "島 あゆむ", role)
    client = staff.signed_in(Client(raise_request_exception=False), member)
    closed = tuple(one for one in DOORS if one.access.rights - member.rights)
    assert len(closed) > 20
    wrong = everywhere(
        client,
        lambda browser, door: browser.generic(method, door.address),
        lambda answer: answer.status_code != 403,
        doors=closed,
    )
    assert wrong == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stranger_is_sent_to_sign_in_from_every_route_that_is_not_open(stranger, method):
    closed = tuple(one for one in DOORS if not one.access.anonymous)
    wrong = everywhere(
        stranger,
        lambda browser, door: browser.generic(method, door.address),
        lambda answer: answer.status_code != 302 or not answer["Location"].startswith("/sign-in/"),
        doors=closed,
    )
    assert wrong == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_id_of_nobody_opens_nothing_and_is_no_mistake_of_ours(insider, method):
    """IDOR by object: with every right, an unknown id gives no file and no crash."""
    wrong = everywhere(
        insider,
        lambda browser, door: browser.generic(method, door.address),
        lambda answer: (
            answer.status_code >= 500 or "attachment" in answer.get("Content-Disposition", "")
        ),
        doors=tuple(one for one in DOORS if one.has_id),
    )
    assert wrong == []


def test_no_id_is_read_back_to_whoever_sent_it(insider):
    """What stands in the address is not written into the page unescaped."""
    mark = "<b>x</b>&'\""
    wrong = everywhere(
        insider,
        lambda browser, door: browser.get(
            door.address_of("x%3Cb%3Ex%3C%2Fb%3E%22"), {"q": mark, "next": mark}
        ),
        lambda answer: b"<b>x</b>" in body_of(answer),
    )
    assert wrong == []
