"""What a resident types as a PIN stays on the device: no request, no storage, nothing left on the page."""

import pytest

from madoguchi.kernel.language import Language
from tests.browser.axe import violations
from tests.browser.conftest import DESK, PHONE

PAGE = "/prepare/pins/"
DIGITS, LETTERS = "3861", "K7Q2M9XW"
KEPT = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, (await indexedDB.databases()).length,
  'caches' in self ? await caches.keys() : [], document.cookie, location.href, history.state,
])"""


def say(page, secret):
    """What is said of what stands in one field."""
    return [
        line.get_attribute("data-says")
        for line in page.locator(f"[data-secret={secret}] [data-says]").all()
        if line.is_visible()
    ]


def type_both(page):
    page.locator("#try-digits").press_sequentially(DIGITS)
    page.locator("#try-letters").press_sequentially(LETTERS)


def values(page):
    return page.evaluate("[...document.querySelectorAll('input')].map((one) => one.value)")


def test_nothing_leaves_while_typing_and_nothing_is_kept(open_page):
    page = open_page(PHONE)
    page.goto(PAGE)
    page.wait_for_load_state("networkidle")
    sent = []
    page.context.on("request", lambda request: sent.append(request.url))
    type_both(page)
    page.keyboard.press("Enter")
    assert say(page, "digits") == ["good"]
    assert say(page, "letters") == ["good"]
    page.wait_for_timeout(300)
    assert sent == []
    kept = page.evaluate(KEPT)
    assert DIGITS not in kept
    assert LETTERS not in kept
    assert all(LETTERS not in str(cookie) for cookie in page.context.cookies())


def test_the_browser_itself_refuses_to_send(chromium, town):
    """Even a script that wanted to: the page's policy stops request and form."""
    context = chromium.new_context(base_url=town.url)
    page = context.new_page()
    page.goto(PAGE, wait_until="networkidle")
    sent = []
    context.on("requestfinished", lambda request: sent.append(request.url))
    refused = page.evaluate(
        """() => fetch("/booking/?q=3861").then(() => "sent", () => "refused")"""
    )
    page.evaluate("""() => {
      const form = document.body.appendChild(document.createElement("form"));
      form.action = "/booking/"; form.submit();
    }""")
    page.wait_for_timeout(300)
    assert refused == "refused"
    assert sent == []
    assert page.url.endswith(PAGE)
    context.close()


def test_leaving_and_coming_back_shows_empty_fields(open_page):
    page = open_page(PHONE)
    page.goto(PAGE)
    type_both(page)
    page.goto("/booking/")
    page.go_back()
    page.wait_for_function("document.querySelector('[data-try]').hidden === false")
    assert values(page) == ["", ""]
    type_both(page)
    page.reload()
    assert values(page) == ["", ""]
    type_both(page)
    page.locator("[data-empty]").first.click()
    assert values(page) == ["", LETTERS]
    assert say(page, "digits") == []


def test_what_is_wrong_is_said_at_once_and_what_is_guessed_is_told(open_page):
    page = open_page(PHONE)
    page.goto(PAGE)
    page.locator("#try-letters").fill("k7-q")
    assert say(page, "letters") == ["small", "characters", "short", "both"]
    assert page.locator("#try-letters").get_attribute("aria-invalid") == "true"
    page.locator("#try-digits").fill("0412")
    assert say(page, "digits") == ["day", "guessed"]
    assert page.locator("#try-digits").get_attribute("aria-invalid") == "false"


@pytest.mark.parametrize("language", Language)
def test_the_printed_page_has_empty_boxes_and_nothing_typed(open_page, language):
    page = open_page(DESK)
    page.goto(f"{PAGE}?language={language}")
    type_both(page)
    page.emulate_media(media="print")
    assert page.locator(".box").count() == 4 + 16
    assert page.locator(".box").first.is_visible()
    assert page.locator(".box--must").count() == 4 + 6
    assert {one.inner_text() for one in page.locator(".box").all()} == {""}
    assert not page.locator("#try-digits").is_visible()
    assert (
        page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    )  # not /Pages


@pytest.mark.parametrize("language", Language)
def test_every_language_is_accessible_while_something_is_said(open_page, language):
    page = open_page(PHONE, bypass_csp=True)
    page.goto(f"{PAGE}?language={language}")
    page.locator("#try-letters").fill("k7-q")
    page.locator("#try-digits").fill("1111")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_script_the_words_are_there_and_no_field(chromium, town):
    context = chromium.new_context(base_url=town.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(PAGE)
    assert not page.locator("#try-digits").is_visible()
    assert page.locator("noscript p").is_visible()
    assert page.locator(".uses li").count() == 4
    context.close()
