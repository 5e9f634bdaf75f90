"""The town's own tables: hours, closed days, stores; and the machines (利用時間・休止日・店・端末)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.kiosk.actions.tables import (
    Table,
    add_closed,
    add_hours,
    add_shop,
    add_yearly,
    end_row,
)
from madoguchi.kiosk.actions.terminals import register_terminal
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.forms import ClosedForm, HoursForm, ShopForm, TerminalForm, YearlyForm
from madoguchi.kiosk.queries.tables import list_closed, list_hours, list_shops, list_yearly
from madoguchi.kiosk.queries.terminals import list_terminals
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import press, press_form

PURPOSE = "キオスクの設定"


@needs(Right.STOP_SWITCH)
@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """Show when the machines are open, when not, and which stores there are."""
    return _show(request)


@needs(Right.STOP_SWITCH)
@require_POST
def add_hours_row(request: HttpRequest) -> HttpResponse:
    """Add opening hours from a day on."""
    form = HoursForm(request.POST)

    def given() -> dict[str, Any]:
        return {"channel": form.cleaned_data["channel"], "row": form.row()}

    return _add(request, form, add_hours, given, hours=form)


@needs(Right.STOP_SWITCH)
@require_POST
def add_closed_time(request: HttpRequest) -> HttpResponse:
    """Close channels for some time, with a reason visitors read."""
    form = ClosedForm(request.POST)

    def given() -> dict[str, Any]:
        return {"channels": tuple(form.cleaned_data["channels"]), "row": form.row()}

    return _add(request, form, add_closed, given, closed=form)


@needs(Right.STOP_SWITCH)
@require_POST
def add_yearly_closing(request: HttpRequest) -> HttpResponse:
    """Close channels on the same days of each year."""
    form = YearlyForm(request.POST)

    def given() -> dict[str, Any]:
        return {"channels": tuple(form.cleaned_data["channels"]), "row": form.row()}

    return _add(request, form, add_yearly, given, yearly=form)


@needs(Right.STOP_SWITCH)
@require_POST
def add_store(request: HttpRequest) -> HttpResponse:
    """Add a store with a terminal."""
    form = ShopForm(request.POST)
    return _add(request, form, add_shop, lambda: {"row": form.row()}, shop=form)


@needs(Right.STOP_SWITCH)
@require_POST
def end(request: HttpRequest, table: str, row_id: int) -> HttpResponse:
    """Let a row hold until today and no longer."""
    if table not in set(Table):
        return _show(request, problems=(Problem(code="KIOSK_ROW_UNKNOWN"),))
    _, problems = press(
        end_row, table=Table(table), row_id=row_id, on=clock.today(),
        actor=actor_of(request, PURPOSE), now=clock.now(),
    )  # fmt: skip
    if problems:
        return _show(request, problems=problems)
    return HttpResponseRedirect(reverse("kiosk:tables"))


@needs(Right.MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def terminals(request: HttpRequest) -> HttpResponse:
    """Register a machine; its word is shown once, to be typed into its browser."""
    form = TerminalForm(request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    word = ""
    if request.method == "POST":
        problems = problems_of(form)
        if not problems:
            given = dict(form.cleaned_data)
            given["methods"] = tuple(Method(one) for one in given["methods"])
            word, problems = press(
                register_terminal, actor=actor_of(request, PURPOSE), now=clock.now(), **given
            )
            mark(form, problems)
    context = {"rows": list_terminals(), "form": form, "problems": problems, "word": word}
    return page(request, "kiosk_office/terminals.html", context, 422 if problems else 200)


def _add(
    request: HttpRequest,
    form: forms.Form,
    action: Callable[..., object],
    given: Callable[[], dict[str, Any]],
    **forms_by_name: forms.Form,
) -> HttpResponse:
    problems = press_form(action, given, actor=actor_of(request, PURPOSE), form=form)
    if not problems:
        return HttpResponseRedirect(reverse("kiosk:tables"))
    return _show(request, problems=problems, wrong=form, **forms_by_name)


def _show(
    request: HttpRequest,
    *,
    problems: tuple[Problem, ...] = (),
    wrong: forms.Form | None = None,
    hours: forms.Form | None = None,
    closed: forms.Form | None = None,
    yearly: forms.Form | None = None,
    shop: forms.Form | None = None,
) -> HttpResponse:
    today, now = clock.today(), clock.now()
    context = {
        "hours": list_hours(on=today),
        "yearly": list_yearly(on=today),
        "closed": list_closed(since=now),
        "shops": list_shops(on=today),
        "hours_form": hours or HoursForm(),
        "closed_form": closed or ClosedForm(),
        "yearly_form": yearly or YearlyForm(),
        "shop_form": shop or ShopForm(),
        "wrong": wrong,
        "problems": problems,
    }
    return page(request, "kiosk_office/tables.html", context, 422 if problems else 200)
