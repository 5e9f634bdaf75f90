"""Tables of visits and their matters; what was said stays with whoever said it (来庁・用件の表)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from madoguchi.visits.domain.matters import Ends
from madoguchi.visits.domain.runs import Pin, Reason, StepCode


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


class Run(models.Model):
    """The cards of a household as one run, over one day or several (家族の手続き)."""

    run_id = models.CharField(max_length=26, primary_key=True)
    household_no = models.TextField()
    reason = models.TextField()
    place = models.TextField()
    filed_on = models.DateField()
    moved_in_on = models.DateField(null=True)
    planned_out_on = models.DateField(null=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    #: When somebody said which cards are here; before that there is no plan.
    told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    #: Of the terminals' room; empty: no minutes are kept for this run.
    reservation_id = models.TextField(blank=True, default="", db_default="")
    terminal_no = models.TextField(blank=True, default="", db_default="")
    reserved_on = models.DateField(null=True)
    begins = models.PositiveSmallIntegerField(null=True)
    ends = models.PositiveSmallIntegerField(null=True)

    class Meta:
        db_table = "visits_run"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household_no"], condition=Q(closed_at__isnull=True), name="visits_run_one"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=[one.value for one in Reason]), name="visits_run_reason"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(reservation_id=""),
                name="visits_run_over_keeps_no_terminal",
            ),
        ]


class RunMember(models.Model):
    """What was said of one person's card: never a number, never a PIN (家族の一人)."""

    member_id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="members")
    person_id = models.TextField()
    position = models.PositiveSmallIntegerField()
    has_card = models.BooleanField(default=True)
    is_here = models.BooleanField(default=False)
    card_here = models.BooleanField(default=False)
    pin = models.TextField(default=Pin.KNOWN.value)
    lines_used = models.PositiveSmallIntegerField(default=0)
    wants_sign = models.BooleanField(default=True)

    class Meta:
        db_table = "visits_run_member"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "person_id"], name="visits_run_member_one"),
            models.CheckConstraint(
                condition=Q(pin__in=[one.value for one in Pin]), name="visits_run_member_pin"
            ),
            models.CheckConstraint(
                condition=Q(person_id__regex="^[0-9]{15}$"), name="visits_run_member_no"
            ),
        ]


class RunStep(models.Model):
    """A step that was done; taken back, the row stays (すんだ手順)."""

    step_id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="steps")
    person_id = models.TextField()
    code = models.TextField()
    done_at = models.DateTimeField()
    done_by = models.TextField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "visits_run_step"
        constraints: ClassVar = [
            # Nothing is done twice, whoever presses.
            models.UniqueConstraint(
                fields=["run", "person_id", "code"],
                condition=Q(undone_at__isnull=True),
                name="visits_run_step_once",
            ),
            models.CheckConstraint(
                condition=Q(code__in=[one.value for one in StepCode]), name="visits_run_step_code"
            ),
        ]
