"""Which cards wait for a notice, and which letters there are about them (通知の照会)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from madoguchi.cards.domain.applications import ApplicationState, Delivery
from madoguchi.cards.domain.card import CardState
from madoguchi.cards.domain.notices import Wait, why_wait
from madoguchi.cards.models import Application, Card
from madoguchi.cards.queries.boxes import CardRow, rows_of
from madoguchi.cards.queries.handover import ages_of
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """A letter about a card (カードの手紙)."""

    kind: str
    state: str
    posted_on: date | None
    returned_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """A kept card and why it is not announced now; None: it can be (通知を待つカード)."""

    card: CardRow
    wait: Wait | None


def letters_about(notice_nos: Sequence[str]) -> Mapping[str, tuple[LetterRow, ...]]:
    """Return the letters about these cards, the oldest first (カードの手紙)."""
    found: dict[str, tuple[LetterRow, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT about_no, kind, state, posted_on, returned_on FROM dispatch_out_letters"
            " WHERE about_no = ANY(%s) ORDER BY queued_at, letter_id",
            [list(notice_nos)],
        )
        for about_no, *rest in cursor.fetchall():
            row = LetterRow(**dict(zip(LetterRow.__slots__, rest, strict=True)))
            found[about_no] = (*found.get(about_no, ()), row)
    return found


#: Letters that ask somebody to come and fetch a card; the first of them, and those after it.
_FIRST, _AGAIN = "ISSUE_NOTICE", ("RENOTICE", "FINAL_NOTICE")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDays:
    """When a card's holder was asked to come, and when such a letter came back last (通知の日)."""

    first: date | None
    again: date | None
    returned: date | None


def notice_days(notice_nos: Sequence[str]) -> Mapping[str, NoticeDays]:
    """Return of each card whose notice was posted when it was (通知の日)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT about_no, min(posted_on) FILTER (WHERE kind = %s),"
            " max(posted_on) FILTER (WHERE kind = ANY(%s)), max(returned_on)"
            " FROM dispatch_out_letters WHERE about_no = ANY(%s) AND posted_on IS NOT NULL"
            " AND (kind = %s OR kind = ANY(%s)) GROUP BY about_no",
            [_FIRST, list(_AGAIN), list(notice_nos), _FIRST, list(_AGAIN)],
        )
        return {
            about_no: NoticeDays(first=first, again=again, returned=returned)
            for about_no, first, again, returned in cursor.fetchall()
        }


def list_unannounced(*, actor: Actor, today: date) -> tuple[WaitingRow, ...]:
    """List kept cards without a letter, in shelf order, as this clerk may see them (通知待ち)."""
    kept = [one.value for one in CardState if one.is_kept]
    cards = list(Card.objects.filter(state__in=kept).exclude(notice_no="").order_by("shelf_order"))
    letters = letters_about([one.notice_no for one in cards])
    # The register is asked only of those whose list says no birth date.
    ages = ages_of([one for one in cards if not one.printed_birth], today=today)
    rows = []
    for card, row in zip(cards, rows_of(cards, actor=actor), strict=True):
        states = [one.state for one in letters.get(card.notice_no, ())]
        wait = why_wait(
            state=CardState(card.state), is_stopped=bool(row.faults), letter_states=states,
            age=0 if card.printed_birth else ages[card.card_id],
        )  # fmt: skip
        if wait is not Wait.HAS_LETTER:
            rows.append(WaitingRow(card=row, wait=wait))
    return tuple(rows)


def agreed_deliveries(application_nos: Sequence[str]) -> Mapping[str, Delivery]:
    """Return how cards applied for here were promised, by 申請書ID (受取り方)."""
    wanted = [one for one in application_nos if one]
    found = Application.objects.filter(
        application_no__in=wanted, state=ApplicationState.SENT.value
    ).exclude(delivery="")
    return {one.application_no: Delivery(one.delivery) for one in found}


def applied_days(application_nos: Sequence[str]) -> Mapping[str, date]:
    """Return on which day cards applied for here were applied for, by 申請書ID (申請日)."""
    found = Application.objects.filter(application_no__in=application_nos, taken_at__isnull=False)
    return {
        one.application_no: one.taken_at.astimezone(clock.JAPAN).date()
        for one in found
        if one.taken_at is not None
    }
