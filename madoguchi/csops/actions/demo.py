"""A CS with a year behind it, and five invented towns that share the work (デモのCS)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta

from madoguchi.csops.actions import sharing, upkeep, work
from madoguchi.csops.domain.windows import Plan, Stretch, TownTimes
from madoguchi.csops.domain.work import Asset, AssetKind, Copy, WorkKind, WorkState
from madoguchi.csops.models import AssetRow, Neighbour, Work
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.months import months_after

#: Backups that lie behind, in months; of some the copy was read back, of one it was not.
MONTHS_BACK = 8
_READ_BACK = (8, 6, 3)
_BROKEN, _LEFT_OUT = 5, 4
#: Invented, with invented populations: no town of the world.
TOWNS = (
    ("みなと町", 7_971),
    ("はまべ村", 1_520),
    ("おか市", 41_300),
    ("しまなみ町", 5_240),
    ("やまて町", 12_080),
)


def fill_demo_cs(*, actor: Actor, now: datetime) -> None:
    """Give the demo's CS a history (デモのCS). Run it in ``unit.run``."""
    _assets(actor=actor, now=now)
    _works(actor=actor, now=now)
    _towns(actor=actor, now=now)


def has_cs() -> bool:
    """Tell whether anything was ever entered about the CS (CSの記録の有無)."""
    return any(model.objects.exists() for model in (AssetRow, Neighbour, Work))


def _assets(*, actor: Actor, now: datetime) -> None:
    today = now.date()
    for kind, name, count, years, left in (
        (AssetKind.SERVER, "CSサーバー", 1, 5, 400), (AssetKind.MEMORY, "増設メモリ 32GB", 2, 2, 400),
        (AssetKind.TERMINAL, "統合端末", 2, 4, 700), (AssetKind.OPERATOR_CARD, "操作者カード", 6, 5, 60),
    ):  # fmt: skip
        upkeep.add_asset(
            asset=Asset(
                asset_id="", kind=kind, name=name, count=count,
                procured_on=today - timedelta(days=years * 365),
                support_until=today + timedelta(days=left),
            ),
            actor=actor, now=now,
        )  # fmt: skip
    when = datetime.combine(today - timedelta(days=40), time(9, 10), tzinfo=JAPAN)
    broken = upkeep.note_incident(
        happened=when, what="朝、送受信が始まらなかった", actor=actor, now=now
    )
    upkeep.mend_incident(
        incident_id=broken, how="回線の装置を入れ直した（20分）", actor=actor, now=now
    )


def _works(*, actor: Actor, now: datetime) -> None:
    today = now.date()
    for back in range(MONTHS_BACK, 0, -1):
        if back == _LEFT_OUT:
            continue
        on = _tuesday(months_after(today.replace(day=20), -back))
        work_id = _done(WorkKind.BACKUP, f"{on.month}月のバックアップ", on, (17, 30), 60,
                        actor=actor, now=now)  # fmt: skip
        if back in (*_READ_BACK, _BROKEN):
            work.note_restore_test(
                work_id=work_id, tested_on=on + timedelta(days=3), restored=back != _BROKEN,
                sha256=_hash(work_id), note="" if back != _BROKEN else "テープが読めない",
                actor=actor, now=now,
            )  # fmt: skip
    _done(WorkKind.UPDATE, "アプリケーション更新 第1版", _tuesday(months_after(today.replace(day=12), -5)), (13, 0), 390,
          actor=actor, now=now)  # fmt: skip
    work.plan_work(
        kind=WorkKind.UPDATE, title="アプリケーション更新 第2版", actor=actor, now=now,
        planned_on=today + timedelta(days=12),
    )  # fmt: skip
    work.plan_work(
        kind=WorkKind.BACKUP, title=f"{today.month}月のバックアップ", planned_on=today,
        actor=actor, now=now,
    )  # fmt: skip


def _done(
    kind: WorkKind, title: str, on: date, at: tuple[int, int], minutes: int, *, actor: Actor,
    now: datetime,
) -> str:  # fmt: skip
    began = datetime.combine(on, time(*at), tzinfo=JAPAN)
    work_id = work.plan_work(kind=kind, title=title, planned_on=on, actor=actor, now=now)
    work.start_work(work_id=work_id, began=began, actor=actor, now=now)
    for step in Work.objects.get(work_id=work_id).steps.all():
        work.tick_step(work_id=work_id, number=step.number, actor=actor, now=now)
    copy = Copy(place=f"耐火金庫 テープ{on.month}番", size_bytes=18_253_611_008 + on.month,
                sha256=hashlib.sha256(title.encode()).hexdigest())  # fmt: skip
    work.finish_work(
        work_id=work_id, to=WorkState.DONE, ended=began + timedelta(minutes=minutes), result="",
        copy=copy if kind is WorkKind.BACKUP else None, evidence=None, actor=actor, now=now,
    )  # fmt: skip
    return work_id


def _tuesday(day: date) -> date:
    """Return the Tuesday of its week, or before: nobody plans an update for a Sunday."""
    return day - timedelta(days=(day.weekday() - 1) % 7)


def _hash(work_id: str) -> str:
    return Work.objects.get(work_id=work_id).sha256


def _towns(*, actor: Actor, now: datetime) -> None:
    """Every town its quiet nights and a peak: the next month has room for all, two at once."""
    first = datetime.combine(now.astimezone(JAPAN).date(), time())
    whole = Stretch(begins=first, ends=first + timedelta(days=31))
    towns = tuple(
        TownTimes(
            name=name,
            quiet=tuple(_nights(first, range(3 + at, 31, 5))),
            peaks=(Stretch(begins=first + timedelta(days=8 + at, hours=8),
                           ends=first + timedelta(days=9 + at, hours=19)),),
        )
        for at, (name, _) in enumerate(TOWNS)
    )  # fmt: skip
    plan = Plan(whole=whole, length=timedelta(hours=4), at_once=2, towns=towns)
    sharing.take_plan(plan=plan, actor=actor, now=now)
    for name, population in TOWNS:
        sharing.keep_neighbour(name=name, population=population, uses=None, actor=actor, now=now)


def _nights(first: datetime, days: range) -> list[Stretch]:
    return [
        Stretch(begins=first + timedelta(days=day, hours=18), ends=first + timedelta(days=day + 1))
        for day in days
    ]
