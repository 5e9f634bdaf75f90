"""Lists of cards that are destroyed before a witness (カードの廃棄簿)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from madoguchi.cards.domain.disposal import Ground, Means
from madoguchi.cards.models.line import Card


class Disposal(models.Model):
    """One list: made by one, counted and witnessed by another (廃棄簿)."""

    disposal_id = models.CharField(max_length=26, primary_key=True)
    means = models.TextField()
    made_by = models.TextField()
    made_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)
    counted = models.PositiveIntegerField(null=True)
    witnessed_by = models.TextField(default="", db_default="")
    witnessed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cards_disposal"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(means__in=[one.value for one in Means]), name="cards_disposal_means"
            ),
            # Nobody is the witness of what they did themselves.
            models.CheckConstraint(
                condition=~Q(witnessed_by=F("made_by")), name="cards_disposal_two_people"
            ),
            models.CheckConstraint(
                condition=Q(witnessed_at__isnull=True)
                | (~Q(witnessed_by="") & Q(counted__isnull=False) & Q(dropped_at__isnull=True)),
                name="cards_disposal_witnessed",
            ),
        ]


class DisposalLine(models.Model):
    """One card on such a list, and on which ground (廃棄簿の1行)."""

    id = models.BigAutoField(primary_key=True)
    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="lines")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="disposals")
    ground = models.TextField()
    is_dropped = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "cards_disposal_line"
        constraints: ClassVar = [
            # A card is destroyed once.
            models.UniqueConstraint(
                fields=["card"], condition=Q(is_dropped=False), name="cards_disposal_line_one"
            ),
            models.CheckConstraint(
                condition=Q(ground__in=[one.value for one in Ground]),
                name="cards_disposal_line_ground",
            ),
        ]
