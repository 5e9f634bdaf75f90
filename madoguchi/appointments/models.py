"""Tables of bookings and of the line; a lane never has two at one minute (予約・番号札の表)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from madoguchi.appointments.domain.booking import LIVE, State
from madoguchi.appointments.domain.line import Stage
from madoguchi.appointments.domain.services import Kind

DAY_MINUTES = 24 * 60
LIVE_CODES = sorted(one.value for one in LIVE)


class Place(models.Model):
    """Where people are seen (受付場所)."""

    place = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=60)
    #: The place whose terminals serve this one; empty: there are none.
    terminals_of = models.CharField(max_length=40, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "appointments_place"


class Service(models.Model):
    """How long one kind of visit takes, from a day on (用件の所要時間)."""

    service_id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    minutes = models.PositiveSmallIntegerField()
    further_minutes = models.PositiveSmallIntegerField()
    needs_terminal = models.BooleanField()
    bookable = models.BooleanField(default=True)
    valid_from = models.DateField()
    source = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "appointments_service"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "valid_from"], name="appointments_service_from"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, further_minutes__lte=F("minutes")),
                name="appointments_service_minutes",
            ),
        ]


class Opening(models.Model):
    """When people with a booking are seen at a place (受付枠)."""

    opening_id = models.BigAutoField(primary_key=True)
    place = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    nth = ArrayField(models.PositiveSmallIntegerField(), default=list)
    begins = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    lanes = models.PositiveSmallIntegerField()
    step_minutes = models.PositiveSmallIntegerField()
    lands = models.PositiveSmallIntegerField(null=True)
    leaves = models.PositiveSmallIntegerField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "appointments_opening"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(begins__lt=F("ends"), ends__lte=DAY_MINUTES),
                name="appointments_opening_span",
            ),
        ]


class ClosedDay(models.Model):
    """A day on which nobody is booked at a place (受付の休み)."""

    closed_id = models.BigAutoField(primary_key=True)
    place = models.CharField(max_length=40)
    on = models.DateField()
    reason = models.CharField(max_length=60)

    class Meta:
        db_table = "appointments_closed_day"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "on"], name="appointments_closed_day_once"),
        ]


class Terms(models.Model):
    """The town's rules for bookings, from a day on (予約の決まり)."""

    terms_id = models.BigAutoField(primary_key=True)
    valid_from = models.DateField(unique=True)
    hold_minutes = models.PositiveSmallIntegerField()
    ahead_days = models.PositiveSmallIntegerField()
    web_lead_days = models.PositiveSmallIntegerField()
    change_until_days = models.PositiveSmallIntegerField()
    late_minutes = models.PositiveSmallIntegerField()
    party_max = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "appointments_terms"


class Booking(models.Model):
    """Minutes of a lane that are a party's; no person stands here (予約)."""

    booking_id = models.CharField(max_length=26, primary_key=True)
    booking_no = models.CharField(max_length=9, unique=True)
    place = models.CharField(max_length=40)
    lane = models.PositiveSmallIntegerField()
    on = models.DateField()
    begins = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10)
    channel = models.CharField(max_length=10)
    #: Of the terminals' room; empty where no terminal is needed or its minutes went back.
    reservation_id = models.CharField(max_length=26, blank=True, default="")
    terminal_no = models.CharField(max_length=8, blank=True, default="")
    #: Counts up with each change, so that a calendar takes the newer one.
    sequence = models.PositiveSmallIntegerField(default=0)
    #: Where the reminder goes; wiped when the booking ends.
    mail_to = models.CharField(max_length=254, blank=True, default="")
    reminded_at = models.DateTimeField(null=True)
    hold_until = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    state_at = models.DateTimeField()

    class Meta:
        db_table = "appointments_booking"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(begins__lt=F("ends"), ends__lte=DAY_MINUTES),
                name="appointments_booking_span",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in State]),
                name="appointments_booking_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE_CODES) | Q(mail_to="", reservation_id=""),
                name="appointments_booking_over_forgets",
            ),
            ExclusionConstraint(
                name="appointments_booking_once",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    ("lane", RangeOperators.EQUAL),
                    ("on", RangeOperators.EQUAL),
                    (
                        Func(F("begins"), F("ends"), function="int4range",
                             output_field=IntegerRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=LIVE_CODES),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["place", "on"], name="appointments_booking_day"),
            models.Index(fields=["state", "hold_until"], name="appointments_booking_hold"),
        ]


class Errand(models.Model):
    """One person's matter within a booking, as an opaque reference (一人分の用件)."""

    errand_id = models.BigAutoField(primary_key=True)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="errands")
    kind = models.CharField(max_length=20)
    about_kind = models.CharField(max_length=20, blank=True, default="")
    about_no = models.CharField(max_length=40, blank=True, default="")
    #: Of the whole visit, where another room worked it out; 0: as the table says.
    minutes = models.PositiveSmallIntegerField(default=0, db_default=0)
    #: What lists show beside the matter, in that room's words; never a name.
    mark = models.CharField(max_length=12, blank=True, default="", db_default="")
    #: As the booking: one matter is booked once at a time.
    live = models.BooleanField(default=True)

    class Meta:
        db_table = "appointments_errand"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in Kind]), name="appointments_errand_kind"
            ),
            models.UniqueConstraint(
                fields=["kind", "about_kind", "about_no"],
                condition=Q(live=True) & ~Q(about_no=""),
                name="appointments_errand_once",
            ),
        ]


class Ticket(models.Model):
    """A number somebody waits with, and the visit it became (番号札・対応)."""

    ticket_id = models.CharField(max_length=26, primary_key=True)
    place = models.CharField(max_length=40)
    on = models.DateField()
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    stage = models.CharField(max_length=10)
    booking_id = models.CharField(max_length=26, blank=True, default="")
    due = models.PositiveSmallIntegerField(null=True)
    counter = models.CharField(max_length=10, blank=True, default="")
    staff_id = models.CharField(max_length=40, blank=True, default="")
    outcome = models.CharField(max_length=20, blank=True, default="")
    issued_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "appointments_ticket"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["place", "on", "number"], name="appointments_ticket_once"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[one.value for one in Stage]),
                name="appointments_ticket_stage",
            ),
            models.UniqueConstraint(
                fields=["place", "on", "counter"],
                condition=Q(stage__in=[Stage.CALLED.value, Stage.SERVING.value]),
                name="appointments_ticket_one_a_counter",
            ),
        ]
