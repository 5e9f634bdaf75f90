"""Pages on the laptop, from the kit alone: no database, no line (端末の画面)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.advice.api import Visitor
from madoguchi.cards.api import away as cards
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem
from madoguchi.kit.documents.laptop import HELD, Laptop
from madoguchi.kit.domain.operations import Kind
from madoguchi.kit.domain.trips import OfficerAlong
from madoguchi.kit.forms import (
    ApplicationForm,
    HandOverForm,
    KitForm,
    OfficerForm,
    SurveyForm,
    VisitForm,
    VisitorForm,
)
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.messages import render
from madoguchi.web.pages import page, unkept
from madoguchi.web.press import attempt

COOKIE = "kit"
OFFICER_COOKIE = "kit_officer"

View = Callable[..., HttpResponse]


def door(view: View) -> View:
    """Let in only the browser that was opened with the word, and only until the hour (開いている間)."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        laptop: Laptop = request.META[HELD]
        key = request.GET.get("key", "")
        if key and laptop.knows_key(key):
            answer: HttpResponse = HttpResponseRedirect(request.path)
            answer.set_cookie(COOKIE, key, httponly=True, samesite="Strict")
            return unkept(answer)
        if not laptop.knows_key(request.COOKIES.get(COOKIE, "")):
            return _shut(Problem(code="KIT_DOOR_SHUT"), status=403)
        if found := laptop.check_open():
            return _shut(*found, status=403)
        return unkept(view(request, laptop, *args, **given))

    return wrapped


def opened(view: View) -> View:
    """Let in only an officer who typed their own word; all they do is written as theirs (職員)."""

    @door
    @wraps(view)
    def wrapped(request: HttpRequest, laptop: Laptop, *args: Any, **given: Any) -> HttpResponse:
        officer = laptop.officer_of(request.COOKIES.get(OFFICER_COOKIE, ""))
        if officer is None:
            return redirect("kit_sign_in")
        return view(request, laptop, officer, *args, **given)

    return wrapped


@door
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, laptop: Laptop) -> HttpResponse:
    """Who works here now, proved by the word that officer set at the desk."""
    form = OfficerForm(sent(request), officers=laptop.bundle.officers)
    problems: tuple[Problem, ...] = ()
    if form.is_bound:
        problems = problems_of(form)
        if not problems:
            given = form.cleaned_data
            session, problems = attempt(lambda: laptop.sign_in(given["officer"], given["word"]))
            if not problems:
                answer = redirect("kit_index")
                answer.set_cookie(OFFICER_COOKIE, session, httponly=True, samesite="Strict")
                return answer
        mark(form, problems)
    context = {"form": form, "problems": problems, "bundle": laptop.bundle}
    return page(request, "kit/laptop/sign_in.html", context, 422 if problems else 200)


@door
@require_POST
def sign_out(request: HttpRequest, laptop: Laptop) -> HttpResponse:
    """Another officer takes over: nothing stays open in the name of the first."""
    laptop.sign_out(request.COOKIES.get(OFFICER_COOKIE, ""))
    answer = redirect("kit_sign_in")
    answer.delete_cookie(OFFICER_COOKIE)
    return answer


@opened
@require_safe
def index(request: HttpRequest, laptop: Laptop, officer: OfficerAlong) -> HttpResponse:
    """Everybody on the island, or who is meant."""
    text = request.GET.get("q", "")[:60]
    ready = {one.person_id for one in laptop.bundle.cards
             if not laptop.was_done(Kind.CARD_HANDED_OVER, one.card_id)}  # fmt: skip
    visits = {each for one in laptop.cases(officer=officer) for each in one.people
              if not laptop.was_done(Kind.VISIT_NOTED, one.case_id)}  # fmt: skip
    planned = {one.person_id for one in laptop.bundle.planned
               if not laptop.was_done(Kind.APPLICATION_TAKEN, one.person_id)}  # fmt: skip
    rows = [
        (one, one.person_id in ready, one.person_id in planned, one.person_id in visits)
        for one in laptop.search(text, officer=officer)
    ]
    return laptop_page(request, laptop, officer, "kit/laptop/index.html", {"rows": rows, "q": text})


@opened
@require_safe
def person(
    request: HttpRequest, laptop: Laptop, officer: OfficerAlong, person_id: str
) -> HttpResponse:
    """One resident: what is ready for them, and what can be taken; the look is written first."""
    found = laptop.resident(person_id, officer=officer)
    if found is None:
        return unknown(request, laptop, officer)
    laptop.look(person_id, officer=officer)
    own = [one for one in laptop.bundle.cards if one.person_id == person_id]
    context = {
        "person": found,
        "cards": [(one, laptop.was_done(Kind.CARD_HANDED_OVER, one.card_id)) for one in own],
        "application": laptop.was_done(Kind.APPLICATION_TAKEN, person_id),
        "planned": laptop.planned(person_id),
        "cases": [
            (one, laptop.was_done(Kind.VISIT_NOTED, one.case_id))
            for one in laptop.cases(officer=officer) if person_id in one.people
        ],
        "home": [one for one in laptop.bundle.residents
                 if one.household_no == found.household_no and one.person_id != person_id
                 and laptop.resident(one.person_id, officer=officer)],
        "kinds": laptop.stock.kinds_of(person_id)
        if laptop.stock and officer.may_issue else (),
        "made": laptop.papers_of(person_id), "stock": laptop.stock,
    }  # fmt: skip
    return laptop_page(request, laptop, officer, "kit/laptop/person.html", context)


