"""The day's books: four that were written apart must say the same (日締めの突合).

Certificates keep the states of their requests; the kiosk keeps what it saw of each; the till
and the coin box keep the money; the printer counts sheets. Nobody of these writes another's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a request, as the machine saw it (申請の結果)."""

    OPEN = "OPEN"
    ISSUED = "ISSUED"  # 交付
    REFUSED = "REFUSED"  # 交付せず
    FAILED = "FAILED"  # 作成・印刷の失敗
    ABANDONED = "ABANDONED"  # 取りやめ: made for nobody, never printed


class What(StrEnum):
    """Which two books disagree (食い違いの種類)."""

    ASKED = "ASKED"  # 受付
    SUM = "SUM"  # 受付 = 交付 + 交付せず + 失敗 + 取りやめ
    ISSUED = "ISSUED"
    REFUSED = "REFUSED"
    FAILED = "FAILED"
    ABANDONED = "ABANDONED"
    STILL_OPEN = "STILL_OPEN"  # 閉店後に途中のまま
    COPIES = "COPIES"
    JOBS = "JOBS"  # 印刷した部数
    SHEETS = "SHEETS"  # 出た紙
    FEES = "FEES"  # 手数料
    UNDUE = "UNDUE"  # 交付していないのに受け取った額
    SESSIONS = "SESSIONS"  # 受け取りまで進んだ利用
    PROOFS = "PROOFS"  # 本人確認の数
    COIN_BOX = "COIN_BOX"  # 料金箱
    PAPER = "PAPER"  # 行方のわからない紙


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """What the certificates' own books say of one kind (証明書の帳簿)."""

    asked: int = 0
    issued: int = 0
    refused: int = 0
    failed: int = 0
    abandoned: int = 0
    still_open: int = 0
    copies: int = 0
    pages: int = 0
    yen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the machine saw of one kind (キオスクの帳簿)."""

    by_outcome: Mapping[Outcome, int] = field(default_factory=dict)
    copies: int = 0  # of what was handed over
    takings: int = 0  # sessions that came to 受け取り

    def of(self, outcome: Outcome) -> int:
        """How many ended so (件数)."""
        return self.by_outcome.get(outcome, 0)

    @property
    def asked(self) -> int:
        """How many were asked for (受付)."""
        return sum(self.by_outcome.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What the payments say of one kind (支払いの帳簿)."""

    for_issued: int = 0  # held for papers handed over
    for_others: int = 0  # held, and owed to nobody: neither a paper nor a refund due


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """What the printer counted for one kind (印刷機の帳簿)."""

    jobs_done: int = 0  # of what was handed over
    sheets_done: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The four books of one kind on one day and channel (一日の帳簿)."""

    kind: str
    requests: Requests = field(default_factory=Requests)
    seen: Seen = field(default_factory=Seen)
    money: Money = field(default_factory=Money)
    sheets: Sheets | None = field(default_factory=Sheets)  # None: nothing is printed here (WEB)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two books that disagree (食い違い)."""

    kind: str
    what: What
    expected: int
    found: int


def differences_of(books: Books, *, closed: bool) -> tuple[Difference, ...]:
    """Return every difference between the books of one kind (突合).

    While the day still runs (``closed`` false) and a request is under way, only what was asked
    is compared: a paper may have come to its end a moment before the machine hears of it.
    """
    asked, seen, money = books.requests, books.seen, books.money
    ended = asked.issued + asked.refused + asked.failed + asked.abandoned
    pairs = [
        (What.ASKED, asked.asked, seen.asked),
        (What.SUM, asked.asked, ended + asked.still_open),
    ]
    under_way = asked.still_open + seen.of(Outcome.OPEN)
    if closed or not under_way:
        pairs += [
            (What.STILL_OPEN, 0, under_way),
            (What.ISSUED, asked.issued, seen.of(Outcome.ISSUED)),
            (What.REFUSED, asked.refused, seen.of(Outcome.REFUSED)),
            (What.FAILED, asked.failed, seen.of(Outcome.FAILED)),
            (What.ABANDONED, asked.abandoned, seen.of(Outcome.ABANDONED)),
            (What.SESSIONS, seen.of(Outcome.ISSUED), seen.takings),
            (What.COPIES, asked.copies, seen.copies),
            (What.FEES, asked.yen, money.for_issued),
            (What.UNDUE, 0, money.for_others),
        ]
        if books.sheets is not None:
            pairs += [
                (What.JOBS, asked.copies, books.sheets.jobs_done),
                (What.SHEETS, asked.pages, books.sheets.sheets_done),
            ]
    return tuple(
        Difference(kind=books.kind, what=what, expected=expected, found=found)
        for what, expected, found in pairs
        if expected != found
    )


def all_differences(
    books: Iterable[Books], *, proofs: int, sessions_proven: int, closed: bool
) -> tuple[Difference, ...]:
    """Return every difference of a day and channel, the proofs of identity among them (一日の突合)."""
    found = [one for book in books for one in differences_of(book, closed=closed)]
    if proofs != sessions_proven:
        found.append(Difference(kind="", what=What.PROOFS, expected=proofs, found=sessions_proven))
    return tuple(found)
