"""Write a letter that a filing calls for, where the gate lets it leave (手紙を作る)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.infra.clock import day_of
from madoguchi.infra.fonts import missing_in
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.moves.domain.filing import Kind
from madoguchi.moves.domain.letters import MoveLetter, check_letter
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.models import Letter
from madoguchi.moves.queries.cases import FilingRow, find_filing
from madoguchi.moves.queries.letters import address_left, due_letters, silent_people
from madoguchi.protection.api import Use, gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a letter says besides its fixed words (手紙の中身)."""

    kind: MoveLetter
    filing: FilingRow
    names: tuple[str, ...]
    #: Where it goes: the address that was left, or the new town.
    to: str


def write_letter(*, filing_id: str, kind: MoveLetter, actor: Actor, now: datetime) -> Written:
    """Keep that a letter is written, and return what it says (手紙). Run it in ``unit.run``.

    The gate is asked in the same unit. A receipt goes where somebody fled from, perhaps: of
    whoever is held no letter is made.
    """
    row = find_filing(filing_id, actor=actor)
    if row is None or not actor.may(FILE):
        raise Refused(Problem(code="MOVE_FILING_UNKNOWN"))
    today = day_of(now)
    silent = silent_people(row, actor=actor, today=today)
    problems = list(check_letter(kind, due_letters(row, silent=silent)))
    people = list(row.people.values())
    if kind is MoveLetter.NO_NOTICE:
        people = [one for one in people if one.person_id in silent]
    households = {one.person_id: one.household_no for one in row.people.values()}
    answer = gate(list(row.people), actor=actor, use=Use.MAIL, households=households)
    if answer.blocked:
        problems.append(Problem(code="MOVE_LETTER_HELD"))
    to = address_left(row, actor=actor) if kind is MoveLetter.RECEIPT else _new_home(row)
    names = tuple(one.name or one.name_alphabet for one in people)
    if not to:
        problems.append(Problem(code="MOVE_LETTER_NOWHERE"))
    if any(missing_in(text) for text in (to, *names) if text):
        problems.append(Problem(code="MOVE_LETTER_GLYPH"))
    if problems:
        raise Refused(problems)
    Letter.objects.create(
        filing_id=filing_id, kind=kind.value, written_on=today, written_by=actor.staff_id
    )
    detail = {"filing": filing_id, "kind": kind.value}
    record(actor=actor, action="MOVE_LETTER_WRITTEN", subjects=sorted(row.people), detail=detail)
    return Written(kind=kind, filing=row, names=names, to=to)


def _new_home(row: FilingRow) -> str:
    assert row.kind == Kind.MOVE_OUT.value, "only who left has a new town"
    return next((one.move_out_to for one in row.people.values() if one.move_out_to), "")
