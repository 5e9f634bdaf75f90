"""The resident's screens over HTTP: each press, each stranger, each mistake."""

import base64
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from madoguchi.infra import clock, unit
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem, Unavailable
from madoguchi.kiosk import testing as k
from madoguchi.kiosk.actions import pressing
from madoguchi.kiosk.domain.devices import (
    JobStage,
    JobState,
    PaymentStage,
    PrinterTrouble,
)
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.domain.practice import PRACTICE_PIN
from madoguchi.kiosk.domain.steps import End, Mode, Step
from madoguchi.kiosk.models import Payment, Session, Terminal
from madoguchi.kiosk.queries.sessions import find_session
from madoguchi.kiosk.views import holding
from madoguchi.protection.testing import protect

pytestmark = pytest.mark.django_db

NOW, START = "/kiosk/now/", "/kiosk/"


def sit_down(client, **given):
    """Make this browser a registered machine."""
    give(client, holding.TERMINAL_COOKIE, k.terminal(**given))
    return client


def give(client, name, value):
    from django.core import signing

    client.cookies[name] = signing.get_cookie_signer(salt=name).sign(value)


def begin(client, mode=Mode.PLAIN, language=Language.JAPANESE):
    answer = client.post("/kiosk/open/", {"mode": mode, "language": language})
    assert answer.url == NOW, answer.url
    return row()


def row():
    """The session that was opened last."""
    return find_session(Session.objects.order_by("-opened_at").first().session_id)


def press(client, step=None, **values):
    return client.post(f"/kiosk/steps/{step or row().step}/", values)


def screen(client):
    answer = client.get(NOW)
    assert answer.status_code == 200
    return answer


def to_pin(client, **given):
    begin(client, **given)
    for _ in range(3):
        press(client, town="here")
    assert row().step is Step.PIN


def prove(client, serial):
    nonce = screen(client).context["nonce"]
    return press(
        client,
        nonce=nonce,
        certificate=base64.b64encode(serial.encode()).decode(),
        signature=base64.b64encode(b"s" * 256).decode(),
    )


def to_kind(client, person="aoi", **given):
    to_pin(client, **given)
    prove(client, k.SERIALS[person])
    assert row().step is Step.CARD_BACK, row().end
    press(client)


def to_pay(client, person="aoi", **given):
    to_kind(client, person, **given)
    press(client, kind="resident_record_household")
    while row().step is not Step.CONFIRM:
        press(client, part="SELF", copies="1")
    press(client)
    assert row().step is Step.PAY, (row().end, row().problems)


# -- it works ---------------------------------------------------------------------------------


def test_aoi_takes_her_paper_by_presses_alone(client, people, cards, machine):
    sit_down(client)
    to_pay(client)
    press(client, method="COIN_BOX")
    k.make(row())
    press(client)
    assert row().step is Step.PRINT
    said = client.post("/kiosk/progress/").json()
    while row().step is Step.PRINT and row().end is None:
        said = client.post("/kiosk/progress/").json()
    assert said["mark"].startswith("TAKE")
    (pdf,) = machine.printed.values()
    assert pdf.startswith(b"%PDF")
    assert press(client).url == NOW
    assert row().end is End.DONE
    answer = client.get(NOW)
    assert answer.url.startswith(START)
    assert answer.cookies[holding.SESSION_COOKIE].value == ""


@pytest.mark.parametrize("language", list(Language))
def test_practice_needs_no_card_no_bridge_no_register(client, db, settings, language):
    settings.MADOGUCHI_DEMO = False
    sit_down(client)
    to_pin(client, mode=Mode.PRACTICE, language=language)
    assert PRACTICE_PIN in screen(client).content.decode()
    assert press(client, digits="9999").status_code == 422
    press(client, digits=PRACTICE_PIN)
    press(client)
    press(client, kind="resident_record_household")
    press(client, part="SOME", member=["0", "2"])
    press(client, item_DOMICILE="show", item_HOUSEHOLDER="hide")
    assert row().choices.here.items == ("DOMICILE",)
    press(client, copies="2")
    press(client)
    press(client)
    client.post("/kiosk/progress/")
    assert row().step is Step.TAKE
    assert screen(client).context["practice"]
    assert client.post("/kiosk/again/").url == NOW
    assert (row().mode, row().language, row().step) == (Mode.PRACTICE, language, Step.ACCEPT)


