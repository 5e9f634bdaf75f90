"""Case C and D: the request to the old town and the slip to take home (請求書の画面).

Written by hand it names nobody. Sent by us it says whose: as a message where the old town takes
them, else as a letter of the post room; what is listed here names nobody either way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.dispatch.api import Handed, HandedReason, office
from madoguchi.infra import clock
from madoguchi.infra.office import is_office_day
from madoguchi.kernel.actor import Right
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.actions.requests import (
    Asked,
    request_by_letter,
    request_by_message,
    settle_request,
)
from madoguchi.moves.documents.letters import draw_request
from madoguchi.moves.domain.case import Case
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.domain.town_keys import town_at
from madoguchi.moves.domain.triage import Counted, last_day
from madoguchi.moves.forms import LetterForm, RequestForm
from madoguchi.moves.queries.post import town_names
from madoguchi.moves.queries.requests import find_request, open_requests
from madoguchi.moves.queries.rulebook import triage_book
from madoguchi.moves.views import words
from madoguchi.moves.views.places import placed
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page, pdf_answer
from madoguchi.web.press import press

PURPOSE = "転出証明書の請求"
_HERE = {"address": "office", "town": "old_town"}
#: Both forms ask for the town: each box has a name of its own.
BY_HAND = "hand_%s"
BRING = ("PAPER_CERTIFICATE", "IDENTITY", "CARDS")


@needs(Right.SEARCH)
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    """Draw the request and the slip to be written by hand, or send the request."""
    if request.method != "POST":
        return _show(request)
    if "send" not in request.POST:
        by_hand = LetterForm(request.POST, auto_id=BY_HAND)
        problems = problems_of(by_hand)
        if problems:
            return _show(request, *problems, by_hand=by_hand)
        return _drawn(by_hand.cleaned_data)
    form = RequestForm(request.POST)
    problems = problems_of(form)
    if not problems:
        request_id, problems = _send(request, form.cleaned_data)
        if not problems:
            return HttpResponseRedirect(f"{reverse('moves:letter')}?sent={request_id}")
    return _show(request, *problems, form=form)


@needs(FILE)
@require_POST
def slip(request: HttpRequest, request_id: str) -> HttpResponse:
    """Draw the slip of a request that was sent; with the sheet to sign where it goes by letter."""
    row = find_request(request_id)
    if row is None:
        return _show(request, Problem(code="MOVE_REQUEST_UNKNOWN"))
    return _paper(town=row.town, deadline=row.deadline, number=row.number,
                  asked_on=row.asked_on, slip_alone=row.by_message)  # fmt: skip


@needs(FILE)
@require_POST
def settle(request: HttpRequest, request_id: str) -> HttpResponse:
    """Say that the certificate came, or is not wanted any more."""
    _, problems = press(
        settle_request, request_id=request_id, actor=actor_of(request, PURPOSE), now=clock.now()
    )
    if problems:
        return _show(request, *problems)
    return HttpResponseRedirect(reverse("moves:letter"))


def _show(request: HttpRequest, *problems: Problem, **forms: LetterForm) -> HttpResponse:
    may_send = actor_of(request, PURPOSE).may(FILE)
    rows = open_requests() if may_send else ()
    sent = request.GET.get("sent", "")
    context = {
        "form": RequestForm(), "by_hand": LetterForm(auto_id=BY_HAND), **forms,
        "problems": problems, "may_send": may_send, "rows": rows,
        "towns": town_names(now=clock.now()) if may_send else {}, "today": clock.today(),
        "sent": next((one for one in rows if one.request_id == sent), None),
    }  # fmt: skip
    unknown = any(one.code == "MOVE_REQUEST_UNKNOWN" for one in problems)
    status = 404 if unknown else 422 if problems else 200
    return page(request, "moves/letter.html", context, status)


def _send(
    request: HttpRequest, given: dict[str, Any]
) -> tuple[str | None, tuple[Problem, ...]]:  # fmt: skip
    """Send the request as its town takes it, or say everything it lacks."""
    actor = actor_of(request, PURPOSE)
    town = town_at(given["old_town"], town_names(now=clock.now()))
    wanted = [] if town else ["new_address", "office"]
    missing = [Problem(code="BLANK_FORBIDDEN", where=one) for one in wanted if not given[one]]
    if not given["asked"]:
        missing.append(Problem(code="MOVE_REQUEST_NOT_ASKED", where="asked"))
    if missing:
        return None, tuple(placed(missing))
    asked = Asked(
        town=given["old_town"], name=given["name"].strip(), birth=given["birth"],
        previous_address=given["previous_address"].strip(), deadline=_deadline(given),
        new_address=given["new_address"].strip(), moved_in_on=given["moved_in_on"],
    )  # fmt: skip
    if town:
        found, problems = press(
            request_by_message, code=town, asked=asked, actor=actor, now=clock.now()
        )
    else:
        to = Handed(
            reason=HandedReason.OFFICE, postcode=given["postcode"], address=given["office"],
            name=f"{given['old_town']}　住民担当",
        )  # fmt: skip
        found, problems = press(
            request_by_letter, to=to, asked=asked, phone=office().phone, actor=actor,
            now=clock.now(),
        )  # fmt: skip
        # In the words of this form: the address of the letter is the office's.
        problems = tuple(replace(one, where=_HERE.get(one.where or "", one.where))
                         for one in problems)  # fmt: skip
    return found, tuple(placed(problems))


def _deadline(given: Mapping[str, Any]) -> date | None:
    """With the paper the filing's own fourteen days count, not the card's thirty."""
    case = Case(today=clock.today(), moved_in_on=given["moved_in_on"])
    book = triage_book(settings.MADOGUCHI_CARD_RULES)
    return last_day(case, book, counted=Counted.FILING, is_office_day=is_office_day)


def _drawn(given: dict[str, Any]) -> HttpResponse:
    return _paper(town=str(given["old_town"]), deadline=_deadline(given), asked_on=clock.today())


def _paper(
    *, town: str, deadline: date | None, asked_on: date, number: str = "",
    slip_alone: bool = False,
) -> HttpResponse:  # fmt: skip
    pdf = draw_request(
        old_town=town, deadline=deadline, today=asked_on, number=number, slip_alone=slip_alone,
        bring=[words.plain(f"bring_{one}", Language.JAPANESE) for one in BRING], desk=office(),
    )  # fmt: skip
    return pdf_answer(pdf, name="request.pdf", inline=True)
