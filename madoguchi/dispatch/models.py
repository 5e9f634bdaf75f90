"""Tables of letters, batches, slips, parcels and the dated rules around them (発送)."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from madoguchi.dispatch.domain.batches import BatchState
from madoguchi.dispatch.domain.handed import WANTED
from madoguchi.dispatch.domain.letters import (
    OPEN_STATES,
    LetterKind,
    LetterState,
    MailClass,
    ReturnReason,
)
from madoguchi.dispatch.domain.parcels import Direction, ParcelState

HANDED_CODES = sorted(kind.value for kind in WANTED)
OPEN_CODES = sorted(state.value for state in OPEN_STATES)
#: States of a letter that has been on its way.
LEFT_CODES = ["POSTED", "RETURNED", "DELIVERED"]
MADE_CODES = ["PRINTED", *LEFT_CODES]


def _known(field: str, values: type[StrEnum], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": [one.value for one in values]}), name=name
    )


class Batch(models.Model):
    """Letters printed together in one order (束)."""

    batch_id = models.CharField(max_length=32, primary_key=True)
    batch_no = models.CharField(max_length=12, unique=True)
    mail_class = models.CharField(max_length=20)
    state = models.CharField(max_length=10)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "dispatch_batch"
        constraints: ClassVar = [
            _known("state", BatchState, "dispatch_batch_state"),
            _known("mail_class", MailClass, "dispatch_batch_class"),
        ]


class Slip(models.Model):
    """One posting slip, as handed in at the post office (差出票)."""

    slip_id = models.CharField(max_length=32, primary_key=True)
    slip_no = models.CharField(max_length=12, unique=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="slips")
    mail_class = models.CharField(max_length=20)
    posted_on = models.DateField()
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    #: The post office's stamp is on it: from here on the pile is out of the house.
    handed_in_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "dispatch_slip"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=True) | Q(undone_at__isnull=True),
                name="dispatch_slip_in_or_undone",
            ),
        ]


class Letter(models.Model):
    """One letter to one person about one matter; a registered address is never kept here (手紙)."""

    letter_id = models.CharField(max_length=32, primary_key=True)
    kind = models.CharField(max_length=20)
    mail_class = models.CharField(max_length=20)
    #: 転送不要: the post office sends it back instead of following a forwarding order.
    no_forwarding = models.BooleanField(default=True)
    person_id = models.CharField(max_length=20)
    #: With whom it stands or falls: the gate is asked about them as about its person.
    also_ids = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    about_no = models.CharField(max_length=40)
    sort_key = models.CharField(max_length=40, blank=True, default="")
    content = models.JSONField()
    #: An address handed in, until the post office has the letter; {}: the registered one.
    handed = models.JSONField(default=dict)
    state = models.CharField(max_length=12)
    #: Why it is held, or why it went back to the queue.
    why = models.CharField(max_length=40, blank=True, default="")
    queued_by = models.CharField(max_length=40)
    queued_at = models.DateTimeField()
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="letters")
    position = models.PositiveIntegerField(null=True)
    printed_at = models.DateTimeField(null=True)
    #: A sum of name and address as printed, salted with the letter's id: it can only be compared.
    printed_mark = models.CharField(max_length=64, blank=True, default="")
    slip = models.ForeignKey(Slip, null=True, on_delete=models.PROTECT, related_name="letters")
    posted_on = models.DateField(null=True)
    receipt_no = models.CharField(max_length=13, blank=True, default="")
    returned_on = models.DateField(null=True)
    return_reason = models.CharField(max_length=20, blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    #: The letter this one follows: the notice before a re-notice.
    follows_id = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        db_table = "dispatch_letter"
        indexes: ClassVar = [
            models.Index(
                fields=["mail_class", "sort_key", "queued_at"],
                name="dispatch_letter_open",
                condition=Q(state__in=OPEN_CODES),
            ),
            models.Index(fields=["about_no"], name="dispatch_letter_about"),
            models.Index(fields=["person_id"], name="dispatch_letter_person"),
        ]
        constraints: ClassVar = [
            _known("state", LetterState, "dispatch_letter_state"),
            _known("kind", LetterKind, "dispatch_letter_kind"),
            _known("mail_class", MailClass, "dispatch_letter_class"),
            models.CheckConstraint(
                condition=Q(return_reason="")
                | Q(return_reason__in=[one.value for one in ReturnReason]),
                name="dispatch_letter_return_reason",
            ),
            models.UniqueConstraint(
                fields=["kind", "about_no"],
                condition=Q(state__in=OPEN_CODES),
                name="dispatch_letter_open_once",
            ),
            models.UniqueConstraint(fields=["batch", "position"], name="dispatch_letter_position"),
            models.UniqueConstraint(
                fields=["receipt_no"],
                condition=~Q(receipt_no=""),
                name="dispatch_letter_receipt_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=MADE_CODES, batch__isnull=False, printed_at__isnull=False)
                & ~Q(printed_mark="")
                | ~Q(state__in=MADE_CODES) & Q(printed_mark="", printed_at__isnull=True),
                name="dispatch_letter_printed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LEFT_CODES, posted_on__isnull=False, slip__isnull=False)
                | ~Q(state__in=LEFT_CODES) & Q(posted_on__isnull=True, slip__isnull=True),
                name="dispatch_letter_posted",
            ),
            models.CheckConstraint(
                condition=Q(state="RETURNED", returned_on__isnull=False) & ~Q(return_reason="")
                | ~Q(state="RETURNED") & Q(returned_on__isnull=True, return_reason=""),
                name="dispatch_letter_returned",
            ),
            models.CheckConstraint(
                condition=~Q(state="HELD") | ~Q(why=""), name="dispatch_letter_held"
            ),
            # A letter that is not on its way yet has the address its kind goes to, and no other.
            models.CheckConstraint(
                condition=Q(kind__in=HANDED_CODES) & (~Q(handed={}) | ~Q(state__in=OPEN_CODES))
                | ~Q(kind__in=HANDED_CODES) & Q(handed={}),
                name="dispatch_letter_handed",
            ),
        ]


class RenoticeRule(models.Model):
    """When the next notice is due, from a day on (再通知の決まり)."""

    valid_from = models.DateField(unique=True)
    first_days = models.PositiveSmallIntegerField()
    second_days = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    made_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        db_table = "dispatch_renotice_rule"


class EnvelopeRow(models.Model):
    """Which envelope the town uses, from a day on; tenths of a millimetre (封筒)."""

    valid_from = models.DateField(unique=True)
    inner_width = models.PositiveSmallIntegerField()
    inner_height = models.PositiveSmallIntegerField()
    window_left = models.PositiveSmallIntegerField()
    window_top = models.PositiveSmallIntegerField()
    window_width = models.PositiveSmallIntegerField()
    window_height = models.PositiveSmallIntegerField()
    first_fold = models.PositiveSmallIntegerField()
    second_fold = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    made_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        db_table = "dispatch_envelope"


class Parcel(models.Model):
    """A sealed parcel between two towns; what is in it is known by kind (授受の件)."""

    parcel_id = models.CharField(max_length=32, primary_key=True)
    parcel_no = models.CharField(max_length=12, unique=True)
    direction = models.CharField(max_length=4)
    about_no = models.CharField(max_length=40, blank=True, default="")
    other_town = models.CharField(max_length=60)
    enclosed = ArrayField(models.CharField(max_length=20))
    tracking_no = models.CharField(max_length=13, blank=True, default="")
    state = models.CharField(max_length=16)
    last_actor = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "dispatch_parcel"
        constraints: ClassVar = [
            _known("state", ParcelState, "dispatch_parcel_state"),
            _known("direction", Direction, "dispatch_parcel_direction"),
            models.CheckConstraint(
                condition=Q(state__in=["PREPARED", "CALLED_OFF"]) | ~Q(tracking_no=""),
                name="dispatch_parcel_tracked",
            ),
        ]


class ParcelStep(models.Model):
    """One signed step of a parcel; it is never changed (授受の署名)."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="steps")
    step_no = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16)
    staff_id = models.CharField(max_length=40)
    staff_name = models.CharField(max_length=60)
    place = models.CharField(max_length=40)
    at = models.DateTimeField()
    note = models.TextField(blank=True, default="")

    class Meta:
        db_table = "dispatch_parcel_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parcel", "step_no"], name="dispatch_parcel_step_once"),
        ]


class ParcelCheck(models.Model):
    """One thing a desk has ticked (確認の記録)."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="checks")
    code = models.CharField(max_length=40)
    staff_id = models.CharField(max_length=40)
    staff_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        db_table = "dispatch_parcel_check"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parcel", "code"], name="dispatch_parcel_check_once"),
        ]
