"""One page for the family: differences only, one signature, filed at one press (転入の画面)."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.accounts.api import list_staff
from madoguchi.audit.api import look
from madoguchi.dispatch.api import Handed, HandedReason, office
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.csvfile import open_lines
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.wareki import format_short
from madoguchi.moves.actions import cases as acts
from madoguchi.moves.actions.drafts import take_draft
from madoguchi.moves.actions.filing import EVERYBODY, file_move_in, take_back
from madoguchi.moves.actions.letters import ask_by_message, queue_letters
from madoguchi.moves.domain.drafted import ONCE
from madoguchi.moves.domain.filing import Arrival, Kind, MoveIn, Notifier
from madoguchi.moves.domain.household import MoveKind
from madoguchi.moves.domain.letters import MoveLetter
from madoguchi.moves.domain.notice_csv import notice_from_rows
from madoguchi.moves.domain.notices import (
    FOREIGN_ITEMS,
    NAMES_BESIDE,
    PERSON_ITEMS,
    Expectation,
    Expected,
    blank_case,
    read_notice,
)
from madoguchi.moves.domain.post import PostState
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.forms import FACTS, TICKS, OpenForm, read_move
from madoguchi.moves.queries.cases import CaseRow, FilingRow, find_case, find_filing, open_cases
from madoguchi.moves.queries.letters import (
    address_for,
    asked_by_message,
    due_letters,
    silent_people,
    written,
)
from madoguchi.moves.queries.papers import PaperRead
from madoguchi.moves.queries.post import count_waiting, faults, told_of, town_names
from madoguchi.moves.queries.rulebook import online_book
from madoguchi.moves.queries.tasks import tasks_of
from madoguchi.moves.queries.unanswered import awaited
from madoguchi.moves.views.papers import going_on, scanned, stopping
from madoguchi.moves.views.places import placed
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.messages import label, listed, render
from madoguchi.web.nav import url_or_none
from madoguchi.web.pages import page
from madoguchi.web.press import press, press_asking

PURPOSE = "転入届"
NOTICE_BYTES_MAX = 1_000_000
CATEGORIES = ("PARTNER_VIOLENCE", "STALKING", "CHILD_ABUSE", "SIMILAR")


@needs(FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def cases(request: HttpRequest) -> HttpResponse:
    """List the families that are expected, and begin with one."""
    actor = actor_of(request, PURPOSE)
    form = OpenForm(
        request.POST if request.method == "POST" else None, request.FILES or None,
        initial={"arrival": Arrival.SPECIAL.value},
    )  # fmt: skip
    problems: tuple[Problem, ...] = ()
    paper = PaperRead()
    if request.method == "POST":
        case_id, problems = None, problems_of(form)
        if not problems:
            paper = scanned(form.cleaned_data)
            case_id, problems = _open(form.cleaned_data, paper, actor)
        if case_id:
            return HttpResponseRedirect(reverse("moves:case", args=[case_id]))
        if paper.texts:
            form = going_on(form, paper)
    context = {
        "form": form, "rows": open_cases(actor=actor), "problems": problems, "paper": paper,
        "may_protect": actor.may(Right.SEE_PROTECTED),
        "post_waiting": count_waiting(actor=actor), "post_faults": len(faults(now=clock.now())),
    }  # fmt: skip
    look(actor=actor, screen="MOVE_CASES", subjects=[])
    return page(request, "moves/cases.html", context, 422 if problems else 200)


@needs(FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, case_id: str) -> HttpResponse:
    """Show the family on one page, and file it at one press."""
    actor, now = actor_of(request, PURPOSE), clock.now()
    row = find_case(case_id, actor=actor)
    if row is None:
        return errors.refusal(request, [Problem(code="MOVE_CASE_UNKNOWN")], status=404)
    if row.expected.kind is not MoveKind.MOVE_IN:
        return HttpResponseRedirect(reverse("moves:whose", args=[case_id]))
    problems: tuple[Problem, ...] = ()
    alerts: tuple[Problem, ...] = ()
    if request.method == "POST":
        given = request.POST.dict()
        move = read_move(given, row.expected, today=clock.today())
        passed = [key.removeprefix("pass_") for key in given if key.startswith("pass_")]
        if isinstance(move, MoveIn):
            found, problems, alerts = press_asking(
                file_move_in, actor=actor, move=move, now=now, passed=passed, case_id=case_id
            )
            if found:
                return HttpResponseRedirect(reverse("moves:filing", args=[found.filing_id]))
        else:
            problems = move
    look(actor=actor, screen="MOVE_CASE", subjects=[])
    context = _context(request, row, actor, problems, alerts)
    return page(request, "moves/case.html", context, 422 if problems or alerts else 200)


@needs(FILE)
@require_POST
def drop(request: HttpRequest, case_id: str) -> HttpResponse:
    """Give a case up."""
    _, problems = press(
        acts.drop_case, case_id=case_id, actor=actor_of(request, PURPOSE), now=clock.now()
    )
    if problems:
        return errors.refusal(request, problems, status=404)
    return HttpResponseRedirect(reverse("moves:cases"))


@needs(FILE)
@require_safe
def filing(request: HttpRequest, filing_id: str) -> HttpResponse:
    """Show what was filed, who said each field, and what follows."""
    return show_filing(request, filing_id)


@needs(FILE)
@require_POST
def back(request: HttpRequest, filing_id: str) -> HttpResponse:
    """Take a filing back."""
    _, problems = press(
        take_back, filing_id=filing_id, ground=request.POST.get("ground", "")[:200],
        actor=actor_of(request, PURPOSE), now=clock.now(),
    )  # fmt: skip
    if problems:
        return show_filing(request, filing_id, *problems)
    return HttpResponseRedirect(reverse("moves:filing", args=[filing_id]))


@needs(FILE)
@require_POST
def letter(request: HttpRequest, filing_id: str) -> HttpResponse:
    """Queue the letter a filing calls for; the post room prints it with the others."""
    wanted = request.POST.get("letter", "")
    if wanted not in set(MoveLetter):
        return show_filing(request, filing_id, Problem(code="BAD_INPUT"))
    kind = MoveLetter(wanted)
    if "message" in request.POST and kind is MoveLetter.NO_NOTICE:
        _, problems = press(
            ask_by_message, filing_id=filing_id, actor=actor_of(request, PURPOSE), now=clock.now()
        )
        if problems:
            return show_filing(request, filing_id, *problems)
        return HttpResponseRedirect(reverse("moves:filing", args=[filing_id]))
    row = find_filing(filing_id, actor=actor_of(request, PURPOSE))
    words = label(kind="move_kind", code=row.kind) if row else ""
    _, problems = press(
        queue_letters, filing_id=filing_id, kind=kind, to=_typed(request, kind),
        filing_words=words, phone=office().phone, actor=actor_of(request, PURPOSE),
        now=clock.now(),
    )  # fmt: skip
    if problems:
        return show_filing(request, filing_id, *problems)
    return HttpResponseRedirect(reverse("moves:filing", args=[filing_id]))


def _typed(request: HttpRequest, kind: MoveLetter) -> Handed:
    office_wanted = kind is MoveLetter.NO_NOTICE
    texts = {name: request.POST.get(name, "").strip()[:200]
             for name in ("postcode", "address", "building", "name")}  # fmt: skip
    reason = HandedReason.OFFICE if office_wanted else HandedReason.ADDRESS_LEFT
    return Handed(reason=reason, **texts)


def _sending_to(request: HttpRequest, row: FilingRow, kind: MoveLetter) -> Handed:
    """What was typed stays; else what is known."""
    if request.POST.get("letter") == kind.value:
        return _typed(request, kind)
    return address_for(row, kind, actor=actor_of(request, PURPOSE))


def show_filing(request: HttpRequest, filing_id: str, *problems: Problem) -> HttpResponse:
    """Show a filing, with what stands against the last press on its page."""
    actor = actor_of(request, PURPOSE)
    row = find_filing(filing_id, actor=actor)
    if row is None:
        return errors.refusal(request, [Problem(code="MOVE_FILING_UNKNOWN")], status=404)
    look(actor=actor, screen="MOVE_FILING", subjects=sorted(row.people))
    told = told_of(filing_id, actor=actor, now=clock.now())
    context = {
        "row": row, "tasks": tasks_of(filing_id, actor=actor), "problems": placed(problems),
        "letters": [
            (one, _sending_to(request, row, one), written([filing_id], one).get(filing_id))
            for one in due_letters(
                row, silent=silent_people(row, actor=actor, today=clock.today())
            )
        ],
        "town_messages": told,
        "asks": town_names(now=clock.now()).get(asked_by_message(row, now=clock.now()) or ""),
        "told_already": listed(one.town for one in told if one.state == PostState.SENT.value),
        "everybody": row.sources.get(EVERYBODY, ()),
        "taken_by": next((one.display_name for one in list_staff([row.staff_id])), row.staff_id),
        "people": [(one, row.sources.get(key, ())) for key, one in row.people.items()],
        "run": reverse("visits:run", args=[row.run_id]) if row.run_id else None,
        "awaited": [row.people[one] for one in awaited(row)],
        "certificate": _certificate(row) if actor.may(Right.ISSUE_CERTIFICATE) else None,
    }  # fmt: skip
    return page(request, "moves/filing.html", context, 422 if problems else 200)


def _certificate(row: FilingRow) -> str | None:
    """Return where the 転出証明書 of a filing is drawn; abroad there is none (転出証明書)."""
    leaves = [one for one in row.people.values() if one.removal_reason == "MOVE_OUT_DOMESTIC"]
    if row.kind != Kind.MOVE_OUT or row.is_reverted or not leaves:
        return None
    query = urlencode({"person": leaves[0].person_id, "kind": "move_out"})
    return f"{reverse('certificates:new')}?{query}"


def _open(given: dict[str, Any], paper: PaperRead, actor: Actor) -> tuple[Any, tuple[Problem, ...]]:
    """Open a case: with a paper's codes, a draft, the old town's file, or a number."""
    more = {"is_protected": given["protected"], "actor": actor, "now": clock.now()}
    if paper.of or paper.problems:
        against = stopping(paper, accepted=given["accepted"])
        if paper.expected is None or against:
            return None, against
        return press(acts.open_case, expected=paper.expected, **more)
    if given["code"] and not given["notice"]:
        return press(take_draft, code=given["code"], notice=None, **more)
    expected = _expected(given)
    if not isinstance(expected, Expectation):
        return None, expected
    if given["code"]:
        return press(take_draft, code=given["code"], notice=expected, **more)
    return press(acts.open_case, expected=expected, **more)


def _expected(given: dict[str, Any]) -> Expectation | tuple[Problem, ...]:
    arrival = Arrival(given["arrival"])
    file = given["notice"]
    if not file:
        return blank_case(arrival, given["count"])
    body = file.read(NOTICE_BYTES_MAX + 1)
    raw = _read_file(body) if len(body) <= NOTICE_BYTES_MAX else None
    return raw if isinstance(raw, tuple) else read_notice(raw, arrival=arrival)


def _read_file(body: bytes) -> Any:
    """Read JSON, or a table; None where it is neither."""
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        lines = open_lines(BytesIO(body))
        if isinstance(lines, Problem):
            return (lines,)
        rows = list(lines.rows())
        return (lines.broken,) if lines.broken else notice_from_rows(rows)
    try:
        return json.loads(body.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return None


def _context(
    request: HttpRequest, row: CaseRow, actor: Actor, problems: tuple[Problem, ...],
    alerts: tuple[Problem, ...],
) -> dict[str, Any]:  # fmt: skip
    given = request.POST.dict() if request.method == "POST" else {}
    expected = row.expected
    start = {name: said.value for name, said in expected.once.items()} | {
        "filed_on": format_short(clock.today()), "notifier": expected.notifier,
        "planned_out_on": format_short(expected.planned_out_on) if expected.planned_out_on else "",
    }  # fmt: skip
    values = {name: given.get(name, start.get(name, "")) for name in
              (*ONCE, "filed_on", "planned_out_on", "delay_reason", "household_no", "notifier",
               "shelter")}  # fmt: skip
    foreign = any(one.is_foreign for one in expected.people)
    ticks = ("identity_seen", *TICKS[expected.arrival], *(["residence_cards_seen"] * foreign))
    return {
        "case": row, "values": values, "problems": placed(problems),
        "alerts": [(one.code, render(one)) for one in alerts],
        "people": [_person(one, given) for one in expected.people],
        "once": [(name, values[name], expected.once.get(name)) for name in ONCE
                 if name != "last_registered" or expected.arrival is Arrival.UNREGISTERED],
        "may_be_absent": online_book(settings.MADOGUCHI_CARD_RULES).may_file(clock.today()),
        "absent": "absent" in given,
        "ticks": [(name, name in given) for name in ticks], "signed": "signed" in given,
        "proxy": "proxy_letter" in given,
        "notifiers": list(Notifier),
        "special": expected.arrival in (Arrival.SPECIAL, Arrival.PAPER),
        "categories": CATEGORIES if {Right.SEE_PROTECTED, Right.SET_PROTECTION} <= actor.rights
        else (),
        "home": url_or_none("desk:home"),
    }  # fmt: skip


def _person(one: Expected, given: dict[str, str]) -> dict[str, Any]:
    names = (*PERSON_ITEMS, *FOREIGN_ITEMS) if one.is_foreign else PERSON_ITEMS
    items: list[dict[str, Any]] = []
    beside: list[dict[str, Any]] = []
    for name in (*names, *NAMES_BESIDE):
        said = one.items.get(name)
        before = said.value if said else ""
        value = given.get(f"{one.no}_{name}", before)
        (beside if name in NAMES_BESIDE else items).append({
            "key": f"{one.no}_{name}", "item": name, "value": value, "said": said,
            "differs": said is not None and value != before, "drafted": one.drafted.get(name, ""),
            "open": said is None or value != before or name in one.drafted,
        })  # fmt: skip
    pressed = bool(given)
    return {
        "no": one.no, "items": items, "beside": beside,
        "has_beside": any(each["value"] for each in beside), "gaps": len(one.gaps),
        "name": given.get(f"{one.no}_name") or (one.items["name"].value if "name" in one.items else ""),
        "card": f"{one.no}_card" in given if pressed else one.card.value == "present",
        "facts": [(name, f"{one.no}_{name}" in given if pressed else name in one.facts)
                  for name in FACTS],
        "person_id": given.get(f"{one.no}_person_id", ""),
    }  # fmt: skip
