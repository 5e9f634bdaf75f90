"""What the kiosk's browser tests share: sizes, the walk of a practising resident, measures."""

from __future__ import annotations

from contextlib import contextmanager

TALL = {"width": 1080, "height": 1920}
WIDE = {"width": 1280, "height": 1024}
LANGUAGES = ["ja", "ja-easy", "en"]
TARGET_MIN = 44
STEPS_MAX = 20

#: Everything that can be pressed and is seen: its own box, or the label it fills.
_SMALL = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), summary')]
  .filter(one => one.getClientRects().length && !one.classList.contains('skip'))
  .map(one => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < %d || box.height < %d)
  .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""


def without_bridge(page, town):
    """Let nothing answer where the bridge would be: the page stands alone."""
    page.route(
        f"{town.agent}/**",
        lambda route: route.fulfill(body="<title>-</title>", content_type="text/html"),
    )


def small_targets(page):
    return page.evaluate(_SMALL % (TARGET_MIN, TARGET_MIN))


def fits_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def screen_of(page):
    return page.locator("[data-screen]").get_attribute("data-screen")


@contextmanager
def turning(page):
    """Press inside; go on when the next page is there, however long it takes."""
    page.locator("[data-screen]").evaluate("one => { one.dataset.old = '1'; }")
    yield
    page.wait_for_selector("[data-old]", state="detached")
    page.wait_for_load_state("domcontentloaded")


def press_main(page):
    with turning(page):
        page.locator(".actions .btn--main").click()


def start(page, mode, language):
    page.goto(f"/kiosk/?language={language}")
    with turning(page):
        page.locator(f"button[value={mode}]").click()
    assert screen_of(page) == "ACCEPT"


def press_on(page, pin=""):
    """Do what the screen asks for in the simplest way; return the screen that was left."""
    screen = screen_of(page)
    if screen == "PRINT":
        page.wait_for_selector("[data-screen=TAKE]", timeout=90_000)
        return screen
    with turning(page):
        _press(page, screen, pin)
    return screen


def _press(page, screen, pin):
    main = page.locator(".actions .btn--main")
    match screen:
        case "PIN":
            for digit in pin:
                page.locator(f"[data-digit='{digit}']").click()
            page.locator(".keys .enter").click()
        case "TOWN" | "KIND" | "PART":
            page.locator(".bar").first.click()
        case "ITEMS" if page.locator(".yesno").count() == 0:
            page.locator(".bar").last.click()
        case "COPIES":
            page.locator(".number").first.click()
        case "PAY" if main.count() == 0:
            page.locator(".bar").first.click()
        case _:
            main.click()


def practise(page, look=lambda _page: None):
    """Go from the terms to the last screen of practice; return the screens seen."""
    seen = []
    for _ in range(STEPS_MAX):
        look(page)
        if screen_of(page) == "TAKE":
            return [*seen, "TAKE"]
        seen.append(press_on(page, pin=shown_pin(page)))
    raise AssertionError(f"practice leads nowhere: {seen}")


def shown_pin(page):
    """The practice number, read off the screen as a resident would."""
    if screen_of(page) != "PIN":
        return ""
    return "".join(ch for ch in page.locator(".head .note").inner_text() if ch.isdecimal())
