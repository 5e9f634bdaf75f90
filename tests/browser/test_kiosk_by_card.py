"""A fictional card in a fictional reader, a real bridge, a real browser, a real paper.

From the first screen to the last in plain and elder mode, with the PIN typed in the bridge's
own frame; and what a wrong PIN, a protected holder and a change of mind lead to.
"""

import json
import subprocess
import sys

import pytest

from madoguchi.town.api import NAMED
from tests.browser import kiosk
from tests.browser.conftest import DESK, ROOT
from tests.browser.kiosk import TALL, WIDE, bridge_of, press_on, screen_of

PIN, WRONG = "1234", "9999"


@pytest.fixture
def take_off(town):
    """Return a function that empties the reader."""

    def empty():
        subprocess.run(
            [sys.executable, "-m", "madoguchi.bridge", "card", "remove", "--agent",
             bridge_of(town)],
            cwd=ROOT, check=True, capture_output=True,
        )  # fmt: skip

    return empty


@pytest.fixture
def card_of(town, take_off):
    """An empty reader, and a function that finds the demonstration's card of a named person."""
    take_off()
    found = {}
    for path in (town.home / "cards" / "cards").glob("*/card.json"):
        card = json.loads(path.read_text(encoding="utf-8"))
        found[card["person_id"]] = card["card_no"]
    return lambda key: found[NAMED[key].person_id]


def tray(page):
    return page.frame_locator("iframe[data-tray]")


def pad(page):
    return page.frame_locator("iframe[data-bridge]")


def to_pin(page, card_no, mode="PLAIN", language="ja"):
    kiosk.start(page, mode, language)
    press_on(page)
    put_down(page, card_no)
    press_on(page)
    assert screen_of(page) == "PIN"


def put_down(page, card_no):
    tray(page).locator(f"[data-place='{card_no}']").click()
    page.wait_for_selector("[data-screen=TOWN]")


def type_pin(page, pin):
    for digit in pin:
        pad(page).locator(f"[data-key='{digit}']").click()
    pad(page).locator("[data-decide]").click()


def take_up(page):
    tray(page).locator("[data-take]").first.click()
    page.wait_for_selector("[data-screen=KIND]")


@pytest.mark.parametrize(
    ("mode", "language", "size"),
    [
        ("PLAIN", "ja", TALL),
        ("ELDER", "ja", WIDE),
        ("PLAIN", "en", WIDE),
        ("ELDER", "ja-easy", TALL),
    ],
)
def test_from_the_first_screen_to_the_paper(open_page, town, card_of, mode, language, size):
    page = open_page(size)
    posted = []
    page.on(
        "request", lambda one: posted.append(one.post_data) if "/steps/PIN" in one.url else None
    )
    to_pin(page, card_of("aoi"), mode, language)
    type_pin(page, PIN)
    page.wait_for_selector("[data-screen=CARD_BACK]")
    (body,) = posted
    assert PIN not in [value.partition("=")[2] for value in body.split("&")]
    # Nothing goes on while the card lies there.
    page.wait_for_timeout(1500)
    assert screen_of(page) == "CARD_BACK"
    assert page.locator(".actions .btn--main").count() == 0
    take_up(page)
    seen = []
    for _ in range(kiosk.STEPS_MAX):
        assert kiosk.fits_sideways(page)
        if screen_of(page) == "TAKE":
            break
        seen.append(press_on(page))
    assert seen[0] == "KIND"
    assert seen[-3:] == ["PAY", "PAY", "PRINT"]
    page.locator("form[action$='/receipt/'] button").click()
    page.wait_for_url("**receipt=1")
    press_on(page)
    assert screen_of(page) == "START"
    assert "madoguchi_kiosk" not in {one["name"] for one in page.context.cookies()}
    said = (town.home / "demo.log").read_text(errors="replace")
    assert NAMED["aoi"].name not in said


def test_a_wrong_pin_is_counted_in_words_and_a_right_one_still_works(open_page, card_of):
    page = open_page(WIDE)
    to_pin(page, card_of("aoi"))
    type_pin(page, WRONG)
    pad(page).locator("#left").get_by_text("2").wait_for()
    assert screen_of(page) == "PIN"
    type_pin(page, PIN)
    page.wait_for_selector("[data-screen=CARD_BACK]")


def test_a_protected_holder_and_the_dead_get_the_same_neutral_sentence(
    open_page, card_of, take_off
):
    page = open_page(WIDE)
    words = set()
    for key in ("rin", "ume"):
        to_pin(page, card_of(key))
        type_pin(page, PIN)
        page.wait_for_selector(".screen--end")
        words.add(page.locator("main").inner_text())
        kiosk.press_main(page)
        take_off()
    assert len(words) == 1
    assert "この機械では、お出しできません" in words.pop()


def test_stopping_at_the_pin_leaves_nothing(open_page, card_of):
    page = open_page(WIDE)
    to_pin(page, card_of("aoi"))
    pad(page).locator("[data-key='1']").click()
    # One "stop" on the screen, at its place: the frame has none of its own here.
    assert pad(page).locator("[data-cancel]").count() == 0
    page.locator("[data-leave]").click()
    page.wait_for_selector(".screen--end")
    kiosk.press_main(page)
    page.wait_for_selector("[data-screen=START]")


def test_the_former_towns_certificate_comes_as_a_file(open_page, town, card_of):
    """At home on a desk screen: card, year, payment at the fictional till, PDF."""
    page = open_page(DESK)
    page.goto("/tax/")
    page.locator(".begin .btn--main").click()
    page.wait_for_selector("[data-screen=ACCEPT]")
    press_on(page)
    put_down(page, card_of("aoi"))
    press_on(page)
    type_pin(page, PIN)
    page.wait_for_selector("[data-screen=CARD_BACK]")
    take_up(page)
    while screen_of(page) != "PAY":
        press_on(page)
    page.locator("button[value=CASHLESS]").click()
    page.get_by_text("支払い機で").first.wait_for()
    machines = page.context.new_page()
    pay_at_till(machines)
    page.bring_to_front()
    page.wait_for_selector(".screen--download", timeout=60_000)
    with page.expect_download() as saved:
        page.locator("form[data-download] button").click()
    assert saved.value.suggested_filename == "shomeisho.pdf"
    assert saved.value.path().read_bytes().startswith(b"%PDF")
    page.locator(".actions .btn--main").click()
    page.wait_for_url("**/tax/**")


def pay_at_till(page):
    """Press "paid" at the demonstration's till as soon as it asks for money."""
    for _ in range(30):
        page.goto("/demo/machines/")
        press = page.locator("form[action$='/till/W1/pay/'] button").first
        if press.count():
            press.click()
            return
        page.wait_for_timeout(500)
    pytest.fail("the till was never asked")
