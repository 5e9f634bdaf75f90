"""The year of the CS at a glance, and one piece of work step by step (CSの運用の画面)."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.accounts.api import list_staff
from madoguchi.csops.actions import work as acts
from madoguchi.csops.domain.work import Support, WorkKind, WorkState, fiscal_year, updates_missing
from madoguchi.csops.domain.year import MonthState
from madoguchi.csops.forms import (
    FinishBackupForm,
    FinishForm,
    HoursWorkedForm,
    MomentForm,
    PlanWorkForm,
    RestoreForm,
)
from madoguchi.csops.queries import work as reads
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.daytimes import clock_text
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page
from madoguchi.web.press import press, press_form

PURPOSE = "CSの運用"
#: A mark beside the word of each month: colour alone says nothing to everybody.
MARKS = {
    MonthState.TESTED: "◎", MonthState.DONE: "○", MonthState.BROKEN: "×",
    MonthState.MISSING: "―", MonthState.UNKNOWN: "?", MonthState.NOT_YET: "",
}  # fmt: skip
STEPS = {"tick": acts.tick_step, "untick": acts.untick_step}
YEAR_FIRST = 2015


@needs(Right.RUN_CS)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what comes next, the twelve months, what ends soon and what it cost."""
    return _home(request)


@needs(Right.RUN_CS)
@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a piece of work."""
    form = PlanWorkForm(request.POST)
    problems = press_form(
        acts.plan_work,
        lambda: form.cleaned_data | {"kind": WorkKind(form.cleaned_data["kind"])},
        actor=actor_of(request, PURPOSE), form=form,
    )  # fmt: skip
    if problems:
        return _home(request, *problems, form=form)
    return HttpResponseRedirect(reverse("csops:home"))


@needs(Right.RUN_CS)
@require_safe
def work(request: HttpRequest, work_id: str) -> HttpResponse:
    """Show one piece of work and the step that comes next."""
    return _show(request, work_id)


@needs(Right.RUN_CS)
@require_POST
def start(request: HttpRequest, work_id: str) -> HttpResponse:
    """Begin a piece of work."""
    form = MomentForm(request.POST)
    problems = press_form(
        acts.start_work, lambda: {"work_id": work_id, "began": form.cleaned_data["moment"]},
        actor=actor_of(request, PURPOSE), form=form,
    )  # fmt: skip
    return _show(request, work_id, *problems, start_form=form) if problems else _to(work_id)


@needs(Right.RUN_CS)
@require_POST
def step(request: HttpRequest, work_id: str, number: int) -> HttpResponse:
    """Tick a step of the run-book, or take the tick back."""
    asked = request.POST.get("do", "")
    if asked not in STEPS:
        return _show(request, work_id, Problem(code="BAD_INPUT"))
    _, problems = press(
        STEPS[asked], work_id=work_id, number=number, actor=actor_of(request, PURPOSE),
        now=clock.now(),
    )  # fmt: skip
    return _show(request, work_id, *problems) if problems else _to(work_id)


@needs(Right.RUN_CS)
@require_POST
def finish(request: HttpRequest, work_id: str) -> HttpResponse:
    """End a piece of work with its result and what proves it."""
    row = reads.find_work(work_id)
    if row is None:
        return _show(request, work_id)
    form = _finish_form(row.kind, request.POST, request.FILES)
    problems = press_form(
        acts.finish_work,
        lambda: {
            "work_id": work_id, "to": WorkState(form.cleaned_data["to"]),
            "ended": form.cleaned_data["moment"], "result": form.cleaned_data["result"],
            "copy": form.copy(), "evidence": _evidence_of(form.cleaned_data["evidence"]),
        },
        actor=actor_of(request, PURPOSE), form=form,
    )  # fmt: skip
    return _show(request, work_id, *problems, finish_form=form) if problems else _to(work_id)


@needs(Right.RUN_CS)
@require_POST
def call_off(request: HttpRequest, work_id: str) -> HttpResponse:
    """Take planned work back."""
    _, problems = press(
        acts.call_off, work_id=work_id, actor=actor_of(request, PURPOSE), now=clock.now()
    )
    return _show(request, work_id, *problems) if problems else _to(work_id)


@needs(Right.RUN_CS)
@require_POST
def restore(request: HttpRequest, work_id: str) -> HttpResponse:
    """Keep how it went to read a copy back."""
    form = RestoreForm(request.POST)
    problems = press_form(
        acts.note_restore_test,
        lambda: {"work_id": work_id, **form.cleaned_data,
                 "restored": form.cleaned_data["restored"] == "YES"},
        actor=actor_of(request, PURPOSE), form=form,
    )  # fmt: skip
    return _show(request, work_id, *problems, restore_form=form) if problems else _to(work_id)


@needs(Right.RUN_CS)
@require_POST
def hours(request: HttpRequest, work_id: str) -> HttpResponse:
    """Note who else worked at it."""
    form = HoursWorkedForm(request.POST, staff=_staff())
    problems = press_form(
        acts.note_hours,
        lambda: {"work_id": work_id, "staff_id": form.cleaned_data["staff_id"], **form.moments()},
        actor=actor_of(request, PURPOSE), form=form,
    )  # fmt: skip
    return _show(request, work_id, *problems, hours_form=form) if problems else _to(work_id)


def _home(
    request: HttpRequest, *problems: Problem, form: PlanWorkForm | None = None
) -> HttpResponse:  # fmt: skip
    today, rules = clock.today(), settings.MADOGUCHI_CARD_RULES
    year = _year_in(request.GET.get("year", ""), today)
    months = reads.year_months(year, today=today)
    assets = reads.list_assets(today=today, folder=rules)
    updates, table = reads.updates_done(year), reads.cs_table(rules)
    context: dict[str, Any] = {
        "today": today, "year": year, "first": date(year, 4, 1), "this_year": fiscal_year(today),
        "before": year - 1, "after": year + 1 if year < fiscal_year(today) else None,
        "months": [(one, MARKS[one.state]) for one in months],
        "counted": {one.value.lower(): sum(each.state is one for each in months)
                    for one in MonthState},
        "done_count": sum(one.state in (MonthState.DONE, MonthState.TESTED) for one in months),
        "open": reads.list_open_works(),
        "ended": reads.list_works_of(date(year, 4, 1), date(year + 1, 3, 31)),
        "cost": reads.year_cost(year, folder=rules), "rate": table.rates[-1],
        "updates": len(updates), "usual": table.updates_a_year,
        "updates_missing": updates_missing(updates, year=year, table=table),
        "ending": [(one, said) for one, said in assets
                   if said is not Support.FINE and one.retired_on is None],
        "incidents": reads.list_incidents(mended=False),
        "may_book": actor_of(request, PURPOSE).may(Right.SEARCH),
        "may_check": actor_of(request, PURPOSE).may(Right.VIEW_PERSON),
        "form": form or PlanWorkForm(initial={
            "planned_on": today.isoformat(), "title": f"{today.month}月のバックアップ",
        }),
        "problems": problems,
    }  # fmt: skip
    return page(request, "csops/home.html", context, 422 if problems else 200)


def _show(request: HttpRequest, work_id: str, *problems: Problem, **forms: Any) -> HttpResponse:
    row = reads.find_work(work_id)
    if row is None:
        return errors.refusal(request, [Problem(code="CS_WORK_UNKNOWN")], status=404)
    now, rules = clock.now(), settings.MADOGUCHI_CARD_RULES
    at = {"on": now.date().isoformat(), "at": clock_text(now.hour * 60 + now.minute)}
    ids = {one.staff_id for one in row.hours} | {one.done_by for one in row.steps if one.done_by}
    ids |= {one.tested_by for one in row.tests}
    context: dict[str, Any] = {
        "row": row, "names": {one.staff_id: one.display_name for one in list_staff(ids)},
        "open_steps": [one for one in row.steps if one.done_at is None],
        "cost": reads.costs(row.hours, folder=rules),
        "start_form": MomentForm(initial=at),
        "finish_form": _finish_form(row.kind, initial=at),
        "restore_form": RestoreForm(initial={"tested_on": at["on"]}),
        "hours_form": HoursWorkedForm(initial={"on": at["on"]}, staff=_staff()),
        **forms, "problems": problems, "wrong": next(iter(forms.values()), None),
    }  # fmt: skip
    return page(request, "csops/work.html", context, 422 if problems else 200)


def _finish_form(kind: WorkKind, *given: Any, **more: Any) -> FinishForm:
    return (FinishBackupForm if kind is WorkKind.BACKUP else FinishForm)(*given, **more)


def _evidence_of(upload: Any) -> acts.Evidence | None:
    """Take the hash of what was sent; the file itself goes no further (証拠のハッシュ値)."""
    if upload is None:
        return None
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return acts.Evidence(name=str(upload.name)[:120], sha256=digest.hexdigest())


def _staff() -> list[tuple[str, str]]:
    return [(one.staff_id, one.display_name) for one in list_staff() if Right.RUN_CS in one.rights]


def _year_in(text: str, today: date) -> int:
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if YEAR_FIRST <= year <= fiscal_year(today) else fiscal_year(today)


def _to(work_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("csops:work", args=[work_id]))
