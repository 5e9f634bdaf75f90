"""The word by which an officer is known on the laptop (職員の合言葉): kept stretched, never itself."""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata

from madoguchi.kernel.outcome import Problem

LENGTH_MIN, LENGTH_MAX = 10, 64
_COST = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}
_SALT = 16


def check_word(word: str, *, staff_id: str) -> tuple[Problem, ...]:
    """Say what is wrong with a word somebody chose (合言葉の確認)."""
    plain = _plain(word)
    if not LENGTH_MIN <= len(plain) <= LENGTH_MAX:
        facts = {"least": str(LENGTH_MIN), "most": str(LENGTH_MAX)}
        return (Problem(code="KIT_OFFICER_WORD_LENGTH", where="word", facts=facts),)
    if len(set(plain)) < LENGTH_MIN // 2 or staff_id.casefold() in plain:
        return (Problem(code="KIT_OFFICER_WORD_EASY", where="word"),)
    return ()


def stretch_word(word: str) -> tuple[str, str]:
    """Return salt and digest of a word, as they travel (合言葉の保管)."""
    salt = os.urandom(_SALT)
    return salt.hex(), _stretched(word, salt)


def is_word(word: str, *, salt: str, digest: str) -> bool:
    """Tell whether this is the word (合言葉の照合)."""
    return hmac.compare_digest(_stretched(word, bytes.fromhex(salt)), digest)


def _stretched(word: str, salt: bytes) -> str:
    return hashlib.scrypt(_plain(word).encode(), salt=salt, dklen=32, **_COST).hex()


def _plain(word: str) -> str:
    # Large or small, wide or narrow, spaced or not: the same word to whoever types it.
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())
