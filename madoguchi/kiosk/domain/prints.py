"""A print job from the file to the tray (印刷の状態)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from madoguchi.kiosk.domain.devices import JobStage, JobState, PrinterTrouble

#: Paper-out and jam may be mended by a clerk within this time; then the paper is void.
HELD_UP_MAX = timedelta(seconds=120)
#: A job of which the printer has told nothing for so long is lost (*assumed*).
SILENT_MAX = timedelta(seconds=180)

STAGES: Mapping[JobStage, frozenset[JobStage]] = {
    JobStage.WAITING: frozenset(JobStage) - {JobStage.WAITING},
    JobStage.PRINTING: frozenset({JobStage.HELD_UP, JobStage.DONE, JobStage.LOST}),
    JobStage.HELD_UP: frozenset({JobStage.PRINTING, JobStage.DONE, JobStage.LOST}),
    JobStage.DONE: frozenset(),
    JobStage.LOST: frozenset(),
}
ENDED = frozenset({JobStage.DONE, JobStage.LOST})


def moved_on(before: JobStage, told: JobStage) -> JobStage:
    """Return the stage after the printer told one; what has ended stays ended (進み)."""
    return told if told in STAGES[before] else before


def is_lost(
    stage: JobStage, *, held_up_at: datetime | None, heard_at: datetime, now: datetime
) -> bool:
    """Tell whether a job must be given up: held up, or unheard of, too long (あきらめる時)."""
    if stage in ENDED:
        return False
    if held_up_at is not None and now - held_up_at >= HELD_UP_MAX:
        return True
    return now - heard_at >= SILENT_MAX


def may_have_left_paper(
    *, sheets_done: int, troubles: frozenset[PrinterTrouble], heard: bool
) -> bool:
    """Tell whether a lost job may have put a printed page somewhere (紙が出た疑い).

    A jam holds half a page; a printer that no longer answers may hold anything.
    """
    return sheets_done > 0 or PrinterTrouble.PAPER_JAM in troubles or not heard


def trouble_of(state: JobState) -> PrinterTrouble | None:
    """Return the trouble to tell the resident of, the one to mend first (印刷機の異常)."""
    order = tuple(PrinterTrouble)
    return min(state.troubles, key=order.index, default=None)
