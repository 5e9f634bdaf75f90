"""The import itself (取込み): stage, check everything, then load all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction

from madoguchi.audit import api as audit
from madoguchi.infra import clock, facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.intake import Counting, FileRefused, FileReport, Found
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.register.actions.bulk import pass_used_numbers
from madoguchi.register.actions.importing import checking, holds, loading, numbering, staging
from madoguchi.register.actions.searching import fill_search_keys
from madoguchi.register.domain.csv import Header

#: The audit entry names people up to this many; the versions themselves say who changed them.
_NAMED_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFiles:
    """The files of one import, opened for reading bytes (取込みファイル).

    ``history`` (events.csv) holds the past versions, ``latest`` (latest.csv) how the newest
    came to be, ``numbers`` (numbers.csv) the 個人番号, which stand in no other file.
    """

    register: BinaryIO
    history: BinaryIO | None = None
    latest: BinaryIO | None = None
    numbers: BinaryIO | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport(FileReport):
    """What an import did, or would do, and all that is wrong (取込み結果)."""

    versions: int = 0
    held: int = 0
    numbers: int = 0


class ImportRefused(FileRefused):
    """The files were refused and nothing of them was loaded; the report says why (取込み不可)."""

    report: ImportReport


def import_csv(files: ImportFiles, *, actor: Actor, progress: Counting) -> ImportReport:
    """Load the files; run it in ``unit.run_long`` (取込み).

    People who are not in the register are entered, those who stand differently get a version
    of 職権修正, the others are left alone; so loading the same file again changes nothing.
    People the file does not name are not touched. Raises ``ImportRefused`` with everything
    that is wrong, and ``Cancelled`` when somebody stopped it; then nothing is kept.
    """
    _need_right(actor)
    found, header, rows = _stage(files, progress)
    loading.lock_ledger()
    if header is not None:
        _check(files, found)
    if found.problem_count or header is None:
        raise ImportRefused(_refusal(rows, found))
    return _load(files, header, found, rows=rows, actor=actor, progress=progress)


def check_csv(files: ImportFiles, *, actor: Actor, progress: Counting) -> ImportReport:
    """Say what ``import_csv`` would do and what is wrong, and keep nothing (試行)."""
    _need_right(actor)
    with transaction.atomic():
        found, header, rows = _stage(files, progress)
        if header is not None:
            _check(files, found)
        report = _refusal(rows, found)
        if header is not None and not found.problem_count:
            loading.keep_head_names()
            new = loading.mark_new()
            changed = len(loading.find_changed(header.fills))
            report = _report(found, rows=rows, new=new, changed=changed)
        transaction.set_rollback(True)
    return report


def _need_right(actor: Actor) -> None:
    if not actor.may(Right.IMPORT_EXPORT):
        raise Refused(Problem(code="IMPORT_EXPORT_RIGHT_MISSING"))


def _stage(files: ImportFiles, progress: Counting) -> tuple[Found, Header | None, int]:
    found = Found()
    staging.make_tables()
    header = staging.stage_register(files.register, found, progress)
    if files.history is not None:
        staging.stage_history(files.history, found, progress)
    if files.latest is not None:
        staging.stage_latest(files.latest, found, progress)
    if files.numbers is not None:
        numbering.stage_numbers(files.numbers, found, progress)
    staging.index_tables()
    return found, header, staging.count_rows()


def _check(files: ImportFiles, found: Found) -> None:
    checking.check_together(
        found,
        with_history=files.history is not None,
        with_latest=files.latest is not None,
    )
    if files.numbers is not None:
        numbering.check_numbers(found)


def _load(
    files: ImportFiles,
    header: Header,
    found: Found,
    *,
    rows: int,
    actor: Actor,
    progress: Counting,
) -> ImportReport:
    now, today = clock.now(), clock.today()
    loading.keep_head_names()
    new = loading.mark_new()
    changed = loading.find_changed(header.fills)
    versions = loading.enter_new(count=new, actor=actor, now=now, today=today, progress=progress)
    pass_used_numbers()
    loading.amend_changed(
        changed, given=header.fills, actor=actor, now=now, today=today, progress=progress
    )
    numbers = numbering.enter_numbers(now=now, progress=progress) if files.numbers else 0
    fill_search_keys(changed=changed, progress=progress)
    if new:
        loading.refresh_statistics()
    progress.advance(0, step="protection_holds")
    held = holds.hold_marked(actor=actor, today=today)
    report = _report(
        found, rows=rows, new=new, changed=len(changed), versions=versions + len(changed),
        held=held, numbers=numbers,
    )  # fmt: skip
    counts = {
        "rows": rows, "new": new, "changed": report.changed, "unchanged": report.unchanged,
        "versions": report.versions, "held": held, "numbers": numbers,
    }  # fmt: skip
    audit.record(
        actor=actor, action="REGISTER_IMPORTED", subjects=changed[:_NAMED_MAX], detail=counts
    )
    facts.note("register_imported", at=now, rows=rows, new=new, changed=report.changed)
    return report


def _report(
    found: Found,
    *,
    rows: int,
    new: int,
    changed: int,
    versions: int = 0,
    held: int = 0,
    numbers: int = 0,
) -> ImportReport:
    return ImportReport(
        rows=rows,
        new=new,
        changed=changed,
        versions=versions,
        held=held,
        numbers=numbers,
        warnings=tuple(found.warnings),
        warning_count=found.warning_count,
    )


def _refusal(rows: int, found: Found) -> ImportReport:
    return ImportReport(
        rows=rows,
        problems=tuple(found.problems),
        problem_count=found.problem_count,
        warnings=tuple(found.warnings),
        warning_count=found.warning_count,
    )
