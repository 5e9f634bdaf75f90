"""The file that travels (持ち出しファイル): sealed under a key of its own, opened by a word.

The key is random; the word, stretched by scrypt, wraps it in the open preface. The office keeps
the key too, so that what was done comes home even where the word is forgotten.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from madoguchi.infra.backup.sealing import KEY_BYTES, Damaged, Sealer, unsealed
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kit.domain.trips import Bundle, read_bundle, write_bundle

MAGIC = b"MDGKIT1 "
PREFACE_MAX = 1_000
#: No letter that is read as another; 16 of 31 are 79 bits.
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
WORD_LENGTH = 16
_COST = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}
_NONCE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A kit that was opened: what is in it, and the key its journal is written under (開封)."""

    bundle: Bundle
    key: bytes


def new_word() -> str:
    """Return a word nobody can guess, in four groups to be typed (合言葉)."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(WORD_LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, WORD_LENGTH, 4))


def new_key() -> bytes:
    """Return a key for one trip (鍵)."""
    return os.urandom(KEY_BYTES)


def seal_bundle(path: Path, bundle: Bundle, *, key: bytes, word: str) -> str:
    """Write the file; return its sum, by which it is known at home (封印)."""
    salt, nonce = os.urandom(16), os.urandom(_NONCE)
    trip = bundle.trip_id.encode()
    wrapped = nonce + AESGCM(_stretched(word, salt)).encrypt(nonce, key, trip)
    head = {"trip": bundle.trip_id, "salt": _text(salt), "key": _text(wrapped)}
    preface = MAGIC + json.dumps(head, separators=(",", ":")).encode() + b"\n"
    with Sealer(path, key=key, preface=preface) as out:
        out.write(json.dumps(write_bundle(bundle), ensure_ascii=False).encode())
    return out.sha256


def trip_of(path: Path) -> str:
    """Return which trip a file is of, as its open preface says; the seal is not looked at."""
    _, head = _preface(path)
    return str(head["trip"])


def open_with_word(path: Path, word: str) -> Opened:
    """Open a kit by its word; a wrong word and a changed file are told apart (開封)."""
    preface, head = _preface(path)
    try:
        salt, wrapped = _bytes(head["salt"]), _bytes(head["key"])
        key = AESGCM(_stretched(word, salt)).decrypt(
            wrapped[:_NONCE], wrapped[_NONCE:], str(head["trip"]).encode()
        )
    except InvalidTag:
        raise Refused(Problem(code="KIT_WORD_WRONG")) from None
    return _open(path, preface, key)


def open_with_key(path: Path, key: bytes) -> Opened:
    """Open a kit by the key the office kept (開封)."""
    preface, _ = _preface(path)
    return _open(path, preface, key)


def _open(path: Path, preface: bytes, key: bytes) -> Opened:
    try:
        data = b"".join(unsealed(path, key=key, preface=preface))
    except Damaged:
        raise Refused(Problem(code="KIT_DAMAGED", facts={"file": path.name})) from None
    try:
        return Opened(bundle=read_bundle(json.loads(data)), key=key)
    except ValueError:
        raise Refused(Problem(code="KIT_UNREADABLE")) from None


def _preface(path: Path) -> tuple[bytes, dict[str, str]]:
    with path.open("rb") as file:
        line = file.readline(PREFACE_MAX)
    try:
        if not line.startswith(MAGIC):
            raise ValueError("not a kit")  # noqa: TRY301  one answer for all that is no kit
        head = json.loads(line[len(MAGIC) :])
        return line, {name: str(head[name]) for name in ("trip", "salt", "key")}
    except (ValueError, KeyError, TypeError):
        raise Refused(Problem(code="KIT_NOT_A_KIT", facts={"file": path.name})) from None


def _stretched(word: str, salt: bytes) -> bytes:
    plain = "".join(one for one in word.lower() if one in LETTERS)
    return hashlib.scrypt(plain.encode(), salt=salt, dklen=KEY_BYTES, **_COST)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused(Problem(code="KIT_UNREADABLE")) from None
