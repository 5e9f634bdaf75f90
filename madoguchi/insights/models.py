"""Tables of the figures: what was taken in, and what the calculation takes for granted (表)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from madoguchi.insights.domain.campaigns import CampaignKind, Counted
from madoguchi.insights.domain.counting import Channel


class Table(models.Model):
    """A table of counts taken in once; taken back it stays, and counts no more (取り込んだ表)."""

    table_id = models.CharField(max_length=26, primary_key=True)
    name = models.TextField()
    file_sum = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    taken_by = models.TextField()
    taken_at = models.DateTimeField()
    undone_by = models.TextField(blank=True, default="", db_default="")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "insights_table"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["file_sum"],
                condition=Q(undone_at__isnull=True),
                name="insights_table_once",
            ),
        ]


class Count(models.Model):
    """One row of a table: so many papers of a year or month, a kind and a channel (件数の行)."""

    count_id = models.BigAutoField(primary_key=True)
    table = models.ForeignKey(Table, on_delete=models.PROTECT, related_name="counts")
    place = models.TextField()
    fiscal_year = models.PositiveSmallIntegerField()
    #: Of the calendar, 1 to 12; none where the row is of the whole year.
    month = models.PositiveSmallIntegerField(null=True)
    #: Months in service, where the row is of a whole year.
    months = models.PositiveSmallIntegerField(null=True)
    kind = models.TextField(blank=True)
    channel = models.CharField(max_length=12)
    issues = models.PositiveIntegerField()
    #: The monthly mean as a report printed it, on the channel's row of the year.
    printed_mean = models.DecimalField(max_digits=15, decimal_places=6, null=True)

    class Meta:
        db_table = "insights_count"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(channel__in=[one.value for one in Channel]),
                name="insights_count_channel",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True, months__gte=1, months__lte=12)
                | Q(months__isnull=True, month__gte=1, month__lte=12),
                name="insights_count_month",
            ),
            models.UniqueConstraint(
                fields=["table", "fiscal_year", "month", "kind", "channel"],
                nulls_distinct=False,
                name="insights_count_once",
            ),
        ]


class Premise(models.Model):
    """What one issue and one year cost, from a fiscal year on, and who says so (前提の値).

    Rows are added, never changed: the newest of a channel and year counts.
    """

    premise_id = models.BigAutoField(primary_key=True)
    channel = models.CharField(max_length=12)
    from_year = models.PositiveSmallIntegerField()
    seconds = models.DecimalField(max_digits=12, decimal_places=3)
    yen_per_hour = models.DecimalField(max_digits=12, decimal_places=3)
    fixed_yen = models.DecimalField(max_digits=15, decimal_places=3)
    yen_per_issue = models.DecimalField(max_digits=12, decimal_places=3)
    cashable_percent = models.DecimalField(max_digits=6, decimal_places=3)
    resident_minutes = models.DecimalField(max_digits=12, decimal_places=3)
    resident_yen_per_hour = models.DecimalField(max_digits=12, decimal_places=3)
    ferry_yen = models.DecimalField(max_digits=12, decimal_places=3)
    ferry_percent = models.DecimalField(max_digits=6, decimal_places=3)
    source = models.TextField()
    set_by = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        db_table = "insights_premise"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(channel__in=["store", "kiosk"]), name="insights_premise_channel"
            ),
            models.CheckConstraint(
                condition=Q(cashable_percent__lte=100, ferry_percent__lte=100),
                name="insights_premise_percent",
            ),
            models.CheckConstraint(
                condition=Q(
                    seconds__gte=0,
                    yen_per_hour__gte=0,
                    fixed_yen__gte=0,
                    yen_per_issue__gte=0,
                    cashable_percent__gte=0,
                    resident_minutes__gte=0,
                    resident_yen_per_hour__gte=0,
                    ferry_yen__gte=0,
                    ferry_percent__gte=0,
                ),
                name="insights_premise_not_negative",
            ),
        ]


class CampaignRow(models.Model):
    """A class, a fair or a spot (催し)."""

    campaign_id = models.CharField(max_length=26, primary_key=True)
    name = models.TextField()
    kind = models.CharField(max_length=8)
    begins_on = models.DateField()
    ends_on = models.DateField()
    #: None: nobody has said what it cost.
    cost_yen = models.PositiveIntegerField(null=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "insights_campaign"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in CampaignKind]),
                name="insights_campaign_kind",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("begins_on")), name="insights_campaign_days"
            ),
        ]


class CampaignCount(models.Model):
    """So many came, or came back, on a day; a wrong one is taken back by another (催しの数)."""

    count_id = models.BigAutoField(primary_key=True)
    campaign = models.ForeignKey(CampaignRow, on_delete=models.PROTECT, related_name="counted")
    what = models.CharField(max_length=12)
    on = models.DateField()
    number = models.PositiveIntegerField()
    counted_by = models.TextField()
    counted_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "insights_campaign_count"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(what__in=[one.value for one in Counted]),
                name="insights_campaign_count_what",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "on"], name="insights_campaign_counts"),
        ]
