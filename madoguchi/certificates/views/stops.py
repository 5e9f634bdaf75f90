"""The stop switch (停止の画面)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.certificates.actions.stops import lift_stop, stop_kind
from madoguchi.certificates.forms import StopForm
from madoguchi.certificates.queries.rules import list_stops
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page
from madoguchi.web.press import press, press_form

PURPOSE = "証明書の交付の停止"


@needs(Right.STOP_SWITCH)
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Show what is stopped; a press stops a kind from that moment on."""
    form = StopForm(request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = press_form(stop_kind, form.given, actor=actor_of(request, PURPOSE), form=form)
        if not problems:
            return HttpResponseRedirect(reverse("certificates:stops"))
    return _show(request, form, problems)


@needs(Right.STOP_SWITCH)
@require_POST
def lift(request: HttpRequest, stop_id: int) -> HttpResponse:
    """Let a stopped kind leave again."""
    _, problems = press(
        lift_stop, stop_id=stop_id, actor=actor_of(request, PURPOSE), now=clock.now()
    )
    if problems:
        return _show(request, StopForm(), problems)
    return HttpResponseRedirect(reverse("certificates:stops"))


def _show(request: HttpRequest, form: StopForm, problems: tuple[Problem, ...]) -> HttpResponse:
    context = {"form": form, "stops": list_stops(), "problems": problems}
    return page(request, "certificates/stops.html", context, 422 if problems else 200)
