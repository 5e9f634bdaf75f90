"""Tables of shared use: who takes part, and when work would disturb them (共同利用の表)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Neighbour(models.Model):
    """A town that takes part in shared work (参加団体); nothing: not known."""

    name = models.CharField(max_length=60, primary_key=True)
    population = models.PositiveIntegerField(null=True)
    uses = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "csops_neighbour"


class Proposed(models.Model):
    """A peak or a quiet span a town has told (申し出)."""

    row_id = models.BigAutoField(primary_key=True)
    town = models.ForeignKey(Neighbour, on_delete=models.CASCADE, related_name="proposed")
    kind = models.CharField(max_length=5)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "csops_proposed"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["PEAK", "QUIET"]), name="csops_proposed_kind"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")), name="csops_proposed_in_order"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["begins_at"], name="csops_proposed_begins")]
