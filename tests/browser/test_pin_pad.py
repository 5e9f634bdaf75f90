"""The PIN pad in a real Chromium, framed by a site: by touch, by keyboard, and by a stranger."""

import base64
import os
import re
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from madoguchi.bridge import clock
from madoguchi.bridge.emulator import making
from madoguchi.bridge.proof import write_nonce
from madoguchi.bridge.remote import TrayHand
from madoguchi.bridge.tests.asking import agent_running
from madoguchi.bridge.tests.people import AOI, PEOPLE, PIN, UME, WRONG
from tests.browser.axe import violations
from tests.browser.kiosk import TALL, WIDE

KEY_HEIGHT_MIN = 96
#: The kiosk's own head and foot around the frame.
HEAD_AND_FOOT = 200
SITE_PAGE = """<!doctype html><html lang="ja"><meta charset="utf-8"><title>見本</title>
<style>html,body{{margin:0;height:100%}} header{{height:{head}px}}
iframe{{border:0;width:100%;height:calc(100% - {head}px)}}</style><header></header>
<iframe id="bridge" title="暗証番号" src="{bridge}/"></iframe>{more}
<script>
  window.heard = [];
  window.everything = [];
  addEventListener("message", (event) => {{
    everything.push(event.origin);
    if (event.origin === "{bridge}") heard.push(event.data);
  }});
  window.say = (message) => bridge_frame().postMessage(message, "{bridge}");
  const bridge_frame = () => document.getElementById("bridge").contentWindow;
</script></html>"""


class Site:
    """A web site of somebody's: the kiosk's, or a stranger's."""

    def __init__(self):
        site = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                body = site.body.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.body = ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.1,))
        self.thread.start()

    def frame(self, bridge, more=""):
        self.body = SITE_PAGE.format(bridge=bridge, head=HEAD_AND_FOOT, more=more)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


@pytest.fixture(scope="module")
def drawer_made_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cards") / "drawer"
    pins = making.DemoPins(digits=PIN, sign="QZ7395XK")
    making.make_cards(PEOPLE, out=folder, now=clock.now(), pins=pins)
    return folder


@pytest.fixture
def sites():
    both = Site(), Site()
    yield both
    for one in both:
        one.close()


@pytest.fixture
def bridge(drawer_made_once, tmp_path, sites):
    """An agent with fictional cards that serves the first site and not the second."""
    drawer = shutil.copytree(drawer_made_once, tmp_path / "drawer")
    with agent_running(emulated=drawer, origins=[sites[0].origin]) as server:
        for site in sites:
            site.frame(server.own_origin)
        yield server.own_origin


@pytest.fixture
def hand(bridge):
    return TrayHand(bridge)


class Kiosk:
    """The kiosk's page, and the frame of the bridge in it."""

    def __init__(self, page, site):
        self.page = page
        self.sent = []
        page.on("request", lambda request: self.sent.append(request))  # noqa: PLW0108  no built-in takes part
        page.goto(site.origin)
        self.pad = page.frame_locator("#bridge")
        page.wait_for_function("heard.some((one) => one.type === 'card')")

    @property
    def frame(self):
        return self.page.frames[1]

    def prove(self, language="ja", mode="PLAIN"):
        nonce = write_nonce(os.urandom(32))
        self.page.evaluate(
            "(message) => say(message)",
            {"type": "prove", "nonce": nonce, "language": language, "mode": mode},
        )
        lang = "en" if language == "en" else "ja"
        self.pad.locator(f":root[lang={lang}]").wait_for(state="attached")

    def wait(self, kind):
        self.page.wait_for_function("(kind) => heard.some((one) => one.type === kind)", arg=kind)
        return next(one for one in reversed(self.heard) if one["type"] == kind)

    def touch(self, pin):
        for digit in pin:
            self.pad.locator(f"[data-key='{digit}']").click()
        self.pad.locator("[data-decide]").click()

    def stage(self, name):
        self.pad.locator(f"#stage.{name}").wait_for()

    @property
    def heard(self):
        return self.page.evaluate("heard")


