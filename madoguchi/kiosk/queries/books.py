"""The four books of a day, each read from its own tables (帳簿の照会)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Coalesce, NullIf

from madoguchi.certificates.api import self_service
from madoguchi.infra.clock import start_of
from madoguchi.kiosk.domain.books import (
    Books,
    Difference,
    Money,
    Outcome,
    Requests,
    Seen,
    Sheets,
    all_differences,
)
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.models import (
    Challenge,
    CoinCount,
    DayClose,
    Docket,
    Payment,
    PrintJob,
    Session,
)

CHANNELS = ("KIOSK", "WEB")
#: How many days back the nightly job still closes what was missed.
LOOK_BACK_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBooks:
    """All books of a channel on one day, and where they disagree (一日の帳簿)."""

    day: date
    channel: str
    closed: bool  # the day is over for this channel
    books: tuple[Books, ...]
    proofs: int
    differences: tuple[Difference, ...]


def hold_still() -> None:
    """Let nobody write the machine's book while this unit compares it with the others.

    Whoever changes a request of a machine writes both books in one transaction, so between
    two commits they agree; this waits for those under way, and for another who compares.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE kiosk_docket IN SHARE ROW EXCLUSIVE MODE")


def day_books(day: date, channel: str, *, closed: bool) -> DayBooks:
    """Read the four books of a day and compare them (日締めの突合)."""
    requests = {one.kind: one for one in self_service.books_of(day, channel)}
    seen = _seen(day, channel)
    money = _money(day, channel)
    sheets = _sheets(day, channel) if channel == "KIOSK" else None
    books = tuple(
        Books(
            kind=kind,
            requests=_requests(requests[kind]) if kind in requests else Requests(),
            seen=seen.get(kind, Seen()),
            money=money.get(kind, Money()),
            sheets=sheets.get(kind, Sheets()) if sheets is not None else None,
        )
        for kind in sorted({*requests, *seen, *money})
    )
    proofs, proven = _proofs(day, channel)
    return DayBooks(
        day=day, channel=channel, closed=closed, books=books, proofs=proofs,
        differences=all_differences(books, proofs=proofs, sessions_proven=proven, closed=closed),
    )  # fmt: skip


def days_to_close(channel: str, *, until: date) -> tuple[date, ...]:
    """List the days that were used and never closed, a week back at most (未締めの日)."""
    first = until - timedelta(days=LOOK_BACK_DAYS - 1)
    done = set(
        DayClose.objects.filter(channel=channel, day__gte=first).values_list("day", flat=True)
    )
    days = (first + timedelta(days=offset) for offset in range(LOOK_BACK_DAYS))
    return tuple(day for day in days if day not in done and _was_used(day, channel))


def last_closes() -> dict[str, tuple[date, int]]:
    """Return for each channel the last day closed and its differences (最後の日締め)."""
    found = {}
    for channel in CHANNELS:
        row = DayClose.objects.filter(channel=channel).order_by("-day").first()
        if row is not None:
            found[channel] = (row.day, row.differences)
    return found


def coins_expected(terminal_no: str) -> int:
    """Return what must lie in a coin box: taken and not given back, less what counts expected.

    By sums and not by moments: a coin whose press is on its way while the box is counted would
    stand before the one count's moment and be seen by neither. Money is given back out of the
    box itself (*assumed*).
    """
    taken = Payment.objects.filter(terminal_no=terminal_no, method=str(Method.COIN_BOX))
    paid = taken.filter(paid_at__isnull=False)
    back = taken.filter(refunded_at__isnull=False)
    counted = CoinCount.objects.filter(terminal_no=terminal_no)
    before = int(counted.aggregate(yen=Sum("expected_yen", default=0))["yen"])
    return _yen(paid) - _yen(back) - before


