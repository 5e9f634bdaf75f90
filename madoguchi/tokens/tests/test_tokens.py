"""Keys: made once, kept as a hash, good until they end or are taken back."""

from datetime import timedelta

import pytest
from django.test import Client

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Refused
from madoguchi.tokens.actions import make_token, revoke_token
from madoguchi.tokens.domain import RIGHTS, Scope, check_token
from madoguchi.tokens.models import Token
from madoguchi.tokens.queries import find_holder, list_tokens

pytestmark = pytest.mark.django_db
GOOD = {"name": "子育て支援課", "scopes": ["tasks:read"], "section": "", "days": 90}


def make(**given):
    actor = given.pop("actor", None) or staff.actor_for(staff.sango())
    now = given.pop("now", None) or clock.now()
    return unit.run(make_token, **(GOOD | given), actor=actor, now=now)


def test_t1_the_key_is_kept_nowhere():
    token_id, secret = make()
    row = Token.objects.get()
    assert row.token_id == token_id
    assert secret not in str(vars(row)) and len(row.digest) == 64
    assert find_holder(secret, now=clock.now()).name == "子育て支援課"
    assert secret not in repr(list_tokens(now=clock.now()))


def test_t2_unknown_ended_and_taken_back_are_one_nothing():
    now = clock.now()
    token_id, secret = make()
    assert find_holder(secret, now=now + timedelta(days=91)) is None
    assert find_holder(secret[:-1] + ("A" if secret[-1] != "A" else "B"), now=now) is None
    assert find_holder("", now=now) is None
    unit.run(revoke_token, token_id=token_id, actor=staff.actor_for(staff.sango()), now=now)
    assert find_holder(secret, now=clock.now()) is None
    with pytest.raises(Refused):
        unit.run(revoke_token, token_id=token_id, actor=staff.actor_for(staff.sango()), now=now)


def test_t3_no_scope_sees_whom_a_measure_protects():
    assert set(RIGHTS) == set(Scope)
    closed = {Right.SEE_PROTECTED, Right.SET_PROTECTION, Right.LIFT_PROTECTION, Right.SEE_NUMBERS}
    assert all(closed.isdisjoint(rights) for rights in RIGHTS.values())


def test_every_reason_at_once():
    codes = [one.code for one in check_token(name=" ", scopes=["tasks:all"], section="", days=400)]
    assert codes == ["TOKEN_NAMELESS", "TOKEN_SCOPES", "TOKEN_DAYS"]


@pytest.mark.parametrize("who", [staff.kaede, staff.kai, staff.tsuru])
def test_only_who_manages_staff_makes_keys(who):
    with pytest.raises(Refused):
        make(actor=staff.actor_for(who()))
    assert not Token.objects.exists()


@pytest.fixture
def officer(client):
    return staff.signed_in(client, staff.sango())


FORM = {"name": "水道課", "scopes": ["tasks:read", "tasks:write"], "section": "WATER", "days": 30}


def test_the_page_shows_a_key_once(officer):
    said = officer.post("/tokens/", FORM).content.decode()
    secret = said.split('<code class="once">')[1].split("</code>")[0]
    assert find_holder(secret, now=clock.now()).section == "WATER"
    again = officer.get("/tokens/").content.decode()
    assert secret not in again and "水道課" in again
    (kept,) = list_entries(wanted=EntryFilter(action="TOKEN_MADE")).entries
    assert kept.note.staff_id == "sango"


def test_the_page_says_what_is_wrong(officer):
    answer = officer.post("/tokens/", {"name": "", "days": "0"})
    assert answer.status_code == 422
    assert not Token.objects.exists()


def test_the_page_takes_a_key_back_and_knows_no_other(officer):
    officer.post("/tokens/", FORM)
    token_id = Token.objects.get().token_id
    assert officer.post(f"/tokens/{token_id}/revoke/").status_code == 302
    assert Token.objects.get().revoked_by == "sango"
    assert officer.post(f"/tokens/{token_id}/revoke/").status_code == 404
    assert officer.post("/tokens/nobodys/revoke/").status_code == 404


@pytest.mark.parametrize("who", [staff.kaede, staff.nagi, staff.tsuru])
def test_others_are_refused(who):
    client = staff.signed_in(Client(), who())
    assert client.get("/tokens/").status_code == 403
    assert client.post("/tokens/", FORM).status_code == 403
    assert client.post("/tokens/x/revoke/").status_code == 403
    assert not Token.objects.exists()
