"""What the CS is made of, and what went wrong there (CSの資産と障害の画面)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.accounts.api import list_staff
from madoguchi.csops.actions import upkeep as acts
from madoguchi.csops.forms import AssetForm, IncidentForm
from madoguchi.csops.queries import work as reads
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.daytimes import clock_text
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page
from madoguchi.web.press import press, press_form

PURPOSE = "CSの運用"


@needs(Right.RUN_CS)
@require_safe
def assets(request: HttpRequest) -> HttpResponse:
    """Show what the CS is made of, and whose support ends when."""
    return _assets(request)


@needs(Right.RUN_CS)
@require_POST
def add_asset(request: HttpRequest) -> HttpResponse:
    """Enter something the CS needs."""
    form = AssetForm(request.POST)
    problems = press_form(
        acts.add_asset, lambda: {"asset": form.asset()}, actor=actor_of(request, PURPOSE), form=form
    )
    if problems:
        return _assets(request, *problems, form=form)
    return HttpResponseRedirect(reverse("csops:assets"))


@needs(Right.RUN_CS)
@require_POST
def retire_asset(request: HttpRequest, asset_id: str) -> HttpResponse:
    """Say that something is used no longer."""
    on = parse_day(request.POST.get("on", ""))
    if isinstance(on, Problem):
        return _assets(request, on)
    _, problems = press(
        acts.retire_asset, asset_id=asset_id, on=on, actor=actor_of(request, PURPOSE),
        now=clock.now(),
    )  # fmt: skip
    if problems:
        return _assets(request, *problems)
    return HttpResponseRedirect(reverse("csops:assets"))


@needs(Right.RUN_CS)
@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """Show what went wrong, what is not mended on top."""
    return _incidents(request)


@needs(Right.RUN_CS)
@require_POST
def note_incident(request: HttpRequest) -> HttpResponse:
    """Note that something went wrong."""
    form = IncidentForm(request.POST)
    problems = press_form(
        acts.note_incident,
        lambda: {"happened": form.cleaned_data["moment"], "what": form.cleaned_data["what"]},
        actor=actor_of(request, PURPOSE), form=form,
    )  # fmt: skip
    if problems:
        return _incidents(request, *problems, form=form)
    return HttpResponseRedirect(reverse("csops:incidents"))


@needs(Right.RUN_CS)
@require_POST
def mend_incident(request: HttpRequest, incident_id: str) -> HttpResponse:
    """Say how it was mended."""
    _, problems = press(
        acts.mend_incident, incident_id=incident_id, how=request.POST.get("how", ""),
        actor=actor_of(request, PURPOSE), now=clock.now(),
    )  # fmt: skip
    if problems:
        return _incidents(request, *problems)
    return HttpResponseRedirect(reverse("csops:incidents"))


def _assets(
    request: HttpRequest, *problems: Problem, form: AssetForm | None = None
) -> HttpResponse:  # fmt: skip
    table = reads.cs_table(settings.MADOGUCHI_CARD_RULES)
    context = {
        "rows": reads.list_assets(today=clock.today(), folder=settings.MADOGUCHI_CARD_RULES),
        "form": form or AssetForm(), "problems": problems, "wrong": form,
        "may_check": actor_of(request, PURPOSE).may(Right.VIEW_PERSON),
        "warn_days": [(kind.value, days) for kind, days in table.warn_days.items()],
    }  # fmt: skip
    return page(request, "csops/assets.html", context, 422 if problems else 200)


def _incidents(
    request: HttpRequest, *problems: Problem, form: IncidentForm | None = None
) -> HttpResponse:  # fmt: skip
    now = clock.now()
    at = {"on": now.date().isoformat(), "at": clock_text(now.hour * 60 + now.minute)}
    waiting, over = reads.list_incidents(mended=False), reads.list_incidents(mended=True)
    context: dict[str, Any] = {
        "waiting": waiting, "over": over, "form": form or IncidentForm(initial=at),
        "names": {one.staff_id: one.display_name
                  for one in list_staff({row.noted_by for row in (*waiting, *over)})},
        "problems": problems, "wrong": form,
        "may_check": actor_of(request, PURPOSE).may(Right.VIEW_PERSON),
    }  # fmt: skip
    return page(request, "csops/incidents.html", context, 422 if problems else 200)
