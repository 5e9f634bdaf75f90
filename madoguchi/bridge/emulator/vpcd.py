"""The card on a virtual PC/SC reader of vsmartcard (仮想リーダー).

A message is two bytes of length, big-endian, and its bytes. One byte long is control: off, on,
reset, or "give the ATR", and only the last is answered. Anything longer is a command.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable

from madoguchi.bridge.emulator.card import EmulatedCard

CONTROL_ATR = bytes((4,))
CONNECT_SECONDS = 5.0
RETRY_SECONDS = 0.2


def run_card(
    card: EmulatedCard,
    *,
    host: str,
    port: int,
    wait_seconds: float = 10.0,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Lie on the reader until it goes away or ``stopped`` says so (カードの挿入).

    Leaving this function is taking the card off: the reader sees the line close.
    """
    with _connected(host, port, wait_seconds) as line:
        line.settimeout(0.5)
        while not stopped():
            message = _receive(line, stopped)
            if message is None:
                return
            if message == CONTROL_ATR:
                # pcscd asks several times a second whether the card is there, in the middle of
                # whatever is being done: an answer, and nothing forgotten.
                _send(line, card.atr)
            elif len(message) == 1:
                card.reset()
            elif message:
                _send(line, card.answer(message))


def _connected(host: str, port: int, wait_seconds: float) -> socket.socket:
    until = time.monotonic() + wait_seconds
    while True:
        try:
            return socket.create_connection((host, port), CONNECT_SECONDS)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(RETRY_SECONDS)  # the reader's driver opens its port when pcscd is up


def _receive(line: socket.socket, stopped: Callable[[], bool]) -> bytes | None:
    head = _exactly(line, 2, stopped)
    return _exactly(line, int.from_bytes(head), stopped) if head else None


def _exactly(line: socket.socket, size: int, stopped: Callable[[], bool]) -> bytes | None:
    """Read so many bytes; None when the line closes or the card is to be taken off."""
    read = bytearray()
    while len(read) < size:
        # Without it the kernel holds back its acknowledgement, fifty milliseconds a command;
        # it forgets the option, so it is set before each read.
        with contextlib.suppress(AttributeError, OSError):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        try:
            part = line.recv(size - len(read))
        except TimeoutError:
            if stopped():
                return None
            continue
        except OSError:
            return None
        if not part:
            return None
        read += part
    return bytes(read)


def _send(line: socket.socket, data: bytes) -> None:
    line.sendall(len(data).to_bytes(2) + data)
