"""The new town's notice: where and since when somebody lives there (転入通知)."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.infra import clock
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.actions.filing import file_other
from madoguchi.moves.domain.filing import Kind, Told
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.queries.cases import find_filing
from madoguchi.moves.queries.unanswered import awaited
from madoguchi.moves.views.arriving import show_filing
from madoguchi.register.api import filing as register
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.press import press

PURPOSE = "転入通知"


@needs(FILE)
@require_POST
def arrived(request: HttpRequest, filing_id: str) -> HttpResponse:
    """Take the notice for whoever of a filing it names, all problems at once."""
    actor = actor_of(request, PURPOSE)
    row = find_filing(filing_id, actor=actor)
    if row is None:
        return errors.refusal(request, [Problem(code="MOVE_FILING_UNKNOWN")], status=404)
    given = request.POST
    people = tuple(one for one in awaited(row) if one in set(given.getlist("person")))
    moved_in = parse_day(given.get("moved_in_on", ""), where="moved_on")
    problems = [moved_in] if isinstance(moved_in, Problem) else []
    if not people:
        problems.append(Problem(code="NOBODY_CHOSEN", where="person"))
    to = given.get("to", "").strip()[:200]
    if not to:
        problems.append(Problem(code="BLANK_FORBIDDEN", where="to"))
    if problems or not isinstance(moved_in, date):
        return show_filing(request, filing_id, *problems)
    today = clock.today()
    command = register.ConfirmMoveOut(
        filing=register.Filing(notified_by_office_on=today), person_ids=people, to=to,
        moved_in_on=moved_in,
    )  # fmt: skip
    found, refused = press(
        file_other, actor=actor, kind=Kind.CONFIRM_MOVE_OUT, command=command,
        told=Told(filed_on=today), now=clock.now(),
    )  # fmt: skip
    if refused:
        return show_filing(request, filing_id, *refused)
    return HttpResponseRedirect(reverse("moves:filing", args=[found.filing_id]))
