"""The town's own dated rows: hours, closed days, stores (利用時間・休止日・店)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Hours(models.Model):
    """From when to when a channel is open (利用時間)."""

    hours_id = models.BigAutoField(primary_key=True)
    #: KIOSK and WEB are ours; SHOP is the store service as a whole.
    channel = models.CharField(max_length=10)
    weekday = models.PositiveSmallIntegerField(null=True)  # 0 Monday … 6 Sunday; none: every day
    opens = models.TimeField()
    closes = models.TimeField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "kiosk_hours"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="kiosk_hours_order"),
            models.UniqueConstraint(
                fields=["channel", "weekday", "valid_from"],
                name="kiosk_hours_from",
                nulls_distinct=False,
            ),
        ]


class YearlyClosing(models.Model):
    """Days of each year on which nothing is given (毎年の休止日)."""

    closing_id = models.BigAutoField(primary_key=True)
    channel = models.CharField(max_length=10)
    first_month = models.PositiveSmallIntegerField()
    first_day = models.PositiveSmallIntegerField()
    last_month = models.PositiveSmallIntegerField()
    last_day = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=60)
    #: The days the row itself holds: none, as long as anybody thinks back or ahead.
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "kiosk_yearly_closing"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(first_month__gte=1, first_month__lte=12, last_month__gte=1,
                            last_month__lte=12, first_day__gte=1, first_day__lte=31,
                            last_day__gte=1, last_day__lte=31),
                name="kiosk_yearly_closing_day",
            ),
        ]  # fmt: skip


class ClosedTime(models.Model):
    """One closed day, or some hours of maintenance (臨時休止・保守)."""

    closed_id = models.BigAutoField(primary_key=True)
    channel = models.CharField(max_length=10)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=60)

    class Meta:
        db_table = "kiosk_closed_time"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="kiosk_closed_time_order"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="kiosk_closed_time_end")]


class Shop(models.Model):
    """A store with a terminal (コンビニ等の店)."""

    shop_id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60)
    where = models.CharField(max_length=80)
    opens = models.TimeField()
    closes = models.TimeField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "kiosk_shop"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="kiosk_shop_order"),
        ]
