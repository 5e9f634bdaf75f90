"""The desk tried out: the present one beside what if (窓口の試算の画面)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from madoguchi.insights.documents.desk_chart import Bar, draw_waits
from madoguchi.insights.domain.twin.answer import Outcome
from madoguchi.insights.domain.twin.reading import check_scenario, warn_of
from madoguchi.insights.domain.twin.ready import Variant
from madoguchi.insights.domain.twin.scenario import Resource, Scenario
from madoguchi.insights.forms.desk import DeskForm, usual_inputs
from madoguchi.insights.queries.desk import (
    compare,
    for_page,
    list_wishes,
    ready_scenarios,
    try_out,
    what_binds,
)
from madoguchi.kernel.actor import Right
from madoguchi.web.access import needs
from madoguchi.web.forms import problems_of
from madoguchi.web.messages import render, word
from madoguchi.web.nav import url_or_none
from madoguchi.web.pages import page

#: Figures name nobody: whoever may search may see them, as in ``visits``.
FIGURES = Right.SEARCH


@needs(FIGURES)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Run the present desk and, where asked, another beside it; nothing is kept."""
    folder = settings.MADOGUCHI_CARD_RULES
    ready = ready_scenarios(folder)
    usual = usual_inputs(ready)
    # Asked for without a word it shows the base; a field left out is as usual.
    form = DeskForm({**usual, **request.GET.dict()}, ready=ready)
    problems = problems_of(form)
    context: dict[str, Any] = {"form": form, "effect": url_or_none("insights:effect")}
    # Just opened: the form stands at once, and the years follow into it.
    opened = context["opened"] = not request.GET
    if not problems and not opened:
        base, variant = form.base(), form.variant_chosen()
        there = base if variant is None or variant.outside else variant.on(base)
        problems = (*check_scenario(base), *(check_scenario(there) if there != base else ()))
        if not problems:
            context |= _found(base, there, variant, folder)
            context |= {"sources": ready.sources}
    return page(request, "insights/desk.html", context | {"problems": problems},
                422 if problems else 200)  # fmt: skip


def _found(base: Scenario, there: Scenario, variant: Variant | None, folder: str) -> dict[str, Any]:
    now = try_out(for_page(base))
    other = try_out(for_page(there)) if there != base else None
    many = now.scenario.replications
    wishes = list_wishes(base, folder)
    desks = [(word(kind="desk_chart", code="NOW"), now)]
    if other is not None:
        many = min(many, other.scenario.replications)
        desks.append((word(kind="desk_chart", code="OTHER"), other))
    warned = dict.fromkeys((*warn_of(base), *warn_of(there)))
    return {
        "now": now, "binding": what_binds(now.scenario), "other": other, "variant": variant, "many": many, "base": base,
        "difference": compare(now, other) if other else None,
        "rows": _rows(now, other),
        "loads": _loads(now, other),
        "wishes": wishes, "days": base.days,
        "wish": next((one for one in wishes if variant and one.variant.code == variant.code), None),
        "warnings": [render(one) for one in warned], "chart": _chart(desks),
    }  # fmt: skip


def _rows(now: Outcome, other: Outcome | None) -> list[dict[str, Any]]:
    """A row a service: its waits now, its waits there, and the difference on the same days."""
    found = compare(now, other) if other else None
    return [
        {
            "service": name, "now": waits, "other": other.waits[name] if other else None,
            "mean": found.wait_mean[name] if found else None,
            "short": other.short_waits.get(name) if other else None,
        }
        for name, waits in now.waits.items()
    ]  # fmt: skip


def _loads(now: Outcome, other: Outcome | None) -> list[dict[str, Any]]:
    return [
        {"resource": one.value, "now": now.load[one].mean * 100,
         "other": other.load[one].mean * 100 if other else None}
        for one in Resource
    ]  # fmt: skip


def _chart(desks: list[tuple[str, Outcome]]) -> str:
    bars = [
        Bar(service=word(kind="desk_service", code=name), desk=desk, minutes=waits.mean)
        for name in desks[0][1].waits
        for desk, outcome in desks
        for waits in (outcome.waits[name],)
    ]
    # Only names of our own catalogue and numbers stand in it, and the drawing escapes them.
    axis, said = (word(kind="desk_chart", code=code) for code in ("AXIS", "BAR"))
    return mark_safe(draw_waits(bars, axis=axis, label=said))  # noqa: S308  see above
