"""The same screens in Firefox: by keyboard, without complaint, at 1280 points and at 400 %."""

from __future__ import annotations

import pytest

from madoguchi.town.api import NAMED
from tests.browser.axe import violations
from tests.browser.kiosk import STEPS_MAX
from tests.firefox import Firefox

DESK = (1280, 800)
GLASS = (1280, 1024)


def both_sizes(page: Firefox, size: tuple[int, int] = DESK) -> None:
    """Nothing to scroll sideways at this size, nor with everything four times as large."""
    page.size(*size, zoom=4)
    assert page.fits(), page.evaluate("[location.pathname, document.documentElement.scrollWidth]")
    page.size(*size)
    assert page.fits(), page.evaluate("[location.pathname, document.documentElement.scrollWidth]")


def test_at_the_desk_from_the_sign_in_to_the_paper(firefox):
    page = firefox
    page.size(*DESK)
    page.goto("/")
    both_sizes(page)
    page.enter('form[action$="/demo/sign-in/kaede/"] button')
    both_sizes(page)
    page.wait("document.activeElement?.matches('input')")
    page.type("海野")
    page.press("Enter")
    page.wait("document.readyState === 'complete' && location.pathname.includes('search')")
    both_sizes(page)
    assert "海野" in page.evaluate("document.querySelector('main').innerText")
    page.goto(f"/person/{NAMED['aoi'].person_id}/")
    both_sizes(page)
    page.press("c")
    page.wait("!!document.querySelector('#paper img')")
    both_sizes(page)
    assert violations(page) == []
    page.press("d")
    page.press("Enter")
    page.wait("!!document.querySelector('a[data-print]')")
    both_sizes(page)
    kind = page.evaluate(
        "fetch(document.querySelector('a[data-print]').href)"
        ".then(one => one.headers.get('content-type'))"
    )
    assert kind == "application/pdf"


@pytest.mark.parametrize("path", ["/booking/", "/verify/", "/prepare/"])
def test_public_pages_are_reached_by_keyboard(firefox, path):
    page = firefox
    page.goto(path)
    both_sizes(page)
    assert violations(page) == []
    page.to("main a[href], main button, main input:not([type=hidden]), main select")


#: What is pressed where it is not the one main button.
CONTROL = {"TOWN": ".bar", "KIND": ".bar", "PART": ".bar", "COPIES": ".number",
           "PIN": ".keys .enter"}  # fmt: skip
SCREEN = "document.querySelector('[data-screen]')?.dataset.screen"


def test_practice_at_the_kiosk_to_its_end(firefox):
    page, seen = firefox, []
    page.size(*GLASS)
    page.goto("/kiosk/?language=ja")
    both_sizes(page, GLASS)
    page.enter("button[value=PRACTICE]")
    while (screen := page.evaluate(SCREEN)) != "TAKE":
        seen.append(screen)
        assert len(seen) <= STEPS_MAX, seen
        both_sizes(page, GLASS)
        if screen == "PIN":
            note = page.evaluate("document.querySelector('.head .note').innerText")
            page.type("".join(one for one in note if one.isdecimal()))
        if screen != "PRINT":
            page.to(CONTROL.get(screen, ".actions .btn--main"))
            page.press("Enter")
        page.wait(f"document.readyState === 'complete' && {SCREEN} !== {screen!r}", seconds=60)
    both_sizes(page, GLASS)
    assert seen[0] == "ACCEPT" and seen[-1] == "PRINT"
