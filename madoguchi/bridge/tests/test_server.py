"""The doors of the agent: who may ask, from where, how much; and what never leaves it."""

import contextlib
import http.client
import json
import socket
import threading

import hypothesis.strategies as st
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import HealthCheck, given, settings

from madoguchi.bridge import jpki
from madoguchi.bridge.proof import signed_bytes
from madoguchi.bridge.remote import TrayHand
from madoguchi.bridge.server import BODY_SIZE_MAX, PAGES_MAX, THREADS_MAX, Server
from madoguchi.bridge.tests.asking import SITE, Page, agent_running, new_nonce, proof_of
from madoguchi.bridge.tests.people import AOI, PIN, UME, WRONG
from madoguchi.kernel.outcome import Refused


@pytest.fixture
def server(drawer):
    with agent_running(emulated=drawer) as one:
        yield one


@pytest.fixture
def hand(server):
    return TrayHand(server.own_origin)


@pytest.fixture
def page(server, hand):
    hand.place(AOI)
    return Page(server.own_origin)


def test_a_whole_proof(page, drawer):
    nonce = new_nonce()
    challenge = page.begin(nonce)["challenge"]
    assert page.ask("/tries") == {"left": 3}
    certificate, signature = proof_of(page.pin(challenge, PIN))
    assert certificate == (drawer / "cards" / AOI / "auth.der").read_bytes()
    key = x509.load_der_x509_certificate(certificate).public_key()
    message = signed_bytes(origin=SITE, nonce=nonce)
    key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())


def test_wrong_pins_down_to_blocked(page):
    challenge = page.begin(new_nonce())["challenge"]
    assert page.pin(challenge, WRONG) == {"problem": "PIN_WRONG", "left": 2}
    assert page.pin(challenge, WRONG) == {"problem": "PIN_WRONG", "left": 1}
    assert page.ask("/tries") == {"left": 1}
    assert page.pin(challenge, WRONG) == {"problem": "PIN_BLOCKED", "left": 0}
    assert page.pin(challenge, PIN) == {"problem": "PIN_BLOCKED"}


def test_the_state_follows_the_card(page, hand):
    state = page.state()
    assert (state["present"], state["emulated"]) == (True, True)
    hand.take()
    after = page.state(state["change"])
    assert (after["present"], after["trouble"]) == (False, "NO_CARD")
    assert page.ask("/tries") == {"problem": "NO_CARD"}
    hand.place(UME)
    assert page.state(after["change"])["present"]


# -- doors -----------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1", "[::1]"])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/static/pad.js"), ("POST", "/state")]
)
def test_another_host_name_is_not_ours(page, host, method, path):
    """A name of somebody else's that leads to this machine is of no use (DNS rebinding)."""
    headers = {"Host": host, "Origin": page.origin, "X-Bridge-Page": page.token}
    status, _, body = page.raw(method, path, b"{}" if method == "POST" else None, headers)
    assert (status, body) == (421, b"{}")


@pytest.mark.parametrize(
    "origin", [None, "null", SITE, "https://evil.example", "http://127.0.0.1:1"]
)
def test_only_our_own_pages_may_ask(page, origin):
    headers = {"X-Bridge-Page": page.token} | ({"Origin": origin} if origin else {})
    status, _, body = page.raw("POST", "/begin", b"{}", headers)
    assert (status, json.loads(body)) == (403, {"problem": "ORIGIN_REFUSED"})


def test_a_request_from_another_site_is_refused_even_with_our_origin(page):
    status, found = page.post("/tries", **{"Sec-Fetch-Site": "cross-site"})
    assert (status, found) == (403, {"problem": "ORIGIN_REFUSED"})


@pytest.mark.parametrize("token", ["", "A" * 43])
def test_without_the_pages_token_nothing_is_answered(page, token):
    status, found = page.post("/tries", **{"X-Bridge-Page": token})
    assert (status, found) == (403, {"problem": "PAGE_OLD"})


def test_a_page_of_long_ago_is_forgotten(page):
    for _ in range(PAGES_MAX):
        Page(page.origin)
    assert page.post("/tries") == (403, {"problem": "PAGE_OLD"})


def test_a_page_in_use_is_not_forgotten(page):
    for _ in range(PAGES_MAX + 2):
        Page(page.origin)
        assert page.ask("/tries") == {"left": 3}


def test_a_site_that_fetches_our_page_again_and_again_pushes_nobody_out(page):
    """It cannot read what it fetched, so it never asks; the page in use waits for a card."""
    assert page.ask("/tries") == {"left": 3}
    for _ in range(PAGES_MAX * 2):
        page.raw("GET", "/", headers={"Origin": "https://elsewhere.example"})
    assert page.ask("/tries") == {"left": 3}


def test_only_the_sites_of_the_list_may_frame_us(page):
    for path in ("/", "/static/pad.js", "/nothing"):
        _, headers, _ = page.raw("GET", path)
        policy = headers["Content-Security-Policy"]
        assert policy.endswith(f"frame-ancestors {SITE}")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in headers
    assert b"<style" not in page.heard
    assert b"onclick" not in page.heard


@pytest.mark.parametrize("path", ["/static/../agent.py", "/static/..%2fagent.py", "/static/", "/static/pad.js?x=1", "/?pin=1", "/tray/place"])  # fmt: skip
def test_only_named_files_are_served(page, path):
    assert page.raw("GET", path)[0] == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "PATCH", "X"])