def test_elder_mode_gathers_the_items_one_by_one(client, people, cards):
    sit_down(client)
    to_kind(client, mode=Mode.ELDER)
    press(client, kind="resident_record_household")
    if row().step is Step.PART:
        press(client, part="SELF")
    items = row().offer.kind("resident_record_household").items
    first = screen(client)
    assert first.context["screen"].field == items[0]
    second = client.get(NOW, {"show": items[0]})
    assert second.context["screen"].field == items[1]
    answers = {"answered": list(items[:-1]), "shown": [items[0]], "hide": items[-1]}
    press(client, **answers)
    assert row().step is Step.COPIES
    assert row().choices.here.items == (items[0],)


def test_the_origin_and_the_nonce_are_what_the_card_signs(client, people, cards):
    sit_down(client)
    to_pin(client)
    nonce = screen(client).context["nonce"]
    press(client, nonce=nonce, certificate="MTAwMQ==", signature="c2ln")
    raw = base64.urlsafe_b64decode(nonce + "=")
    assert cards.asked == [b"madoguchi-proof-v1\0http://testserver\0" + raw]


def test_the_till_is_asked_while_the_page_waits(client, people, cards, machine):
    sit_down(client)
    to_pay(client)
    press(client, method="CASHLESS")
    client.post("/kiosk/progress/")
    client.post("/kiosk/progress/")
    assert len({payment for payment, _yen in machine.asked}) == 1
    assert row().step is Step.PAY
    machine.till_stage = PaymentStage.PAID
    k.make(row())
    client.post("/kiosk/progress/")
    assert row().step is Step.PRINT
    assert Payment.objects.get().confirmed_by == "TILL"


def test_a_receipt_is_printed_once_and_names_nobody(client, people, cards, machine):
    sit_down(client)
    to_pay(client)
    press(client, method="COIN_BOX")
    k.make(row())
    press(client)
    while row().step is Step.PRINT:
        client.post("/kiosk/progress/")
    for _ in range(2):
        assert client.post("/kiosk/receipt/").url == f"{NOW}?receipt=1"
    # A paper is named by its own id, in small letters: one in thirty-two begins with an r too.
    receipts = [name for name in machine.printed if re.fullmatch("r[0-9A-Z]+", name)]
    assert len(receipts) == 1
    machine.silent = True
    assert client.post("/kiosk/receipt/").status_code == 409


# -- where one stands --------------------------------------------------------------------------


def test_k16_a_second_press_and_a_stale_page_change_nothing(client, people, cards):
    sit_down(client)
    begin(client)
    press(client, step="ACCEPT")
    for stale in ("ACCEPT", "KIND", "NOWHERE", "PRINT"):
        assert press(client, step=stale).url == NOW
        assert row().step is Step.CARD
    client.post("/kiosk/back/", {"step": "KIND"})
    assert row().step is Step.CARD


def test_reloading_and_going_back_are_harmless(client, people, cards):
    sit_down(client)
    begin(client)
    before = row()
    for _ in range(3):
        assert screen(client).context["screen"].name == "accept"
        assert client.get(START).status_code == 200
    assert row() == before


def test_back_loses_nothing(client, people, cards):
    sit_down(client)
    to_kind(client, "father")
    press(client, kind="resident_record_household")
    press(client, part="SOME", member=["0"])
    client.post("/kiosk/back/", {"step": row().step})
    assert row().step is Step.PART
    assert row().choices.here.member_nos == (0,)
    shown = client.get(NOW, {"part": "SOME"}).context["screen"].members
    assert next(chosen for _at, _member, chosen in shown)