@pytest.fixture
def kiosk(chromium, bridge, sites):
    contexts, complaints = [], []

    def open_one(size=TALL, **more):
        context = chromium.new_context(viewport=size, locale="ja-JP", **more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return Kiosk(page, sites[0])

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def test_by_touch_from_the_card_to_the_card(kiosk, hand):
    one = kiosk()
    assert one.heard == [
        {"type": "ready", "emulated": True, "reader": "見本のリーダー"},
        {"type": "card", "present": False},
    ]
    one.prove()
    one.stage("place")
    hand.place(AOI)
    one.stage("pin")
    one.touch(PIN)
    proof = one.wait("proof")
    assert base64.b64decode(proof["certificate"])[:2] == b"\x30\x82"
    assert len(base64.b64decode(proof["signature"])) == 256
    one.stage("take")
    assert "おとりください" in one.pad.locator("h1").inner_text()
    hand.take()
    one.stage("done")
    assert [message["type"] for message in one.heard[2:]] == ["card", "tries", "proof", "card"]


def test_tries_are_told_before_the_last_one_and_then_it_is_blocked(kiosk, hand):
    hand.place(AOI)
    one = kiosk()
    one.prove()
    one.stage("pin")
    assert "あと3回" in one.pad.locator("#left").inner_text()
    one.touch(WRONG)
    one.pad.get_by_text("暗証番号がちがいます").wait_for()
    assert "あと2回" in one.pad.locator("#left").inner_text()
    one.touch(WRONG)
    one.pad.locator("#left.stop").wait_for()
    assert "ロックされます" in one.pad.locator("#left").inner_text()
    one.touch(WRONG)
    one.wait("blocked")
    one.stage("trouble")
    assert [m["left"] for m in one.heard if m["type"] == "tries"] == [3, 2, 1, 0]
    assert "proof" not in {m["type"] for m in one.heard}


def test_by_keyboard_alone(kiosk, hand):
    hand.place(AOI)
    one = kiosk(WIDE)
    one.prove("en")
    one.stage("pin")
    keys = one.page.keyboard
    for key in (*"12", "Backspace", "Backspace", *PIN, "Enter"):
        keys.press(key)
    one.wait("proof")


def test_escape_is_cancel(kiosk, hand):
    hand.place(AOI)
    one = kiosk()
    one.prove()
    one.stage("pin")
    one.page.keyboard.press("1")
    one.page.keyboard.press("Escape")
    assert one.wait("cancelled") == {"type": "cancelled", "reason": "resident"}
    assert one.pad.locator("#stage").inner_html() == ""


def test_a_site_with_a_stop_of_its_own_is_not_given_a_second(kiosk, hand):
    """Two buttons that say the same are a question too many; Esc still means what it means."""
    hand.place(AOI)
    one = kiosk()
    one.prove()
    one.stage("pin")
    assert one.pad.locator("[data-cancel]").count() == 1
    nonce = write_nonce(os.urandom(32))
    message = {"type": "prove", "nonce": nonce, "language": "ja", "mode": "PLAIN", "leave": "site"}
    one.page.evaluate("(message) => say(message)", message)
    one.pad.locator("body.inset #stage.pin").wait_for()
    assert one.pad.locator("[data-cancel]").count() == 0
    hand.take()
    one.stage("place")
    assert one.pad.locator("[data-cancel]").count() == 0
    one.page.keyboard.press("Escape")
    assert one.wait("cancelled")["reason"] == "resident"


def test_a_minute_of_nothing_is_cancel(kiosk, hand):
    hand.place(AOI)
    one = kiosk()
    one.page.clock.install()
    one.prove()
    one.stage("pin")
    one.pad.locator("[data-key='1']").click()
    one.page.clock.fast_forward(59_000)
    one.pad.locator("[data-key='2']").click()
    one.page.clock.fast_forward(59_000)
    assert "cancelled" not in {m["type"] for m in one.heard}
    one.page.clock.fast_forward(2_000)
    assert one.wait("cancelled")["reason"] == "idle"


def test_what_was_typed_is_forgotten_with_the_card(kiosk, hand):
    hand.place(AOI)
    one = kiosk()
    one.prove()
    one.stage("pin")
    one.pad.locator("[data-key='7']").click()
    assert one.pad.locator("#dots .full").count() == 1
    hand.take()
    one.stage("place")
    hand.place(UME)
    one.stage("pin")
    assert one.pad.locator("#dots .full").count() == 0


def test_the_pin_goes_to_the_bridge_and_nowhere_else(kiosk, hand, bridge):
    hand.place(AOI)
    one = kiosk()
    one.prove()
    one.stage("pin")
    for digit in PIN:
        one.pad.locator(f"[data-key='{digit}']").click()
    typed = one.frame.content()
    assert PIN not in re.sub(r'data-page="[^"]*"', "", typed)
    one.pad.locator("[data-decide]").click()
    one.wait("proof")
    carriers = [r for r in one.sent if PIN in (r.post_data or "")]
    assert [r.url for r in carriers] == [f"{bridge}/pin"]
    assert not [r.url for r in one.sent if PIN in r.url]
    assert {r.url.split("/")[2] for r in one.sent if r.method == "POST"} == {bridge.split("/")[2]}
    kept = one.frame.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    assert kept == '[{},{},""]'


@pytest.mark.parametrize("mode", ["PLAIN", "ELDER"])
@pytest.mark.parametrize("size", [TALL, WIDE], ids=["tall", "wide"])
def test_keys_are_large_and_everything_fits(kiosk, hand, size, mode):
    hand.place(AOI)
    one = kiosk(size)
    for language in ("ja", "ja-easy", "en"):
        one.prove(language, mode)
        one.stage("pin")
        for wrong in (False, True):
            if wrong and language == "en":
                one.touch(WRONG)
                one.pad.locator("p.stop").first.wait_for()
                one.touch(WRONG)
                one.pad.locator("#left.stop").wait_for()
            sizes = one.frame.evaluate(
                "[...document.querySelectorAll('.keys button')].map((b) => b.getBoundingClientRect().height)"
            )
            assert len(sizes) == 12
            assert min(sizes) >= KEY_HEIGHT_MIN
            assert one.frame.evaluate("document.documentElement.scrollHeight <= innerHeight")
            assert one.frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("language", "mode"), [("ja", "PLAIN"), ("ja-easy", "ELDER"), ("en", "PLAIN")]
)
def test_axe_finds_nothing_on_any_state(kiosk, hand, language, mode):
    one = kiosk(bypass_csp=True)
    one.prove(language, mode)
    for state, step in (
        ("place", None),
        ("pin", lambda: hand.place(AOI)),
        ("take", lambda: one.touch(PIN)),
        ("done", hand.take),
    ):
        if step:
            step()
        one.stage(state)
        assert violations(one.frame) == [], state


