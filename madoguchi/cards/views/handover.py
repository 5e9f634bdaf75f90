"""Handing a card over on one page: scan, look, tick, give (交付の画面)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.accounts.api import second_officer_rule
from madoguchi.advice.api import Advice, Strength, Visitor, rule_book
from madoguchi.audit.api import look
from madoguchi.cards.actions import handing
from madoguchi.cards.actions.handing import GUARDED, Told
from madoguchi.cards.domain.card import CardState, read_notice_no
from madoguchi.cards.domain.faults import problem_of
from madoguchi.cards.domain.handover import (
    SIGN_FROM_AGE,
    VISIT_OF,
    Certificate,
    Handed,
    OldCard,
    read_steps,
)
from madoguchi.cards.domain.rights import LINE
from madoguchi.cards.forms import HandOverForm, UndoForm
from madoguchi.cards.queries.boxes import CardRow, find_by_notice, find_card
from madoguchi.cards.queries.handover import (
    Expected,
    advise_on,
    age_of,
    expected_by,
    expected_on,
    find_hand_over,
)
from madoguchi.infra import clock
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.messages import render
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "個人番号カードの交付"


@needs(LINE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """One field: the number on the notice somebody brought, or of their booking."""
    problems: tuple[Problem, ...] = ()
    actor = actor_of(request, PURPOSE)
    found: tuple[Expected, ...] = ()
    if request.method == "POST":
        text = request.POST.get("number", "")[:100]
        number = read_notice_no(text, where="number")
        card = None if isinstance(number, Problem) else find_by_notice(number, actor=actor)
        found = () if card else expected_by(text, actor=actor)
        ids = {card.card_id} if card else {one.card.card_id for one in found}
        if len(ids) == 1:
            return HttpResponseRedirect(reverse("cards:hand_over", args=[ids.pop()]))
        if not found:
            unknown = Problem(code="HANDOVER_NO_SUCH_CARD", where="number")
            problems = (number if isinstance(number, Problem) else unknown,)
    on = _day(request)
    rows = found or expected_on(on, actor=actor)
    look(actor=actor, screen="CARD_HAND_OVER_LIST",
         subjects=[one.card.person_id for one in rows if one.card.person_id])  # fmt: skip
    context = {"problems": problems, "rows": rows, "of_booking": bool(found), "on": on,
               "today": clock.today(), "after": on + timedelta(days=1)}  # fmt: skip
    return page(request, "cards/hand_over_find.html", context, 422 if problems else 200)


@needs(LINE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, card_id: str) -> HttpResponse:
    """Show what this visit needs, and register the hand-over."""
    card = find_card(card_id, actor=actor_of(request, PURPOSE))
    if card is None:
        return _unknown(request)
    visitor = _visitor(request)
    if request.method != "POST":
        return _show(request, card, visitor)
    form = _form(request, card, visitor)
    problems = problems_of(form)
    if not problems:
        _, found = press(
            handing.hand_over, card_id=card_id, version=form.cleaned_data["version"],
            told=_told(form.cleaned_data, visitor), actor=actor_of(request, PURPOSE),
            now=clock.now(),
        )  # fmt: skip
        problems = tuple(_at_field(one) for one in found)
        mark(form, problems)
    if not problems:
        return HttpResponseRedirect(reverse("cards:hand_over", args=[card_id]))
    return _show(request, card, visitor, form=form, problems=problems)


@needs(LINE)
@require_POST
def second(request: HttpRequest, card_id: str) -> HttpResponse:
    """Ask a second officer for this one hand-over."""
    return _press(request, card_id, handing.ask_second)


@needs(LINE)
@require_POST
def undo(request: HttpRequest, card_id: str) -> HttpResponse:
    """Take back a hand-over of the same day."""
    return _press(request, card_id, handing.undo_hand_over, why=request.POST.get("why", "")[:300])


def _press(
    request: HttpRequest, card_id: str, action: Callable[..., Any], **given: Any
) -> HttpResponse:
    version = request.POST.get("version", "")
    problems: tuple[Problem, ...] = (Problem(code="BAD_INPUT"),)
    if version.isascii() and version.isdigit() and len(version) < 10:
        _, problems = press(
            action, card_id=card_id, version=int(version), actor=actor_of(request, PURPOSE),
            now=clock.now(), **given,
        )  # fmt: skip
        if not problems:
            return HttpResponseRedirect(reverse("cards:hand_over", args=[card_id]))
    card = find_card(card_id, actor=actor_of(request, PURPOSE))
    if card is None:
        return _unknown(request)
    return _show(request, card, _visitor(request), problems=problems)


def _show(
    request: HttpRequest, card: CardRow, visitor: Visitor, *, form: HandOverForm | None = None,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:  # fmt: skip
    actor = actor_of(request, PURPOSE)
    look(
        actor=actor, screen="CARD_HAND_OVER", subjects=[card.person_id] if card.person_id else [],
        detail={"card": card.card_id},
    )  # fmt: skip
    shown = form or _form(request, card, visitor)
    told = _told(shown.cleaned_data, visitor) if shown.is_bound and shown.is_valid() else None
    case = told.case if told else {"visitor": visitor.value}
    # Of somebody this clerk may not know of, nothing is asked: the age alone would tell.
    can, today = card.state is CardState.SET_UP and not card.faults, clock.today()
    age = (
        age_of(card.person_id, printed_birth=card.birth_on, told=case.get("age"), today=today)
        if can
        else None
    )
    advice = advise_on(card.kind, case, age=age, today=today) if can else Advice(accepted=False)
    done = find_hand_over(card.card_id) if card.state is CardState.HANDED_OVER else None
    context = {
        "card": card,
        "reasons": [render(problem_of(code)) for code in card.faults],
        "visitor": visitor,
        "visitors": list(Visitor),
        "needed": advice.required,
        "warnings": [render(found) for found in advice.warnings],
        "fee_yen": advice.fee_yen,
        "asks_age": age is None,
        "may_sign": age is None or age >= SIGN_FROM_AGE,
        "can": can,
        "done": done,
        "wants_second": second_officer_rule(GUARDED, clock.today()) == "BEFORE",
        "form": shown,
        "undo": UndoForm(initial={"version": card.version}),
        "problems": problems,
    }
    return page(request, "cards/hand_over.html", context, 422 if problems else 200)


def _form(request: HttpRequest, card: CardRow, visitor: Visitor) -> HandOverForm:
    today, book = clock.today(), rule_book(settings.MADOGUCHI_CARD_RULES)
    visit = VISIT_OF[card.kind]
    papers = dict.fromkeys(
        row.code for row in book.papers
        if visit in row.visits and visitor in row.visitors and row.days.hold(today)
    )  # fmt: skip
    return HandOverForm(
        request.POST if request.method == "POST" and "old_card" in request.POST else None,
        documents=[
            row for row in book.documents
            if row.days.hold(today) and row.strength is not Strength.N
        ],
        papers=list(papers), reasons=[row.code for row in book.reasons],
        initial={"version": card.version, "certificates": [Certificate.AUTH.value]},
    )  # fmt: skip


def _told(given: Mapping[str, Any], visitor: Visitor) -> Told:
    """Put the ticks of the page as the case of the tables and what happened (申出)."""
    case: dict[str, Any] = {
        "visitor": visitor.value, "documents": given["documents"], "papers": given["papers"],
        "wants_sign": Certificate.SIGN in given["certificates"], "age": given["age"],
    }  # fmt: skip
    if visitor is not Visitor.SELF:
        case["visitor_documents"] = given["visitor_documents"]
    if visitor is Visitor.STATUTORY_AGENT:
        case["holder_present"] = given["holder_present"]
    if visitor is Visitor.PROXY and given["reason"]:
        case["reason"] = given["reason"]
    if given["reissue_reason"]:
        case["reissue_reason"] = given["reissue_reason"]
    return Told(
        case=case,
        handed=Handed(
            visitor=visitor, face_seen=given["face_seen"], pin_set=given["pin_set"],
            old_card=OldCard(given["old_card"]),
            certificates=[Certificate(code) for code in given["certificates"]],
            fee_paid=given["fee_paid"],
            holder_present=given["holder_present"],
        ),
        steps=read_steps(given["steps"]),
    )  # fmt: skip


def _visitor(request: HttpRequest) -> Visitor:
    asked = request.POST.get("visitor") or request.GET.get("visitor", "")
    return Visitor(asked) if asked in set(Visitor) else Visitor.SELF


def _at_field(found: Problem) -> Problem:
    """Say at which field of this page a problem is mended (項目)."""
    return found if found.where in HandOverForm.base_fields else replace(found, where=None)


def _day(request: HttpRequest) -> date:
    given = parse_day(request.GET.get("on", ""))
    return clock.today() if isinstance(given, Problem) else given


def _unknown(request: HttpRequest) -> HttpResponse:
    return errors.refusal(request, [Problem(code="CARD_UNKNOWN")], status=404)
