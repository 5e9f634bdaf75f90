"""Requests for a paper 転出証明書, and how far each has come; nobody is named (請求の照会)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from madoguchi.moves.domain.post import PostState
from madoguchi.moves.models import CertificateRequest, PostMessage

ROWS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One request as the page lists it (請求)."""

    request_id: str
    number: str
    town: str
    by_message: bool
    asked_on: date
    deadline: date | None
    #: In the words of the post room; of a message whether it was sent.
    state: str


def open_requests() -> tuple[RequestRow, ...]:
    """List what was asked for and is not here yet, the first due first (届いていない請求)."""
    found = CertificateRequest.objects.filter(done_on__isnull=True)
    return _rows(list(found.order_by("deadline", "asked_on", "request_id")[:ROWS_MAX]))


def find_request(request_id: str) -> RequestRow | None:
    """Return a request that is open, or None (請求)."""
    found = CertificateRequest.objects.filter(request_id=request_id, done_on__isnull=True)
    return next(iter(_rows(list(found))), None)


def _rows(found: list[CertificateRequest]) -> tuple[RequestRow, ...]:
    letters = _letters([one.number for one in found if not one.message_id])
    sent = set(
        PostMessage.objects.filter(
            message_id__in=[one.message_id for one in found if one.message_id],
            state=PostState.SENT.value,
        ).values_list("message_id", flat=True)
    )
    return tuple(
        RequestRow(
            request_id=one.request_id, number=one.number, town=one.town,
            by_message=bool(one.message_id), asked_on=one.asked_on, deadline=one.deadline,
            # Whoever is held is held without a word: what does not go shows as what waits.
            state=("POSTED" if one.message_id in sent else "QUEUED") if one.message_id
            else letters.get(one.number, "QUEUED").replace("HELD", "QUEUED"),
        )
        for one in found
    )  # fmt: skip


def _letters(numbers: list[str]) -> Mapping[str, str]:
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT about_no, state FROM dispatch_out_letters WHERE about_no = ANY(%s)"
            " ORDER BY queued_at, letter_id",
            [numbers],
        )
        return dict(cursor.fetchall())
