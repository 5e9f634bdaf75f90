"""What an emulated terminal knows and does, without its screens (統合端末の模擬の中身).

Its cards come from a file, its list lies in a book of its own: nothing here knows our tables.
What the national terminal really shows, asks and refuses is not public; all of it is *assumed*.
"""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from pathlib import Path
from typing import Any

from madoguchi.adapters.book import kept

COLUMNS = ("交付通知書番号", "氏名", "カナ", "生年月日", "申請書ID")


@unique
class Fault(StrEnum):
    """What can be made to go wrong with one card (起こせる異常)."""

    SLOW = "SLOW"  # 画面が遅い
    SESSION_LOST = "SESSION_LOST"  # 読取りで時間切れ
    SESSION_LOST_AFTER = "SESSION_LOST_AFTER"  # 設定した直後に時間切れ
    HANGS_AFTER = "HANGS_AFTER"  # 設定したが、結果の画面が出ない
    WRONG_CARD = "WRONG_CARD"  # 別のカードが置かれている
    UNREADABLE = "UNREADABLE"  # カードが読めない
    NOT_FOUND = "NOT_FOUND"  # 該当する申請がない
    DIFFERS = "DIFFERS"  # カナがちがう
    REFUSED = "REFUSED"  # 受け付けない
    DUPLICATE = "DUPLICATE"  # 2回押されたことになる
    LAYOUT = "LAYOUT"  # 画面の項目名とボタンが変わった
    BOX = "BOX"  # 小窓が前に出る
    NOT_LISTED = "NOT_LISTED"  # 終わったと言うが、一覧にない
    OFF = "OFF"  # 答えない


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalCard:
    """A fictional card as the terminal knows it (端末が知るカード)."""

    notice_no: str
    name: str
    kana: str
    birth_on: date
    application_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the terminal's own list (設定結果の1行)."""

    notice_no: str
    outcome: str
    at: str
    operator: str


DONE, NOT_TAKEN = "設定済", "受付不可"


class Machine:
    """The terminal behind its screens (端末の状態); safe for all threads and restarts."""

    def __init__(self, *, cards: Mapping[str, TerminalCard], folder: Path) -> None:
        self.cards = dict(cards)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._book = folder / "book.json"
        self._turn = threading.RLock()

    # What a person's hands do.

    def lay(self, notice_no: str) -> bool:
        """Put a card on the reader; False: there is no such fictional card (カードを置く)."""
        if notice_no not in self.cards:
            return False
        with self._open() as book:
            book["laid"] = notice_no
        return True

    def take_away(self) -> None:
        """Take the card off the reader (カードを取る)."""
        with self._open() as book:
            book["laid"] = ""

    def laid(self) -> str:
        """Return the number of the card on the reader, or nothing (置かれているカード)."""
        with self._open() as book:
            return str(book["laid"])

    def plan(self, notice_no: str, fault: Fault | None) -> None:
        """Let something go wrong with one card, or nothing any more (異常の予定)."""
        with self._open() as book:
            book["faults"].pop(notice_no, None)
            if fault is not None:
                book["faults"][notice_no] = fault.value

    def fault(self, notice_no: str) -> Fault | None:
        """Return what is to go wrong with a card (予定された異常)."""
        with self._open() as book:
            found = book["faults"].get(notice_no)
            return None if found is None else Fault(found)

    def faults(self) -> Mapping[str, Fault]:
        """Return all that is to go wrong (予定された異常の一覧)."""
        with self._open() as book:
            return {number: Fault(one) for number, one in book["faults"].items()}

    # What the screens ask for.

    def read(self) -> TerminalCard | None:
        """Return what the card on the reader says, or None: nothing lies there (読取り)."""
        laid = self.laid()
        if self.fault(laid) is Fault.WRONG_CARD:
            laid = next(number for number in self.cards if number != laid)
        return self.cards.get(laid)

    def set_up(self, notice_no: str, *, operator: str, at: str) -> str:
        """Set a card up, once: asked again it stays the one line of the list (設定)."""
        fault = self.fault(notice_no)
        outcome = NOT_TAKEN if fault is Fault.REFUSED else DONE
        with self._open() as book:
            if any(one["notice_no"] == notice_no for one in book["list"]):
                return DONE
            if fault is not Fault.NOT_LISTED:
                line = {"notice_no": notice_no, "outcome": outcome, "at": at, "operator": operator}
                book["list"].append(line)
        return outcome

    def entries(self) -> tuple[Entry, ...]:
        """Return the terminal's own list, oldest first (設定結果の一覧)."""
        with self._open() as book:
            return tuple(Entry(**one) for one in book["list"])

    def entry(self, notice_no: str) -> Entry | None:
        """Return what the list says of one card (設定結果の照会)."""
        return next((one for one in self.entries() if one.notice_no == notice_no), None)

    def is_set(self, notice_no: str) -> bool:
        """Tell whether a card was set up (設定済みか)."""
        found = self.entry(notice_no)
        return found is not None and found.outcome == DONE

    @contextmanager
    def _open(self) -> Iterator[dict[str, Any]]:
        with self._turn, kept(self._book) as book:
            book.setdefault("laid", "")
            book.setdefault("faults", {})
            book.setdefault("list", [])
            yield book


def read_cards(path: Path) -> dict[str, TerminalCard]:
    """Read the file of fictional cards, UTF-8 with the headings ``COLUMNS`` (見本のカードの一覧)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = [one for one in COLUMNS if one not in (rows.fieldnames or ())]
        if missing:
            raise ValueError(f"{path.name}: no column {'、'.join(missing)}")
        cards = [
            TerminalCard(
                notice_no=row["交付通知書番号"], name=row["氏名"], kana=row["カナ"],
                birth_on=date.fromisoformat(row["生年月日"]), application_no=row["申請書ID"],
            )
            for row in rows
        ]  # fmt: skip
    return {one.notice_no: one for one in cards}


def write_cards(path: Path, cards: list[TerminalCard]) -> None:
    """Write such a file (見本のカードの一覧の書出し)."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for one in cards:
            rows.writerow((one.notice_no, one.name, one.kana, one.birth_on, one.application_no))
