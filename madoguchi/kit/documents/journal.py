"""The laptop's journal (持ち出し先の記録): only ever added to, on the disk before anybody is told.

Each record is sealed alone and chained to the one before it, so that none is changed, dropped or
moved unseen. A cut in the middle of writing leaves an end that is no whole record: it was never
confirmed, and is taken away when the journal is opened again. Layout: magic 8, then per record
its length 4, its nonce 12, and what is sealed.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kit.domain.operations import Operation, read_operation, write_operation

MAGIC = b"MDGJRNL1"
_LENGTH, _NONCE, _TAG = 4, 12, 16
RECORD_MAX = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a journal says: the operations, the newest moment noted, and an end cut off (記録)."""

    operations: tuple[Operation, ...]
    noted_at: datetime | None
    torn_bytes: int
    whole_bytes: int
    last: bytes


def journal_of(bundle: Path) -> Path:
    """Return where the journal of a kit lies: beside it (記録の場所)."""
    return bundle.with_name(f"{bundle.name}.journal")


def read_journal(path: Path, *, key: bytes, trip_id: str) -> Read:
    """Read what was confirmed; ``Refused`` where a whole record is not what was written (読込み)."""
    data = path.read_bytes() if path.exists() else b""
    last, at = trip_id.encode(), len(MAGIC)
    operations: list[Operation] = []
    noted: datetime | None = None
    if len(data) < len(MAGIC):
        return Read(operations=(), noted_at=None, torn_bytes=len(data), whole_bytes=0, last=last)
    if not data.startswith(MAGIC):
        raise Refused(Problem(code="KIT_DAMAGED", facts={"file": path.name}))
    cipher = AESGCM(key)
    while at + _LENGTH <= len(data):
        length = int.from_bytes(data[at : at + _LENGTH], "big")
        end = at + _LENGTH + length
        if length == 0 or end > len(data):
            # Not written to its end, or a disk that gave the room and not yet the bytes.
            break
        sealed = data[at + _LENGTH : end]
        try:
            text = cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], last).decode()
        except (InvalidTag, ValueError):
            raise Refused(Problem(code="KIT_DAMAGED", facts={"file": path.name})) from None
        last, at = hashlib.sha256(sealed).digest(), end
        said = json.loads(text)
        noted = max(filter(None, (noted, datetime.fromisoformat(said["at"]))))
        if "op_id" in said:
            operations.append(read_operation(text))
    return Read(
        operations=tuple(operations), noted_at=noted, torn_bytes=len(data) - at, whole_bytes=at,
        last=last,
    )  # fmt: skip


class Journal:
    """The journal while the laptop serves: one process, one record at a time (記録する)."""

    def __init__(self, path: Path, *, key: bytes, trip_id: str) -> None:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._file = os.fdopen(handle, "r+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise Refused(Problem(code="KIT_OPEN_ALREADY")) from None
        self._cipher = AESGCM(key)
        found = read_journal(path, key=key, trip_id=trip_id)
        self._last = found.last
        self.operations = list(found.operations)
        self.noted_at = found.noted_at
        self._end = found.whole_bytes
        self._append(b"" if self._end else MAGIC)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def add(self, one: Operation) -> None:
        """Keep an operation; when this returns it is on the disk (操作を残す)."""
        self._write(write_operation(one), at=one.at)
        self.operations.append(one)

    def note_time(self, now: datetime) -> None:
        """Keep the moment, so that a clock put back later is noticed (時刻を残す)."""
        self._write(json.dumps({"at": now.isoformat()}), at=now)

    def _write(self, text: str, *, at: datetime) -> None:
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), self._last)
        assert len(sealed) <= RECORD_MAX, "an operation is small"
        self._append(len(sealed).to_bytes(_LENGTH, "big") + sealed)
        self._last = hashlib.sha256(sealed).digest()
        self.noted_at = max(filter(None, (self.noted_at, at)))

    def _append(self, data: bytes) -> None:
        """Write behind what is whole, all or an error: a full disk may take the first half only."""
        self._file.truncate(self._end)
        self._file.seek(self._end)
        if self._file.write(data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(self._file.fileno())
        self._end += len(data)

    def close(self) -> None:
        """Let go of it (閉じる)."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
