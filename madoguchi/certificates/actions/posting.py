"""A letter from its arrival to the answer in the post (郵送請求)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from madoguchi.audit.api import record
from madoguchi.certificates.actions.drawing import Drawn, NotDrawn, draw
from madoguchi.certificates.actions.reading import must
from madoguchi.certificates.actions.releasing import hand_over
from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.issue import DrawCommand, FeeFree, State
from madoguchi.certificates.domain.kinds import Channel, Fee, Kind, Omit, fee_on
from madoguchi.certificates.domain.letters import (
    OPEN_LETTER_STATES,
    LetterCommand,
    LetterState,
    Part,
    check_letter,
    due_day,
    missing_parts,
)
from madoguchi.certificates.domain.town import Town
from madoguchi.certificates.models import Letter
from madoguchi.certificates.queries.letters import find_letter
from madoguchi.certificates.queries.requests import find_request
from madoguchi.certificates.queries.rules import fees_of
from madoguchi.infra import facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text


def receive_letter(
    *, actor: Actor, given: LetterCommand, now: datetime, is_office_day: Callable[[date], bool]
) -> str:
    """Take in a letter; what is missing puts it on the list of those asked back (受付)."""
    must(actor, Right.MAIL_REQUESTS)
    problems = check_letter(given, today=now.date())
    for where, text in (("about", given.about), ("purpose", given.purpose), ("note", given.note)):
        problems += check_free_text(text, where=where)
    fee = _fee(given.kind, on=now.date())
    if isinstance(fee, Problem):
        problems += (fee,)
    if problems or isinstance(fee, Problem):
        raise Refused(problems)
    missing = missing_parts(given, fee_yen=fee * given.copies)
    letter = Letter(
        letter_id=new_id(),
        arrived_on=given.arrived_on,
        due_on=due_day(given.arrived_on, is_office_day=is_office_day),
        state=LetterState.ASKED_BACK if missing else LetterState.WAITING,
        applicant=given.applicant,
        about=given.about,
        kind=given.kind,
        asked_for=sorted(given.asked_for),
        evidence=sorted(given.seen),
        purpose=given.purpose,
        copies=given.copies,
        enclosed_yen=given.enclosed_yen,
        enclosed=sorted(given.enclosed),
        missing=list(missing),
        note=given.note,
        received_by=actor.staff_id,
    )
    letter.save(force_insert=True)
    _tell("LETTER_RECEIVED", letter, actor=actor, now=now)
    return letter.letter_id


def take_in(
    *,
    letter_id: str,
    actor: Actor,
    now: datetime,
    seen: frozenset[Evidence],
    parts: frozenset[Part],
    added_yen: int,
    note: str,
) -> tuple[Part, ...]:
    """Note what has come since (補正); return what is still missing.

    The letter goes on to be drawn when nothing is.
    """
    must(actor, Right.MAIL_REQUESTS)
    problems = check_free_text(note, where="note")
    if not note.strip():
        problems += (Problem(code="LETTER_NEEDS_WORDS", where="note"),)
    if problems:
        raise Refused(problems)
    letter = _take(letter_id, LetterState.ASKED_BACK, actor=actor)
    fee = _fee(Kind(letter.kind), on=now.date())
    if isinstance(fee, Problem):
        raise Refused(fee)
    letter.evidence = sorted({*letter.evidence, *seen})
    letter.enclosed = sorted({*letter.enclosed, *parts})
    letter.enclosed_yen += added_yen
    missing = missing_parts(_as_command(letter), fee_yen=fee * letter.copies)
    letter.missing = list(missing)
    letter.state = LetterState.ASKED_BACK if missing else LetterState.WAITING
    letter.note = f"{letter.note}\n{note}".strip()
    letter.save(update_fields=["evidence", "enclosed", "enclosed_yen", "missing", "state", "note"])
    _tell("LETTER_COMPLETED", letter, actor=actor, now=now)
    return missing


def _as_command(letter: Letter) -> LetterCommand:
    return LetterCommand(
        arrived_on=letter.arrived_on,
        applicant=Applicant(letter.applicant),
        about=letter.about,
        kind=Kind(letter.kind),
        asked_for=frozenset(Omit(one) for one in letter.asked_for),
        copies=letter.copies,
        seen=frozenset(Evidence(one) for one in letter.evidence),
        enclosed=frozenset(Part(one) for one in letter.enclosed),
        enclosed_yen=letter.enclosed_yen,
    )


def draw_letter(
    *,
    letter_id: str,
    person_id: str,
    actor: Actor,
    now: datetime,
    town: Town,
    sample: bool = False,
) -> Drawn | NotDrawn:
    """Draw the paper a letter asks for, by the same path as at the desk (作成)."""
    must(actor, Right.MAIL_REQUESTS)
    letter = _take(letter_id, LetterState.WAITING, actor=actor)
    applicant = Applicant(letter.applicant)
    public = applicant is Applicant.PUBLIC_BODY
    drawn = draw(
        actor=actor,
        command=DrawCommand(
            asked_person_id=person_id,
            kind=Kind(letter.kind),
            channel=Channel.MAIL,
            sample=sample,
            applicant=applicant,
            seen=frozenset(Evidence(one) for one in letter.evidence),
            asked_for=frozenset(Omit(one) for one in letter.asked_for),
            copies=letter.copies,
            purpose=letter.purpose,
            official_use=public,
            fee_free=FeeFree.OFFICIAL_USE if public else None,
        ),
        now=now,
        town=town,
    )
    letter.asked_person_id, letter.request_id = person_id, drawn.request_id
    if isinstance(drawn, Drawn) or drawn.state is State.LOCKED:
        letter.state = LetterState.DRAWN
    letter.save(update_fields=["asked_person_id", "request_id", "state"])
    _tell("LETTER_DRAWN", letter, actor=actor, now=now)
    return drawn


def post_letter(*, letter_id: str, actor: Actor, now: datetime) -> int:
    """Note that the answer is in the post, fee taken; return the change to enclose (発送)."""
    must(actor, Right.MAIL_REQUESTS)
    letter = _take(letter_id, LetterState.DRAWN, actor=actor)
    request = find_request(letter.request_id)
    assert request is not None, "a drawn letter has a request"
    hand_over(request_id=letter.request_id, actor=actor, now=now, paid_yen=request.fee_yen)
    _close(letter, LetterState.POSTED, now=now)
    _tell("LETTER_POSTED", letter, actor=actor, now=now)
    return max(0, letter.enclosed_yen - request.fee_yen)


def return_letter(*, letter_id: str, actor: Actor, now: datetime, note: str) -> None:
    """Send everything back without a paper, with the reason (返戻)."""
    must(actor, Right.MAIL_REQUESTS)
    problems = check_free_text(note, where="note")
    if not note.strip():
        problems += (Problem(code="LETTER_NEEDS_WORDS", where="note"),)
    if problems:
        raise Refused(problems)
    letter = _take(
        letter_id, LetterState.WAITING, LetterState.ASKED_BACK, LetterState.DRAWN, actor=actor
    )
    if letter.state == LetterState.DRAWN:
        request = find_request(letter.request_id)
        if request is not None and request.closed_at is None:
            raise Refused(Problem(code="LETTER_HAS_PAPER"))
    letter.note = f"{letter.note}\n{note}".strip()
    _close(letter, LetterState.RETURNED, now=now)
    _tell("LETTER_RETURNED", letter, actor=actor, now=now)


def redo_letter(*, letter_id: str, actor: Actor, now: datetime) -> None:
    """Put a letter back in line when its paper came to nothing (作り直し)."""
    must(actor, Right.MAIL_REQUESTS)
    letter = _take(letter_id, LetterState.DRAWN, actor=actor)
    request = find_request(letter.request_id)
    if request is None or request.closed_at is None:
        raise Refused(Problem(code="LETTER_HAS_PAPER"))
    letter.state = LetterState.WAITING
    letter.save(update_fields=["state"])
    _tell("LETTER_REDONE", letter, actor=actor, now=now)


def fee_of_letter(kind: Kind, *, on: date) -> int | Problem:
    """Return what one copy by post costs on a day (郵送の手数料)."""
    return _fee(kind, on=on)


def _fee(kind: Kind, *, on: date) -> int | Problem:
    table: tuple[Fee, ...] = fees_of(kind=kind, channel=Channel.MAIL)
    return fee_on(table, kind=kind, channel=Channel.MAIL, on=on)


def _take(letter_id: str, *states: LetterState, actor: Actor) -> Letter:
    letter = Letter.objects.select_for_update().filter(letter_id=letter_id).first()
    if letter is None or find_letter(letter_id, actor=actor) is None:
        raise Refused(Problem(code="LETTER_UNKNOWN"))
    if letter.state not in states:
        raise Refused(Problem(code="LETTER_NOT_THERE_YET"))
    return letter


def _close(letter: Letter, state: LetterState, *, now: datetime) -> None:
    assert state not in OPEN_LETTER_STATES
    letter.state, letter.closed_at = state, now
    letter.save(update_fields=["state", "closed_at", "note"])


def _tell(what: str, letter: Letter, *, actor: Actor, now: datetime) -> None:
    record(
        actor=actor,
        action=what,
        subjects=[letter.asked_person_id] if letter.asked_person_id else [],
        detail={"letter_id": letter.letter_id, "kind": letter.kind, "missing": letter.missing},
    )
    facts.note(
        what.lower(), at=now, kind=letter.kind, copies=letter.copies,
        missing=len(letter.missing), fee_missing=Part.FEE in letter.missing,
    )  # fmt: skip
