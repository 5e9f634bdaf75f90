"""Tables of the terminals; two things never have one terminal at one minute (統合端末の表)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from madoguchi.csops.domain.terminals import Purpose

DAY_MINUTES = 24 * 60


def minutes_of_day() -> Func:
    """Return the SQL range of a row's minutes, its end left out (時間帯)."""
    return Func(F("begins"), F("ends"), function="int4range", output_field=IntegerRangeField())


def span_checks(name: str) -> list[models.CheckConstraint]:
    """Return the check that a row's minutes lie within a day, in order (時間帯の確認)."""
    within = Q(begins__lt=F("ends")) & Q(ends__lte=DAY_MINUTES)
    return [models.CheckConstraint(condition=within, name=name)]


class Terminal(models.Model):
    """A CS terminal of the town (統合端末)."""

    terminal_no = models.CharField(max_length=8, primary_key=True)
    name = models.CharField(max_length=60)
    place = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "csops_terminal"


class Hours(models.Model):
    """When the terminals of a place are worked at (稼働時間)."""

    hours_id = models.BigAutoField(primary_key=True)
    place = models.CharField(max_length=40)
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    nth = ArrayField(models.PositiveSmallIntegerField(), default=list)
    begins = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    walk_in_percent = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "csops_hours"
        constraints: ClassVar = [
            *span_checks("csops_hours_span"),
            models.CheckConstraint(
                condition=Q(walk_in_percent__lte=100), name="csops_hours_percent"
            ),
        ]


class ClosedDay(models.Model):
    """A day on which no terminal of a place works, beside weekends and holidays (端末の休止日)."""

    closed_id = models.BigAutoField(primary_key=True)
    place = models.CharField(max_length=40)
    on = models.DateField()
    reason = models.CharField(max_length=60)

    class Meta:
        db_table = "csops_closed_day"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "on"], name="csops_closed_day_once"),
        ]


class Reservation(models.Model):
    """Minutes of a terminal given to something; given back, the row stays (端末の確保)."""

    reservation_id = models.CharField(max_length=26, primary_key=True)
    terminal_no = models.CharField(max_length=8)
    place = models.CharField(max_length=40)
    on = models.DateField()
    begins = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=10)
    note = models.CharField(max_length=60, blank=True, default="")
    reserved_by = models.CharField(max_length=40)
    reserved_at = models.DateTimeField()
    given_back_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "csops_reservation"
        constraints: ClassVar = [
            *span_checks("csops_reservation_span"),
            models.CheckConstraint(
                condition=Q(purpose__in=[one.value for one in Purpose]),
                name="csops_reservation_purpose",
            ),
            ExclusionConstraint(
                name="csops_reservation_once",
                expressions=[
                    ("terminal_no", RangeOperators.EQUAL),
                    ("on", RangeOperators.EQUAL),
                    (minutes_of_day(), RangeOperators.OVERLAPS),
                ],
                condition=Q(given_back_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["place", "on"], name="csops_reservation_day")]


class Shift(models.Model):
    """Who sits at which terminal (端末の当番); nobody sits at two, and nobody on another's lap."""

    shift_id = models.BigAutoField(primary_key=True)
    terminal_no = models.CharField(max_length=8)
    on = models.DateField()
    begins = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    staff_id = models.CharField(max_length=40)

    class Meta:
        db_table = "csops_shift"
        constraints: ClassVar = [
            *span_checks("csops_shift_span"),
            ExclusionConstraint(
                name="csops_shift_one_chair",
                expressions=[
                    ("terminal_no", RangeOperators.EQUAL),
                    ("on", RangeOperators.EQUAL),
                    (minutes_of_day(), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="csops_shift_one_person",
                expressions=[
                    ("staff_id", RangeOperators.EQUAL),
                    ("on", RangeOperators.EQUAL),
                    (minutes_of_day(), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Use(models.Model):
    """Minutes a visitor without a booking spent at a terminal; no person (窓口での利用)."""

    use_id = models.BigAutoField(primary_key=True)
    place = models.CharField(max_length=40)
    on = models.DateField()
    begins = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "csops_use"
        indexes: ClassVar = [models.Index(fields=["place", "on"], name="csops_use_day")]
