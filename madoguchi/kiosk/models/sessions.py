"""Machines, sessions, challenges, visits (端末・利用・証明の求め・利用回数)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from madoguchi.kernel.language import Language
from madoguchi.kiosk.domain.steps import End, Mode, Step

CHANNELS = ["KIOSK", "WEB"]


class Terminal(models.Model):
    """A registered machine, or the public page as one (端末)."""

    terminal_no = models.CharField(max_length=8, primary_key=True)
    name = models.CharField(max_length=60)
    place = models.CharField(max_length=40)
    channel = models.CharField(max_length=10)
    #: Sum of the long random word the machine's browser holds; the word itself is nowhere.
    token_sum = models.CharField(max_length=64, unique=True)
    methods = ArrayField(models.CharField(max_length=10), default=list)
    registered_by = models.CharField(max_length=40)
    registered_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=40, blank=True, default="")
    stop_reason = models.TextField(blank=True, default="")
    called_at = models.DateTimeField(null=True)
    called_step = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        db_table = "kiosk_terminal"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(channel__in=CHANNELS), name="kiosk_terminal_channel"
            ),
        ]


class Session(models.Model):
    """One resident at one machine, from the start page to the last (利用).

    Who it is, what they can have and what they chose stands here only while it is open: the
    database itself refuses an ended session that still knows.
    """

    session_id = models.CharField(max_length=32, primary_key=True)
    terminal_no = models.CharField(max_length=8)
    channel = models.CharField(max_length=10)
    mode = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    step = models.CharField(max_length=10)
    end = models.CharField(max_length=10, blank=True, default="")
    person_id = models.CharField(max_length=20, blank=True, default="")
    #: The day the town took in the card's certificate; goes with the person.
    card_registered_on = models.DateField(null=True)
    offer = models.JSONField(null=True)
    choices = models.JSONField(default=dict)
    #: The paper in hand; the earlier ones of this session stand in ``kiosk_docket``.
    request_id = models.CharField(max_length=32, blank=True, default="")
    fee_yen = models.PositiveIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    #: What the resident is told, and what only the record knows.
    problems = ArrayField(models.CharField(max_length=40), default=list)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    proven_at = models.DateTimeField(null=True)
    hints = models.PositiveSmallIntegerField(default=3)
    staff_id = models.CharField(max_length=40, blank=True, default="")
    opened_at = models.DateTimeField()
    step_since = models.DateTimeField()
    touched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kiosk_session"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(step__in=[str(one) for one in Step]), name="kiosk_session_step"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=[str(one) for one in Mode])
                & Q(language__in=[str(one) for one in Language])
                & Q(channel__in=CHANNELS),
                name="kiosk_session_kind",
            ),
            models.CheckConstraint(
                condition=Q(end="", ended_at__isnull=True)
                | Q(
                    end__in=[str(one) for one in End],
                    ended_at__isnull=False,
                    person_id="",
                    card_registered_on__isnull=True,
                    offer__isnull=True,
                    choices={},
                ),
                name="kiosk_session_wiped",
            ),
            # Practice knows nobody and makes no paper.
            models.CheckConstraint(
                condition=~Q(mode="PRACTICE")
                | Q(person_id="", request_id="", proven_at__isnull=True),
                name="kiosk_session_practice",
            ),
            # One machine, one resident: the last one's things are gone before the next begins.
            models.UniqueConstraint(
                fields=["terminal_no"],
                condition=Q(end="", channel="KIOSK"),
                name="kiosk_session_alone",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["touched_at"], name="kiosk_session_open", condition=Q(end="")),
            models.Index(fields=["opened_at"], name="kiosk_session_day"),
            models.Index(fields=["proven_at"], name="kiosk_session_proven"),
        ]


class Challenge(models.Model):
    """A nonce given out once, as its sum (証明の求め)."""

    token_sum = models.CharField(max_length=64, primary_key=True)
    session_id = models.CharField(max_length=32)
    channel = models.CharField(max_length=10)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    #: Whether it came back with a proof that held: counted against the sessions each day.
    held = models.BooleanField(default=False)

    class Meta:
        db_table = "kiosk_challenge"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(held=False) | Q(used_at__isnull=False), name="kiosk_challenge_used"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["session_id"], name="kiosk_challenge_session"),
            models.Index(fields=["used_at"], name="kiosk_challenge_day"),
        ]


class Visits(models.Model):
    """How often somebody came in one mode; who it was cannot be read from it (利用回数).

    The key is an HMAC of person and mode under the server's secret key: with a new secret key
    everybody begins anew.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    last_on = models.DateField()

    class Meta:
        db_table = "kiosk_visits"
