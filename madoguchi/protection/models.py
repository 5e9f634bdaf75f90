"""Tables of this room: measures, what they hold, unlocks, errands, blocks (支援措置・抑止)."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from madoguchi.protection.domain.blocks import Level, Process, SubjectKind
from madoguchi.protection.domain.errands import ErrandKind
from madoguchi.protection.domain.measures import Category, EndReason, MeasureState
from madoguchi.protection.domain.unlocks import UnlockState

ID = 40


def _known(field: str, values: type[StrEnum], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": list(values)}), name=name)


class Measure(models.Model):
    """One protective measure at its newest version (支援措置)."""

    measure_id = models.CharField(max_length=ID, primary_key=True)
    case_no = models.BigIntegerField(unique=True)
    state = models.CharField(max_length=12)
    version = models.IntegerField()
    applicant_id = models.CharField(max_length=ID)
    category = models.CharField(max_length=20)
    scope = ArrayField(models.CharField(max_length=20))
    accepted_on = models.DateField()
    from_town = models.CharField(max_length=6, blank=True)
    ground = models.CharField(max_length=20, blank=True)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    carried_over_on = models.DateField(null=True)
    carried_to = models.CharField(max_length=6, blank=True)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=12, blank=True)

    class Meta:
        db_table = "protection_measure"
        indexes: ClassVar = [
            models.Index(
                fields=["ends_on"], name="protection_measure_ends", condition=Q(state="FULL")
            ),
        ]
        constraints: ClassVar = [
            _known("state", MeasureState, "protection_measure_state_known"),
            _known("category", Category, "protection_measure_category_known"),
            models.CheckConstraint(
                name="protection_measure_full_has_period",
                condition=~Q(state="FULL")
                | Q(begins_on__isnull=False, ends_on__gt=F("begins_on")) & ~Q(ground=""),
            ),
            # Time alone ends nothing: an end has a day and one of the two lawful reasons.
            models.CheckConstraint(
                name="protection_measure_ended_has_reason",
                condition=(
                    Q(state="ENDED", ended_on__isnull=False, end_reason__in=list(EndReason))
                    | ~Q(state="ENDED") & Q(ended_on__isnull=True, end_reason="")
                ),
            ),
        ]


class Member(models.Model):
    """A person whom a measure holds, the applicant among them (対象者)."""

    id = models.BigAutoField(primary_key=True)
    measure = models.ForeignKey(Measure, on_delete=models.RESTRICT, related_name="members")
    person_id = models.CharField(max_length=ID)

    class Meta:
        db_table = "protection_member"
        indexes: ClassVar = [models.Index(fields=["person_id"], name="protection_member_person")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "person_id"], name="protection_member_once"),
        ]


class Held(models.Model):
    """One row for each person held now: made for fast anti-joins (いま守られている人).

    Kept by the actions in the transaction that changes a measure; the evening check and the
    tests compare it with the measures.
    """

    person_id = models.CharField(max_length=ID, primary_key=True)
    since = models.DateTimeField()

    class Meta:
        db_table = "protection_held"


class Perpetrator(models.Model):
    """Free words about the perpetrator, apart from everything else (加害者)."""

    measure = models.OneToOneField(Measure, on_delete=models.RESTRICT, primary_key=True)
    reference = models.TextField()

    class Meta:
        db_table = "protection_perpetrator"


class Forwarding(models.Model):
    """Another town that was told of a measure (転送先)."""

    id = models.BigAutoField(primary_key=True)
    measure = models.ForeignKey(Measure, on_delete=models.RESTRICT)
    town_code = models.CharField(max_length=6)
    sent_on = models.DateField()
    sent_by = models.CharField(max_length=ID)

    class Meta:
        db_table = "protection_forwarding"


class Step(models.Model):
    """One step of a measure's life; append-only (経過)."""

    id = models.BigAutoField(primary_key=True)
    measure = models.ForeignKey(Measure, on_delete=models.RESTRICT)
    version = models.IntegerField()
    name = models.CharField(max_length=20)
    state = models.CharField(max_length=12)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    at = models.DateTimeField()
    staff_id = models.CharField(max_length=ID)
    staff_name = models.CharField(max_length=60)
    second_name = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "protection_step"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "version"], name="protection_step_version_once"
            ),
        ]


class Ending(models.Model):
    """A proposal to end a measure, waiting for the second officer (終了の申請)."""

    ending_id = models.CharField(max_length=ID, primary_key=True)
    measure = models.ForeignKey(Measure, on_delete=models.RESTRICT)
    version = models.IntegerField()
    reason = models.CharField(max_length=12)
    words = models.TextField()
    state = models.CharField(max_length=10)
    proposed_by = models.CharField(max_length=ID)
    proposed_name = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=ID, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "protection_ending"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="protection_ending_two_persons",
                condition=~Q(state="GRANTED")
                | (~Q(decided_by="") & ~Q(decided_by=F("proposed_by"))),
            ),
            models.UniqueConstraint(
                fields=["measure"],
                condition=Q(state="PROPOSED"),
                name="protection_ending_one_waiting",
            ),
        ]


