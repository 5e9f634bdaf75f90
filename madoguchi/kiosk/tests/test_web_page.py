"""The public page of the former town: by card at home, one file, and nothing of anybody else."""

import base64
import io

import pypdfium2 as pdfium
import pytest

from madoguchi.certificates import testing as papers
from madoguchi.infra.facts import list_facts
from madoguchi.kernel.language import Language
from madoguchi.kiosk import testing as k
from madoguchi.kiosk.domain.devices import PaymentStage
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.domain.steps import End, Step
from madoguchi.kiosk.models import Docket, Hours, Session, Terminal
from madoguchi.kiosk.tests.test_resident_web import (
    NOW,
    press,
    prove,
    row,
    screen,
)
from madoguchi.protection.testing import protect
from madoguchi.web.testing import forget_tries

pytestmark = pytest.mark.django_db
PAGE = "/tax/"


@pytest.fixture
def desk(people):
    """The public page, registered, and Aoi assessed here for two years."""
    k.terminal("W1", channel="WEB", methods=(Method.CASHLESS,))
    for year in (2026, 2025):
        papers.assess(people.aoi, year=year)
    return people


def begin(client, language=Language.JAPANESE):
    answer = client.post("/tax/open/", {"language": language})
    assert answer.url == NOW, answer.url
    for _ in range(3):
        press(client, town="here")
    assert (row().step, row().channel) == (Step.PIN, "WEB")


def to_confirm(client):
    begin(client)
    prove(client, k.SERIALS["aoi"])
    press(client)
    press(client, kind="tax")
    press(client, year="2025")
    assert row().step is Step.CONFIRM


def to_file(client, machine):
    to_confirm(client)
    press(client)
    k.make(row())
    press(client, method="CASHLESS")
    machine.till_stage = PaymentStage.PAID
    client.post("/kiosk/progress/")
    client.post("/kiosk/progress/")
    assert row().step is Step.PRINT, (row().step, row().end)


def test_the_page_says_what_it_is_and_what_it_costs(client, desk):
    for language in Language:
        answer = client.get(PAGE, {"language": language})
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
    words = client.get(PAGE).content.decode()
    assert "300円" in words or "200円" in words
    assert 'action="/tax/open/"' in words


def test_a_page_that_asks_how_far_things_are_holds_the_token_it_asks_with(
    client, desk, cards, machine
):
    """While a file is made there is nothing to press, so no form brings the token along."""
    to_confirm(client)
    press(client)
    press(client, method="CASHLESS")
    machine.till_stage = PaymentStage.PAID
    client.post("/kiosk/progress/")
    assert (row().step, row().paper_ready) == (Step.PRINT, False)
    shown = screen(client).content.decode()
    assert "data-watch" in shown
    assert 'name="csrfmiddlewaretoken"' in shown.split("data-watch")[1]


def test_aoi_downloads_the_year_she_paid_for(client, desk, cards, machine):
    to_file(client, machine)
    assert machine.printed == {}
    assert screen(client).context["screen"].name == "download"
    first = client.post("/kiosk/download/")
    again = client.post("/kiosk/download/")
    assert first.content == again.content
    assert first.headers["Content-Disposition"] == 'attachment; filename="shomeisho.pdf"'
    words = "".join(
        page.get_textpage().get_text_bounded()
        for page in pdfium.PdfDocument(io.BytesIO(first.content))
    )
    assert "令和7年度" in words
    assert "令和8年度" not in words
    receipt = client.get("/kiosk/receipt/file/")
    assert receipt.content.startswith(b"%PDF")
    press(client)
    assert row().end is End.DONE
    assert Docket.objects.get().outcome == "ISSUED"
    assert client.post("/kiosk/download/").url == NOW
    assert client.get(NOW).url.startswith(PAGE)


def test_a_measure_after_the_file_was_fetched_is_no_paper_and_the_fee_is_owed(
    client, desk, cards, machine
):
    """The file left before the measure came: nobody may be told that all went well."""
    to_file(client, machine)
    client.post("/kiosk/download/")
    protect(desk.aoi)
    press(client)
    ended = row()
    assert (ended.end, ended.problems) == (End.FAILED, ("KIOSK_NOT_HANDED_OVER",))
    assert ended.refund_yen == ended.fee_yen > 0
    assert Docket.objects.get().outcome == "FAILED"
    assert len(list_facts(name="kiosk_session_ended", since=ended.opened_at)) == 1


def test_unpaid_gives_no_file(client, desk, cards, machine):
    begin(client)
    prove(client, k.SERIALS["aoi"])
    press(client)
    press(client, kind="tax")
    press(client, year="2025")
    press(client)
    k.make(row())
    press(client, method="CASHLESS")
    client.post("/kiosk/progress/")
    assert client.post("/kiosk/download/").url == NOW
    assert client.get("/kiosk/receipt/file/").url.startswith("/kiosk/")
    assert row().step is Step.PAY


def test_whoever_was_not_assessed_here_is_refused_like_anybody(client, desk, cards):
    for key in ("father", "ume"):
        begin(client)
        prove(client, k.SERIALS[key])
        assert row().end is End.REFUSED
        assert "この機械では、お出しできません" in screen(client).content.decode()
        client.post("/kiosk/finish/")


def test_only_tax_is_given_here(client, desk, cards):
    begin(client)
    prove(client, k.SERIALS["aoi"])
    assert [one.kind for one in row().offer.kinds] == ["tax"]
    press(client)
    assert press(client, kind="resident_record_household").status_code == 422


def test_two_residents_at_once_do_not_end_each_other(client, desk, cards):
    from django.test import Client

    begin(client)
    mine = row().session_id
    other = Client()
    begin(other)
    assert Session.objects.get(session_id=mine).end == ""
    assert screen(client).status_code == 200


def test_a_file_is_only_for_the_web(client, desk, cards, machine):
    """At a kiosk the printer has the paper, and nobody carries it away as a file."""
    from madoguchi.kiosk.tests.test_resident_web import begin as begin_at_kiosk
    from madoguchi.kiosk.tests.test_resident_web import sit_down

    sit_down(client)
    begin_at_kiosk(client)
    assert client.post("/kiosk/download/").url == NOW
    assert client.get("/kiosk/receipt/file/").url.startswith("/kiosk/")


def test_closed_or_not_registered_begins_nothing(client, people, settings):
    settings.MADOGUCHI_DEMO = False
    assert 'action="/tax/open/"' in client.get(PAGE).content.decode()
    assert (
        "<button" not in client.get(PAGE).content.decode().split("tax/open/")[1].split("</form>")[0]
    )
    assert client.post("/tax/open/").url.startswith(PAGE)
    k.terminal("W1", channel="WEB")
    Hours.objects.filter(channel="WEB").delete()
    assert client.post("/tax/open/").url.startswith(PAGE)
    assert not Session.objects.exists()


def test_the_demonstration_registers_the_page_by_itself(client, people, settings):
    settings.MADOGUCHI_DEMO = True
    client.get(PAGE)
    assert Terminal.objects.get(channel="WEB").terminal_no == "W1"


def test_a_machine_that_begins_all_the_time_is_slowed_down(client, desk):
    forget_tries()
    answers = [client.post("/tax/open/").url for _ in range(14)]
    assert answers.count(NOW) == 10


def test_a_signature_for_another_origin_is_another_message(client, desk, cards):
    begin(client)
    nonce = screen(client).context["nonce"]
    press(client, nonce=nonce, certificate=base64.b64encode(b"1001").decode(), signature="c2ln")
    assert cards.asked[0].split(b"\0")[1] == b"http://testserver"
