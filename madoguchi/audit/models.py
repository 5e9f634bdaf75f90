"""Tables of the audit room: the entries and the head of their chain (アクセス記録)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from madoguchi.audit.domain import Kind


class AuditEntry(models.Model):
    """One look, change, sign-in or event of the system; never changed, never removed (記録)."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=8)
    staff_id = models.TextField()
    place = models.TextField()
    terminal = models.TextField()
    action = models.TextField()
    purpose = models.TextField()
    subjects = ArrayField(models.TextField())
    detail = models.JSONField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_entry"
        indexes: ClassVar = [
            GinIndex(fields=["subjects"], name="audit_entry_subjects"),
            models.Index(fields=["at"], name="audit_entry_at"),
            models.Index(fields=["staff_id", "seq"], name="audit_entry_staff"),
            models.Index(fields=["kind", "at"], name="audit_entry_kind"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="audit_entry_kind_known"
            ),
            models.CheckConstraint(condition=Q(seq__gte=1), name="audit_entry_from_one"),
        ]


class AuditHead(models.Model):
    """The end of the chain: how many entries there are and the hash of the last (先頭)."""

    id = models.SmallIntegerField(primary_key=True)
    # Random, and what the first entry builds on: it tells this chain from any other.
    start = models.CharField(max_length=64)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    anchored_on = models.DateField(null=True)

    class Meta:
        db_table = "audit_head"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="audit_head_only_one"),
        ]
