"""People who live here: 転居, 転出, 世帯変更, 死亡, 職権 on one page a household (在住者の届出の画面)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.audit.api import look
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.wareki import format_short
from madoguchi.moves.actions.filing import Moved, file_other
from madoguchi.moves.actions.residents import KINDS, Pressed, command_of, concerned
from madoguchi.moves.domain.filing import BY_AUTHORITY, NOTIFIED, Evidence, Kind, Notifier, Said
from madoguchi.moves.domain.household import MoveKind
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.forms import read_once, read_pressed
from madoguchi.moves.queries.cases import CaseRow, drafted_among, find_case, households_of
from madoguchi.moves.views.places import placed
from madoguchi.register.api import HouseholdRow, seen
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import render, word
from madoguchi.web.pages import page
from madoguchi.web.press import press_asking

PURPOSE = "住民異動届"
KEYS = "12345"
#: What can be told before coming, by the kind of its case.
TOLD = {MoveKind.CHANGE_ADDRESS: Kind.CHANGE_ADDRESS, MoveKind.MOVE_OUT: Kind.MOVE_OUT}
#: What is asked once, by the names of a draft: of a 転居届, of a 転出届.
HOME = ("moved_on", "postcode", "address", "building")
AWAY = ("moved_on", "to")


@needs(FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def household(request: HttpRequest, household_no: str) -> HttpResponse:
    """Show the household, ask for one filing, and file it at one press."""
    actor = actor_of(request, PURPOSE)
    row = seen.find_household(household_no, actor=actor)
    if row is None or not row.members:
        return errors.refusal(request, [Problem(code="RUN_HOUSEHOLD_UNKNOWN")], status=404)
    given = request.POST if request.method == "POST" else request.GET
    asked = given.get("kind", "")
    kind = Kind(asked) if asked in set(KINDS) else KINDS[0]
    drafted = _draft_of(given.get("case", ""), actor, kind)
    problems: tuple[Problem, ...] = ()
    alerts: tuple[Problem, ...] = ()
    if request.method == "POST":
        pressed = read_pressed(request.POST, kind=kind, members=row.members, today=clock.today())
        if isinstance(pressed, Pressed):
            found, problems, alerts = _file(request, pressed, row, drafted)
            if found:
                return HttpResponseRedirect(reverse("moves:filing", args=[found.filing_id]))
        else:
            problems = pressed
    look(actor=actor, screen="MOVE_HOUSEHOLD", subjects=[one.person_id for one in row.members])
    context = _context(request, row, kind, problems, alerts) | _drafted(request, row, drafted)
    return page(request, "moves/household.html", context, 422 if problems or alerts else 200)


@needs(FILE)
@require_safe
def whose(request: HttpRequest, case_id: str) -> HttpResponse:
    """Show who drafted a 転居届, and the homes it may be about."""
    actor = actor_of(request, PURPOSE)
    row = find_case(case_id, actor=actor)
    if row is None or row.expected.kind not in TOLD:
        return errors.refusal(request, [Problem(code="MOVE_CASE_UNKNOWN")], status=404)
    homes = households_of(row.expected, actor=actor)
    subjects = sorted(each.person_id for one in homes for each in one.members)
    look(actor=actor, screen="MOVE_DRAFT_HOMES", subjects=subjects)
    context = {
        "case": row, "homes": homes, "kind": TOLD[row.expected.kind].value,
        "origin": _origin(row),
    }  # fmt: skip
    return page(request, "moves/whose.html", context)


def _draft_of(case_id: str, actor: Actor, kind: Kind) -> CaseRow | None:
    """Return what was told before coming; a family that moves in is another matter."""
    found = find_case(case_id, actor=actor)
    return found if found and TOLD.get(found.expected.kind) is kind else None


def _origin(row: CaseRow) -> str:
    """Say who told it: drafted at home, or by the portal (出どころ)."""
    evidence = Evidence.DRAFTED if row.expected.drafted_on else Evidence.PORTAL
    return word(kind="move_evidence", code=evidence.value)


def _file(
    request: HttpRequest, pressed: Pressed, row: HouseholdRow, drafted: CaseRow | None
) -> tuple[Moved | None, tuple[Problem, ...], tuple[Problem, ...]]:
    people = {one.person_id: one for one in row.members}
    whole = set(pressed.person_ids) >= people.keys()
    passed = [key.removeprefix("pass_") for key in request.POST if key.startswith("pass_")]
    return press_asking(
        file_other, actor=actor_of(request, PURPOSE), kind=pressed.kind, told=pressed.told,
        command=command_of(pressed, whole=whole), now=clock.now(), passed=passed,
        household=concerned(pressed, people, today=clock.today()),
        case_id=drafted.case_id if drafted else "",
        once=_once(request, pressed.kind, drafted) if drafted else None,
    )  # fmt: skip


def _once(request: HttpRequest, kind: Kind, drafted: CaseRow) -> dict[str, Said]:
    """Say on what days and addresses rest; where somebody leaves to is called ``to`` here."""
    if kind is not Kind.MOVE_OUT:
        return read_once(request.POST.dict(), drafted.expected, asked=HOME)
    told = dict(drafted.expected.once)
    if "address" in told:
        told["to"] = told.pop("address")
    expected = replace(drafted.expected, once=told)
    return read_once(request.POST.dict(), expected, asked=AWAY)


def _drafted(request: HttpRequest, row: HouseholdRow, drafted: CaseRow | None) -> dict[str, Any]:
    """What a draft fills in before anything is typed."""
    if drafted is None:
        return {}
    found: dict[str, Any] = {"case": drafted, "origin": _origin(drafted)}
    if request.method != "POST":
        once, members = drafted.expected.once, drafted_among(row, drafted.expected)
        named = {"happened_on": "moved_on", "postcode": "postcode", "address": "address",
                 "building": "building", "to": "address"}  # fmt: skip
        found["values"] = {
            "filed_on": format_short(clock.today()), "notifier": drafted.expected.notifier,
        } | {key: once[name].value for key, name in named.items() if name in once}  # fmt: skip
        found["people"] = [(one, one.person_id in members, "") for one in row.members]
    return found


def _context(
    request: HttpRequest, row: HouseholdRow, kind: Kind, problems: tuple[Problem, ...],
    alerts: tuple[Problem, ...],
) -> dict[str, Any]:  # fmt: skip
    given = request.POST.dict() if request.method == "POST" else {}
    chosen = set(request.POST.getlist("person")) if request.method == "POST" else None
    everybody = kind in (Kind.CHANGE_ADDRESS, Kind.MOVE_OUT)
    names = ("happened_on", "postcode", "address", "building", "to", "to_town", "household_no",
             "delay_reason", "ground", "notifier")  # fmt: skip
    return {
        "row": row, "kind": kind.value,
        "may_check": actor_of(request, PURPOSE).may(Right.CHECK_RESIDENCE), "kinds": list(zip(KEYS, KINDS, strict=True)),
        "values": {name: given.get(name, "") for name in names}
        | {"filed_on": given.get("filed_on", format_short(clock.today()))},
        "ticked": {name for name in ("identity_seen", "proxy_letter", "signed", "abroad", "stays")
                   if name in given},
        "people": [
            (one, one.person_id in chosen if chosen is not None else everybody,
             given.get(f"as_{one.person_id}", ""))
            for one in row.members
        ],
        "problems": placed(problems),
        "alerts": [(one.code, render(one)) for one in alerts], "notifiers": list(Notifier),
        "is_notified": kind in NOTIFIED, "by_authority": kind in BY_AUTHORITY,
        "new_home": kind is Kind.CHANGE_ADDRESS, "leaves": kind is Kind.MOVE_OUT,
        "may_stay": kind is Kind.HOUSEHOLD,
        "stands": kind in (Kind.CHANGE_ADDRESS, Kind.HOUSEHOLD), "gone": kind is Kind.EX_OFFICIO,
    }  # fmt: skip
