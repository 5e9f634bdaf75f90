"""The terminals' day as a quiet timeline, and reserving by keyboard (統合端末の一日)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.accounts.api import list_staff
from madoguchi.csops.actions.reserving import let_go, reserve
from madoguchi.csops.actions.tables import TABLE_RIGHT, seat, unseat
from madoguchi.csops.domain.terminals import Purpose
from madoguchi.csops.forms import ReserveForm, SeatForm
from madoguchi.csops.queries import days as reads
from madoguchi.csops.views.drawing import picture_of
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "統合端末の割当て"
#: How long the set-up of one card takes at the terminal (*assumed*; the slides give 20 minutes
#: for all the work before the hand-over, notice and ledger among it).
SETUP_MINUTES = 5
WAITING_MAX = 999
LOOK_AHEAD = 10
QUIET_MINUTES = 60


@needs(Right.SEARCH)
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """Show the terminals of a day: taken, free, who sits there, overtime to come."""
    return _show(request, _day_in(request.GET.get("on", "")))


@needs(Right.FILE_CHANGE)
@require_POST
def reserve_minutes(request: HttpRequest) -> HttpResponse:
    """Reserve minutes for set-up or upkeep."""
    form = ReserveForm(request.POST)
    problems = problems_of(form)
    actor = actor_of(request, PURPOSE)
    on = form.cleaned_data.get("on") or clock.today()
    if not problems:
        given = form.cleaned_data
        _, problems = press(
            reserve, place=actor.place, on=on, span=given["span"],
            purpose=Purpose(given["purpose"]), note=given["note"], actor=actor,
            now=clock.now(),
        )  # fmt: skip
        mark(form, problems)
    return _show(request, on, problems=problems, form=form) if problems else _back_to(on)


@needs(Right.FILE_CHANGE)
@require_POST
def give_back_minutes(request: HttpRequest, reservation_id: str) -> HttpResponse:
    """Give reserved minutes back."""
    on = _day_in(request.POST.get("on", ""))
    _, problems = press(
        let_go, reservation_id=reservation_id, actor=actor_of(request, PURPOSE),
        now=clock.now(),
    )  # fmt: skip
    if problems:
        return _show(request, on, problems=problems)
    return _back_to(on)


@needs(Right.FILE_CHANGE)
@require_POST
def seat_somebody(request: HttpRequest) -> HttpResponse:
    """Put somebody at a terminal for some time."""
    actor = actor_of(request, PURPOSE)
    on = _day_in(request.POST.get("on", ""))
    form = _seat_form(actor.place, on, request.POST)
    problems = problems_of(form)
    if not problems:
        given = form.cleaned_data
        _, problems = press(
            seat, terminal_no=given["terminal_no"], on=on, span=given["span"],
            staff_id=given["staff_id"], actor=actor, now=clock.now(),
        )  # fmt: skip
        mark(form, problems)
    return _show(request, on, problems=problems, seat_form=form) if problems else _back_to(on)


@needs(Right.FILE_CHANGE)
@require_POST
def unseat_somebody(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Take a line out of the rota."""
    on = _day_in(request.POST.get("on", ""))
    _, problems = press(
        unseat, shift_id=shift_id, actor=actor_of(request, PURPOSE), now=clock.now()
    )
    if problems:
        return _show(request, on, problems=problems)
    return _back_to(on)


def _show(
    request: HttpRequest,
    on: date,
    *,
    problems: tuple[Problem, ...] = (),
    form: ReserveForm | None = None,
    seat_form: SeatForm | None = None,
) -> HttpResponse:
    place = actor_of(request, PURPOSE).place
    now, today = clock.now(), clock.today()
    waiting = _number_in(request.GET.get("waiting", ""))
    coming = [today + timedelta(days=ahead) for ahead in range(LOOK_AHEAD)]
    found = reads.days_of(place, [on])[on]
    (load,) = reads.load_of(place, [on], today=today, waiting=waiting * SETUP_MINUTES)
    context: dict[str, Any] = {
        "on": on, "today": today, "place": place, "day": found, "load": load,
        "before": on - timedelta(days=1), "after": on + timedelta(days=1),
        "waiting": waiting, "setup_minutes": SETUP_MINUTES,
        "picture": picture_of(
            found, terminals=reads.terminals_at(place, on), shifts=reads.shifts_on(place, on),
            names={one.staff_id: one.display_name for one in list_staff()},
            now=now.hour * 60 + now.minute if on == today else None,
        ),
        "quiet": reads.quiet_minutes(place, coming, today=today, minutes=QUIET_MINUTES),
        "week": reads.load_of(place, coming, today=today),
        "form": form or ReserveForm(initial={"on": on.isoformat()}),
        "seat_form": seat_form or _seat_form(place, on),
        "wrong": form or seat_form,
        "problems": problems,
        "may_change": actor_of(request, PURPOSE).may(TABLE_RIGHT),
        "may_run": actor_of(request, PURPOSE).may(Right.RUN_CS),
    }  # fmt: skip
    return page(request, "csops/day.html", context, 422 if problems else 200)


def _seat_form(place: str, on: date, given: Any = None) -> SeatForm:
    return SeatForm(
        given,
        terminals=[(one.terminal_no, one.name) for one in reads.terminals_at(place, on)],
        staff=[(one.staff_id, one.display_name) for one in list_staff()],
    )


def _day_in(text: str) -> date:
    found = parse_day(text)
    return clock.today() if isinstance(found, Problem) else found


def _number_in(text: str) -> int:
    return min(int(text), WAITING_MAX) if text.isascii() and text.isdigit() else 0


def _back_to(on: date) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('csops:day')}?on={on.isoformat()}")
