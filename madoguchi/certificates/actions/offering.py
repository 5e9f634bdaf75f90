"""What a machine offers a person: tried out by the rules of drawing itself (交付の案内)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from madoguchi.audit.api import record
from madoguchi.certificates.actions import reading
from madoguchi.certificates.actions.drawing import find_faults, find_reasons, may_show_numbers
from madoguchi.certificates.actions.ledgers import years_of
from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.definition import Definition, Spread
from madoguchi.certificates.domain.definitions import definition_of, kinds_on, title_of
from madoguchi.certificates.domain.issue import DrawCommand
from madoguchi.certificates.domain.kinds import Channel, Kind, Omit
from madoguchi.certificates.domain.self_service import (
    Offer,
    OfferedKind,
    OfferedMember,
    Portion,
    chosen_for,
    items_asked,
)
from madoguchi.certificates.queries.town import town
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem
from madoguchi.protection.api import Use, gate
from madoguchi.register.api import seen


def offer(
    *, actor: Actor, person_id: str, channel: str, today: date, registered_on: date | None = None
) -> Offer:
    """Say what this person can have here and now, or refuse without a word why (交付の案内).

    Call it inside a unit: that the household was read is recorded with it. ``registered_on``
    is the day the town took in the certificate of the card that was proved. A held person and
    an unknown number get the same answer by the same steps.
    """
    reading.must(actor, Right.ISSUE_CERTIFICATE)
    way = Channel(channel)
    found = _offer(actor=actor, person_id=person_id, way=way, today=today, card=registered_on)
    record(
        actor=actor,
        action="CERTIFICATE_NOT_OFFERED" if found.refused else "CERTIFICATE_OFFERED",
        # A refusal names nobody: its entry looks the same whoever sat there.
        subjects=() if found.refused else {person_id, *(one.person_id for one in found.members)},
        detail={"channel": way.value},
    )
    return found


def _offer(*, actor: Actor, person_id: str, way: Channel, today: date, card: date | None) -> Offer:
    looked = _look(actor=actor, person_id=person_id, way=way, card=card)
    if isinstance(looked, str):
        return Offer(refused=True, reasons=(looked,))
    blank, case = looked
    kinds: list[OfferedKind] = []
    reasons: list[str] = []
    for kind in kinds_on(way):
        found = _offer_kind(kind, blank, case, actor=actor, today=today)
        if isinstance(found, OfferedKind):
            kinds.append(found)
        else:
            reasons += found
    if not kinds:
        return Offer(refused=True, reasons=tuple(sorted(set(reasons))) or ("KIND_NOT_OFFERED",))
    household = any(Portion.SOME in one.parts for one in kinds)
    members = tuple(
        OfferedMember(person_id=one.person_id, name=one.name or one.name_alphabet,
                      kana=one.name_kana)
        for one in (case.members if household else ())
    )  # fmt: skip
    return Offer(refused=False, kinds=tuple(kinds), members=members)


def is_beyond_offer(command: DrawCommand, *, portion: str, actor: Actor, today: date) -> bool:
    """Tell whether this choice is more than the offer of its kind holds (案内にない選択).

    Where the kind is not offered at all the answer is no: drawing then finds the reasons, and
    they are kept.
    """
    looked = _look(
        actor=actor, person_id=command.asked_person_id, way=command.channel,
        card=command.card_registered_on,
    )  # fmt: skip
    if isinstance(looked, str):
        return False
    blank, case = looked
    found = _offer_kind(command.kind, blank, case, actor=actor, today=today)
    if not isinstance(found, OfferedKind):
        return False
    members = {one.person_id for one in case.members}
    return (
        portion not in found.parts
        or not command.asked_for <= set(found.items)
        or (bool(command.year) and command.year not in found.years)
        or (portion == Portion.SOME and not set(command.chosen_ids) <= members)
    )


def _look(
    *, actor: Actor, person_id: str, way: Channel, card: date | None
) -> tuple[DrawCommand, reading.Case] | str:
    """Read the household and ask the gate; or the one code of why there is nobody to offer to."""
    person = seen.find_person(person_id, actor=actor)
    if person is None:
        return "UNKNOWN_PERSON"
    blank = DrawCommand(
        asked_person_id=person_id, kind=Kind.RECORD_ITEMS, channel=way, applicant=Applicant.SELF,
        seen=frozenset({Evidence.CARD_PROOF}), asked_for=frozenset(), card_registered_on=card,
    )  # fmt: skip
    case = reading.read_case(blank, household_no=person.household_no, actor=actor)
    if gate(case.households, actor=actor, use=Use.PRINT, households=case.households).blocked:
        return "NOT_AVAILABLE_HERE"
    return blank, case


def _offer_kind(
    kind: Kind, blank: DrawCommand, case: reading.Case, *, actor: Actor, today: date
) -> OfferedKind | tuple[str, ...]:
    """Try a kind by the rules of drawing: with every item first, then with none."""
    definition = definition_of(kind)
    people = [reading.resident_of(one) for one in case.everybody.values()]
    numbers = may_show_numbers(actor)
    wanted = tuple(
        item for item in items_asked(people, numbers=numbers) if item in definition.items
    )
    best: OfferedKind | None = None
    reasons: tuple[str, ...] = ()
    for items in dict.fromkeys((wanted, ())):
        tried = [
            _try(_filled(blank, kind=kind, portion=portion, case=case, items=items, year=year),
                 case=case, actor=actor, today=today)
            for portion, year in product(
                _portions(definition, case), years_of(kind, blank.asked_person_id)
            )
        ]  # fmt: skip
        reasons += tuple(one.code for some in tried for one in some.problems)
        good = [one for one in tried if not one.problems]
        parts = _parts(one.portion for one in good)
        if parts and (best is None or len(parts) > len(best.parts)):
            best = OfferedKind(
                kind=kind.value, title=title_of(kind), fee_yen=good[0].fee_yen, parts=parts,
                items=tuple(item.value for item in items),
                years=tuple(one.year for one in good if one.year),
            )  # fmt: skip
        if len(good) == len(tried):
            break  # all of it with these items: with fewer there is no more to be had
    return best if best is not None else reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    portion: Portion
    year: str
    problems: tuple[Problem, ...]
    fee_yen: int


def _portions(definition: Definition, case: reading.Case) -> tuple[Portion, ...]:
    if definition.spread is Spread.ASKED or len(case.members) < 2:
        return (Portion.SELF,)
    return (Portion.SELF, Portion.WHOLE)


def _parts(portions: Iterable[Portion]) -> tuple[str, ...]:
    """List what may be chosen: what is good for the whole household is good for any of it."""
    found = dict.fromkeys(portions)
    some = (Portion.SOME,) if Portion.WHOLE in found else ()
    return tuple(one.value for one in (*found, *some))


def _filled(
    blank: DrawCommand,
    *,
    kind: Kind,
    portion: Portion,
    case: reading.Case,
    items: Sequence[Omit],
    year: str,
) -> tuple[Portion, DrawCommand]:
    chosen = chosen_for(
        kind, portion, asked_id=blank.asked_person_id,
        member_ids=[one.person_id for one in case.members], some=(),
    )  # fmt: skip
    asked_for = frozenset(items)
    return portion, replace(blank, kind=kind, asked_for=asked_for, chosen_ids=chosen, year=year)


def _try(
    choice: tuple[Portion, DrawCommand], *, case: reading.Case, actor: Actor, today: date
) -> _Tried:
    """Ask everything drawing asks, print included, and keep nothing (試行)."""
    portion, command = choice
    case = reading.with_printed(command, case, actor=actor)
    problems, fee = find_reasons(command, case, actor=actor, on=today)
    if not problems:
        paper = reading.paper_of(command, case, request_id="-", on=today, town=town())
        faults, alerts = find_faults(paper)
        problems = (*faults, *alerts)
    return _Tried(portion=portion, year=command.year, problems=problems, fee_yen=fee)
