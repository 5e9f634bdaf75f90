"""The table of keys: a hash of each, never the key (鍵の表)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from madoguchi.tokens.domain import NAME_MAX, SECTION_MAX


class Token(models.Model):
    """A key another system holds (他システムの鍵)."""

    token_id = models.CharField(max_length=26, primary_key=True)
    name = models.CharField(max_length=NAME_MAX)
    # SHA-256 of 32 random bytes: there is nothing to guess, so nothing to make slow.
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=30))
    section = models.CharField(max_length=SECTION_MAX, blank=True)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_by = models.CharField(max_length=40, blank=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "tokens_token"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="tokens_token_ends"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by="")),
                name="tokens_token_revoked_whole",
            ),
        ]
