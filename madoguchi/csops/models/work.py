"""Tables of the work at the CS; a restore test, once noted, stays as it is (CSの作業の表)."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from madoguchi.csops.domain.work import AssetKind, WorkKind, WorkState


def _one_of(field: str, values: type[StrEnum], name: str) -> models.CheckConstraint:
    allowed = Q(**{f"{field}__in": [one.value for one in values]})
    return models.CheckConstraint(condition=allowed, name=name)


class AssetRow(models.Model):
    """What the CS is made of (資産)."""

    asset_id = models.CharField(max_length=26, primary_key=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    count = models.PositiveSmallIntegerField(default=1)
    procured_on = models.DateField()
    support_until = models.DateField()
    note = models.CharField(max_length=300, blank=True, default="")
    retired_on = models.DateField(null=True)

    class Meta:
        db_table = "csops_asset"
        constraints: ClassVar = [
            _one_of("kind", AssetKind, "csops_asset_kind"),
            models.CheckConstraint(
                condition=Q(support_until__gte=F("procured_on")), name="csops_asset_support"
            ),
        ]


class Work(models.Model):
    """An update or a monthly backup (CSの作業)."""

    work_id = models.CharField(max_length=26, primary_key=True)
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=60)
    planned_on = models.DateField()
    state = models.CharField(max_length=12, default=WorkState.PLANNED.value)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=300, blank=True, default="")
    #: The evidence stays where it is; what is kept is by which hash it is known.
    evidence_name = models.CharField(max_length=120, blank=True, default="")
    evidence_sha256 = models.CharField(max_length=64, blank=True, default="")
    place = models.CharField(max_length=60, blank=True, default="")
    size_bytes = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        db_table = "csops_work"
        constraints: ClassVar = [
            _one_of("kind", WorkKind, "csops_work_kind"),
            _one_of("state", WorkState, "csops_work_state"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("began_at")),
                name="csops_work_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(kind=WorkKind.BACKUP.value, state=WorkState.DONE.value)
                | (Q(size_bytes__gt=0) & ~Q(place="") & Q(sha256__regex="^[0-9a-f]{64}$")),
                name="csops_work_backup_has_copy",
            ),
        ]


class WorkStep(models.Model):
    """One step of the run-book as it stood when the work was planned (手順)."""

    step_id = models.BigAutoField(primary_key=True)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        db_table = "csops_work_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["work", "number"], name="csops_work_step_once")
        ]


class RestoreTest(models.Model):
    """A try to read a copy back; never changed (復元テスト)."""

    test_id = models.BigAutoField(primary_key=True)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="tests")
    tested_on = models.DateField()
    restored = models.BooleanField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True, default="")
    tested_by = models.CharField(max_length=40)

    class Meta:
        db_table = "csops_restore_test"


class HoursWorked(models.Model):
    """Who worked at it from when to when (作業の時間)."""

    row_id = models.BigAutoField(primary_key=True)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="hours")
    staff_id = models.CharField(max_length=40)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        db_table = "csops_hours_worked"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("began_at")), name="csops_hours_worked_in_order"
            )
        ]


class Incident(models.Model):
    """Something that went wrong at the CS, and how it was mended (障害)."""

    incident_id = models.CharField(max_length=26, primary_key=True)
    happened_at = models.DateTimeField()
    what = models.CharField(max_length=300)
    noted_by = models.CharField(max_length=40)
    mended_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        db_table = "csops_incident"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(mended_at__isnull=True) | Q(mended_at__gte=F("happened_at")),
                name="csops_incident_in_order",
            )
        ]
