"""Whose 転出証明書 we can verify: other towns' paper keys, and on which days they held (紙の鍵)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.kernel.checkdigits import is_valid_municipality_code
from madoguchi.kernel.daytimes import DayRule

KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperKey:
    """The key a town signs its 転出証明書 with, from a day to a day (市区町村の公開鍵)."""

    code: str
    name: str
    key: bytes
    days: DayRule
    source: str


def read_paper_keys(table: Mapping[str, Any]) -> tuple[PaperKey, ...]:
    """Make the table of a file as it is written; a slip in it stops the start (鍵の表の読取り)."""
    found = tuple(
        PaperKey(
            code=row["code"], name=row["name"], key=bytes.fromhex(row["public"]),
            days=DayRule(
                valid_from=date.fromisoformat(row["from"]),
                valid_until=date.fromisoformat(row["until"]) if row.get("until") else None,
            ),
            source=row["source"],
        )
        for row in table.get("key", ())
    )  # fmt: skip
    for one in found:
        assert is_valid_municipality_code(one.code), f"paper_keys.toml: {one.code} is no 団体コード"
        assert len(one.key) == KEY_BYTES, f"paper_keys.toml: the key of {one.name} is not 32 bytes"
    return found


def keys_on(known: Iterable[PaperKey], *, code: str, day: date) -> tuple[bytes, ...]:
    """Return the keys by which a town signed papers of that day (その日の鍵)."""
    return tuple(one.key for one in known if one.code == code and one.days.holds_on(day))
