"""The work at the CS, its year and what it lives on, read for pages (CSの作業の照会)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.db.models import Min

from madoguchi.csops.domain.work import (
    Asset,
    AssetKind,
    Copy,
    CsTable,
    Support,
    WorkKind,
    WorkState,
    read_table,
    support_of,
)
from madoguchi.csops.domain.year import Backup, Cost, Month, Worked, cost_of, months_of, of_year
from madoguchi.csops.models import (
    AssetRow,
    HoursWorked,
    Incident,
    RestoreTest,
    Work,
    WorkStep,
)
from madoguchi.infra import town_tables
from madoguchi.infra.clock import JAPAN
from madoguchi.infra.office import is_office_day

FOLDER = Path(__file__).resolve().parents[1] / "tables"
ROWS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step of a piece of work (手順)."""

    number: int
    words: str
    minutes: int
    done_at: datetime | None
    done_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedRow:
    """One try to read a copy back (復元テスト)."""

    tested_on: date
    restored: bool
    note: str
    tested_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """An update or a backup with all that is known of it (作業)."""

    work_id: str
    kind: WorkKind
    title: str
    planned_on: date
    state: WorkState
    began_at: datetime | None
    ended_at: datetime | None
    result: str
    evidence_name: str
    evidence_sha256: str
    copy: Copy | None
    steps: tuple[StepRow, ...] = ()
    tests: tuple[TriedRow, ...] = ()
    hours: tuple[Worked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """Something that went wrong (障害)."""

    incident_id: str
    happened_at: datetime
    what: str
    noted_by: str
    mended_at: datetime | None
    how: str


@lru_cache(maxsize=4)
def cs_table(folder: str = "") -> CsTable:
    """Return the town's table about its CS (CSの表)."""
    return read_table(town_tables.read_table("cs", ours=FOLDER, own=folder))


def find_work(work_id: str) -> WorkRow | None:
    """Find one piece of work with its steps, tests and hours (作業の照会)."""
    row = Work.objects.filter(work_id=work_id).first()
    if row is None:
        return None
    steps = WorkStep.objects.filter(work=row).order_by("number")
    tests = RestoreTest.objects.filter(work=row).order_by("test_id")
    return _work(
        row,
        steps=tuple(
            StepRow(number=one.number, words=one.words, minutes=one.minutes,
                    done_at=one.done_at, done_by=one.done_by) for one in steps
        ),
        tests=tuple(
            TriedRow(tested_on=one.tested_on, restored=one.restored, note=one.note,
                    tested_by=one.tested_by) for one in tests
        ),
        hours=tuple(_worked(one) for one in HoursWorked.objects.filter(work=row).order_by("row_id")),
    )  # fmt: skip


def list_open_works() -> tuple[WorkRow, ...]:
    """List what is planned or running, what comes first on top (これからの作業)."""
    waiting = [WorkState.PLANNED.value, WorkState.RUNNING.value]
    rows = Work.objects.filter(state__in=waiting).order_by("planned_on", "work_id")
    return tuple(_work(row) for row in rows[:ROWS_MAX])


def list_works_of(first: date, last: date) -> tuple[WorkRow, ...]:
    """List what was ended between two days, the newest first (終わった作業)."""
    rows = Work.objects.filter(planned_on__range=(first, last)).exclude(
        state__in=[WorkState.PLANNED.value, WorkState.RUNNING.value]
    )
    return tuple(_work(row) for row in rows.order_by("-planned_on", "-work_id")[:ROWS_MAX])


def year_months(year: int, *, today: date) -> tuple[Month, ...]:
    """Return the twelve months of backups of a fiscal year (年間表)."""
    first, last = date(year, 4, 1), date(year + 1, 3, 31)
    rows = Work.objects.filter(
        kind=WorkKind.BACKUP.value, state=WorkState.DONE.value, planned_on__range=(first, last)
    )
    newest = {
        one.work_id: one.restored
        for one in RestoreTest.objects.filter(work__in=rows).order_by("test_id")
    }
    backups = [
        Backup(work_id=row.work_id, month=row.planned_on.replace(day=1),
               restored=newest.get(row.work_id))
        for row in rows.order_by("work_id")
    ]  # fmt: skip
    every = Work.objects.filter(kind=WorkKind.BACKUP.value)
    known_from = every.aggregate(first=Min("planned_on"))["first"]
    return months_of(year, backups, today=today, known_from=known_from)


def year_cost(year: int, *, folder: str) -> Cost:
    """Add up the hours of a fiscal year's work and its overtime (年度の時間外)."""
    first = datetime(year, 4, 1, tzinfo=JAPAN)
    rows = HoursWorked.objects.filter(
        began_at__gte=first, began_at__lt=first.replace(year=year + 1)
    )
    return costs([_worked(row) for row in rows], folder=folder, year=year)


def costs(worked: Sequence[Worked], *, folder: str, year: int | None = None) -> Cost:
    """Return what some hours of work cost (時間外の計算)."""
    own = of_year(worked, year) if year is not None else worked
    return cost_of(own, table=cs_table(folder), is_office_day=is_office_day)


def updates_done(year: int) -> tuple[date, ...]:
    """Return the days of the updates done in a fiscal year (年度の更新)."""
    rows = Work.objects.filter(
        kind=WorkKind.UPDATE.value, state=WorkState.DONE.value,
        planned_on__range=(date(year, 4, 1), date(year + 1, 3, 31)),
    )  # fmt: skip
    return tuple(rows.order_by("planned_on").values_list("planned_on", flat=True))


def list_assets(*, today: date, folder: str) -> tuple[tuple[Asset, Support], ...]:
    """List what the CS is made of, the support that ends first on top; retired ones last (資産の一覧)."""
    rows = AssetRow.objects.order_by("support_until", "asset_id")[:ROWS_MAX]
    table = cs_table(folder)
    found = [_asset(row) for row in rows]
    told = [
        (one, Support.FINE if one.retired_on else support_of(one, today=today, table=table))
        for one in found
    ]
    return tuple(sorted(told, key=lambda pair: pair[0].retired_on is not None))


def list_incidents(*, mended: bool) -> tuple[IncidentRow, ...]:
    """List what went wrong, mended or not yet (障害の一覧)."""
    rows = Incident.objects.filter(mended_at__isnull=not mended).order_by("-happened_at")
    return tuple(
        IncidentRow(
            incident_id=row.incident_id, happened_at=row.happened_at, what=row.what,
            noted_by=row.noted_by, mended_at=row.mended_at, how=row.how,
        )
        for row in rows[:ROWS_MAX]
    )  # fmt: skip


def _work(
    row: Work, *, steps: tuple[StepRow, ...] = (), tests: tuple[TriedRow, ...] = (),
    hours: tuple[Worked, ...] = (),
) -> WorkRow:  # fmt: skip
    copy = (
        Copy(place=row.place, size_bytes=row.size_bytes, sha256=row.sha256)
        if row.size_bytes is not None else None
    )  # fmt: skip
    return WorkRow(
        work_id=row.work_id, kind=WorkKind(row.kind), title=row.title, planned_on=row.planned_on,
        state=WorkState(row.state), began_at=_here(row.began_at), ended_at=_here(row.ended_at),
        result=row.result, evidence_name=row.evidence_name, evidence_sha256=row.evidence_sha256,
        copy=copy, steps=steps, tests=tests, hours=hours,
    )  # fmt: skip


def _asset(row: AssetRow) -> Asset:
    return Asset(
        asset_id=row.asset_id, kind=AssetKind(row.kind), name=row.name, count=row.count,
        procured_on=row.procured_on, support_until=row.support_until, note=row.note,
        retired_on=row.retired_on,
    )  # fmt: skip


def _worked(row: HoursWorked) -> Worked:
    return Worked(
        staff_id=row.staff_id, began=row.began_at.astimezone(JAPAN),
        ended=row.ended_at.astimezone(JAPAN),
    )  # fmt: skip


def _here(moment: datetime | None) -> datetime | None:
    return moment.astimezone(JAPAN) if moment is not None else None
