"""Practice in every language to the end, by hand and by keyboard, at the sizes kiosks have."""

import pytest

from tests.browser import kiosk
from tests.browser.kiosk import LANGUAGES, TALL, WIDE

STORE_ORDER = [
    "ACCEPT", "CARD", "TOWN", "PIN", "CARD_BACK", "KIND", "PART", "ITEMS", "COPIES", "CONFIRM",
    "PAY", "PRINT", "TAKE",
]  # fmt: skip
EACH_TIME = {("tall", "ja"), ("wide", "ja-easy"), ("tall", "en")}
#: Every language and every size in each run, every pair of them in the long one.
WALKS = [
    pytest.param(size, language, id=f"{name}-{language}",
                 marks=() if (name, language) in EACH_TIME else pytest.mark.full)
    for name, size in (("tall", TALL), ("wide", WIDE)) for language in LANGUAGES
]  # fmt: skip


@pytest.mark.parametrize(("size", "language"), WALKS)
def test_to_the_end_in_the_order_of_the_store(open_page, language, size):
    page = open_page(size)
    kiosk.start(page, "PRACTICE", language)

    def look(page):
        assert kiosk.fits_sideways(page)
        assert kiosk.small_targets(page) == []
        # Nothing that must be pressed lies below the edge of the glass.
        bar = page.locator(".actions").bounding_box()
        assert bar["y"] + bar["height"] <= size["height"] + 1

    assert kiosk.practise(page, look) == STORE_ORDER
    page.get_by_role("link").filter(has=page.locator("span")).first.wait_for()
    kiosk.press_main(page)
    page.wait_for_selector("[data-screen=START]")
    assert f"language={language}" in page.url


def test_again_and_again_without_a_trace(open_page):
    page = open_page(WIDE)
    kiosk.start(page, "PRACTICE", "ja")
    kiosk.practise(page)
    with kiosk.turning(page):
        page.locator("form[action$='/again/'] button").click()
    assert kiosk.screen_of(page) == "ACCEPT"
    with kiosk.turning(page):
        page.locator("[data-leave]").click()
    kiosk.press_main(page)
    assert kiosk.screen_of(page) == "START"
    names = {one["name"] for one in page.context.cookies()}
    assert "madoguchi_kiosk" not in names
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_a_wrong_number_is_told_and_asked_again(open_page):
    page = open_page(WIDE)
    kiosk.start(page, "PRACTICE", "ja")
    for _ in range(3):
        kiosk.press_on(page)
    for digit in "9999":
        page.locator(f"[data-digit='{digit}']").click()
    page.locator("[data-erase]").click()
    assert page.locator(".digits .full").count() == 3
    page.locator("[data-digit='9']").click()
    page.locator(".keys .enter").click()
    page.get_by_text("ちがう数字です").first.wait_for()
    assert kiosk.screen_of(page) == "PIN"


def test_by_keyboard_alone(open_page):
    """Tab, Enter, Space, digits and Esc: no pointer is ever needed, and the focus is seen."""
    page = open_page(WIDE)
    page.goto("/kiosk/?language=ja")
    to_control(page, "button[value=PRACTICE]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-screen=ACCEPT]")
    by_key = {
        "TOWN": ".bar", "KIND": ".bar", "PART": ".bar", "COPIES": ".number",
    }  # fmt: skip
    for _ in range(kiosk.STEPS_MAX):
        screen = kiosk.screen_of(page)
        if screen == "TAKE":
            break
        if screen == "PIN":
            page.keyboard.type(kiosk.shown_pin(page))
            to_control(page, ".keys .enter")
        elif screen == "PRINT":
            page.wait_for_selector("[data-screen=TAKE]", timeout=60_000)
            continue
        else:
            to_control(page, by_key.get(screen, ".actions .btn--main"))
        page.keyboard.press("Enter")
        page.wait_for_selector(f"[data-screen]:not([data-screen={screen}])")
    assert kiosk.screen_of(page) == "TAKE"


def to_control(page, selector):
    """Walk there by Tab; what is reached must be seen to be reached."""
    wanted = page.locator(selector).first
    for _ in range(40):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            outline = wanted.evaluate("one => getComputedStyle(one).outlineStyle")
            assert outline != "none"
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_esc_goes_back_and_what_was_chosen_is_still_there(open_page):
    page = open_page(WIDE)
    kiosk.start(page, "PRACTICE", "ja")
    while kiosk.screen_of(page) != "COPIES":
        kiosk.press_on(page, pin=kiosk.shown_pin(page))
    with kiosk.turning(page):
        page.locator(".number").nth(2).click()
    assert kiosk.screen_of(page) == "CONFIRM"
    with kiosk.turning(page):
        page.keyboard.press("Escape")
    assert kiosk.screen_of(page) == "COPIES"
    assert "3" in page.locator(".number--pressed b").inner_text()


def test_reload_history_and_a_second_press_do_no_harm(open_page):
    page = open_page(WIDE)
    kiosk.start(page, "PRACTICE", "ja")
    kiosk.press_on(page)
    assert kiosk.screen_of(page) == "CARD"
    page.reload()
    assert kiosk.screen_of(page) == "CARD"
    page.go_back()
    page.goto("/kiosk/now/")
    assert kiosk.screen_of(page) == "CARD"
    # Two clicks in one turn of the browser: one request, one step.
    page.evaluate(
        "() => { const b = document.querySelector('.actions .btn--main'); b.click(); b.click(); }"
    )
    page.wait_for_selector("[data-screen=TOWN]")


def test_the_question_are_you_still_there(open_page):
    """The page asks before the server ends the session; a yes goes on, silence ends and wipes."""
    page = open_page(WIDE)
    page.clock.install()
    kiosk.start(page, "PRACTICE", "ja")
    idle = int(page.locator("[data-idle]").get_attribute("data-idle"))
    page.clock.fast_forward((idle - 29) * 1000)
    page.locator("#still").wait_for()
    page.locator("#still .btn--main").click()
    page.wait_for_selector("[data-screen=ACCEPT]")
    assert not page.locator("#still").is_visible()
    page.clock.fast_forward((idle - 29) * 1000)
    page.locator("#still").wait_for()
    page.clock.run_for(32_000)
    page.wait_for_selector(".screen--end")
    assert page.get_by_text("しばらく操作がなかった").first.is_visible()


def test_a_yes_in_the_last_second_is_a_yes(open_page):
    """The server may be slow: a clock that runs on must not end what was just prolonged."""
    page = open_page(WIDE)
    left = []
    page.on("request", lambda one: left.append(one.url) if "/leave/" in one.url else None)
    page.clock.install()
    kiosk.start(page, "PRACTICE", "ja")
    idle = int(page.locator("[data-idle]").get_attribute("data-idle"))
    page.clock.fast_forward((idle - 29) * 1000)
    page.locator("#still").wait_for()
    page.clock.run_for(28_000)
    # The answer is given and does not get through yet. (A request held back at the network
    # would hold back every question to the page as well, the clock's among them.)
    yes = page.locator("[data-stay]")
    yes.evaluate(
        """form => {
          form.addEventListener("submit", event => event.preventDefault(), { once: true });
          form.requestSubmit();
        }"""
    )
    page.clock.run_for(5_000)
    assert left == []
    assert page.locator("#still").is_visible()
    yes.evaluate("form => form.submit()")
    page.locator("#still").wait_for(state="hidden")
    assert kiosk.screen_of(page) == "ACCEPT"
    assert left == []
