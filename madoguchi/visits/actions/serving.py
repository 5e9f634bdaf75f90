"""Begin and end what somebody is at the counter for, one press each (用件の開始・終了).

Whoever serves presses for themselves: a visit is touched by the clerk who began it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from madoguchi.appointments.api import Kind, at_counter
from madoguchi.audit.api import record
from madoguchi.csops.api import note_use
from madoguchi.infra import facts, locks
from madoguchi.infra.clock import JAPAN
from madoguchi.infra.locks import LockKind
from madoguchi.infra.office import is_office_day
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.register.api import seen
from madoguchi.visits.domain.matters import Ends, check_end, measured, worst
from madoguchi.visits.domain.rights import must
from madoguchi.visits.models import Matter, Visit
from madoguchi.visits.queries.tables import matter_book, planned_minutes

#: What the line keeps of a visit.
_IN_LINE = {
    Ends.DONE: at_counter.Outcome.FINISHED,
    Ends.AGAIN: at_counter.Outcome.COME_AGAIN,
    Ends.SENT_ON: at_counter.Outcome.ELSEWHERE,
    Ends.IMPOSSIBLE: at_counter.Outcome.GIVEN_UP,
}
FORGOTTEN = "NOT_MEASURED"


def start_visit(*, matter: str, ticket_id: str = "", actor: Actor, now: datetime) -> str:
    """Begin with whoever stands at the counter: the first matter (来庁の開始)."""
    locks.take([(LockKind.STAFF, actor.staff_id)])
    must(actor)
    local = now.astimezone(JAPAN)
    if Visit.objects.filter(staff_id=actor.staff_id, ended_at__isnull=True).exists():
        raise Refused(Problem(code="MATTER_VISIT_OPEN"))
    row = matter_book().matter(matter, local.date())
    if row is None:
        raise Refused(Problem(code="MATTER_UNKNOWN", where="matter"))
    booked = bool(ticket_id) and _called(ticket_id, kind=Kind(row.service), actor=actor, now=now)
    visit = Visit(
        visit_id=new_id(), place=actor.place, on=local.date(), staff_id=actor.staff_id,
        ticket_id=ticket_id, booked=booked, started_at=now,
        extended=matter_book().is_extended(
            local.date(), local.hour * 60 + local.minute, is_office_day=is_office_day(local.date())
        ),
    )  # fmt: skip
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError:
        raise Refused(Problem(code="MATTER_TICKET_TAKEN")) from None
    _begin(visit, matter, actor=actor, now=now)
    return visit.visit_id


def next_matter(*, visit_id: str, matter: str, actor: Actor, now: datetime) -> None:
    """Begin a further matter of the same visit (次の用件)."""
    visit = _mine(visit_id, actor=actor)
    if _open(visit) is not None:
        raise Refused(Problem(code="MATTER_STILL_OPEN"))
    _begin(visit, matter, actor=actor, now=now)


def tick(*, visit_id: str, step: str, actor: Actor) -> None:
    """Say that a step was done, or take that back (手順の確認)."""
    visit = _mine(visit_id, actor=actor)
    matter = _needed(visit)
    if step not in {row.code for row in matter_book().steps_of(matter.kind, visit.on)}:
        raise Refused(Problem(code="MATTER_STEP_UNKNOWN"))
    kept = set(matter.ticked) ^ {step}
    Matter.objects.filter(matter_id=matter.matter_id).update(ticked=sorted(kept))
    _tell("MATTER_TICKED", visit, matter.kind, actor=actor, step=step, done=step in kept)


def end_matter(*, visit_id: str, outcome: str, actor: Actor, now: datetime) -> int | None:
    """End the matter in hand with what came of it, and return its minutes (用件の終了)."""
    visit = _mine(visit_id, actor=actor)
    matter = _needed(visit)
    problems = check_end(
        matter_book(), matter=matter.kind, outcome=outcome, ticked=matter.ticked,
        has_person=bool(visit.person_id), day=visit.on,
    )  # fmt: skip
    if problems:
        raise Refused(problems)
    row = next(
        one for one in matter_book().outcomes_of(matter.kind, visit.on) if one.code == outcome
    )
    same_day = now.astimezone(JAPAN).date() == visit.on
    minutes = measured((now - matter.started_at).total_seconds()) if same_day else None
    _end(visit, matter, outcome=outcome, ends=row.ends, minutes=minutes, actor=actor, now=now)
    return minutes


def end_visit(*, visit_id: str, actor: Actor, now: datetime) -> None:
    """Let whoever was here go: the number of the line ends with it (来庁の終了)."""
    visit = _mine(visit_id, actor=actor)
    if _open(visit) is not None:
        raise Refused(Problem(code="MATTER_STILL_OPEN"))
    _close(visit, actor=actor, now=now)


def forget_visit(*, visit_id: str, actor: Actor, now: datetime) -> None:
    """End a visit somebody forgot to end: it counts, its minutes do not (測らずに閉じる)."""
    visit = _mine(visit_id, actor=actor)
    matter = _open(visit)
    if matter is not None:
        _end(visit, matter, outcome=FORGOTTEN, ends=Ends.UNKNOWN, minutes=None, actor=actor,
             now=now)  # fmt: skip
    _close(visit, actor=actor, now=now)


def name_person(*, visit_id: str, person_id: str, actor: Actor) -> None:
    """Say whose matters these are (用件の本人)."""
    visit = _mine(visit_id, actor=actor)
    if seen.find_person(person_id, actor=actor) is None:
        raise Refused(Problem(code="MATTER_PERSON_UNKNOWN"))
    Visit.objects.filter(visit_id=visit_id).update(person_id=person_id)
    visit.person_id = person_id
    _tell("MATTER_PERSON_NAMED", visit, "", actor=actor)


def _begin(visit: Visit, kind: str, *, actor: Actor, now: datetime) -> None:
    row = matter_book().matter(kind, visit.on)
    if row is None:
        raise Refused(Problem(code="MATTER_UNKNOWN", where="matter"))
    Matter.objects.create(
        matter_id=new_id(), visit=visit, kind=kind, planned=planned_minutes(row, visit.on),
        started_at=now,
    )  # fmt: skip
    _tell("MATTER_STARTED", visit, kind, actor=actor)


def _end(
    visit: Visit, matter: Matter, *, outcome: str, ends: Ends, minutes: int | None, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    Matter.objects.filter(matter_id=matter.matter_id).update(
        ended_at=now, outcome=outcome, ends=ends.value, minutes=minutes
    )
    row = matter_book().matter(matter.kind, visit.on)
    if row is not None and row.terminal and minutes is not None and not visit.ticket_id:
        local = matter.started_at.astimezone(JAPAN)
        note_use(place=visit.place, on=visit.on, begins=local.hour * 60 + local.minute,
                 minutes=minutes)  # fmt: skip
    _tell("MATTER_ENDED", visit, matter.kind, actor=actor, outcome=outcome)
    facts.note(
        "matter_ended", at=now, matter=matter.kind, outcome=outcome, ends=ends.value,
        planned=matter.planned, minutes=minutes, extended=visit.extended, booked=visit.booked,
    )  # fmt: skip


def _close(visit: Visit, *, actor: Actor, now: datetime) -> None:
    Visit.objects.filter(visit_id=visit.visit_id).update(ended_at=now)
    came_to = worst(Ends(one) for one in visit.matters.values_list("ends", flat=True))
    # How a forgotten visit ended nobody knows: its number is left to whoever sees to the line.
    known = visit.ticket_id and came_to in _IN_LINE
    if known and _is_served(visit.ticket_id, place=visit.place, now=now):
        at_counter.stop(ticket_id=visit.ticket_id, outcome=_IN_LINE[came_to], actor=actor, now=now)  # fmt: skip
    _tell("MATTER_VISIT_ENDED", visit, "", actor=actor)


def _called(ticket_id: str, *, kind: Kind, actor: Actor, now: datetime) -> bool:
    """Begin to serve the number that was called, and tell whether it had a booking."""
    found = _at_counter(ticket_id, place=actor.place, now=now)
    if found is None or found.staff_id != actor.staff_id:
        raise Refused(Problem(code="MATTER_TICKET_UNKNOWN", where="ticket_id"))
    if found.ticket.stage is at_counter.Stage.CALLED:
        at_counter.start(ticket_id=ticket_id, kind=kind, actor=actor, now=now)
    return found.ticket.due is not None


def _is_served(ticket_id: str, *, place: str, now: datetime) -> bool:
    found = _at_counter(ticket_id, place=place, now=now)
    return found is not None and found.ticket.stage is at_counter.Stage.SERVING


def _at_counter(ticket_id: str, *, place: str, now: datetime) -> at_counter.AtCounter | None:
    here = at_counter.hall_of(place, now=now).at_counters
    return next((one for one in here if one.ticket_id == ticket_id), None)


def _mine(visit_id: str, *, actor: Actor) -> Visit:
    """Return one's own open visit, locked; to anybody else there is none."""
    locks.take([(LockKind.STAFF, actor.staff_id)])
    must(actor)
    found = Visit.objects.filter(
        visit_id=visit_id, staff_id=actor.staff_id, ended_at__isnull=True
    ).first()
    if found is None:
        raise Refused(Problem(code="MATTER_NO_VISIT"))
    return found


def _open(visit: Visit) -> Matter | None:
    return visit.matters.filter(ended_at__isnull=True).first()


def _needed(visit: Visit) -> Matter:
    matter = _open(visit)
    if matter is None:
        raise Refused(Problem(code="MATTER_NONE_OPEN"))
    return matter


def _tell(action: str, visit: Visit, kind: str, *, actor: Actor, **more: str | bool) -> None:
    subjects = [visit.person_id] if visit.person_id else []
    record(actor=actor, action=action, subjects=subjects,
           detail={"visit": visit.visit_id, "matter": kind, **more})  # fmt: skip
