"""One card on the screen (カード1枚の画面): what stops it, and what a clerk decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.audit.api import look
from madoguchi.cards.actions import settling
from madoguchi.cards.domain.card import Printed
from madoguchi.cards.domain.faults import ACCEPTABLE, FaultCode, problem_of
from madoguchi.cards.domain.rights import LINE
from madoguchi.cards.forms import AcceptForm, PrintedForm
from madoguchi.cards.queries.boxes import NAMELESS, find_card
from madoguchi.cards.queries.notices import letters_about
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.messages import render
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "個人番号カードの確認"


@needs(LINE)
@require_safe
def card(request: HttpRequest, card_id: str) -> HttpResponse:
    """Show one card with every reason that stops it."""
    return _show(request, card_id)


@needs(LINE)
@require_POST
def accept(request: HttpRequest, card_id: str) -> HttpResponse:
    """Let the card go on, and keep how it was made sure."""
    form = AcceptForm(request.POST)
    problems = problems_of(form)
    code = str(form.cleaned_data.get("code", ""))
    if code not in set(FaultCode):
        problems = (*problems, Problem(code="CARD_FAULT_NOT_OPEN"))
    if problems:
        return _show(request, card_id, problems=problems)
    return _press(
        request, card_id, settling.accept_fault, code=FaultCode(code),
        reason=form.cleaned_data["reason"], version=form.cleaned_data["version"],
    )  # fmt: skip


@needs(LINE)
@require_POST
def face(request: HttpRequest, card_id: str) -> HttpResponse:
    """Write down that the face of the card is bad."""
    version = request.POST.get("version", "")
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        return _show(request, card_id, problems=(Problem(code="BAD_INPUT"),))
    return _press(request, card_id, settling.note_fault, code=FaultCode.FACE, version=int(version))


@needs(LINE)
@require_POST
def write(request: HttpRequest, card_id: str) -> HttpResponse:
    """Write down what the card says, and look for its holder."""
    form = PrintedForm(request.POST)
    problems = problems_of(form)
    if problems:
        return _show(request, card_id, problems=problems, form=form)
    given = form.cleaned_data
    return _press(
        request, card_id, settling.write_printed, version=given["version"],
        printed=Printed(name=given["name"], birth_on=given["birth"]),
    )  # fmt: skip


def _press(
    request: HttpRequest, card_id: str, action: Callable[..., Any], **given: Any
) -> HttpResponse:
    _, problems = press(
        action, card_id=card_id, actor=actor_of(request, PURPOSE), now=clock.now(), **given
    )
    if problems:
        return _show(request, card_id, problems=problems)
    return HttpResponseRedirect(reverse("cards:card", args=[card_id]))


def _show(
    request: HttpRequest,
    card_id: str,
    *,
    problems: tuple[Problem, ...] = (),
    form: PrintedForm | None = None,
) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    row = find_card(card_id, actor=actor)
    if row is None:
        return errors.refusal(request, [Problem(code="CARD_UNKNOWN")], status=404)
    look(
        actor=actor, screen="CARD_PAGE", subjects=[row.person_id] if row.person_id else [],
        detail={"card": card_id},
    )  # fmt: skip
    context = {
        "card": row,
        "reasons": [
            {"code": one.value, "words": render(problem_of(one)), "acceptable": one in ACCEPTABLE}
            for one in row.faults
        ],
        # Of a person this clerk may not know of, letters would tell that there is somebody.
        "letters": () if row.faults else letters_about([row.notice_no]).get(row.notice_no, ()),
        "unsettled": bool(NAMELESS & set(row.faults)),
        "form": form or PrintedForm(initial={"version": row.version}),
        "problems": problems,
    }
    return page(request, "cards/card.html", context, 422 if problems else 200)
