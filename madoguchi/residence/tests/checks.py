"""A family that is looked into, and everything a removal wants (試験用の事案)."""

from datetime import timedelta
from functools import partial

from django.urls import reverse

from madoguchi.accounts.api import approve, pending_approvals
from madoguchi.infra import clock, unit
from madoguchi.register.testing import at as moment
from madoguchi.residence.actions import cases
from madoguchi.residence.domain.case import (
    Evidence,
    LetterKind,
    Lives,
    Outcome,
    Seen,
    Source,
    Trigger,
    Visit,
)

HOME = "000000000000901"
NAGISA, NAMI = "000000000000011", "000000000000012"
BEGAN = moment("2026-09-01T10:00")


def at(name, *args):
    return reverse(f"residence:{name}", args=args)


def opened(client, person=(NAGISA, NAMI)):
    given = {"person": list(person), "trigger": "OTHER_OFFICE"}
    answer = client.post(at("begin", HOME), given)
    assert answer.status_code == 302, answer.text
    return answer.url.split("/")[-2]


def later(days):
    return clock.frozen(BEGAN + timedelta(days=days))


GONE = {"source": "WATER", "asked_on": "2026-09-01", "lives": "GONE", "until": "2026-08-01"}
WENT = {"on": "2026-09-05", "officers": "森、碇山", "seen": "ABSENT"}
REMOVE = {"outcome": "REMOVE", "reason": "水道も家主も、8月から不在と言う"}


def looked_into(client, case_id):
    """Everything a removal wants, in the days it takes."""
    client.post(at("paper", case_id), {"paper": "INQUIRY"})
    client.post(at("evidence", case_id), GONE)
    client.post(at("evidence", case_id), GONE | {"source": "LANDLORD"})
    with later(5):
        client.post(at("visit", case_id), WENT)
    with later(20):
        client.post(at("paper", case_id), {"paper": "URGE"})


def taken_off(actor, second):
    """A case that ends in the removal of two on the thirty-fifth day, without its papers drawn."""
    run = partial(unit.run, actor=actor)
    case_id = run(cases.open_case, household_no=HOME, person_ids=[NAGISA, NAMI],
                  trigger=Trigger.OTHER_OFFICE, now=clock.now())  # fmt: skip
    today = clock.today()
    run(cases.note_letter, case_id=case_id, kind=LetterKind.INQUIRY, now=clock.now())
    for source in (Source.WATER, Source.LANDLORD):
        gone = Evidence(source=source, asked_on=today, lives=Lives.GONE, until=today)
        run(cases.note_evidence, case_id=case_id, found=gone, now=clock.now())
    with later(20):
        went = Visit(on=clock.today(), officers=("森", "碇山"), seen=Seen.ABSENT)
        run(cases.note_visit, case_id=case_id, made=went, now=clock.now())
        run(cases.note_letter, case_id=case_id, kind=LetterKind.URGE, now=clock.now())
    with later(35):
        run(cases.propose, case_id=case_id, outcome=Outcome.REMOVE, reason="8月から不在",
            weighed=False, now=clock.now())  # fmt: skip
        (asked,) = pending_approvals(second)
        unit.run(approve, actor=second, approval_id=asked.approval_id)
        run(cases.carry_out, case_id=case_id, now=clock.now())
    return case_id
