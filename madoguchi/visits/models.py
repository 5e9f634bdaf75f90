"""Tables of visits and their matters; what was said stays with whoever said it (来庁・用件の表)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from madoguchi.visits.domain.matters import Ends


class Visit(models.Model):
    """Somebody at the counter now, with one or several matters (来庁)."""

    visit_id = models.CharField(max_length=26, primary_key=True)
    place = models.TextField()
    on = models.DateField()
    staff_id = models.TextField()
    #: Of the line's number; empty: came straight to the counter.
    ticket_id = models.TextField(blank=True, default="", db_default="")
    booked = models.BooleanField(default=False, db_default=False)
    extended = models.BooleanField()
    #: Whose matters they are; empty: not asked, a question needs nobody.
    person_id = models.TextField(blank=True, default="", db_default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "visits_visit"
        constraints: ClassVar = [
            # Nobody serves two at once.
            models.UniqueConstraint(
                fields=["staff_id"], condition=Q(ended_at__isnull=True), name="visits_visit_one"
            ),
            models.UniqueConstraint(
                fields=["ticket_id"], condition=~Q(ticket_id=""), name="visits_visit_ticket_once"
            ),
            models.CheckConstraint(
                condition=Q(person_id="") | Q(person_id__regex="^[0-9]{15}$"),
                name="visits_visit_person_no",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["place", "on"], name="visits_visit_day")]


class Matter(models.Model):
    """One matter of a visit, from the press that began it to the one that ended it (用件)."""

    matter_id = models.CharField(max_length=26, primary_key=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="matters")
    kind = models.TextField()
    planned = models.PositiveSmallIntegerField()
    ticked = ArrayField(models.TextField(), default=list, db_default=[])
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True, default="", db_default="")
    ends = models.TextField(blank=True, default="", db_default="")
    #: Empty where it was not measured: forgotten over lunch, ended another day.
    minutes = models.PositiveSmallIntegerField(null=True)

    class Meta:
        db_table = "visits_matter"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["visit"], condition=Q(ended_at__isnull=True), name="visits_matter_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="", ends="", minutes__isnull=True)
                | (Q(ended_at__gte=F("started_at"), ends__in=[one.value for one in Ends])
                   & ~Q(outcome="")),
                name="visits_matter_ended_somehow",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["ended_at"], name="visits_matter_ended")]
