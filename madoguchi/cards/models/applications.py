"""Applications, trips, and envelopes nobody may open before the terminal (申請・出張・封筒)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from madoguchi.cards.domain.applications import ApplicationState, Delivery
from madoguchi.cards.domain.card import APPLICATION_NO_PATTERN
from madoguchi.cards.domain.pin_sheets import LABEL_PATTERN, OVER, SheetState

_LIVE = [ApplicationState.PLANNED.value, ApplicationState.TAKEN.value]
_KEPT_SHEETS = [one.value for one in SheetState if one not in OVER]


class Trip(models.Model):
    """A day on which applications are taken somewhere else, even a single one (出張申請)."""

    trip_id = models.CharField(max_length=26, primary_key=True)
    on = models.DateField()
    where = models.TextField()
    note = models.TextField(default="", db_default="")
    made_by = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "cards_trip"


class Application(models.Model):
    """One application for a card, as far as the town has part in it (申請)."""

    application_id = models.CharField(max_length=26, primary_key=True)
    #: 23 digits that J-LIS gave the form; empty while nobody knows them.
    application_no = models.TextField(default="", db_default="")
    person_id = models.TextField()
    visit_kind = models.TextField(default="", db_default="")
    visitor = models.TextField(default="", db_default="")
    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, null=True, related_name="people")
    state = models.TextField()
    delivery = models.TextField(default="", db_default="")
    #: Kinds of documents that were shown: never a number, never a copy.
    documents = ArrayField(models.TextField(), default=list, db_default=[])
    planned_by = models.TextField(default="", db_default="")
    taken_at = models.DateTimeField(null=True)
    taken_by = models.TextField(default="", db_default="")
    sent_on = models.DateField(null=True)
    sent_by = models.TextField(default="", db_default="")
    version = models.PositiveIntegerField(default=1, db_default=1)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "cards_application"
        indexes: ClassVar = [
            models.Index(fields=["state", "changed_at"], name="cards_application_state")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application_no"],
                condition=~Q(application_no=""),
                name="cards_application_no_one",
            ),
            # Two open applications of one person end as two cards, and one of them is void.
            models.UniqueConstraint(
                fields=["person_id"],
                condition=Q(state__in=_LIVE),
                name="cards_application_open_one",
            ),
            models.CheckConstraint(
                condition=Q(application_no="") | Q(application_no__regex=APPLICATION_NO_PATTERN),
                name="cards_application_no_form",
            ),
            models.CheckConstraint(
                condition=Q(person_id__regex="^[0-9]{15}$"), name="cards_application_person"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in ApplicationState]),
                name="cards_application_state_known",
            ),
            models.CheckConstraint(
                condition=Q(delivery__in=["", *(one.value for one in Delivery)]),
                name="cards_application_delivery",
            ),
            # What was taken, was taken by somebody, some way to receive it was agreed.
            models.CheckConstraint(
                condition=~Q(state__in=["TAKEN", "SENT"])
                | (Q(taken_at__isnull=False) & ~Q(taken_by="") & ~Q(delivery="")),
                name="cards_application_taken",
            ),
            models.CheckConstraint(
                condition=~Q(state="SENT")
                | (Q(sent_on__isnull=False) & ~Q(sent_by="") & ~Q(application_no="")),
                name="cards_application_sent",
            ),
        ]


class PinSheet(models.Model):
    """A closed envelope with a wish for PINs; what is in it is not here (暗証番号設定依頼書)."""

    sheet_id = models.CharField(max_length=26, primary_key=True)
    label = models.TextField()
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="sheets")
    state = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "cards_pin_sheet"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["label"], condition=Q(state__in=_KEPT_SHEETS), name="cards_pin_sheet_label"
            ),
            models.CheckConstraint(
                condition=Q(label__regex=LABEL_PATTERN), name="cards_pin_sheet_label_form"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in SheetState]),
                name="cards_pin_sheet_state",
            ),
        ]


class PinSheetStep(models.Model):
    """Who had an envelope when; only ever added to (封筒の受渡し)."""

    id = models.BigAutoField(primary_key=True)
    sheet = models.ForeignKey(PinSheet, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    staff_id = models.TextField()
    state = models.TextField()
    witnessed_by = models.TextField(default="", db_default="")

    class Meta:
        db_table = "cards_pin_sheet_step"
        indexes: ClassVar = [models.Index(fields=["sheet", "id"], name="cards_pin_sheet_step_of")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="DESTROYED")
                | (~Q(witnessed_by="") & ~Q(witnessed_by=models.F("staff_id"))),
                name="cards_pin_sheet_witness",
            ),
        ]
