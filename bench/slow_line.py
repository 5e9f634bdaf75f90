"""Every page over 256 kbit/s: seconds until it can be used, at a first and at a later visit.

Chromium itself slows its line (Network.emulateNetworkConditions: 256 kbit/s each way, 300 ms more
for each request), so style sheets, scripts and pictures share it as they would on an island. A
page can be used when its scripts have run and its text is painted: the later of
DOMContentLoaded and the first contentful paint. A first visit has an empty cache; a later one
comes back after the same page, and brings only what is new.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from bench.demo_town import running_town
from bench.desk_seconds import DESK
from bench.measure import median, promise
from bench.pages import PAGES
from tests.chromium import ARGUMENTS, SHELL

BYTES_A_SECOND = 256_000 / 8
LATENCY_MS = 300
FIRST_SECONDS, LATER_SECONDS = 5, 2
PHONE = {"width": 390, "height": 844}
RESIDENTS_PAGES = {
    "front page": "/", "check a paper": "/verify/", "booking": "/booking/",
    "the hall's screen": "/hall/", "what to bring": "/prepare/", "two secrets": "/prepare/pins/",
    "moving": "/prepare/move/", "a draft before the visit": "/prepare/draft/",
    "kiosk, start": "/kiosk/?language=ja",
}  # fmt: skip
#: The pages a clerk meets each day; the others are made of the same parts.
DESK_PAGES = (
    "home", "search, kana", "person", "certificate desk", "waiting", "letters", "moves",
    "cards, hand-over", "boxes of cards", "bookings", "the line", "checks of residence",
)  # fmt: skip
#: A picture that comes after its page, which can be used without: a row of its own.
PREVIEW, PREVIEW_OF, PICTURE = (
    "certificate desk, its preview drawn",
    "certificate desk",
    "#paper img",
)
_USABLE = """(picture) => {
  const drawn = [...document.querySelectorAll(picture || 'none')];
  if (picture && !(drawn.length && drawn.every(one => one.complete && one.naturalWidth))) return null;
  const shown = performance.getEntriesByName('first-contentful-paint')[0];
  const page = performance.getEntriesByType('navigation')[0];
  return shown && page.domContentLoadedEventEnd
    ? Math.max(shown.startTime, page.domContentLoadedEventEnd, picture ? performance.now() : 0) / 1000
    : null;
}"""


def run(*, full: bool) -> dict[str, Any]:
    """Open each page as a stranger and again, over the slow line."""
    from playwright.sync_api import sync_playwright

    rounds = 5 if full else 3
    home = Path(os.environ["MADOGUCHI_HOME"]) / "slow-line"
    promises: list[dict[str, Any]] = []
    with running_town(residents=7971, home=home) as url, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=SHELL, args=ARGUMENTS)
        for who, size, pages in (
            ("", PHONE, RESIDENTS_PAGES),
            (
                "nagi",
                DESK,
                {**{name: PAGES[name] for name in DESK_PAGES}, PREVIEW: PAGES[PREVIEW_OF]},
            ),
        ):
            kept = _signed_in(browser, url, who) if who else None
            for name, path in pages.items():
                picture = PICTURE if name == PREVIEW else ""
                found = [
                    _visits(browser, url + path, size, kept, picture=picture) for _ in range(rounds)
                ]
                whose = "desk" if who else "resident"
                for when, place, bound in (
                    ("first visit", 0, FIRST_SECONDS), ("later visit", 1, LATER_SECONDS),
                ):  # fmt: skip
                    value = median([one[place] for one in found])
                    promises.append(promise(f"{whose}, {name}: {when}", value, "s", at_most=bound))
                print(f"  {whose}, {name}: {found[0][0]:.2f} s, then {found[0][1]:.2f} s")
        browser.close()
    return {
        "promises": promises,
        "peers": [],
        "notes": [f"256 kbit/s, {LATENCY_MS} ms; {rounds} first visits a page, the median."],
    }


def _signed_in(browser: Any, url: str, who: str) -> Any:
    context = browser.new_context(base_url=url)
    page = context.new_page()
    page.goto("/")
    page.locator(f'form[action$="/demo/sign-in/{who}/"] button').first.click()
    page.wait_for_selector("h1")
    kept = context.storage_state()
    context.close()
    return kept


def _visits(
    browser: Any, address: str, size: Any, kept: Any, *, picture: str
) -> tuple[float, float]:
    """Return the seconds of a first visit with an empty cache, and of one that comes back."""
    context = browser.new_context(viewport=size, locale="ja-JP", storage_state=kept)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": LATENCY_MS, "downloadThroughput": BYTES_A_SECOND,
        "uploadThroughput": BYTES_A_SECOND,
    })  # fmt: skip
    first = _seconds(page, address, picture)
    page.goto("about:blank")
    later = _seconds(page, address, picture)
    context.close()
    return first, later


def _seconds(page: Any, address: str, picture: str) -> float:
    # The whole page is waited for, so that a later visit finds in the cache what it should.
    page.goto(address, wait_until="load", timeout=120_000)
    handle = page.wait_for_function(_USABLE, arg=picture, timeout=120_000)
    return float(handle.json_value())
