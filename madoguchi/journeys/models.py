"""Tables of the maps (ジャーニーマップの表): a map and its versions, each a whole document."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


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
