"""The rows that hold every week: what can be come for, when, where, by which rules (毎週の表).

Nothing is changed backwards, and nobody who is booked loses their time by a change.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from madoguchi.appointments.actions.ending import locks_of, refuse_if
from madoguchi.appointments.domain.booking import left_outside
from madoguchi.appointments.domain.services import (
    BY_NAME,
    Opening,
    Place,
    Service,
    Terms,
    check_opening,
    check_service,
    check_terms,
)
from madoguchi.appointments.models import LIVE_CODES, Booking
from madoguchi.appointments.models import Opening as OpeningRow
from madoguchi.appointments.models import Place as PlaceRow
from madoguchi.appointments.models import Service as ServiceRow
from madoguchi.appointments.models import Terms as TermsRow
from madoguchi.appointments.queries.tables import diaries_of, place_of
from madoguchi.audit.api import record
from madoguchi.infra import facts, locks
from madoguchi.infra.clock import day_of
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.daytimes import check_not_past
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text

#: What every day is like is the chief's to say, as everywhere.
TABLE_RIGHT = Right.STOP_SWITCH


def add_place(*, place: Place, actor: Actor, now: datetime) -> None:
    """Add a place where people are seen; it opens with its first opening (受付場所の追加)."""
    _must(actor)
    found = [*check_free_text(place.name, limit=40, where="name")]
    if not place.place.strip():
        found.append(Problem(code="PLACE_WITHOUT_NAME", where="name"))
    if PlaceRow.objects.filter(place=place.place).exists():
        found.append(Problem(code="PLACE_THERE", where="name"))
    refuse_if(tuple(found))
    PlaceRow.objects.create(
        place=place.place, name=place.name, terminals_of=place.terminals_of,
        position=PlaceRow.objects.count(),
    )  # fmt: skip
    _tell("PLACE", "add", actor=actor, now=now)


def set_service(*, row: Service, source: str, actor: Actor, now: datetime) -> None:
    """Say how long a kind of visit takes from a day on; bookings made keep their minutes (所要時間)."""
    _must(actor)
    refuse_if(
        (
            *check_service(row),
            *check_not_past(row.valid_from, today=day_of(now)),
            *_check_source(source),
        )
    )
    ServiceRow.objects.update_or_create(
        kind=row.kind.value, valid_from=row.valid_from,
        defaults={
            "minutes": row.minutes, "further_minutes": row.further_minutes,
            "needs_terminal": row.needs_terminal, "bookable": row.bookable,
            "source": source.strip(),
        },
    )  # fmt: skip
    _tell("SERVICE", "set", actor=actor, now=now)


def set_terms(*, row: Terms, source: str, actor: Actor, now: datetime) -> None:
    """Say by which rules people book from a day on (予約の決まり)."""
    _must(actor)
    refuse_if(
        (
            *check_terms(row),
            *check_not_past(row.valid_from, today=day_of(now)),
            *_check_source(source),
        )
    )
    TermsRow.objects.update_or_create(
        valid_from=row.valid_from,
        defaults={
            "hold_minutes": row.hold_minutes, "ahead_days": row.ahead_days,
            "web_lead_days": row.web_lead_days, "change_until_days": row.change_until_days,
            "late_minutes": row.late_minutes, "party_max": row.party_max,
            "source": source.strip(),
        },
    )  # fmt: skip
    _tell("TERMS", "set", actor=actor, now=now)


def add_opening(*, place: str, row: Opening, source: str, actor: Actor, now: datetime) -> int:
    """Open a place on weekdays from a day on; of two that meet, the newer counts (受付枠の追加)."""
    _must(actor)
    where = place_of(place)
    found = [
        *check_opening(row), *check_not_past(row.rule.valid_from, today=day_of(now)), *_check_source(source),
    ]  # fmt: skip
    if row.kind in BY_NAME:
        found.append(Problem(code="OPENING_KIND_UNKNOWN", where="kind"))
    if (row.lands is None) is not (row.leaves is None):
        found.append(Problem(code="OPENING_ONE_BOAT", where="lands"))
    refuse_if(tuple(found))
    with _nobody_left_outside(where, now=now):
        made = OpeningRow.objects.create(
            place=place, kind=row.kind.value, weekdays=sorted(row.rule.weekdays),
            nth=sorted(row.rule.nth), begins=row.span.begins, ends=row.span.ends, lanes=row.lanes,
            step_minutes=row.step_minutes, lands=row.lands, leaves=row.leaves,
            valid_from=row.rule.valid_from, valid_until=row.rule.valid_until,
            source=source.strip(),
        )  # fmt: skip
    _tell("OPENING", "add", actor=actor, now=now)
    return int(made.opening_id)


def end_opening(*, opening_id: int, last_day: date, actor: Actor, now: datetime) -> None:
    """Let an opening hold until a day and no longer; one not begun by then never is (受付枠の終了)."""
    _must(actor)
    weekly = OpeningRow.objects.exclude(kind__in=[one.value for one in BY_NAME])
    row = weekly.filter(opening_id=opening_id).first()
    if row is None or (row.valid_until is not None and row.valid_until < day_of(now)):
        raise Refused(Problem(code="OPENING_UNKNOWN"))
    refuse_if(check_not_past(last_day, today=day_of(now), where="last_day"))
    with _nobody_left_outside(place_of(row.place), now=now):
        if last_day < row.valid_from:
            row.delete()
        else:
            weekly.filter(opening_id=opening_id).update(valid_until=last_day)
    _tell("OPENING", "end", actor=actor, now=now)


@contextmanager
def _nobody_left_outside(where: Place, *, now: datetime) -> Iterator[None]:
    """Refuse a change after which somebody booked would find no counter open (B6).

    All days somebody could be booking just now are locked, not only those with a booking.
    """
    today = day_of(now)
    far = max(TermsRow.objects.values_list("ahead_days", flat=True))
    booked = Booking.objects.filter(place=where.place, on__gte=today, state__in=LIVE_CODES)
    could_be = {today + timedelta(days=ahead) for ahead in range(far + 1)}
    days = could_be | set(booked.values_list("on", flat=True))
    locks.take(locks_of(where, sorted(days)))
    before = diaries_of(where.place, days)
    yield
    after = diaries_of(where.place, days)
    outside = [(on, seat) for on in sorted(days) for seat in left_outside(before[on], after[on])]
    if outside:
        facts_of = {"count": str(len(outside)), "first": outside[0][0].isoformat()}
        raise Refused(Problem(code="OPENING_LEAVES_OUT", facts=facts_of))


def _check_source(source: str) -> tuple[Problem, ...]:
    return check_free_text(source, limit=200, where="source")


def _must(actor: Actor) -> None:
    if not actor.may(TABLE_RIGHT):
        raise Refused(Problem(code="OPENING_CHIEF_ONLY"))


def _tell(table: str, how: str, *, actor: Actor, now: datetime) -> None:
    record(actor=actor, action="BOOKING_TABLE_CHANGED", subjects=(),
           detail={"table": table, "how": how})  # fmt: skip
    facts.note("booking_table_changed", at=now, table=table, how=how)
