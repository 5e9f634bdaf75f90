"""How an office printer behaves, as a value and a few moves (印刷機のふるまい); pure.

The emulator's inside: paper is counted, sheets take time, a jam spoils the sheet that was on its
way and nothing goes on until somebody clears it. Time is given; nothing runs in the background.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from madoguchi.kiosk.domain.devices import JobStage, JobState, PrinterTrouble

#: Ended jobs a printer remembers; an office printer forgets the oldest as well.
REMEMBERED_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job in the machine (印刷の仕事); ``ended`` holds how it ended, or nothing."""

    reference: str
    name: str
    sheets: int
    printed: int = 0
    ended: JobStage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A printer: its paper, its troubles and its queue, as of ``at`` (印刷機)."""

    at: datetime
    paper: int
    sheet_seconds: float
    troubles: frozenset[PrinterTrouble] = frozenset()
    #: Sheets until the next jam, counted when a sheet is drawn; nothing: none is planned.
    jam_in: int | None = None
    jobs: tuple[Job, ...] = ()
    given: int = 0

    @property
    def waits_for(self) -> frozenset[PrinterTrouble]:
        """All that somebody must mend before the next sheet (異常)."""
        return self.troubles | ({PrinterTrouble.PAPER_OUT} if self.paper == 0 else frozenset())


def take(machine: Machine, *, name: str, sheets: int) -> tuple[Machine, str]:
    """Take a job, or find the one that was sent under this name (受付)."""
    for job in machine.jobs:
        if job.name == name:
            return machine, job.reference
    reference = str(machine.given + 1)
    # A file without a page is no job a printer can do.
    ended = JobStage.LOST if sheets < 1 else None
    job = Job(reference=reference, name=name, sheets=sheets, ended=ended)
    return replace(machine, jobs=(*machine.jobs, job), given=machine.given + 1), reference


def advance(machine: Machine, now: datetime) -> Machine:
    """Print what could be printed until ``now`` (印刷が進む)."""
    each = timedelta(seconds=machine.sheet_seconds)
    while (job := _first(machine)) and not machine.waits_for and machine.at + each <= now:
        machine = _sheet(replace(machine, at=machine.at + each), job)
    if _first(machine) is None or machine.waits_for:
        # Time in which nothing can be printed is no credit for later.
        machine = replace(machine, at=max(machine.at, now))
    return _forgetful(machine)


def cancel(machine: Machine, reference: str) -> Machine:
    """Take a job back; what is over stays as it was (取消し)."""
    return _changed(machine, reference, ended=JobStage.LOST)


def state_of(machine: Machine, reference: str) -> JobState | None:
    """Tell how far a job has come, or nothing of an unknown one (印刷の状態)."""
    for job in machine.jobs:
        if job.reference == reference:
            stage = job.ended or _stage(machine, job)
            return JobState(stage=stage, sheets_done=job.printed, troubles=machine.waits_for)
    return None


def trouble(machine: Machine, what: PrinterTrouble) -> Machine:
    """Let something go wrong (異常を起こす)."""
    if what == PrinterTrouble.PAPER_OUT:
        return replace(machine, paper=0)
    return replace(machine, troubles=machine.troubles | {what})


def mend(machine: Machine, *, paper: int = 0) -> Machine:
    """Clear what stands in the way, and load paper (復旧)."""
    return replace(machine, troubles=frozenset(), paper=machine.paper + paper)


def _first(machine: Machine) -> Job | None:
    return next((job for job in machine.jobs if job.ended is None), None)


def _stage(machine: Machine, job: Job) -> JobStage:
    if machine.waits_for:
        return JobStage.HELD_UP
    return JobStage.PRINTING if job == _first(machine) else JobStage.WAITING


def _sheet(machine: Machine, job: Job) -> Machine:
    """Draw one sheet: it comes out printed, or it jams and is spoiled."""
    machine = replace(machine, paper=machine.paper - 1)
    if machine.jam_in is not None:
        if machine.jam_in == 0:
            return trouble(replace(machine, jam_in=None), PrinterTrouble.PAPER_JAM)
        machine = replace(machine, jam_in=machine.jam_in - 1)
    printed = job.printed + 1
    ended = JobStage.DONE if printed == job.sheets else None
    return _changed(machine, job.reference, printed=printed, ended=ended)


def _changed(
    machine: Machine, reference: str, *, ended: JobStage | None, printed: int | None = None
) -> Machine:
    jobs = tuple(
        replace(job, ended=ended, printed=job.printed if printed is None else printed)
        if job.reference == reference and job.ended is None
        else job
        for job in machine.jobs
    )
    return replace(machine, jobs=jobs)


def _forgetful(machine: Machine) -> Machine:
    over = [job.reference for job in machine.jobs if job.ended]
    forgotten = set(over[: max(0, len(over) - REMEMBERED_MAX)])
    if not forgotten:
        return machine
    jobs = tuple(job for job in machine.jobs if job.reference not in forgotten)
    return replace(machine, jobs=jobs)
