"""Whoever files a move has a row by itself: from the address left to the registered one (届出からの行).

The rows of a month are one list like any other: worked off, written back, kept and forgotten by
the same rules. What is to be typed is worked out from the register each time, so a filing that is
taken back leaves nothing to type.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from madoguchi.addressees.domain.matching import VERSION
from madoguchi.addressees.domain.rights import must
from madoguchi.addressees.domain.worklist import Means, State
from madoguchi.addressees.models import Entry, List
from madoguchi.addressees.queries.people import address_of
from madoguchi.audit.api import record
from madoguchi.infra import facts
from madoguchi.infra.clock import day_of
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.wareki import format_long
from madoguchi.register.api import persons_of


def follow_move(*, left: Mapping[str, str], filing_id: str, actor: Actor, now: datetime) -> None:
    """Put people who moved on the list of the month, in the caller's unit (届出を送付先情報に載せる).

    ``left``: the address each of them left, by 宛名番号: what the terminal still says.
    """
    must(actor)
    kept = _list_of_month(actor=actor, now=now)
    people = persons_of(sorted(left))
    entries = [
        Entry(
            entry_id=new_id(), listed=kept, line=kept.rows + place,
            row_id=f"{filing_id}-{place}", name=one.name or one.name_alphabet,
            kana=one.name_kana, birth=one.birth, address=left[person_id],
            sent_to=left[person_id], state=State.LINKED.value, means=Means.FILING.value,
            person_id=person_id, changed_at=now,
        )
        for place, (person_id, one) in enumerate(sorted(people.items()), start=1)
        if address_of(one) != left[person_id]
    ]  # fmt: skip
    Entry.objects.bulk_create(entries)
    kept.rows += len(people)
    kept.save(update_fields=["rows"])
    record(
        actor=actor, action="ADDRESSEES_FOLLOWED", subjects=sorted(people),
        detail={"list_id": kept.list_id, "filing": filing_id, "rows": len(entries)},
    )  # fmt: skip
    facts.note("addressees_followed", at=now, rows=len(entries))


def _list_of_month(*, actor: Actor, now: datetime) -> List:
    """Return the month's list, held until the commit: its lines are numbered one after another."""
    day = day_of(now)
    mark = hashlib.sha256(f"moves {day.year}-{day.month}".encode()).hexdigest()
    open_ones = List.objects.select_for_update().filter(file_sum=mark, closed_at__isnull=True)
    found = open_ones.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            List.objects.create(
                list_id=new_id(), name=f"異動の届出　{format_long(day.replace(day=1)).removesuffix('1日')}",
                rules_version=VERSION, rows=0, file_sum=mark, taken_by=actor.staff_id, taken_at=now,
            )  # fmt: skip
    except IntegrityError:
        pass  # two first filings of a month at once: one list
    return open_ones.get()
