"""Certificates of a trip without a line: allotted, brought home, accounted for (島の日の証明書)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from madoguchi.audit.api import record
from madoguchi.certificates.actions import reading, town_key
from madoguchi.certificates.actions.away_making import MadeAway, make_away
from madoguchi.certificates.actions.drawing import PRINTER, find_faults, find_reasons
from madoguchi.certificates.actions.numbering import next_serials
from madoguchi.certificates.actions.releasing import end_away
from madoguchi.certificates.actions.storing import add_copies, note
from madoguchi.certificates.documents.keys import make_trip_keys, read_trip_keys, trip_certificate
from madoguchi.certificates.documents.token import key_id_of
from madoguchi.certificates.domain.asking import Applicant, Evidence, asker_of
from madoguchi.certificates.domain.away import (
    APPLICANTS,
    NEVER_AWAY,
    NUMBERS_MAX,
    TERMINAL,
    Act,
    AwayPaper,
    AwayRule,
    BlockState,
    Count,
    Stock,
    check_act,
    items_of,
    read_stock,
    rule_on,
    until_of,
    write_stock,
)
from madoguchi.certificates.domain.definitions import DEFINITIONS, definition_of
from madoguchi.certificates.domain.frozen import freeze
from madoguchi.certificates.domain.issue import Disposal, DrawCommand, State, issue_number
from madoguchi.certificates.domain.kinds import Channel, Kind, Omit
from madoguchi.certificates.models import AwayBlock, Copy, Request
from madoguchi.certificates.queries.away import away_rules, count_of, signed_words
from madoguchi.certificates.queries.town import town
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import ID_LENGTH
from madoguchi.kernel.outcome import Problem, Refused

__all__ = [
    "APPLICANTS",
    "DISPOSALS",
    "EVIDENCE",
    "Count",
    "MadeAway",
    "Stock",
    "allot",
    "bring_handed_over",
    "bring_made",
    "bring_spoilt",
    "count_of",
    "dispute",
    "end_block",
    "is_open",
    "items_of",
    "leave_town",
    "make_away",
    "read_stock",
    "void_block",
]  # fmt: skip

#: What a clerk on the island can see of somebody: papers in the hand.
EVIDENCE = tuple(
    one.value for one in Evidence
    if one not in (Evidence.OFFICIAL_REQUEST, Evidence.REASON_PROOF, Evidence.SEAL_CARD,
                   Evidence.MOVE_OUT_NOTIFIED, Evidence.SPECIAL_MOVE_OUT, Evidence.CARD_PROOF)
)  # fmt: skip
#: What became of a paper that was not given; nothing is recovered on the day it is made.
DISPOSALS = tuple(one.value for one in Disposal if one is not Disposal.RECOVERED)
_SHA256 = re.compile(r"[0-9a-f]{64}")


# -- in the office, while sealing -------------------------------------------------------------


def allot(
    *, trip_id: str, people: Mapping[str, str], numbers: int, until: datetime, actor: Actor,
    now: datetime,
) -> Mapping[str, Any]:  # fmt: skip
    """Give a trip its numbers, its key and its people's papers; in the caller's unit (番号の割当て).

    ``people`` (person → household) are those the gate let through for this trip. Nobody's paper
    comes along whose household is not here whole: the address on it is everybody's.
    """
    reading.must(actor, Right.ISSUE_CERTIFICATE)
    if not 1 <= numbers <= NUMBERS_MAX:
        raise Refused(
            Problem(code="AWAY_NUMBERS", where="numbers", facts={"max": str(NUMBERS_MAX)})
        )
    day, certifier = clock.day_of(until), town()
    first = next_serials(day=day, terminal=TERMINAL, count=numbers)
    block = tuple(
        issue_number(on=day, town_code=certifier.code, terminal=TERMINAL, printer=PRINTER,
                     serial=first + offset)
        for offset in range(numbers)
    )  # fmt: skip
    keys = make_trip_keys(f"{certifier.municipality} 島の日 {trip_id}", at=now)
    public = read_trip_keys(keys).token_key.public_key()
    row = AwayBlock(
        trip_id=trip_id, day=day, numbers=list(block), key_id=key_id_of(public),
        token_key=public.public_bytes_raw(), certificate=trip_certificate(keys), made_at=now,
    )  # fmt: skip
    row.town_signature = town_key.sign(signed_words(row))
    row.save(force_insert=True)
    rules = [rule for kind in DEFINITIONS if (rule := rule_on(away_rules(), kind, day)) is not None]
    papers = tuple(
        paper
        for person_id in sorted(people)
        for paper in _papers_of(person_id, people, rules, actor=actor, now=now)
    )
    record(actor=actor, action="CERTIFICATE_AWAY_ALLOTTED",
           subjects=sorted({one.person_id for one in papers}),
           detail={"trip": trip_id, "first": block[0], "last": block[-1], "papers": len(papers)})  # fmt: skip
    return write_stock(
        Stock(day=day, numbers=block, frozen_at=now, seal_svg=certifier.seal_svg.decode(),
              keys=keys, papers=papers)
    )  # fmt: skip


def _papers_of(
    person_id: str, people: Mapping[str, str], rules: list[AwayRule], *, actor: Actor, now: datetime
) -> list[AwayPaper]:
    found = []
    for rule in rules:
        wanted = definition_of(rule.kind)
        command = DrawCommand(
            asked_person_id=person_id, kind=rule.kind, channel=Channel.DESK,
            applicant=Applicant.SELF, seen=frozenset({Evidence.MY_NUMBER_CARD}),
            asked_for=wanted.items - NEVER_AWAY,
        )  # fmt: skip
        case = reading.read_case(command, household_no=people[person_id], actor=actor)
        if not case.everybody.keys() <= people.keys():
            continue
        problems, fee_yen = find_reasons(command, case, actor=actor, on=now.date())
        if problems:
            continue
        paper = reading.paper_of(
            command, case, request_id="0" * ID_LENGTH, on=now.date(), town=town()
        )
        # What needs a clerk's eye, or a glyph that is not there, is for the office.
        if any(find_faults(paper)):
            continue
        found.append(
            AwayPaper(kind=rule.kind, person_id=person_id, household_no=people[person_id],
                      fee_yen=fee_yen, until=until_of(rule, frozen_at=now), marks=case.marks,
                      content=freeze(paper))
        )  # fmt: skip
    return found


# -- at home ---------------------------------------------------------------------------------


def bring_made(
    *, trip_id: str, issue_no: str, person_id: str, payload: Mapping[str, Any], actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Keep a paper that was made on the trip: its number is used, whatever comes after (作成の持ち帰り)."""
    reading.must(actor, Right.ISSUE_CERTIFICATE)
    _checked(Act.MADE, trip_id, issue_no)
    request = _request_of(payload, person_id=person_id, actor=actor, now=now)
    if Request.objects.filter(request_id=request.request_id).exists():
        raise Refused(Problem(code="AWAY_NUMBER_TWICE"))
    request.save(force_insert=True)
    add_copies(request.request_id, [issue_no])
    Copy.objects.filter(issue_no=issue_no).update(
        sha256=payload["sha256"], pages=payload["pages"], printed_at=now
    )
    note("CERTIFICATE_AWAY_MADE", request, actor=actor, now=now, subjects=request.versions,
         detail={"issue_no": issue_no, "trip": trip_id, "at": now.isoformat()})  # fmt: skip


