"""Where a card may lie: real readers by PC/SC, or the tray of fictional cards (カードリーダー)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from madoguchi.bridge import apdu
from madoguchi.bridge.trouble import Trouble, refuse
from madoguchi.kernel.outcome import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What lies where, at one look (リーダーの様子).

    ``trouble`` says why nothing can be read now; without it a card is there.
    """

    reader: str
    trouble: Trouble | None

    @property
    def present(self) -> bool:
        """Some card lies there, readable or not (カードの有無)."""
        return self.trouble in (None, Trouble.TWO_CARDS, Trouble.CARD_SILENT)


class Readers(Protocol):
    """The readers of this machine (カードリーダー)."""

    emulated: bool

    def look(self) -> Seen:
        """Look once, without touching the card (確認)."""
        ...

    def connected(self) -> AbstractContextManager[apdu.Transport]:
        """Connect the one card there is, alone; raises ``Refused`` with the trouble (接続)."""
        ...


# -- real readers ----------------------------------------------------------------------------


class PcscReaders:
    """Readers of the system, by pyscard (PC/SC).

    The library is asked for as late as here: without it everything else still works. Calls are
    the plain ones of PC/SC, one context each time, so that a restarted pcscd is found again.
    """

    emulated = False

    def __init__(self, *, only: str | None = None) -> None:
        self._only = only

    def look(self) -> Seen:
        """Look at every reader, or the one that was named (確認)."""
        try:
            with _context() as (scard, context):
                names = _reader_names(scard, context, self._only)
                return _seen(scard, context, names)
        except Refused as stopped:
            return Seen(reader="", trouble=Trouble(stopped.problems[0].code))

    @contextmanager
    def connected(self) -> Iterator[apdu.Transport]:
        """Connect exclusively, and reset the card on leaving: nobody inherits a shown PIN."""
        with _context() as (scard, context):
            seen = _seen(scard, context, _reader_names(scard, context, self._only))
            if seen.trouble:
                raise refuse(seen.trouble)
            protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
            result, handle, protocol = scard.SCardConnect(
                context, seen.reader, scard.SCARD_SHARE_EXCLUSIVE, protocols
            )
            _check(scard, result)
            try:
                yield _PcscCard(scard, handle, protocol)
            finally:
                scard.SCardDisconnect(handle, scard.SCARD_RESET_CARD)


class _PcscCard:
    """A connected card; with T=0 the answer is fetched, or asked again with its length."""

    def __init__(self, scard: Any, handle: Any, protocol: int) -> None:
        self._scard = scard
        self._handle = handle
        t1 = protocol == scard.SCARD_PROTOCOL_T1
        self._pci = scard.SCARD_PCI_T1 if t1 else scard.SCARD_PCI_T0

    def transmit(self, command: bytearray) -> apdu.Answer:
        """Send one command and return the whole answer."""
        data, first, second = self._once(command)
        if first == 0x6C:
            again = bytearray((*command[:-1], second))
            try:
                data, first, second = self._once(again)
            finally:
                apdu.wipe(again)
        whole = data
        while first == 0x61:
            data, first, second = self._once(bytearray((0x00, 0xC0, 0x00, 0x00, second)))
            whole += data
        return apdu.Answer(data=whole, status=first << 8 | second)

    def _once(self, command: bytearray) -> tuple[bytes, int, int]:
        numbers = list(command)  # pyscard takes no bytes
        try:
            result, answer = self._scard.SCardTransmit(self._handle, self._pci, numbers)
        finally:
            numbers[:] = [0] * len(numbers)
        _check(self._scard, result, connected=True)
        if len(answer) < 2:
            raise refuse(Trouble.CARD_SILENT)
        return bytes(answer[:-2]), answer[-2], answer[-1]


@contextmanager
def _context() -> Iterator[tuple[Any, Any]]:
    try:
        from smartcard import scard
    except ImportError:
        raise refuse(Trouble.NO_SERVICE) from None
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _check(scard, result)
    try:
        yield scard, context
    finally:
        scard.SCardReleaseContext(context)


def _reader_names(scard: Any, context: Any, only: str | None) -> list[str]:
    result, names = scard.SCardListReaders(context, [])
    if result == scard.SCARD_E_NO_READERS_AVAILABLE:
        raise refuse(Trouble.NO_READER)
    _check(scard, result)
    wanted = [name for name in names if only is None or name == only]
    if not wanted:
        raise refuse(Trouble.NO_READER)
    return wanted


