"""The clerk's home: what now? (窓口のいま)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from madoguchi.accounts.api import approvals_due_afterwards, list_staff, pending_approvals
from madoguchi.addressees.api import count_waiting as count_addressees
from madoguchi.appointments.api import at_counter
from madoguchi.audit.api import look
from madoguchi.certificates.api import list_letters
from madoguchi.certificates.api import list_waiting as list_papers
from madoguchi.csops.api import days_of, free_spans, load_of, terminals_at
from madoguchi.dispatch.api import count_waiting as count_letters
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kiosk.api import open_calls, open_cases
from madoguchi.moves.api import count_late, faults
from madoguchi.moves.api import count_waiting as count_messages
from madoguchi.protection.api import list_accepted_not_effective, list_expiring
from madoguchi.protection.api import list_waiting as list_second
from madoguchi.register.api import at_desk
from madoguchi.residence.api import count_untold
from madoguchi.visits.api import open_visit_of
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import word
from madoguchi.web.pages import page

PURPOSE = "窓口のいま"
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that waits, with where to go (用件)."""

    at: datetime | date
    minutes: int | None
    what: str
    who: str
    by: str
    url: str
    badge: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """Something that must be done by a day of this week (期限)."""

    on: date
    what: str
    url: str
    late: bool


@needs(Right.SEARCH)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Answer "what now?": who waits, what is due, what is stuck and why."""
    actor = actor_of(request, PURPOSE)
    waiting = [
        *_papers(actor),
        *_second(actor),
        *_drafts(actor),
    ]
    return page(
        request,
        "desk/home.html",
        {
            "now": clock.now(),
            "waiting": sorted(waiting, key=lambda one: str(one.at)),
            "deadlines": sorted(_deadlines(actor), key=lambda one: one.on),
            "without_head": at_desk.list_households_without_head(actor=actor),
            "not_effective": list_accepted_not_effective(actor=actor),
            "serving": open_visit_of(actor),
            "late_tasks": count_late(actor=actor, today=clock.today())
            if actor.may(Right.VIEW_PERSON)
            else 0,
            "untold": count_untold(actor=actor, today=clock.today()),
            **_messages(actor),
            "to_confirm": count_addressees(actor=actor) if actor.may(Right.FILE_CHANGE) else 0,
            "to_post": count_letters(actor=actor) if actor.may(Right.MAIL_REQUESTS) else 0,
            **_machines(actor),
            **_terminals(actor),
        },
    )


def _messages(actor: Actor) -> dict[str, object]:
    """Return what other towns and the portal brought, and what is wrong with that exchange."""
    if not actor.may(Right.FILE_CHANGE):
        return {}
    return {
        "town_messages": count_messages(actor=actor),
        "post_faults": len(faults(now=clock.now())),
    }


def _machines(actor: Actor) -> dict[str, object]:
    """Return the machines that ring and what does not add up, for whoever can go there."""
    if not actor.may(Right.ISSUE_CERTIFICATE):
        return {}
    cases = open_cases()
    return {
        "calls": open_calls(),
        "cases": cases,
        "stopping": any(one.stops for one in cases),
    }


def _terminals(actor: Actor) -> dict[str, object]:
    """Return today's terminals of this place, what is free of them, and overtime to come."""
    today = clock.today()
    (load,) = load_of(actor.place, [today], today=today)
    day = days_of(actor.place, [today])[today]
    shares = [
        (one, sum(span.minutes for span in free_spans(day, one.terminal_no)))
        for one in terminals_at(actor.place, today)
    ]
    hall = at_counter.hall_of(actor.place, now=clock.now())
    return {"terminals": shares, "load": load, "hall": hall}


_BADGES = {"LOCKED": "stop", "DRAWN": "wait", "RELEASED": "info"}


def _papers(actor: Actor) -> list[Line]:
    papers = list_papers(actor=actor)
    if not papers:
        return []
    subjects = sorted({one.row.asked_person_id for one in papers})
    look(actor=actor, screen="DESK_HOME", subjects=subjects)
    staff = {one.staff_id: one.display_name for one in list_staff()}
    return [
        Line(
            at=one.row.drawn_at,
            minutes=_minutes_since(one.row.drawn_at),
            what=one.row.title,
            who=one.name,
            by=staff.get(one.row.staff_id, one.row.staff_id),
            url=reverse("certificates:request", args=[one.row.request_id]),
            badge=_BADGES[one.row.state],
            words=word(kind="request_state", code=one.row.state),
        )
        for one in papers
    ]


def _second(actor: Actor) -> list[Line]:
    lines = [
        Line(
            at=one.asked_at,
            minutes=_minutes_since(one.asked_at),
            what=word(kind="guarded", code=one.action),
            who=one.reason,
            by=one.asked_by,
            url=reverse("accounts:approvals"),
            badge="wait",
            words=word(kind="desk_line", code="APPROVAL"),
        )
        for one in pending_approvals(actor)
    ]
    if actor.may(Right.APPROVE):
        found = list_second(actor=actor)
        lines += [
            Line(
                at=one.unlock.proposed_at,
                minutes=_minutes_since(one.unlock.proposed_at),
                what=word(kind="desk_line", code="UNLOCK"),
                who=one.unlock.proposal.reason,
                by=one.unlock.proposed_name,
                url=reverse("protection:second"),
                badge="wait",
                words=word(kind="desk_line", code="SECOND"),
            )
            for one in found.unlocks
        ]
    return lines


def _drafts(actor: Actor) -> list[Line]:
    return [
        Line(
            at=one.drafted_at,
            minutes=_minutes_since(one.drafted_at),
            what=word(kind="procedure", code=one.verb),
            who="",
            by=one.drafted_by,
            url=reverse("accounts:approvals"),
            badge="wait",
            words=word(kind="desk_line", code="DRAFT"),
        )
        for one in at_desk.list_drafts(actor=actor)
    ]


def _deadlines(actor: Actor) -> list[Deadline]:
    today = clock.today()
    found = [
        Deadline(on=one.due_on, what=word(kind="desk_line", code="LETTER"), late=one.due_on < today,
                 url=reverse("certificates:letters"))
        for one in (list_letters(actor=actor) if actor.may(Right.MAIL_REQUESTS) else ())
        if one.due_on <= today + WEEK
    ]  # fmt: skip
    found += [
        Deadline(on=one.due_on, what=word(kind="guarded", code=one.action),
                 url=reverse("accounts:approvals"), late=one.due_on < today)
        for one in approvals_due_afterwards(actor)
        if one.due_on is not None and one.due_on <= today + WEEK
    ]  # fmt: skip
    found += [
        Deadline(on=one.measure.period.ends_on, what=word(kind="desk_line", code="PROTECTION"),
                 late=one.measure.period.ends_on < today,
                 url=reverse("protection:detail", args=[one.measure.measure_id]))
        for one in list_expiring(actor=actor)
        if one.measure.period is not None
    ]  # fmt: skip
    return found


def _minutes_since(at: datetime) -> int:
    return max(0, int((clock.now() - at).total_seconds() // 60))
