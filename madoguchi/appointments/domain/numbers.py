"""Booking numbers people read out, and QR content (予約番号)."""

from __future__ import annotations

import re
import unicodedata

from madoguchi.kernel.outcome import Problem

#: No letter or digit that is taken for another, in writing or over the phone.
ALPHABET = "34679ACEFHJKMNPRTWXY"
LENGTH = 8
_HALF = LENGTH // 2


def booking_no_of(number: int) -> str:
    """Write a number below 20⁸ as a booking number: K7MA-4X9C (予約番号)."""
    assert 0 <= number < len(ALPHABET) ** LENGTH
    letters = []
    for _ in range(LENGTH):
        number, at = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[at])
    text = "".join(letters)
    return f"{text[:_HALF]}-{text[_HALF:]}"


def parse_booking_no(text: str, *, where: str | None = None) -> str | Problem:
    """Read a booking number as people write it, or as a scanner types it (予約番号の読取り)."""
    plain = re.sub(r"[\s\-‐‑‒–—―−ー]", "", unicodedata.normalize("NFKC", text)).upper()
    if len(plain) == LENGTH and set(plain) <= set(ALPHABET):
        return f"{plain[:_HALF]}-{plain[_HALF:]}"
    return Problem(code="BOOKING_NO_UNREADABLE", where=where)
