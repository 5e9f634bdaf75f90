"""The door of machines: offer, draw, print, hand over, spoil, count (自動交付の入口).

The one path of every certificate with plain values around it. All of it composes inside the
unit of whoever calls; nothing here speaks HTTP or waits for a device. What is offered is
decided by the very functions that draw, so nothing is offered that would be refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.audit.api import record
from madoguchi.certificates.actions import drawing, reading, releasing
from madoguchi.certificates.actions.drawing import Drawn, NotDrawn, find_faults, find_reasons
from madoguchi.certificates.actions.making import paper_path
from madoguchi.certificates.actions.storing import tell
from madoguchi.certificates.domain.issue import (
    Applicant,
    Disposal,
    DrawCommand,
    Evidence,
    State,
)
from madoguchi.certificates.domain.kinds import Channel, Kind, Omit, title_of
from madoguchi.certificates.domain.self_service import (
    Offer,
    OfferedKind,
    OfferedMember,
    Portion,
    chosen_for,
    items_asked,
    kinds_at,
)
from madoguchi.certificates.models import Request
from madoguchi.certificates.queries.books import Books, books_of
from madoguchi.certificates.queries.requests import find_request
from madoguchi.certificates.queries.town import town
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.protection.api import Use, gate
from madoguchi.register.api import seen

__all__ = [
    "Books",
    "Drawn",
    "NotDrawn",
    "Offer",
    "OfferedKind",
    "OfferedMember",
    "Progress",
    "books_of",
    "check_out",
    "draw",
    "hand_over",
    "offer",
    "progress_of",
    "spoil",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a request has come, without anybody's name (作成の進み)."""

    state: str
    problems: tuple[str, ...]
    issue_nos: tuple[str, ...]
    copies: int
    fee_yen: int
    pages: int


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
    person = seen.find_person(person_id, actor=actor)
    if person is None:
        return Offer(refused=True, reasons=("UNKNOWN_PERSON",))
    blank = DrawCommand(
        asked_person_id=person_id, kind=Kind.RECORD_ITEMS, channel=way, applicant=Applicant.SELF,
        seen=frozenset({Evidence.CARD_PROOF}), asked_for=frozenset(), card_registered_on=card,
    )  # fmt: skip
    case = reading.read_case(blank, household_no=person.household_no)
    if gate(case.households, actor=actor, use=Use.PRINT, households=case.households).blocked:
        return Offer(refused=True, reasons=("NOT_AVAILABLE_HERE",))
    kinds: list[OfferedKind] = []
    reasons: list[str] = []
    for kind in kinds_at(way):
        found = _offer_kind(kind, blank, case, actor=actor, today=today)
        if isinstance(found, OfferedKind):
            kinds.append(found)
        else:
            reasons += found
    if not kinds:
        return Offer(refused=True, reasons=tuple(sorted(set(reasons))) or ("NOTHING_OFFERED",))
    household = any(Portion.SOME in one.parts for one in kinds)
    return Offer(
        refused=False,
        kinds=tuple(kinds),
        members=tuple(
            OfferedMember(person_id=one.person_id, name=one.name or one.name_alphabet,
                          kana=one.name_kana)
            for one in (case.members if household else ())
        ),
    )  # fmt: skip


def _offer_kind(
    kind: Kind, blank: DrawCommand, case: reading.Case, *, actor: Actor, today: date
) -> OfferedKind | tuple[str, ...]:
    """Try a kind by the rules of drawing: with every item first, then with none."""
    people = [reading.resident_of(one) for one in case.everybody.values()]
    wanted = items_asked(people)
    best: OfferedKind | None = None
    reasons: tuple[str, ...] = ()
    for items in dict.fromkeys((wanted, ())):
        parts: list[Portion] = []
        fee = 0
        for portion in (Portion.SELF, Portion.WHOLE):
            if portion is Portion.WHOLE and len(case.members) < 2:
                continue
            command = _filled(blank, kind=kind, portion=portion, case=case, items=items)
            problems, fee_yen = _try(command, actor=actor, today=today, case=case)
            if problems:
                reasons += tuple(one.code for one in problems)
                continue
            parts += [portion] if portion is Portion.SELF else [Portion.WHOLE, Portion.SOME]
            fee = fee_yen
        if parts and (best is None or len(parts) > len(best.parts)):
            best = OfferedKind(
                kind=kind.value, title=title_of(kind), fee_yen=fee, parts=tuple(parts),
                items=tuple(item.value for item in items),
            )  # fmt: skip
    return best if best is not None else reasons


def _filled(
    blank: DrawCommand,
    *,
    kind: Kind,
    portion: Portion,
    case: reading.Case,
    items: Sequence[Omit],
) -> DrawCommand:
    chosen = chosen_for(
        kind, portion, asked_id=blank.asked_person_id,
        member_ids=[one.person_id for one in case.members], some=(),
    )  # fmt: skip
    return DrawCommand(
        asked_person_id=blank.asked_person_id, kind=kind, channel=blank.channel,
        applicant=blank.applicant, seen=blank.seen, asked_for=frozenset(items),
        chosen_ids=chosen, card_registered_on=blank.card_registered_on,
    )  # fmt: skip


