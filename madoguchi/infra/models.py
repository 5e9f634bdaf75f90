"""Tables of the plumbing: facts for figures, progress of long work, tries counted."""

from __future__ import annotations

from django.db import models


class Fact(models.Model):
    """Something that happened, without personal data, for figures and journeys (事実)."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    values = models.JSONField(default=dict)

    class Meta:
        db_table = "infra_fact"
        indexes = [models.Index(fields=["name", "at"], name="infra_fact_name_at")]


class LongWork(models.Model):
    """How far a long piece of work has come; it can be asked to stop (進みぐあい)."""

    id = models.CharField(max_length=32, primary_key=True)
    name = models.CharField(max_length=60)
    state = models.CharField(max_length=12)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    step = models.CharField(max_length=60, blank=True, default="")
    cancel_wanted = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "infra_long_work"


class Tries(models.Model):
    """How often something was tried within its time, by all processes together (試した回数).

    Unlogged: nobody waits for a disk, and after a crash the counting begins anew.
    """

    key = models.CharField(max_length=80, primary_key=True)
    until = models.DateTimeField()
    number = models.IntegerField()

    class Meta:
        db_table = "infra_tries"
