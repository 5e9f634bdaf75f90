"""Lists: what waits, the day's books, failures, a person's papers (一覧・日締め・交付履歴)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from madoguchi.audit.api import look
from madoguchi.certificates.actions.releasing import close_case
from madoguchi.certificates.domain.issue import Compared
from madoguchi.certificates.forms import CaseForm
from madoguchi.certificates.queries.letters import list_letters
from madoguchi.certificates.queries.lists import (
    NamedRequest,
    find_seen,
    history_for,
    list_open_cases,
    list_waiting,
)
from madoguchi.certificates.queries.requests import Balance, balance_of
from madoguchi.certificates.queries.rules import list_stops
from madoguchi.certificates.views.around import area_words, born, home, url_of_person
from madoguchi.certificates.views.desk import PURPOSE
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.register.api import seen
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.messages import word
from madoguchi.web.pages import page
from madoguchi.web.press import press


@needs(Right.ISSUE_CERTIFICATE)
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Show what is being made, can be printed, or waits for a second officer."""
    actor = actor_of(request, PURPOSE)
    rows = list_waiting(actor=actor)
    cases = list_open_cases(actor=actor)
    _looked("CERTIFICATE_LIST", (*rows, *cases), actor=actor)
    today = clock.today()
    letters = list_letters(actor=actor)
    context = {
        "rows": rows,
        "cases": cases,
        "stops": list_stops(),
        "today": today,
        "sums": _sums(balance_of(today, actor=actor)),
        "letters": len(letters),
        "letters_due": sum(one.due_on <= today for one in letters),
        "may_stop": actor.may(Right.STOP_SWITCH),
        "home": home(),
    }
    return page(request, "certificates/waiting.html", context)


@needs(Right.ISSUE_CERTIFICATE)
@require_GET
def books(request: HttpRequest) -> HttpResponse:
    """Show one day's books: every request accounted for, and the fees to be in the till."""
    actor = actor_of(request, PURPOSE)
    day = _day(request.GET.get("day", ""))
    problems: tuple[Problem, ...] = ()
    if day is None:
        day = clock.today()
        if request.GET.get("day"):
            problems = (
                Problem(
                    code="FIELD_INVALID",
                    where="day",
                    facts={"label": word(kind="field", code="DAY")},
                ),
            )
    rows = balance_of(day, actor=actor)
    cases = list_open_cases(actor=actor)
    _looked("CERTIFICATE_BOOKS", cases, actor=actor)
    context = {
        "day": day,
        "rows": rows,
        "sums": _sums(rows),
        "cases": cases,
        "problems": problems,
        "may_stop": actor.may(Right.STOP_SWITCH),
    }
    return page(request, "certificates/books.html", context, 422 if problems else 200)


@needs(Right.ISSUE_CERTIFICATE)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, request_id: str) -> HttpResponse:
    """Write down what was wrong with a failed paper and whose it was."""
    actor = actor_of(request, PURPOSE)
    found = find_seen(request_id, actor=actor)
    if found is None:
        return errors.refusal(request, [Problem(code="REQUEST_UNKNOWN")], status=404)
    form = CaseForm(
        request.POST if request.method == "POST" else None, initial={"compared": found.row.compared}
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = problems_of(form) or _close(request_id, form, actor=actor)
        if not problems:
            return HttpResponseRedirect(reverse("certificates:books"))
    _looked("CERTIFICATE_CASE", [found], actor=actor)
    context = {"found": found, "row": found.row, "form": form, "problems": problems}
    return page(request, "certificates/case.html", context, 422 if problems else 200)


@needs(Right.ISSUE_CERTIFICATE, Right.VIEW_PERSON)
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Show every paper on which one person stands (交付履歴照会)."""
    actor = actor_of(request, "交付履歴の照会")
    person = seen.find_person(request.GET.get("person", ""), actor=actor)
    if person is None:
        return errors.refusal(request, [Problem(code="UNKNOWN_PERSON")], status=404)
    look(actor=actor, screen="CERTIFICATE_HISTORY", subjects=[person.person_id])
    context = {
        "person": person,
        "area_words": area_words(person),
        "born": born(person),
        "back": url_of_person(person.person_id),
        "rows": history_for(person.person_id, actor=actor),
    }
    return page(request, "certificates/history.html", context)


def _close(request_id: str, form: CaseForm, *, actor: Actor) -> tuple[Problem, ...]:
    return press(
        close_case, request_id=request_id, actor=actor, now=clock.now(),
        compared=Compared(form.cleaned_data["compared"]), note_text=form.cleaned_data["note_text"],
    )[1]  # fmt: skip


def _looked(screen: str, rows: Iterable[NamedRequest], *, actor: Actor) -> None:
    people = {one.row.asked_person_id for one in rows}
    if people:
        look(actor=actor, screen=screen, subjects=people)


def _sums(rows: Iterable[Balance]) -> dict[str, int]:
    names = (
        "asked",
        "handed_over",
        "refused",
        "failed",
        "void",
        "still_open",
        "yen",
        "copies_issued",
    )
    some = tuple(rows)
    return {name: sum(getattr(one, name) for one in some) for name in names}


def _day(text: str) -> date | None:
    found = parse_day(text) if text else None
    return found if isinstance(found, date) else None
