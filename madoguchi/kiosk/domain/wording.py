"""Sentences by key, and the ruby that やさしい日本語 carries (文言とふりがな)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

#: A long word may be broken here, and nowhere else (U+200B).
MAY_BREAK = "\u200b"
#: ｜証明書《しょうめいしょ》: what stands between the bar and the brackets carries the reading.
_RUBY = re.compile(r"｜([^｜《》]+)《([^｜《》]+)》")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence of the kiosk's catalogue, with what fills its {braces} (一文).

    A fact may be a line itself: "{yen}" is said differently in each language.
    """

    key: str
    facts: Mapping[str, str | int | Line] = field(default_factory=dict, hash=False)


def line(key: str, **facts: str | int | Line) -> Line:
    """Return the sentence of this key (一文)."""
    return Line(key=key, facts=facts)


def yen_line(yen: int) -> Line:
    """Return a sum of money in words (金額)."""
    return line("common.yen", n=f"{yen:,}") if yen else line("common.free")


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
