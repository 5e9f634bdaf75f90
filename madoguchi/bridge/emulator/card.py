"""The card's own behaviour: one command in, one answer out (模擬カードの動作).

The rules are those OpenSC's driver and published readers rely on; what no source tells is
marked *assumed*.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa

from madoguchi.bridge.emulator.memory import Memory
from madoguchi.bridge.emulator.shape import Application, DataFile, KeyFile, PinFile, Shape

OK = b"\x90\x00"
WRONG_LENGTH = b"\x67\x00"
BLOCKED = b"\x69\x84"
NOT_ALLOWED = b"\x69\x82"  # security status not satisfied
NO_FILE_CHOSEN = b"\x69\x86"
WRONG_KIND_OF_FILE = b"\x69\x81"
WRONG_DATA = b"\x6a\x80"
NOT_FOUND = b"\x6a\x82"
NO_RECORD = b"\x6a\x83"
WRONG_PARAMETERS = b"\x6a\x86"
WRONG_OFFSET = b"\x6b\x00"
NO_SUCH_COMMAND = b"\x6d\x00"
NO_SUCH_CLASS = b"\x6e\x00"
PIN_SIZE_MAX = 16
#: PKCS#1 v1.5 needs eleven bytes of its own in a block.
PADDING_SIZE_MIN = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A short command taken apart (コマンド)."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes
    wanted: int | None  # Le; 256 for a zero byte


def parse(raw: bytes) -> Command | None:
    """Take a short command apart; None when its lengths do not fit (コマンドの解析)."""
    if len(raw) < 4:
        return None
    data, rest = b"", raw[4:]
    if len(rest) > 1:
        size = rest[0]
        if size == 0 or len(rest) not in (1 + size, 2 + size):
            return None  # extended lengths are *assumed* not to be spoken
        data, rest = rest[1 : 1 + size], rest[1 + size :]
    wanted = (rest[0] or 256) if rest else None
    return Command(cla=raw[0], ins=raw[1], p1=raw[2], p2=raw[3], data=data, wanted=wanted)


class EmulatedCard:
    """A card that lies on a reader; its counters live in ``memory`` (模擬カード)."""

    def __init__(self, *, shape: Shape, memory: Memory) -> None:
        self.atr = shape.atr
        self._shape = shape
        self._memory = memory
        self._turn = threading.Lock()
        self._application: Application | None = None
        self._file: PinFile | DataFile | KeyFile | None = None
        self._verified: set[str] = set()

    def reset(self) -> None:
        """Forget what was chosen and verified, as without power (電源断)."""
        with self._turn:
            self._application, self._file = None, None
            self._verified.clear()

    def answer(self, raw: bytes) -> bytes:
        """Answer one command; never raises, whatever the bytes are (応答)."""
        with self._turn:
            command = parse(raw)
            if command is None:
                return WRONG_LENGTH
            if command.cla not in (0x00, 0x80):
                return NO_SUCH_CLASS
            known: dict[tuple[int, int], Callable[[Command], bytes]] = {
                (0x00, 0xA4): self._select,
                (0x00, 0xB0): self._read_binary,
                (0x00, 0xB2): self._read_record,
                (0x00, 0x20): self._verify,
                (0x00, 0x24): self._change,
                (0x80, 0x2A): self._sign,
            }
            step = known.get((command.cla, command.ins))
            return step(command) if step else NO_SUCH_COMMAND

    # -- choosing ----------------------------------------------------------------------------

    def _select(self, command: Command) -> bytes:
        if command.p1 == 0x04:
            return self._select_application(command)
        if (command.p1, command.p2) != (0x02, 0x0C):
            return WRONG_PARAMETERS
        if len(command.data) != 2:
            return WRONG_LENGTH
        files = self._application.files if self._application else {}
        self._file = files.get(int.from_bytes(command.data))
        return OK if self._file else NOT_FOUND

    def _select_application(self, command: Command) -> bytes:
        """Choose by the whole name only; other cards' drivers probe with other names."""
        for application in self._shape.applications:
            if application.aid == command.data:
                if command.p2 != 0x0C:
                    return WRONG_PARAMETERS  # *assumed*: an answer with FCI is not given
                # Choosing an application again is the log-out.
                self._application, self._file = application, None
                self._verified.clear()
                return OK
        return NOT_FOUND

    # -- reading -----------------------------------------------------------------------------

    def _read_binary(self, command: Command) -> bytes:
        if self._file is None:
            return NO_FILE_CHOSEN
        if not isinstance(self._file, DataFile):
            return WRONG_KIND_OF_FILE
        if self._file.opened_by and not self._verified & set(self._file.opened_by):
            return NOT_ALLOWED
        return _part_of(self._file.content, command)

    def _read_record(self, command: Command) -> bytes:
        if self._application is None:
            return NO_FILE_CHOSEN
        if command.p2 & 0x07 != 0x04:
            return WRONG_PARAMETERS
        if command.data or command.wanted is None:
            return WRONG_LENGTH
        record = self._application.records.get((command.p2 >> 3, command.p1))
        return NO_RECORD if record is None else record[: command.wanted] + OK

    # -- PINs --------------------------------------------------------------------------------

    def _verify(self, command: Command) -> bytes:
        if (command.p1, command.p2) != (0x00, 0x80):
            return WRONG_PARAMETERS
        pin = self._file
        if not isinstance(pin, PinFile):
            return NO_FILE_CHOSEN
        if not command.data:
            # Always the count, even after a right PIN: OpenSC's driver fails on anything else.
            return _count(self._memory.left(pin))
        return self._compare(pin, command)

    def _compare(self, pin: PinFile, command: Command) -> bytes:
        left = self._memory.left(pin)
        if left == 0:
            return BLOCKED
        if len(command.data) > PIN_SIZE_MAX:
            return WRONG_LENGTH  # *assumed* to cost no try
        # Spent before it is compared: pulling the card out gives no free try.
        self._memory.keep(pin, left=left - 1)
        if not hmac.compare_digest(command.data, self._memory.value(pin)):
            self._verified.discard(pin.name)
            return _count(left - 1)
        self._memory.keep(pin, left=pin.tries_max)
        self._verified.add(pin.name)
        return OK

    def _change(self, command: Command) -> bytes:
        if (command.p1, command.p2) != (0x01, 0x80):
            return WRONG_PARAMETERS
        pin = self._file
        if not isinstance(pin, PinFile):
            return NO_FILE_CHOSEN
        if self._memory.left(pin) == 0:
            return BLOCKED
        if pin.name not in self._verified:
            return NOT_ALLOWED
        if not pin.takes(command.data):
            return WRONG_DATA  # *assumed*: the card minds the form of a new PIN
        self._memory.keep(pin, left=pin.tries_max, value=command.data)
        return OK

    # -- signing -----------------------------------------------------------------------------

    def _sign(self, command: Command) -> bytes:
        if (command.p1, command.p2) != (0x00, 0x80):
            return WRONG_PARAMETERS  # real cards know more schemes by P1; readers use this one
        key = self._file
        if not isinstance(key, KeyFile):
            return NO_FILE_CHOSEN
        if key.opened_by not in self._verified:
            return NOT_ALLOWED
        size = (key.numbers.public_numbers.n.bit_length() + 7) // 8
        if not 0 < len(command.data) <= size - PADDING_SIZE_MIN:
            return WRONG_LENGTH
        return sign_padded(key.numbers, command.data, size) + OK


