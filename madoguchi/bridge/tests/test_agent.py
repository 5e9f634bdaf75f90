"""One challenge, one proof: for one site, for two minutes, for one request at a time."""

import threading

import hypothesis.strategies as st
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import given, settings

from madoguchi.bridge import agent as agents
from madoguchi.bridge import jpki
from madoguchi.bridge.agent import Agent, Challenge
from madoguchi.bridge.emulator.drawer import opened
from madoguchi.bridge.proof import is_loopback, is_origin, read_nonce, signed_bytes, write_nonce
from madoguchi.bridge.readers import TrayReaders
from madoguchi.bridge.tests.asking import SITE, new_nonce
from madoguchi.bridge.tests.people import AOI, PIN, WRONG
from madoguchi.kernel.outcome import Problem

OTHER = "https://madoguchi.example.jp"


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def agent(drawer, clock):
    readers = TrayReaders()
    with opened(drawer / "cards" / AOI) as card:
        readers.place(card)
        yield Agent(readers=readers, origins=frozenset({SITE, OTHER}), clock=clock)


def begin(agent, nonce=None, origin=SITE):
    return agent.begin(nonce=write_nonce(nonce or new_nonce()), origin=origin)


def answer(agent, challenge, pin=PIN):
    return agent.answer(challenge_id=challenge.challenge_id, pin=bytearray(pin.encode()))


def test_a_proof_is_for_the_site_that_asked_and_for_no_other(agent):
    nonce = new_nonce()
    done = answer(agent, begin(agent, nonce, OTHER))
    key = x509.load_der_x509_certificate(done.certificate).public_key()
    expected = b"madoguchi-proof-v1\0https://madoguchi.example.jp\0" + nonce
    key.verify(done.signature, expected, padding.PKCS1v15(), hashes.SHA256())
    assert signed_bytes(origin=SITE, nonce=nonce) != expected


@pytest.mark.parametrize(
    "origin", ["", "null", "http://127.0.0.1:8021", SITE + "/", SITE.upper(), "http://127.0.0.1:8020.evil.jp"]
)  # fmt: skip
def test_a_site_that_is_not_on_the_list_gets_nothing(agent, origin):
    assert begin(agent, origin=origin) == Problem(code="ORIGIN_REFUSED")


@pytest.mark.parametrize(
    "nonce", ["", "abc", "=" * 44, "あ" * 43, "A" * 42 + "B", "A" * 44, "+" * 43]
)
def test_what_is_no_nonce_is_refused(agent, nonce):
    assert agent.begin(nonce=nonce, origin=SITE) == Problem(code="CHALLENGE_WRONG")


def test_a_nonce_is_taken_once(agent):
    nonce = new_nonce()
    assert isinstance(begin(agent, nonce), Challenge)
    assert begin(agent, nonce) == Problem(code="CHALLENGE_USED")
    assert begin(agent, nonce, OTHER) == Problem(code="CHALLENGE_USED")


def test_one_proof_a_challenge(agent):
    challenge = begin(agent)
    assert isinstance(answer(agent, challenge), jpki.CardProof)
    assert answer(agent, challenge) == Problem(code="CHALLENGE_USED")


def test_a_wrong_pin_leaves_the_challenge_open(agent):
    challenge = begin(agent)
    assert answer(agent, challenge, WRONG) == jpki.WrongPin(left=2)
    assert isinstance(answer(agent, challenge), jpki.CardProof)


def test_a_newer_challenge_ends_the_older_one(agent):
    older = begin(agent)
    newer = begin(agent)
    assert answer(agent, older) == Problem(code="CHALLENGE_USED")
    assert isinstance(answer(agent, newer), jpki.CardProof)


def test_a_challenge_ends_after_two_minutes(agent, clock):
    in_time, late = begin(agent), None
    clock.now += 120
    assert isinstance(answer(agent, in_time), jpki.CardProof)
    late = begin(agent)
    clock.now += 120.1
    assert answer(agent, late) == Problem(code="CHALLENGE_OLD")
    assert answer(agent, late) == Problem(code="CHALLENGE_USED")


def test_cancelling_closes_it(agent):
    challenge = begin(agent)
    agent.cancel()
    assert answer(agent, challenge) == Problem(code="CHALLENGE_USED")


def test_the_pin_is_wiped_whatever_happens(agent, monkeypatch):
    challenge = begin(agent)
    for pin, given_id in (
        (WRONG, challenge),
        (PIN, challenge),
        (PIN, challenge),
        ("12", challenge),
    ):
        held = bytearray(pin.encode())
        agent.answer(challenge_id=given_id.challenge_id, pin=held)
        assert held == bytes(len(pin))

    def broken(*_, **__):
        raise RuntimeError

    challenge = begin(agent)
    monkeypatch.setattr(jpki, "prove", broken)
    held = bytearray(PIN.encode())
    with pytest.raises(RuntimeError):
        agent.answer(challenge_id=challenge.challenge_id, pin=held)
    assert held == bytes(4)


def test_many_at_once_get_one_proof_and_lose_no_try(agent):
    challenge = begin(agent)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(answer(agent, challenge))) for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, jpki.CardProof) for one in found) == 1
    assert found.count(Problem(code="CHALLENGE_USED")) == 11
    assert agent.tries() == jpki.Tries(left=3)


def test_a_card_in_use_is_said_to_be_so(agent, monkeypatch):
    monkeypatch.setattr(agents, "CARD_WAIT_SECONDS", 0.05)
    with agent._alone():
        assert agent.tries() == Problem(code="CARD_BUSY")
    assert agent.tries() == jpki.Tries(left=3)


def test_waiting_pages_are_woken_by_a_change(agent):
    change, seen = agent.seen_after(0, seconds=0)
    assert seen.present
    woken = []
    thread = threading.Thread(target=lambda: woken.append(agent.seen_after(change, seconds=20)))
    thread.start()
    agent.readers.take()
    agent.look_again()
    thread.join(5)
    assert [(number > change, seen.present) for number, seen in woken] == [(True, False)]


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_a_nonce_has_one_spelling(nonce):
    text = write_nonce(nonce)
    assert read_nonce(text) == nonce
    last = text[-1]
    others = [
        ch
        for ch in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        if ch != last
    ]
    assert nonce not in [read_nonce(text[:-1] + ch) for ch in others]


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=6))
def test_only_plain_secure_origins_are_origins(before, after):
    for text in (
        before,
        f"https://{before}",
        f"http://127.0.0.1{before}",
        f"https://a.jp{before}{after}",
    ):
        if is_origin(text):
            assert text.startswith(
                ("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")
            )
            assert not set("/@?#* \\\t\n;'\"") & set(text.split("://")[1])


def test_origins_as_browsers_write_them():
    good = [
        "https://a.jp",
        "https://a.jp:8443",
        "http://127.0.0.1:8020",
        "http://localhost",
        "http://[::1]:8080",
    ]
    assert [is_origin(one) for one in good] == [True] * 5
    assert is_loopback("http://[::1]:8020")
    for bad in (
        "http://a.jp",
        "https://a.jp/",
        "https://a.jp:443",
        "https://A.jp",
        "https://*.jp",
        "ftp://127.0.0.1",
        "https://a.jp; script-src *",
    ):
        assert not is_origin(bad), bad
    assert not is_loopback("https://127.0.0.1.a.jp")
