"""Tables of the moves: cases before filing, filings, who said what, follow-ups (異動の表)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from madoguchi.moves.domain.filing import Evidence, Kind, Notifier
from madoguchi.moves.domain.letters import MoveLetter
from madoguchi.moves.domain.messages import MessageKind
from madoguchi.moves.domain.post import PostSource, PostState, Way
from madoguchi.moves.domain.tasks import TaskState


class MoveCase(models.Model):
    """Somebody who is about to move in: what is known before it is filed (転入の受付).

    ``data`` is emptied when it is filed or given up: what counts then stands in the register.
    """

    case_id = models.CharField(max_length=26, primary_key=True)
    is_protected = models.BooleanField(default=False)
    place = models.TextField()
    opened_by = models.TextField()
    opened_at = models.DateTimeField()
    data = models.JSONField()
    closed_at = models.DateTimeField(null=True)
    filing_id = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "moves_case"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, filing_id="") | Q(data={}),
                name="moves_case_over_is_empty",
            )
        ]


class Draft(models.Model):
    """A move drafted at home, sealed under its own code; taken: it is a case's (下書き)."""

    #: Worked out of the code, which is kept nowhere.
    draft_id = models.CharField(max_length=32, primary_key=True)
    sealed = models.BinaryField()
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "moves_draft"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(sealed=b""),
                name="moves_draft_taken_is_empty",
            )
        ]


class Visit(models.Model):
    """What the desk knows of whoever booked before coming; nobody is named (来庁の予定).

    The booking itself is the appointments'; when it is over this row goes.
    """

    visit_id = models.CharField(max_length=26, primary_key=True)
    #: The row of the triage as it was told, its case A to H.
    key = models.TextField()
    case = models.CharField(max_length=1)
    people = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    #: Papers and cards, as codes.
    bring = ArrayField(models.TextField(), default=list)
    #: What has to be done before; told before the visit was booked.
    before = ArrayField(models.TextField(), default=list)
    first_on = models.DateField()
    deadline = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "moves_visit"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(case__in=list("ABCDEFGH"), people__gt=0, minutes__gt=0),
                name="moves_visit_known",
            )
        ]


class Filing(models.Model):
    """One filing for people who move, as it was pressed once (届出の1件)."""

    filing_id = models.CharField(max_length=26, primary_key=True)
    kind = models.TextField()
    #: Under this name the audit chain tells the register's part.
    register_filing_id = models.TextField()
    household_no = models.TextField(blank=True, default="")
    filed_on = models.DateField()
    notifier = models.TextField(blank=True, default="")
    delay_reason = models.TextField(blank=True, default="")
    ground = models.TextField(blank=True, default="")
    #: Of the room of visits: the family's cards as one run; empty: none.
    run_id = models.TextField(blank=True, default="")
    place = models.TextField()
    staff_id = models.TextField()
    filed_at = models.DateTimeField()
    reverted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "moves_filing"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in Kind]), name="moves_filing_kind"
            ),
            models.CheckConstraint(
                condition=Q(notifier__in=["", *(one.value for one in Notifier)]),
                name="moves_filing_notifier",
            ),
        ]


class FilingPerson(models.Model):
    """Whose record a filing changed, and which version it made (届出の対象者)."""

    row_id = models.BigAutoField(primary_key=True)
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="persons")
    person_id = models.TextField()
    history_no = models.PositiveIntegerField()

    class Meta:
        db_table = "moves_filing_person"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["filing", "person_id"], name="moves_filing_person_once"
            ),
            models.CheckConstraint(
                condition=Q(person_id__regex="^[0-9]{15}$"), name="moves_filing_person_no"
            ),
        ]


class FieldSource(models.Model):
    """Who said a field, when, on what evidence; the value stands in the register (項目の出どころ)."""

    row_id = models.BigAutoField(primary_key=True)
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="sources")
    person_id = models.TextField()
    item = models.TextField()
    evidence = models.TextField()
    told_by = models.TextField(blank=True, default="")
    told_on = models.DateField()
    #: The family said otherwise than the old town's data.
    differs = models.BooleanField()

    class Meta:
        db_table = "moves_field_source"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["filing", "person_id", "item"], name="moves_field_source_once"
            ),
            models.CheckConstraint(
                condition=Q(evidence__in=[one.value for one in Evidence]),
                name="moves_field_source_evidence",
            ),
        ]


class Letter(models.Model):
    """A letter a filing called for; never changed (手紙)."""

    row_id = models.BigAutoField(primary_key=True)
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="letters")
    kind = models.TextField()
    written_on = models.DateField()
    written_by = models.TextField()

    class Meta:
        db_table = "moves_letter"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in MoveLetter]), name="moves_letter_kind"
            )
        ]


