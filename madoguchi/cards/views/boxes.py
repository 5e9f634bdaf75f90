"""A box on the screen (箱の画面): open it, scan after scan, count out, dispose of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.audit.api import look
from madoguchi.cards.actions import boxes
from madoguchi.cards.actions.lists import read_list
from madoguchi.cards.domain.boxes import Disposal, Line
from madoguchi.cards.domain.rights import LINE
from madoguchi.cards.forms import CountForm, DisposalForm, OpenForm
from madoguchi.cards.queries.boxes import (
    find_box,
    last_scans,
    list_boxes,
    listed_not_seen,
    stopped_cards,
)
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "個人番号カードの受入れ"


@needs(LINE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """List the boxes, and open a new one with its list."""
    if request.method != "POST":
        return _index(request, OpenForm(initial={"received_on": clock.today().isoformat()}))
    form = OpenForm(request.POST, request.FILES)
    problems = problems_of(form)
    lines: tuple[Line, ...] = ()
    if form.cleaned_data.get("listed"):
        lines, wrong = read_list(form.cleaned_data["listed"])
        problems = (*problems, *wrong)
    if not problems:
        box_no, problems = press(
            boxes.open_box, box_no=form.cleaned_data["box_no"],
            received_on=form.cleaned_data["received_on"],
            counted_in=form.cleaned_data["counted_in"], lines=lines,
            actor=actor_of(request, PURPOSE), now=clock.now(),
        )  # fmt: skip
        mark(form, problems)
        if not problems:
            return HttpResponseRedirect(reverse("cards:box", args=[box_no]))
    return _index(request, form, problems=problems)


@needs(LINE)
@require_safe
def box(request: HttpRequest, box_no: str) -> HttpResponse:
    """Show a box with its one field for scans."""
    return _show(request, box_no)


@needs(LINE)
@require_POST
def scan(request: HttpRequest, box_no: str) -> HttpResponse:
    """Take one scan; the line below the field says at once what it came to."""
    text = request.POST.get("number", "")[:100]
    return _press(request, box_no, boxes.scan, text=text)


@needs(LINE)
@require_POST
def take_back(request: HttpRequest, box_no: str) -> HttpResponse:
    """Undo the last scan."""
    return _press(request, box_no, boxes.take_back_scan)


@needs(LINE)
@require_POST
def recount(request: HttpRequest, box_no: str) -> HttpResponse:
    """Correct how many were counted in."""
    form = CountForm(request.POST)
    problems = problems_of(form)
    if problems:
        return _show(request, box_no, problems=problems)
    return _press(request, box_no, boxes.recount_box, counted_in=form.cleaned_data["counted"])


@needs(LINE)
@require_POST
def empty(request: HttpRequest, box_no: str) -> HttpResponse:
    """Count out: the box is empty."""
    form = CountForm(request.POST)
    problems = problems_of(form)
    if problems:
        return _show(request, box_no, problems=problems)
    return _press(
        request, box_no, boxes.empty_box, counted_out=form.cleaned_data["counted"],
        without_listed=form.cleaned_data["without_listed"],
    )  # fmt: skip


@needs(LINE)
@require_POST
def dispose(request: HttpRequest, box_no: str) -> HttpResponse:
    """Write down how the empty box was disposed of."""
    form = DisposalForm(request.POST)
    problems = problems_of(form)
    if problems:
        return _show(request, box_no, problems=problems)
    return _press(
        request, box_no, boxes.dispose_of_box, how=Disposal(form.cleaned_data["how"]),
        on=form.cleaned_data["on"],
    )  # fmt: skip


def _press(
    request: HttpRequest, box_no: str, action: Callable[..., Any], **given: Any
) -> HttpResponse:
    """Do one thing to a box; a scan answers with the piece of the page, else the page again."""
    _, problems = press(
        action, box_no=box_no, actor=actor_of(request, PURPOSE), now=clock.now(), **given
    )
    if problems:
        return _show(request, box_no, problems=problems)
    if request.headers.get("HX-Request") == "true":
        return _show(request, box_no)
    return HttpResponseRedirect(reverse("cards:box", args=[box_no]))


def _index(
    request: HttpRequest, form: OpenForm, *, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    context = {"boxes": list_boxes(), "form": form, "problems": problems}
    return page(request, "cards/boxes.html", context, 422 if problems else 200)


def _show(request: HttpRequest, box_no: str, *, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    found = find_box(box_no)
    if found is None:
        return errors.refusal(request, [Problem(code="CARD_BOX_UNKNOWN")], status=404)
    actor = actor_of(request, PURPOSE)
    scans = last_scans(box_no, actor=actor)
    stopped = stopped_cards(box_no, actor=actor)
    shown = {one.person_id for one in (*scans, *stopped) if one.person_id}
    look(actor=actor, screen="CARD_BOX", subjects=sorted(shown), detail={"box": box_no})
    context = {
        "box": found,
        "scans": scans,
        "last": scans[0] if scans and not problems else None,
        "stopped": stopped,
        "not_seen": () if found.missing else listed_not_seen(box_no),
        "disposal": DisposalForm(initial={"on": clock.today().isoformat()}),
        "problems": problems,
    }
    return page(request, "cards/box.html", context, 422 if problems else 200)
