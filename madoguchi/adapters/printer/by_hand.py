"""No printer: a clerk prints and brings the paper (職員が印刷する).

The honest default where no printer is set. The paper waits in the private folder until a clerk
says "printed" or "spoiled" (or the kiosk takes it back), and is wiped then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from madoguchi.adapters.book import kept
from madoguchi.adapters.printer.pages import sheets_of
from madoguchi.infra import clock
from madoguchi.infra.files import private_folder
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk.domain.devices import (
    JobStage,
    JobState,
    NoAnswer,
    PrinterState,
    TrayPaper,
)

#: A paper nobody settled is wiped after this: the office was closed in between.
KEPT_HOURS_MAX = 24
#: How long an end is remembered, so that the kiosk's books can still ask.
REMEMBERED = timedelta(days=7)


class ByHand:
    """The desk as printer: ``Printer`` to the kiosk, ``Tray`` to the clerk (手で印刷)."""

    def __init__(self, *, terminal_no: str, now: Callable[[], datetime] = clock.now) -> None:
        self._now = now
        self._folder = private_folder("printers", f"{terminal_no}-by-hand")
        self._book = self._folder / "book.json"

    # Towards the kiosk.

    def state(self) -> PrinterState | Unavailable:
        """See the port (状態): a clerk can always be asked."""
        return PrinterState(troubles=frozenset())

    def print(self, *, name: str, pdf: bytes) -> str | Unavailable:
        """See the port (印刷の依頼)."""
        reference = hashlib.sha256(name.encode()).hexdigest()[:32]
        with kept(self._book) as book:
            self._tidy(book)
            if reference not in book:
                sheets = sheets_of(pdf)
                # The file first: a paper in the book that is not in the tray could not be printed.
                self._file(reference).write_bytes(pdf)
                self._file(reference).chmod(0o600)
                stage = JobStage.WAITING if sheets else JobStage.LOST
                book[reference] = _entry(stage, sheets, self._now())
            self._wipe(book)
        return reference

    def job(self, reference: str) -> JobState | Unavailable:
        """See the port (印刷の状態)."""
        with kept(self._book) as book:
            self._tidy(book)
            if reference not in book:
                return Unavailable(reason=NoAnswer.FORGOTTEN)
            entry = book[reference]
        stage = JobStage(entry["stage"])
        done = entry["sheets"] if stage == JobStage.DONE else 0
        # A file a clerk has fetched may be on paper, whatever is said of it afterwards.
        counts = stage == JobStage.DONE or not entry.get("fetched", False)
        return JobState(stage=stage, sheets_done=done, troubles=frozenset(), counts=counts)

    def cancel(self, reference: str) -> Unavailable | None:
        """See the port (印刷の取消し)."""
        if isinstance(known := self.job(reference), Unavailable):
            return known
        self._end(reference, JobStage.LOST)
        return None

    # Towards the clerk.

    def waiting(self) -> tuple[TrayPaper, ...]:
        """See ``Tray`` (印刷を待つ書類)."""
        with kept(self._book) as book:
            self._tidy(book)
            papers = [
                TrayPaper(
                    reference=reference,
                    sheets=entry["sheets"],
                    asked_at=datetime.fromisoformat(entry["asked_at"]),
                )
                for reference, entry in book.items()
                if entry["stage"] == JobStage.WAITING
            ]
        return tuple(sorted(papers, key=lambda paper: (paper.asked_at, paper.reference)))

    def paper(self, reference: str) -> bytes | None:
        """See ``Tray`` (印刷する書類)."""
        with kept(self._book) as book:
            self._tidy(book)
            if book.get(reference, {}).get("stage") != JobStage.WAITING:
                return None
            book[reference]["fetched"] = True
            return self._file(reference).read_bytes()

    def settle(self, reference: str, *, printed: bool) -> bool:
        """See ``Tray`` (印刷済み・印刷失敗)."""
        return self._end(reference, JobStage.DONE if printed else JobStage.LOST)

    def _end(self, reference: str, stage: JobStage) -> bool:
        with kept(self._book) as book:
            self._tidy(book)
            entry = book.get(reference)
            waiting = entry is not None and entry["stage"] == JobStage.WAITING
            if entry is not None and waiting:
                entry["stage"] = stage
            self._wipe(book)
            return waiting

    def _file(self, reference: str) -> Path:
        return self._folder / f"{reference}.pdf"

    def _tidy(self, book: dict[str, Any]) -> None:
        now = self._now()
        for reference, entry in list(book.items()):
            age = now - datetime.fromisoformat(entry["asked_at"])
            if age > REMEMBERED:
                del book[reference]
            elif entry["stage"] == JobStage.WAITING and age > timedelta(hours=KEPT_HOURS_MAX):
                entry["stage"] = JobStage.LOST
        self._wipe(book)

    def _wipe(self, book: dict[str, Any]) -> None:
        for path in self._folder.glob("*.pdf"):
            if book.get(path.stem, {}).get("stage") != JobStage.WAITING:
                path.unlink(missing_ok=True)


def _entry(stage: JobStage, sheets: int, at: datetime) -> dict[str, Any]:
    return {"stage": stage, "sheets": sheets, "asked_at": at.isoformat()}
