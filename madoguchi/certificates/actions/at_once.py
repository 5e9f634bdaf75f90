"""From the press to the bytes in one go, for the command line (その場での作成)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from madoguchi.certificates.actions.drawing import NotDrawn, draw
from madoguchi.certificates.actions.making import paper_path, render_now
from madoguchi.certificates.actions.releasing import check_out, hand_over
from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.issue import DrawCommand, FeeFree, State
from madoguchi.certificates.domain.kinds import OMITTED_FROM_ITEMS_ONLY, Channel, Kind, Omit
from madoguchi.certificates.queries.keys import paper_keys
from madoguchi.certificates.queries.requests import find_request
from madoguchi.certificates.queries.town import town
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedFile:
    """One paper as a file, or why there is none (作成結果)."""

    request_id: str
    state: State
    problems: tuple[Problem, ...] = ()
    issue_no: str = ""
    pages: int = 0
    sha256: str = ""
    fee_yen: int = 0
    pdf: bytes = b""


def issue_now(
    *,
    actor: Actor,
    person_id: str,
    kind: str,
    year: str = "",
    shown: Iterable[str],
    omitted: Iterable[str],
    applicant: str,
    seen: Iterable[str],
) -> IssuedFile:
    """Draw, render, read back, release and check out one copy in this process.

    The steps and their transactions are those of the desk. A paper free of charge is handed
    over with the file; one that costs waits for the desk to take the fee.
    """
    command = _command(
        person_id=person_id, kind=Kind(kind), year=year, shown=shown, omitted=omitted,
        applicant=Applicant(applicant), seen=seen, purpose=actor.purpose,
    )  # fmt: skip
    drawn = unit.run(draw, actor=actor, command=command, now=clock.now(), town=town())
    if isinstance(drawn, NotDrawn):
        return IssuedFile(request_id=drawn.request_id, state=drawn.state, problems=drawn.problems)
    request_id = drawn.request_id
    state = render_now(request_id=request_id, actor=actor, keys=paper_keys())
    if state is not State.RELEASED:
        return _not_released(request_id, state)
    data = unit.run(
        check_out, request_id=request_id, copy_no=1, path=paper_path(request_id, 1), actor=actor,
        now=clock.now(),
    )  # fmt: skip
    if isinstance(data, Problem):
        return IssuedFile(request_id=request_id, state=State.VOID, problems=(data,))
    request = find_request(request_id)
    assert request is not None
    if request.fee_yen == 0:
        state = unit.run(hand_over, request_id=request_id, actor=actor, now=clock.now(), paid_yen=0)
    copy = request.issued[0]
    return IssuedFile(
        request_id=request_id, state=state, issue_no=copy.issue_no, pages=copy.pages,
        sha256=copy.sha256, fee_yen=request.fee_yen, pdf=data,
    )  # fmt: skip


def _not_released(request_id: str, state: State) -> IssuedFile:
    request = find_request(request_id)
    codes = request.problems if request is not None else ()
    return IssuedFile(
        request_id=request_id,
        state=state,
        problems=tuple(Problem(code="PAPER_NOT_MADE", facts={"why": code}) for code in codes),
    )


def _command(
    *,
    person_id: str,
    kind: Kind,
    year: str,
    shown: Iterable[str],
    omitted: Iterable[str],
    applicant: Applicant,
    seen: Iterable[str],
    purpose: str,
) -> DrawCommand:
    left_out = frozenset(Omit(one) for one in omitted)
    official = applicant is Applicant.PUBLIC_BODY
    documents = frozenset(Evidence(one) for one in seen)
    if official:
        # The account bound to the operating-system user is who asks, the purpose is why.
        documents |= {Evidence.EMPLOYEE_ID, Evidence.OFFICIAL_REQUEST}
    return DrawCommand(
        asked_person_id=person_id,
        kind=kind,
        year=year,
        channel=Channel.DESK,
        applicant=applicant,
        seen=documents,
        asked_for=frozenset(Omit(one) for one in shown) - left_out,
        left_out=left_out & OMITTED_FROM_ITEMS_ONLY,
        purpose=purpose,
        official_use=official,
        fee_free=FeeFree.OFFICIAL_USE if official else None,
    )
