"""Rows that were nobody's are looked for again: people move in, and records are corrected (探し直し)."""

from __future__ import annotations

from datetime import datetime

from madoguchi.addressees.actions.keying import keep_keys
from madoguchi.addressees.domain.columns import Column
from madoguchi.addressees.domain.deciding import Decision
from madoguchi.addressees.domain.matching import match
from madoguchi.addressees.domain.places import Gazetteer
from madoguchi.addressees.domain.worklist import Means, State
from madoguchi.addressees.models import Entry, List
from madoguchi.addressees.queries.book import open_register
from madoguchi.addressees.queries.entries import entry_row
from madoguchi.addressees.queries.review import as_kept, row_of_entry
from madoguchi.addressees.queries.weights import weights_now
from madoguchi.audit.api import record
from madoguchi.kernel.actor import Actor

_LOOKED_AT = ("state", "means", "changed_at", "candidates", "vetoes", "bits", "margin")


def lists_to_look_in() -> list[str]:
    """Return the open lists with rows the rules found nobody for (探し直すリスト)."""
    return list(
        List.objects.filter(
            closed_at__isnull=True, entries__state=State.NOBODY, entries__means=Means.RULE
        )
        .order_by("taken_at")
        .distinct()
        .values_list("list_id", flat=True)
    )


def look_for_again(*, list_id: str, gazetteer: Gazetteer, actor: Actor, now: datetime) -> int:
    """Put rows that may be somebody by now before a person, and count them (探し直す).

    Nothing is decided here: who turns up after the list was taken in is looked at. What a person
    said to be nobody stays so.
    """
    keep_keys(gazetteer=gazetteer)
    kept = list(
        Entry.objects.select_for_update()
        .filter(listed_id=list_id, state=State.NOBODY, means=Means.RULE)
        .order_by("line")
    )
    kind = List.objects.values_list("number_kind", flat=True).get(list_id=list_id)
    rows = [row_of_entry(entry_row(one)) for one in kept]
    number = Column(kind) if kind else None
    batch, book = open_register(rows, number=number, gazetteer=gazetteer)
    findings = match(batch, book, weights=weights_now()).findings()
    found = []
    for one, finding in zip(kept, findings, strict=True):
        if finding.decision is Decision.NONE:
            continue
        found.append(one)
        one.state, one.means, one.changed_at = State.REVIEW, Means.NONE, now
        one.candidates = as_kept(finding.candidates)
        one.vetoes = [str(veto.name) for veto in finding.vetoes]
        one.bits, one.margin = round(finding.bits, 2), round(finding.margin, 2)
    Entry.objects.bulk_update(found, _LOOKED_AT, batch_size=500)
    record(
        actor=actor, action="ADDRESSEES_LOOKED_FOR_AGAIN", subjects=[],
        detail={"list_id": list_id, "rows": len(kept), "found": len(found)},
    )  # fmt: skip
    return len(found)