def test_other_methods_are_refused(page, method):
    status, headers, _ = page.raw(method, "/pin")
    assert status == 501
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("path", ["/begin", "/pin", "/tries", "/state", "/cancel", "/tray/place"])
def test_a_long_body_is_not_read(page, path):
    with pytest.raises((http.client.HTTPException, OSError)):
        page.post(path, b"0" * (BODY_SIZE_MAX + 1))
    assert page.ask("/tries") == {"left": 3}


@pytest.mark.parametrize("told", [b"", b"{", b"[]", b"null", b"\xff", b'{"nonce": 5}', b"[" * 2000])
def test_a_body_that_is_no_question_is_refused(page, told):
    assert page.ask("/begin", told) == {"problem": "ORIGIN_REFUSED"}


def test_a_body_that_ends_early_or_lies_about_its_length_harms_nobody(server, page):
    host = (server.server_address[0], server.server_port)
    head = f"POST /pin HTTP/1.1\r\nHost: {page.host}\r\nOrigin: {page.origin}\r\nX-Bridge-Page: {page.token}\r\n"
    for more in (
        "Content-Length: 9\r\n\r\n12",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 4e1\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n4\r\n1234\r\n0\r\n\r\n",
    ):
        with socket.create_connection(host, 5) as line:
            line.sendall((head + more).encode())
            with contextlib.suppress(OSError):  # it may have hung up already
                line.shutdown(socket.SHUT_WR)
                assert b"certificate" not in line.recv(4096)
    with socket.create_connection(host, 5) as line:
        line.sendall(b"\x16\x03\x01 no http at all\r\n\r\n")
        assert line.recv(4096) == b"{}"  # what asks in no version is told nothing
    assert page.ask("/tries") == {"left": 3}


def test_too_many_at_once_are_turned_away_and_the_agent_lives(server, page):
    host = (server.server_address[0], server.server_port)
    lines = [socket.create_connection(host, 5) for _ in range(THREADS_MAX + 10)]
    for line in lines:
        line.close()
    for _ in range(50):
        try:
            assert page.ask("/tries") == {"left": 3}
            break
        except (OSError, http.client.HTTPException):
            threading.Event().wait(0.1)
    else:
        pytest.fail("the agent did not come back")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=200), st.sampled_from([b"", b"GET ", b"POST /pin HTTP/1.1\r\nHost: "]))
def test_no_bytes_open_or_stop_the_agent(server, page, sent, start):
    line = socket.create_connection((server.server_address[0], server.server_port), 5)
    with line, contextlib.suppress(OSError):
        line.sendall(start + sent + b"\r\n\r\n")
        line.shutdown(socket.SHUT_WR)
        heard = b""
        while part := line.recv(4096):
            heard += part
        assert b" 200 " not in heard
    assert page.ask("/tries") == {"left": 3}


@pytest.mark.parametrize("bind", ["0.0.0.0", "", "::", "192.0.2.1", "localhost"])
def test_it_listens_on_loopback_only(bind):
    with pytest.raises(AssertionError):
        Server(bind=bind, port=0)


# -- the tray --------------------------------------------------------------------------------


def test_the_tray_lists_places_and_takes(server, hand):
    cards = hand.cards()
    assert [card["card_no"] for card in cards] == ["001", "002", "003"]
    hand.place(UME)
    assert [card["laid"] for card in hand.cards()] == [False, True, False]
    hand.take()
    assert not any(card["laid"] for card in hand.cards())


@pytest.mark.parametrize("card_no", ["004", "", "../cards/001", "001/.."])
def test_only_a_card_of_the_drawer_is_placed(hand, card_no):
    with pytest.raises(Refused, match="NO_CARD"):
        hand.place(card_no)


def test_without_fictional_cards_there_is_no_tray():
    with agent_running(emulated=None) as server:
        page = Page(server.own_origin)
        assert page.raw("GET", "/tray")[0] == 404
        assert page.post("/tray/cards")[0] == 404
        state = page.state()
        assert (state["emulated"], state["present"]) == (False, False)
        with pytest.raises(Refused, match="NO_AGENT"):
            TrayHand(server.own_origin)


# -- what never leaves -----------------------------------------------------------------------


def test_no_pin_in_any_answer_log_or_file(server, hand, drawer, tmp_path, capfd, monkeypatch):
    hand.place(AOI)
    page = Page(server.own_origin)
    challenge = page.begin(new_nonce())["challenge"]
    page.pin(challenge, WRONG)
    page.pin("not-a-challenge", PIN)
    page.post("/pin", PIN.encode(), **{"X-Bridge-Page": "old", "X-Bridge-Challenge": challenge})
    page.post("/nowhere", PIN.encode())
    page.pin(challenge, PIN)
    # Our own mistake, with the PIN in the text of the exception and in its frames.
    challenge = page.begin(new_nonce())["challenge"]

    def broken(card, *, pin, message):
        raise RuntimeError(f"could not show {pin.decode()} to the card")

    monkeypatch.setattr(jpki, "prove", broken)
    status, found = page.post("/pin", PIN.encode(), **{"X-Bridge-Challenge": challenge})
    assert (status, found) == (500, {"problem": "FAILED"})
    written = capfd.readouterr()
    assert "pin 200" in written.err
    assert "error RuntimeError" in written.err
    for secret in (PIN, WRONG):
        assert secret not in written.err + written.out
        assert secret.encode() not in page.heard
        # The chip's own memory and the label of a fictional card hold its PIN, and nothing else.
        holders = {
            path.name
            for path in tmp_path.rglob("*")
            if path.is_file() and path.suffix != ".der" and secret.encode() in path.read_bytes()
        }
        assert holders == ({"card.json", "memory.json"} if secret == PIN else set())
