"""What a letter has to know: the address that was left, who is silent, what was written (手紙の照会)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.conf import settings

from madoguchi.kernel.actor import Actor
from madoguchi.moves.domain.filing import UNREGISTERED_MARK, Kind
from madoguchi.moves.domain.letters import MoveLetter, letters_for
from madoguchi.moves.models import FilingPerson, Letter
from madoguchi.moves.queries.cases import FilingRow
from madoguchi.moves.queries.unanswered import list_unanswered
from madoguchi.register.api import seen


def due_letters(row: FilingRow, *, silent: Collection[str]) -> tuple[MoveLetter, ...]:
    """Return the letters a filing calls for; ``silent``: of whom no town said anything (手紙)."""
    return letters_for(
        Kind(row.kind), notifier=row.notifier, is_reverted=row.is_reverted, silent=bool(silent)
    )


def silent_people(row: FilingRow, *, actor: Actor, today: date) -> frozenset[str]:
    """Return of whom of a filing no new town has said anything in time (未着の人)."""
    if row.kind != Kind.MOVE_OUT:
        return frozenset()
    waiting = list_unanswered(actor=actor, today=today, folder=settings.MADOGUCHI_CARD_RULES)
    return frozenset(
        one.person.person_id for one in waiting if one.filing_id == row.filing_id
    )  # fmt: skip


def address_left(row: FilingRow, *, actor: Actor) -> str:
    """Return where the first of a filing lived before it, "" where nobody knows (前の住所)."""
    first, person = next(iter(row.people.items()))
    if row.kind == Kind.MOVE_IN.value:
        return person.previous_address.removesuffix(UNREGISTERED_MARK)
    made = FilingPerson.objects.filter(filing=row.filing_id, person_id=first).first()
    before = {one.history_no: one for one in seen.find_history(first, actor=actor)}
    old = before.get(made.history_no - 1) if made else None
    return f"{old.address}　{old.building}".strip("　") if old else ""


def written(filing_ids: Sequence[str], kind: MoveLetter) -> Mapping[str, date]:
    """Return when a letter of a kind was last written for each filing (書いた日)."""
    rows = Letter.objects.filter(filing__in=filing_ids, kind=kind.value).order_by("row_id")
    return dict(rows.values_list("filing_id", "written_on"))