@opened
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(
    request: HttpRequest, laptop: Laptop, officer: OfficerAlong, card_id: str
) -> HttpResponse:
    """Give a card that came along; the tables are asked here, the town at home."""
    card = laptop.card(card_id)
    holder = laptop.resident(card.person_id, officer=officer) if card is not None else None
    if card is None or holder is None:
        return unknown(request, laptop, officer)
    form = HandOverForm(sent(request), visit=cards.visit_of(card.kind), visitor=_visitor(request))
    return _form_page(
        request, laptop, officer, form, kind=Kind.CARD_HANDED_OVER, subject=card_id, base=card.version,
        person=holder, extra={"age": None},
        check=lambda given: cards.check_hand_over_away(
            given, kind=card.kind, age=holder.age, today=clock.today()
        ),
    )  # fmt: skip


@opened
@require_http_methods(["GET", "HEAD", "POST"])
def application(
    request: HttpRequest, laptop: Laptop, officer: OfficerAlong, person_id: str
) -> HttpResponse:
    """Take an application for a card."""
    found = laptop.resident(person_id, officer=officer)
    if found is None:
        return unknown(request, laptop, officer)
    form = ApplicationForm(sent(request), visitor=_visitor(request))
    return _form_page(
        request, laptop, officer, form, kind=Kind.APPLICATION_TAKEN, subject=person_id, base=None,
        person=found, extra={"age": None, "application_id": laptop.planned(person_id)},
        check=lambda given: cards.check_application_away(
            given, age=found.age, today=clock.today()
        ),
    )  # fmt: skip


@opened
@require_http_methods(["GET", "HEAD", "POST"])
def visit(
    request: HttpRequest, laptop: Laptop, officer: OfficerAlong, case_id: str
) -> HttpResponse:
    """Write down what two officers found at the door."""
    found = laptop.case(case_id, officer=officer)
    who = laptop.resident(found.people[0], officer=officer) if found is not None else None
    if found is None or who is None:
        return unknown(request, laptop, officer)
    form = VisitForm(sent(request))
    return _form_page(
        request, laptop, officer, form, kind=Kind.VISIT_NOTED, subject=case_id, base=found.visits,
        person=who, check=lambda _: (),
    )  # fmt: skip


@opened
@require_http_methods(["GET", "HEAD", "POST"])
def survey(
    request: HttpRequest, laptop: Laptop, officer: OfficerAlong, survey_id: str
) -> HttpResponse:
    """Let somebody press one of three faces; who it was is nowhere."""
    if survey_id not in dict(laptop.bundle.surveys):
        return unknown(request, laptop, officer)
    return _form_page(
        request, laptop, officer, SurveyForm(sent(request)), kind=Kind.SURVEY_ANSWERED,
        subject=survey_id, base=None, person=None, check=lambda _: (),
    )  # fmt: skip


def _form_page(
    request: HttpRequest, laptop: Laptop, officer: OfficerAlong, form: KitForm, *, kind: Kind, subject: str,
    base: int | None, person: Any, check: Callable[[dict[str, Any]], tuple[Problem, ...]],
    extra: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """Show a form, or keep what it says; it is on the disk before anybody is told."""
    problems: tuple[Problem, ...] = ()
    if form.is_bound:
        problems = problems_of(form)
        if not problems:
            payload = {**form.payload(), **(extra or {})}
            found, problems = attempt(lambda: check(payload))
            problems = problems or found
            if not problems:
                _, problems = attempt(lambda: laptop.do(
                    kind, op_id=form.cleaned_data["op_id"], subject=subject, base=base,
                    person_id=person.person_id if person else "", payload=payload,
                    officer=officer,
                ))  # fmt: skip
            mark(form, problems)
        if not problems:
            target = f"/person/{person.person_id}/" if person else "/"
            return redirect(f"{target}?done={kind.value}")
    elif person:
        laptop.look(person.person_id, officer=officer)
    context = {"form": form, "kind": kind.value, "person": person, "problems": problems,
               "visitors": list(Visitor) if isinstance(form, VisitorForm) else []}  # fmt: skip
    return laptop_page(
        request, laptop, officer, "kit/laptop/form.html", context, status=422 if problems else 200
    )


def laptop_page(
    request: HttpRequest, laptop: Laptop, officer: OfficerAlong, template: str,
    context: dict[str, Any], *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Show a page of the laptop: until when, who works, and what was done (端末の画面)."""
    done = request.GET.get("done", "")
    shown = {
        **context, "bundle": laptop.bundle, "officer": officer, "done": laptop.done(),
        "just": done if done in set(Kind) else "",
    }  # fmt: skip
    return page(request, template, shown, status)


def _visitor(request: HttpRequest) -> Visitor:
    asked = request.GET.get("visitor", "")
    return Visitor(asked) if asked in set(Visitor) else Visitor.SELF


def sent(request: HttpRequest) -> Any:
    """Return what was sent; None where a page was only asked for (送られたもの)."""
    return request.POST if request.method == "POST" else None


def unknown(request: HttpRequest, laptop: Laptop, officer: OfficerAlong) -> HttpResponse:
    """Say that it is not along: also of whom these eyes may not see (入っていない)."""
    return laptop_page(
        request, laptop, officer, "kit/laptop/shut.html",
        {"said": [render(Problem(code="KIT_NOT_ALONG"))]}, status=404,
    )  # fmt: skip


def _shut(*problems: Problem, status: int) -> HttpResponse:
    # Without the door's key not even the island is named.
    said = [render(one) for one in problems]
    text = render_to_string("kit/laptop/shut.html", {"said": said, "bundle": None})
    return unkept(HttpResponse(text, status=status))
