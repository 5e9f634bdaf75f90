"""The practice Monday: visitor after visitor, then what was right and what was missed (練習の月曜日)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from madoguchi.desk.domain.monday import End, Verdict, judge
from madoguchi.desk.queries import monday as day
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of, is_practising
from madoguchi.web.pages import page

PURPOSE = "練習"
_KEY = "monday"


@needs(Right.SEARCH)
@require_http_methods(["GET", "HEAD", "POST"])
def monday(request: HttpRequest) -> HttpResponse:
    """Show who stands at the counter; take how the visit ended; show what came of it (練習の月曜日).

    Only in a practice session of the demo: elsewhere there is no such page.
    """
    if not is_practising(request):
        raise Http404
    state = request.session.get(_KEY) or _begin()
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = _press(request, state)
        if not problems:
            request.session[_KEY] = state
            return redirect("desk:monday")
    request.session[_KEY] = state
    return page(
        request, "desk/monday.html", {**_shown(state), "problems": problems, "ends": list(End)},
        status=422 if problems else 200,
    )  # fmt: skip


def _begin() -> dict[str, Any]:
    return {"number": 0, "since": day.newest_entry(), "verdicts": []}


def _press(request: HttpRequest, state: dict[str, Any]) -> tuple[Problem, ...]:
    """Do what was pressed to the state; tell what is wrong with it."""
    does, number, people = request.POST.get("do"), state["number"], day.visitors()
    if does == "again":
        state |= _begin()
        return ()
    is_told = len(state["verdicts"]) > number
    if does == "next" and is_told:
        state |= {"number": number + 1, "since": day.newest_entry()}
        return ()
    end = request.POST.get("end", "")
    if does != "end" or is_told or number >= len(people) or end not in End.__members__:
        return (Problem(code="MONDAY_END_MISSING"),)
    staff_id = actor_of(request, PURPOSE).staff_id
    verdict = judge(
        people[number], deeds=day.deeds_since(state["since"], staff_id=staff_id), end=End(end),
        watched=day.watched(),
    )  # fmt: skip
    state["verdicts"] = [*state["verdicts"], _kept(verdict)]
    return ()


def _kept(verdict: Verdict) -> dict[str, Any]:
    return {"right": list(verdict.right), "missed": list(verdict.missed), "wrong": list(verdict.wrong),
            "ended_right": verdict.ended_right, "is_clean": verdict.is_clean}  # fmt: skip


def _shown(state: dict[str, Any]) -> dict[str, Any]:
    people, number, verdicts = day.visitors(), state["number"], state["verdicts"]
    return {
        "visitor": people[number] if number < len(people) else None,
        "number": number + 1,
        "of": len(people),
        "verdict": verdicts[number] if number < len(verdicts) else None,
        "all": list(zip(people, verdicts, strict=False)),
        "clean": sum(one["is_clean"] for one in verdicts),
    }
