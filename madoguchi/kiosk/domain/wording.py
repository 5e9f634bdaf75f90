"""Sentences by key, with what fills them (文言)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
