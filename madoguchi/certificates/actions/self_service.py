"""The door of machines: offer, draw, print, hand over, spoil, count (自動交付の入口).

The one path of every certificate with plain values around it. All of it composes inside the
unit of whoever calls; nothing here speaks HTTP or waits for a device. What is offered is
decided by the very functions that draw, so nothing is offered that would be refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.audit.api import record
from madoguchi.certificates.actions import drawing, reading, releasing
from madoguchi.certificates.actions.drawing import Drawn, NotDrawn
from madoguchi.certificates.actions.making import paper_path
from madoguchi.certificates.actions.offering import is_beyond_offer, offer
from madoguchi.certificates.actions.practising import sample_paper
from madoguchi.certificates.actions.storing import tell
from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.definitions import kinds_on
from madoguchi.certificates.domain.issue import Disposal, DrawCommand, State
from madoguchi.certificates.domain.kinds import MACHINES, Channel, Kind, Omit
from madoguchi.certificates.domain.self_service import (
    Offer,
    OfferedKind,
    OfferedMember,
    Portion,
    chosen_for,
)
from madoguchi.certificates.models import Request
from madoguchi.certificates.queries.books import Books, books_of
from madoguchi.certificates.queries.requests import find_request
from madoguchi.certificates.queries.town import town
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
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
    "sample_paper",
    "spoil",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a request has come, without anybody's name (作成の進み)."""

    state: str
    problems: tuple[str, ...]
    copies: int
    fee_yen: int
    pages: int


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
    registered_on: date | None = None,
) -> Drawn | NotDrawn:
    """Draw what was chosen, in the caller's unit, by the path of every certificate (作成).

    Where there is nobody to draw for, as far as this machine may know, the answer is a refusal
    without a request: its ``request_id`` is "".
    """
    command = _command(
        actor=actor, person_id=person_id, kind=kind, part=part, chosen_ids=chosen_ids,
        items=items, year=year, copies=copies, channel=channel, card=registered_on,
    )  # fmt: skip
    if isinstance(command, Problem):
        return _no_request(actor=actor, channel=channel, problems=(command,))
    if is_beyond_offer(command, portion=part, actor=actor, today=now.date()):
        beyond = (Problem(code="NOT_AT_MACHINES", where="part"),)
        return _no_request(actor=actor, channel=channel, problems=beyond)
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
    card: date | None,
) -> DrawCommand | Problem:
    """Read plain values as a request; what is no choice of a machine is a problem."""
    if channel not in MACHINES or kind not in kinds_on(Channel(channel)):
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
        copies=request.copies,
        fee_yen=request.fee_yen,
        pages=sum(one.pages for one in request.issued),
    )


def check_out(
    *, request_id: str, copy_no: int, actor: Actor, now: datetime, paid_yen: int
) -> bytes | Problem:
    """Return the bytes of one copy to print, after the last look; see ``releasing`` (出力).

    At a machine nobody holds the paper back until the fee is paid, so an unpaid one is not
    let out at all: ``Refused`` with FEE_NOT_PAID, and nothing has changed.
    """
    request = find_request(request_id)
    if request is not None and paid_yen != request.fee_yen:
        raise Refused(Problem(code="FEE_NOT_PAID", facts={"fee": f"{request.fee_yen:,}"}))
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