def _seen(scard: Any, context: Any, names: list[str]) -> Seen:
    """One card on one of the readers; on two, nobody can tell which is meant."""
    asked = [(name, scard.SCARD_STATE_UNAWARE) for name in names]
    result, states = scard.SCardGetStatusChange(context, 0, asked)
    _check(scard, result)
    laid = [(name, state) for name, state, *_ in states if state & scard.SCARD_STATE_PRESENT]
    if not laid:
        return Seen(reader=names[0], trouble=Trouble.NO_CARD)
    if len(laid) > 1:
        return Seen(reader=laid[0][0], trouble=Trouble.TWO_CARDS)
    name, state = laid[0]
    mute = state & scard.SCARD_STATE_MUTE
    return Seen(reader=name, trouble=Trouble.CARD_SILENT if mute else None)


def _check(scard: Any, result: int, *, connected: bool = False) -> None:
    """Raise the trouble a result of PC/SC means; its text stays out, it may quote the reader."""
    if result == scard.SCARD_S_SUCCESS:
        return
    gone = Trouble.CARD_GONE if connected else Trouble.NO_CARD
    meanings = {
        scard.SCARD_E_NO_SERVICE: Trouble.NO_SERVICE,
        scard.SCARD_E_SERVICE_STOPPED: Trouble.NO_SERVICE,
        scard.SCARD_E_NO_READERS_AVAILABLE: Trouble.NO_READER,
        scard.SCARD_E_UNKNOWN_READER: Trouble.READER_GONE,
        scard.SCARD_E_READER_UNAVAILABLE: Trouble.READER_GONE,
        scard.SCARD_E_NO_SMARTCARD: gone,
        scard.SCARD_W_REMOVED_CARD: gone,
        scard.SCARD_W_RESET_CARD: Trouble.CARD_GONE,
        scard.SCARD_E_SHARING_VIOLATION: Trouble.CARD_BUSY,
        scard.SCARD_W_UNRESPONSIVE_CARD: Trouble.CARD_SILENT,
        scard.SCARD_W_UNPOWERED_CARD: Trouble.CARD_SILENT,
        scard.SCARD_W_UNSUPPORTED_CARD: Trouble.CARD_STRANGE,
        scard.SCARD_E_PROTO_MISMATCH: Trouble.CARD_STRANGE,
    }
    raise refuse(meanings.get(result, Trouble.CARD_GONE if connected else Trouble.CARD_ERROR))


# -- the tray --------------------------------------------------------------------------------


class RawCard(Protocol):
    """Anything that answers commands as a card does (カード)."""

    def answer(self, raw: bytes) -> bytes:
        """Answer one command."""
        ...

    def reset(self) -> None:
        """Forget what was chosen and verified."""
        ...


class TrayReaders:
    """One reader in this process, for fictional cards (模擬リーダー)."""

    emulated = True
    name = "見本のリーダー"

    def __init__(self) -> None:
        self._card: RawCard | None = None
        self._turn = threading.Lock()

    def place(self, card: RawCard) -> None:
        """Put a card on the reader, in the place of any other (置く)."""
        with self._turn:
            card.reset()
            self._card = card

    def take(self) -> None:
        """Take the card off, even in the middle of something (取る)."""
        with self._turn:
            if self._card is not None:
                self._card.reset()
            self._card = None

    def look(self) -> Seen:
        """Look whether a card lies there (確認)."""
        trouble = None if self._card else Trouble.NO_CARD
        return Seen(reader=self.name, trouble=trouble)

    @contextmanager
    def connected(self) -> Iterator[apdu.Transport]:
        """Connect the card that lies there; it forgets everything at the end."""
        card = self._card
        if card is None:
            raise refuse(Trouble.NO_CARD)
        card.reset()
        try:
            yield _TrayCard(self, card)
        finally:
            card.reset()

    def exchange(self, card: RawCard, raw: bytes) -> bytes:
        """Hand a command to the card, if it is still the one that lies there (送受信)."""
        with self._turn:
            if self._card is not card:
                raise refuse(Trouble.CARD_GONE)
            return card.answer(raw)


@dataclass(frozen=True, slots=True)
class _TrayCard:
    readers: TrayReaders
    card: RawCard

    def transmit(self, command: bytearray) -> apdu.Answer:
        """Send one command and return the answer."""
        answer = self.readers.exchange(self.card, bytes(command))
        return apdu.Answer(data=answer[:-2], status=int.from_bytes(answer[-2:]))