def test_the_clock_is_the_servers_and_a_yes_starts_it_anew(client, people, cards):
    sit_down(client)
    begin(client)
    assert screen(client).context["idle_seconds"] == row().idle_seconds_max
    earlier = clock.now() - timedelta(seconds=60)
    Session.objects.update(touched_at=earlier)
    client.post("/kiosk/stay/")
    assert row().touched_at > earlier


@pytest.mark.parametrize(("how", "end"), [("TIMED_OUT", End.TIMED_OUT), ("", End.LEFT)])
def test_leaving_wipes_everything(client, people, cards, how, end):
    sit_down(client)
    to_kind(client)
    client.post("/kiosk/leave/", {"how": how})
    kept = Session.objects.get()
    assert (kept.end, kept.person_id, kept.offer, kept.choices) == (end, "", None, {})
    words = screen(client).content.decode()
    assert "海野" not in words
    answer = client.post("/kiosk/finish/")
    assert answer.cookies[holding.SESSION_COOKIE].value == ""
    assert answer.cookies[holding.SESSION_COOKIE]["max-age"] == 0


def test_k15_no_page_of_the_kiosk_is_kept_by_the_browser(client, people, cards):
    sit_down(client)
    begin(client)
    for path in (START, NOW, "/kiosk/beside/"):
        assert client.get(path).headers["Cache-Control"] == "no-store"
    assert client.post("/kiosk/progress/").headers["Cache-Control"] == "no-store"


def test_only_the_bridge_is_framed(client, people):
    sit_down(client)
    policy = client.get(START).headers["Content-Security-Policy"]
    # In any order: the last of them has no semicolon behind it.
    said = {words[0]: words[1:] for one in policy.split(";") if (words := one.split())}
    assert said["frame-src"] == ["'self'", "http://127.0.0.1:8021"]
    assert said["script-src"] == ["'self'"]


# -- who may -------------------------------------------------------------------------------------


def test_a_browser_nobody_registered_gets_no_further_than_words(client, people, settings):
    settings.MADOGUCHI_DEMO = False
    answer = client.get(START)
    assert answer.status_code == 403
    assert "登録されていません" in answer.content.decode()
    assert client.post("/kiosk/open/", {"mode": "PLAIN"}).url.startswith(START)
    assert not Session.objects.exists()


def test_the_demonstration_registers_itself_and_only_there(client, people, settings):
    settings.MADOGUCHI_DEMO = True
    answer = client.get(START)
    assert answer.url == START
    assert client.get(START).status_code == 200


@pytest.mark.parametrize("cookie", ["", "x", "eyJ4IjoxfQ:1:2"])
def test_a_forged_cookie_is_no_machine_and_no_session(client, people, settings, cookie):
    settings.MADOGUCHI_DEMO = False
    client.cookies[holding.TERMINAL_COOKIE] = cookie
    client.cookies[holding.SESSION_COOKIE] = cookie
    assert client.get(START).status_code == 403
    assert client.get(NOW).url.startswith(START)


def test_a_replaced_word_of_the_machine_is_worth_nothing(client, people, settings):
    settings.MADOGUCHI_DEMO = False
    sit_down(client)
    k.terminal()
    assert client.get(START).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["steps/ACCEPT/", "back/", "stay/", "leave/", "finish/", "receipt/", "again/", "beside/"],
)
def test_without_a_session_every_press_leads_to_the_start(client, people, path):
    sit_down(client)
    assert client.post(f"/kiosk/{path}").url.startswith(START)
    assert client.post("/kiosk/progress/").json() == {"mark": "over"}


@pytest.mark.parametrize(
    "path", ["open/", "steps/ACCEPT/", "back/", "leave/", "call/", "progress/"]
)
def test_presses_are_posts_with_the_pages_own_token(client, people, path):
    assert client.get(f"/kiosk/{path}").status_code == 405
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/kiosk/{path}").status_code == 403


