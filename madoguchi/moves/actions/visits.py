"""Book a visit before coming, by the resident or by the clerk on the telephone (来庁の予約).

The minutes are the appointments' to give and to keep; here lies what the desk should know of
whoever comes, under the number the two rooms share. Nobody is named in either.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from madoguchi.appointments import api as appointments
from madoguchi.audit.api import record
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.moves.domain.visit import PlannedVisit, Window, check_in_window
from madoguchi.moves.models import Visit
from madoguchi.moves.queries.visits import MOVE, VisitRow, find_visit

#: Who acts on the resident's page: no member of staff, and no right of one.
RESIDENT = Actor(
    staff_id="resident", name="住民のページ", rights=frozenset(), place="", terminal="",
    purpose="引っ越しの来庁予約",
)  # fmt: skip


def hold_visit(
    *, visit_id: str, planned: PlannedVisit, place: str, on: date, begins: int, day_max: int,
    now: datetime,
) -> None:  # fmt: skip
    """Keep a time on the resident's page until they say yes (仮押さえ). Run it in ``unit.run``.

    Whoever looks at one time after another, under one visit, holds the last one only.
    """
    _refuse_outside(on, planned.window)
    appointments.booking.hold(
        place=place, on=on, begins=begins, party=party_of(visit_id, planned),
        channel=appointments.Channel.WEB, a_day_max=day_max, actor=RESIDENT, now=now,
    )  # fmt: skip
    _keep(visit_id, planned, now=now)


def book_visit(
    *, planned: PlannedVisit, place: str, on: date, begins: int, actor: Actor, now: datetime
) -> str:
    """Book for somebody on the telephone who has just said yes; return the number to tell (電話の予約)."""
    _refuse_outside(on, planned.window)
    visit_id = new_id()
    kept = appointments.booking.book(
        place=place, on=on, begins=begins, party=party_of(visit_id, planned),
        channel=appointments.Channel.PHONE, actor=actor, now=now,
    )  # fmt: skip
    _keep(visit_id, planned, now=now)
    return kept.booking_no


def change_visit(
    *, visit_id: str, booking_id: str, on: date, begins: int, day_max: int, now: datetime
) -> None:
    """Move a resident's booking to another time that is not after the deadline (変更)."""
    row = find_visit(visit_id)
    if row is None:
        raise Refused(Problem(code="BOOKING_UNKNOWN"))
    _refuse_outside(on, row.window)
    appointments.booking.change(
        booking_id=booking_id, on=on, begins=begins, channel=appointments.Channel.WEB,
        a_day_max=day_max, actor=RESIDENT, now=now,
    )  # fmt: skip


def forget_visits(*, visit_ids: Collection[str], actor: Actor) -> int:
    """Erase what was known of visits whose booking is over, and count them (終わった来庁の消去)."""
    gone, _each = Visit.objects.filter(visit_id__in=visit_ids).delete()
    record(actor=actor, action="MOVE_VISITS_FORGOTTEN", subjects=[], detail={"count": gone})
    return gone


def party_of(
    visit_id: str, planned: PlannedVisit | VisitRow
) -> tuple[appointments.Errand, ...]:  # fmt: skip
    """Return the party as the appointments book it: so many people, one matter, its minutes (用件)."""
    kind = appointments.Kind.MOVE_IN
    first = appointments.Errand(
        kind=kind, about_kind=MOVE, about_no=visit_id, minutes=planned.minutes, mark=planned.case
    )
    return (first, *(appointments.Errand(kind=kind) for _ in range(planned.people - 1)))


def _keep(visit_id: str, planned: PlannedVisit, *, now: datetime) -> None:
    Visit.objects.update_or_create(
        visit_id=visit_id,
        defaults={
            "key": planned.key, "case": planned.case, "people": planned.people,
            "minutes": planned.minutes, "bring": list(planned.bring),
            "before": list(planned.before), "first_on": planned.window.first,
            "deadline": planned.window.deadline, "made_at": now,
        },
    )  # fmt: skip


def _refuse_outside(on: date, window: Window) -> None:
    if problems := check_in_window(on, window):
        raise Refused(problems)