class Task(models.Model):
    """One task of another section that a filing set off (関連課の用事)."""

    task_id = models.CharField(max_length=26, primary_key=True)
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="tasks")
    #: Empty: the whole household's.
    person_id = models.TextField(blank=True, default="")
    code = models.TextField()
    section = models.TextField()
    due_on = models.DateField(null=True)
    face_to_face = models.BooleanField()
    state = models.TextField(default=TaskState.OPEN.value)
    answer = models.TextField(blank=True, default="")
    seen_face_to_face = models.BooleanField(default=False)
    done_by = models.TextField(blank=True, default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "moves_task"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["filing", "person_id", "code"], name="moves_task_once"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in TaskState]), name="moves_task_state"
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN.value, done_at__isnull=True)
                | (~Q(state=TaskState.OPEN.value) & Q(done_at__isnull=False)),
                name="moves_task_done_somehow",
            ),
            # What wants eyes is not done without them.
            models.CheckConstraint(
                condition=~Q(state=TaskState.DONE.value, face_to_face=True)
                | Q(seen_face_to_face=True),
                name="moves_task_face_to_face",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["section", "state"], name="moves_task_queue")]


class PostFile(models.Model):
    """A file that came in, as it came: its bytes once, however often it comes (届いたファイル).

    What it said stands in its messages; where nothing could be taken of it, ``problems`` say why.
    """

    file_id = models.CharField(max_length=26, primary_key=True)
    source = models.TextField()
    #: As it was called the first time.
    name = models.TextField()
    sha256 = models.CharField(max_length=64)
    raw = models.BinaryField()
    came_at = models.DateTimeField()
    copies = models.PositiveIntegerField(default=1)
    problems = models.JSONField(default=list)
    #: Whose it says it is, and which; not believed, but shown.
    claims = models.TextField(blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "moves_post_file"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "sha256"], name="moves_post_file_once"),
            models.CheckConstraint(
                condition=Q(source__in=[one.value for one in PostSource]),
                name="moves_post_file_source",
            ),
        ]


class PostMessage(models.Model):
    """A message from or to another town, or a filing by the portal (町どうしの知らせ)."""

    message_id = models.CharField(max_length=26, primary_key=True)
    way = models.TextField()
    #: The other town's 団体コード, or PORTAL.
    town = models.TextField()
    kind = models.TextField()
    state = models.TextField()
    #: Of the other town where it came in; ours, once it is sealed, where it goes out.
    number = models.PositiveIntegerField(null=True)
    #: What it is about: a filing, a parcel, or itself.
    about = models.TextField(blank=True, default="")
    body = models.JSONField()
    #: Whom of our register it speaks of: the gate is asked about them each time.
    person_ids = ArrayField(models.TextField(), default=list)
    file = models.ForeignKey(PostFile, on_delete=models.PROTECT, null=True, related_name="messages")
    #: The file that goes out, signed.
    sealed = models.BinaryField(null=True)
    case_id = models.TextField(blank=True, default="")
    told_at = models.DateTimeField()
    kept_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "moves_post_message"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["way", "town", "number"], name="moves_post_message_number"
            ),
            models.UniqueConstraint(
                fields=["kind", "town", "about"],
                condition=Q(way=Way.OUT.value),
                name="moves_post_message_said_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in MessageKind])
                & Q(way__in=[one.value for one in Way])
                & Q(state__in=[one.value for one in PostState]),
                name="moves_post_message_known",
            ),
            models.CheckConstraint(
                condition=Q(way=Way.OUT.value) | Q(number__isnull=False, file__isnull=False),
                name="moves_post_message_came_in_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(state=PostState.SEALED.value)
                | Q(number__isnull=False, sealed__isnull=False),
                name="moves_post_message_sealed",
            ),
        ]


class CertificateRequest(models.Model):
    """A request for a paper 転出証明書 to another town; it names nobody (転出証明書の請求).

    Who it is for stands in the letter or the message, and there only until that has left. The
    resident comes again with the number on their slip.
    """

    request_id = models.CharField(max_length=26, primary_key=True)
    #: On the slip, in the post room, in speech.
    number = models.TextField(unique=True)
    town = models.TextField()
    #: Empty: it goes as a letter.
    message_id = models.TextField(blank=True, default="")
    #: The day of the first visit, from which on the reason for a delay is known.
    asked_on = models.DateField()
    asked_by = models.TextField()
    deadline = models.DateField(null=True)
    done_on = models.DateField(null=True)
    done_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "moves_certificate_request"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_by="")
                | Q(done_on__isnull=False) & ~Q(done_by=""),
                name="moves_certificate_request_done",
            )
        ]


class PostGap(models.Model):
    """A number that never came and about which a person asked the other town (片づけた欠番)."""

    row_id = models.BigAutoField(primary_key=True)
    town = models.TextField()
    number = models.PositiveIntegerField()
    settled_at = models.DateTimeField()
    settled_by = models.TextField()

    class Meta:
        db_table = "moves_post_gap"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["town", "number"], name="moves_post_gap_once")
        ]


class PostLine(models.Model):
    """Whether the portal and the other towns were reached, the last time (つながり)."""

    source = models.TextField(primary_key=True)
    reached_at = models.DateTimeField(null=True)
    #: Since when nothing answers; empty: it answers.
    silent_since = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        db_table = "moves_post_line"
