"""Which towns we can verify: other towns' public keys, and on which days they held (町の鍵).

One table for all a town signs: the codes on its 転出証明書 and its messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.kernel.checkdigits import is_valid_municipality_code
from madoguchi.kernel.daytimes import DayRule

KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class TownKey:
    """The key a town signs with, from a day to a day (市区町村の公開鍵)."""

    code: str
    name: str
    key: bytes
    days: DayRule
    source: str
    #: It also exchanges messages with us, besides signing papers.
    takes_post: bool = False
    #: Our next message to it bears at least this number: after a restore the count goes on.
    next_number: int = 1
    #: To which messages for it are sealed; empty: it has not told us one yet.
    seal: bytes = b""


def read_town_keys(table: Mapping[str, Any]) -> tuple[TownKey, ...]:
    """Make the table of a file as it is written; a slip in it stops the start (鍵の表の読取り)."""
    found = tuple(
        TownKey(
            code=row["code"], name=row["name"], key=bytes.fromhex(row["public"]),
            days=DayRule(
                valid_from=date.fromisoformat(row["from"]),
                valid_until=date.fromisoformat(row["until"]) if row.get("until") else None,
            ),
            source=row["source"], takes_post=row.get("post", False),
            next_number=int(row.get("next", 1)), seal=bytes.fromhex(row.get("seal", "")),
        )
        for row in table.get("key", ())
    )  # fmt: skip
    for one in found:
        assert is_valid_municipality_code(one.code), f"town_keys.toml: {one.code} is no 団体コード"
        assert len(one.key) == KEY_BYTES, f"town_keys.toml: the key of {one.name} is not 32 bytes"
        assert len(one.seal) in (0, KEY_BYTES), (
            f"town_keys.toml: the seal of {one.name} is not 32 bytes"
        )
        assert one.seal != one.key, f"town_keys.toml: seal and public of {one.name} are the same"
    return found


def keys_on(known: Iterable[TownKey], *, code: str, day: date) -> tuple[bytes, ...]:
    """Return the keys by which a town signed on that day (その日の鍵)."""
    return tuple(one.key for one in known if one.code == code and one.days.holds_on(day))


def seal_on(known: Iterable[TownKey], *, code: str, day: date) -> bytes:
    """Return to which key messages for a town are sealed on a day; b"": to none (封の鍵)."""
    held = [one for one in known if one.code == code and one.seal and one.days.holds_on(day)]
    return max(held, key=lambda one: one.days.valid_from).seal if held else b""


def neighbours_on(known: Iterable[TownKey], *, day: date) -> dict[str, str]:
    """Return the towns that take messages of us on a day, name by code (送受信する町)."""
    return {one.code: one.name for one in known if one.takes_post and one.days.holds_on(day)}


def next_number(known: Iterable[TownKey], *, code: str, last: int) -> int:
    """Return the number of our next message to a town: one more, or where its row says (次の番号)."""
    return max([last + 1, *(one.next_number for one in known if one.code == code)])


def town_at(text: str, towns: Mapping[str, str]) -> str | None:
    """Return whose an address or a name of a town is, None where that is not clear (住所の町).

    A town's name stands with its prefecture; people leave it away, and the 郡 too.
    """
    said = "".join(text.split())
    if not said:
        return None
    found = {
        code
        for code, name in towns.items()
        if any(said.startswith(one) for one in _spellings("".join(name.split())))
    }
    return found.pop() if len(found) == 1 else None


def short_name(name: str) -> str:
    """Return a town's name as people say it, without prefecture and 郡 (町の呼び名)."""
    return _spellings(name)[-1]


def _spellings(name: str) -> tuple[str, ...]:
    """Name a town with prefecture and 郡, without the one, without both."""
    short = name
    for end in "都道府県":
        head, mark, tail = name.partition(end)
        if mark and len(head) <= 3 and tail:
            short = tail
            break
    county, mark, bare = short.partition("郡")
    return (name, short, bare) if mark and county and bare else (name, short)
