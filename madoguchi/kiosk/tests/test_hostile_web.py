"""Strangers, stale tabs and giant numbers before the resident's screens."""

import pytest

from madoguchi.infra import clock, unit
from madoguchi.infra.unit import Busy
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kiosk import testing as k
from madoguchi.kiosk.actions import helping, pressing, proving
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.domain.steps import End, Step
from madoguchi.kiosk.models import Payment
from madoguchi.kiosk.tests.test_resident_web import (
    NOW,
    press,
    prove,
    row,
    screen,
    sit_down,
    to_kind,
    to_pay,
    to_pin,
)
from madoguchi.kiosk.views import holding

pytestmark = pytest.mark.django_db


def held(client):
    """Tell whether the browser still holds its session."""
    return bool(client.cookies[holding.SESSION_COOKIE].value)


# -- two tabs, one moment ----------------------------------------------------------------------------


def test_box_in_one_tab_till_in_the_other_gives_no_free_paper(
    client, people, cards, machine, monkeypatch
):
    """The press was read while the box was chosen; the other tab chose the till just then."""
    from madoguchi.kiosk.views import resident

    sit_down(client)
    to_pay(client)
    k.make(row())
    press(client, method="COIN_BOX")
    stale = row()
    press(client, method="CASHLESS")
    monkeypatch.setattr(resident, "session_of", lambda _request: stale)
    press(client, step=Step.PAY)
    assert row().step is Step.PAY
    assert not Payment.objects.filter(stage="PAID").exists()


def test_the_till_answers_when_the_resident_has_gone_over_to_the_box(
    client, people, cards, machine, monkeypatch
):
    from madoguchi.kiosk.domain.devices import PaymentStage
    from madoguchi.kiosk.views import devices

    sit_down(client)
    to_pay(client)
    press(client, method="CASHLESS")
    stale = row()
    press(client, method="COIN_BOX")
    machine.till_stage = PaymentStage.PAID
    monkeypatch.setattr(devices, "session_of", lambda _request: stale)
    client.post("/kiosk/progress/")
    assert Payment.objects.get(method="COIN_BOX").stage == "WAITING"


def test_a_screen_that_has_moved_on_while_it_was_drawn_is_no_error(
    client, people, cards, monkeypatch
):
    """Another tab passed the PIN between our look and the challenge."""
    sit_down(client)
    to_pin(client)

    def moved(**_given):
        raise Refused(Problem(code="KIOSK_STEP_PASSED"))

    monkeypatch.setattr(proving, "new_challenge", moved)
    answer = client.get(NOW)
    assert (answer.status_code, answer.url) == (302, NOW)
    assert held(client)


def test_a_busy_moment_while_the_pin_screen_is_drawn_stays_at_the_kiosk(
    client, people, cards, monkeypatch
):
    sit_down(client)
    to_pin(client)

    def busy(**_given):
        raise Busy

    monkeypatch.setattr(proving, "new_challenge", busy)
    answer = client.get(NOW)
    assert answer.status_code == 409
    assert "kiosk/screen.html" in [one.name for one in answer.templates]


# -- a session is not thrown away ---------------------------------------------------------------------


@pytest.mark.parametrize("error", [Busy(), Refused(Problem(code="KIOSK_TERMINAL_UNKNOWN"))])
def test_a_bell_nobody_can_ring_now_does_not_cost_the_session(
    client, people, cards, monkeypatch, error
):
    sit_down(client)
    to_kind(client)

    def fails(**_given):
        raise error

    monkeypatch.setattr(helping, "call_staff", fails)
    assert client.post("/kiosk/call/").url == NOW
    assert held(client)
    assert screen(client).status_code == 200


@pytest.mark.parametrize(
    ("path", "how"),
    [("sample/", "get"), ("receipt/file/", "get"), ("beside/", "get"), ("call/", "post")],
)
def test_an_address_of_another_kind_of_session_does_not_cost_this_one(
    client, people, cards, path, how
):
    """A web session knows no bell, a real one no sample: the way leads back to its screen."""
    web_session(client) if path in ("beside/", "call/") else (sit_down(client), to_kind(client))
    answer = getattr(client, how)(f"/kiosk/{path}")
    assert (answer.status_code, answer.url) == (302, NOW)
    assert held(client)


def web_session(client):
    k.terminal("W1", channel="WEB", methods=(Method.CASHLESS,))
    assert client.post("/tax/open/").url == NOW


def test_a_clerks_code_in_a_busy_moment_leads_back_to_the_screen(
    client, people, cards, monkeypatch
):
    sit_down(client)
    to_kind(client)

    def busy(**_given):
        raise Busy

    monkeypatch.setattr(helping, "staff_beside", busy)
    from madoguchi.kiosk.views import beside

    monkeypatch.setattr(beside, "check_code", lambda **_given: "kaede")
    answer = client.post("/kiosk/beside/", {"staff_id": "kaede", "digits": "123456"})
    assert answer.status_code == 409
    assert "kiosk/beside.html" in [one.name for one in answer.templates]


# -- numbers nobody types --------------------------------------------------------------------------------

GIANT = "9" * 5_000


def test_a_giant_number_of_copies_is_refused_in_words(client, people, cards):
    sit_down(client)
    to_kind(client)
    press(client, kind="resident_record_household")
    while row().step is not Step.COPIES:
        press(client, part="SELF")
    assert press(client, copies=GIANT).status_code == 422
    assert row().step is Step.COPIES


