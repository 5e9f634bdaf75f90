"""One request from the press to the hand-over (交付申請の画面)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from madoguchi.audit.api import look
from madoguchi.certificates.actions.continuing import ask_unlock, draw_again
from madoguchi.certificates.actions.drawing import NotDrawn
from madoguchi.certificates.actions.making import paper_path
from madoguchi.certificates.actions.releasing import check_out, hand_over, sweep, void
from madoguchi.certificates.domain.definitions import definition_of
from madoguchi.certificates.domain.issue import Disposal, State, is_overdue
from madoguchi.certificates.forms import HandOverForm, UnlockForm, VoidForm
from madoguchi.certificates.queries.lists import NamedRequest, find_seen
from madoguchi.certificates.queries.town import town
from madoguchi.certificates.views.around import area_words, born, home
from madoguchi.certificates.views.desk import PURPOSE
from madoguchi.certificates.views.reasons import reasons_of
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem
from madoguchi.protection.api import list_waiting
from madoguchi.register.api import seen
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.nav import url_or_none
from madoguchi.web.pages import page, pdf_answer, wanted_fragment
from madoguchi.web.press import press

TEMPLATE = "certificates/request.html"


@needs(Right.ISSUE_CERTIFICATE)
@require_GET
def follow(request: HttpRequest, request_id: str) -> HttpResponse:
    """Show where a request stands; the page asks again by itself while work goes on."""
    actor = actor_of(request, PURPOSE)
    found = find_seen(request_id, actor=actor)
    if found is None:
        return _unknown(request)
    now = clock.now()
    if found.row.state is State.DRAWN and is_overdue(drawn_at=found.row.drawn_at, now=now):
        # No worker came in time. Whoever looks closes it; it is never "the next file" (I3).
        unit.run(sweep, request_ids=(request_id,), actor=actor, now=now)
        found = find_seen(request_id, actor=actor)
        assert found is not None
    return _show(request, found, actor=actor)


@needs(Right.ISSUE_CERTIFICATE)
@require_GET
@xframe_options_sameorigin
@csp_replace({"default-src": None, "object-src": None, "frame-ancestors": ["'self'"]})  # type: ignore[arg-type]  # takes any view
def paper(request: HttpRequest, request_id: str, copy_no: int) -> HttpResponse:
    """Give out the bytes of one copy, to be printed; each time is checked and written down."""
    actor = actor_of(request, PURPOSE)
    found = find_seen(request_id, actor=actor)
    if found is None:
        return _unknown(request)
    data = unit.run(
        check_out, request_id=request_id, copy_no=copy_no,
        path=paper_path(request_id, copy_no), actor=actor, now=clock.now(),
    )  # fmt: skip
    if isinstance(data, Problem):
        return errors.refusal(request, [data])
    (copy,) = (one for one in found.row.issued if one.copy_no == copy_no)
    name = f"{definition_of(found.row.kind).file_name}-{copy.issue_no}.pdf"
    return pdf_answer(data, name=name, inline=True)


@needs(Right.ISSUE_CERTIFICATE)
@require_POST
def give(request: HttpRequest, request_id: str) -> HttpResponse:
    """Note that the paper was given and the fee taken."""
    actor = actor_of(request, PURPOSE)
    form = HandOverForm(request.POST)
    if not form.is_valid():
        return _again(request, request_id, actor=actor, problems=problems_of(form))
    paid = form.cleaned_data["paid_yen"]
    return _act(request, request_id, actor=actor, action=hand_over, paid_yen=paid)


@needs(Right.ISSUE_CERTIFICATE)
@require_POST
def throw_away(request: HttpRequest, request_id: str) -> HttpResponse:
    """Take a paper out of use, with its disposal and reason."""
    actor = actor_of(request, PURPOSE)
    found = find_seen(request_id, actor=actor)
    if found is None:
        return _unknown(request)
    form = VoidForm(request.POST, was_printed=found.row.printed_at is not None)
    if not form.is_valid():
        return _again(request, request_id, actor=actor, problems=problems_of(form))
    given = form.cleaned_data
    return _act(
        request, request_id, actor=actor,
        action=void, disposal=Disposal(given["disposal"]), note_text=given["note_text"],
    )  # fmt: skip


@needs(Right.ISSUE_CERTIFICATE, Right.SEE_PROTECTED)
@require_POST
def unlock(request: HttpRequest, request_id: str) -> HttpResponse:
    """Ask a second officer for this one paper."""
    actor = actor_of(request, PURPOSE)
    form = UnlockForm(request.POST)
    if not form.is_valid():
        return _again(request, request_id, actor=actor, problems=problems_of(form))
    given = form.cleaned_data
    return _act(
        request, request_id, actor=actor,
        action=ask_unlock, reason=given["reason"], is_perpetrator=given["is_perpetrator"],
    )  # fmt: skip


@needs(Right.ISSUE_CERTIFICATE, Right.SEE_PROTECTED)
@require_POST
def go_on(request: HttpRequest, request_id: str) -> HttpResponse:
    """Draw the same request once more, now that a second officer has let it through."""
    actor = actor_of(request, PURPOSE)
    if find_seen(request_id, actor=actor) is None:
        return _unknown(request)
    drawn, problems = press(
        draw_again, request_id=request_id, actor=actor, now=clock.now(), town=town()
    )
    if isinstance(drawn, NotDrawn) and drawn.state is State.LOCKED:
        problems = drawn.problems
    if problems:
        return _again(request, request_id, actor=actor, problems=problems)
    return HttpResponseRedirect(reverse("certificates:request", args=[request_id]))


def _act(
    request: HttpRequest, request_id: str, *, actor: Actor, action: Callable[..., object],
    **given: Any,
) -> HttpResponse:  # fmt: skip
    if find_seen(request_id, actor=actor) is None:
        return _unknown(request)
    _, problems = press(action, request_id=request_id, actor=actor, now=clock.now(), **given)
    if problems:
        return _again(request, request_id, actor=actor, problems=problems)
    return HttpResponseRedirect(reverse("certificates:request", args=[request_id]))


def _again(
    request: HttpRequest, request_id: str, *, actor: Actor, problems: Iterable[Problem]
) -> HttpResponse:
    found = find_seen(request_id, actor=actor)
    if found is None:
        return _unknown(request)
    return _show(request, found, actor=actor, problems=tuple(problems))


def _unknown(request: HttpRequest) -> HttpResponse:
    return errors.refusal(request, [Problem(code="REQUEST_UNKNOWN")], status=404)


def _show(
    request: HttpRequest,
    found: NamedRequest,
    *,
    actor: Actor,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:
    row = found.row
    context: dict[str, Any] = {
        "row": row,
        "problems": problems,
        "reasons": reasons_of(row.problems),
        "home": home(),
        "is_mine": not row.is_protected or row.staff_id == actor.staff_id,
    }
    if row.state in (State.RELEASED, State.HANDED_OVER):
        context["hand_over"] = HandOverForm(initial={"paid_yen": row.fee_yen})
        context["void"] = VoidForm(was_printed=row.printed_at is not None)
    if row.state is State.LOCKED:
        context |= {"void": VoidForm(was_printed=False), **_locked(row.request_id, actor=actor)}
        context["unlock"] = UnlockForm(request.POST if problems else None)
    if wanted_fragment(request) != "now":
        person = seen.find_person(row.asked_person_id, actor=actor)
        assert person is not None, "a request that may be seen is about somebody who may"
        context |= {
            "person": person,
            "born": born(person),
            "area_words": area_words(person),
        }
        look(
            actor=actor, screen="CERTIFICATE_REQUEST", subjects={person.person_id, *row.subject_ids}
        )
    return page(request, TEMPLATE, context, 422 if problems else 200)


def _locked(request_id: str, *, actor: Actor) -> dict[str, object]:
    """Say whether the second officer has still to look (解除待ち)."""
    waiting = list_waiting(actor=actor).unlocks
    mine = [one for one in waiting if one.unlock.proposal.request_id == request_id]
    return {"waits": bool(mine), "second_queue": url_or_none("protection:second")}
