"""Tables of the trips: what went out, and the end of every operation (持ち出しの表)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from madoguchi.kit.domain.merging import Outcome
from madoguchi.kit.domain.operations import Kind
from madoguchi.kit.domain.trips import TripState


class Trip(models.Model):
    """One kit that was sealed: for where, for whom, until when (持ち出し)."""

    trip_id = models.CharField(max_length=26, primary_key=True)
    area = models.TextField()
    #: Who goes first, in whose eyes it was sealed; and everybody who goes.
    officer_id = models.TextField()
    officer_ids = ArrayField(models.TextField(), default=list, db_default=[])
    sealed_by = models.TextField()
    sealed_at = models.DateTimeField()
    until = models.DateTimeField()
    file_sha256 = models.TextField()
    #: The key of the file, wrapped by the server's secret; empty once the kit is void.
    wrapped_key = models.BinaryField()
    person_ids = ArrayField(models.TextField())
    card_ids = ArrayField(models.TextField())
    state = models.TextField(default=TripState.OUT.value)
    merged_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.TextField(default="", db_default="")
    revoked_why = models.TextField(default="", db_default="")

    class Meta:
        db_table = "kit_trip"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in TripState]), name="kit_trip_state"
            ),
            # What is void can be opened by nobody any more, the office neither.
            models.CheckConstraint(
                condition=~Q(state=TripState.REVOKED.value)
                | Q(wrapped_key=b"", revoked_at__isnull=False),
                name="kit_trip_void",
            ),
        ]


class OperationRow(models.Model):
    """One operation and its one end in the town (持ち帰った操作)."""

    op_id = models.CharField(max_length=26, primary_key=True)
    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="operations")
    number = models.PositiveIntegerField()
    kind = models.TextField()
    subject = models.TextField()
    person_id = models.TextField(default="", db_default="")
    base = models.IntegerField(null=True)
    #: None for an answer to a survey: the town keeps its day, and nowhere its hour.
    at = models.DateTimeField(null=True)
    digest = models.TextField()
    #: Emptied for what nobody has to look at any more and nobody should be able to (surveys).
    payload = models.JSONField()
    outcome = models.TextField()
    #: The version its subject was left at.
    left = models.IntegerField(null=True)
    #: Why it did not go in, as codes, and what the town had then.
    codes = ArrayField(models.TextField(), default=list, db_default=[])
    town_version = models.IntegerField(null=True)
    kept_at = models.DateTimeField()
    kept_by = models.TextField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(default="", db_default="")

    class Meta:
        db_table = "kit_operation"
        indexes: ClassVar = [models.Index(fields=["trip", "number"], name="kit_operation_of_trip")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in Kind]), name="kit_operation_kind"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[one.value for one in Outcome]),
                name="kit_operation_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.CONFLICT.value) | ~Q(codes=[]),
                name="kit_operation_reason",
            ),
        ]


class OfficerWord(models.Model):
    """The word an officer set for their next trip: stretched, used up by one sealing (合言葉)."""

    staff_id = models.TextField(primary_key=True)
    salt = models.TextField()
    digest = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        db_table = "kit_officer_word"


class Release(models.Model):
    """Protected people whom one officer asks to take along on one trip (持ち出しの解除の申請).

    Whether a second officer agreed stands in the room of protection, under this trip.
    """

    trip_id = models.CharField(max_length=26, primary_key=True)
    area = models.TextField()
    person_ids = ArrayField(models.TextField())
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kit_release"
