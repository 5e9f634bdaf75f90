"""Boxes, cards, what is wrong with them, what happened to them, and where they lie (カードの管理)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, F, Q

from madoguchi.cards.domain.card import (
    APPLICATION_NO_PATTERN,
    NOTICE_NO_PATTERN,
    CardKind,
    CardState,
    SetupOutcome,
)

#: A card that has no place in the cabinet.
AWAY = ExpressionWrapper(Q(shelf_order=""), output_field=models.BooleanField())
_KEPT = [one.value for one in CardState if one.is_kept]


class Box(models.Model):
    """A box as it came from the maker: counted in, emptied, counted out, disposed of (箱)."""

    box_no = models.TextField(primary_key=True)
    received_on = models.DateField()
    place = models.TextField()
    #: How many the delivery note says, and how many lay in it when somebody counted.
    told_count = models.PositiveIntegerField(null=True)
    counted_in = models.PositiveIntegerField(null=True)
    counted_out = models.PositiveIntegerField(null=True)
    opened_by = models.TextField()
    opened_at = models.DateTimeField()
    emptied_at = models.DateTimeField(null=True)
    emptied_by = models.TextField(default="", db_default="")
    disposed_on = models.DateField(null=True)
    disposed_how = models.TextField(default="", db_default="")
    disposed_by = models.TextField(default="", db_default="")
    witnessed_by = models.TextField(default="", db_default="")

    class Meta:
        db_table = "cards_box"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(emptied_at__isnull=True)
                | (Q(counted_in__isnull=False) & Q(counted_out=F("counted_in"))),
                name="cards_box_count_in_is_count_out",
            ),
            models.CheckConstraint(
                condition=Q(disposed_on__isnull=True)
                | (Q(emptied_at__isnull=False) & ~Q(disposed_how="") & ~Q(disposed_by="")),
                name="cards_box_disposed_when_empty",
            ),
            models.CheckConstraint(
                condition=Q(box_no__regex="^[0-9A-Z-]{1,20}$"), name="cards_box_no"
            ),
        ]


class BoxLine(models.Model):
    """A line of the list that came with a box: which card is said to lie in it (送付一覧の1行)."""

    id = models.BigAutoField(primary_key=True)
    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="lines")
    line_no = models.PositiveIntegerField()
    notice_no = models.TextField()
    application_no = models.TextField(default="", db_default="")
    kind = models.TextField()
    printed_name = models.TextField()
    printed_kana = models.TextField(default="", db_default="")
    printed_birth = models.DateField(null=True)
    printed_address = models.TextField(default="", db_default="")
    made_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)

    class Meta:
        db_table = "cards_box_line"
        indexes: ClassVar = [models.Index(fields=["notice_no"], name="cards_box_line_notice")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["box", "notice_no"], name="cards_box_line_one"),
            models.CheckConstraint(
                condition=Q(notice_no__regex=NOTICE_NO_PATTERN), name="cards_box_line_notice_no"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in CardKind]), name="cards_box_line_kind"
            ),
        ]


class Shelf(models.Model):
    """One shelf of the cabinet from a day on: how many cards stand on it, in which order (棚)."""

    shelf_id = models.BigAutoField(primary_key=True)
    cabinet = models.TextField()
    shelf_no = models.PositiveSmallIntegerField()
    places = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "cards_shelf"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cabinet", "shelf_no", "valid_from"], name="cards_shelf_from"
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1, places__lte=999, shelf_no__gte=1, shelf_no__lte=99),
                name="cards_shelf_places",
            ),
            models.CheckConstraint(
                condition=Q(cabinet__regex="^[A-Z]{1,2}$"), name="cards_shelf_cabinet"
            ),
        ]


class Card(models.Model):
    """One card: who it is for, where it lies, what was done to it (カード1枚).

    No 個人番号, no PIN, no photograph: there is no column for them.
    """

    card_id = models.CharField(max_length=26, primary_key=True)
    #: Empty only in rows taken over from a town's old ledger that never had one.
    notice_no = models.TextField(default="", db_default="")
    application_no = models.TextField(default="", db_default="")
    person_id = models.TextField(default="", db_default="")
    kind = models.TextField()
    state = models.TextField()
    box = models.ForeignKey(Box, on_delete=models.PROTECT, null=True, related_name="cards")
    #: C-2-07; empty when the card lies in no place of ours any more.
    shelf = models.TextField(default="", db_default="")
    #: The same place as text that sorts as one walks along the cabinet.
    shelf_order = models.TextField(default="", db_default="")
    printed_name = models.TextField(default="", db_default="")
    printed_kana = models.TextField(default="", db_default="")
    printed_birth = models.DateField(null=True)
    printed_address = models.TextField(default="", db_default="")
    made_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    arrived_on = models.DateField(null=True)
    scanned_at = models.DateTimeField(null=True)
    scanned_by = models.TextField(default="", db_default="")
    setup_outcome = models.TextField(default="", db_default="")
    setup_at = models.DateTimeField(null=True)
    setup_by = models.TextField(default="", db_default="")
    setup_terminal = models.TextField(default="", db_default="")
    handed_over_on = models.DateField(null=True)
    handed_over_by = models.TextField(default="", db_default="")
    ended_on = models.DateField(null=True)
    ended_by = models.TextField(default="", db_default="")
    witnessed_by = models.TextField(default="", db_default="")
    #: Kept on longer by request, with the day until which and why (取置き).
    hold_until = models.DateField(null=True)
    hold_reason = models.TextField(default="", db_default="")
    note = models.TextField(default="", db_default="")
    version = models.PositiveIntegerField(default=1, db_default=1)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "cards_card"
        indexes: ClassVar = [
            models.Index(fields=["person_id"], name="cards_card_person"),
            models.Index(fields=["state", "shelf_order"], name="cards_card_state_shelf"),
            models.Index(fields=["box"], name="cards_card_box"),
            # The ledger's order: along the cabinet, then what lies in it no more, newest first.
            models.Index(
                AWAY,
                F("shelf_order"),
                F("arrived_on").desc(),
                F("card_id").desc(),
                name="cards_card_ledger",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice_no"], condition=~Q(notice_no=""), name="cards_card_notice_one"
            ),
            # Two cards never stand in one place.
            models.UniqueConstraint(
                fields=["shelf"],
                condition=~Q(shelf="") & Q(state__in=_KEPT),
                name="cards_card_place_one",
            ),
            models.CheckConstraint(
                condition=Q(notice_no="") | Q(notice_no__regex=NOTICE_NO_PATTERN),
                name="cards_card_notice_no",
            ),
            models.CheckConstraint(
                condition=Q(application_no="") | Q(application_no__regex=APPLICATION_NO_PATTERN),
                name="cards_card_application_no",
            ),
            models.CheckConstraint(
                condition=Q(person_id="") | Q(person_id__regex="^[0-9]{15}$"),
                name="cards_card_person_no",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in CardKind]), name="cards_card_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in CardState]), name="cards_card_state"
            ),
            models.CheckConstraint(
                condition=Q(setup_outcome__in=[one.value for one in SetupOutcome]),
                name="cards_card_setup_outcome",
            ),
            # Whoever is set up was set up by somebody, and is somebody.
            models.CheckConstraint(
                condition=~Q(state=CardState.SET_UP.value) | Q(setup_outcome="DONE"),
                name="cards_card_set_up_done",
            ),
            models.CheckConstraint(
                condition=~Q(state=CardState.HANDED_OVER.value) | Q(handed_over_on__isnull=False),
                name="cards_card_handed_over_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=CardState.DISCARDED.value) | Q(ended_on__isnull=False),
                name="cards_card_discarded_day",
            ),
        ]


class Fault(models.Model):
    """Something wrong with a card, until somebody settled it (止めている理由)."""

    id = models.BigAutoField(primary_key=True)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="faults")
    code = models.TextField()
    #: The register's version it was found on: what was accepted holds for that version only.
    basis = models.TextField(default="", db_default="")
    found_at = models.DateTimeField()
    found_by = models.TextField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(default="", db_default="")
    settled_how = models.TextField(default="", db_default="")

    class Meta:
        db_table = "cards_fault"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["card", "code"],
                condition=Q(settled_at__isnull=True),
                name="cards_fault_open_one",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | (~Q(settled_by="") & ~Q(settled_how="")),
                name="cards_fault_settled_by",
            ),
        ]


class CardEvent(models.Model):
    """One thing that happened to a card; only ever added to (カードの履歴)."""

    id = models.BigAutoField(primary_key=True)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    staff_id = models.TextField()
    verb = models.TextField()
    state_before = models.TextField(default="", db_default="")
    state_after = models.TextField()
    #: Codes and numbers of ours; never a name.
    detail = models.JSONField(default=dict, db_default={})

    class Meta:
        db_table = "cards_card_event"
        indexes: ClassVar = [models.Index(fields=["card", "id"], name="cards_card_event_card")]


class HandOver(models.Model):
    """One hand-over of a card: who came, which kinds of documents, what went along (交付の記録)."""

    hand_over_id = models.CharField(max_length=26, primary_key=True)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="hand_overs")
    at = models.DateTimeField()
    staff_id = models.TextField()
    visitor = models.TextField()
    documents = ArrayField(models.TextField(), default=list, db_default=[])
    visitor_documents = ArrayField(models.TextField(), default=list, db_default=[])
    certificates = ArrayField(models.TextField(), default=list, db_default=[])
    old_card = models.TextField()
    fee_yen = models.PositiveIntegerField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(default="", db_default="")
    undone_why = models.TextField(default="", db_default="")

    class Meta:
        db_table = "cards_hand_over"
        constraints: ClassVar = [
            # A card is in one pair of hands.
            models.UniqueConstraint(
                fields=["card"], condition=Q(undone_at__isnull=True), name="cards_hand_over_one"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | (~Q(undone_by="") & ~Q(undone_why="")),
                name="cards_hand_over_undone",
            ),
        ]
