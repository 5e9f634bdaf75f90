"""Sealed parcels between towns (授受の画面)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madoguchi.dispatch.actions.parcels import open_parcel, step_parcel, tick_check
from madoguchi.dispatch.documents.slips import draw_transmittal
from madoguchi.dispatch.domain.parcels import ParcelState
from madoguchi.dispatch.forms import ParcelForm
from madoguchi.dispatch.queries.office import office
from madoguchi.dispatch.queries.parcels import find_parcel, list_parcels
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.messages import label
from madoguchi.web.pages import page
from madoguchi.web.press import attempt, press

PURPOSE = "市区町村間の書留の授受"


@needs(Right.MAIL_REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Show the parcels on their way; the form opens a chain."""
    form = ParcelForm(
        request.POST if request.method == "POST" else None,
        initial={"direction": "OUT", "state": ParcelState.RECEIVED_SEALED.value},
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = problems_of(form)
        if not problems:
            given = {**form.cleaned_data}
            given["state"] = given["state"] or ParcelState.RECEIVED_SEALED.value
            parcel_id, problems = press(
                open_parcel, actor=actor_of(request, PURPOSE), now=clock.now(), **given
            )
            mark(form, problems)
            if not problems:
                return HttpResponseRedirect(reverse("dispatch:parcel", args=[parcel_id]))
    context = {"form": form, "rows": list_parcels(), "problems": problems}
    return page(request, "dispatch/parcels.html", context, 422 if problems else 200)


@needs(Right.MAIL_REQUESTS)
@require_GET
def detail(request: HttpRequest, parcel_id: str) -> HttpResponse:
    """Show the chain and the list of the two desks."""
    return _show(request, parcel_id)


@needs(Right.MAIL_REQUESTS)
@require_POST
def step(request: HttpRequest, parcel_id: str) -> HttpResponse:
    """Sign the next step."""
    state = request.POST.get("state", "")
    if state not in set(ParcelState):
        return _show(request, parcel_id, (Problem(code="BAD_INPUT"),))
    return _act(
        request,
        parcel_id,
        lambda actor: unit.run(
            step_parcel,
            parcel_id=parcel_id,
            state=state,
            tracking_no=request.POST.get("tracking_no", ""),
            note=request.POST.get("note", ""),
            actor=actor,
            now=clock.now(),
        ),
    )


@needs(Right.MAIL_REQUESTS)
@require_POST
def tick(request: HttpRequest, parcel_id: str) -> HttpResponse:
    """Tick one thing of the list."""
    code = request.POST.get("code", "")
    return _act(
        request,
        parcel_id,
        lambda actor: unit.run(
            tick_check, parcel_id=parcel_id, code=code, actor=actor, now=clock.now()
        ),
    )


@needs(Right.MAIL_REQUESTS)
@require_GET
def transmittal(request: HttpRequest, parcel_id: str) -> HttpResponse:
    """Answer with the letter that goes with the parcel."""
    row = find_parcel(parcel_id)
    if row is None:
        return errors.refusal(request, [Problem(code="PARCEL_UNKNOWN")], status=404)
    paper = draw_transmittal(
        [label(kind="enclosed", code=one) for one in row.enclosed],
        parcel_no=row.parcel_no,
        other_town=row.other_town,
        about_no=row.about_no,
        tracking_no=row.tracking_no,
        on=clock.today(),
        office=office(),
    )
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="transmittal-{row.parcel_no}.pdf"'
    return response


def _act(request: HttpRequest, parcel_id: str, do: Callable[[Actor], object]) -> HttpResponse:
    _, problems = attempt(lambda: do(actor_of(request, PURPOSE)))
    if problems:
        return _show(request, parcel_id, problems)
    return HttpResponseRedirect(reverse("dispatch:parcel", args=[parcel_id]))


def _show(request: HttpRequest, parcel_id: str, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    row = find_parcel(parcel_id)
    if row is None:
        return errors.refusal(request, [Problem(code="PARCEL_UNKNOWN")], status=404)
    context = {"parcel": row, "problems": problems}
    return page(request, "dispatch/parcel.html", context, 422 if problems else 200)
