"""The 利用者証明用 application as a reader uses it (公的個人認証のカード操作).

Sources: OpenSC ``jpki.h``/``card-jpki.c`` and published readers for files and commands; real
cards were never at hand. Nothing here selects the file of the 個人番号 or any file of the
券面事項 applications.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from madoguchi.bridge import apdu
from madoguchi.bridge.trouble import Trouble, refuse
from madoguchi.kernel.outcome import Problem, Refused

AID = bytes.fromhex("D392F000260100000001")
CERTIFICATE = 0x000A  # 利用者証明用電子証明書, free to read
PIN = 0x0018
KEY = 0x0017
PIN_DIGITS = 4
CERTIFICATE_SIZE_MAX = 8192
SIGNATURE_SIZE = 256
#: DigestInfo of SHA-256 without the digest (RFC 8017, 9.2).
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """How often a wrong PIN may still be shown (暗証番号の残り回数)."""

    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardProof:
    """What only this card with its PIN could make (利用者証明)."""

    certificate: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongPin:
    """The PIN was not the card's (暗証番号の誤り); with none left it is blocked."""

    left: int


def tries_left(card: apdu.Transport) -> Tries | Problem:
    """Ask for the tries left without spending one (残り回数の照会)."""
    return _outcome(lambda: Tries(left=_tries(card)))


def prove(
    card: apdu.Transport, *, pin: bytearray, message: bytes
) -> CardProof | WrongPin | Problem:
    """Show the PIN, read the certificate and sign the message (利用者証明).

    The certificate is read first, so that no try is spent on a card that has none. A card
    that is already blocked is not asked again. ``pin`` is wiped by whoever owns it; the
    command made of it is wiped here.
    """
    return _outcome(lambda: _prove(card, pin, message))


def _outcome(steps: Callable[[], T]) -> T | Problem:
    """Turn what stopped the steps into a value."""
    try:
        return steps()
    except Refused as stopped:
        return stopped.problems[0]


def _prove(card: apdu.Transport, pin: bytearray, message: bytes) -> CardProof | WrongPin:
    if len(pin) != PIN_DIGITS or not all(ord("0") <= digit <= ord("9") for digit in pin):
        raise refuse(Trouble.PIN_FORM)
    if _tries(card) == 0:
        raise refuse(Trouble.PIN_BLOCKED)
    certificate = _certificate(card)
    _select(card, PIN)
    left = _verify(card, pin)
    if left is not None:
        return WrongPin(left=left)
    _select(card, KEY)
    answer = card.transmit(apdu.sign(SHA256_PREFIX + hashlib.sha256(message).digest()))
    if answer.status != apdu.OK or len(answer.data) != SIGNATURE_SIZE:
        raise refuse(Trouble.CARD_ERROR)
    return CardProof(certificate=certificate, signature=answer.data)


def _tries(card: apdu.Transport) -> int:
    """Select the application afresh, which also logs out, and ask its PIN."""
    answer = card.transmit(apdu.select_application(AID))
    if answer.status != apdu.OK:
        raise refuse(Trouble.CARD_STRANGE)
    _select(card, PIN)
    answer = card.transmit(apdu.ask_tries())
    if answer.status in apdu.BLOCKED:
        return 0
    if answer.tries_left is None:
        raise refuse(Trouble.CARD_ERROR)
    return answer.tries_left


def _verify(card: apdu.Transport, pin: bytearray) -> int | None:
    """Show the PIN; None when it was right, else the tries left."""
    command = apdu.verify(pin)
    try:
        answer = card.transmit(command)
    finally:
        apdu.wipe(command)
    if answer.status == apdu.OK:
        return None
    if answer.status in apdu.BLOCKED:
        return 0
    if answer.tries_left is None:
        raise refuse(Trouble.CARD_ERROR)
    return answer.tries_left


def _select(card: apdu.Transport, file_id: int) -> None:
    status = card.transmit(apdu.select_file(file_id)).status
    if status == apdu.NOT_FOUND:
        raise refuse(Trouble.NO_CERTIFICATE)
    if status != apdu.OK:
        raise refuse(Trouble.CARD_ERROR)


def _certificate(card: apdu.Transport) -> bytes:
    """Read the whole certificate: its first four bytes say how long it is."""
    _select(card, CERTIFICATE)
    head = card.transmit(apdu.read_binary(0, 4))
    if head.status != apdu.OK or len(head.data) != 4 or head.data[:2] != b"\x30\x82":
        raise refuse(Trouble.NO_CERTIFICATE)
    size = int.from_bytes(head.data[2:]) + 4
    if size > CERTIFICATE_SIZE_MAX:
        raise refuse(Trouble.NO_CERTIFICATE)
    read = bytearray()
    while len(read) < size:
        wanted = min(apdu.READ_SIZE_MAX, size - len(read))
        answer = card.transmit(apdu.read_binary(len(read), wanted))
        if answer.status != apdu.OK or not answer.data:
            raise refuse(Trouble.CARD_ERROR)
        read += answer.data
    return bytes(read[:size])
