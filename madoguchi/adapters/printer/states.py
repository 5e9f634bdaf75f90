"""A printer's words as ours (印刷機の状態の読み替え); pure.

Keywords and numbers: RFC 8011 §5.3.7, §5.4.11, §5.4.12. A reason ends in ``-error``,
``-warning``, ``-report`` or nothing, which counts as an error. A warning about paper, cover or
toner stops us too: some printers, and CUPS's own, say ``media-empty-warning`` for an empty tray,
and a kiosk that stays closed for a moment is better than a resident who paid and waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from types import MappingProxyType

from madoguchi.kiosk.domain.devices import JobStage, PrinterTrouble


class PrinterCondition(IntEnum):
    """What ``printer-state`` can be (印刷機の稼働)."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class JobCondition(IntEnum):
    """What ``job-state`` can be (印刷の段階)."""

    PENDING = 3
    PENDING_HELD = 4
    PROCESSING = 5
    PROCESSING_STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


SEVERITIES = ("-error", "-warning", "-report")

TROUBLES = MappingProxyType(
    {
        "media-empty": PrinterTrouble.PAPER_OUT,
        "media-needed": PrinterTrouble.PAPER_OUT,
        "input-tray-missing": PrinterTrouble.PAPER_OUT,
        "media-jam": PrinterTrouble.PAPER_JAM,
        "cover-open": PrinterTrouble.COVER_OPEN,
        "door-open": PrinterTrouble.COVER_OPEN,
        "interlock-open": PrinterTrouble.COVER_OPEN,
        "toner-empty": PrinterTrouble.TONER_OUT,
        "marker-supply-empty": PrinterTrouble.TONER_OUT,
        "developer-empty": PrinterTrouble.TONER_OUT,
        "paused": PrinterTrouble.STOPPED,
        "moving-to-paused": PrinterTrouble.STOPPED,
        "stopped": PrinterTrouble.STOPPED,
        "stopping": PrinterTrouble.STOPPED,
        "shutdown": PrinterTrouble.STOPPED,
        "deactivated": PrinterTrouble.STOPPED,
        "timed-out": PrinterTrouble.STOPPED,
        "output-area-full": PrinterTrouble.OTHER,
        "marker-waste-full": PrinterTrouble.OTHER,
        "fuser-over-temp": PrinterTrouble.OTHER,
        "fuser-under-temp": PrinterTrouble.OTHER,
        "spool-area-full": PrinterTrouble.OTHER,
    }
)


def troubles_of(
    *, condition: int, reasons: Iterable[str], accepting: bool
) -> frozenset[PrinterTrouble]:
    """Return all that keeps the printer from printing (印刷機の異常)."""
    found = set()
    for reason in reasons:
        word, severity = _parted(reason)
        if severity == "-report":
            continue
        if word in TROUBLES:
            found.add(TROUBLES[word])
        elif severity == "-error":  # a maker's own word, and it says it is serious
            found.add(PrinterTrouble.OTHER)
    if condition == PrinterCondition.STOPPED and not found:
        found.add(PrinterTrouble.STOPPED)
    if not accepting:
        found.add(PrinterTrouble.STOPPED)
    return frozenset(found)


def stage_of(
    *, condition: int, reasons: Iterable[str], troubles: frozenset[PrinterTrouble]
) -> JobStage | None:
    """Return how far a job has come, or nothing for a state that does not exist (印刷の進み)."""
    try:
        state = JobCondition(condition)
    except ValueError:
        return None
    if state in (JobCondition.CANCELED, JobCondition.ABORTED):
        return JobStage.LOST
    if state == JobCondition.COMPLETED:
        # The printer gave up pages and calls it completed: such a paper is not whole.
        wrong = {"job-completed-with-errors", "aborted-by-system", "job-canceled-at-device"}
        return JobStage.LOST if wrong & set(reasons) else JobStage.DONE
    if troubles or state in (JobCondition.PENDING_HELD, JobCondition.PROCESSING_STOPPED):
        return JobStage.HELD_UP
    return JobStage.PRINTING if state == JobCondition.PROCESSING else JobStage.WAITING


def _parted(reason: str) -> tuple[str, str]:
    for severity in SEVERITIES:
        if reason.endswith(severity):
            return reason.removesuffix(severity), severity
    return reason, ""
