"""K14: who is heard beside the PIN pad, with a bridge that says whatever the test wants."""

import json

import pytest

from tests.browser.kiosk import WIDE

PIN, CARD, GONE = (f"/kiosk/gallery/PLAIN/ja/{name}/" for name in ("pin", "card", "card-back"))
PROOF = {"type": "proof", "certificate": "QUJD", "signature": "REVG"}


@pytest.fixture
def page(open_page, town):
    """A page whose presses are seen and go nowhere, beside a bridge of paper."""
    found = open_page(WIDE)
    found.sent = []
    found.bridge = f"{town.agent}/"

    def keep(route):
        found.sent.append((route.request.url.split("/kiosk/")[1], route.request.post_data or ""))
        route.fulfill(body="<title>-</title>", content_type="text/html")

    found.route("**/kiosk/steps/**", keep)
    found.route("**/kiosk/back/", keep)
    found.route("**/kiosk/leave/", keep)
    return found


def bridge(page, *said, also=""):
    """Serve a bridge that says this as soon as it is spoken to, and keeps what it heard."""
    words = json.dumps(said)
    page.route(
        f"{page.bridge}**",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f"""<!doctype html><title>bridge</title><script>
              window.heard = [];
              addEventListener("message", (event) => window.heard.push([event.origin, event.data]));
              for (const one of {words}) parent.postMessage(one, "*");
              {also}
            </script>""",
        ),
    )


def settled(page):
    page.wait_for_timeout(600)
    return [where for where, _ in page.sent]


def frame_of(page):
    return page.frame(url=page.bridge)


def test_k14_a_proof_is_posted_and_nothing_else_of_the_card(page):
    bridge(page, {"type": "ready", "emulated": False, "reader": "-"}, {**PROOF, "pin": "1234"})
    page.goto(PIN)
    page.wait_for_url("**/steps/PIN/")
    ((_where, body),) = page.sent
    assert "QUJD" in body
    assert "REVG" in body
    assert "1234" not in body


def test_k14_the_bridge_is_told_the_challenge_and_by_us_only(page, town):
    bridge(page, {"type": "ready", "emulated": False, "reader": "-"})
    page.goto(PIN)
    page.wait_for_timeout(600)
    heard = frame_of(page).evaluate("window.heard")
    assert {origin for origin, _ in heard} == {town.url}
    asked = [said for _, said in heard if said["type"] == "prove"]
    assert len(asked) == 1
    assert set(asked[0]) == {"type", "nonce", "language", "mode", "leave"}


def test_k14_another_window_is_not_heard(page):
    """The page itself, and a frame of another place, say the same words: nothing happens."""
    bridge(page)
    page.goto(PIN)
    page.evaluate("said => window.postMessage(said, '*')", PROOF)
    page.evaluate(
        """([said, bridge]) => {
          const other = document.createElement("iframe");
          document.body.append(other);
          window.dispatchEvent(new MessageEvent("message", { data: said, origin: "http://127.0.0.1:8022",
            source: document.querySelector("iframe[data-bridge]").contentWindow }));
          window.dispatchEvent(new MessageEvent("message", { data: said, origin: bridge,
            source: other.contentWindow }));
        }""",
        [PROOF, page.bridge.rstrip("/")],
    )
    assert settled(page) == []


@pytest.mark.parametrize(
    "said", [None, 7, "proof", [], {}, {"type": "constructor"}, {"type": "__proto__"}, {"type": 3}]
)
def test_k14_strange_words_are_passed_over(page, said):
    bridge(page, said)
    page.goto(PIN)
    assert settled(page) == []


def test_the_card_on_the_reader_leads_on_and_so_does_its_absence(page):
    bridge(page, {"type": "ready"}, {"type": "card", "present": False})
    page.goto(CARD)
    assert settled(page) == []
    frame_of(page).evaluate("parent.postMessage({type: 'card', present: true}, '*')")
    page.wait_for_url("**/steps/CARD/")
    page.sent.clear()
    page.unroute(f"{page.bridge}**")
    bridge(page, {"type": "ready"}, {"type": "card", "present": True})
    page.goto(GONE)
    assert settled(page) == []
    frame_of(page).evaluate("parent.postMessage({type: 'card', present: false}, '*')")
    page.wait_for_url("**/steps/CARD_BACK/")


def test_stop_in_the_frame_is_stop_and_silence_is_back(page):
    bridge(page, {"type": "ready"}, {"type": "cancelled", "reason": "resident"})
    page.goto(PIN)
    page.wait_for_url("**/leave/")
    page.unroute(f"{page.bridge}**")
    bridge(page, {"type": "ready"}, {"type": "cancelled", "reason": "idle"})
    page.goto(PIN)
    page.wait_for_url("**/back/")


def test_a_blocked_card_is_told_and_who_helps(page):
    bridge(page, {"type": "ready"}, {"type": "blocked"})
    page.goto(PIN)
    page.get_by_text("この暗証番号は、使えなくなっています").wait_for()
    assert settled(page) == []


def test_fictional_cards_show_their_tray_and_a_real_reader_none(page):
    bridge(page, {"type": "ready", "emulated": True})
    page.goto(CARD)
    page.locator("iframe[data-tray]").wait_for(state="visible")
    page.unroute(f"{page.bridge}**")
    bridge(page, {"type": "ready", "emulated": False})
    page.goto(CARD)
    page.wait_for_timeout(600)
    assert not page.locator("iframe[data-tray]").is_visible()


def test_a_bridge_that_is_not_there_is_told_in_words(page):
    page.route(f"{page.bridge}**", lambda route: route.fulfill(body="", content_type="text/html"))
    page.clock.install()
    page.goto(CARD)
    page.clock.fast_forward(5000)
    page.get_by_text("読み取り機が動いていません").wait_for()
