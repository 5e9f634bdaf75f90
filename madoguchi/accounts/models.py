"""Tables of staff, their rights, second officers and what these approved (職員・権限・承認)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from madoguchi.accounts.domain import (
    ALWAYS_BEFORE,
    ApprovalState,
    DatedRight,
    Effect,
    Role,
    Rule,
    rights_on,
)
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right


class Staff(AbstractBaseUser):
    """A member of staff who signs in, or the account of a command line or machine (職員)."""

    staff_id = models.CharField("職員番号", max_length=40, unique=True)
    display_name = models.CharField(max_length=60)
    role = models.CharField(max_length=20)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    os_user = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  unique, and often none
    # Somebody else knows this password; the owner changes it before anything else.
    password_is_initial = models.BooleanField(default=False)
    # Goes up when somebody's sessions must end now: role changed, leave, lost key.
    session_stamp = models.PositiveIntegerField(default=0)

    objects = BaseUserManager["Staff"]()

    USERNAME_FIELD = "staff_id"

    class Meta:
        db_table = "accounts_staff"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="accounts_staff_role"
            ),
            models.CheckConstraint(
                condition=Q(role=Role.CLI.value, os_user__isnull=False)
                | (~Q(role=Role.CLI.value) & Q(os_user__isnull=True)),
                name="accounts_staff_os_user_is_cli",
            ),
            # Django writes ! before a password that opens nothing.
            models.CheckConstraint(
                condition=~Q(role=Role.MACHINE.value) | Q(password__startswith="!"),  # noqa: S106  no password at all
                name="accounts_staff_machine_has_no_password",
            ),
        ]

    @cached_property
    def rights(self) -> frozenset[Right]:
        """Return what this person may do today; read once per request (権限)."""
        lines = [line.value() for line in self.dated_rights.all()]
        return rights_on(Role(self.role), lines, day=clock.today())

    def get_session_auth_hash(self) -> str:
        """Tie sessions to password, role and stamp, so that a change of any ends them."""
        return self._session_hash(secret=None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Return the same under the earlier secret keys, so that a new key signs nobody out."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret=secret)

    def _session_hash(self, *, secret: str | bytes | None) -> str:
        value = f"{self.password}|{self.role}|{self.session_stamp}"
        salt = "madoguchi.accounts.session"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()


class StaffRight(models.Model):
    """One right more or less for one person, between two days (権限の個別設定・委任)."""

    id = models.BigAutoField(primary_key=True)
    staff = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        to_field="staff_id",
        db_column="staff_id",
        related_name="dated_rights",
    )
    right = models.CharField(max_length=30)
    effect = models.CharField(max_length=12)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    reason = models.CharField(max_length=200)
    given_by = models.CharField(max_length=40)
    given_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_staff_right"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(right__in=[right.value for right in Right]),
                name="accounts_staff_right_right",
            ),
            models.CheckConstraint(
                condition=Q(effect__in=[effect.value for effect in Effect]),
                name="accounts_staff_right_effect",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="accounts_staff_right_days",
            ),
            models.CheckConstraint(
                condition=~Q(effect=Effect.DELEGATED.value) | Q(valid_until__isnull=False),
                name="accounts_staff_right_delegation_ends",
            ),
        ]

    def value(self) -> DatedRight:
        """Return this line as the domain's value."""
        return DatedRight(
            right=Right(self.right),
            effect=Effect(self.effect),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


class SecondOfficerRule(models.Model):
    """What the town set for one action and when; the line set last wins (二人制の表)."""

    id = models.BigAutoField(primary_key=True)
    action = models.CharField(max_length=40)
    rule = models.CharField(max_length=12)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    reason = models.CharField(max_length=200)
    set_by = models.CharField(max_length=40)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_second_officer_rule"
        indexes: ClassVar = [
            models.Index(fields=["action", "valid_from"], name="accounts_rule_action")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rule__in=[rule.value for rule in Rule]), name="accounts_rule_rule"
            ),
            # Lifting a protection is always looked at before, whatever a page or a job asks.
            models.CheckConstraint(
                condition=~Q(action__in=sorted(action.value for action in ALWAYS_BEFORE))
                | Q(rule=Rule.BEFORE.value),
                name="accounts_rule_lifting_before",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="accounts_rule_days",
            ),
        ]


class Approval(models.Model):
    """A request to a second officer and what came of it (承認依頼)."""

    id = models.CharField(max_length=26, primary_key=True)
    action = models.CharField(max_length=40)
    subject_ref = models.CharField(max_length=80)
    rule = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    reason = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=40, null=True)  # noqa: DJ001  nobody yet is not ''
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "accounts_approval"
        indexes: ClassVar = [
            models.Index(fields=["action", "subject_ref"], name="accounts_approval_subject"),
            models.Index(
                fields=["asked_at"],
                condition=Q(state=ApprovalState.PENDING.value),
                name="accounts_approval_pending",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rule__in=[Rule.BEFORE.value, Rule.AFTERWARDS.value]),
                name="accounts_approval_rule",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="accounts_approval_two_people",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=ApprovalState.PENDING.value,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | Q(
                    state__in=[ApprovalState.APPROVED.value, ApprovalState.REJECTED.value],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="accounts_approval_decided_whole",
            ),
            models.UniqueConstraint(
                fields=["action", "subject_ref"],
                condition=Q(state=ApprovalState.PENDING.value),
                name="accounts_approval_one_pending",
            ),
        ]


class WrongCode(models.Model):
    """A wrong code typed at a machine, by account and terminal, without the code (確認コードの誤り)."""

    id = models.BigAutoField(primary_key=True)
    # Empty where no account has the id that was typed: it may have been anything.
    staff_id = models.CharField(max_length=40, blank=True)
    terminal = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        db_table = "accounts_wrong_code"
        indexes: ClassVar = [
            models.Index(fields=["staff_id", "at"], name="accounts_wrong_code_staff"),
            models.Index(fields=["terminal", "at"], name="accounts_wrong_code_terminal"),
        ]
