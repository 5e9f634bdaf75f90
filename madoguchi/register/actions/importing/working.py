"""An import as long work (長い取込み): files put aside, a bar that moves, a report that stays.

Uploaded files are personal data: they lie in a private folder under a random name only until
the work has ended, whichever way. The report names lines and columns; it goes when somebody
starts the next one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from madoguchi.audit import api as audit
from madoguchi.infra import files, progress, queue, unit
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import ID_LENGTH, new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.register.actions.importing.importing import (
    ImportFiles,
    ImportRefused,
    ImportReport,
    check_csv,
    import_csv,
)

JOB = "register.import"
PARTS = ("register", "history", "latest", "numbers")
WORK_NAME = "register import"
_BLOCK = 1 << 20
_REPORT = "report.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReport:
    """The report of an import that has ended (取込みの報告)."""

    dry_run: bool
    report: ImportReport
    #: Refused before anything was read: no right, or stopped by somebody.
    refused: tuple[Problem, ...] = ()


def put_aside(parts: Mapping[str, BinaryIO]) -> str:
    """Copy uploaded files into a private folder and return the id of the work (受付)."""
    work_id = new_id()
    folder = _folder(work_id)
    for name in PARTS:
        if name in parts:
            with (folder / f"{name}.csv").open("xb") as out:
                shutil.copyfileobj(parts[name], out, _BLOCK)
    return work_id


def begin(*, actor: Actor, work_id: str, dry_run: bool) -> None:
    """Queue an import of files put aside; run it in ``unit.run`` (取込みの開始)."""
    queue.defer(
        JOB,
        queue="imports",
        lock="register.import",
        work_id=work_id,
        dry_run=dry_run,
        staff_id=actor.staff_id,
        place=actor.place,
        terminal=actor.terminal,
    )
    audit.record(
        actor=actor,
        action="REGISTER_IMPORT_ASKED",
        subjects=[],
        detail={"work_id": work_id, "dry_run": dry_run},
    )


def do(*, actor: Actor, work_id: str, dry_run: bool) -> None:
    """Do a queued import to its end and keep its report; the files go (取込みの実行)."""
    folder = _folder(work_id)
    if (folder / _REPORT).exists() or not (folder / "register.csv").exists():
        return  # a job may come twice
    try:
        with open_files(folder) as opened:
            report, refused = _run(opened, actor=actor, work_id=work_id, dry_run=dry_run)
        keep_report(folder, KeptReport(dry_run=dry_run, report=report, refused=refused))
    finally:
        _clear(folder)


def _run(
    opened: ImportFiles, *, actor: Actor, work_id: str, dry_run: bool
) -> tuple[ImportReport, tuple[Problem, ...]]:
    work = progress.start(
        WORK_NAME, total=count_steps(opened, dry_run=dry_run), show=False, work_id=work_id
    )
    nothing = ImportReport(rows=0)
    try:
        if dry_run:
            report = check_csv(opened, actor=actor, progress=work)
        else:
            report = unit.run_long(import_csv, opened, actor=actor, progress=work)
    except ImportRefused as refused:
        work.fail(cancelled=False)
        return refused.report, ()
    except Refused as refused:
        work.fail(cancelled=False)
        return nothing, refused.problems
    except progress.Cancelled:
        work.fail(cancelled=True)
        return nothing, (Problem(code="CANCELLED"),)
    except unit.Busy:
        work.fail(cancelled=False)
        return nothing, (Problem(code="BUSY"),)
    except BaseException:
        work.fail(cancelled=False)
        raise
    work.finish()
    return report, ()


@contextmanager
def open_files(folder: Path) -> Iterator[ImportFiles]:
    """Open the files of one import for reading."""
    with ExitStack() as stack:
        opened = {
            name: stack.enter_context((folder / f"{name}.csv").open("rb"))
            for name in PARTS
            if (folder / f"{name}.csv").exists()
        }
        yield ImportFiles(**opened)


def count_steps(opened: ImportFiles, *, dry_run: bool) -> int:
    """Count what a progress bar will count: lines read, people entered, keys made."""
    lines = {
        name: _count_lines(stream)
        for name in PARTS
        if (stream := getattr(opened, name)) is not None
    }
    read = sum(lines.values())
    loaded = 0 if dry_run else 2 * lines["register"] + lines.get("numbers", 0)
    return read + loaded


def _count_lines(stream: BinaryIO) -> int:
    stream.seek(0)
    count = sum(block.count(b"\n") for block in iter(lambda: stream.read(_BLOCK), b""))
    stream.seek(0)
    return max(count - 1, 0)


# -- the report ------------------------------------------------------------------------


def keep_report(folder: Path, kept: KeptReport) -> None:
    """Write the report of an import beside its progress."""
    report = kept.report
    whole = {
        "dry_run": kept.dry_run,
        "counts": {name: getattr(report, name) for name in _COUNTS},
        "problems": [_plain(one) for one in report.problems],
        "warnings": [_plain(one) for one in report.warnings],
        "refused": [_plain(one) for one in kept.refused],
    }
    text = json.dumps(whole, ensure_ascii=False)
    files.create_exclusively(folder / _REPORT, text.encode())


def find_report(work_id: str) -> KeptReport | None:
    """Return the report of an import, or None while there is none."""
    if len(work_id) != ID_LENGTH or not work_id.isalnum():
        return None
    path = files.private_folder("imports") / work_id / _REPORT
    with suppress(FileNotFoundError):
        whole = json.loads(path.read_text(encoding="utf-8"))
        return KeptReport(
            dry_run=whole["dry_run"],
            report=ImportReport(
                **{name: whole["counts"][name] for name in _COUNTS},
                problems=tuple(Problem(**one) for one in whole["problems"]),
                warnings=tuple(Problem(**one) for one in whole["warnings"]),
            ),
            refused=tuple(Problem(**one) for one in whole["refused"]),
        )
    return None


_COUNTS = (
    "rows", "new", "changed", "versions", "held", "numbers", "problem_count", "warning_count",
)  # fmt: skip


def _plain(problem: Problem) -> dict[str, object]:
    return {"code": problem.code, "where": problem.where, "facts": dict(problem.facts)}


def is_waiting(work_id: str) -> bool:
    """Tell whether files of this work lie aside and nobody has begun (受付済み)."""
    if len(work_id) != ID_LENGTH or not work_id.isalnum():
        return False
    return (files.private_folder("imports") / work_id / "register.csv").exists()


def _folder(work_id: str) -> Path:
    return files.private_folder("imports", work_id)


def _clear(folder: Path) -> None:
    for name in PARTS:
        with suppress(FileNotFoundError):
            (folder / f"{name}.csv").unlink()
