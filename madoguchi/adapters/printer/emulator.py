"""A complete printer inside the program, for demonstration and tests (印刷機の模擬).

Its book and spool lie in the private folder, so that all processes see one printer. It refuses
to exist outside the demonstration: a paper it "prints" is on no paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from madoguchi.adapters.book import kept
from madoguchi.adapters.printer import machine as works
from madoguchi.adapters.printer.machine import Job, Machine
from madoguchi.adapters.printer.pages import sheets_of
from madoguchi.infra import clock
from madoguchi.infra.files import private_folder
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk.domain.devices import (
    JobStage,
    JobState,
    NoAnswer,
    PrinterState,
    PrinterTrouble,
)

PAPER = 250
SHEET_SECONDS = 1.5


class EmulatedPrinter:
    """A printer of which everything can be made to happen (印刷機の模擬)."""

    def __init__(self, *, terminal_no: str, now: Callable[[], datetime] = clock.now) -> None:
        if not settings.MADOGUCHI_DEMO:
            raise RuntimeError("the emulated printer is for the demonstration only")
        self._now = now
        self._folder = private_folder("printers", f"{terminal_no}-emulated")
        self._book = self._folder / "book.json"

    def state(self) -> PrinterState | Unavailable:
        """See the port (状態)."""
        with self._machine() as held:
            if isinstance(silent := held.silent(), Unavailable):
                return silent
            return PrinterState(troubles=held.machine.waits_for)

    def print(self, *, name: str, pdf: bytes) -> str | Unavailable:
        """See the port (印刷の依頼)."""
        with self._machine() as held:
            if isinstance(silent := held.silent(), Unavailable):
                return silent
            held.machine, reference = works.take(held.machine, name=name, sheets=sheets_of(pdf))
            state = works.state_of(held.machine, reference)
            if state and state.stage not in (JobStage.DONE, JobStage.LOST):
                self._spooled(reference).write_bytes(pdf)
            if held.loses_answer():
                return Unavailable(reason=NoAnswer.CUT_OFF)
            return reference

    def job(self, reference: str) -> JobState | Unavailable:
        """See the port (印刷の状態)."""
        with self._machine() as held:
            if isinstance(silent := held.silent(), Unavailable):
                return silent
            state = works.state_of(held.machine, reference)
            return state or Unavailable(reason=NoAnswer.FORGOTTEN)

    def cancel(self, reference: str) -> Unavailable | None:
        """See the port (印刷の取消し)."""
        with self._machine() as held:
            if isinstance(silent := held.silent(), Unavailable):
                return silent
            if works.state_of(held.machine, reference) is None:
                return Unavailable(reason=NoAnswer.FORGOTTEN)
            held.machine = works.cancel(held.machine, reference)
            return None

    # What a hand at the machine does: the demonstration's page and tests.

    def shown(self) -> Machine:
        """Return the machine as it stands now, to be looked at (いまの状態)."""
        with self._machine() as held:
            return held.machine

    def happen(self, what: PrinterTrouble) -> None:
        """Let something go wrong now (異常を起こす)."""
        with self._machine() as held:
            held.machine = works.trouble(held.machine, what)

    def jam_after(self, sheets: int) -> None:
        """Plan a jam: so many sheets still come out well (紙づまりの予定)."""
        with self._machine() as held:
            held.machine = replace(held.machine, jam_in=sheets)

    def mend(self, *, paper: int = 0) -> None:
        """Clear all troubles, switch it on and load paper (復旧)."""
        with self._machine() as held:
            held.machine = works.mend(held.machine, paper=paper)
            held.off = False

    def load(self, paper: int) -> None:
        """Take out what paper there is and put so much in (用紙を入れる)."""
        with self._machine() as held:
            held.machine = replace(held.machine, paper=paper)

    def switch_off(self) -> None:
        """Let it answer nothing (電源を切る)."""
        with self._machine() as held:
            held.off = True

    def is_off(self) -> bool:
        """Tell whether it answers nothing (電源)."""
        with self._machine() as held:
            return held.off

    def cancel_all(self) -> None:
        """Press "cancel" at its panel: what is not out yet never comes (操作盤での取消し)."""
        with self._machine() as held:
            for job in held.machine.jobs:
                held.machine = works.cancel(held.machine, job.reference)

    def lose_answers(self, count: int) -> None:
        """Do what is asked the next times, and lose the answer (応答の喪失)."""
        with self._machine() as held:
            held.lost_answers = count

    def forget(self) -> None:
        """Lose the queue, as a printer switched off in the middle does (仕事の消失)."""
        with self._machine() as held:
            held.machine = replace(held.machine, jobs=())

    def set_speed(self, sheet_seconds: float) -> None:
        """Let each sheet take so long (印刷の速さ)."""
        with self._machine() as held:
            held.machine = replace(held.machine, sheet_seconds=sheet_seconds)

    def spool(self) -> tuple[Path, ...]:
        """List the files that still lie in the machine (印刷待ちのファイル)."""
        return tuple(sorted(self._folder.glob("*.pdf")))

    def _spooled(self, reference: str) -> Path:
        return self._folder / f"{reference}.pdf"

    @contextmanager
    def _machine(self) -> Iterator[_Held]:
        """Open the book, let time pass, and write back what the block did."""
        now = self._now()
        with kept(self._book) as book:
            held = _Held(book, now)
            held.machine = works.advance(held.machine, now)
            yield held
            held.write(book)
            open_jobs = {job.reference for job in held.machine.jobs if job.ended is None}
            for path in self.spool():
                if path.stem not in open_jobs:
                    path.unlink(missing_ok=True)


class _Held:
    """The book while it is open."""

    def __init__(self, book: dict[str, Any], now: datetime) -> None:
        self.machine = _read(book["machine"]) if book else _new(now)
        self.off: bool = book.get("off", False)
        self.lost_answers: int = book.get("lost_answers", 0)

    def silent(self) -> Unavailable | None:
        return Unavailable(reason=NoAnswer.NOT_REACHED) if self.off else None

    def loses_answer(self) -> bool:
        lost = self.lost_answers > 0
        self.lost_answers -= lost
        return lost

    def write(self, book: dict[str, Any]) -> None:
        machine = asdict(self.machine)
        machine |= {
            "at": self.machine.at.isoformat(),
            "troubles": sorted(self.machine.troubles),
            "jobs": [asdict(job) for job in self.machine.jobs],
        }
        book |= {"machine": machine, "off": self.off, "lost_answers": self.lost_answers}


def _new(now: datetime) -> Machine:
    return Machine(at=now, paper=PAPER, sheet_seconds=SHEET_SECONDS)


def _read(told: dict[str, Any]) -> Machine:
    jobs = (
        Job(**(job | {"ended": JobStage(job["ended"]) if job["ended"] else None}))
        for job in told["jobs"]
    )
    return Machine(
        **(
            told
            | {
                "at": datetime.fromisoformat(told["at"]),
                "troubles": frozenset(PrinterTrouble(word) for word in told["troubles"]),
                "jobs": tuple(jobs),
            }
        )
    )
