"""Readings above words, as やさしい日本語 carries them (ふりがな)."""

import re
from collections.abc import Iterator

#: A long word may be broken here, and nowhere else (U+200B).
MAY_BREAK = "\u200b"
#: ｜証明書《しょうめいしょ》: what stands between the bar and the brackets carries the reading.
_RUBY = re.compile(r"｜([^｜《》]+)《([^｜《》]+)》")


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Cut a marked text into (text, reading); no reading where none is marked (ふりがな)."""
    at = 0
    for found in _RUBY.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], ""
        yield found.group(1), found.group(2)
        at = found.end()
    if at < len(text):
        yield text[at:], ""


def without_ruby(text: str) -> str:
    """Return a marked text as it is read aloud or named to a machine (ふりがなを除いた文)."""
    return "".join(base for base, _reading in pieces(text)).replace(MAY_BREAK, "")