def test_a_giant_place_in_the_household_is_refused_in_words(client, people, cards):
    sit_down(client)
    to_kind(client, "father")
    press(client, kind="resident_record_household")
    assert row().step is Step.PART
    assert press(client, part="SOME", member=[GIANT]).status_code == 422
    assert row().step is Step.PART


@pytest.mark.parametrize("year", ["2026", "x" * 100_000])
def test_a_year_of_a_paper_without_years_is_refused_and_not_kept(client, people, cards, year):
    sit_down(client)
    to_kind(client)
    press(client, kind="resident_record_household")
    while row().step is not Step.ITEMS:
        press(client, part="SELF")
    assert press(client, year=year).status_code == 422
    assert row().choices.here.year == ""


# -- a proof is for one session, once ---------------------------------------------------------------------


def test_a_nonce_of_another_session_binds_nobody(client, people, cards):
    """Rin signs at K2; what she signed is posted at K1 by somebody else."""
    from django.test import Client

    other = sit_down(Client(), terminal_no="K2")
    to_pin(other)
    stolen = screen(other).context["nonce"]
    sit_down(client)
    to_pin(client)
    mine = row().session_id
    answer = post_proof(client, k.SERIALS["rin"], stolen)
    assert answer.status_code == 422
    assert (row().session_id, row().step, row().end) == (mine, Step.PIN, None)


def test_the_same_proof_posted_again_after_the_end_binds_nobody(client, people, cards):
    sit_down(client)
    to_pin(client)
    nonce = screen(client).context["nonce"]
    post_proof(client, k.SERIALS["aoi"], nonce)
    assert row().step is Step.CARD_BACK
    client.post("/kiosk/leave/")
    client.post("/kiosk/finish/")
    to_pin(client)
    assert post_proof(client, k.SERIALS["aoi"], nonce).status_code == 422
    assert row().step is Step.PIN


def post_proof(client, serial, nonce):
    import base64

    return press(
        client, nonce=nonce, certificate=base64.b64encode(serial.encode()).decode(),
        signature=base64.b64encode(b"s" * 256).decode(),
    )  # fmt: skip


def test_every_screen_by_its_address_moves_nothing_out_of_turn(client, people, cards):
    """Each step's press posted on every other step: only the one in turn does anything."""
    sit_down(client)
    to_kind(client)
    before = row()
    for step in Step:
        if step is not Step.KIND:
            assert press(client, step=step, kind="tax", copies="1", part="SELF").url == NOW
    after = row()
    assert (after.step, after.choices, after.touched_at) == (
        before.step, before.choices, before.touched_at,
    )  # fmt: skip


def test_a_file_of_the_web_page_is_gone_with_the_session(client, people, cards):
    web_session(client)
    unit.run(pressing.leave, session_id=row().session_id, how=End.LEFT, now=clock.now())
    assert client.post("/kiosk/download/").url == NOW


# -- an error nobody is there to answer ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "alone"), [("/kiosk/open/", True), ("/kiosk/desk/books/close/", False)]
)
def test_an_error_at_the_machine_leads_back_by_itself(people, path, alone):
    """No address bar, no keyboard, nobody to ask: the screen must not stay there for good."""
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post(path)
    assert answer.status_code == 403
    assert answer.headers.get("Refresh") == (f"15; url={NOW}" if alone else None)
    assert (f'href="{NOW}"' in answer.content.decode()) is alone


def test_a_giant_proof_is_not_even_decoded(client, people, cards, monkeypatch):
    from madoguchi.kiosk.views import proving as view

    seen = []
    real = view.base64.b64decode
    monkeypatch.setattr(
        view.base64, "b64decode", lambda text, **how: seen.append(len(text)) or real(text, **how)
    )
    sit_down(client)
    to_pin(client)
    nonce = screen(client).context["nonce"]
    press(client, nonce=nonce, certificate="A" * 4_000_000, signature="A" * 400)
    assert max(seen) < 20_000
    assert row().end is End.REFUSED


def test_a_clerk_is_written_down_by_the_number_of_the_account(client, people, cards, monkeypatch):
    """Typed in full width or capitals it is the same clerk, in the book as well."""
    from madoguchi.kiosk.models import Session
    from madoguchi.kiosk.views import beside

    monkeypatch.setattr(beside, "check_code", lambda **_given: "kaede")
    sit_down(client)
    to_kind(client)
    client.post("/kiosk/beside/", {"staff_id": "ＫＡＥＤＥ ", "digits": "123456"})
    assert Session.objects.get().staff_id == "kaede"


def test_looking_at_the_pin_screen_again_and_again_leaves_nothing(client, people, cards):
    from datetime import timedelta

    from madoguchi.kiosk.models import Challenge

    sit_down(client)
    to_pin(client)
    for _ in range(5):
        screen(client)
    prove(client, k.SERIALS["aoi"])
    assert Challenge.objects.filter(held=True).count() == 1
    assert proving.forget_challenges(now=clock.now()) == 0
    assert proving.forget_challenges(now=clock.now() + timedelta(days=2)) >= 5
    assert Challenge.objects.get().held, "it is one of the day's books"


def test_the_protected_cost_the_same_questions_as_the_unknown(people):
    """Not one statement more: no clock at the machine can tell them apart."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from madoguchi.protection.testing import protect

    protect(people.rin)
    asked = {}
    for serial in ("unknown", "7777", "rin", "7777", "rin"):
        session = k.begin()
        with CaptureQueriesContext(connection) as found:
            assert k.prove(session.session_id, serial).end is End.REFUSED
        asked.setdefault(serial, []).append(len(found))
    assert asked["rin"] == asked["7777"]
