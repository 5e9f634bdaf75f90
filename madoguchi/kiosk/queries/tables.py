"""The town's dated rows as the rules want them (利用時間・休止日・店の表)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from madoguchi.infra.clock import JAPAN
from madoguchi.kiosk.domain.hours import (
    ClosedTime,
    Hours,
    Opening,
    Timetable,
    YearlyClosing,
    last_closing,
    opening_at,
)
from madoguchi.kiosk.domain.shops import Shop, WayToShop, way_to_shop
from madoguchi.kiosk.models import ClosedTime as ClosedTimeRow
from madoguchi.kiosk.models import Hours as HoursRow
from madoguchi.kiosk.models import Shop as ShopRow
from madoguchi.kiosk.models import YearlyClosing as YearlyClosingRow

SHOP_CHANNEL = "SHOP"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row of a table with its number, for the desk (表の行)."""

    row_id: int
    channel: str
    values: Hours | YearlyClosing | ClosedTime | Shop


def timetable_of(channel: str) -> Timetable:
    """Return all rows of a channel (利用時間の表)."""
    return Timetable(
        hours=tuple(_hours(row) for row in HoursRow.objects.filter(channel=channel)),
        yearly=tuple(_yearly(row) for row in YearlyClosingRow.objects.filter(channel=channel)),
        closed=tuple(_closed(row) for row in ClosedTimeRow.objects.filter(channel=channel)),
    )


def opening_of(channel: str, *, now: datetime) -> Opening:
    """Say whether a channel is open now, until when, and when again (利用できる時間)."""
    return opening_at(now.astimezone(JAPAN), timetable_of(channel))


def way_to_shop_of(*, fee_yen: int | None, now: datetime) -> WayToShop:
    """Say where, until when and at what price a store gives the same tomorrow (あすの店)."""
    shops = tuple(_shop(row) for row in ShopRow.objects.order_by("name"))
    service = timetable_of(SHOP_CHANNEL)
    return way_to_shop(shops, service=service, fee_yen=fee_yen, now=now.astimezone(JAPAN))


def list_hours(*, on: date) -> tuple[TableRow, ...]:
    """List the opening hours that hold or will hold (利用時間の一覧)."""
    rows = HoursRow.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
    return tuple(
        TableRow(row_id=row.hours_id, channel=row.channel, values=_hours(row))
        for row in rows.order_by("channel", "weekday", "valid_from")
    )


def list_yearly(*, on: date) -> tuple[TableRow, ...]:
    """List the days closed each year, as they hold or will hold (毎年の休止日の一覧)."""
    rows = YearlyClosingRow.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
    return tuple(
        TableRow(row_id=row.closing_id, channel=row.channel, values=_yearly(row))
        for row in rows.order_by("channel", "first_month", "first_day")
    )


def list_closed(*, since: datetime) -> tuple[TableRow, ...]:
    """List closed times that are not over (臨時休止の一覧)."""
    return tuple(
        TableRow(row_id=row.closed_id, channel=row.channel, values=_closed(row))
        for row in ClosedTimeRow.objects.filter(ends_at__gte=since).order_by("starts_at")
    )


def list_shops(*, on: date) -> tuple[TableRow, ...]:
    """List the stores there are or will be (店の一覧)."""
    rows = ShopRow.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
    return tuple(
        TableRow(row_id=row.shop_id, channel=SHOP_CHANNEL, values=_shop(row))
        for row in rows.order_by("name", "valid_from")
    )


def is_over(channel: str, *, day: date, now: datetime) -> bool:
    """Tell whether a day is over for a channel: its last opening has ended (営業終了)."""
    local = now.astimezone(JAPAN)
    if day != local.date():
        return day < local.date()
    closing = last_closing(day, timetable_of(channel), zone=JAPAN)
    return closing is None or local >= closing


def _hours(row: HoursRow) -> Hours:
    return Hours(
        opens=row.opens, closes=row.closes, valid_from=row.valid_from,
        valid_until=row.valid_until, weekday=row.weekday,
    )  # fmt: skip


def _yearly(row: YearlyClosingRow) -> YearlyClosing:
    return YearlyClosing(
        first=(row.first_month, row.first_day), last=(row.last_month, row.last_day),
        reason=row.reason, valid_from=row.valid_from, valid_until=row.valid_until,
    )  # fmt: skip


def _closed(row: ClosedTimeRow) -> ClosedTime:
    return ClosedTime(
        starts_at=row.starts_at.astimezone(JAPAN), ends_at=row.ends_at.astimezone(JAPAN),
        reason=row.reason,
    )  # fmt: skip


def _shop(row: ShopRow) -> Shop:
    return Shop(
        name=row.name, where=row.where, opens=row.opens, closes=row.closes,
        valid_from=row.valid_from, valid_until=row.valid_until,
    )  # fmt: skip
