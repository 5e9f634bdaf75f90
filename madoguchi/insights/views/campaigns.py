"""Classes, fairs and spots: kept, counted, held beside the issues before and after (催しの画面)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.infra import clock
from madoguchi.insights.actions import campaigns as acts
from madoguchi.insights.domain.campaigns import MONTHS_BESIDE, SMALL, Counted, beside
from madoguchi.insights.forms.effect import CampaignForm, CostForm, CountForm
from madoguchi.insights.queries.boards import CHANNELS, all_rows
from madoguchi.insights.queries.campaigns import find_campaign, list_campaigns
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page
from madoguchi.web.press import press, press_form

PURPOSE = "効果の見える化"


@needs(Right.SEARCH)
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """List what was done to bring people to kiosk and store, with what it cost a head."""
    may_keep = actor_of(request, PURPOSE).may(acts.DESK)
    context = {"rows": list_campaigns(), "may_keep": may_keep, "small": SMALL}
    return page(request, "insights/campaigns.html", context)


@needs(acts.DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Keep a class, a fair or a spot."""
    form = CampaignForm(request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        actor = actor_of(request, PURPOSE)
        problems = press_form(
            acts.keep_campaign, lambda: {"campaign": form.given()}, actor=actor, form=form
        )
        if not problems:
            return HttpResponseRedirect(reverse("insights:campaigns"))
    context = {"form": form, "problems": problems}
    return page(request, "insights/campaign_new.html", context, 422 if problems else 200)


@needs(Right.SEARCH)
@require_safe
def campaign(request: HttpRequest, campaign_id: str) -> HttpResponse:
    """Show one, what was counted of it, and the issues before and after."""
    return _show(request, campaign_id)


@needs(acts.DESK)
@require_POST
def count(request: HttpRequest, campaign_id: str) -> HttpResponse:
    """Keep how many came or came back."""
    form = CountForm(request.POST)
    problems = press_form(
        acts.count_people,
        lambda: {"campaign_id": campaign_id, **form.cleaned_data,
                 "what": Counted(form.cleaned_data["what"])},
        actor=actor_of(request, PURPOSE), form=form,
    )  # fmt: skip
    return _show(request, campaign_id, *problems, count_form=form) if problems else _to(campaign_id)


@needs(acts.DESK)
@require_POST
def cost(request: HttpRequest, campaign_id: str) -> HttpResponse:
    """Say what it cost."""
    form = CostForm(request.POST)
    problems = press_form(
        acts.set_cost, lambda: {"campaign_id": campaign_id, **form.cleaned_data},
        actor=actor_of(request, PURPOSE), form=form,
    )  # fmt: skip
    return _show(request, campaign_id, *problems, cost_form=form) if problems else _to(campaign_id)


@needs(acts.DESK)
@require_POST
def undo(request: HttpRequest, campaign_id: str) -> HttpResponse:
    """Take a count back, or the whole of it where no count is named."""
    given: dict[str, Any] = {
        "campaign_id": campaign_id, "actor": actor_of(request, PURPOSE), "now": clock.now(),
    }  # fmt: skip
    asked = request.POST.get("count", "")
    if not asked:
        _, problems = press(acts.undo_campaign, **given)
        if problems:
            return _show(request, campaign_id, *problems)
        return HttpResponseRedirect(reverse("insights:campaigns"))
    if not asked.isdecimal() or len(asked) > 18:
        return _show(request, campaign_id, Problem(code="BAD_INPUT"))
    _, problems = press(acts.undo_count, count_id=int(asked), **given)
    return _show(request, campaign_id, *problems) if problems else _to(campaign_id)


def _show(request: HttpRequest, campaign_id: str, *problems: Problem, **forms: Any) -> HttpResponse:
    found = find_campaign(campaign_id)
    if found is None:
        return errors.not_found(request, Http404())
    actor = actor_of(request, PURPOSE)
    rows = all_rows(actor=actor, today=clock.today())
    context = {
        "found": found, "campaign": found.campaign, "small": SMALL, "months": MONTHS_BESIDE,
        "beside": [beside(found.campaign, rows, one) for one in CHANNELS],
        "may_keep": actor.may(acts.DESK), "problems": problems,
        "count_form": CountForm(initial={"on": clock.today()}), "cost_form": CostForm(), **forms,
    }  # fmt: skip
    return page(request, "insights/campaign.html", context, 422 if problems else 200)


def _to(campaign_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("insights:campaign", args=[campaign_id]))
