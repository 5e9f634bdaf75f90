"""A sealed file: nobody reads it without the key, and no change of it goes unseen (封印).

Bytes are packed, then cut into pieces of one mebibyte, each sealed with AES-256-GCM under a key made for this
file alone. The piece's number and whether it is the last are part of its nonce, the file's name
part of what is checked: a byte flipped, a piece dropped, doubled or moved, an end cut off, a file
put in another's place, each is ``Damaged``. Layout: magic 8, salt 16, then pieces of 1 MiB + 16,
the last one shorter. A file that travels may carry an open ``preface`` before all that (how its
key is wrapped): then the preface is what is checked, and the file may be renamed on the way.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MAGIC = b"MDGSEAL1"
_SALT = 16
_PIECE = 1 << 20
_TAG = 16
KEY_BYTES = 32


class Damaged(Exception):
    """A sealed file is not what was sealed; the message says which and how (破損)."""


class Sealer:
    """A file being sealed: write, then leave the ``with`` block (封印する).

    It appears under its name only when it is whole and on the disk; a cut leaves a ``.part``.
    """

    def __init__(self, path: Path, *, key: bytes, preface: bytes = b"") -> None:
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        self._salt = os.urandom(_SALT)
        self._cipher = _cipher(key, self._salt)
        self._aad = preface or path.name.encode()
        self._packer = zlib.compressobj(1)
        self._rest = bytearray()
        self._number = 0
        self._sum = hashlib.sha256()
        self.size = 0
        handle = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(handle, "wb")
        self._out(preface + _MAGIC + self._salt)

    @property
    def sha256(self) -> str:
        """The sum of the sealed file, as anybody can take it without the key (ハッシュ値)."""
        return self._sum.hexdigest()

    def write(self, data: bytes) -> int:
        """Take bytes in."""
        self._rest += self._packer.compress(data)
        self._seal_full()
        return len(data)

    def _seal_full(self) -> None:
        # One piece stays back: the last one must be known for the last.
        while len(self._rest) > _PIECE:
            self._seal(bytes(self._rest[:_PIECE]), last=False)
            del self._rest[:_PIECE]

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._out(self._cipher.encrypt(_nonce(self._number, last=last), piece, self._aad))
        self._number += 1

    def _out(self, data: bytes) -> None:
        self._file.write(data)
        self._sum.update(data)
        self.size += len(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        if kind is not None:
            self._file.close()
            self._part.unlink(missing_ok=True)
            return
        self._rest += self._packer.flush()
        self._seal_full()
        self._seal(bytes(self._rest), last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.rename(self._path)
        _sync_folder(self._path.parent)


def unsealed(path: Path, *, key: bytes, preface: bytes = b"") -> Iterator[bytes]:
    """Yield what was sealed; ``Damaged`` at the first piece that is not right (開封).

    What was yielded before is right, but whoever needs the whole must read to the end.
    """
    unpacker = zlib.decompressobj()
    with path.open("rb") as file:
        if file.read(len(preface)) != preface:
            raise Damaged(f"{path.name}: not a sealed file")
        head = file.read(len(_MAGIC) + _SALT)
        if len(head) < len(_MAGIC) + _SALT or not head.startswith(_MAGIC):
            raise Damaged(f"{path.name}: not a sealed file")
        cipher = _cipher(key, head[len(_MAGIC) :])
        checked = preface or path.name.encode()
        for number, sealed, last in _pieces(file):
            try:
                piece = cipher.decrypt(_nonce(number, last=last), sealed, checked)
                # A piece of nothing but zeros unpacks to a gibibyte: never more than a part at once.
                while data := unpacker.decompress(piece, _PIECE):
                    yield data
                    piece = unpacker.unconsumed_tail
            except (InvalidTag, zlib.error):
                raise Damaged(f"{path.name}: piece {number} was changed") from None
    if not unpacker.eof:
        raise Damaged(f"{path.name}: it ends too early")


def _pieces(file: IO[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    number, piece = 0, file.read(_PIECE + _TAG)
    while True:
        following = file.read(_PIECE + _TAG)
        yield number, piece, not following
        if not following:
            return
        number, piece = number + 1, following


def read_key(path: Path) -> bytes:
    """Read the key: 64 hexadecimal digits in a file of its own (鍵)."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise ValueError(f"{path.name}: {type(error).__name__}") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path.name}: {len(key)} bytes")
    return key


def make_key(path: Path) -> None:
    """Make a key where there is none yet; ``FileExistsError`` where there is one (鍵を作る)."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(os.urandom(KEY_BYTES).hex() + "\n")
        out.flush()
        os.fsync(out.fileno())


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=_MAGIC).derive(key)
    return AESGCM(derived)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
