"""A record is mended: written wrongly, or become otherwise without a notification (記録を直す画面)."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from madoguchi.audit.api import look
from madoguchi.infra import clock
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.wareki import format_short
from madoguchi.moves.actions.corrections import MENDED, Since, mending_of, values_of
from madoguchi.moves.actions.filing import file_other
from madoguchi.moves.domain.filing import Told
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.views.places import placed
from madoguchi.register.api import seen
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import render
from madoguchi.web.pages import page
from madoguchi.web.press import press_asking

PURPOSE = "誤記修正・職権修正"
VALUE_MAX = 200


@needs(FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def correcting(request: HttpRequest, person_id: str) -> HttpResponse:
    """Show what is recorded, to be written over; file only what differs."""
    actor = actor_of(request, PURPOSE)
    row = seen.find_person(person_id, actor=actor)
    if row is None:
        return errors.refusal(request, [Problem(code="UNKNOWN_PERSON")], status=404)
    before = values_of(row)
    given = {**before, "since": Since.ALWAYS.value, "day": "", "ground": "",
             "filed_on": format_short(clock.today())}  # fmt: skip
    problems: tuple[Problem, ...] = ()
    alerts: tuple[Problem, ...] = ()
    if request.method == "POST":
        # What nobody wrote over stays as it is now, not as it was when the page was drawn.
        given |= {n: request.POST[n].strip()[:VALUE_MAX] for n in given
                  if n in request.POST and request.POST[n] != request.POST.get(f"was_{n}")}  # fmt: skip
        filed_on = parse_day(given["filed_on"], where="filed_on")
        since = Since(given["since"]) if given["since"] in set(Since) else Since.ALWAYS
        if isinstance(filed_on, date):
            kind, command = mending_of(row, given, since=since, day=given["day"])
            passed = [key.removeprefix("pass_") for key in request.POST if key.startswith("pass_")]
            found, problems, alerts = press_asking(
                file_other, actor=actor, kind=kind, command=command, now=clock.now(),
                passed=passed, told=Told(filed_on=filed_on, ground=given["ground"]),
            )  # fmt: skip
            if found:
                return HttpResponseRedirect(reverse("moves:filing", args=[found.filing_id]))
        else:
            problems = (filed_on,)
    look(actor=actor, screen="MOVE_CORRECTING", subjects=[person_id])
    context = {
        "person": row, "given": given, "problems": placed(problems),
        "items": [(name, given[name], before[name]) for name in MENDED],
        "alerts": [(one.code, render(one)) for one in alerts],
    }  # fmt: skip
    return page(request, "moves/correcting.html", context, 422 if problems or alerts else 200)