def span_of(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of a day in Japan, and of the next (一日)."""
    start = start_of(day)
    return start, start + timedelta(days=1)


def _yen(found: QuerySet[Payment]) -> int:
    return int(found.aggregate(yen=Sum("yen", default=0))["yen"])


def _requests(row: self_service.Books) -> Requests:
    return Requests(
        asked=row.asked,
        issued=row.handed_over,
        refused=row.refused,
        failed=row.failed + row.void_printed,
        abandoned=row.void_never_printed,
        still_open=row.still_open,
        copies=row.copies,
        pages=row.pages,
        yen=row.yen,
    )


def _seen(day: date, channel: str) -> dict[str, Seen]:
    dockets = Docket.objects.filter(drawn_on=day, channel=channel)
    counts: dict[str, dict[Outcome, int]] = {}
    for kind, outcome, number in dockets.values_list("kind", "outcome").annotate(Count("pk")):
        counts.setdefault(kind, {})[Outcome(outcome)] = number
    issued = dockets.filter(outcome=str(Outcome.ISSUED))
    copies = dict(issued.values_list("kind").annotate(Sum("copies")))
    start, end = span_of(day)
    taken = set(
        Session.objects.filter(
            channel=channel,
            step="TAKE",
            opened_at__gte=start - timedelta(days=1),
            opened_at__lt=end,
        ).values_list("request_id", flat=True)
    )
    takings: dict[str, int] = {}
    for kind, request_id in dockets.values_list("kind", "request_id"):
        takings[kind] = takings.get(kind, 0) + (request_id in taken)
    return {
        kind: Seen(by_outcome=by, copies=copies.get(kind) or 0, takings=takings.get(kind, 0))
        for kind, by in counts.items()
    }


def _money(day: date, channel: str) -> dict[str, Money]:
    dockets = {
        request_id: (kind, outcome)
        for request_id, kind, outcome in Docket.objects.filter(
            drawn_on=day, channel=channel
        ).values_list("request_id", "kind", "outcome")
    }
    issued: dict[str, int] = {}
    others: dict[str, int] = {}
    kept = Payment.objects.filter(request_id__in=list(dockets), stage="PAID")
    for request_id, yen in kept.values_list("request_id", "yen"):
        kind, outcome = dockets[request_id]
        if outcome == Outcome.ISSUED:
            issued[kind] = issued.get(kind, 0) + yen
        elif outcome != Outcome.OPEN:
            others[kind] = others.get(kind, 0) + yen
    return {
        kind: Money(for_issued=issued.get(kind, 0), for_others=others.get(kind, 0))
        for kind in {kind for kind, _ in dockets.values()}
    }


def _sheets(day: date, channel: str) -> dict[str, Sheets]:
    """Count what the printer told; a printer that keeps no count (0) is believed to be whole."""
    issued = dict(
        Docket.objects.filter(
            drawn_on=day, channel=channel, outcome=str(Outcome.ISSUED)
        ).values_list("request_id", "kind")
    )
    jobs: dict[str, int] = {}
    sheets: dict[str, int] = {}
    done = PrintJob.objects.filter(request_id__in=list(issued), stage="DONE")
    told = Coalesce(NullIf(F("sheets_done"), 0), F("sheets"))
    for request_id, number in done.annotate(told=told).values_list("request_id", "told"):
        kind = issued[request_id]
        jobs[kind] = jobs.get(kind, 0) + 1
        sheets[kind] = sheets.get(kind, 0) + number
    return {
        kind: Sheets(jobs_done=number, sheets_done=sheets[kind]) for kind, number in jobs.items()
    }


def _proofs(day: date, channel: str) -> tuple[int, int]:
    """Count the challenges that came back with a proof that held, and the sessions proven."""
    start, end = span_of(day)
    held = Challenge.objects.filter(channel=channel, held=True, used_at__gte=start, used_at__lt=end)
    proven = Session.objects.filter(channel=channel, proven_at__gte=start, proven_at__lt=end)
    return held.count(), proven.count()


def _was_used(day: date, channel: str) -> bool:
    """Tell whether a day has anything to compare: a paper may be drawn in a session of the eve."""
    start, end = span_of(day)
    begun = Session.objects.filter(channel=channel, opened_at__gte=start, opened_at__lt=end)
    return (
        begun.exclude(mode="PRACTICE").exists()
        or Docket.objects.filter(drawn_on=day, channel=channel).exists()
    )
