"""Taking in the list of certificates (電子証明書の取込み): all of it or nothing."""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction

from madoguchi.audit import api as audit
from madoguchi.cards.actions import staging
from madoguchi.infra import clock, facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.intake import Counting, FileRefused, FileReport, Found
from madoguchi.kernel.outcome import Problem, Refused

#: The audit entry names people up to this many; the counts say how many there were.
_NAMED_MAX = 1_000


def import_certificates(file: BinaryIO, *, actor: Actor, progress: Counting) -> FileReport:
    """Load card_certificates.csv; run it in ``unit.run_long`` (電子証明書の取込み).

    Certificates the file names are entered, or their state and day of registration brought up
    to date; those it does not name are left alone, so the same file twice changes nothing.
    Raises ``FileRefused`` with everything that is wrong; then nothing is kept.
    """
    _need_right(actor)
    now, today = clock.now(), clock.today()
    found = staging.stage(file, today=today, progress=progress)
    staging.lock_table()
    staging.check_together(found)
    report = _report(found)
    if report.problem_count:
        raise FileRefused(report)
    progress.advance(0, step="cards_certificate")
    people = staging.list_touched(limit=_NAMED_MAX)
    staging.load(now=now)
    counts = {"rows": report.rows, "new": report.new, "changed": report.changed}
    audit.record(actor=actor, action="CARDS_IMPORTED", subjects=people, detail=counts)
    facts.note(
        "card_certificates_imported",
        at=now,
        rows=report.rows,
        new=report.new,
        changed=report.changed,
    )
    return report


def check_certificates(file: BinaryIO, *, actor: Actor, progress: Counting) -> FileReport:
    """Say what ``import_certificates`` would do and what is wrong, and keep nothing (試行)."""
    _need_right(actor)
    with transaction.atomic():
        found = staging.stage(file, today=clock.today(), progress=progress)
        staging.check_together(found)
        report = _report(found)
        transaction.set_rollback(True)
    return report


def _need_right(actor: Actor) -> None:
    if not actor.may(Right.IMPORT_EXPORT):
        raise Refused(Problem(code="IMPORT_EXPORT_RIGHT_MISSING"))


def _report(found: Found) -> FileReport:
    new, changed = (0, 0) if found.problem_count else staging.count_changes()
    return FileReport(
        rows=staging.count_rows(),
        new=new,
        changed=changed,
        problems=tuple(found.problems),
        problem_count=found.problem_count,
        warnings=tuple(found.warnings),
        warning_count=found.warning_count,
    )
