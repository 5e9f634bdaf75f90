"""Applications on the screen: taking one, sending it, trips, closed envelopes (申請の画面)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.accounts.api import list_staff
from madoguchi.advice.api import Visitor, age_on, rule_book
from madoguchi.audit.api import look
from madoguchi.cards.actions import applying
from madoguchi.cards.actions.applying import Told
from madoguchi.cards.domain.applications import (
    PHOTO_FROM_AGE,
    Delivery,
    Given,
    MailCondition,
    PhotoRule,
)
from madoguchi.cards.domain.kit import pack
from madoguchi.cards.domain.pin_sheets import SheetState
from madoguchi.cards.domain.rights import LINE
from madoguchi.cards.forms import ApplicationForm, NumberForm, TripForm
from madoguchi.cards.queries import applications as seen_here
from madoguchi.cards.queries.tables import kit_rows
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem
from madoguchi.register.api import PersonRow, seen
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "個人番号カードの申請"


@needs(LINE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show what was taken and not finished, the envelopes here, the trips; plan a trip."""
    form = TripForm(request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    actor, today = actor_of(request, PURPOSE), clock.today()
    if request.method == "POST":
        problems = problems_of(form)
        if not problems:
            trip_id, problems = press(
                applying.plan_trip, actor=actor, now=clock.now(), **form.cleaned_data
            )
            mark(form, problems)
            if not problems:
                return HttpResponseRedirect(reverse("cards:trip", args=[trip_id]))
    rows = seen_here.list_applications(actor=actor, today=today)
    look(actor=actor, screen="CARD_APPLICATIONS", subjects=sorted({r.person_id for r in rows}))
    context = {
        "rows": rows,
        "sheets": seen_here.sheets_here(actor=actor, today=today),
        "trips": seen_here.list_trips(actor=actor, today=today),
        "form": form,
        "problems": problems,
    }
    return page(request, "cards/applications.html", context, 422 if problems else 200)


@needs(LINE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take an application of the person in hand: everything on one page, all problems at once."""
    actor, today = actor_of(request, PURPOSE), clock.today()
    person = seen.find_person(request.GET.get("person", "")[:20], actor=actor)
    if person is None:
        return errors.refusal(request, [Problem(code="UNKNOWN_PERSON")], status=404)
    documents = tuple(
        row for row in rule_book(settings.MADOGUCHI_CARD_RULES).documents
        if row.days.hold(today)
    )  # fmt: skip
    start = {
        "delivery": Delivery.COUNTER.value,
        "visitor": Visitor.SELF.value,
        "application": seen_here.open_application_of(person.person_id),
    }
    form = ApplicationForm(
        request.POST if request.method == "POST" else None, documents=documents, initial=start
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = problems_of(form)
        if not problems:
            application_id, found = press(
                applying.take_application, person_id=person.person_id,
                told=_told(form.cleaned_data, person),
                application_id=form.cleaned_data["application"], actor=actor, now=clock.now(),
            )  # fmt: skip
            problems = tuple(_at_field(one) for one in found)
            mark(form, problems)
        if not problems:
            return HttpResponseRedirect(reverse("cards:application", args=[application_id]))
    look(actor=actor, screen="CARD_APPLICATION_NEW", subjects=[person.person_id])
    context = {
        "person": person,
        "age": _age(person),
        "photo_wanted": (_age(person) or PHOTO_FROM_AGE) >= PHOTO_FROM_AGE,
        "form": form,
        "problems": problems,
        "trips": seen_here.list_trips(actor=actor, today=today) if not start["application"] else (),
    }
    return page(request, "cards/application_new.html", context, 422 if problems else 200)


@needs(LINE)
@require_safe
def one(request: HttpRequest, application_id: str) -> HttpResponse:
    """Show one application with what comes next."""
    return _show(request, application_id)


@needs(LINE)
@require_POST
def send(request: HttpRequest, application_id: str) -> HttpResponse:
    """Note that it went to J-LIS."""
    form = NumberForm(request.POST)
    problems = problems_of(form)
    if problems:
        return _show(request, application_id, problems=problems)
    return _press(request, application_id, applying.send_application, **form.cleaned_data)


@needs(LINE)
@require_POST
def unsend(request: HttpRequest, application_id: str) -> HttpResponse:
    """Undo the note that it was sent."""
    return _versioned(request, application_id, applying.take_back_sending)


@needs(LINE)
@require_POST
def withdraw(request: HttpRequest, application_id: str) -> HttpResponse:
    """End an application that is not wanted any more."""
    return _versioned(request, application_id, applying.withdraw_application)


@needs(LINE)
@require_POST
def sheet(request: HttpRequest, sheet_id: str) -> HttpResponse:
    """Move an envelope; the page it was pressed on comes back."""
    application_id, to = request.POST.get("application", "")[:26], request.POST.get("to", "")
    if to not in set(SheetState):
        return _show(request, application_id, problems=(Problem(code="BAD_INPUT"),))
    _, problems = press(
        applying.move_sheet, sheet_id=sheet_id, to=SheetState(to),
        actor=actor_of(request, PURPOSE), now=clock.now(),
    )  # fmt: skip
    if problems:
        return _show(request, application_id, problems=problems)
    return HttpResponseRedirect(reverse("cards:application", args=[application_id]))


@needs(LINE)
@require_safe
def trip(request: HttpRequest, trip_id: str) -> HttpResponse:
    """Show a trip: whom it is for, and what goes into the bag; the page prints as it is."""
    actor, today = actor_of(request, PURPOSE), clock.today()
    found = seen_here.find_trip(trip_id, actor=actor, today=today)
    if found is None:
        return errors.refusal(request, [Problem(code="TRIP_UNKNOWN")], status=404)
    row, people = found
    look(actor=actor, screen="CARD_TRIP", subjects=sorted({r.person_id for r in people}))
    kit = pack(kit_rows(settings.MADOGUCHI_CARD_RULES), people=max(len(people), 1))
    return page(request, "cards/trip.html", {"trip": row, "people": people, "kit": kit})


@needs(LINE)
@require_POST
def join(request: HttpRequest, trip_id: str) -> HttpResponse:
    """Put the person in hand on the list of a trip."""
    person_id = request.POST.get("person", "")[:20]
    _, problems = press(
        applying.join_trip, trip_id=trip_id, person_id=person_id,
        actor=actor_of(request, PURPOSE), now=clock.now(),
    )  # fmt: skip
    if problems:
        return errors.refusal(request, problems)
    return HttpResponseRedirect(reverse("cards:trip", args=[trip_id]))


def _told(given: Mapping[str, Any], person: PersonRow) -> Told:
    """Put the answers of the page as the case of the tables and what is given (申出)."""
    age = _age(person) if _age(person) is not None else given["age"]
    photo = tuple(PhotoRule(code) for code in given["photo"])
    papers = ["guardianship_proof"] if given["guardianship"] else []
    is_agent = given["visitor"] == Visitor.STATUTORY_AGENT
    case: dict[str, Any] = {
        "visit_kind": "application", "visitor": given["visitor"], "age": age,
        "documents": given["documents"], "papers": papers,
        "has_licence_function": given["has_licence"],
    }  # fmt: skip
    if is_agent:
        case["visitor_documents"] = given["visitor_documents"]
        case["holder_present"] = given["holder_present"]
    return Told(
        case=case,
        given=Given(
            delivery=Delivery(given["delivery"]), photo=photo,
            conditions=tuple(MailCondition(code) for code in given["conditions"]),
            sheet_label=given["sheet_label"], sheet_closed=given["sheet_closed"],
            knows_lost_licence=given["knows_lost_licence"],
        ),
        application_no=given["application_no"],
    )  # fmt: skip


def _at_field(found: Problem) -> Problem:
    """Say where on this page what the tables ask for is ticked (項目)."""
    field = {"papers": "guardianship", "age": "age", "pin": None}.get(
        found.where or "", found.where
    )
    return replace(found, where=field if field in ApplicationForm.base_fields else None)


def _age(person: PersonRow) -> int | None:
    return None if person.birth_sort is None else age_on(clock.today(), person.birth_sort)


def _versioned(
    request: HttpRequest, application_id: str, action: Callable[..., Any]
) -> HttpResponse:
    version = request.POST.get("version", "")
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        return _show(request, application_id, problems=(Problem(code="BAD_INPUT"),))
    return _press(request, application_id, action, version=int(version))


def _press(
    request: HttpRequest, application_id: str, action: Callable[..., Any], **given: Any
) -> HttpResponse:
    _, problems = press(
        action, application_id=application_id, actor=actor_of(request, PURPOSE),
        now=clock.now(), **given,
    )  # fmt: skip
    if problems:
        return _show(request, application_id, problems=problems)
    return HttpResponseRedirect(reverse("cards:application", args=[application_id]))


def _show(
    request: HttpRequest, application_id: str, *, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    row = seen_here.find_application(application_id, actor=actor, today=clock.today())
    if row is None:
        return errors.refusal(request, [Problem(code="APPLICATION_UNKNOWN")], status=404)
    look(actor=actor, screen="CARD_APPLICATION", subjects=[row.person_id])
    sheets = seen_here.sheets_of(application_id)
    had = {staff_id for sheet in sheets for _, staff_id, _ in sheet.steps}
    context = {
        "row": row,
        "sheets": sheets,
        "names": {one.staff_id: one.display_name for one in list_staff(had)},
        "form": NumberForm(initial={"version": row.version, "application_no": row.application_no}),
        "problems": problems,
    }
    return page(request, "cards/application.html", context, 422 if problems else 200)
