"""Whoever stands at the counter, on one page and by keyboard (来庁の画面)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.advice.api import Advice, Visitor, age_on, answer_checklist
from madoguchi.appointments.api import at_counter
from madoguchi.audit.api import look
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem
from madoguchi.register.api import PersonRow, search, seen
from madoguchi.visits.actions import serving
from madoguchi.visits.domain.rights import DESK
from madoguchi.visits.queries.tables import matter_book
from madoguchi.visits.queries.visits import VisitRow, ended_today, open_visit_of
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import render, word
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "来庁者の用件"
#: Keys of matters and outcomes, and of steps; g, / and ? mean something on every page.
KEYS = "1234567890asdfj"
STEP_KEYS = "qweryuiop"
PEOPLE_MAX = 6
ASKED_MAX = 60


@needs(DESK)
@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """Show whom one serves now, or what somebody may be here for."""
    return _show(request)


@needs(DESK)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin with whoever stands there."""
    return _press(request, serving.start_visit, now=clock.now(), matter=request.POST.get("matter", "")[:20],
                  ticket_id=request.POST.get("ticket_id", "")[:26])  # fmt: skip


@needs(DESK)
@require_POST
def further(request: HttpRequest, visit_id: str) -> HttpResponse:
    """Begin a further matter of the same person."""
    return _press(request, serving.next_matter, now=clock.now(), visit_id=visit_id,
                  matter=request.POST.get("matter", "")[:20])  # fmt: skip


@needs(DESK)
@require_POST
def tick(request: HttpRequest, visit_id: str) -> HttpResponse:
    """Say that a step was done."""
    step = request.POST.get("step", "")[:30]
    return _press(request, serving.tick, visit_id=visit_id, step=step)


@needs(DESK)
@require_POST
def end_matter(request: HttpRequest, visit_id: str) -> HttpResponse:
    """End the matter in hand with what came of it."""
    outcome = request.POST.get("outcome", "")[:30]
    return _press(request, serving.end_matter, now=clock.now(), visit_id=visit_id, outcome=outcome)


@needs(DESK)
@require_POST
def end(request: HttpRequest, visit_id: str) -> HttpResponse:
    """Let whoever was here go."""
    return _press(request, serving.end_visit, now=clock.now(), visit_id=visit_id)


@needs(DESK)
@require_POST
def forget(request: HttpRequest, visit_id: str) -> HttpResponse:
    """End a visit somebody forgot to end."""
    return _press(request, serving.forget_visit, now=clock.now(), visit_id=visit_id)


@needs(DESK)
@require_POST
def person(request: HttpRequest, visit_id: str) -> HttpResponse:
    """Say whose matters these are."""
    person_id = request.POST.get("person_id", "")[:20]
    return _press(request, serving.name_person, visit_id=visit_id, person_id=person_id)


def _press(request: HttpRequest, action: Callable[..., Any], **given: Any) -> HttpResponse:
    _, problems = press(action, actor=actor_of(request, PURPOSE), **given)
    if problems:
        return _show(request, *problems)
    return HttpResponseRedirect(reverse("visits:now"))


def _show(request: HttpRequest, *problems: Problem) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    visit, today = open_visit_of(actor), clock.today()
    context: dict[str, Any] = {
        "visit": visit, "problems": [_worded(one) for one in problems], "today": today,
        "matters": list(zip(KEYS, [one.code for one in matter_book().matters_on(today)],
                            strict=False)),
        "done": ended_today(actor, today=today), "now": clock.now(),
    }  # fmt: skip
    if visit is None:
        context["tickets"] = _tickets(actor)
    else:
        context |= _in_hand(request, visit, actor=actor)
    return page(request, "visits/now.html", context, 422 if problems else 200)


def _in_hand(request: HttpRequest, visit: VisitRow, *, actor: Actor) -> dict[str, Any]:
    """Return what the page of somebody who is served shows."""
    found: dict[str, Any] = {"stale": visit.on != clock.today()}
    person = _person(visit.person_id, actor=actor)
    found["person"] = person
    asked = request.GET.get("q", "").strip()[:ASKED_MAX]
    if asked and person is None:
        result = search(asked, actor=actor, limit=PEOPLE_MAX)
        look(actor=actor, screen="VISIT_PERSON_SEARCH",
             subjects=[one.person_id for one in result.hits])  # fmt: skip
        found |= {"q": asked, "hits": result.hits}
    if visit.now is None:
        return found
    book, matter = matter_book(), visit.now
    row = book.matter(matter.kind, visit.on)
    steps = [one.code for one in book.steps_of(matter.kind, visit.on)]
    found |= {
        "matter": matter,
        "steps": [(key or "", one, one in matter.ticked)
                  for key, one in zip_longest(STEP_KEYS[: len(steps)], steps)],
        "outcomes": list(zip(KEYS, book.outcomes_of(matter.kind, visit.on), strict=False)),
        "needs_person": row is not None and row.needs_person and person is None,
    }  # fmt: skip
    if row is not None and row.visit:
        visitor = _visitor(request)
        advice = _advice(row.visit, person, visitor=visitor)
        found |= {
            "visitor": visitor,
            "visitors": list(Visitor),
            "needed": advice.required,
            "warnings": [render(one) for one in (*advice.problems, *advice.warnings)],
        }
    return found


def _advice(visit: str, person: PersonRow | None, *, visitor: Visitor) -> Advice:
    """Ask the tables what this matter needs of whoever came (必要書類)."""
    case: dict[str, Any] = {"visit_kind": visit, "visitor": visitor.value, "age": 30}
    if visitor is Visitor.STATUTORY_AGENT:
        case["age"] = 10
    if person is not None and person.birth_sort is not None:
        case["age"] = age_on(clock.today(), person.birth_sort)
    return answer_checklist(case, today=clock.today(), folder=settings.MADOGUCHI_CARD_RULES)


def _person(person_id: str, *, actor: Actor) -> PersonRow | None:
    """Return whose matters these are; somebody held since then is not shown."""
    found = seen.find_person(person_id, actor=actor) if person_id else None
    if found is not None:
        look(actor=actor, screen="VISIT_NOW", subjects=[found.person_id])
    return found


def _tickets(actor: Actor) -> list[at_counter.AtCounter]:
    """Return the numbers this clerk called or serves (呼んだ番号)."""
    here = at_counter.hall_of(actor.place, now=clock.now()).at_counters
    return [one for one in here if one.staff_id == actor.staff_id]


def _visitor(request: HttpRequest) -> Visitor:
    asked = request.GET.get("visitor", "")
    return Visitor(asked) if asked in set(Visitor) else Visitor.SELF


def _worded(problem: Problem) -> Problem:
    """Name a step by its words: rules know codes only."""
    if "step" not in problem.facts:
        return problem
    words = word(kind="matter_step", code=str(problem.facts["step"]))
    return replace(problem, facts={**problem.facts, "step": words})
