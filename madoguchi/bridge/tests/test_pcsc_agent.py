"""The agent with real readers: the very program, real PC/SC, pyscard, and virtual readers."""

import contextlib
import re
import subprocess
import sys
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from madoguchi.bridge import apdu
from madoguchi.bridge.emulator import vpcd
from madoguchi.bridge.emulator.drawer import opened
from madoguchi.bridge.proof import signed_bytes
from madoguchi.bridge.tests import pcsc
from madoguchi.bridge.tests.asking import SITE, Page, new_nonce, proof_of
from madoguchi.bridge.tests.people import AOI, PIN, UME, WRONG

SECONDS_MAX = 20


@pytest.fixture(scope="session")
def service(service):
    """The same pcscd, where pyscard is there as well."""
    pytest.importorskip("smartcard", reason="pyscard is not installed")
    return service


@contextlib.contextmanager
def agent_program(environment, *more):
    """Run the program as a town does; yields its page and the lines it wrote."""
    process = subprocess.Popen(
        [sys.executable, "-m", "madoguchi.bridge", "serve", "--allow-origin", SITE, "--port", "0", *more],
        cwd=pcsc.ROOT, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    said = []
    reader = threading.Thread(target=lambda: said.extend(process.stderr), daemon=True)
    try:
        first = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", first)
        assert found, first
        reader.start()
        yield Page(found.group()), said
    finally:
        process.terminate()
        assert process.wait(15) == 0
        reader.join(5)
        process.stderr.close()


@pytest.fixture
def agent(service):
    with agent_program(service.environment) as (page, said):
        yield page
    assert not [line for line in said if PIN in line or WRONG in line]
    assert PIN.encode() not in page.heard


def wait_for(page, **wanted):
    until, change = time.monotonic() + SECONDS_MAX, 0
    while time.monotonic() < until:
        state = page.state(change)
        if all(state[name] == value for name, value in wanted.items()):
            return state
        change = state["change"]
    raise AssertionError(f"{state} never became {wanted}")


def test_a_whole_proof_through_a_real_reader(service, agent, drawer):
    assert not agent.state()["emulated"]
    wait_for(agent, present=False, trouble="NO_CARD")
    with pcsc.inserted(service, drawer / "cards" / AOI):
        state = wait_for(agent, present=True, trouble=None)
        assert "Madoguchi test" in state["reader"]
        assert agent.ask("/tries") == {"left": 3}
        nonce = new_nonce()
        challenge = agent.begin(nonce)["challenge"]
        assert agent.pin(challenge, WRONG) == {"problem": "PIN_WRONG", "left": 2}
        certificate, signature = proof_of(agent.pin(challenge, PIN))
        key = x509.load_der_x509_certificate(certificate).public_key()
        message = signed_bytes(origin=SITE, nonce=nonce)
        key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        assert agent.ask("/tries") == {"left": 3}
    wait_for(agent, present=False)
    assert agent.ask("/tries") == {"problem": "NO_CARD"}


def test_a_shown_pin_is_not_inherited_by_the_next_program(service, agent, drawer):
    """The card is reset when the agent lets go: OpenSC finds nobody logged in."""
    with pcsc.inserted(service, drawer / "cards" / AOI):
        wait_for(agent, present=True)
        agent.pin(agent.begin(new_nonce())["challenge"], PIN)
        # The key is chosen as by somebody who goes on where the agent stopped: choosing the
        # application first would be a log-out by itself.
        go_on = ["-s", "00A4020C020017", "-s", "802A0080023000"]
        words = ["opensc-tool", "--reader", "0", "--card-driver", "default", *go_on]
        done = pcsc.run(service, words)
        assert re.findall(r"SW1=0x(..), SW2=0x(..)", done.stdout) == [("6A", "82"), ("69", "86")]


def test_blocked_through_a_real_reader(service, agent, drawer):
    with pcsc.inserted(service, drawer / "cards" / AOI):
        wait_for(agent, present=True)
        challenge = agent.begin(new_nonce())["challenge"]
        lefts = [agent.pin(challenge, WRONG)["left"] for _ in range(3)]
        assert lefts == [2, 1, 0]
        assert agent.pin(challenge, PIN) == {"problem": "PIN_BLOCKED"}
        assert agent.ask("/tries") == {"left": 0}


def test_two_cards_are_one_too_many(service, agent, drawer):
    with pcsc.inserted(service, drawer / "cards" / AOI):
        wait_for(agent, present=True, trouble=None)
        with pcsc.inserted(service, drawer / "cards" / UME, slot=1):
            wait_for(agent, present=True, trouble="TWO_CARDS")
            assert agent.ask("/tries") == {"problem": "TWO_CARDS"}
            reader = agent.state()["reader"]
            # A reader named at the start is the only one asked.
            with agent_program(service.environment, "--reader", reader) as (page, _):
                assert page.ask("/tries") == {"left": 3}
        wait_for(agent, present=True, trouble=None)


def test_a_reader_that_is_not_there_is_said_to_be_missing(service):
    with agent_program(service.environment, "--reader", "No Such Reader") as (page, _):
        state = page.state()
        assert (state["trouble"], state["present"]) == ("NO_READER", False)
        assert page.ask("/tries") == {"problem": "NO_READER"}


class LeavesAt:
    """A card that is pulled out when a certain command comes, before it answers."""

    def __init__(self, card, command, stop):
        self.atr, self._card, self._command, self._stop = card.atr, card, command, stop

    def reset(self):
        self._card.reset()

    def answer(self, raw):
        if raw.startswith(self._command):
            self._stop.set()
            raise ConnectionError("pulled out")
        return self._card.answer(raw)


@pytest.mark.parametrize(
    "command",
    [bytes(apdu.select_application(bytes(10)))[:4], b"\x00\xb0\x01", b"\x00\x20\x00\x80\x04", b"\x80\x2a"],
    ids=["select", "read", "verify", "sign"],
)  # fmt: skip
def test_a_card_pulled_out_in_the_middle(service, agent, drawer, command):
    """No proof, a clear word, no hang; and the next card is served."""
    folder = drawer / "cards" / AOI
    gone, armed = threading.Event(), threading.Event()

    class Once(LeavesAt):
        def answer(self, raw):
            return super().answer(raw) if armed.is_set() else self._card.answer(raw)

    def lie():
        with opened(folder) as card, contextlib.suppress(ConnectionError):
            vpcd.run_card(
                Once(card, command, gone),
                host="127.0.0.1",
                port=service.ports[0],
                stopped=gone.is_set,
            )

    thread = threading.Thread(target=lie)
    thread.start()
    wait_for(agent, present=True, trouble=None)
    challenge = agent.begin(new_nonce())["challenge"]
    armed.set()
    found = agent.pin(challenge, PIN)
    thread.join(SECONDS_MAX)
    assert not thread.is_alive()
    assert found["problem"] in ("CARD_GONE", "READER_GONE", "NO_CARD", "CARD_SILENT"), found
    wait_for(agent, present=False)
    with pcsc.inserted(service, folder):
        wait_for(agent, present=True, trouble=None)
        assert agent.ask("/tries") == {"left": 3}
        assert "certificate" in agent.pin(challenge, PIN)  # it was not used up


def test_without_pcscd_it_says_so_and_finds_it_again_later(tmp_path, service, drawer):
    environment = {**service.environment, "PCSCLITE_CSOCK_NAME": str(tmp_path / "pcscd.comm")}
    with agent_program(environment) as (page, _):
        assert page.state()["trouble"] == "NO_SERVICE"
        assert page.ask("/tries") == {"problem": "NO_SERVICE"}
        (tmp_path / "pcscd.comm").symlink_to(service.folder / "run" / "pcscd.comm")
        wait_for(page, trouble="NO_CARD")
        with pcsc.inserted(service, drawer / "cards" / AOI):
            wait_for(page, present=True)
            assert page.ask("/tries") == {"left": 3}


def test_without_the_library_it_says_so(monkeypatch):
    from madoguchi.bridge.readers import PcscReaders

    monkeypatch.setitem(sys.modules, "smartcard", None)
    assert PcscReaders().look().trouble == "NO_SERVICE"
