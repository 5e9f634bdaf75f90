"""Tables of the residence checks: case, people, answers, visits, letters (居住実態の確認の表)."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from madoguchi.residence.domain.case import (
    LetterKind,
    Lives,
    Outcome,
    Seen,
    Source,
    State,
    Trigger,
)
from madoguchi.residence.domain.notices import Ground, Way


def _one_of(field: str, kind: type[StrEnum], name: str, *more: str) -> models.CheckConstraint:
    known = [*(one.value for one in kind), *more]
    return models.CheckConstraint(condition=Q(**{f"{field}__in": known}), name=name)


class Case(models.Model):
    """One check about people of one household (確認の事案)."""

    case_id = models.CharField(max_length=26, primary_key=True)
    household_no = models.TextField()
    trigger = models.TextField()
    opened_by = models.TextField()
    opened_on = models.DateField()
    state = models.TextField(default=State.OPEN.value)
    outcome = models.TextField(blank=True, default="")
    reason = models.TextField(blank=True, default="")
    proposed_by = models.TextField(blank=True, default="")
    #: Names one proposal: an approval of an earlier one opens nothing.
    proposal_id = models.TextField(blank=True, default="")
    closed_by = models.TextField(blank=True, default="")
    closed_on = models.DateField(null=True)
    register_filing_id = models.TextField(blank=True, default="")

    class Meta:
        db_table = "residence_case"
        constraints: ClassVar = [
            _one_of("trigger", Trigger, "residence_case_trigger"),
            _one_of("state", State, "residence_case_state"),
            _one_of("outcome", Outcome, "residence_case_outcome", ""),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED.value, closed_on__isnull=False)
                | (~Q(state=State.CLOSED.value) & Q(closed_on__isnull=True)),
                name="residence_case_closed_somehow",
            ),
            models.UniqueConstraint(
                fields=["household_no"], condition=~Q(state=State.CLOSED.value),
                name="residence_case_once",
            ),
        ]  # fmt: skip


class CasePerson(models.Model):
    """Whom a case is about (対象者)."""

    row_id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="persons")
    person_id = models.TextField()

    class Meta:
        db_table = "residence_case_person"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "person_id"], name="residence_case_person_once"
            ),
            models.CheckConstraint(
                condition=Q(person_id__regex="^[0-9]{15}$"), name="residence_case_person_no"
            ),
        ]


class EvidenceRow(models.Model):
    """One answer of one source; never changed (確認の答え)."""

    row_id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    source = models.TextField()
    #: As it stood in the table on the day somebody asked.
    basis = models.TextField()
    asked_on = models.DateField()
    lives = models.TextField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    noted_by = models.TextField()

    class Meta:
        db_table = "residence_evidence"
        constraints: ClassVar = [
            _one_of("source", Source, "residence_evidence_source"),
            _one_of("lives", Lives, "residence_evidence_lives"),
        ]


class VisitRow(models.Model):
    """Two officers at the door; never changed (訪問)."""

    row_id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="visits")
    visited_on = models.DateField()
    officers = models.JSONField()
    seen = models.TextField()
    noted_by = models.TextField()

    class Meta:
        db_table = "residence_visit"
        constraints: ClassVar = [_one_of("seen", Seen, "residence_visit_seen")]


class NoticeRow(models.Model):
    """A notice of a removal: a letter, or a posting in public (消除の通知・公示).

    Of a posting it keeps the days and who put it up and took it down, each written once.
    """

    notice_id = models.CharField(max_length=26, primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    way = models.TextField()
    made_on = models.DateField()
    made_by = models.TextField()
    #: Of a letter: its number in the post room and whom it goes to.
    about_no = models.TextField(blank=True, default="")
    person_id = models.TextField(blank=True, default="")
    #: Of a posting: why, and the rule of the day it was made.
    ground = models.TextField(blank=True, default="")
    hangs_days = models.PositiveSmallIntegerField(null=True)
    place = models.TextField(blank=True, default="")
    put_up_on = models.DateField(null=True)
    put_up_by = models.TextField(blank=True, default="")
    taken_down_on = models.DateField(null=True)
    taken_down_by = models.TextField(blank=True, default="")
    given_up_on = models.DateField(null=True)
    given_up_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "residence_notice"
        constraints: ClassVar = [
            _one_of("way", Way, "residence_notice_way"),
            _one_of("ground", Ground, "residence_notice_ground", ""),
            models.CheckConstraint(
                condition=Q(way=Way.LETTER.value, ground="", hangs_days__isnull=True,
                            put_up_on__isnull=True)
                & ~Q(about_no="") & ~Q(person_id="")
                | Q(way=Way.POSTING.value, about_no="", person_id="", hangs_days__isnull=False,
                    hangs_days__gt=0)
                & ~Q(ground="") & ~Q(place=""),
                name="residence_notice_one_way",
            ),
            models.CheckConstraint(
                condition=(Q(put_up_on__isnull=True, put_up_by="")
                           | Q(put_up_on__isnull=False) & ~Q(put_up_by=""))
                & (Q(taken_down_on__isnull=True, taken_down_by="")
                   | Q(taken_down_on__isnull=False, put_up_on__isnull=False,
                       taken_down_on__gte=F("put_up_on")) & ~Q(taken_down_by=""))
                & (Q(given_up_on__isnull=True, given_up_by="")
                   | Q(given_up_on__isnull=False, put_up_on__isnull=True) & ~Q(given_up_by="")),
                name="residence_notice_days",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(way=Way.POSTING.value, given_up_on__isnull=True),
                name="residence_notice_posting_once",
            ),
            models.UniqueConstraint(
                fields=["about_no"], condition=~Q(about_no=""), name="residence_notice_about"
            ),
        ]  # fmt: skip


class LetterRow(models.Model):
    """A letter that was drawn, or given to the post room; never changed (手紙)."""

    row_id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    kind = models.TextField()
    drawn_on = models.DateField()
    answer_by = models.DateField()
    drawn_by = models.TextField()
    #: Of the post room, which knows whether it has left; empty: handed over or sent by hand.
    about_no = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "residence_letter"
        constraints: ClassVar = [_one_of("kind", LetterKind, "residence_letter_kind")]