def test_somebody_elses_session_is_out_of_reach(client, people, cards):
    """A session is held by its signed cookie alone: a bare id opens nothing."""
    sit_down(client)
    to_kind(client)
    from django.test import Client

    other = sit_down(Client(), terminal_no="K2")
    other.cookies[holding.SESSION_COOKIE] = row().session_id
    assert other.get(NOW).url.startswith(START)


# -- bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("certificate", "signature", "nonce"),
    [("", "", None), ("!", "c2ln", None), ("MTAwMQ==", "%", None), ("A" * 20000, "c2ln", None)],
)
def test_an_unreadable_proof_is_refused_like_any_other(
    client, people, cards, certificate, signature, nonce
):
    sit_down(client)
    to_pin(client)
    nonce = nonce or screen(client).context["nonce"]
    press(client, nonce=nonce, certificate=certificate, signature=signature)
    assert row().end is End.REFUSED
    assert cards.asked == []


@pytest.mark.parametrize("nonce", ["", "A" * 43, "あ", "A" * 500])
def test_a_challenge_that_is_not_ours_is_asked_anew(client, people, cards, nonce):
    sit_down(client)
    to_pin(client)
    answer = press(client, nonce=nonce, certificate="MTAwMQ==", signature="c2ln")
    assert answer.status_code == 422
    assert row().step is Step.PIN
    assert answer.context["nonce"]


@pytest.mark.parametrize(
    ("step", "values"),
    [
        (Step.KIND, {"kind": "removed_record"}),
        (Step.KIND, {}),
        (Step.PART, {"part": "SOME"}),
        (Step.PART, {"part": "SOME", "member": ["9", "x"]}),
        (Step.PART, {"part": "EVERYBODY"}),
        (Step.ITEMS, {"show": ["INDIVIDUAL_NUMBER"]}),
        (Step.COPIES, {"copies": "0"}),
        (Step.COPIES, {"copies": "999"}),
        (Step.COPIES, {"copies": "１"}),
        (Step.COPIES, {}),
    ],
)
def test_what_is_not_offered_is_refused_in_words_and_nothing_moves(
    client, people, cards, step, values
):
    sit_down(client)
    to_kind(client, "father")
    good = {"kind": "resident_record_household", "part": "SELF"}
    while row().step is not step:
        press(client, **good)
    answer = press(client, **values)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert row().step is step


def test_a_press_never_says_that_a_till_was_paid(client, people, cards, machine):
    sit_down(client)
    to_pay(client)
    assert press(client, paid="1").status_code == 422
    press(client, method="CASHLESS")
    assert press(client, paid="1").status_code == 422
    assert row().step is Step.PAY


# -- refusals and trouble ---------------------------------------------------------------------------------


def last_words(client):
    """The last screen without what differs on every page."""
    words = screen(client).content.decode()
    return "\n".join(line for line in words.splitlines() if "csrf" not in line.lower())


def test_the_protected_the_unknown_and_the_unproved_read_the_same(client, people, cards):
    """Rin is protected, 9999 is nobody's card, and the third signature was wrong."""
    sit_down(client)
    protect(people.rin)
    seen = set()
    for serial, answer in (
        (k.SERIALS["rin"], None),
        ("9999", None),
        ("1001", (Problem(code="JPKI_SIGNATURE_WRONG"),)),
    ):
        cards.answer = answer
        to_pin(client)
        result = prove(client, serial)
        assert (result.status_code, result.url) == (302, NOW)
        assert row().end is End.REFUSED
        seen.add(last_words(client))
        client.post("/kiosk/finish/")
    assert len(seen) == 1
    assert "この機械では、お出しできません" in seen.pop()


def test_what_cannot_be_checked_is_the_machines_failure_and_somebody_comes(client, people, cards):
    sit_down(client)
    to_pin(client)
    cards.answer = Unavailable(reason="crl too old")
    prove(client, "1001")
    assert row().end is End.FAILED
    assert Terminal.objects.get(terminal_no="K1").called_at is not None
    assert "職員を呼びました" in screen(client).content.decode()


