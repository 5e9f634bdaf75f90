"""Months of the product's own records as drawings (自前の記録の画面)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from madoguchi.infra import clock
from madoguchi.journeys.actions.maps import EDIT
from madoguchi.journeys.actions.releases import release_month
from madoguchi.journeys.documents.drawing import draw_report
from madoguchi.journeys.domain.origins import Origin, months_open
from madoguchi.journeys.domain.privacy import Report
from madoguchi.journeys.queries.maps import rules
from madoguchi.journeys.queries.observed import releases_of
from madoguchi.journeys.views.words import event_words
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import label
from madoguchi.web.pages import page, unkept
from madoguchi.web.press import press

PURPOSE = "記録からの流れの図"


@needs(Right.SEARCH)
@require_safe
def observed(request: HttpRequest) -> HttpResponse:
    """List the months of one origin: those that left, and those that may."""
    return _list(request, _origin(request.GET.get("of", "")))


@needs(EDIT)
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Let a month leave."""
    origin = _origin(request.POST.get("of", ""))
    day = _day(request.POST.get("month", ""))
    if day is None:
        return _list(request, origin, Problem(code="JOURNEY_MONTH_NOT_OVER"))
    # What leaves is kept as it left, for whoever reads it: in Japanese, whoever pressed.
    with translation.override(settings.LANGUAGE_CODE):
        _, problems = press(
            release_month, origin=origin, first_on=day, draw=lambda report: _drawn(report, origin),
            actor=actor_of(request, PURPOSE), now=clock.now(),
        )  # fmt: skip
    if problems:
        return _list(request, origin, *problems)
    return HttpResponseRedirect(f"{reverse('journeys:observed')}?of={origin.value}")


@needs(Right.SEARCH)
@require_safe
def month(request: HttpRequest, origin: str, first: str) -> HttpResponse:
    """Answer with the drawing of a month as it left."""
    day = _day(first)
    kept = releases_of(Origin(origin)) if origin in set(Origin) else {}
    if day is None or day not in kept:
        return errors.refusal(request, [Problem(code="JOURNEY_MAP_UNKNOWN")], status=404)
    return unkept(HttpResponse(kept[day].drawing, content_type="image/svg+xml"))


def _list(request: HttpRequest, origin: Origin, *problems: Problem) -> HttpResponse:
    kept = releases_of(origin)
    days = months_open(origin, today=clock.today())
    older = [(one.first_on, one.last_on) for one in kept.values()]
    rows = [
        (first, last, first.isoformat(), kept.get(first))
        for first, last in sorted({*days, *older}, reverse=True)
    ]
    context = {
        "rows": rows, "origin": origin.value, "origins": [one.value for one in Origin],
        "problems": problems, "may_edit": actor_of(request, PURPOSE).may(EDIT), "k": rules().k,
    }  # fmt: skip
    return page(request, "journeys/observed.html", context, 422 if problems else 200)


def _drawn(report: Report, origin: Origin) -> str:
    lanes = {code: label(kind="journey_lane", code=code) for code in rules().lanes}
    names = {name: event_words(origin.value, name) for edge in report.edges for name in edge.pair}
    return draw_report(report, lanes=lanes, groups={}, names=names)


def _origin(text: str) -> Origin:
    return Origin(text) if text in set(Origin) else Origin.CARDS


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
