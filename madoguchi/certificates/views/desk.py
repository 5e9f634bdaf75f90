"""The desk's one page: who asks, what, and the paper as it will print (窓口での交付)."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.audit.api import look
from madoguchi.certificates.actions.drawing import NotDrawn, draw
from madoguchi.certificates.actions.previewing import preview
from madoguchi.certificates.domain.asking import Applicant
from madoguchi.certificates.domain.issue import DrawCommand, State
from madoguchi.certificates.domain.kinds import Channel, Fee, Kind, Omit, fee_on
from madoguchi.certificates.forms import PURPOSES, DrawForm
from madoguchi.certificates.queries.ledgers import tax_years_of
from madoguchi.certificates.queries.rules import fees_of, is_stopped
from madoguchi.certificates.queries.town import town
from madoguchi.certificates.views.around import area_words, born, url_of_person
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem
from madoguchi.protection.api import Use, gate
from madoguchi.register.api import PersonRow, seen
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of, is_practising
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import attempt, press

PURPOSE = "証明書の交付"
TEMPLATE = "certificates/new.html"
#: Alert A5: the clerk may look at the print and accept it.
ALERTS = frozenset({"OVERFLOW", "REMARKS_OVERFLOW"})
_PLACES = {
    "ID_NOT_ENOUGH": "photo",
    "LETTER_OF_PROXY_MISSING": "papers",
    "GUARDIANSHIP_PROOF_MISSING": "papers",
    "OFFICIAL_REQUEST_MISSING": "papers",
    "REASON_PROOF_MISSING": "papers",
    "COPIES_OUT_OF_RANGE": "copies",
    "NOT_IN_HOUSEHOLD": "chosen",
    "PAPER_WITHOUT_PERSON": "chosen",
    "RECORD_IS_REMOVED": "kind",
    "NOT_REMOVED_YET": "kind",
    "KIND_STOPPED": "kind",
    "SEAL_CARD_MISSING": "seal_card",
    "TAX_NOT_ASSESSED": "year",
    "MOVE_OUT_FILING_MISSING": "filing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """The person in hand and the household as this clerk may see it (いま扱っている人)."""

    person: PersonRow
    people: tuple[PersonRow, ...]
    is_held: bool
    years: tuple[int, ...]  # of which there is an assessment


@needs(Right.ISSUE_CERTIFICATE, Right.VIEW_PERSON)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a certificate; a press draws it and goes on to the request's own page."""
    actor = actor_of(request, PURPOSE)
    person_id = (request.POST if request.method == "POST" else request.GET).get("person", "")
    hand = _hand(person_id, actor=actor)
    if hand is None:
        # Unknown and held from this clerk look the same, in words and in status.
        return errors.refusal(request, [Problem(code="UNKNOWN_PERSON")], status=404)
    if request.method == "POST":
        return _press(request, hand, actor=actor)
    form = DrawForm(
        initial={**_first_choice(request.GET.get("kind", ""), hand), "record": _record(request)},
        people=hand.people, channel=Channel.DESK, years=hand.years,
    )  # fmt: skip
    look(actor=actor, screen="CERTIFICATE_NEW", subjects=[one.person_id for one in hand.people])
    return _show(request, form, hand)


@needs(Right.ISSUE_CERTIFICATE, Right.VIEW_PERSON)
@require_POST
def preview_of(request: HttpRequest) -> HttpResponse:
    """Draw the paper of the present choice, for the right-hand column."""
    actor = actor_of(request, PURPOSE)
    hand = _hand(request.POST.get("person", ""), actor=actor)
    if hand is None:
        return errors.refusal(request, [Problem(code="UNKNOWN_PERSON")], status=404)
    form = DrawForm(request.POST, people=hand.people, channel=Channel.DESK, years=hand.years)
    if not form.is_valid():
        return page(request, TEMPLATE, {"form": form, "pictures": (), "unfinished": True})
    command = form.command()
    drawn, problems = attempt(lambda: preview(command, actor=actor, on=clock.today(), town=town()))
    if problems:
        return page(request, TEMPLATE, {"form": form, "faults": problems})
    if drawn.shown_ids:
        look(actor=actor, screen="CERTIFICATE_PREVIEW", subjects=drawn.shown_ids)
    stop = is_stopped(kind=command.kind, channel=command.channel)
    context = {
        "form": form,
        "pictures": [base64.b64encode(one).decode("ascii") for one in drawn.pages],
        "page_count": drawn.page_count,
        "faults": (*drawn.faults, *((Problem(code="KIND_STOPPED"),) if stop else ())),
        "alerts": drawn.alerts,
        "accepted": command.accepts_alerts,
        "fee": fee_words(command),
        "copies": command.copies,
    }
    return page(request, TEMPLATE, context)