def test_a_jam_calls_somebody_and_gives_the_money_back(client, people, cards, machine):
    sit_down(client)
    to_pay(client)
    press(client, method="COIN_BOX")
    k.make(row())
    press(client)
    jam = frozenset({PrinterTrouble.PAPER_JAM})
    machine.state_of_job = JobState(stage=JobStage.HELD_UP, sheets_done=0, troubles=jam)
    client.post("/kiosk/progress/")
    assert row().trouble == "PAPER_JAM"
    assert "紙がつまりました" in screen(client).content.decode()
    assert Terminal.objects.get(terminal_no="K1").called_at is not None
    machine.state_of_job = JobState(stage=JobStage.LOST, sheets_done=0, troubles=jam)
    said = client.post("/kiosk/progress/").json()
    assert said["mark"].endswith("FAILED")
    words = screen(client).content.decode()
    assert f"{row().refund_yen:,}円" in words
    assert row().refund_yen > 0


def test_closed_says_when_it_opens_and_practice_goes_on(client, people):
    sit_down(client)
    from madoguchi.kiosk.models import Hours

    Hours.objects.filter(channel="KIOSK").delete()
    words = client.get(START).content.decode()
    assert "いまは使えません" in words
    assert 'value="PLAIN"' not in words
    assert client.post("/kiosk/open/", {"mode": "PLAIN"}).url.startswith(START)
    begin(client, mode=Mode.PRACTICE)


# -- a person beside ------------------------------------------------------------------------------------------


def test_the_bell_rings_and_the_screen_stays(client, people, cards):
    sit_down(client)
    begin(client)
    assert client.post("/kiosk/call/").url == NOW
    assert row().step is Step.ACCEPT
    assert "職員を 呼びました" in screen(client).content.decode()
    client.post("/kiosk/leave/")
    client.post("/kiosk/finish/")
    assert client.post("/kiosk/call/", {"language": "en"}).url == f"{START}?language=en"


def test_a_wrong_code_stands_beside_nobody(client, people, cards):
    sit_down(client)
    begin(client)
    for staff_id, code in (("kaede", "000000"), ("nobody", "1"), ("", ""), ("あ" * 200, "x" * 200)):
        answer = client.post("/kiosk/beside/", {"staff_id": staff_id, "digits": code})
        assert answer.status_code == 422
        assert "番号かコードがちがいます" in answer.content.decode()
    assert not row().staff_beside


def test_a_session_that_ends_under_the_hands_is_not_an_error(client, people, cards):
    """The sweep, or another window, ended it between two presses."""
    sit_down(client)
    begin(client)
    unit.run(pressing.leave, session_id=row().session_id, how=End.TIMED_OUT, now=clock.now())
    assert press(client, step="ACCEPT").url == NOW
    assert "操作がなかった" in screen(client).content.decode()
    assert client.post("/kiosk/back/", {"step": "ACCEPT"}).url == NOW


def test_the_gallery_is_the_demonstrations_only(client, db, settings):
    settings.MADOGUCHI_DEMO = False
    assert client.get(reverse("kiosk:gallery")).status_code == 404
    one = reverse("kiosk:gallery_one", args=["PLAIN", "ja", "kind"])
    assert client.get(one).status_code == 404
    settings.MADOGUCHI_DEMO = True
    assert client.get(reverse("kiosk:gallery")).status_code == 200
    assert client.get(one).status_code == 200
    assert client.get("/kiosk/gallery/PLAIN/ja/nothing/").status_code == 404


def test_methods_are_those_of_the_machine(client, people, cards, machine):
    sit_down(client, methods=(Method.COIN_BOX,))
    to_pay(client)
    assert [bar.value for bar in screen(client).context["screen"].bars] == ["COIN_BOX"]
    assert press(client, method="CASHLESS").status_code == 422