def sign_padded(numbers: rsa.RSAPrivateNumbers, data: bytes, size: int) -> bytes:
    """Pad with PKCS#1 v1.5 type 1 and sign, whatever the data is (署名).

    By hand, since libraries sign only digests they know, and a card signs what it is given.
    Not in constant time: these keys are fictional.
    """
    block = b"\x00\x01" + b"\xff" * (size - len(data) - 3) + b"\x00" + data
    message = int.from_bytes(block)
    mod_p = pow(message % numbers.p, numbers.dmp1, numbers.p)
    mod_q = pow(message % numbers.q, numbers.dmq1, numbers.q)
    signed = mod_q + numbers.q * ((mod_p - mod_q) * numbers.iqmp % numbers.p)
    return signed.to_bytes(size)


def _part_of(content: bytes, command: Command) -> bytes:
    """The bytes asked for of a file that may be read."""
    if command.p1 & 0x80:
        return WRONG_PARAMETERS  # *assumed*: no reading by short name
    if command.data or command.wanted is None:
        return WRONG_LENGTH
    offset = command.p1 << 8 | command.p2
    if offset >= len(content):
        return WRONG_OFFSET
    # *assumed*: past the end come the bytes there are, without a warning.
    return content[offset : offset + command.wanted] + OK


def _count(left: int) -> bytes:
    return bytes((0x63, 0xC0 | left))
