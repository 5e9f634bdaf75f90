"""The stop switch (停止の画面)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.certificates.actions.stops import lift_stop, stop_kind
from madoguchi.certificates.domain.kinds import Channel, Kind
from madoguchi.certificates.forms import StopForm
from madoguchi.certificates.queries.rules import list_stops
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page

PURPOSE = "証明書の交付の停止"


@needs(Right.STOP_SWITCH)
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Show what is stopped; a press stops a kind from that moment on."""
    form = StopForm(request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = problems_of(form)
        if not problems:
            given = form.cleaned_data
            try:
                unit.run(
                    stop_kind, kind=Kind(given["kind"]),
                    channel=Channel(given["channel"]) if given["channel"] else None,
                    reason=given["reason"], actor=actor_of(request, PURPOSE), now=clock.now(),
                )  # fmt: skip
            except Refused as refusal:
                problems = refusal.problems
            else:
                return HttpResponseRedirect(reverse("certificates:stops"))
    return _show(request, form, problems)


@needs(Right.STOP_SWITCH)
@require_POST
def lift(request: HttpRequest, stop_id: int) -> HttpResponse:
    """Let a stopped kind leave again."""
    actor = actor_of(request, PURPOSE)
    try:
        unit.run(lift_stop, stop_id=stop_id, actor=actor, now=clock.now())
    except Refused as refusal:
        return _show(request, StopForm(), refusal.problems)
    return HttpResponseRedirect(reverse("certificates:stops"))


def _show(request: HttpRequest, form: StopForm, problems: tuple[Problem, ...]) -> HttpResponse:
    context = {"form": form, "stops": list_stops(), "problems": problems}
    return page(request, "certificates/stops.html", context, 422 if problems else 200)
