"""A family's cards as one run on one page, and the sheet to take home (家族の手続きの画面)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.audit.api import look
from madoguchi.infra import clock
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.register.api import PersonRow, search, seen
from madoguchi.visits.actions import running
from madoguchi.visits.domain.rights import DESK
from madoguchi.visits.domain.runs import Member, Pin, Reason, Step
from madoguchi.visits.forms import RunForm, read_members
from madoguchi.visits.queries.runs import RunRow, find_run, free_starts, open_runs, reserved_minutes
from madoguchi.visits.queries.tables import run_rules
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "家族のカードの手続き"
ASKED_MAX = 60
PEOPLE_MAX = 8
DAYS_AHEAD = 7
#: Nobody steps up to a terminal the very minute it is asked for.
SOON_MINUTES = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A step with whose it is, in words (手順の行)."""

    step: Step
    person: PersonRow
    agent: PersonRow | None
    is_next: bool


@needs(DESK)
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """List the runs that go on, and find the household of a new one."""
    actor, today = actor_of(request, PURPOSE), clock.today()
    found = open_runs(actor=actor, today=today)
    asked = request.GET.get("q", "").strip()[:ASKED_MAX]
    hits = search(asked, actor=actor, limit=PEOPLE_MAX).hits if asked else ()
    subjects = {one for row in found for one in row.people} | {one.person_id for one in hits}
    if subjects:
        look(actor=actor, screen="RUN_LIST", subjects=sorted(subjects))
    context = {"runs": found, "q": asked, "hits": hits}
    return page(request, "visits/runs.html", context)