def _try(
    command: DrawCommand, *, case: reading.Case, actor: Actor, today: date
) -> tuple[tuple[Problem, ...], int]:
    """Ask everything drawing asks, print included, and keep nothing (試行)."""
    case = reading.with_printed(command, case)
    now = clock.now()
    problems, fee = find_reasons(command, case, actor=actor, now=now)
    if problems:
        return problems, 0
    paper = reading.paper_of(command, case, request_id="-", on=today, town=town())
    faults, alerts = find_faults(paper)
    return (*faults, *alerts), fee


def draw(
    *,
    actor: Actor,
    person_id: str,
    kind: str,
    part: str,
    chosen_ids: Iterable[str],
    items: Iterable[str],
    year: str,
    copies: int,
    channel: str,
    now: datetime,
    sample: bool = False,
    registered_on: date | None = None,
) -> Drawn | NotDrawn:
    """Draw what was chosen, in the caller's unit, by the path of every certificate (作成).

    Where there is nobody to draw for, as far as this machine may know, the answer is a refusal
    without a request: its ``request_id`` is "".
    """
    command = _command(
        actor=actor, person_id=person_id, kind=kind, part=part, chosen_ids=chosen_ids,
        items=items, year=year, copies=copies, channel=channel, sample=sample, card=registered_on,
    )  # fmt: skip
    if isinstance(command, Problem):
        return _no_request(actor=actor, channel=channel, problems=(command,))
    try:
        return drawing.draw(actor=actor, command=command, now=now, town=town())
    except Refused as refusal:
        return _no_request(actor=actor, channel=channel, problems=refusal.problems)


def _no_request(*, actor: Actor, channel: str, problems: tuple[Problem, ...]) -> NotDrawn:
    record(actor=actor, action="CERTIFICATE_NOT_OFFERED", subjects=(), detail={"channel": channel})
    return NotDrawn(request_id="", problems=problems, state=State.REFUSED)


def _command(
    *,
    actor: Actor,
    person_id: str,
    kind: str,
    part: str,
    chosen_ids: Iterable[str],
    items: Iterable[str],
    year: str,
    copies: int,
    channel: str,
    sample: bool,
    card: date | None,
) -> DrawCommand | Problem:
    """Read plain values as a request; what is no choice of a machine is a problem."""
    if channel not in {one.value for one in Channel} or kind not in {
        one.value for one in kinds_at(Channel(channel))
    }:
        return Problem(code="KIND_NOT_OFFERED", where="kind")
    if part not in set(Portion) or not set(items) <= set(Omit):
        return Problem(code="NOT_AT_MACHINES", where="part")
    some = tuple(chosen_ids)
    if part == Portion.SOME and not some:
        return Problem(code="PAPER_WITHOUT_PERSON", where="chosen_ids")
    person = seen.find_person(person_id, actor=actor)
    if person is None:
        return Problem(code="UNKNOWN_PERSON")
    household = seen.find_household(person.household_no, actor=actor)
    members = household.members if household is not None else ()
    return DrawCommand(
        asked_person_id=person_id,
        kind=Kind(kind),
        channel=Channel(channel),
        applicant=Applicant.SELF,
        seen=frozenset({Evidence.CARD_PROOF}),
        asked_for=frozenset(Omit(one) for one in items),
        chosen_ids=chosen_for(
            Kind(kind), Portion(part), asked_id=person_id,
            member_ids=[one.person_id for one in members], some=some,
        ),
        year=year,
        copies=copies,
        sample=sample,
        card_registered_on=card,
    )  # fmt: skip


def progress_of(request_id: str) -> Progress:
    """Tell how far a request has come (作成の進み)."""
    request = find_request(request_id)
    if request is None:
        raise Refused(Problem(code="REQUEST_UNKNOWN"))
    return Progress(
        state=request.state.value,
        problems=request.problems,
        issue_nos=tuple(one.issue_no for one in request.issued),
        copies=request.copies,
        fee_yen=request.fee_yen,
        pages=sum(one.pages for one in request.issued),
    )


def check_out(*, request_id: str, copy_no: int, actor: Actor, now: datetime) -> bytes | Problem:
    """Return the bytes of one copy to print, after the last look; see ``releasing`` (出力)."""
    return releasing.check_out(
        request_id=request_id, copy_no=copy_no, path=paper_path(request_id, copy_no),
        actor=actor, now=now,
    )  # fmt: skip


def hand_over(*, request_id: str, actor: Actor, now: datetime, paid_yen: int) -> str:
    """Note that every page came out and the fee was taken (交付)."""
    return releasing.hand_over(request_id=request_id, actor=actor, now=now, paid_yen=paid_yen).value


def spoil(*, request_id: str, disposal: str, actor: Actor, now: datetime, note: str) -> str:
    """Bring a request to its end without a paper, and say what became of any sheet (廃棄).

    A paper still being made is called off; one at its end already stays as it ended, so that
    a sweep may come twice. Returns the state it is in then.
    """
    reading.must(actor, Right.ISSUE_CERTIFICATE)
    row = Request.objects.filter(request_id=request_id).first()
    if row is None:
        raise Refused(Problem(code="REQUEST_UNKNOWN"))
    if row.state in (State.REFUSED, State.FAILED, State.VOID):
        tell("CERTIFICATE_SPOIL_REPEATED", row, actor=actor)
        return row.state
    return releasing.void(
        request_id=request_id, actor=actor, now=now, disposal=Disposal(disposal), note_text=note,
    ).value  # fmt: skip
