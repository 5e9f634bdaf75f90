"""Reading a card: each thing that can go wrong has its own outcome, and none a proof."""

import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from madoguchi.bridge import apdu, jpki
from madoguchi.bridge.emulator.drawer import opened
from madoguchi.bridge.readers import TrayReaders
from madoguchi.bridge.tests.people import AOI, PIN, WRONG
from madoguchi.bridge.trouble import Trouble, refuse
from madoguchi.kernel.outcome import Problem, Refused

MESSAGE = b"madoguchi-proof-v1\0http://127.0.0.1:8020\0" + bytes(32)


@pytest.fixture
def tray(drawer):
    readers = TrayReaders()
    with opened(drawer / "cards" / AOI) as card:
        readers.place(card)
        yield readers


def prove(readers, pin=PIN):
    with readers.connected() as card:
        return jpki.prove(card, pin=bytearray(pin.encode()), message=MESSAGE)


def left(readers):
    with readers.connected() as card:
        return jpki.tries_left(card)


def test_it_proves(tray):
    done = prove(tray)
    certificate = x509.load_der_x509_certificate(done.certificate)
    key = certificate.public_key()
    key.verify(done.signature, MESSAGE, padding.PKCS1v15(), hashes.SHA256())


def test_tries_are_told_without_costing_one(tray):
    assert [left(tray) for _ in range(4)] == [jpki.Tries(left=3)] * 4


def test_a_wrong_pin_says_how_many_are_left_and_then_it_is_blocked(tray):
    assert [prove(tray, WRONG) for _ in range(3)] == [jpki.WrongPin(left=n) for n in (2, 1, 0)]
    assert left(tray) == jpki.Tries(left=0)
    assert prove(tray) == Problem(code="PIN_BLOCKED")


@pytest.mark.parametrize("pin", ["", "123", "12345", "12a4", "１２３４", "0000\n"])
def test_what_is_no_pin_costs_no_try(tray, pin):
    assert prove(tray, pin) == Problem(code="PIN_FORM")
    assert left(tray) == jpki.Tries(left=3)


class TakenAway:
    """A card that is taken off the reader just before its n-th command."""

    def __init__(self, readers, card, command):
        self.readers, self.card, self.to_come = readers, card, command

    def reset(self):
        self.card.reset()

    def answer(self, raw):
        self.to_come -= 1
        if self.to_come == 0:
            raise refuse(Trouble.CARD_GONE)
        return self.card.answer(raw)


def test_a_card_taken_away_at_any_moment_gives_no_proof_and_costs_no_try(drawer):
    with opened(drawer / "cards" / AOI) as card:
        for command in range(1, 30):
            readers = TrayReaders()
            readers.place(TakenAway(readers, card, command))
            done = prove(readers)
            if isinstance(done, jpki.CardProof):
                break
            assert done == Problem(code="CARD_GONE")
            readers.place(card)
            assert left(readers) == jpki.Tries(left=3)
        assert 10 < command < 29  # every command of a whole proof was the last one once


def test_taking_the_card_off_the_tray_ends_the_connection(tray):
    with tray.connected() as card, pytest.raises(Refused, match="CARD_GONE"):
        card.transmit(apdu.select_application(jpki.AID))
        tray.take()
        card.transmit(apdu.ask_tries())
    with pytest.raises(Refused, match="NO_CARD"), tray.connected():
        pass


class Scripted:
    """Answers by rule, as no emulated card would; keeps what it was told."""

    def __init__(self, **answers):
        self.answers = {"select": "9000", "tries": "63C3", "verify": "9000", "read": "9000",
                        "sign": "9000", **answers}  # fmt: skip
        self.told, self.left_behind = [], []

    def transmit(self, command):
        self.told.append(bytes(command))
        self.left_behind.append(command)
        kind = {0xA4: "select", 0xB0: "read", 0x2A: "sign"}.get(command[1])
        kind = kind or ("verify" if len(command) > 4 else "tries")
        said = bytes.fromhex(self.answers[kind])
        return apdu.Answer(data=said[:-2], status=int.from_bytes(said[-2:]))


CERTIFICATE = {"read": "30820000" + "9000"}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"select": "6A82"}, Problem(code="CARD_STRANGE")),
        ({"select": "6F00"}, Problem(code="CARD_STRANGE")),
        ({"tries": "9000"}, Problem(code="CARD_ERROR")),
        ({"tries": "6983"}, Problem(code="PIN_BLOCKED")),
        ({"tries": "6984"}, Problem(code="PIN_BLOCKED")),
        ({"tries": "63C0"}, Problem(code="PIN_BLOCKED")),
        ({"read": "9000"}, Problem(code="NO_CERTIFICATE")),
        ({"read": "FFFFFFFF9000"}, Problem(code="NO_CERTIFICATE")),
        ({"read": "3082FFFF9000"}, Problem(code="NO_CERTIFICATE")),
        ({**CERTIFICATE, "verify": "63C2"}, jpki.WrongPin(left=2)),
        ({**CERTIFICATE, "verify": "6983"}, jpki.WrongPin(left=0)),
        ({**CERTIFICATE, "verify": "6984"}, jpki.WrongPin(left=0)),
        ({**CERTIFICATE, "verify": "6700"}, Problem(code="CARD_ERROR")),
        ({**CERTIFICATE, "sign": "6982"}, Problem(code="CARD_ERROR")),
        ({**CERTIFICATE, "sign": "00" * 255 + "9000"}, Problem(code="CARD_ERROR")),
    ],
)
def test_each_status_has_its_outcome(answers, expected):
    assert jpki.prove(Scripted(**answers), pin=bytearray(b"7395"), message=MESSAGE) == expected


def test_a_blocked_card_is_not_shown_a_pin():
    card = Scripted(tries="63C0")
    jpki.prove(card, pin=bytearray(b"7395"), message=MESSAGE)
    assert not [one for one in card.told if b"7395" in one]


def test_the_number_of_the_person_is_never_asked_for():
    """Neither the application that holds it is chosen, nor a file of that name in it."""
    card = Scripted(**CERTIFICATE, sign="00" * 256 + "9000")
    jpki.tries_left(card)
    assert isinstance(jpki.prove(card, pin=bytearray(b"7395"), message=MESSAGE), jpki.CardProof)
    chosen = [one for one in card.told if one[1] == 0xA4]
    assert {one[5:] for one in chosen if one[2] == 4} == {jpki.AID}
    assert {one[5:].hex() for one in chosen if one[2] == 2} == {"0018", "000a", "0017"}
    signed = next(one for one in card.told if one[1] == 0x2A)
    assert signed[5:-1] == jpki.SHA256_PREFIX + hashlib.sha256(MESSAGE).digest()


def test_the_command_with_the_pin_is_wiped():
    card = Scripted(**CERTIFICATE, verify="63C1")
    jpki.prove(card, pin=bytearray(b"7395"), message=MESSAGE)
    assert [one for one in card.told if b"7395" in one]
    assert not [one for one in card.left_behind if b"7395" in one]
