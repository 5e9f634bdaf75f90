"""Requests and what became of them (交付申請・交付履歴の照会)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from madoguchi.certificates.domain.definitions import title_of
from madoguchi.certificates.domain.issue import OPEN_STATES, RELEASE_WITHIN, State
from madoguchi.certificates.domain.kinds import Kind
from madoguchi.certificates.models import Copy, Request
from madoguchi.infra.clock import JAPAN, start_of
from madoguchi.kernel.actor import Actor
from madoguchi.protection.api import hidden_from

LIST_MAX = 200
#: A worker that lives is done long before; whoever finds it later may make it too (I7).
STUCK_AFTER = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRow:
    """One copy with its number (部と発行番号)."""

    issue_no: str
    copy_no: int
    pages: int
    sha256: str
    printed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One request as shown (交付申請)."""

    request_id: str
    state: State
    channel: str
    kind: Kind
    title: str
    asked_person_id: str
    subject_ids: tuple[str, ...]
    applicant: str
    copies: int
    fee_yen: int
    purpose: str
    problems: tuple[str, ...]
    sample: bool
    place: str
    terminal: str
    staff_id: str
    drawn_at: datetime
    released_at: datetime | None
    printed_at: datetime | None
    closed_at: datetime | None
    disposal: str
    closing_note: str
    compared: str
    case_note: str
    case_closed_at: datetime | None
    is_protected: bool
    unlock_asked_at: datetime | None
    issued: tuple[CopyRow, ...] = ()

    @property
    def next_copy(self) -> CopyRow | None:
        """The first copy that was not printed yet (次に印刷する部)."""
        return next((one for one in self.issued if one.printed_at is None), None)


def find_request(request_id: str) -> RequestRow | None:
    """Return a request with its copies, or None (申請の照会)."""
    rows = find_requests([request_id])
    return rows[0] if rows else None


def find_requests(request_ids: Iterable[str]) -> tuple[RequestRow, ...]:
    """Return these requests, in no order (申請の照会).

    Their copies are asked for whether or not there are such requests, so that the answer about
    one that must not be known takes no longer than about one that never was.
    """
    wanted = list(request_ids)
    return _rows(Request.objects.filter(request_id__in=wanted), ids=wanted)


def list_cases(*, actor: Actor) -> tuple[RequestRow, ...]:
    """List the failures nobody has explained yet, oldest first (未調査の失敗, I10)."""
    cases = Request.objects.filter(state=State.FAILED, case_closed_at__isnull=True)
    return _rows(_seen_by(actor, cases).order_by("closed_at")[:LIST_MAX])


def list_open(*, actor: Actor) -> tuple[RequestRow, ...]:
    """List what is being made, ready to hand over, or waits for a second officer, oldest first."""
    found = Request.objects.filter(state__in=OPEN_STATES)
    return _rows(_seen_by(actor, found).order_by("drawn_at")[:LIST_MAX])


def issues_of(person_ids: Iterable[str], *, actor: Actor) -> tuple[RequestRow, ...]:
    """List every paper on which one of these persons stands, newest first (交付履歴)."""
    found = Request.objects.filter(subject_ids__overlap=list(person_ids))
    return _rows(_seen_by(actor, found).order_by("-drawn_at")[:LIST_MAX])


def find_overdue(*, now: datetime) -> tuple[str, ...]:
    """List what can no longer leave: drawn and late, or dated another day and not printed (I3)."""
    today = start_of(now.astimezone(JAPAN).date())
    found = Request.objects.filter(
        Q(state=State.DRAWN, drawn_at__lt=now - RELEASE_WITHIN)
        | Q(state=State.RELEASED, drawn_at__lt=today, printed_at__isnull=True)
    )
    return tuple(found.order_by("drawn_at").values_list("request_id", flat=True)[:LIST_MAX])


def find_stuck(*, now: datetime) -> tuple[str, ...]:
    """List what a worker should have made by now and may still make in time (滞留)."""
    found = Request.objects.filter(
        state=State.DRAWN, drawn_at__gte=now - RELEASE_WITHIN, drawn_at__lt=now - STUCK_AFTER
    )
    return tuple(found.order_by("drawn_at").values_list("request_id", flat=True)[:LIST_MAX])


