"""Shared use: what towns told, windows for all of them, who pays what (共同利用の画面)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from madoguchi.csops.actions import sharing as acts
from madoguchi.csops.domain.shares import Basis, Share
from madoguchi.csops.forms import NeighbourForm, ProposalForm, SearchWindowsForm
from madoguchi.csops.queries import sharing as reads
from madoguchi.csops.queries.windows import (
    CALENDAR_BYTES_KEPT,
    PlanAnswer,
    read_calendar,
    read_plan_file,
    solve_plan,
    windows_calendar,
)
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.messages import render
from madoguchi.web.pages import page, unkept
from madoguchi.web.press import press, press_form

PURPOSE = "CSの共同利用"
USUAL_DAYS, USUAL_HOURS, USUAL_AT_ONCE = 30, "4", 2
YEN_MAX = 10_000_000_000


@needs(Right.RUN_CS)
@require_safe
def shared(request: HttpRequest) -> HttpResponse:
    """Show what was told, the windows that were asked for, and the shares of a cost."""
    return _show(request)


@needs(Right.RUN_CS)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Write the windows as a calendar; the same question gives the same windows."""
    form = _search_form(request)
    problems = problems_of(form)
    answer = _answer(form) if not problems else None
    if answer is None or not answer.feasible:
        return _show(request, *(problems or (answer.problems if answer else ())))
    plan_id = hashlib.sha256(repr(sorted(form.data.items())).encode()).hexdigest()[:16]
    data = windows_calendar(answer.windows, plan_id=plan_id, stamped_at=clock.now())
    file = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    file.headers["Content-Disposition"] = 'attachment; filename="cs-windows.ics"'
    return unkept(file)


@needs(Right.RUN_CS)
@require_POST
def keep_town(request: HttpRequest) -> HttpResponse:
    """Keep a town that takes part, or its figures."""
    form = NeighbourForm(request.POST)
    problems = press_form(
        acts.keep_neighbour, lambda: dict(form.cleaned_data), actor=actor_of(request, PURPOSE),
        form=form,
    )  # fmt: skip
    return _show(request, *problems, town_form=form) if problems else _to(request)


@needs(Right.RUN_CS)
@require_POST
def drop_town(request: HttpRequest) -> HttpResponse:
    """Take a town out."""
    _, problems = press(
        acts.drop_neighbour, name=request.POST.get("name", ""), actor=actor_of(request, PURPOSE),
        now=clock.now(),
    )  # fmt: skip
    return _show(request, *problems) if problems else _to(request)


@needs(Right.RUN_CS)
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take in a town's calendar, or a plan of several towns."""
    towns = [one.name for one in reads.list_partners()]
    form = ProposalForm(request.POST, request.FILES, towns=towns)
    problems = problems_of(form)
    if not problems:
        problems = _take(request, form)
    return _show(request, *problems, file_form=form) if problems else _to(request)


def _take(request: HttpRequest, form: ProposalForm) -> tuple[Problem, ...]:
    given, who = form.cleaned_data, {"actor": actor_of(request, PURPOSE), "now": clock.now()}
    data = given["file"].read(CALENDAR_BYTES_KEPT)
    if str(given["file"].name).lower().endswith(".json"):
        plan = read_plan_file(data)
        return plan if isinstance(plan, tuple) else press(acts.take_plan, plan=plan, **who)[1]
    if not given["town"]:
        return (Problem(code="CS_PROPOSAL_OF_NOBODY", where="town"),)
    search = _search_form(request)
    problems = problems_of(search)
    if problems:
        return problems
    whole = search.cleaned_data["whole"]
    spans = read_calendar(data, whole=whole)
    wrong = tuple(one for one in spans if isinstance(one, Problem))
    if wrong:
        facts = {"file": str(given["file"].name)[:40]}
        return tuple(Problem(code=one.code, where="file", facts=facts) for one in wrong)
    return press(
        acts.take_calendar, town=given["town"], kind=given["kind"], spans=spans, whole=whole, **who
    )[1]  # fmt: skip


def _show(request: HttpRequest, *problems: Problem, **forms: Any) -> HttpResponse:
    form = _search_form(request)
    wrong = problems_of(form)
    asked = "find" in request.GET and not wrong
    answer = _answer(form) if asked else None
    if answer is not None:
        # Where one stands is a town here, which its sentence names: no field of the page.
        problems = (*problems, *(replace(one, where=None) for one in answer.problems))
    whole = form.cleaned_data.get("whole")
    rows = reads.list_towns(whole) if whole else ()
    context: dict[str, Any] = {
        "rows": rows, "may_check": actor_of(request, PURPOSE).may(Right.VIEW_PERSON),
        "whole": (form.cleaned_data["first"], form.cleaned_data["last"]) if whole else (),
        "answer": answer, "asked": asked, "query": urlencode(list(form.data.items())),
        "search_form": form, "town_form": NeighbourForm(),
        "file_form": ProposalForm(towns=[one.partner.name for one in rows]), **forms,
        "problems": (*wrong, *problems), "wrong": next(iter(forms.values()), form),
        **_cost(request.GET.get("yen", ""), clock.today()),
    }  # fmt: skip
    failed = bool(wrong or forms or (problems and not asked))
    return page(request, "csops/shared.html", context, 422 if failed else 200)


def _cost(text: str, today: date) -> dict[str, Any]:
    """Split the yen that were typed; every row and every column adds up."""
    written = text.replace(",", "").strip()
    if not written:
        return {"yen": "", "shares": ()}
    if not (written.isascii() and written.isdigit()) or int(written) > YEN_MAX:
        return {"yen": text[:20], "shares": (), "cost_problems": [_said("CS_YEN_UNREADABLE")]}
    yen = int(written)
    rule, found = reads.shares_on(yen, day=today, folder=settings.MADOGUCHI_CARD_RULES)
    shares = [one for one in found if isinstance(one, Share)]
    if rule is None or not shares:
        problems = [render(one) for one in found if isinstance(one, Problem)]
        return {"yen": written, "shares": (), "cost_problems": problems}
    used = [basis for basis in Basis if rule.percents[basis]]
    return {
        "yen": written, "amount": yen, "rule": rule,
        "bases": [(one.value, rule.percents[one]) for one in used],
        "shares": [(one, [one.parts[basis] for basis in used]) for one in shares],
        "sums": [sum(one.parts[basis] for one in shares) for basis in used],
        "total": sum(one.yen for one in shares),
    }  # fmt: skip


def _said(code: str) -> Any:
    return render(Problem(code=code))


def _answer(form: SearchWindowsForm) -> PlanAnswer:
    given = form.cleaned_data
    plan = reads.plan_of(given["whole"], length=given["length"], at_once=given["at_once"])
    if plan is None:
        return PlanAnswer(feasible=None, problems=(Problem(code="CS_NO_PARTNER"),))
    return solve_plan(plan)


def _search_form(request: HttpRequest) -> SearchWindowsForm:
    """Read the conditions of the address, with the usual ones where nothing stands."""
    today = clock.today()
    usual = {
        "first": today.isoformat(), "last": (today + timedelta(days=USUAL_DAYS)).isoformat(),
        "hours": USUAL_HOURS, "at_once": str(USUAL_AT_ONCE),
    }  # fmt: skip
    given = {name: request.GET.get(name) or value for name, value in usual.items()}
    form = SearchWindowsForm(given)
    form.is_valid()
    return form


def _to(request: HttpRequest) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(reverse("csops:shared") + (f"?{query}" if query else ""))
