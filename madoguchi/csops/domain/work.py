"""Work at the CS: updates and backups with their run-book, and what it lives on (CSの作業と資産).

Nothing here reaches the CS, which is closed to other software: what is kept is what somebody did
there, when, with which evidence, and what is still open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, unique
from typing import Any

from madoguchi.kernel.daytimes import DayRule
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text

NAME_MAX = 60
NOTE_MAX = 300
_SHA256 = re.compile(r"[0-9a-f]{64}")


@unique
class AssetKind(StrEnum):
    """What the CS is made of, as it is bought (資産の種類)."""

    SERVER = "SERVER"
    MEMORY = "MEMORY"
    TERMINAL = "TERMINAL"
    OPERATOR_CARD = "OPERATOR_CARD"
    SOFTWARE = "SOFTWARE"


@unique
class WorkKind(StrEnum):
    """What is done at the CS (作業の種類)."""

    UPDATE = "UPDATE"  # アプリケーション更新
    BACKUP = "BACKUP"  # 月次バックアップ


@unique
class WorkState(StrEnum):
    """Where a piece of work stands (作業の状態)."""

    PLANNED = "PLANNED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CALLED_OFF = "CALLED_OFF"


#: Over for good: a failed one is done again as another piece of work.
OVER = frozenset({WorkState.DONE, WorkState.FAILED, WorkState.CALLED_OFF})


@unique
class Support(StrEnum):
    """How near the end of a support is (保守の期限)."""

    FINE = "FINE"
    AHEAD = "AHEAD"  # time to budget and buy
    OVER = "OVER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One thing the CS needs, or several alike bought together (資産)."""

    asset_id: str
    kind: AssetKind
    name: str
    count: int
    procured_on: date
    support_until: date
    note: str = ""
    retired_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a backup left: where it lies, how large, and by which hash it is known (控え)."""

    place: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep:
    """One line of a run-book (手順)."""

    code: str
    words: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CsTable:
    """The town's table about its CS: run-books, days of warning, price of an hour (CSの表)."""

    run_books: Mapping[WorkKind, tuple[RunStep, ...]]
    warn_days: Mapping[AssetKind, int]
    updates_a_year: tuple[int, int]
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What an hour of overtime costs from a day on (時間外単価): percent of the plain hour."""

    days: DayRule
    yen_per_hour: int
    office_begins: int
    office_ends: int
    night_begins: int
    night_ends: int
    weekday_percent: int
    holiday_percent: int
    night_more_percent: int
    source: str
    assumed: bool


def read_table(raw: Mapping[str, Any]) -> CsTable:
    """Read the table; a wrong table stops the start (CSの表の読取り)."""
    low, high = raw["updates"]["fewest"], raw["updates"]["most"]
    assert 0 < low <= high
    table = CsTable(
        run_books={
            kind: tuple(
                RunStep(code=one["code"], words=one["words"], minutes=int(one["minutes"]))
                for one in raw["step"] if one["work"] == kind
            )
            for kind in WorkKind
        },
        warn_days={kind: int(raw["warn_days"][kind]) for kind in AssetKind},
        updates_a_year=(low, high),
        rates=tuple(_rate(one) for one in raw["rate"]),
    )  # fmt: skip
    assert all(table.run_books.values()), "work without a run-book"
    assert table.rates
    return table


def _rate(raw: Mapping[str, Any]) -> Rate:
    names = ("yen_per_hour", "office_begins", "office_ends", "night_begins", "night_ends",
             "weekday_percent", "holiday_percent", "night_more_percent", "source", "assumed")  # fmt: skip
    days = DayRule(valid_from=raw["from"], valid_until=raw.get("until"))
    return Rate(days=days, **{name: raw[name] for name in names})


def support_of(asset: Asset, *, today: date, table: CsTable) -> Support:
    """Tell how near the end of an asset's support is (保守期限の知らせ); the last day is still supported."""
    if today > asset.support_until:
        return Support.OVER
    ahead = timedelta(days=table.warn_days[asset.kind])
    return Support.AHEAD if today > asset.support_until - ahead else Support.FINE


def check_asset(asset: Asset) -> tuple[Problem, ...]:
    """Return everything wrong with an asset as it was typed (資産の確認)."""
    found = list(check_free_text(asset.name, limit=NAME_MAX, where="name"))
    found += check_free_text(asset.note, limit=NOTE_MAX, where="note")
    if asset.support_until < asset.procured_on:
        found.append(Problem(code="CS_SUPPORT_BEFORE_PURCHASE", where="support_until"))
    if asset.count < 1:
        found.append(Problem(code="CS_COUNT_UNKNOWN", where="count"))
    return tuple(found)


def check_finish(
    *, kind: WorkKind, state: WorkState, to: WorkState, open_steps: int, copy: Copy | None,
    result: str, began: datetime | None, ended: datetime,
) -> tuple[Problem, ...]:  # fmt: skip
    """Return every reason why a piece of work cannot end so (終了の確認).

    Done wants every step ticked, and a backup its copy; failed wants words.
    """
    found = list(check_free_text(result, limit=NOTE_MAX, where="result"))
    if state is not WorkState.RUNNING or began is None:
        return (*found, Problem(code="CS_WORK_NOT_RUNNING"))
    if ended <= began:
        found.append(Problem(code="CS_ENDS_BEFORE_BEGIN", where="at"))
    if to is WorkState.DONE and open_steps:
        found.append(Problem(code="CS_STEPS_OPEN", facts={"count": str(open_steps)}))
    if to is WorkState.DONE and kind is WorkKind.BACKUP:
        found += [Problem(code="CS_COPY_MISSING")] if copy is None else check_copy(copy)
    if to is WorkState.FAILED and not result.strip():
        found.append(Problem(code="CS_RESULT_MISSING", where="result"))
    return tuple(found)


def check_copy(copy: Copy) -> tuple[Problem, ...]:
    """Return everything wrong with what is said of a copy (控えの確認)."""
    found = list(check_free_text(copy.place, limit=NAME_MAX, where="place"))
    if not copy.place.strip():
        found.append(Problem(code="CS_PLACE_MISSING", where="place"))
    if copy.size_bytes < 1:
        found.append(Problem(code="CS_SIZE_UNKNOWN", where="size_bytes"))
    return (*found, *check_hash(copy.sha256))


def fold_hash(text: str) -> str:
    """Write a hash as it is kept: lower case, nothing between (ハッシュ値のそろえ)."""
    return re.sub(r"[\s:]", "", text).lower()


def check_hash(sha256: str, *, where: str = "sha256") -> tuple[Problem, ...]:
    """Return why this is no SHA-256 (ハッシュ値の確認)."""
    return () if _SHA256.fullmatch(sha256) else (Problem(code="CS_HASH_UNREADABLE", where=where),)


def updates_missing(done: Iterable[date], *, year: int, table: CsTable) -> int:
    """Return how many updates a fiscal year still lacks to the fewest a year sees (更新の不足)."""
    seen = sum(fiscal_year(one) == year for one in done)
    return max(0, table.updates_a_year[0] - seen)


def fiscal_year(day: date) -> int:
    """Return the fiscal year a day belongs to: April to March (会計年度)."""
    return day.year - (day.month < 4)
