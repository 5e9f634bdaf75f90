"""Taking in the list of certificates (電子証明書の取込み): all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Protocol

from django.db import transaction

from madoguchi.audit import api as audit
from madoguchi.cards.actions import staging
from madoguchi.infra import clock, facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused

#: The audit entry names people up to this many; the counts say how many there were.
_NAMED_MAX = 1_000


class Counting(Protocol):
    """Whoever wants to know how far the load has come (進みぐあい)."""

    def advance(self, count: int = 1, *, step: str | None = None) -> None:
        """Count ``count`` more as done; may raise to stop the work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or would do, and all that is wrong (取込み結果).

    ``problems`` lists the first thousand; ``problem_count`` counts all.
    """

    rows: int
    new: int = 0
    changed: int = 0
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    warnings: tuple[Problem, ...] = ()
    warning_count: int = 0

    @property
    def loaded(self) -> int:
        """Certificates entered or changed (登録件数)."""
        return self.new + self.changed

    @property
    def unchanged(self) -> int:
        """Certificates that stood so already (変わらない件数)."""
        return 0 if self.problem_count else self.rows - self.loaded


class ImportRefused(Refused):
    """The file was refused and nothing of it was loaded; the report says why (取込み不可)."""

    report: ImportReport

    def __init__(self, report: ImportReport) -> None:
        super().__init__(report.problems)
        self.report = report

    def __reduce__(self) -> tuple[type[ImportRefused], tuple[ImportReport]]:  # type: ignore[override]
        return (type(self), (self.report,))


def import_certificates(file: BinaryIO, *, actor: Actor, progress: Counting) -> ImportReport:
    """Load card_certificates.csv; run it in ``unit.run_long`` (電子証明書の取込み).

    Certificates the file names are entered, or their state and day of registration brought up
    to date; those it does not name are left alone, so the same file twice changes nothing.
    Raises ``ImportRefused`` with everything that is wrong; then nothing is kept.
    """
    _need_right(actor)
    now, today = clock.now(), clock.today()
    found = staging.stage(file, today=today, progress=progress)
    staging.lock_table()
    staging.check_together(found)
    report = _report(found)
    if report.problem_count:
        raise ImportRefused(report)
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


def check_certificates(file: BinaryIO, *, actor: Actor, progress: Counting) -> ImportReport:
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


def _report(found: staging.Found) -> ImportReport:
    new, changed = (0, 0) if found.problem_count else staging.count_changes()
    return ImportReport(
        rows=staging.count_rows(),
        new=new,
        changed=changed,
        problems=tuple(found.problems),
        problem_count=found.problem_count,
        warnings=tuple(found.warnings),
        warning_count=found.warning_count,
    )
