"""Tables of the addressees: lists, their rows, what people decided, what was written back (表)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from madoguchi.addressees.domain.worklist import Means, State


class List(models.Model):
    """A list taken in once (リスト)."""

    list_id = models.CharField(max_length=26, primary_key=True)
    name = models.TextField()
    file_sum = models.CharField(max_length=64)
    rules_version = models.TextField()
    #: Which number of the register its rows carry, where they carry one.
    number_kind = models.TextField(blank=True, default="", db_default="")
    rows = models.PositiveIntegerField()
    taken_by = models.TextField()
    taken_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    #: Its rows are gone; what is left says that there was a list, and how long.
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "addressees_list"
        constraints: ClassVar = [
            # The same file is not worked off twice at once.
            models.UniqueConstraint(
                fields=["file_sum"],
                condition=Q(closed_at__isnull=True),
                name="addressees_list_once",
            ),
        ]


class Entry(models.Model):
    """One row of a list as it was written, and who it is (リストの1行)."""

    entry_id = models.CharField(max_length=26, primary_key=True)
    listed = models.ForeignKey(
        List, on_delete=models.PROTECT, related_name="entries", db_column="list_id"
    )
    line = models.PositiveIntegerField()
    row_id = models.TextField()
    name = models.TextField(blank=True)
    kana = models.TextField(blank=True)
    birth = models.TextField(blank=True)
    address = models.TextField(blank=True)
    number = models.TextField(blank=True, default="", db_default="")
    notice_no = models.TextField(blank=True, default="", db_default="")
    #: What the list itself said of the person.
    standing = models.PositiveSmallIntegerField(default=0, db_default=0)
    is_held = models.BooleanField(default=False, db_default=False)
    #: What our copy of the 送付先 says now; at first what the list said.
    sent_to = models.TextField(blank=True)
    #: The version of the person's record by which nothing was left to type; 0: not looked yet.
    settled_no = models.PositiveIntegerField(default=0, db_default=0)
    state = models.CharField(max_length=8)
    means = models.CharField(max_length=12, blank=True, default="", db_default="")
    person_id = models.TextField(blank=True, default="", db_default="")
    bits = models.FloatField(default=0.0, db_default=0.0)
    margin = models.FloatField(default=0.0, db_default=0.0)
    vetoes = ArrayField(models.TextField(), default=list, db_default=[])
    #: The best of the register, best first: person, bits, level and bits of each item.
    candidates = models.JSONField(default=list)
    first_by = models.TextField(blank=True, default="", db_default="")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "addressees_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["listed", "row_id"], name="addressees_entry_once"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in State]), name="addressees_entry_state"
            ),
            models.CheckConstraint(
                condition=Q(means__in=[one.value for one in Means]), name="addressees_entry_means"
            ),
            models.CheckConstraint(
                condition=Q(person_id="") | Q(person_id__regex="^[0-9]{15}$"),
                name="addressees_entry_person_no",
            ),
            # Linked or waiting for the second is somebody; decided is decided somehow.
            models.CheckConstraint(
                condition=~Q(state="LINKED") | (~Q(person_id="") & ~Q(means="")),
                name="addressees_entry_linked",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["REVIEW", "NOBODY"]) | Q(person_id=""),
                name="addressees_entry_nobody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["listed", "state", "line"], name="addressees_entry_queue"),
            models.Index(
                fields=["person_id"], name="addressees_entry_person", condition=~Q(person_id="")
            ),
        ]


class Choice(models.Model):
    """One decision of one person, kept as a label; taken back it stays (判断)."""

    choice_id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="choices")
    #: Empty: none of them.
    person_id = models.TextField(blank=True)
    is_second = models.BooleanField(default=False)
    chosen_by = models.TextField()
    chosen_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    #: What the entry was before, so that it can be taken back.
    before = models.JSONField(default=dict)

    class Meta:
        db_table = "addressees_choice"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("chosen_at")),
                name="addressees_choice_undone_later",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["chosen_at"], name="addressees_choice_at")]


class Label(models.Model):
    """What a person said of a pair, of a list whose rows are gone: no name, no number (判断の記録)."""

    label_id = models.BigAutoField(primary_key=True)
    levels = models.JSONField()
    same = models.BooleanField(null=True)

    class Meta:
        db_table = "addressees_label"


class WriteBack(models.Model):
    """Addresses brought up to date in one go; it can be taken back (書き戻し)."""

    write_back_id = models.CharField(max_length=26, primary_key=True)
    listed = models.ForeignKey(
        List, on_delete=models.PROTECT, related_name="write_backs", db_column="list_id"
    )
    written_by = models.TextField()
    written_at = models.DateTimeField()
    undone_by = models.TextField(blank=True, default="", db_default="")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "addressees_write_back"


class WriteBackRow(models.Model):
    """One address before and after (書き戻しの1行)."""

    row_id = models.BigAutoField(primary_key=True)
    write_back = models.ForeignKey(WriteBack, on_delete=models.PROTECT, related_name="changes")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="write_backs")
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        db_table = "addressees_write_back_row"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["write_back", "entry"], name="addressees_write_back_row_once"
            ),
        ]


class StayRow(models.Model):
    """Where somebody really is for a time (居所情報)."""

    stay_id = models.CharField(max_length=26, primary_key=True)
    person_id = models.TextField()
    address = models.TextField()
    since = models.DateField()
    until = models.DateField(null=True)
    noted_by = models.TextField()
    noted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "addressees_stay"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(ended_at__isnull=True), name="addressees_stay_one"
            ),
            models.CheckConstraint(
                condition=Q(person_id__regex="^[0-9]{15}$"), name="addressees_stay_person_no"
            ),
        ]


class Learnt(models.Model):
    """Weights learned from decided rows; the newest adopted ones count (学んだ重み)."""

    learnt_id = models.CharField(max_length=26, primary_key=True)
    weights = models.JSONField()
    labels = models.PositiveIntegerField()
    pairs = models.PositiveIntegerField()
    learnt_by = models.TextField()
    learnt_at = models.DateTimeField()
    adopted_by = models.TextField(blank=True, default="", db_default="")
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "addressees_learnt"


def _key() -> models.TextField[str, str]:
    return models.TextField(db_collation="C")


def _code(*, is_index: bool = False) -> models.BigIntegerField[int, int]:
    return models.BigIntegerField(db_index=is_index)


class Key(models.Model):
    """One name of one person of the register as keys, made from one version of them (照合キー).

    Derived, never the truth: keys of an older version or of other rules are made anew. They hold
    personal data of everybody, protected people too, and leave this room for nobody.
    """

    key_id = models.BigAutoField(primary_key=True)
    person_id = models.TextField()
    name_no = models.PositiveSmallIntegerField()
    #: Version of the key rules with a sum of the place names; version of the record.
    rules = models.TextField()
    version_no = models.PositiveIntegerField()
    whole = _key()
    surname = _key()
    given = _key()
    loose_surname = _key()
    loose_given = _key()
    kana = _key()
    municipality = _key()
    town = _key()
    part = _key()
    lot = _key()
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()
    #: One number a candidate pass, 0 where nothing is known: what a list meets the register by.
    by_name = _code(is_index=True)
    by_birth = _code(is_index=True)
    by_kana = _code(is_index=True)
    by_surname_and_month = _code(is_index=True)
    by_given_and_year = _code(is_index=True)
    by_given_and_day = _code(is_index=True)
    by_place_and_given = _code(is_index=True)
    by_name_found = _code(is_index=True)
    #: Values whose commonness weighs, beside those that are a pass of their own.
    of_surname = _code()
    of_given = _code()
    of_place = _code()

    class Meta:
        db_table = "addressees_key"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person_id", "name_no"], name="addressees_key_once"),
        ]
        indexes: ClassVar = [
            # A name nobody could cut is cut by the names of the others, each time.
            models.Index(fields=["key_id"], name="addressees_key_uncut", condition=Q(surname="")),
        ]