@needs(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Say what happened, and begin."""
    actor, today = actor_of(request, PURPOSE), clock.today()
    number = (request.POST if request.method == "POST" else request.GET).get("household_no", "")[
        :15
    ]
    household = seen.find_household(number, actor=actor) if number else None
    if household is None or not household.members:
        return errors.refusal(request, [Problem(code="RUN_HOUSEHOLD_UNKNOWN")], status=404)
    look(actor=actor, screen="RUN_NEW", subjects=[one.person_id for one in household.members])
    initial = {"household_no": number, "filed_on": today.isoformat()}
    form = RunForm(request.POST if request.method == "POST" else None, initial=initial)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = problems_of(form)
        if not problems:
            given = form.cleaned_data | {"reason": Reason(form.cleaned_data["reason"])}
            run_id, problems = press(running.open_run, actor=actor, now=clock.now(), **given)
            mark(form, problems)
            if not problems:
                return HttpResponseRedirect(reverse("visits:run", args=[run_id]))
    context = {"form": form, "household": household, "problems": problems}
    return page(request, "visits/run_new.html", context, 422 if problems else 200)


@needs(DESK)
@require_safe
def run(request: HttpRequest, run_id: str) -> HttpResponse:
    """Show the family, then its steps one after another."""
    return _show(request, run_id)


@needs(DESK)
@require_safe
def sheet(request: HttpRequest, run_id: str) -> HttpResponse:
    """Print what is left, in plain words, to take home."""
    row = find_run(run_id, actor=actor_of(request, PURPOSE), today=clock.today())
    if row is None:
        return _unknown(request)
    look(actor=actor_of(request, PURPOSE), screen="RUN_SHEET", subjects=sorted(row.people))
    context = {"run": row, "people": _left_of(row), "today": clock.today()}
    return page(request, "visits/run_sheet.html", context)


@needs(DESK)
@require_POST
def tell(request: HttpRequest, run_id: str) -> HttpResponse:
    """Say who is here with which card."""
    row = find_run(run_id, actor=actor_of(request, PURPOSE), today=clock.today())
    if row is None:
        return _unknown(request)
    members = read_members(request.POST.dict(), row.members)
    told = [one for one in members if isinstance(one, Member)]
    if len(told) != len(row.members):
        return _show(request, run_id, *(one for one in members if isinstance(one, Problem)))
    return _press(request, run_id, running.tell_members, members=told)


@needs(DESK)
@require_POST
def do(request: HttpRequest, run_id: str) -> HttpResponse:
    """Say that a step was done."""
    person_id, _, code = request.POST.get("step", "")[:50].partition(":")
    return _press(request, run_id, running.do_step, person_id=person_id, code=code)


@needs(DESK)
@require_POST
def undo(request: HttpRequest, run_id: str) -> HttpResponse:
    """Take the last step back."""
    return _press(request, run_id, running.undo_step)


@needs(DESK)
@require_POST
def keep(request: HttpRequest, run_id: str) -> HttpResponse:
    """Keep one terminal for all that is left."""
    day, _, minute = request.POST.get("at", "")[:20].partition(" ")
    on = parse_day(day)
    if isinstance(on, Problem) or not (minute.isascii() and minute.isdigit()):
        return _show(request, run_id, Problem(code="RUN_TERMINAL_DAY_OVER"))
    return _press(request, run_id, running.keep_terminal, on=on, begins=int(minute))


@needs(DESK)
@require_POST
def close(request: HttpRequest, run_id: str) -> HttpResponse:
    """End the run."""
    return _press(request, run_id, running.close_run)


def _press(
    request: HttpRequest, run_id: str, action: Callable[..., Any], **given: Any
) -> HttpResponse:
    _, problems = press(
        action, run_id=run_id, actor=actor_of(request, PURPOSE), now=clock.now(), **given
    )
    if problems:
        return _show(request, run_id, *problems)
    return HttpResponseRedirect(reverse("visits:run", args=[run_id]))


def _show(request: HttpRequest, run_id: str, *problems: Problem) -> HttpResponse:
    actor, today, now = actor_of(request, PURPOSE), clock.today(), clock.now()
    row = find_run(run_id, actor=actor, today=today)
    if row is None:
        return _unknown(request)
    look(actor=actor, screen="RUN_PAGE", subjects=sorted(row.people))
    rules = run_rules(today)
    wants_family = not row.is_closed and (not row.is_told or "family" in request.GET)
    context: dict[str, Any] = {
        "run": row, "problems": [replace(one, where=None) for one in problems],
        "family": [(one, row.people[one.person_id], one.age >= rules.sign_from_age)
                   for one in row.members] if wants_family else (),
        "pins": list(Pin), "lines": range(rules.lines + 1), "first": not row.is_told,
        "steps": [
            Shown(step=one, person=row.people[one.person_id], is_next=not at,
                  agent=row.people.get(one.agent_id))
            for at, one in enumerate(row.plan.steps)
        ],
        "done": [(one, row.people[one.person_id]) for one in row.done],
        "left": [(one, row.people[one.person_id]) for one in row.plan.left],
        "minutes": reserved_minutes(row.plan), "today": today, "starts": (),
    }  # fmt: skip
    if not wants_family and not row.is_closed and context["minutes"]:
        minute = now.hour * 60 + now.minute + SOON_MINUTES
        context["starts"] = [
            (day, span)
            for day in (today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD))
            for span in free_starts(
                actor.place, day, minutes=context["minutes"], most=2,
                not_before=minute if day == today else 0,
            )
        ][:4]  # fmt: skip
    return page(request, "visits/run.html", context, 422 if problems else 200)


def _left_of(row: RunRow) -> list[tuple[PersonRow, list[str], list[str]]]:
    """Return whatever is left by person: steps and reasons as codes."""
    found = []
    for member in row.members:
        steps = [one.code.value for one in row.plan.steps if one.person_id == member.person_id]
        why = [one.why.value for one in row.plan.left if one.person_id == member.person_id]
        if steps or why:
            found.append((row.people[member.person_id], steps, why))
    return found


def _unknown(request: HttpRequest) -> HttpResponse:
    return errors.refusal(request, [Problem(code="RUN_UNKNOWN")], status=404)
