"""Letters that came back, and the next ones by the town's rule (返戻・再通知)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from madoguchi.dispatch.actions.queueing import enqueue
from madoguchi.dispatch.actions.storing import move, must, save_all, tell
from madoguchi.dispatch.domain.letters import LetterState, ReturnReason
from madoguchi.dispatch.models import Letter
from madoguchi.dispatch.queries.lists import LetterRow, find_letter, find_scanned
from madoguchi.dispatch.queries.renotices import list_due
from madoguchi.dispatch.queries.rules import renotice_rule_on
from madoguchi.infra import locks
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused


def take_back(
    *, scanned: str, reason: str, actor: Actor, now: datetime, returned_on: date
) -> LetterRow:
    """Note that a letter came back, by what was scanned from its envelope (返戻).

    What nobody sent, and what this clerk may not know of, is answered alike.
    """
    must(actor)
    found = find_scanned(scanned, actor=actor)
    if found is None:
        raise Refused(Problem(code="RETURN_UNKNOWN", where="scanned"))
    if found.state is not LetterState.POSTED:
        facts = {"state": found.state.value}
        raise Refused(Problem(code="RETURN_NOT_OUT", where="scanned", facts=facts))
    letter = _take(found)
    if letter.posted_on is not None and returned_on < letter.posted_on:
        raise Refused(Problem(code="RETURN_BEFORE_POSTING", where="returned_on"))
    move(letter, LetterState.RETURNED, now=now)
    letter.returned_on, letter.return_reason = returned_on, ReturnReason(reason)
    save_all([letter])
    tell("DISPATCH_RETURNED", [letter], actor=actor, now=now, detail={"reason": reason})
    return found


def undo_return(*, letter_id: str, actor: Actor, now: datetime) -> None:
    """Take back a letter noted as returned by mistake (返戻の取消し)."""
    must(actor)
    found = find_letter(letter_id, actor=actor)
    if found is None:
        raise Refused(Problem(code="LETTER_UNKNOWN_HERE"))
    letter = _take(found)
    move(letter, LetterState.POSTED, now=now)
    save_all([letter])
    tell("DISPATCH_RETURN_UNDONE", [letter], actor=actor, now=now)


def queue_renotices(*, actor: Actor, now: datetime, today: date) -> int:
    """Queue the next notice of every matter whose time has come, by the rule of today (再通知)."""
    must(actor)
    due = list_due(actor=actor, today=today)
    if not due:
        raise Refused(Problem(code="NOTHING_DUE"))
    rule = renotice_rule_on(today)
    assert rule is not None, "without a rule nothing is due"
    # The period of the notice before is over: the new one counts from today (assumed).
    period = {
        "first_on": today.isoformat(),
        "last_on": (today + timedelta(days=rule.second_days)).isoformat(),
    }
    for one in due:
        before = Letter.objects.get(letter_id=one.last_letter_id)
        enqueue(
            kind=one.kind, person_id=before.person_id, about_no=one.about_no,
            content={**before.content, **period}, mail_class=before.mail_class,
            sort_key=before.sort_key, actor=actor, now=now, follows_id=before.letter_id,
        )  # fmt: skip
    return len(due)


def send_again(*, letter_id: str, actor: Actor, now: datetime) -> str:
    """Queue a returned letter once more; it goes to the register's address of that day (再送)."""
    must(actor)
    found = find_letter(letter_id, actor=actor)
    if found is None or found.state is not LetterState.RETURNED:
        raise Refused(Problem(code="LETTER_UNKNOWN_HERE"))
    if found.is_handed:
        raise Refused(Problem(code="LETTER_MADE_ELSEWHERE"))
    before = Letter.objects.get(letter_id=letter_id)
    return enqueue(
        kind=before.kind, person_id=before.person_id, about_no=before.about_no,
        content=before.content, mail_class=before.mail_class, sort_key=before.sort_key,
        actor=actor, now=now, follows_id=letter_id,
    )  # fmt: skip


def _take(found: LetterRow) -> Letter:
    locks.take([(LockKind.PERSON, found.person_id)])
    return Letter.objects.select_for_update().get(letter_id=found.letter_id)
