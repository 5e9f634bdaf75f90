"""What goes over the card's contacts: commands, answers, status words (APDU)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

OK = 0x9000
NOT_FOUND = 0x6A82
SECURITY_NOT_SATISFIED = 0x6982
#: Cards say "blocked" in two ways after the try that exhausts; both mean the same to people.
BLOCKED = frozenset({0x6983, 0x6984})
READ_SIZE_MAX = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a card answered to one command (応答)."""

    data: bytes
    status: int

    @property
    def tries_left(self) -> int | None:
        """Tries left as 63Cx tells them (残り回数); None for any other status."""
        return self.status & 0x0F if self.status & 0xFFF0 == 0x63C0 else None


class Transport(Protocol):
    """A connected card (接続したカード)."""

    def transmit(self, command: bytearray) -> Answer:
        """Send one command and return the answer; the caller wipes what it sent.

        Raises ``Refused`` when the card or the reader is gone.
        """
        ...


def select_application(aid: bytes) -> bytearray:
    """Select an application by its whole name (アプリケーションの選択)."""
    return bytearray((0x00, 0xA4, 0x04, 0x0C, len(aid))) + aid


def select_file(file_id: int) -> bytearray:
    """Select a file of the current application (ファイルの選択)."""
    return bytearray((0x00, 0xA4, 0x02, 0x0C, 0x02)) + file_id.to_bytes(2)


def ask_tries() -> bytearray:
    """Ask the selected PIN for its tries left; costs none (残り回数の照会)."""
    return bytearray((0x00, 0x20, 0x00, 0x80))


def verify(pin: bytearray) -> bytearray:
    """Show a PIN to the selected PIN file; whoever calls wipes the command (照合)."""
    command = bytearray(5 + len(pin))
    command[:5] = bytes((0x00, 0x20, 0x00, 0x80, len(pin)))
    command[5:] = pin
    return command


def read_binary(offset: int, size: int) -> bytearray:
    """Read ``size`` bytes, at most 256, of the selected file (読出し)."""
    assert 0 <= offset < 0x8000
    assert 0 < size <= READ_SIZE_MAX
    return bytearray((0x00, 0xB0, offset >> 8, offset & 0xFF, size % READ_SIZE_MAX))


def sign(digest_info: bytes) -> bytearray:
    """Let the selected key sign a DigestInfo; the card adds the padding (署名)."""
    return bytearray((0x80, 0x2A, 0x00, 0x80, len(digest_info))) + digest_info + b"\x00"


def wipe(secret: bytearray) -> None:
    """Write zeros over a secret in its own memory (消去)."""
    for place in range(len(secret)):
        secret[place] = 0
