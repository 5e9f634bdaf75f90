"""Tables of requests, copies and the dated rules around them (交付申請・交付履歴)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from madoguchi.certificates.domain.issue import State


class Request(models.Model):
    """One request for one certificate, from the press to the hand-over (交付申請)."""

    request_id = models.CharField(max_length=32, primary_key=True)
    state = models.CharField(max_length=12)
    channel = models.CharField(max_length=10)
    kind = models.CharField(max_length=40)
    asker = models.CharField(max_length=20)
    applicant = models.CharField(max_length=20)
    asked_person_id = models.CharField(max_length=20)
    subject_ids = ArrayField(models.CharField(max_length=20))
    asked_for = ArrayField(models.CharField(max_length=30))
    purpose = models.TextField(blank=True, default="")
    evidence = ArrayField(models.CharField(max_length=40))
    copies = models.PositiveSmallIntegerField()
    fee_yen = models.PositiveIntegerField(default=0)
    fee_free_reason = models.CharField(max_length=40, blank=True, default="")
    sample = models.BooleanField(default=False)
    official_use = models.BooleanField(default=False)
    #: The frozen content of the paper; emptied when the paper has left (see README, I5).
    content = models.JSONField(null=True)
    #: Which version of each person it shows: {person_id: history_no}.
    versions = models.JSONField(default=dict)
    problems = ArrayField(models.CharField(max_length=40), default=list)
    #: What ``use_unlock`` answered, where a second officer opened a protected person's paper.
    pass_id = models.CharField(max_length=32, blank=True, default="")
    place = models.CharField(max_length=40)
    terminal = models.CharField(max_length=20)
    staff_id = models.CharField(max_length=40)
    drawn_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closing_note = models.TextField(blank=True, default="")
    #: What became of a paper that must not be used (処分情報, SPEC1 1.3.8).
    disposal = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        db_table = "certificates_request"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in State]), name="certificates_request_state"
            ),
            models.CheckConstraint(
                condition=Q(copies__gte=1, copies__lte=20), name="certificates_request_copies"
            ),
        ]
        indexes = [
            models.Index(
                fields=["drawn_at"],
                name="certificates_request_open",
                condition=Q(state__in=["DRAWN", "RELEASED", "LOCKED"]),
            ),
            models.Index(fields=["drawn_at", "channel", "kind"], name="certificates_request_day"),
            GinIndex(fields=["subject_ids"], name="certificates_request_subjects"),
        ]


class Copy(models.Model):
    """One copy of one certificate, with its own number and its own file (部)."""

    issue_no = models.CharField(max_length=40, primary_key=True)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="issued")
    copy_no = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64, blank=True, default="")
    pages = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "certificates_copy"
        constraints = [
            models.UniqueConstraint(fields=["request", "copy_no"], name="certificates_copy_no"),
        ]


class Serial(models.Model):
    """The last number given out on a day at a terminal (発行番号の連番)."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    terminal = models.CharField(max_length=20)
    last = models.PositiveIntegerField()

    class Meta:
        db_table = "certificates_serial"
        constraints = [
            models.UniqueConstraint(fields=["day", "terminal"], name="certificates_serial_day"),
        ]


class FeeRule(models.Model):
    """What a copy costs, from a day to a day (手数料表)."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=10)
    yen = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "certificates_fee_rule"


class Stop(models.Model):
    """A kind of certificate that may not leave now, on one channel or all (停止)."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, blank=True, default="")
    reason = models.TextField()
    stopped_by = models.CharField(max_length=40)
    stopped_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=40, blank=True, default="")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "certificates_stop"


class Letter(models.Model):
    """A request that came by post, until its answer is posted (郵送請求)."""

    letter_id = models.CharField(max_length=32, primary_key=True)
    arrived_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=12)
    asker = models.CharField(max_length=20)
    asked_person_id = models.CharField(max_length=20, blank=True, default="")
    kind = models.CharField(max_length=40)
    copies = models.PositiveSmallIntegerField(default=1)
    enclosed_yen = models.PositiveIntegerField(default=0)
    enclosed = ArrayField(models.CharField(max_length=40), default=list)
    missing = ArrayField(models.CharField(max_length=40), default=list)
    note = models.TextField(blank=True, default="")
    request_id = models.CharField(max_length=32, blank=True, default="")
    received_by = models.CharField(max_length=40)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "certificates_letter"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "ASKED_BACK", "DRAWN", "POSTED", "RETURNED"]),
                name="certificates_letter_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="certificates_letter_due",
                condition=Q(state__in=["WAITING", "ASKED_BACK", "DRAWN"]),
            )
        ]
