"""The desk by keyboard, scanner and zoom, in a real Chromium."""

import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler

from madoguchi.web.tests import routes

pytestmark = pytest.mark.browser


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def address(settings):
    settings.ROOT_URLCONF = "madoguchi.web.tests.routes"
    settings.MIDDLEWARE = ["csp.middleware.CSPMiddleware", *routes.MIDDLEWARE]
    settings.MADOGUCHI_DEMO = True
    settings.MADOGUCHI_DOORS = [("d", "accounts:sign_in", "ドア", None)]
    application = StaticFilesHandler(WSGIHandler())
    server = make_server("127.0.0.1", 0, application, server_class=Server, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def desk(chromium, address):
    """The style page, with everything the browser complained about."""
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, extra_http_headers={"Test-Rights": "SEARCH"}
    )
    context.set_default_timeout(5_000)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(f"{address}/_style")
    yield page
    context.close()


@pytest.fixture
def still(desk):
    """The style page with its time standing still: keys come as fast as a scanner's."""
    desk.clock.install(time=0)
    desk.clock.pause_at(1_000)
    return desk


NEVER_ANSWERED = """
  window.sent = 0;
  window.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) window.sent += 1;
    event.preventDefault();
  });
"""


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_the_page_keeps_its_security_policy(desk):
    assert desk.complaints == []
    assert desk.evaluate("typeof htmx") == "object"


def test_slash_goes_to_the_search_box(desk):
    desk.keyboard.press("/")
    assert focused(desk) == "q"
    assert desk.input_value("#q") == ""


def test_g_and_a_letter_go_to_a_door(still):
    still.keyboard.press("g")
    still.clock.run_for(100)
    still.keyboard.press("d")
    still.clock.run_for(100)
    still.wait_for_url("**/sign-in")


def test_alt_and_a_letter_go_there_while_typing_too(desk):
    desk.focus("#q")
    desk.keyboard.press("Alt+d")
    desk.wait_for_url("**/sign-in")


def test_a_place_gone_to_asks_before_typed_words_are_lost(desk):
    desk.fill("#id_visitor", "湊")
    desk.keyboard.press("Alt+d")
    desk.wait_for_selector("#leave[open]")
    desk.keyboard.press("Enter")  # the safe answer is the ready one
    desk.wait_for_selector("#leave", state="hidden")
    assert desk.input_value("#id_visitor") == "湊"
    assert "sign-in" not in desk.url


def test_question_mark_shows_the_keys_and_escape_closes_them(desk):
    desk.keyboard.press("?")
    desk.wait_for_selector("#keys[open]")
    assert desk.is_visible("text=証明書の種類をえらぶ")
    desk.keyboard.press("Escape")
    desk.wait_for_selector("#keys", state="hidden")


def test_a_letter_presses_its_toggle_but_not_while_typing(still):
    still.focus("#id_visitor")
    still.keyboard.press("s")
    still.clock.run_for(100)
    assert not still.is_checked("#id_papers_1")
    still.evaluate("document.activeElement.blur()")
    still.keyboard.press("s")
    still.clock.run_for(100)
    assert still.is_checked("#id_papers_1")


def test_a_scan_reaches_the_search_box_from_wherever_the_cursor_is(still):
    still.focus("#id_visitor")
    still.keyboard.type("A1B-123456")
    still.keyboard.press("Enter")
    still.wait_for_url("**/_style?q=A1B-123456")


def test_a_scan_leaves_the_field_it_met_as_it_was(still):
    still.evaluate(NEVER_ANSWERED)
    still.fill("#id_visitor", "湊")
    still.keyboard.type("A1B-123456")
    still.keyboard.press("Enter")
    assert still.input_value("#q") == "A1B-123456"
    assert still.input_value("#id_visitor") == "湊"


def test_slow_hands_are_no_scanner(still):
    still.evaluate(NEVER_ANSWERED)
    still.focus("#id_visitor")
    for key in [*"abcdefgh", "Enter"]:
        still.keyboard.press(key)
        still.clock.run_for(80)
    assert still.input_value("#id_visitor") == "abcdefgh"
    assert still.input_value("#q") == ""


def test_a_scan_presses_no_letter_keys(still):
    still.keyboard.type("sdf-123456")
    still.clock.run_for(100)
    assert not still.is_checked("#id_papers_1")


def test_enter_sends_and_the_summary_takes_the_focus(desk):
    desk.focus("#id_visitor")
    desk.keyboard.press("Enter")
    desk.wait_for_selector("[data-problems]")
    assert desk.evaluate("document.activeElement.matches('[data-problems]')")
    assert desk.locator("[data-problems] li").count() == 4
    desk.click("[data-problems] a >> nth=0")
    assert focused(desk) == "id_visitor"


def test_going_back_asks_before_typed_words_are_lost(desk):
    desk.fill("#id_visitor", "湊")
    desk.keyboard.press("Escape")
    desk.wait_for_selector("#leave[open]")
    desk.keyboard.press("Enter")  # the safe answer is the ready one
    desk.wait_for_selector("#leave", state="hidden")
    assert desk.input_value("#id_visitor") == "湊"
    assert "#main" not in desk.url


def test_waiting_is_quiet_then_said_then_free_to_leave(still):
    desk = still
    desk.evaluate(NEVER_ANSWERED)
    desk.focus("[data-main]")
    desk.keyboard.press("Enter")
    desk.clock.run_for(250)
    assert not desk.is_visible("#busy")
    desk.clock.run_for(100)
    assert desk.inner_text("#busy") == "証明書を作っています"
    desk.clock.run_for(10_000)
    assert "離れてもかまいません" in desk.inner_text("#busy")


def test_one_press_is_one_request(desk):
    desk.evaluate(NEVER_ANSWERED)
    desk.focus("[data-main]")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Enter")
    assert desk.evaluate("window.sent") == 1


@pytest.mark.parametrize("width", [1440, 768, 390, 320])
def test_nothing_is_cut_off_at_any_width(desk, width):
    """1280 pixels at 400 % are 320."""
    desk.set_viewport_size({"width": width, "height": 400})
    assert desk.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_that_can_be_pressed_shows_its_focus(desk):
    for _ in range(40):
        desk.keyboard.press("Tab")
        style = desk.evaluate(
            """() => {
              const e = document.activeElement;
              const box = e.closest('.choice') ?? e;
              const s = getComputedStyle(box);
              return e === document.body ? 'body' : s.outlineStyle + ' ' + s.outlineWidth;
            }"""
        )
        assert style in ("solid 3px", "body")


def test_print_shows_the_matter_and_not_the_frame(desk):
    desk.emulate_media(media="print")
    assert not desk.is_visible(".top")
    assert not desk.is_visible(".bottom")
    assert desk.is_visible("h1")
