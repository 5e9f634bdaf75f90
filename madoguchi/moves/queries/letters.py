"""What a letter has to know: the address that was left, who is silent, what was written (手紙の照会)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.conf import settings

from madoguchi.dispatch.api import Handed, HandedReason
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.addresses import split_address
from madoguchi.moves.domain.filing import UNREGISTERED_MARK, Kind
from madoguchi.moves.domain.letters import MoveLetter, letters_for
from madoguchi.moves.domain.town_keys import town_at
from madoguchi.moves.models import FilingPerson, Letter
from madoguchi.moves.queries.cases import FilingRow
from madoguchi.moves.queries.post import town_names
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
    waiting = list_unanswered(
        actor=actor, today=today, folder=settings.MADOGUCHI_CARD_RULES, only=row.people
    )
    return frozenset(
        one.person.person_id for one in waiting if one.filing_id == row.filing_id
    )  # fmt: skip


def asked_by_message(row: FilingRow, *, now: datetime) -> str | None:
    """Return the code of the new town, where it takes messages of ours (照会の相手)."""
    first = next(iter(row.people.values()))
    return town_at(first.move_out_to or "", town_names(now=now))


def about_no(filing_id: str, place: int) -> str:
    """Return the number of a letter: of its filing, and of the person in it (手紙の番号)."""
    return f"{filing_id[-10:].upper()}-{place}"


def address_for(row: FilingRow, kind: MoveLetter, *, actor: Actor) -> Handed:
    """Return where a letter goes as far as it is known; what is missing the desk adds (送り先)."""
    first, person = next(iter(row.people.items()))
    if kind is MoveLetter.NO_NOTICE:
        new_home = next((one.move_out_to for one in row.people.values() if one.move_out_to), "")
        parts = split_address(new_home)
        town = parts.prefecture + parts.municipality
        name = f"{parts.municipality}役所　住民担当" if parts.municipality else ""
        return Handed(reason=HandedReason.OFFICE, postcode="", address=town, name=name)
    left = HandedReason.ADDRESS_LEFT
    if row.kind == Kind.MOVE_IN.value:
        old_home = person.previous_address.removesuffix(UNREGISTERED_MARK)
        return Handed(reason=left, postcode="", address=old_home)
    made = FilingPerson.objects.filter(filing=row.filing_id, person_id=first).first()
    before = {one.history_no: one for one in seen.find_history(first, actor=actor)}
    old = before.get(made.history_no - 1) if made else None
    if old is None:
        return Handed(reason=left, postcode="", address="")
    return Handed(reason=left, postcode=old.postcode, address=old.address, building=old.building)


def written(filing_ids: Sequence[str], kind: MoveLetter) -> Mapping[str, date]:
    """Return when a letter of a kind was last written for each filing (書いた日)."""
    rows = Letter.objects.filter(filing__in=filing_ids, kind=kind.value).order_by("row_id")
    return dict(rows.values_list("filing_id", "written_on"))