def bring_handed_over(
    *, trip_id: str, issue_no: str, payload: Mapping[str, Any], actor: Actor, now: datetime,
    looked: bool = False,
) -> None:  # fmt: skip
    """Keep that it was given and paid for; refused where the town's record differs (交付の持ち帰り).

    ``looked``: an officer has seen both sides and lets the paper stand as of its moment.
    """
    end_away(
        request_id=_checked(Act.GIVEN, trip_id, issue_no), actor=actor, now=now,
        paid_yen=_whole(payload.get("fee_yen")), looked=looked,
    )  # fmt: skip


def bring_spoilt(
    *, trip_id: str, issue_no: str, payload: Mapping[str, Any], actor: Actor, now: datetime
) -> None:
    """Keep what became of a paper that was not given: its number is void (廃棄の持ち帰り)."""
    if payload.get("disposal") not in DISPOSALS:
        raise Refused(Problem(code="BAD_INPUT"))
    end_away(
        request_id=_checked(Act.SPOILT, trip_id, issue_no), actor=actor, now=now,
        disposal=Disposal(payload["disposal"]),
    )  # fmt: skip


def leave_town(*, trip_id: str, issue_no: str, actor: Actor, now: datetime) -> None:
    """The town's record stays: the paper that is out is void, and is to be fetched back (無効)."""
    end_away(
        request_id=_checked(Act.SPOILT, trip_id, issue_no), actor=actor, now=now,
        disposal=Disposal.NOT_RECOVERED,
    )  # fmt: skip


