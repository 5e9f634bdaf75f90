"""Tables of the journeys: maps with their versions, surveys with their answers (ジャーニーの表)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from madoguchi.journeys.domain.maps import Phase
from madoguchi.journeys.domain.origins import Origin
from madoguchi.journeys.domain.surveys import Channel, Face


class MapRow(models.Model):
    """One map: a persona and a procedure (マップ)."""

    map_id = models.CharField(max_length=40, primary_key=True)
    made_by = models.TextField()
    made_on = models.DateField()

    class Meta:
        db_table = "journeys_map"


class VersionRow(models.Model):
    """One version of a map; only the newest is written to (マップの版)."""

    row_id = models.BigAutoField(primary_key=True)
    map = models.ForeignKey(MapRow, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    #: What the version stands for, such as 改革前.
    name = models.TextField()
    document = models.JSONField()
    made_by = models.TextField()
    made_on = models.DateField()

    class Meta:
        db_table = "journeys_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["map", "number"], name="journeys_version_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="journeys_version_from_one"
            ),
        ]


class SurveyRow(models.Model):
    """One survey about a phase of a map; its id is the address on the poster (アンケート)."""

    survey_id = models.CharField(max_length=26, primary_key=True)
    #: A draft of the table has no row here, so it is kept by its code.
    map_id = models.TextField()
    phase = models.TextField()
    opened_by = models.TextField()
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        db_table = "journeys_survey"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(phase__in=[one.value for one in Phase]),
                name="journeys_survey_phase",
            ),
            models.UniqueConstraint(
                fields=["map_id", "phase"], condition=models.Q(closed_on__isnull=True),
                name="journeys_survey_once",
            ),
        ]  # fmt: skip


class AnswerRow(models.Model):
    """One answer; never changed, and nothing in it says whose it is, or at what hour (回答)."""

    answer_id = models.CharField(max_length=26, primary_key=True)
    survey = models.ForeignKey(SurveyRow, on_delete=models.PROTECT, related_name="answers")
    answered_on = models.DateField()
    face = models.TextField()
    sentence = models.TextField(blank=True, default="")
    channel = models.TextField()

    class Meta:
        db_table = "journeys_answer"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(face__in=[one.value for one in Face]),
                name="journeys_answer_face",
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=[one.value for one in Channel]),
                name="journeys_answer_channel",
            ),
        ]


class ReleaseRow(models.Model):
    """One month of one source as it was drawn, once; never changed (出した報告)."""

    release_id = models.BigAutoField(primary_key=True)
    source = models.TextField()
    first_on = models.DateField()
    last_on = models.DateField()
    cases = models.IntegerField()
    drawing = models.TextField()
    #: What of it can stand in a map (``domain/figures.py``); months that left earlier have none.
    figures = models.JSONField(default=list)
    made_by = models.TextField()
    made_on = models.DateField()

    class Meta:
        db_table = "journeys_release"
        constraints: ClassVar = [
            # One report a period: whoever compares two of the same days finds the same.
            models.UniqueConstraint(fields=["source", "first_on"], name="journeys_release_once"),
            models.CheckConstraint(
                condition=models.Q(source__in=[one.value for one in Origin]),
                name="journeys_release_source",
            ),
        ]
