"""A fictional card in a fictional reader, a real bridge, a real browser, a real paper.

From the first screen to the last in plain and elder mode, with the PIN typed in the bridge's
own frame; and what a wrong PIN, an unknown card and a change of mind lead to.
"""

import csv
import json
import os
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.browser import kiosk
from tests.browser.conftest import BRIDGE, ROOT
from tests.browser.kiosk import TALL, WIDE, press_on, screen_of

pytest.importorskip("madoguchi.bridge.server")
READY_SECONDS_MAX = 60
AOI, NOBODY = "001", "002"
PIN, WRONG = "1234", "9999"


def command(town, *words, check=True):
    return subprocess.run(
        [sys.executable, "-m", "madoguchi", *words], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "MADOGUCHI_HOME": str(town.home)}, check=check,
    ).stdout  # fmt: skip


def bridge(*words, **more):
    return subprocess.run(
        [sys.executable, "-m", "madoguchi.bridge", *words], cwd=ROOT, check=True,
        capture_output=True, **more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def reader(town):
    """Make two cards, tell the town of the first only, and start the bridge beside it."""
    (aoi,) = json.loads(command(town, "register", "search", "海野", "--json"))["hits"][:1]
    cards = town.home / "cards"
    people = town.home / "people.csv"
    with people.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["宛名番号", "氏名", "生年月日", "性別", "住所"])
        lines.writerow([aoi["person_id"], aoi["name"], aoi["birth_date"], "女", aoi["address"]])
        lines.writerow(["999999999999990", "見本　無名", "1990-01-01", "男", "見本町1番地"])
    bridge("make-cards", "--people", str(people), "--out", str(cards))
    known = cards / "card_certificates.csv"
    rows = known.read_text(encoding="utf-8").splitlines(keepends=True)
    known.write_text("".join(one for one in rows if "999999999999990" not in one), "utf-8")
    command(town, "cards", "import", str(known))
    with (town.home / "bridge.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "madoguchi.bridge", "serve", "--emulated", str(cards),
             "--port", BRIDGE.rpartition(":")[2], "--allow-origin", town.url],
            cwd=ROOT, stdout=log, stderr=log,
        )  # fmt: skip
    wait_for(BRIDGE)
    yield town.home / "bridge.log"
    process.terminate()
    process.wait(20)


def wait_for(url):
    until = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the bridge did not start")


@pytest.fixture
def no_card(reader):
    bridge("card", "remove", "--agent", BRIDGE)


def tray(page):
    return page.frame_locator("iframe[data-tray]")


def pad(page):
    return page.frame_locator("iframe[data-bridge]")


def place(page, card):
    tray(page).locator(f"[data-place='{card}']").click()
    page.wait_for_selector("[data-screen=TOWN]")


def to_pin(page, mode, card=AOI, language="ja"):
    kiosk.start(page, mode, language)
    press_on(page)
    place(page, card)
    press_on(page)
    page.wait_for_selector("[data-screen=PIN]")


def type_pin(page, pin):
    for digit in pin:
        pad(page).locator(f"[data-key='{digit}']").click()
    pad(page).locator("[data-decide]").click()


def take_card(page):
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
def test_from_the_first_screen_to_the_paper(open_page, town, no_card, reader, mode, language, size):
    page = open_page(size)
    posted = []
    page.on(
        "request",
        lambda one: posted.append(one.post_data or "") if "/steps/PIN" in one.url else None,
    )
    to_pin(page, mode, language=language)
    type_pin(page, PIN)
    page.wait_for_selector("[data-screen=CARD_BACK]")
    assert len(posted) == 1
    assert PIN not in [value.partition("=")[2] for value in posted[0].split("&")]
    # Nothing goes on while the card lies there.
    page.wait_for_timeout(1500)
    assert screen_of(page) == "CARD_BACK"
    assert page.locator(".actions .btn--main").count() == 0
    take_card(page)
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
    page.wait_for_selector("[data-screen=START]")
    assert "madoguchi_kiosk" not in {one["name"] for one in page.context.cookies()}
    said = reader.read_text(errors="replace") + (town.home / "demo.log").read_text(errors="replace")
    assert "海野" not in said
    assert PIN not in said


def test_a_wrong_pin_is_counted_in_words_and_a_right_one_still_works(open_page, no_card):
    page = open_page(WIDE)
    to_pin(page, "PLAIN")
    type_pin(page, WRONG)
    pad(page).locator("#left").get_by_text("2").wait_for()
    assert screen_of(page) == "PIN"
    type_pin(page, PIN)
    page.wait_for_selector("[data-screen=CARD_BACK]")


def test_a_card_the_town_does_not_know_gets_one_neutral_sentence(open_page, no_card):
    page = open_page(WIDE)
    to_pin(page, "PLAIN", card=NOBODY)
    type_pin(page, PIN)
    page.wait_for_selector(".screen--end")
    assert page.locator("h1").inner_text() == "この機械では、お出しできません"


def test_stopping_at_the_pin_leaves_nothing(open_page, no_card):
    page = open_page(WIDE)
    to_pin(page, "PLAIN")
    pad(page).locator("[data-key='1']").click()
    pad(page).locator("[data-cancel]").click()
    page.wait_for_selector(".screen--end")
    kiosk.press_main(page)
    page.wait_for_selector("[data-screen=START]")
