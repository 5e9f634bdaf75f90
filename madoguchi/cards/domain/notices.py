"""Which cards are announced, and what their letters say (交付の通知).

A notice names what *this* holder brings, in the words of somebody at home; nothing of it is
about anybody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, unique
from typing import Any

from madoguchi.advice.api import Needed
from madoguchi.cards.domain.applications import Delivery
from madoguchi.cards.domain.card import CardState

#: States of a letter in which a matter has no letter any more.
NO_LETTER = frozenset({"CANCELLED", "SUPERSEDED"})
#: From this age somebody fetches the card alone; before, with a parent.
ALONE_FROM_AGE = 15


@unique
class Wait(StrEnum):
    """Why a card is not announced now (通知しないわけ)."""

    STOPPED = "STOPPED"  # 止めている
    NOT_SET_UP = "NOT_SET_UP"  # 交付前設定の前
    AGE_UNKNOWN = "AGE_UNKNOWN"  # 生年月日が分からない
    HAS_LETTER = "HAS_LETTER"  # もう通知した


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """What a notice says of place and time, from a day on (案内の決まり)."""

    first: date
    place: str
    hours: tuple[str, ...]
    days: int
    source: str
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What is queued for one card: which kind of letter, how it goes, what it says (手紙)."""

    kind: str
    mail_class: str
    content: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeBook:
    """The table of notices: place and time by day, and the words for what to bring (案内の表)."""

    rows: tuple[NoticeRow, ...]
    bring: Mapping[str, tuple[str, ...]]
    enclosed: tuple[str, ...]


def read_notices(table: Mapping[str, Any]) -> NoticeBook:
    """Make the book of a table as it is written; a wrong row stops the start (案内の表)."""
    rows = tuple(
        NoticeRow(
            first=date.fromisoformat(row["from"]), place=row["place"], hours=tuple(row["hours"]),
            days=row["days"], source=row["source"], assumed=row.get("assumed", False),
        )
        for row in table["notice"]
    )  # fmt: skip
    assert rows
    assert all(row.source and row.days > 0 and 1 <= len(row.hours) <= 3 for row in rows)
    return NoticeBook(
        rows=rows, bring={code: tuple(lines) for code, lines in table["bring"].items()},
        enclosed=tuple(table["enclosed"]["lines"]),
    )  # fmt: skip


def notice_on(rows: Iterable[NoticeRow], day: date) -> NoticeRow:
    """Return the row that holds on a day: the newest that has begun (適用)."""
    begun = [row for row in rows if row.first <= day]
    return max(begun or rows, key=lambda row: row.first)


def why_wait(
    *, state: CardState, is_stopped: bool, letter_states: Iterable[str], age: int | None
) -> Wait | None:
    """Say why a card is not announced now; None: it is (通知の判定)."""
    if is_stopped:
        return Wait.STOPPED
    if state is not CardState.SET_UP:
        return Wait.NOT_SET_UP
    if any(one not in NO_LETTER for one in letter_states):
        return Wait.HAS_LETTER
    return Wait.AGE_UNKNOWN if age is None else None


def bring_lines(book: NoticeBook, needed: Iterable[Needed]) -> tuple[str, ...]:
    """Say each thing to bring in the words somebody at home would use (持ってくるもの).

    What the table has no words for raises ``KeyError``: a thing left out is a visit in vain.
    """
    codes = (
        f"identity_{one.whose}_{'_'.join(one.ways)}" if one.code == "identity" else one.code
        for one in needed
    )
    return tuple(line for code in codes for line in book.bring[code])


def write_notice(
    rule: NoticeRow, *, bring: Iterable[str], today: date, phone: str, book_url: str = ""
) -> Written:
    """Write the letter of a card that is fetched (交付の通知)."""
    return Written(
        kind="ISSUE_NOTICE",
        mail_class="ORDINARY",
        content={
            "bring": list(bring),
            "place": rule.place,
            "hours": list(rule.hours),
            "first_on": today.isoformat(),
            "last_on": (today + timedelta(days=rule.days)).isoformat(),
            "phone": phone,
            **({"book_url": book_url} if book_url else {}),
        },
    )


_CLASS_OF: Mapping[Delivery, str] = {
    Delivery.REGISTERED: "SIMPLE_REGISTERED",
    Delivery.PERSONAL: "ADDRESSEE_ONLY",
}


def write_cover(delivery: Delivery, *, enclosed: Iterable[str], phone: str) -> Written:
    """Write the letter that goes with a card by mail, as it was agreed (カードの送付)."""
    return Written(
        kind="MAIL_CARD", mail_class=_CLASS_OF[delivery],
        content={"enclosed": list(enclosed), "phone": phone},
    )  # fmt: skip
