"""Tables of requests, copies and the dated rules around them (交付申請・交付履歴)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from madoguchi.certificates.domain.away import BlockState
from madoguchi.certificates.domain.issue import OPEN_STATES, State

OPEN_CODES = sorted(str(state) for state in OPEN_STATES)


class Request(models.Model):
    """One request for one certificate, from the press to the hand-over (交付申請)."""

    request_id = models.CharField(max_length=32, primary_key=True)
    state = models.CharField(max_length=12)
    channel = models.CharField(max_length=10)
    kind = models.CharField(max_length=40)
    asker = models.CharField(max_length=20)
    applicant = models.CharField(max_length=20)
    asked_person_id = models.CharField(max_length=20)
    household_no = models.CharField(max_length=20)
    #: Who stands on the paper; of a refused request only whom it was asked for.
    subject_ids = ArrayField(models.CharField(max_length=20))
    #: 世帯一部: who of the household was chosen; empty means everybody.
    chosen_ids = ArrayField(models.CharField(max_length=20), default=list)
    asked_for = ArrayField(models.CharField(max_length=30))
    left_out = ArrayField(models.CharField(max_length=30), default=list)
    accepts_alerts = models.BooleanField(default=False)
    purpose = models.TextField(blank=True, default="")
    evidence = ArrayField(models.CharField(max_length=40))
    copies = models.PositiveSmallIntegerField()
    fee_yen = models.PositiveIntegerField(default=0)
    fee_free_reason = models.CharField(max_length=40, blank=True, default="")
    sample = models.BooleanField(default=False)
    official_use = models.BooleanField(default=False)
    #: The frozen content of the paper; emptied when the paper has left (see README, I5).
    content = models.JSONField(null=True)
    #: The household as it was read: {person_id: "history_no STATUS"}, printed or not.
    versions = models.JSONField(default=dict)
    #: Of a ledger's row: which one, and its version when it was read.
    ledger_mark = models.CharField(max_length=60, blank=True, default="")
    year = models.CharField(max_length=4, blank=True, default="")
    #: 除票: which of the person's records was asked for; 0 the newest.
    record = models.PositiveSmallIntegerField(default=0, db_default=0)
    problems = ArrayField(models.CharField(max_length=40), default=list)
    #: What ``use_unlock`` answered, where a second officer opened a protected person's paper.
    pass_id = models.CharField(max_length=32, blank=True, default="")
    unlock_asked_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=40)
    terminal = models.CharField(max_length=20)
    staff_id = models.CharField(max_length=40)
    drawn_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    printed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closing_note = models.TextField(blank=True, default="")
    #: What became of a paper that must not be used (処分情報, SPEC1 1.3.8).
    disposal = models.CharField(max_length=20, blank=True, default="")
    #: Whether the paper's subject was the request's, where something went wrong (I10).
    compared = models.CharField(max_length=20, blank=True, default="")
    case_note = models.TextField(blank=True, default="")
    case_closed_by = models.CharField(max_length=40, blank=True, default="")
    case_closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "certificates_request"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in State]), name="certificates_request_state"
            ),
            models.CheckConstraint(
                condition=Q(copies__gte=1, copies__lte=20), name="certificates_request_copies"
            ),
            # Nothing is handed over that was not released, nothing closed without its moment.
            models.CheckConstraint(
                condition=~Q(state__in=["RELEASED", "HANDED_OVER"]) | Q(released_at__isnull=False),
                name="certificates_request_released",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_CODES, closed_at__isnull=True)
                | ~Q(state__in=OPEN_CODES) & Q(closed_at__isnull=False, content__isnull=True),
                name="certificates_request_closed",
            ),
            # Every refusal and every failure has its reason; every void paper its end (I12).
            models.CheckConstraint(
                condition=~Q(state__in=["REFUSED", "FAILED"]) | ~Q(problems=[]),
                name="certificates_request_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="VOID") | ~Q(disposal=""), name="certificates_request_disposal"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["drawn_at"],
                name="certificates_request_open",
                condition=Q(state__in=OPEN_CODES),
            ),
            models.Index(
                fields=["closed_at"],
                name="certificates_request_cases",
                condition=Q(state="FAILED", case_closed_at__isnull=True),
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
    printed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "certificates_copy"
        constraints: ClassVar = [
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
        constraints: ClassVar = [
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
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "channel", "valid_from"], name="certificates_fee_rule_from"
            ),
        ]


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
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "channel"],
                condition=Q(lifted_at__isnull=True),
                name="certificates_stop_once",
            ),
        ]


class Letter(models.Model):
    """A request that came by post, until its answer is posted (郵送請求)."""

    letter_id = models.CharField(max_length=32, primary_key=True)
    arrived_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=12)
    applicant = models.CharField(max_length=20)
    #: Whom the letter asks for, in its own words, until the person is found in the register.
    about = models.TextField()
    asked_person_id = models.CharField(max_length=20, blank=True, default="")
    kind = models.CharField(max_length=40)
    asked_for = ArrayField(models.CharField(max_length=30), default=list)
    evidence = ArrayField(models.CharField(max_length=40), default=list)
    purpose = models.TextField(blank=True, default="")
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
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "ASKED_BACK", "DRAWN", "POSTED", "RETURNED"]),
                name="certificates_letter_state",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on"],
                name="certificates_letter_due",
                condition=Q(state__in=["WAITING", "ASKED_BACK", "DRAWN"]),
            )
        ]


class SealRegistration(models.Model):
    """One registered seal of one person, or one that was (印鑑登録原票)."""

    registration_no = models.CharField(max_length=20, primary_key=True)
    person_id = models.CharField(max_length=20)
    registered_name = models.TextField()
    registered_on = models.DateField()
    state = models.CharField(max_length=12)
    ended_on = models.DateField(null=True)
    reason = models.CharField(max_length=100, blank=True, default="")
    #: 印影 as the file brought it, PNG; without one there is no certificate.
    imprint = models.BinaryField(null=True)
    #: Counts up with each change: a paper drawn before it does not leave.
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    extra = models.JSONField(default=dict)

    class Meta:
        db_table = "certificates_seal"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="REGISTERED", ended_on__isnull=True)
                | Q(state="STRUCK", ended_on__isnull=False),
                name="certificates_seal_state",
            ),
            models.UniqueConstraint(
                fields=["person_id"],
                condition=Q(state="REGISTERED"),
                name="certificates_seal_one_a_person",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person_id"], name="certificates_seal_person")]


class TaxAssessment(models.Model):
    """What this town assessed of one person for one year (課税台帳)."""

    id = models.BigAutoField(primary_key=True)
    person_id = models.CharField(max_length=20)
    fiscal_year = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=20)
    wage_yen = models.PositiveBigIntegerField()
    pension_yen = models.PositiveBigIntegerField()
    income_yen = models.PositiveBigIntegerField()
    deduction_yen = models.PositiveBigIntegerField()
    base_yen = models.PositiveBigIntegerField()
    town_rate_yen = models.PositiveBigIntegerField()
    town_flat_yen = models.PositiveBigIntegerField()
    prefecture_rate_yen = models.PositiveBigIntegerField()
    prefecture_flat_yen = models.PositiveBigIntegerField()
    forest_yen = models.PositiveBigIntegerField()
    total_yen = models.PositiveBigIntegerField()
    #: Where the person lived on 1 January of the year, where the file says so.
    address = models.TextField(blank=True, default="")
    unpaid = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    extra = models.JSONField(default=dict)

    class Meta:
        db_table = "certificates_tax"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id", "fiscal_year"], name="certificates_tax_one_a_year"
            ),
        ]


class TownRule(models.Model):
    """A rule the town may switch on or off (町の決まり)."""

    code = models.CharField(max_length=40, primary_key=True)
    stands = models.BooleanField(default=False)
    changed_by = models.CharField(max_length=40, blank=True, default="")
    changed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "certificates_town_rule"


class AwayBlock(models.Model):
    """The numbers one laptop took along, and the key it signs with (島の日の番号).

    A number used stands in ``certificates_copy``; what became of the others follows from
    ``state``. So none can stand in two places.
    """

    trip_id = models.CharField(max_length=26, primary_key=True)
    day = models.DateField()
    #: The whole block, in its order.
    numbers = ArrayField(models.CharField(max_length=40))
    #: What the laptop signs with, by its public parts, and the town's signature over all of it.
    key_id = models.BinaryField()
    token_key = models.BinaryField()
    certificate = models.BinaryField()
    town_signature = models.BinaryField()
    state = models.CharField(max_length=8, default=BlockState.OUT.value)
    #: Numbers of which the laptop says that a paper was made, and which the town did not take in.
    #: Taken in after all they stand in ``certificates_copy``; else the paper that is out is void.
    disputed = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "certificates_away_block"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in BlockState]),
                name="certificates_away_block_state",
            ),
            models.UniqueConstraint(fields=["key_id"], name="certificates_away_block_key"),
        ]
