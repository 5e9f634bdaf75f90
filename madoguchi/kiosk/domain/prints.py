"""A print job from the file to the tray (印刷の状態)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from madoguchi.kiosk.domain.devices import JobStage, JobState, NoAnswer, PrinterTrouble

#: Paper-out and jam may be mended by a clerk within this time; then the paper is void.
HELD_UP_MAX = timedelta(seconds=120)
#: A job of which the printer has told nothing for so long is lost (*assumed*).
SILENT_MAX = timedelta(seconds=180)

#: Paper that waits for a clerk to print it waits so long, and no longer (*assumed*).
LONG_MAX = timedelta(minutes=20)

#: A file has left for the printer and no word of it has come back yet.
ON_ITS_WAY = "ON_ITS_WAY"
#: It answers, and keeps no count of what came out.
UNCOUNTED = "UNCOUNTED"
#: What a printer that was never reached, or said no, has certainly not printed.
_DID_NOTHING = frozenset({"", str(NoAnswer.NOT_REACHED), str(NoAnswer.REFUSED)})

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
    stage: JobStage,
    *,
    started_at: datetime,
    held_up_at: datetime | None,
    heard_at: datetime,
    now: datetime,
) -> bool:
    """Tell whether a job must be given up: held up, or unheard of, too long (あきらめる時)."""
    if stage in ENDED:
        return False
    if held_up_at is not None and now - held_up_at >= HELD_UP_MAX:
        return True
    return now - heard_at >= SILENT_MAX or now - started_at >= LONG_MAX


def sent_again(silence: str) -> str:
    """Return what is known of a file's fate at the moment it leaves once more (再送).

    Until the printer answers nobody knows. Had it left before and the answer been lost, then
    that stays: a process may have died with the file in its hand.
    """
    return ON_ITS_WAY if silence in _DID_NOTHING else str(NoAnswer.CUT_OFF)


def still_silent(before: str, reason: str) -> str:
    """Return what a printer's silence leaves open, after what was open before (無応答).

    That the last sending certainly did nothing says nothing of the one before it.
    """
    if before == ON_ITS_WAY:
        return reason or ON_ITS_WAY
    return before if reason in _DID_NOTHING and before not in _DID_NOTHING else reason or before


def left_open_by(state: JobState) -> str:
    """Return what a printer's answer leaves open: nothing, unless it does not count (未計数)."""
    told = state.counts or state.sheets_done > 0 or state.stage is JobStage.DONE
    return "" if told else UNCOUNTED


def may_have_left_paper(*, sheets_done: int, jammed: bool, sent: bool, silence: str) -> bool:
    """Tell whether a lost job may have put a printed page somewhere (紙が出た疑い).

    A jam holds half a page; a printer that went silent after it was asked may hold anything.
    Only where it certainly did nothing, or says so itself, is there nothing to look for.
    """
    if sheets_done > 0 or jammed:
        return True
    if not sent:
        return silence not in _DID_NOTHING
    return silence != ""


def trouble_of(state: JobState) -> PrinterTrouble | None:
    """Return the trouble to tell the resident of, the one to mend first (印刷機の異常)."""
    order = tuple(PrinterTrouble)
    return min(state.troubles, key=order.index, default=None)
