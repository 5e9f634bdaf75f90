"""What the chip remembers without power: PINs and tries left (カードの不揮発メモリ)."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from madoguchi.bridge.emulator.shape import PinFile, PinName
from madoguchi.bridge.trouble import Trouble, refuse


class Memory(Protocol):
    """The chip's memory (不揮発メモリ)."""

    def value(self, pin: PinFile) -> bytes:
        """The PIN as it stands now (暗証番号)."""
        ...

    def left(self, pin: PinFile) -> int:
        """Tries left (残り回数)."""
        ...

    def keep(self, pin: PinFile, *, left: int, value: bytes | None = None) -> None:
        """Write the tries left, and a changed PIN, before anything is answered (書込み)."""
        ...


@dataclass(slots=True, kw_only=True)
class PassingMemory:
    """A memory that ends with the process: for tests of rules (揮発メモリ)."""

    values: dict[PinName, bytes]
    counts: dict[PinName, int] = field(default_factory=dict)

    def value(self, pin: PinFile) -> bytes:
        """The PIN as it stands now (暗証番号)."""
        return self.values[pin.name]

    def left(self, pin: PinFile) -> int:
        """Tries left (残り回数)."""
        return self.counts.get(pin.name, pin.tries_max)

    def keep(self, pin: PinFile, *, left: int, value: bytes | None = None) -> None:
        """Keep it until the process ends (書込み)."""
        self.counts[pin.name] = left
        if value is not None:
            self.values[pin.name] = value


class LastingMemory:
    """A memory in the card's folder: outlives power and processes (不揮発メモリ).

    The folder is locked while it is open: one card cannot lie on two readers. The file is
    replaced whole, so a killed process leaves the old or the new state. The PINs in it belong
    to fictional cards; it stands for the inside of a chip.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "memory.json"
        self._lock: BinaryIO = (folder / "lock").open("wb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise refuse(Trouble.CARD_BUSY) from None
        self._cells: dict[str, dict[str, str | int]] = json.loads(self._path.read_text("utf-8"))

    def close(self) -> None:
        """Take the card off the reader (取り外し)."""
        self._lock.close()

    def value(self, pin: PinFile) -> bytes:
        """The PIN as it stands now (暗証番号)."""
        return str(self._cells[pin.name]["value"]).encode("ascii")

    def left(self, pin: PinFile) -> int:
        """Tries left (残り回数)."""
        return int(self._cells[pin.name]["left"])

    def keep(self, pin: PinFile, *, left: int, value: bytes | None = None) -> None:
        """Write it to the folder before the card answers (書込み)."""
        cell = self._cells[pin.name]
        changed = cell["value"] if value is None else value.decode("ascii")
        self._cells[pin.name] = {"value": changed, "left": left}
        write_cells(self._path, self._cells)


def write_cells(path: Path, cells: dict[str, dict[str, str | int]]) -> None:
    """Replace the whole file in one step, readable by its owner only (書込み)."""
    half = path.with_suffix(".half")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(cells, file)
    half.replace(path)
