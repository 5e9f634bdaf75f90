"""The day's books, the coin boxes, and the cases (日締め・料金箱・食い違い)."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.kiosk.actions.balancing import balance_day, count_coins, decide_case
from madoguchi.kiosk.domain.cases import Decision
from madoguchi.kiosk.forms import CountForm, DecisionForm
from madoguchi.kiosk.queries.board import decided_cases, find_case, open_cases
from madoguchi.kiosk.queries.books import CHANNELS, day_books, last_closes
from madoguchi.kiosk.queries.tables import is_over
from madoguchi.kiosk.queries.terminals import find_terminal_by_no
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.messages import word
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "キオスクの日締め"


@needs(Right.ISSUE_CERTIFICATE)
@require_safe
def books(request: HttpRequest) -> HttpResponse:
    """Show one day's books of each channel, side by side, with what disagrees."""
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
    return _show(request, day, problems)


@needs(Right.ISSUE_CERTIFICATE)
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Compare a day's books now, on demand; a difference opens its case."""
    day = _day(request.POST.get("day", "")) or clock.today()
    _, problems = press(balance_day, day=day, actor=actor_of(request, PURPOSE), now=clock.now())
    if problems:
        return _show(request, day, problems)
    return HttpResponseRedirect(f"{reverse('kiosk:books')}?day={day.isoformat()}")


@needs(Right.ISSUE_CERTIFICATE)
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, terminal_no: str) -> HttpResponse:
    """Count a coin box; what is missing opens a case."""
    terminal = find_terminal_by_no(terminal_no)
    if terminal is None:
        return errors.refusal(request, [Problem(code="KIOSK_TERMINAL_UNKNOWN")], status=404)
    form = CountForm(request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = problems_of(form)
        if not problems:
            missing = unit.run(
                count_coins, terminal_no=terminal_no, actor=actor_of(request, PURPOSE),
                counted_yen=form.cleaned_data["counted_yen"], now=clock.now(),
            )  # fmt: skip
            back = reverse("kiosk:books" if missing else "kiosk:board")
            return HttpResponseRedirect(back)
    # What should be there is not shown before it was counted: else nobody counts.
    context = {"terminal": terminal, "form": form, "problems": problems}
    return page(request, "kiosk_office/count.html", context, 422 if problems else 200)


@needs(Right.ISSUE_CERTIFICATE)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Say what was found in a case and decide it."""
    found = find_case(case_id)
    if found is None:
        return errors.refusal(request, [Problem(code="KIOSK_NO_OPEN_CASE")], status=404)
    actor = actor_of(request, PURPOSE)
    form = DecisionForm(
        request.POST if request.method == "POST" else None, decisions=found.decisions
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = problems_of(form)
        if not problems:
            _, problems = press(
                decide_case, case_id=case_id, actor=actor, now=clock.now(),
                decision=Decision(form.cleaned_data["decision"]),
                note=form.cleaned_data["note"],
            )  # fmt: skip
            mark(form, problems)
            if not problems:
                return HttpResponseRedirect(reverse("kiosk:books"))
    may_decide = not found.stops or actor.may(Right.STOP_SWITCH)
    context = {"case": found, "form": form, "problems": problems, "may_decide": may_decide}
    return page(request, "kiosk_office/case.html", context, 422 if problems else 200)


def _show(request: HttpRequest, day: date, problems: tuple[Problem, ...]) -> HttpResponse:
    now, actor = clock.now(), actor_of(request, PURPOSE)
    days = [
        day_books(day, channel, closed=is_over(channel, day=day, now=now)) for channel in CHANNELS
    ]
    context = {
        "day": day,
        "days": days,
        "cases": open_cases(),
        "decided": decided_cases(),
        "closes": last_closes(),
        "problems": problems,
        "may_change": actor.may(Right.STOP_SWITCH),
    }
    return page(request, "kiosk_office/books.html", context, 422 if problems else 200)


def _day(text: str) -> date | None:
    found = parse_day(text) if text else None
    return found if isinstance(found, date) else None