def fee_words(command: DrawCommand) -> dict[str, Any]:
    """Return the fee of this request for the screen (手数料)."""
    table: tuple[Fee, ...] = fees_of(kind=command.kind, channel=command.channel)
    each = fee_on(table, kind=command.kind, channel=command.channel, on=clock.today())
    if isinstance(each, Problem):
        return {"problem": each}
    free = command.fee_free is not None
    return {"each": each, "sum": 0 if free else each * command.copies, "free": free}


def _press(request: HttpRequest, hand: Hand, *, actor: Actor) -> HttpResponse:
    form = DrawForm(request.POST, people=hand.people, channel=Channel.DESK, years=hand.years)
    if not form.is_valid():
        return _show(request, form, hand, problems=problems_of(form))
    command = form.command(sample=is_practising(request))
    drawn, problems = press(draw, actor=actor, command=command, now=clock.now(), town=town())
    if isinstance(drawn, NotDrawn) and drawn.state is State.REFUSED:
        problems = drawn.problems
    if problems:
        return _show(request, form, hand, problems=problems)
    return HttpResponseRedirect(reverse("certificates:request", args=[drawn.request_id]))


def _hand(person_id: str, *, actor: Actor) -> Hand | None:
    person = seen.find_person(person_id, actor=actor)
    if person is None:
        return None
    household = seen.find_household(person.household_no, actor=actor)
    members = household.members if household is not None else ()
    people = members if person.status.is_resident else (person, *members)
    households = {one.person_id: one.household_no for one in people}
    answer = gate(households, actor=actor, use=Use.PRINT, households=households)
    held = any(
        one.code != "BLOCK_ERROR" for some in answer.alerts.values() for one in some
    ) and bool(answer.blocked)
    years = tax_years_of(person.person_id)
    return Hand(person=person, people=people, is_held=held, years=years)


def _record(request: HttpRequest) -> int:
    """Read which of the person's records a 除票 is asked of; 0 is the newest (住民票の別)."""
    asked = request.GET.get("record", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0


def _first_choice(kind: str, hand: Hand) -> dict[str, Any]:
    """Choose what is asked for most often; the document seen is never chosen beforehand."""
    usual = (
        Kind.RESIDENT_RECORD_HOUSEHOLD if hand.person.status.is_resident else Kind.REMOVED_RECORD
    )
    return {
        "person": hand.person.person_id,
        "applicant": Applicant.SELF.value,
        "kind": kind if kind in set(Kind) else usual.value,
        "chosen": [one.person_id for one in hand.people if one.status.is_resident],
        "copies": 1,
    }


def _show(
    request: HttpRequest,
    form: DrawForm,
    hand: Hand,
    *,
    problems: Iterable[Problem] = (),
) -> HttpResponse:
    found = tuple(_placed(one) for one in problems)
    if form.is_bound:
        mark(form, (one for one in found if one.where in form.fields and not form.errors))
    context = {
        "form": form,
        "person": hand.person,
        "area_words": area_words(hand.person),
        "born": born(hand.person),
        "back": url_of_person(hand.person.person_id),
        "purposes": PURPOSES,
        "is_held": hand.is_held,
        "problems": found,
        "has_alerts": any(one.code in ALERTS for one in found),
        "alone": len(hand.people) == 1,
    }
    return page(request, TEMPLATE, context, 422 if found else 200)


def _placed(problem: Problem) -> Problem:
    """Say beside which field of this page a problem belongs (項目の対応)."""
    if problem.code in _PLACES:
        return replace(problem, where=_PLACES[problem.code])
    if problem.where in Omit.__members__:
        return replace(problem, where="shown")
    return problem
