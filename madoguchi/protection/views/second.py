"""The second officer's queue: unlocks and endings to grant or decline (二人目の承認)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from madoguchi.infra import unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.protection.actions.endings import decline_end, grant_end
from madoguchi.protection.actions.unlocks import decline_unlock, grant_unlock
from madoguchi.protection.forms import PairsForm
from madoguchi.protection.queries.measures import measures_by_id
from madoguchi.protection.queries.unlocks import list_waiting
from madoguchi.protection.views.measures import looked, officer
from madoguchi.web.access import needs
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import attempt


@require_GET
@needs(Right.SEE_PROTECTED, Right.APPROVE)
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits for a second officer (承認待ち)."""
    return _show(request)


@require_POST
@needs(Right.SEE_PROTECTED, Right.APPROVE)
def grant(request: HttpRequest, unlock_id: str) -> HttpResponse:
    """Let one paper through (一時解除の承認)."""
    actor = officer(request)
    return _act(request, lambda: unit.run(grant_unlock, actor=actor, unlock_id=unlock_id))


@require_POST
@needs(Right.SEE_PROTECTED)
def decline(request: HttpRequest, unlock_id: str) -> HttpResponse:
    """Decline an unlock, or take one's own back (却下・取下げ)."""
    actor = officer(request)
    return _act(request, lambda: unit.run(decline_unlock, actor=actor, unlock_id=unlock_id))


@require_POST
@needs(Right.SEE_PROTECTED, Right.LIFT_PROTECTION)
def grant_ends(request: HttpRequest) -> HttpResponse:
    """End the ticked measures, each compared with the live one (終了の決定)."""
    form = PairsForm(request.POST)
    problems = problems_of(form)
    if problems:
        return _show(request, problems=problems)
    actor = officer(request)
    return _act(request, lambda: unit.run(grant_end, form.pairs(), actor=actor))


@require_POST
@needs(Right.SEE_PROTECTED, Right.SET_PROTECTION)
def decline_ending(request: HttpRequest, ending_id: str) -> HttpResponse:
    """Decline a proposal to end, or take one's own back (却下・取下げ)."""
    actor = officer(request)
    return _act(request, lambda: unit.run(decline_end, actor=actor, ending_id=ending_id))


def _act(request: HttpRequest, do: Callable[[], object]) -> HttpResponse:
    _, problems = attempt(do)
    if problems:
        return _show(request, problems=problems)
    return HttpResponseRedirect(reverse("protection:second"))


def _show(request: HttpRequest, *, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    actor = officer(request)
    waiting = list_waiting(actor=actor)
    ending = measures_by_id(row.measure_id for row in waiting.endings)
    persons = {p for row in waiting.unlocks for p in row.unlock.proposal.person_ids}
    persons |= {p for measure in ending for p in measure.person_ids}
    context = {
        "waiting": waiting,
        "may_lift": actor.may(Right.LIFT_PROTECTION),
        "ending_persons": {m.measure_id: sorted(m.person_ids) for m in ending},
        "me": actor.staff_id,
        "person_ids": looked(actor, "PROTECTION_SECOND", persons),
        "problems": problems,
    }
    return page(request, "protection/second.html", context, 422 if problems else 200)
