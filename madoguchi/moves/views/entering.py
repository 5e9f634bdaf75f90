"""Somebody enters a household without moving: 出生 and 職権記載 (記載の画面)."""

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
from madoguchi.moves.actions.filing import file_other
from madoguchi.moves.actions.records import household_of_birth
from madoguchi.moves.actions.residents import (
    ENTRIES,
    ENTRY_ITEMS,
    FOREIGN_BIRTH_ITEMS,
    born_foreign,
    entry_of,
)
from madoguchi.moves.domain.filing import BY_AUTHORITY, Kind, Told
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.views.places import placed
from madoguchi.register.api import HouseholdRow, seen
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import render
from madoguchi.web.pages import page
from madoguchi.web.press import press_asking

PURPOSE = "出生・職権記載"
VALUE_MAX = 200


@needs(FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def entering(request: HttpRequest, household_no: str) -> HttpResponse:
    """Ask for one person who enters a household, and file it at one press."""
    actor = actor_of(request, PURPOSE)
    row = seen.find_household(household_no, actor=actor)
    if row is None or not row.members:
        return errors.refusal(request, [Problem(code="RUN_HOUSEHOLD_UNKNOWN")], status=404)
    given = request.POST if request.method == "POST" else request.GET
    asked = given.get("kind", "")
    kind = Kind(asked) if asked in set(ENTRIES) else ENTRIES[0]
    problems: tuple[Problem, ...] = ()
    alerts: tuple[Problem, ...] = ()
    values = _first(row) | {"group": given.get("group", "")}
    if request.method == "POST":
        values = {name: request.POST.get(name, "").strip()[:VALUE_MAX] for name in values}
        filed_on = parse_day(values["filed_on"], where="filed_on")
        if isinstance(filed_on, date):
            passed = [key.removeprefix("pass_") for key in request.POST if key.startswith("pass_")]
            found, problems, alerts = press_asking(
                file_other, actor=actor, kind=kind, now=clock.now(), passed=passed,
                command=entry_of(kind, values, row.members[0], filed_on=filed_on),
                told=Told(filed_on=filed_on, ground=values["ground"]),
                household=household_of_birth(
                    values, today=clock.today(), foreign=born_foreign(kind, values)
                )
                if kind is Kind.BIRTH
                else None,
            )  # fmt: skip
            if found:
                return HttpResponseRedirect(reverse("moves:filing", args=[found.filing_id]))
        else:
            problems = (filed_on,)
    look(actor=actor, screen="MOVE_HOUSEHOLD", subjects=[one.person_id for one in row.members])
    context = {
        "row": row, "kind": kind.value, "kinds": ENTRIES, "values": values,
        "items": [(name, values[name]) for name in
                  (FOREIGN_BIRTH_ITEMS if born_foreign(kind, values) else ENTRY_ITEMS)],
        "is_foreign": born_foreign(kind, values),
        "by_authority": kind in BY_AUTHORITY, "problems": placed(problems),
        "alerts": [(one.code, render(one)) for one in alerts],
    }  # fmt: skip
    return page(request, "moves/entering.html", context, 422 if problems or alerts else 200)


def _first(row: HouseholdRow) -> dict[str, str]:
    """What is likely the same as the head's, and today."""
    head = row.householder or row.members[0]
    known = {"nationality": head.nationality, "honseki": head.honseki, "hittosha": head.hittosha, "relationship": "子",
             "filed_on": format_short(clock.today())}  # fmt: skip
    names = (
        *dict.fromkeys((*ENTRY_ITEMS, *FOREIGN_BIRTH_ITEMS)),
        "happened_on",
        "filed_on",
        "ground",
    )
    return {name: known.get(name, "") for name in names}
