"""Residents on real tables, requests and fees for tests (試験用の交付)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from madoguchi.certificates.actions.drawing import Drawn, NotDrawn, draw
from madoguchi.certificates.actions.making import render_now
from madoguchi.certificates.domain.issue import Applicant, DrawCommand, Evidence, State
from madoguchi.certificates.domain.kinds import Channel, Kind, demo_fees
from madoguchi.certificates.models import FeeRule
from madoguchi.certificates.queries.keys import paper_keys
from madoguchi.certificates.queries.town import town
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import CLERK


def fees() -> None:
    """Write the fee table where a test with real commits has emptied it (手数料表)."""
    if not FeeRule.objects.exists():
        FeeRule.objects.bulk_create(
            FeeRule(
                kind=fee.kind,
                channel=fee.channel,
                yen=fee.yen,
                valid_from=fee.valid_from,
                valid_until=fee.valid_until,
            )
            for fee in demo_fees(valid_from=date(2020, 4, 1))
        )


def command_for(person_id: str, **given: Any) -> DrawCommand:
    """Return the common request: the person, a driving licence, the household form (交付申請)."""
    values: dict[str, Any] = {
        "asked_person_id": person_id,
        "kind": Kind.RESIDENT_RECORD_HOUSEHOLD,
        "channel": Channel.DESK,
        "applicant": Applicant.SELF,
        "seen": frozenset({Evidence.DRIVING_LICENCE}),
        "asked_for": frozenset(),
    }
    return DrawCommand(**(values | given))


def ask(
    person_id: str, *, actor: Actor = CLERK, now: datetime | None = None, **given: Any
) -> Drawn | NotDrawn:
    """Press the button: draw in a unit of its own (作成)."""
    return unit.run(
        draw,
        actor=actor,
        command=command_for(person_id, **given),
        now=now or clock.now(),
        town=town(),
    )


def refused(person_id: str, *, actor: Actor = CLERK, **given: Any) -> tuple[str, ...]:
    """Press the button and return the codes of why not; () when a paper is being made."""
    try:
        found = ask(person_id, actor=actor, **given)
    except Refused as refusal:
        return tuple(one.code for one in refusal.problems)
    return () if isinstance(found, Drawn) else tuple(one.code for one in found.problems)


def make(request_id: str, *, actor: Actor = CLERK) -> State:
    """Do what the worker does with a drawn request (作成と照合)."""
    return render_now(request_id=request_id, actor=actor, keys=paper_keys())


def released(person_id: str, *, actor: Actor = CLERK, **given: Any) -> str:
    """Bring a request all the way to RELEASED and return its id (出力可)."""
    found = ask(person_id, actor=actor, **given)
    assert isinstance(found, Drawn), found
    assert make(found.request_id, actor=actor) is State.RELEASED
    return found.request_id
