"""The town's own rules of letters: when the next notice is due, into which envelope (発送の決まり)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.dispatch.actions import rules as actions
from madoguchi.dispatch.domain.envelope import safe_area
from madoguchi.dispatch.forms import EnvelopeForm, RenoticeForm
from madoguchi.dispatch.queries.rules import envelope_on, list_envelopes, list_renotice_rules
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page
from madoguchi.web.press import press_form

PURPOSE = "発送の決まりの変更"


@needs(actions.TABLE_RIGHT)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show what counts now and from which day, and the envelope drawn."""
    return _show(request)


@needs(actions.TABLE_RIGHT)
@require_POST
def set_renotices(request: HttpRequest) -> HttpResponse:
    """Say after how many days the next notice goes out, from a day on."""
    form = RenoticeForm(request.POST)
    return _press(request, actions.set_renotices, form, lambda: {"rule": form.rule()}, days=form)


@needs(actions.TABLE_RIGHT)
@require_POST
def set_envelope(request: HttpRequest) -> HttpResponse:
    """Say which envelope letters go into from a day on."""
    form = EnvelopeForm(request.POST)
    return _press(request, actions.set_envelope, form, lambda: {"row": form.row()}, envelope=form)


def _press(
    request: HttpRequest, action: Callable[..., Any], form: forms.Form,
    given: Callable[[], dict[str, Any]], **shown: forms.Form,
) -> HttpResponse:  # fmt: skip
    problems = press_form(action, given, actor=actor_of(request, PURPOSE), form=form)
    if not problems:
        return HttpResponseRedirect(reverse("dispatch:rules"))
    return _show(request, problems=problems, wrong=form, **shown)


def _show(
    request: HttpRequest, *, problems: tuple[Problem, ...] = (), wrong: forms.Form | None = None,
    **shown: forms.Form,
) -> HttpResponse:  # fmt: skip
    today = clock.today()
    now = envelope_on(today)
    safe = safe_area(now)
    context = {
        "today": today, "problems": problems, "wrong": wrong, "now": now, "safe": safe,
        "safe_width": safe.right - safe.left, "safe_height": safe.bottom - safe.top,
        "box": f"-2 -2 {now.inner_width_mm + 4} {now.inner_height_mm + 4}",
        "renotices": list_renotice_rules(), "envelopes": list_envelopes(),
        "days_form": shown.get("days") or RenoticeForm(),
        "envelope_form": shown.get("envelope") or EnvelopeForm(initial=asdict(now)),
    }  # fmt: skip
    return page(request, "dispatch/rules.html", context, 422 if problems else 200)
