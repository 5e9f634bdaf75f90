"""Pages of measures: list, acceptance, one measure and its steps (支援措置の画面)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madoguchi.audit import api as audit
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.wareki import format_long
from madoguchi.protection.actions.endings import propose_end
from madoguchi.protection.actions.measures import (
    confirm_measure,
    extend_measure,
    forward_measure,
    set_measure,
)
from madoguchi.protection.domain import measures as rules
from madoguchi.protection.domain.measures import Category, MeasureState, Scope
from madoguchi.protection.forms import (
    AcceptForm,
    ConfirmForm,
    EndForm,
    ForwardForm,
    VersionForm,
)
from madoguchi.protection.queries.errands import count_open_errands, list_errands_of
from madoguchi.protection.queries.measures import (
    MeasureRow,
    find_measure,
    find_reference,
    list_accepted_not_effective,
    list_forwardings,
    list_measures,
    list_steps,
)
from madoguchi.protection.queries.unlocks import count_waiting
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.messages import render_all
from madoguchi.web.pages import page
from madoguchi.web.press import attempt, press

PURPOSE = "支援措置の管理"

#: What wants something done; the others only say how things are, and the badge does that.
_ATTENTION = frozenset({"PROTECTION_NOT_EFFECTIVE", "PROTECTION_ENDS_SOON", "PROTECTION_OVER"})


def officer(request: HttpRequest) -> Actor:
    """Return who keeps protection here, with the purpose of these pages."""
    return actor_of(request, PURPOSE)


def looked(actor: Actor, screen: str, person_ids: Iterable[str]) -> frozenset[str]:
    """Record whom this page is about to show, and return them; no log, no look."""
    persons = frozenset(person_ids)
    audit.look(actor=actor, screen=screen, subjects=persons)
    return persons


@require_GET
@needs(Right.SEE_PROTECTED, Right.SET_PROTECTION)
def listing(request: HttpRequest) -> HttpResponse:
    """List measures: what is not in effect first, then over, then ending (一覧)."""
    actor = officer(request)
    number = request.GET.get("page", "1")
    number_of_page = int(number) if number.isascii() and number.isdigit() else 1
    rows = list_measures(actor=actor, page=number_of_page)
    context = {
        "rows": rows,
        "not_effective": list_accepted_not_effective(actor=actor),
        "second_count": count_waiting(actor=actor),
        "errand_count": count_open_errands(actor=actor),
        "page_number": number_of_page,
        "person_ids": looked(
            actor, "PROTECTION_LIST", (p for row in rows for p in row.measure.person_ids)
        ),
        "today": clock.today(),
    }
    return page(request, "protection/list.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.SEE_PROTECTED, Right.SET_PROTECTION)
def accept(request: HttpRequest) -> HttpResponse:
    """Accept an application; from the answer on its persons are held (受付)."""
    actor = officer(request)
    if request.method == "GET":
        form = AcceptForm(
            initial={
                "applicant_id": request.GET.get("person", ""),
                "together_ids": "\n".join(request.GET.getlist("together")),
                "errand_id": request.GET.get("errand", ""),
                "from_town": request.GET.get("town", ""),
                "category": Category.PARTNER_VIOLENCE.value,
                "scope": [scope.value for scope in Scope],
                "accepted_on": format_long(clock.today()),
            }
        )
        return page(request, "protection/accept.html", {"form": form})
    form = AcceptForm(request.POST)
    problems = problems_of(form)
    if not problems:
        measure_id, problems = press(set_measure, actor=actor, **form.cleaned_data)
        mark(form, problems)
        if not problems:
            return HttpResponseRedirect(reverse("protection:detail", args=[measure_id]))
    return page(request, "protection/accept.html", {"form": form, "problems": problems}, 422)


@require_GET
@needs(Right.SEE_PROTECTED, Right.SET_PROTECTION)
def detail(request: HttpRequest, measure_id: str) -> HttpResponse:
    """Show one measure: what to do now, and every step so far (詳細)."""
    return show(request, measure_id)


def show(
    request: HttpRequest,
    measure_id: str,
    *,
    problems: tuple[Problem, ...] = (),
    refused: dict[str, forms.Form] | None = None,
) -> HttpResponse:
    """Answer with the page of a measure; ``refused`` keeps what was typed into a form."""
    actor = officer(request)
    row = find_measure(measure_id, actor=actor)
    if row is None:
        return errors.refusal(request, [Problem(code="NOT_FOUND")])
    measure, today = row.measure, clock.today()
    version = {"version": measure.version}
    context: dict[str, Any] = {
        "row": row,
        "measure": measure,
        "steps": list_steps(measure_id, actor=actor),
        "errands": list_errands_of(measure_id, actor=actor),
        "forwardings": list_forwardings(measure_id, actor=actor),
        "reference": find_reference(measure_id, actor=actor),
        "attention": render_all(one for one in row.alerts if one.code in _ATTENTION),
        "scope": sorted(measure.scope),
        "can": _open_arrows(row),
        "next": rules.next_period(measure.period) if measure.period else None,
        "opens_on": rules.extension_opens_on(measure.period) if measure.period else None,
        "person_ids": looked(actor, "PROTECTION_DETAIL", measure.person_ids),
        "confirm_form": ConfirmForm(initial={**version, "begins_on": format_long(today)}),
        "extend_form": VersionForm(initial=version),
        "forward_form": ForwardForm(initial={**version, "sent_on": format_long(today)}),
        "end_form": EndForm(initial=version),
        "problems": problems,
        **(refused or {}),
    }
    return page(request, "protection/detail.html", context, 422 if problems else 200)


@require_POST
@needs(Right.SEE_PROTECTED, Right.SET_PROTECTION)
def confirm(request: HttpRequest, measure_id: str) -> HttpResponse:
    """Confirm that protection is needed (決定)."""
    return _act(
        request, measure_id, ConfirmForm(request.POST), "confirm_form",
        lambda form, actor: unit.run(
            confirm_measure, actor=actor, measure_id=measure_id, **form.cleaned_data
        ),
    )  # fmt: skip


@require_POST
@needs(Right.SEE_PROTECTED, Right.SET_PROTECTION)
def extend(request: HttpRequest, measure_id: str) -> HttpResponse:
    """Extend by a year (延長)."""
    return _act(
        request, measure_id, VersionForm(request.POST), "extend_form",
        lambda form, actor: unit.run(
            extend_measure, actor=actor, measure_id=measure_id, **form.cleaned_data
        ),
    )  # fmt: skip


@require_POST
@needs(Right.SEE_PROTECTED, Right.SET_PROTECTION)
def forward(request: HttpRequest, measure_id: str) -> HttpResponse:
    """Note that another town was told (転送)."""
    return _act(
        request, measure_id, ForwardForm(request.POST), "forward_form",
        lambda form, actor: unit.run(
            forward_measure, actor=actor, measure_id=measure_id, **form.cleaned_data
        ),
    )  # fmt: skip


@require_POST
@needs(Right.SEE_PROTECTED, Right.SET_PROTECTION)
def propose_to_end(request: HttpRequest, measure_id: str) -> HttpResponse:
    """Ask a second officer to end it (終了の申請)."""
    return _act(
        request, measure_id, EndForm(request.POST), "end_form",
        lambda form, actor: unit.run(
            propose_end, [(measure_id, form.cleaned_data["version"])], actor=actor,
            reason=form.cleaned_data["reason"], words=form.cleaned_data["words"],
        ),
    )  # fmt: skip


def _act(
    request: HttpRequest,
    measure_id: str,
    form: forms.Form,
    name: str,
    do: Callable[[forms.Form, Actor], object],
) -> HttpResponse:
    problems = problems_of(form)
    if not problems:
        _, problems = attempt(lambda: do(form, officer(request)))
        mark(form, problems)
        if not problems:
            return HttpResponseRedirect(reverse("protection:detail", args=[measure_id]))
    # A stale form keeps its words but must not keep its version: the page shows the live one.
    stale = any(problem.code == "STALE_STATE" for problem in problems)
    return show(request, measure_id, problems=problems, refused=None if stale else {name: form})


def _open_arrows(row: MeasureRow) -> dict[str, bool]:
    """Tell the template which buttons to draw; the actions decide all the same."""
    measure = row.measure
    today = clock.today()
    moved = measure.carried_over_on is not None
    return {
        "confirm": measure.state is MeasureState.PROVISIONAL and not moved,
        "extend": not rules.check_extend(measure, today=today),
        "end": rules.holds(measure.state) and not row.end_proposed,
        "forward": rules.holds(measure.state),
    }
