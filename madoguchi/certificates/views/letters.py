"""Requests by post (郵送請求の画面)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madoguchi.audit.api import look
from madoguchi.certificates.actions.drawing import NotDrawn
from madoguchi.certificates.actions.posting import (
    draw_letter,
    fee_of_letter,
    post_letter,
    receive_letter,
    redo_letter,
    return_letter,
    take_in,
)
from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.issue import State
from madoguchi.certificates.domain.kinds import Kind
from madoguchi.certificates.domain.letters import LetterState, Part
from madoguchi.certificates.forms import ArrivalForm, LetterForm
from madoguchi.certificates.queries.letters import LetterRow, find_letter, list_letters
from madoguchi.certificates.queries.lists import find_seen
from madoguchi.certificates.queries.town import town
from madoguchi.certificates.views.around import born
from madoguchi.infra import clock
from madoguchi.infra.office import is_office_day
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem
from madoguchi.register.api import search, seen
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of, is_practising
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.messages import word
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "郵送請求の処理"
HITS_MAX = 8


@needs(Right.MAIL_REQUESTS)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show the letters that wait, the first due first."""
    actor = actor_of(request, PURPOSE)
    context = {
        "rows": list_letters(actor=actor),
        "today": clock.today(),
        "may_stop": actor.may(Right.STOP_SWITCH),
    }
    return page(request, "certificates/letters.html", context)


@needs(Right.MAIL_REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """Open a letter: what is in it, and so what is missing."""
    first = {
        "arrived_on": clock.today().isoformat(),
        "applicant": Applicant.SELF.value,
        "kind": Kind.RESIDENT_RECORD_HOUSEHOLD.value,
        "enclosed": [Part.FORM.value, Part.ENVELOPE.value],
        "copies": 1,
        "enclosed_yen": 0,
    }
    form = LetterForm(request.POST if request.method == "POST" else None, initial=first)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = problems_of(form)
        if not problems:
            letter_id, problems = press(
                receive_letter, actor=actor_of(request, PURPOSE), given=form.command(),
                now=clock.now(), is_office_day=is_office_day,
            )  # fmt: skip
            mark(form, problems)
        if not problems:
            return HttpResponseRedirect(reverse("certificates:letter", args=[letter_id]))
    context = {"form": form, "problems": problems}
    return page(request, "certificates/letter_new.html", context, 422 if problems else 200)


@needs(Right.MAIL_REQUESTS)
@require_GET
def detail(request: HttpRequest, letter_id: str) -> HttpResponse:
    """Show one letter and its next step; finding the person is a search on the same page."""
    return _show(request, letter_id)


@needs(Right.MAIL_REQUESTS, Right.ISSUE_CERTIFICATE)
@require_POST
def draw_for(request: HttpRequest, letter_id: str) -> HttpResponse:
    """Draw the paper for the person that was found."""
    drawn, problems = press(
        draw_letter, letter_id=letter_id, person_id=request.POST.get("person", ""),
        actor=actor_of(request, PURPOSE), now=clock.now(), town=town(),
        sample=is_practising(request),
    )  # fmt: skip
    if isinstance(drawn, NotDrawn) and drawn.state is State.REFUSED:
        problems = drawn.problems
    if problems:
        return _show(request, letter_id, problems=problems)
    return HttpResponseRedirect(reverse("certificates:request", args=[drawn.request_id]))


@needs(Right.MAIL_REQUESTS)
@require_POST
def complete(request: HttpRequest, letter_id: str) -> HttpResponse:
    """Note what has come of that which was missing."""
    letter = find_letter(letter_id, actor=actor_of(request, PURPOSE))
    if letter is None:
        return errors.refusal(request, [Problem(code="LETTER_UNKNOWN")], status=404)
    form = ArrivalForm(request.POST, missing=letter.missing)
    problems = problems_of(form)
    if problems:
        return _show(request, letter_id, problems=problems)
    given = form.cleaned_data
    return _act(
        request, letter_id, take_in,
        seen=frozenset(Evidence(one) for one in given.get("seen", ())),
        parts=frozenset(Part(one) for one in given.get("parts", ())),
        added_yen=given["added_yen"], note=given["note"],
    )  # fmt: skip


@needs(Right.MAIL_REQUESTS, Right.ISSUE_CERTIFICATE)
@require_POST
def post(request: HttpRequest, letter_id: str) -> HttpResponse:
    """Note that the answer is in the post, or that the paper came to nothing."""
    if "redo" in request.POST:
        return _act(request, letter_id, redo_letter)
    change, problems = press(
        post_letter, letter_id=letter_id, actor=actor_of(request, PURPOSE), now=clock.now()
    )
    if problems:
        return _show(request, letter_id, problems=problems)
    if change:
        messages.success(
            request, word(kind="certificates_said", code="CHANGE").format(yen=f"{change:,}")
        )
    return HttpResponseRedirect(reverse("certificates:letter", args=[letter_id]))


@needs(Right.MAIL_REQUESTS)
@require_POST
def give_back(request: HttpRequest, letter_id: str) -> HttpResponse:
    """Send everything back without a paper."""
    return _act(request, letter_id, return_letter, note=request.POST.get("note", ""))


def _act(
    request: HttpRequest, letter_id: str, action: Callable[..., object], **given: Any
) -> HttpResponse:
    _, problems = press(
        action, letter_id=letter_id, actor=actor_of(request, PURPOSE), now=clock.now(), **given
    )
    if problems:
        return _show(request, letter_id, problems=problems)
    return HttpResponseRedirect(reverse("certificates:letter", args=[letter_id]))


def _show(
    request: HttpRequest, letter_id: str, *, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    letter = find_letter(letter_id, actor=actor)
    if letter is None:
        return errors.refusal(request, [Problem(code="LETTER_UNKNOWN")], status=404)
    fee = fee_of_letter(Kind(letter.kind), on=clock.today())
    context: dict[str, Any] = {
        "letter": letter,
        "problems": problems,
        "fee": None if isinstance(fee, Problem) else fee * letter.copies,
        "today": clock.today(),
        **_person(letter, actor=actor),
    }
    if letter.state is LetterState.ASKED_BACK:
        posted = request.POST if problems else None
        context["arrival"] = ArrivalForm(posted, missing=letter.missing)
    if letter.state is LetterState.WAITING and actor.may(Right.SEARCH):
        context |= _found(request.GET.get("q", letter.about), actor=actor)
    return page(request, "certificates/letter.html", context, 422 if problems else 200)


def _person(letter: LetterRow, *, actor: Actor) -> dict[str, Any]:
    if not letter.asked_person_id:
        return {}
    person = seen.find_person(letter.asked_person_id, actor=actor)
    if person is None:
        return {}
    look(actor=actor, screen="LETTER", subjects=[person.person_id])
    request = find_seen(letter.request_id, actor=actor) if letter.request_id else None
    return {"person": person, "born": born(person), "row": request.row if request else None}


def _found(text: str, *, actor: Actor) -> dict[str, Any]:
    result = search(text, actor=actor, limit=HITS_MAX)
    if result.hits:
        look(actor=actor, screen="LETTER_SEARCH", subjects=[one.person_id for one in result.hits])
    return {"query": text, "hits": result.hits}