def open_among(request_ids: Iterable[str]) -> frozenset[str]:
    """Tell which of these requests are not at their end yet (未完結)."""
    found = Request.objects.filter(request_id__in=list(request_ids), state__in=OPEN_STATES)
    return frozenset(found.values_list("request_id", flat=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The books of one channel and kind on one day (日締め, I10)."""

    channel: str
    kind: str
    asked: int
    handed_over: int
    refused: int
    failed: int
    void: int
    still_open: int
    copies_issued: int
    yen: int

    @property
    def balances(self) -> bool:
        """Requests are all accounted for (一致)."""
        ended = self.handed_over + self.refused + self.failed + self.void
        return self.asked == ended + self.still_open


def balance_of(day: date, *, actor: Actor) -> tuple[Balance, ...]:
    """Count one day's requests by channel and kind (日締めの集計).

    A request belongs to the day it was drawn on, in Japan; practice is not counted. A request
    this actor may not know of is not counted either: one more in the sums than in the lists
    would tell of it. Its fee is settled by the officer who took it.
    """
    start = start_of(day)
    found = Request.objects.filter(
        drawn_at__gte=start, drawn_at__lt=start + timedelta(days=1), sample=False
    )
    counted = (
        _seen_by(actor, found)
        .values("channel", "kind")
        .annotate(
            asked=Count("request_id"),
            handed_over=Count("request_id", filter=Q(state=State.HANDED_OVER)),
            refused=Count("request_id", filter=Q(state=State.REFUSED)),
            failed=Count("request_id", filter=Q(state=State.FAILED)),
            void=Count("request_id", filter=Q(state=State.VOID)),
            still_open=Count("request_id", filter=Q(state__in=OPEN_STATES)),
            copies_issued=Sum("copies", filter=Q(state=State.HANDED_OVER), default=0),
            yen=Sum("fee_yen", filter=Q(state=State.HANDED_OVER), default=0),
        )
        .order_by("channel", "kind")
    )
    return tuple(Balance(**row) for row in counted)


# Where a second officer had to be asked: the request tells by itself that somebody is held.
_GUARDED = (
    ~Q(pass_id="")
    | Q(state=State.LOCKED)
    | Q(unlock_asked_at__isnull=False)
    | Q(problems__contains=["REQUEST_TAKEN_BACK"])
)
_OPEN_ONLY = (
    "NOT EXISTS (SELECT FROM protection_out_held h WHERE h.person_id ="
    " ANY(certificates_request.asked_person_id || certificates_request.subject_ids))"
)


def is_guarded(row: Request) -> bool:
    """Tell whether this request went, or wanted to go, through a second officer (解除の申請)."""
    return bool(
        row.pass_id
        or row.state == State.LOCKED
        or row.unlock_asked_at
        or "REQUEST_TAKEN_BACK" in row.problems
    )


def _seen_by(actor: Actor, found: QuerySet[Request]) -> QuerySet[Request]:
    """Leave out, before any limit or count, what does not exist for this actor (支援対象者)."""
    if not hidden_from(actor):
        return found
    return found.exclude(_GUARDED).extra(where=[_OPEN_ONLY])  # noqa: S610  a constant of ours


def _rows(found: QuerySet[Request], *, ids: Sequence[str] | None = None) -> tuple[RequestRow, ...]:
    rows = list(found)
    ids = [row.request_id for row in rows] if ids is None else ids
    if not ids:
        return ()
    copies: dict[str, list[CopyRow]] = {}
    for one in Copy.objects.filter(request_id__in=ids).order_by("copy_no"):
        copies.setdefault(one.request_id, []).append(
            CopyRow(
                issue_no=one.issue_no,
                printed_at=one.printed_at,
                copy_no=one.copy_no,
                pages=one.pages,
                sha256=one.sha256,
            )
        )
    return tuple(
        RequestRow(
            request_id=row.request_id,
            state=State(row.state),
            channel=row.channel,
            kind=Kind(row.kind),
            title=title_of(Kind(row.kind)),
            asked_person_id=row.asked_person_id,
            subject_ids=tuple(row.subject_ids),
            applicant=row.applicant,
            copies=row.copies,
            fee_yen=row.fee_yen,
            purpose=row.purpose,
            problems=tuple(row.problems),
            sample=row.sample,
            place=row.place,
            terminal=row.terminal,
            staff_id=row.staff_id,
            drawn_at=row.drawn_at,
            released_at=row.released_at,
            printed_at=row.printed_at,
            closed_at=row.closed_at,
            disposal=row.disposal,
            closing_note=row.closing_note,
            compared=row.compared,
            case_note=row.case_note,
            case_closed_at=row.case_closed_at,
            is_protected=is_guarded(row),
            unlock_asked_at=row.unlock_asked_at,
            issued=tuple(copies.get(row.request_id, ())),
        )
        for row in rows
    )
