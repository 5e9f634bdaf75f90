"""Add and end rows of the town's tables: hours, closed days, stores (利用時間・休止日・店の登録)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q

from madoguchi.audit.api import record
from madoguchi.infra import facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text
from madoguchi.kiosk.actions.terminals import must
from madoguchi.kiosk.domain import hours as hour_rules
from madoguchi.kiosk.domain import shops as shop_rules
from madoguchi.kiosk.models import ClosedTime, Hours, Shop, YearlyClosing


class Table(StrEnum):
    """One table of the town (表)."""

    HOURS = "HOURS"  # 利用時間
    CLOSED = "CLOSED"  # 臨時休止
    YEARLY = "YEARLY"  # 毎年の休止日
    SHOPS = "SHOPS"  # 店


def add_hours(*, channel: str, row: hour_rules.Hours, actor: Actor, now: datetime) -> None:
    """Add opening hours from a day on; an earlier row stays, the later one wins (利用時間の追加)."""
    must(actor, Right.STOP_SWITCH)
    _refuse_if(hour_rules.check_hours(row))
    try:
        with transaction.atomic():
            Hours.objects.create(
                channel=channel, weekday=row.weekday, opens=row.opens, closes=row.closes,
                valid_from=row.valid_from, valid_until=row.valid_until,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(Problem(code="KIOSK_ROW_THERE", where="valid_from")) from error
    _tell(Table.HOURS, "add", actor=actor, now=now, channel=channel)


def add_closed(
    *, channels: tuple[str, ...], row: hour_rules.ClosedTime, actor: Actor, now: datetime
) -> None:
    """Close channels for some time, with the reason a visitor reads (臨時休止の追加)."""
    must(actor, Right.STOP_SWITCH)
    _refuse_if((*hour_rules.check_closed(row), *check_free_text(row.reason, where="reason")))
    for channel in channels:
        ClosedTime.objects.create(
            channel=channel, starts_at=row.starts_at, ends_at=row.ends_at, reason=row.reason.strip()
        )
    _tell(Table.CLOSED, "add", actor=actor, now=now, channel=" ".join(channels))


def add_yearly(
    *, channels: tuple[str, ...], row: hour_rules.YearlyClosing, actor: Actor, now: datetime
) -> None:
    """Close channels on the same days of each year from a day on (毎年の休止日の追加)."""
    must(actor, Right.STOP_SWITCH)
    _refuse_if((*hour_rules.check_yearly(row), *check_free_text(row.reason, where="reason")))
    YearlyClosing.objects.bulk_create(
        YearlyClosing(
            channel=channel, first_month=row.first[0], first_day=row.first[1],
            last_month=row.last[0], last_day=row.last[1], reason=row.reason.strip(),
            valid_from=row.valid_from, valid_until=row.valid_until,
        )
        for channel in channels
    )  # fmt: skip
    _tell(Table.YEARLY, "add", actor=actor, now=now, channel=" ".join(channels))


def add_shop(*, row: shop_rules.Shop, actor: Actor, now: datetime) -> None:
    """Add a store from a day on (店の追加)."""
    must(actor, Right.STOP_SWITCH)
    _refuse_if(shop_rules.check_shop(row))
    Shop.objects.create(
        name=row.name.strip(), where=row.where.strip(), opens=row.opens, closes=row.closes,
        valid_from=row.valid_from, valid_until=row.valid_until,
    )  # fmt: skip
    _tell(Table.SHOPS, "add", actor=actor, now=now, channel="SHOP")


def end_row(*, table: Table, row_id: int, on: date, actor: Actor, now: datetime) -> None:
    """Let a row hold until a day and no longer; a closed time ends at once (行の終了).

    A row that would end before it began never held: it goes. One that is over stays over.
    """
    must(actor, Right.STOP_SWITCH)
    if table is Table.CLOSED:
        gone, _ = ClosedTime.objects.filter(closed_id=row_id, starts_at__gt=now).delete()
        changed = gone or ClosedTime.objects.filter(closed_id=row_id, ends_at__gt=now).update(
            ends_at=now
        )
    else:
        changed = _end_dated(_DATED[table], row_id, on=on)
    if not changed:
        raise Refused(Problem(code="KIOSK_ROW_UNKNOWN"))
    _tell(table, "end", actor=actor, now=now, channel="")


_DATED: Mapping[Table, type[Hours | YearlyClosing | Shop]] = MappingProxyType(
    {Table.HOURS: Hours, Table.YEARLY: YearlyClosing, Table.SHOPS: Shop}
)


def _end_dated(model: type[Hours | YearlyClosing | Shop], row_id: int, *, on: date) -> int:
    found: models.QuerySet[Any] = model._default_manager.filter(pk=row_id)
    gone, _ = found.filter(valid_from__gt=on).delete()
    return gone or found.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on)).update(
        valid_until=on
    )


def _refuse_if(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise Refused(problems)


def _tell(table: Table, how: str, *, actor: Actor, now: datetime, channel: str) -> None:
    record(actor=actor, action="KIOSK_TABLE_CHANGED", subjects=(),
           detail={"table": str(table), "how": how, "channel": channel})  # fmt: skip
    facts.note("kiosk_table_changed", at=now, table=str(table), how=how, channel=channel)