def test_at_four_times_the_size_nothing_runs_out_of_the_page(kiosk, hand):
    hand.place(AOI)
    one = kiosk({"width": 320, "height": 640})
    for language in ("ja", "ja-easy", "en"):
        one.prove(language, "ELDER")
        one.stage("pin")
        assert one.frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_stranger_cannot_frame_it(chromium, bridge, sites, hand):
    hand.place(AOI)
    page = chromium.new_page()
    page.goto(sites[1].origin)
    page.wait_for_timeout(500)
    page.evaluate("() => say({type: 'prove', nonce: 'A'.repeat(43), language: 'ja'})")
    page.wait_for_timeout(300)
    assert page.evaluate("everything") == []
    assert page.frames[1].url == "chrome-error://chromewebdata/"
    page.close()


def test_only_the_site_around_it_is_heard(kiosk, bridge, sites, hand):
    """A stranger in another frame of the same page asks in vain."""
    hand.place(AOI)
    stranger = f"""<iframe src="{sites[1].origin}"></iframe>"""
    sites[1].body = f"""<!doctype html><script>
      setInterval(() => parent.frames[0].postMessage(
        {{type: "prove", nonce: "A".repeat(43), language: "ja"}}, "{bridge}"), 50);
    </script>"""
    sites[0].frame(bridge, more=stranger)
    one = kiosk()
    one.page.wait_for_timeout(500)
    assert one.pad.locator("#stage").inner_html() == ""
    assert not [r.url for r in one.sent if r.url.endswith("/begin")]
    one.prove()
    one.stage("pin")


def test_the_page_alone_asks_for_nothing(chromium, bridge):
    page = chromium.new_page()
    page.goto(bridge)
    assert "証明書の端末" in page.locator("h1").inner_text()
    assert page.locator("button").count() == 0
    page.close()


def test_the_tray_is_plainly_fictional_and_works(chromium, bridge, hand):
    context = chromium.new_context(viewport={"width": 480, "height": 720}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{bridge}/tray")
    page.locator(f"[data-place='{AOI}']").click()
    page.locator(f"[data-take='{AOI}']").wait_for()
    assert [card["laid"] for card in hand.cards()] == [True, False, False]
    assert "見本・架空のカード" in page.locator("main").inner_text()
    hand.take()  # from elsewhere: the page follows
    page.locator(f"[data-place='{AOI}']").wait_for()
    assert violations(page) == []
    context.close()
