"""Pages of the trips at the office: what is out, what came home, what differs (島の日の画面)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.accounts.api import list_staff
from madoguchi.audit.api import look
from madoguchi.certificates.api import away as papers
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.areas import AREAS
from madoguchi.kernel.outcome import Problem
from madoguchi.kit.actions import settling
from madoguchi.kit.domain.merging import Outcome
from madoguchi.kit.domain.trips import TripState
from madoguchi.kit.queries.trips import (
    KIT,
    Row,
    find_trip,
    list_held,
    list_operations,
    list_trips,
)
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import UnknownCodeError, listed, render, word
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "島の日の持ち帰り"
#: What of an operation is shown, and which words its codes have.
WORDS_OF: Mapping[str, str] = {
    "visitor": "card_visitor", "documents": "card_document", "visitor_documents": "card_document",
    "papers": "card_need", "certificates": "card_certificate", "reason": "card_reason",
    "old_card": "old_card", "delivery": "card_delivery", "photo": "photo_rule",
    "conditions": "mail_condition", "seen": "residence_seen", "face": "journey_face",
    "age": "", "face_seen": "", "pin_set": "", "fee_paid": "", "holder_present": "",
    "sheet_label": "", "sheet_closed": "", "knows_lost_licence": "", "has_licence": "",
    "application_no": "", "applicant": "applicant", "asked_for": "certificate_item", "evidence": "evidence",
    "kind": "certificate_kind", "disposal": "disposal", "fee_yen": "", "on": "", "officers": "", "sentence": "",
}  # fmt: skip
PRESSES: Mapping[str, Callable[..., None]] = {
    "do": settling.do_after_all,
    "leave": settling.leave_town,
}


@needs(KIT)
@require_safe
def trips(request: HttpRequest) -> HttpResponse:
    """List the trips: what is out and what came home."""
    actor = actor_of(request, PURPOSE)
    context = {
        "rows": list_trips(actor=actor), "now": clock.now(), "out": TripState.OUT.value,
        "may_release": actor.may(Right.SEE_PROTECTED),
        "areas": sorted({row.area for row in AREAS}),
    }  # fmt: skip
    return page(request, "kit/trips.html", context)


@needs(KIT)
@require_safe
def trip(request: HttpRequest, trip_id: str) -> HttpResponse:
    """Show one trip, what differs first."""
    return _show(request, trip_id)


@needs(KIT)
@require_POST
def settle(request: HttpRequest, trip_id: str) -> HttpResponse:
    """Settle one conflict: do it after all, or leave the town's record."""
    how = PRESSES.get(request.POST.get("how", ""))
    if how is None:
        return _show(request, trip_id, Problem(code="BAD_INPUT"))
    _, problems = press(
        how, op_id=request.POST.get("op_id", "")[:40], actor=actor_of(request, PURPOSE),
        now=clock.now(),
    )  # fmt: skip
    return _show(request, trip_id, *problems) if problems else _to(trip_id)


@needs(KIT)
@require_POST
def revoke(request: HttpRequest, trip_id: str) -> HttpResponse:
    """Make the kit of a lost laptop void."""
    _, problems = press(
        settling.revoke, trip_id=trip_id, why=request.POST.get("why", "")[:300],
        actor=actor_of(request, PURPOSE), now=clock.now(),
    )  # fmt: skip
    return _show(request, trip_id, *problems) if problems else _to(trip_id)


def _show(request: HttpRequest, trip_id: str, *problems: Problem) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    found = find_trip(trip_id, actor=actor)
    if found is None:
        return errors.refusal(request, [Problem(code="KIT_UNKNOWN")], status=404)
    rows = list_operations(trip_id, actor=actor)
    void = found.state == TripState.REVOKED.value
    held = list_held(trip_id, actor=actor) if void else {}
    shown = {one.person_id for one in rows if one.person_id} | set(held)
    look(actor=actor, screen="KIT_TRIP", subjects=sorted(shown), detail={"trip": trip_id})
    conflicts = [one for one in rows if one.outcome is Outcome.CONFLICT]
    names = {one.staff_id: one.display_name for one in list_staff(found.officer_ids)}
    context = {
        "officers": [names.get(one, one) for one in found.officer_ids], "row": found, "void": void,
        "held": held, "problems": problems, "numbers": papers.count_of(trip_id),
        "conflicts": [_sides(one) for one in conflicts],
        "others": [one for one in rows if one.outcome is not Outcome.CONFLICT],
        "late": found.state == TripState.OUT.value and found.until < clock.now(),
    }  # fmt: skip
    return page(request, "kit/trip.html", context, 422 if problems else 200)


def _sides(one: Row) -> dict[str, Any]:
    """Put side by side what the laptop saw, what was done, and what the town has."""
    return {
        "row": one,
        "frozen_at": datetime.fromisoformat(one.payload["frozen_at"])
        if one.payload.get("frozen_at")
        else None,
        "done": [
            (word(kind="kit_field", code=name), _said(name, value))
            for name, value in sorted(one.payload.items())
            if value and name in WORDS_OF
        ],
        "why": [render(Problem(code=code)) for code in one.codes],
    }


def _said(name: str, value: object) -> str:
    if isinstance(value, list):
        return listed(_said(name, one) for one in value)
    if isinstance(value, bool):
        return word(kind="kit_tick", code="YES")
    kind = WORDS_OF[name]
    try:
        return word(kind=kind, code=str(value)) if kind else str(value)
    except UnknownCodeError:
        # A table of the town may have lost the code since; what was written is shown as it is.
        return str(value)


def _to(trip_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("kit:trip", args=[trip_id]))
