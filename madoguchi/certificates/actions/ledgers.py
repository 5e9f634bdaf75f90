"""What a ledger says of one person, ready to be printed, or why nothing can be (原簿の写し)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from madoguchi.certificates.actions.compose import birth_text
from madoguchi.certificates.actions.leaving import read_move_out, read_move_out_like
from madoguchi.certificates.documents.imprint import imprint_size_mm
from madoguchi.certificates.domain.definition import Ledger
from madoguchi.certificates.domain.definitions import definition_of
from madoguchi.certificates.domain.issue import DrawCommand
from madoguchi.certificates.domain.kinds import Kind
from madoguchi.certificates.domain.ledger_forms import seal_lines, tax_lines
from madoguchi.certificates.domain.paper import Extract
from madoguchi.certificates.domain.words import year_words
from madoguchi.certificates.queries.ledgers import (
    RuleCode,
    rule_stands,
    seal_of,
    tax_of,
    tax_years_of,
)
from madoguchi.kernel import wareki
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem
from madoguchi.register.api import PersonRow, seen

Read = Extract | tuple[Problem, ...]


def read_ledger(command: DrawCommand, asked: PersonRow, *, actor: Actor) -> Read | None:
    """Read the ledger this kind is made from; None where that is the resident record itself."""
    reader = _READERS.get(definition_of(command.kind).ledger)
    return None if reader is None else reader(command, asked, actor)


def years_of(kind: Kind, person_id: str) -> tuple[str, ...]:
    """List the years a kind can be had for, newest first; one blank where it has no year (年度)."""
    if not definition_of(kind).of_a_year:
        return ("",)
    return tuple(str(year) for year in tax_years_of(person_id)) or ("",)


def _read_seal(command: DrawCommand, asked: PersonRow, actor: Actor) -> Read:
    """A struck seal is no seal: papers of deleted registrations left elsewhere in 2020 to 2023."""
    del command, actor  # what a seal says depends on the person alone
    row = seal_of(asked.person_id)
    if row is None or row.is_struck:
        return (Problem(code="SEAL_NOT_REGISTERED" if row is None else "SEAL_STRUCK"),)
    found: list[Problem] = []
    if not row.imprint:
        found.append(Problem(code="SEAL_WITHOUT_IMPRINT"))
    if row.registered_name not in _names_of(asked):
        found.append(Problem(code="SEAL_NAME_DIFFERS"))
    if found:
        return tuple(found)
    birth = birth_text(asked)
    address = _address_of(asked)
    return Extract(
        name=row.registered_name,
        birth_date=birth,
        address=address,
        lines=seal_lines(name=row.registered_name, birth=birth, address=address),
        mark=row.mark,
        imprint=row.imprint,
        imprint_mm=imprint_size_mm(row.imprint),
    )


def _names_of(row: PersonRow) -> frozenset[str]:
    """Return what a seal may be registered under: the name, 通称, or 旧氏 with the given name."""
    given = row.name.partition("　")[2]
    former = f"{row.former_surname}　{given}" if row.former_surname else ""
    return frozenset({row.name, row.alias, row.name_alphabet, former} - {""})


def _read_tax(command: DrawCommand, asked: PersonRow, actor: Actor) -> Read:
    """Read the year asked for, or the newest this town assessed (所得・課税)."""
    years = tax_years_of(asked.person_id)
    if not years:
        return (Problem(code="TAX_NOT_ASSESSED"),)
    if command.year and (not command.year.isdecimal() or int(command.year) not in years):
        return (Problem(code="TAX_NOT_ASSESSED", where="year"),)
    row = tax_of(asked.person_id, year=int(command.year or years[0]))
    assert row is not None, "the year was listed a moment ago"
    if row.unpaid and rule_stands(RuleCode.REFUSE_IF_UNPAID):
        return (Problem(code="TAX_UNPAID"),)
    on = date(row.fiscal_year, 1, 1)  # 賦課期日
    address = row.address or _address_on(asked, on=on, actor=actor)
    name = asked.name or asked.name_alphabet
    birth = birth_text(asked)
    return Extract(
        name=name,
        birth_date=birth,
        address=address,
        lines=tax_lines(
            year=f"{year_words(row.fiscal_year)}　賦課期日 {wareki.format_long(on)}",
            address=address, name=name, birth=birth, category=row.category, amounts=row.amounts,
        ),
        mark=row.mark,
        year=str(row.fiscal_year),
    )  # fmt: skip


def _address_on(asked: PersonRow, *, on: date, actor: Actor) -> str:
    """Return where the person lived on a day, as the register knows it; else the record's own."""
    then = seen.find_person(asked.person_id, actor=actor, on=on)
    return _address_of(then if then is not None and then.address else asked)


def _address_of(row: PersonRow) -> str:
    return f"{row.address}　{row.building}".strip("　")


_READERS: Mapping[Ledger, Callable[[DrawCommand, PersonRow, Actor], Read]] = {
    Ledger.SEAL: _read_seal,
    Ledger.TAX: _read_tax,
    Ledger.MOVE_OUT: read_move_out,
    Ledger.MOVE_OUT_LIKE: read_move_out_like,
}