def dispute(*, trip_id: str, issue_no: str) -> None:
    """Keep that a paper is out which was not taken in: its number is not one to return (未確認の番号)."""
    block = AwayBlock.objects.select_for_update().filter(trip_id=trip_id).first()
    if block is not None and issue_no in block.numbers and issue_no not in block.disputed:
        block.disputed = [*block.disputed, issue_no]
        block.save(update_fields=["disputed"])


def is_open(issue_no: str) -> bool:
    """Tell whether a paper came home whose end nobody has said yet (未決の一部)."""
    return Request.objects.filter(issued__issue_no=issue_no, state=State.RELEASED).exists()


def end_block(*, trip_id: str, actor: Actor, now: datetime) -> None:
    """The laptop is home: what was not used is returned, and used by nobody any more (返納)."""
    _end(trip_id, BlockState.HOME, actor=actor, now=now)


def void_block(*, trip_id: str, actor: Actor, now: datetime) -> None:
    """The laptop is lost: every number that did not come home is void (番号の無効)."""
    _end(trip_id, BlockState.VOID, actor=actor, now=now)


def _end(trip_id: str, state: BlockState, *, actor: Actor, now: datetime) -> None:
    block = AwayBlock.objects.select_for_update().filter(trip_id=trip_id).first()
    if block is None or block.state in (state.value, BlockState.VOID.value):
        return
    block.state, block.closed_at = state.value, now
    block.save(update_fields=["state", "closed_at"])
    count = count_of(trip_id)
    assert count is not None and count.adds_up, "each number stands in one place"
    record(actor=actor, action=f"CERTIFICATE_AWAY_{state.value}", subjects=[],
           detail={"trip": trip_id, "used": count.used, "voided": count.voided,
                   "returned": count.returned})  # fmt: skip


def _checked(act: Act, trip_id: str, issue_no: str) -> str:
    """Hold a trip's numbers, ask the rules of one, and return the request under it (番号の確認)."""
    block = AwayBlock.objects.select_for_update().filter(trip_id=trip_id).first()
    if block is None:
        raise Refused(Problem(code="AWAY_NUMBER_UNKNOWN"))
    found = Request.objects.filter(issued__issue_no=issue_no).first()
    code = check_act(
        act, allotted=issue_no in block.numbers, block=BlockState(block.state),
        paper=State(found.state) if found is not None else None,
    )  # fmt: skip
    if code:
        raise Refused(Problem(code=code))
    return found.request_id if found is not None else ""


def _request_of(
    payload: Mapping[str, Any], *, person_id: str, actor: Actor, now: datetime
) -> Request:
    """Return the row of a paper of a trip; what is no such paper is refused (交付申請)."""
    try:
        kind, applicant = Kind(payload["kind"]), Applicant(payload["applicant"])
        seen = sorted(Evidence(one) for one in payload["evidence"])
        asked_for = sorted(Omit(one) for one in payload["asked_for"])
        subjects = [str(one) for one in payload["subjects"]]
        marks = {str(key): str(mark) for key, mark in payload["marks"].items()}
        sums = _SHA256.fullmatch(payload["sha256"]) and _whole(payload["pages"]) > 0
        request_id, home = str(payload["request_id"]), str(payload["household_no"])
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Refused(Problem(code="BAD_INPUT")) from None
    if not sums or len(request_id) != ID_LENGTH or not set(subjects) <= marks.keys():
        raise Refused(Problem(code="BAD_INPUT"))
    return Request(
        request_id=request_id, state=State.RELEASED, channel=Channel.DESK, kind=kind,
        asker=asker_of(applicant), applicant=applicant, asked_person_id=person_id,
        household_no=home, subject_ids=subjects, asked_for=asked_for, evidence=seen, copies=1,
        fee_yen=_whole(payload.get("fee_yen")), content=None, versions=marks, place=actor.place,
        terminal=TERMINAL, staff_id=actor.staff_id, drawn_at=now, released_at=now, printed_at=now,
    )  # fmt: skip


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Refused(Problem(code="BAD_INPUT"))
    return value
