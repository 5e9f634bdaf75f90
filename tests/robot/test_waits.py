"""A terminal that hangs does not hang the robot: every look and press ends in its own time."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from madoguchi.adapters.csterminal.walking import Lost
from madoguchi.cards.domain.terminal import NoAnswer
from tests.robot import town

pytestmark = pytest.mark.usefixtures("needs_chromium")
WAIT_SECONDS, HANG_SECONDS = 1.0, 12.0
FIRST = """<!doctype html><meta charset="utf-8"><h1>メニュー</h1><label>番号 <input id=n></label>
<a href="/slow">先へ</a>"""


class Hanging(BaseHTTPRequestHandler):
    """Answers the first screen; the one after it never comes in time."""

    let_go = threading.Event()

    def do_GET(self):
        if self.path == "/slow":
            self.let_go.wait(HANG_SECONDS)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(FIRST.encode())

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def screens(needs_chromium):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hanging)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser = town.a_browser()
    url = f"http://127.0.0.1:{server.server_port}"
    page = browser.page(url=url, wait_seconds=WAIT_SECONDS)
    browser.do(page.open, "/")
    yield browser, page
    Hanging.let_go.set()
    browser.close()
    server.shutdown()
    server.server_close()


def timed(browser, work, *given):
    began = time.monotonic()
    try:
        found = browser.do(work, *given)
    except Lost as lost:
        found = lost
    return time.monotonic() - began, found


def test_no_wait_is_longer_than_the_scripts(screens):
    browser, page = screens
    assert browser.do(page.look).headings == ("メニュー",)
    assert browser.do(page.press, "先へ")
    for work, *given in ((page.look,), (page.read, "番号"), (page.fill, "番号", "1")):
        took, found = timed(browser, work, *given)
        assert took < WAIT_SECONDS + 1.5, (work.__name__, took)
        # While a screen is on its way there is none yet, which is never "not there".
        assert found is None or (isinstance(found, Lost) and found.reason is NoAnswer.TOO_SLOW)
