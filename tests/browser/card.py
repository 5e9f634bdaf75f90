"""A resident with a card at the real flow: the hand at the reader, the pad in its own frame."""

from __future__ import annotations

import json
import re

from tests.browser import kiosk

PIN = "1234"
#: Cards of the demonstration, by what is written on them.
AOI, FATHER, MOTHER, CHILD, RIN, UME = (
    "海野　葵", "湊　航平", "湊　美波", "湊　帆香", "潮　凛", "磯　梅",
)  # fmt: skip
#: A busy machine makes the paper in seconds, not in one.
PAPER_MS = 60_000
#: The page asks the till a moment after it is shown.
MACHINES_LOOKS_MAX = 100


def number_of(hand, label):
    return next(one["card_no"] for one in hand.cards() if one["label"] == label)


def pad_of(page):
    return page.frame_locator("iframe.bridge--pad")


def touch_pin(page, pin=PIN):
    """Type on the agent's own page, as a finger does; our page never sees a digit."""
    pad = pad_of(page)
    pad.locator("#stage.pin").wait_for()
    for digit in pin:
        pad.locator(f"[data-key='{digit}']").click()
    pad.locator("[data-decide]").click()


def go_on(page, hand, card_no, *, choose=None, pin=touch_pin):
    """Do what the screen asks for; ``choose`` names a choice by screen, else the first is taken."""
    screen = kiosk.screen_of(page)
    wanted = (choose or {}).get(screen)
    match screen:
        case "CARD":
            hand.place(card_no)
        case "PIN":
            pin(page)
        case "CARD_BACK":
            hand.take()
        case "PAY" if page.locator("[data-watch]").count():
            machines = page.context.new_page()
            at_machines(machines, "支払う")
            machines.close()
        case "PRINT":
            page.wait_for_selector("[data-screen=TAKE], .screen--end", timeout=PAPER_MS)
        case "PART" if page.locator(".toggle").count():
            page.locator(".toggle input").first.check()
            kiosk.press_main(page)
        case _ if wanted:
            page.locator(f"button[value='{wanted}'], .bar[href*='{wanted}']").first.click()
        case _:
            kiosk.press_on(page)
    return screen


def walk(page, hand, card_no, *, until="TAKE", choose=None, pin=touch_pin, look=None):
    """Go on until a screen is there, or the session has ended; return the screens seen."""
    seen = []
    for _ in range(2 * kiosk.STEPS_MAX):
        if look:
            look(page)
        screen = kiosk.screen_of(page)
        if screen == until or page.locator(".screen--end").count():
            return [*dict.fromkeys([*seen, screen])]
        here = page.url, page.locator(".head").inner_text()
        seen.append(go_on(page, hand, card_no, choose=choose, pin=pin))
        wait_changed(page, here)
    raise AssertionError(f"the way leads nowhere: {seen}")


def at_machines(page, words):
    """Press what a hand at till and printer does, on the demonstration's own page."""
    wanted = page.get_by_role("button", name=words, exact=True)
    page.goto("/demo/machines/")
    for _ in range(MACHINES_LOOKS_MAX):
        if wanted.count():
            break
        page.reload()
    wanted.first.click()
    page.wait_for_load_state()


def people_of(town):
    """Every card of the demonstration with whose it is."""
    found = (town.home / "cards" / "cards").glob("*/card.json")
    return [json.loads(path.read_text("utf-8")) for path in sorted(found)]


def wait_changed(page, here):
    """Wait until another address or another question is on the screen."""
    page.wait_for_function(
        "([url, head]) => document.querySelector('.head') && (location.href !== url"
        " || document.querySelector('.head').innerText !== head)",
        arg=list(here),
    )
    page.wait_for_load_state("domcontentloaded")


def without_tokens(html):
    """A page as it reads, without what is new in every answer."""
    html = re.sub(r'"X-CSRFToken": "\w+"', '"X-CSRFToken": ""', html)
    return re.sub(r'(name="csrfmiddlewaretoken" value=|nonce=)"[^"]*"', r'\1""', html)
