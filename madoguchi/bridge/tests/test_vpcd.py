"""What a virtual reader says to the card, one message after another, over a real socket."""

import socket
import threading
from contextlib import contextmanager

import pytest

from madoguchi.bridge import apdu, jpki
from madoguchi.bridge.emulator import profile, vpcd
from madoguchi.bridge.tests.test_card_props import new_card

OFF, ON, RESET, ATR = (bytes((one,)) for one in (0, 1, 2, 4))
SIGN = bytes(apdu.sign(jpki.SHA256_PREFIX + bytes(32)))
OK = b"\x90\x00"


@contextmanager
def lying_on_a_reader():
    """The reader's end of the line, as the driver has it."""
    with socket.create_server(("127.0.0.1", 0)) as reader:
        port = reader.getsockname()[1]
        card = threading.Thread(
            target=vpcd.run_card, args=(new_card(),), kwargs={"host": "127.0.0.1", "port": port}
        )
        card.start()
        line, _ = reader.accept()
        with line:
            line.settimeout(10)
            yield line
        card.join(10)
    assert not card.is_alive()


def say(line, message):
    line.sendall(len(message).to_bytes(2) + message)


def ask(line, message):
    say(line, message)
    size = int.from_bytes(line.recv(2, socket.MSG_WAITALL))
    return line.recv(size, socket.MSG_WAITALL)


def show_the_pin(line):
    assert ask(line, bytes(apdu.select_application(jpki.AID))) == OK
    assert ask(line, bytes(apdu.select_file(0x0018))) == OK
    assert ask(line, bytes(apdu.verify(bytearray(b"7395")))) == OK
    assert ask(line, bytes(apdu.select_file(jpki.KEY))) == OK


def test_asking_whether_it_is_still_there_forgets_nothing():
    """pcscd asks for the ATR several times a second, whoever is using the card."""
    with lying_on_a_reader() as line:
        show_the_pin(line)
        assert ask(line, ATR) == profile.ATR
        assert len(ask(line, SIGN)) == 256 + len(OK)


@pytest.mark.parametrize("control", [OFF, ON, RESET], ids=["off", "on", "reset"])
def test_without_power_the_pin_is_forgotten(control):
    with lying_on_a_reader() as line:
        show_the_pin(line)
        say(line, control)
        assert ask(line, bytes(apdu.select_application(jpki.AID))) == OK
        assert ask(line, bytes(apdu.select_file(jpki.KEY))) == OK
        assert ask(line, SIGN) == b"\x69\x82"
