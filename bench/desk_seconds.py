"""Staff seconds for one certificate, at the desk and at the kiosk, against the town's 351 s.

A scripted browser does what a clerk or a resident does and counts keys, taps and screens;
operator times of the Keystroke-Level Model (``bench.hands``) are added to the measured waiting.
What a clerk does away from the screen (looking at a licence, fetching the paper, counting
coins) is no keystroke and not in the model: it stands apart, with assumed seconds.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from bench.demo_town import running_town
from bench.hands import Person
from bench.measure import median, promise

#: The town's own figure for one 住民票 at the desk (R6.4): the slides, section 1 ①イ.
TOWN_SECONDS = 351
AOI = "000000990000018"
ROUNDS, ROUNDS_FULL = 5, 20
#: *Assumed*: greeting and the licence in hand 15 s, the paper from the printer and a look at it
#: 10 s, coins and change 15 s. No source; shown apart, never in the promise.
AWAY_FROM_SCREEN_SECONDS = 40
DESK = {"width": 1440, "height": 900}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--lang=ja"]  # fmt: skip
PRINTING = "window.print = () => console.log('printed')"


def run(*, full: bool) -> dict[str, Any]:
    """Walk both ways several times and publish the median of each."""
    from playwright.sync_api import sync_playwright

    home = Path(os.environ["MADOGUCHI_HOME"]) / "desk-seconds"
    rounds = ROUNDS_FULL if full else ROUNDS
    with running_town(residents=7971, home=home) as url, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        desk = [_at_the_desk(browser, url) for _ in range(rounds)]
        browser.close()
    usual = sorted(desk, key=lambda one: one.seconds)[len(desk) // 2]
    seconds = median([one.seconds for one in desk])
    return {
        "promises": [
            promise("staff time at the desk: keys, decisions and waiting", seconds, "s",
                    at_most=60),
            promise("the town's 351 s, against it", TOWN_SECONDS / seconds, "x", at_least=1),
        ],
        "peers": [],
        "notes": [
            f"Desk, from the clerk's home to the paper handed over: {usual.told()}.",
            f"Away from the screen, assumed and not in the promise: {AWAY_FROM_SCREEN_SECONDS} s "
            f"(licence, paper, coins); with it {seconds + AWAY_FROM_SCREEN_SECONDS:.0f} s.",
            "Operator times: Card, Moran, Newell 1980 (K 0.28, P 1.10, H 0.40, M 1.35); B 0.10: "
            "Kieras 1993.",
        ],
    }  # fmt: skip


def _at_the_desk(browser: Any, url: str) -> Any:
    """From the home page: find the person by name, take the licence, print, hand over."""
    context = browser.new_context(viewport=DESK, locale="ja-JP", base_url=url, bypass_csp=True)
    page = context.new_page()
    page.add_init_script(PRINTING)
    page.goto("/")
    page.locator('form[action$="/demo/sign-in/kaede/"] button').first.click()
    page.wait_for_selector("h1")
    clerk = Person(page)
    clerk.tally.screens = 1
    clerk.think()  # whom, and how to look for her
    # The search box of the home page has the cursor already.
    # うんのあおい: unnnoaoi and one Enter to take the kana as they are.
    clerk.type("うんのあおい", strokes=10, until="input:focus")
    clerk.press("Enter", until="[data-hits] tbody tr", screen=True)
    clerk.think()  # is it she? name and birth date against the licence
    clerk.press("ArrowDown", until="[data-hits] tbody th a:focus")
    clerk.press("Enter", until=lambda: page.wait_for_url(f"**/person/{AOI}/"), screen=True)
    clerk.press("c", until="#paper img", screen=True)
    clerk.think()  # which document lies here, and is the paper the one she wants
    clerk.press("d", until='input[value="DRIVING_LICENCE"]:checked')
    clerk.press("Enter", until="a[data-print]", screen=True)
    clerk.press("Enter", until="button[form=give]")
    clerk.think()  # name and pages on the paper, the fee
    clerk.press("Enter", until="text=交付しました", screen=True)
    context.close()
    return clerk.tally
