"""Tables of the ledger (異動履歴): versions that only grow, and who heads them.

``register_version`` is the truth. ``register_person`` points at each person's newest version
and repeats the few columns a look-up needs; the database writes it by itself from inserted
versions (a trigger of the first migration) and refuses every other writer, so the two cannot
drift apart. View ``register_current`` is the newest version of everybody.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from madoguchi.register.domain.items import Sex, Status, StayClass
from madoguchi.register.domain.reasons import NationalityGroup, Reason


def _text() -> models.TextField[str, str]:
    return models.TextField(blank=True, default="", db_default="")


def _day() -> models.DateField[date | None, date | None]:
    return models.DateField(null=True)


def _one_of(column: str, codes: type[Status | Sex | StayClass | NationalityGroup | Reason]) -> Q:
    return Q(**{f"{column}__in": [str(code) for code in codes]})


class Version(models.Model):
    """One version of one person's record: a full row, never changed (異動履歴)."""

    id = models.BigAutoField(primary_key=True)
    person_id = models.CharField(max_length=15)
    history_no = models.PositiveIntegerField()
    reason = models.CharField(max_length=24)
    effective_on = models.DateField()
    effective_written = _text()
    filed_on = _day()
    petitioned_on = _day()
    notified_by_office_on = _day()
    requested_on = _day()
    recorded_at = models.DateTimeField()
    place = models.TextField()
    terminal = models.TextField()
    staff_id = models.TextField()
    corrects_no = models.PositiveIntegerField(null=True)
    reverts_no = models.PositiveIntegerField(null=True)
    changed = ArrayField(models.TextField())

    nationality_group = models.CharField(max_length=8)
    status = models.CharField(max_length=16)
    household_no = models.CharField(max_length=15)
    relationship = _text()
    is_householder = models.BooleanField()
    seat = models.PositiveIntegerField(default=0, db_default=0)
    name = models.TextField()
    name_kana = _text()
    kana_confirmed = models.BooleanField(default=False, db_default=False)
    former_surname = _text()
    former_surname_kana = _text()
    alias = _text()
    alias_kana = _text()
    name_alphabet = _text()
    birth = _text()
    birth_sort = _day()
    sex = models.CharField(max_length=7)
    postcode = _text()
    address = _text()
    building = _text()
    honseki = _text()
    hittosha = _text()
    became_resident = _text()
    became_resident_sort = _day()
    address_since = _text()
    address_since_sort = _day()
    notified = _text()
    notified_sort = _day()
    previous_address = _text()
    resident_code = _text()
    nationality = _text()
    residence_status = _text()
    stay_until = _text()
    stay_until_sort = _day()
    stay_class = _text()
    residence_card_no = _text()
    removal_reason = _text()
    removed = _text()
    removed_sort = _day()
    move_out_to = _text()
    move_out_planned_on = _day()
    move_out_to_confirmed = _text()
    move_out_notified_on = _day()
    remarks_a = _text()
    remarks_b = _text()
    remarks_c = _text()
    extra = models.JSONField(default=dict)

    class Meta:
        db_table = "register_version"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id", "history_no"], name="register_version_history_no"
            ),
            models.CheckConstraint(condition=Q(history_no__gte=1), name="register_version_from_1"),
            models.CheckConstraint(
                condition=_one_of("reason", Reason), name="register_version_reason"
            ),
            models.CheckConstraint(
                condition=_one_of("status", Status), name="register_version_status"
            ),
            models.CheckConstraint(
                condition=_one_of("nationality_group", NationalityGroup),
                name="register_version_group",
            ),
            models.CheckConstraint(condition=_one_of("sex", Sex), name="register_version_sex"),
            models.CheckConstraint(
                condition=_one_of("stay_class", StayClass), name="register_version_stay"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["household_no"], name="register_version_household"),
            models.Index(
                fields=["residence_card_no"],
                name="register_version_card",
                condition=~Q(residence_card_no=""),
            ),
        ]


class Person(models.Model):
    """A person and the head of their history; written by the database alone (宛名番号)."""

    person_id = models.CharField(max_length=15, primary_key=True)
    version_id = models.BigIntegerField()
    history_no = models.PositiveIntegerField()
    nationality_group = models.CharField(max_length=8)
    status = models.CharField(max_length=16)
    household_no = models.CharField(max_length=15)
    is_householder = models.BooleanField(default=False, db_default=False)
    birth_sort = _day()
    resident_code = _text()

    class Meta:
        db_table = "register_person"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["resident_code"],
                name="register_person_resident_code",
                condition=~Q(resident_code=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["household_no"], name="register_person_household"),
            models.Index(fields=["birth_sort"], name="register_person_birth"),
        ]


class Draft(models.Model):
    """A change that waits for its approval: it reaches nothing, not even history (仮登録)."""

    id = models.CharField(max_length=32, primary_key=True)
    verb = models.CharField(max_length=40)
    command = models.JSONField()
    drafted_by = models.TextField()
    drafted_at = models.DateTimeField()
    state = models.CharField(max_length=8)
    #: What the second officer was asked, where the rule wants one before (accounts).
    approval_id = models.TextField(blank=True, default="", db_default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "register_draft"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "APPROVED", "STRUCK"]),
                name="register_draft_state",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["drafted_at"], name="register_draft_waiting", condition=Q(state="WAITING")
            )
        ]


class DraftPerson(models.Model):
    """Whom a waiting draft touches: nobody else may change them meanwhile (仮登録中の者)."""

    person_id = models.CharField(max_length=15, primary_key=True)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE)

    class Meta:
        db_table = "register_draft_person"


class Number(models.Model):
    """個人番号, encrypted, in this one table of the whole system (個人番号)."""

    person_id = models.CharField(max_length=15, primary_key=True)
    sealed = models.BinaryField()
    #: Keyed digest: finds a double without opening anything.
    digest = models.BinaryField(unique=True)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "register_number"


class Memo(models.Model):
    """A free note of the office about a person; never on paper; edits are kept (メモ)."""

    id = models.BigAutoField(primary_key=True)
    person_id = models.CharField(max_length=15)
    text = models.TextField(blank=True)
    replaces = models.BigIntegerField(null=True, unique=True)
    written_by = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        db_table = "register_memo"
        indexes: ClassVar = [models.Index(fields=["person_id"], name="register_memo_person")]
