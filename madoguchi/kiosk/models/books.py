"""The kiosk's own books: requests, money, paper, cases (帳簿)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from madoguchi.kiosk.domain.books import Outcome, What
from madoguchi.kiosk.domain.cases import Decision
from madoguchi.kiosk.domain.devices import JobStage
from madoguchi.kiosk.domain.payments import Method, Stage


class Docket(models.Model):
    """What the machine saw of one request, written beside the certificates' own book (申請の控え)."""

    request_id = models.CharField(max_length=32, primary_key=True)
    session_id = models.CharField(max_length=32)
    channel = models.CharField(max_length=10)
    terminal_no = models.CharField(max_length=8)
    kind = models.CharField(max_length=40)
    copies = models.PositiveSmallIntegerField()
    yen = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    drawn_on = models.DateField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kiosk_docket"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="OPEN", ended_at__isnull=True)
                | Q(outcome__in=[str(one) for one in Outcome if one is not Outcome.OPEN])
                & Q(ended_at__isnull=False),
                name="kiosk_docket_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["REFUSED", "FAILED"]) | ~Q(reasons=[]),
                name="kiosk_docket_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["drawn_on", "channel", "kind"], name="kiosk_docket_day"),
            models.Index(fields=["session_id"], name="kiosk_docket_session"),
        ]


class Payment(models.Model):
    """One payment, and what was given back (支払い)."""

    payment_id = models.CharField(max_length=32, primary_key=True)
    session_id = models.CharField(max_length=32)
    request_id = models.CharField(max_length=32)
    terminal_no = models.CharField(max_length=8)
    method = models.CharField(max_length=10)
    yen = models.PositiveIntegerField()
    stage = models.CharField(max_length=12)
    reference = models.CharField(max_length=80, blank=True, default="")
    asked_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    #: RESIDENT at a coin box, TILL, or the number of a clerk.
    confirmed_by = models.CharField(max_length=40, blank=True, default="")
    refunded_at = models.DateTimeField(null=True)
    refunded_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        db_table = "kiosk_payment"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stage__in=[str(one) for one in Stage])
                & Q(method__in=[str(one) for one in Method])
                & Q(yen__gt=0),
                name="kiosk_payment_stage",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["PAID", "REFUND_DUE", "REFUNDED"], paid_at__isnull=False)
                | Q(stage__in=["WAITING", "CANCEL_DUE", "CANCELLED"], paid_at__isnull=True),
                name="kiosk_payment_paid",
            ),
            models.CheckConstraint(
                condition=Q(stage="REFUNDED", refunded_at__isnull=False)
                | ~Q(stage="REFUNDED") & Q(refunded_at__isnull=True),
                name="kiosk_payment_refunded",
            ),
            # Nobody pays twice for one paper.
            models.UniqueConstraint(
                fields=["request_id"],
                condition=Q(stage__in=["WAITING", "PAID"]),
                name="kiosk_payment_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["stage"],
                name="kiosk_payment_due",
                condition=Q(stage__in=["WAITING", "CANCEL_DUE", "REFUND_DUE"]),
            ),
            models.Index(fields=["terminal_no", "paid_at"], name="kiosk_payment_taken"),
            models.Index(fields=["session_id"], name="kiosk_payment_session"),
        ]


class PrintJob(models.Model):
    """One copy sent to the printer (印刷)."""

    job_id = models.CharField(max_length=32, primary_key=True)
    session_id = models.CharField(max_length=32)
    request_id = models.CharField(max_length=32)
    terminal_no = models.CharField(max_length=8)
    copy_no = models.PositiveSmallIntegerField()
    sheets = models.PositiveSmallIntegerField()
    sheets_done = models.PositiveSmallIntegerField(default=0)
    stage = models.CharField(max_length=10)
    trouble = models.CharField(max_length=12, blank=True, default="")
    reference = models.CharField(max_length=80, blank=True, default="")
    #: Why the printer gave no answer the last time it was asked (NoAnswer), or "".
    silence = models.CharField(max_length=12, blank=True, default="")
    started_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    held_up_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    #: The printer has still to be told that nobody waits for this any more.
    cancel_due = models.BooleanField(default=False)

    class Meta:
        db_table = "kiosk_print_job"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stage__in=["DONE", "LOST"], ended_at__isnull=False)
                | Q(stage__in=["WAITING", "PRINTING", "HELD_UP"], ended_at__isnull=True),
                name="kiosk_print_job_stage",
            ),
            models.CheckConstraint(
                condition=Q(cancel_due=False) | Q(stage=str(JobStage.LOST)),
                name="kiosk_print_job_cancel",
            ),
            # A copy has one number and goes to the printer under one name.
            models.UniqueConstraint(fields=["request_id", "copy_no"], name="kiosk_print_job_copy"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["heard_at"],
                name="kiosk_print_job_open",
                condition=Q(ended_at__isnull=True) | Q(cancel_due=True),
            ),
            models.Index(fields=["session_id"], name="kiosk_print_job_session"),
        ]


class Case(models.Model):
    """Something that does not add up, until a person decides (調査の要るもの)."""

    case_id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    channel = models.CharField(max_length=10)
    terminal_no = models.CharField(max_length=8, blank=True, default="")
    kind = models.CharField(max_length=40, blank=True, default="")
    what = models.CharField(max_length=12)
    expected = models.IntegerField()
    found = models.IntegerField()
    request_id = models.CharField(max_length=32, blank=True, default="")
    opened_at = models.DateTimeField()
    #: The stops this case laid; lifted with the last open case of the channel.
    stop_ids = ArrayField(models.BigIntegerField(), default=list)
    decision = models.CharField(max_length=16, blank=True, default="")
    decided_by = models.CharField(max_length=40, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        db_table = "kiosk_case"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(what__in=[str(one) for one in What]), name="kiosk_case_what"
            ),
            # Nobody closes a case without a name, a decision and words.
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decision="", decided_by="", note="")
                | Q(decided_at__isnull=False, decision__in=[str(one) for one in Decision])
                & ~Q(decided_by="")
                & ~Q(note=""),
                name="kiosk_case_decided",
            ),
            models.UniqueConstraint(
                fields=["day", "channel", "terminal_no", "kind", "what", "request_id"],
                condition=Q(decided_at__isnull=True),
                name="kiosk_case_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["channel"], name="kiosk_case_open", condition=Q(decided_at__isnull=True)
            ),
        ]


class CoinCount(models.Model):
    """What a clerk counted in a coin box, and what should have lain there (料金箱の計数)."""

    count_id = models.BigAutoField(primary_key=True)
    terminal_no = models.CharField(max_length=8)
    counted_yen = models.PositiveIntegerField()
    expected_yen = models.IntegerField()
    counted_by = models.CharField(max_length=40)
    counted_at = models.DateTimeField()

    class Meta:
        db_table = "kiosk_coin_count"
        indexes: ClassVar = [
            models.Index(fields=["terminal_no", "counted_at"], name="kiosk_coin_count_last"),
        ]


class DayClose(models.Model):
    """That the books of one day and channel were compared, and how it went (日締め)."""

    close_id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    channel = models.CharField(max_length=10)
    closed_at = models.DateTimeField()
    differences = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "kiosk_day_close"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "channel"], name="kiosk_day_close_once"),
        ]