class Unlock(models.Model):
    """Permission for one paper of one request (一時解除)."""

    unlock_id = models.CharField(max_length=ID, primary_key=True)
    request_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    use = models.CharField(max_length=10)
    person_ids = ArrayField(models.CharField(max_length=ID))
    requester = models.CharField(max_length=20)
    reason = models.TextField()
    basis = models.CharField(max_length=64)
    state = models.CharField(max_length=10)
    proposed_by = models.CharField(max_length=ID)
    proposed_name = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    proposal_ends_at = models.DateTimeField()
    granted_by = models.CharField(max_length=ID, blank=True)
    granted_name = models.CharField(max_length=60, blank=True)
    granted_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    # Born at the moment of use and known to that use alone; the gate asks for it.
    pass_id = models.CharField(max_length=ID, null=True, unique=True)  # noqa: DJ001  unique

    class Meta:
        db_table = "protection_unlock"
        indexes: ClassVar = [models.Index(fields=["request_id"], name="protection_unlock_request")]
        constraints: ClassVar = [
            _known("state", UnlockState, "protection_unlock_state_known"),
            models.CheckConstraint(
                name="protection_unlock_two_persons",
                condition=~Q(state__in=["GRANTED", "USED"])
                | (
                    ~Q(granted_by="")
                    & ~Q(granted_by=F("proposed_by"))
                    & Q(expires_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="protection_unlock_used_has_pass",
                condition=Q(state="USED", pass_id__isnull=False, used_at__isnull=False)
                | ~Q(state="USED") & Q(pass_id__isnull=True, used_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["request_id", "kind", "use"],
                condition=Q(state__in=["PROPOSED", "GRANTED"]),
                name="protection_unlock_one_open",
            ),
        ]


class Channel(models.Model):
    """A system that must know who is protected, with its days (連携先)."""

    code = models.CharField(max_length=20, primary_key=True)
    position = models.IntegerField()
    asks_gate = models.BooleanField()
    only_for = models.CharField(max_length=12, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "protection_channel"


class Errand(models.Model):
    """A change that every system must be told of: another town's request or our own (用件)."""

    errand_id = models.CharField(max_length=ID, primary_key=True)
    kind = models.CharField(max_length=12)
    from_town = models.CharField(max_length=6, blank=True)
    reference_no = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=60)
    measure = models.ForeignKey(Measure, on_delete=models.RESTRICT, null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "protection_errand"
        indexes: ClassVar = [
            models.Index(
                fields=["received_at"], name="protection_errand_open", condition=Q(done_at=None)
            ),
        ]
        constraints: ClassVar = [
            _known("kind", ErrandKind, "protection_errand_kind_known"),
            models.CheckConstraint(
                name="protection_errand_done_has_measure",
                condition=Q(done_at__isnull=True) | Q(measure__isnull=False),
            ),
        ]


class ErrandStep(models.Model):
    """One system of one errand (連携先ごとの確認)."""

    id = models.BigAutoField(primary_key=True)
    errand = models.ForeignKey(Errand, on_delete=models.RESTRICT, related_name="steps")
    channel = models.ForeignKey(Channel, on_delete=models.RESTRICT)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "protection_errand_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["errand", "channel"], name="protection_errand_once"),
        ]


class Block(models.Model):
    """A hold on one process of one person or household (抑止)."""

    block_id = models.CharField(max_length=ID, primary_key=True)
    subject_kind = models.CharField(max_length=10)
    subject_id = models.CharField(max_length=ID)
    process = models.CharField(max_length=10)
    level = models.CharField(max_length=10)
    reason = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    open_until = models.DateTimeField(null=True)
    set_by = models.CharField(max_length=60)
    set_at = models.DateTimeField()
    cleared_by = models.CharField(max_length=60, blank=True)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "protection_block"
        indexes: ClassVar = [
            models.Index(
                fields=["subject_id"], name="protection_block_subject",
                condition=Q(cleared_at=None),
            ),
        ]  # fmt: skip
        constraints: ClassVar = [
            _known("subject_kind", SubjectKind, "protection_block_subject_known"),
            _known("process", Process, "protection_block_process_known"),
            _known("level", Level, "protection_block_level_known"),
        ]


class Setting(models.Model):
    """A local number with the day from which it counts (設定値)."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40)
    valid_from = models.DateField()
    value = models.IntegerField()

    class Meta:
        db_table = "protection_setting"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "valid_from"], name="protection_setting_once_a_day"
            ),
        ]
