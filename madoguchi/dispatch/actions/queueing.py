"""Put a letter into the queue, take it out, let it go again (発送待ち)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from madoguchi.dispatch.actions.storing import move, must, save_all, tell
from madoguchi.dispatch.domain.contents import check_content
from madoguchi.dispatch.domain.handed import Handed, check_handed, pack_handed
from madoguchi.dispatch.domain.letters import (
    NOTICES,
    OF_NOBODY_HERE,
    OPEN_STATES,
    WITH_RECEIPT,
    LetterKind,
    LetterState,
    MailClass,
)
from madoguchi.dispatch.models import Letter
from madoguchi.dispatch.queries.lists import find_letter
from madoguchi.infra import locks
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused


def enqueue(
    *,
    kind: str,
    person_id: str,
    about_no: str,
    content: Mapping[str, object],
    actor: Actor,
    now: datetime,
    mail_class: str = MailClass.ORDINARY,
    sort_key: str = "",
    follows_id: str = "",
    handed: Handed | None = None,
    also_ids: Collection[str] = (),
) -> str:
    """Queue a letter in the caller's transaction and return its id (発送待ちに入れる).

    ``content`` holds plain values (``domain/contents.py``), no name and no address; ``handed``
    is where a letter goes that does not go where its person is registered; ``also_ids`` are others
    it speaks of, and whoever of them may not be written to stops it. Whether it
    may be sent is not asked here: nothing leaves, and the answer would be old by then. A letter
    of the same kind about the same matter that has not left yet is superseded. Nobody without
    the right to send needs it to queue: the room above asks for its own.
    """
    wanted, how = LetterKind(kind), MailClass(mail_class)
    problems = (*check_content(wanted, content), *check_handed(wanted, handed))
    if not about_no.strip() or len(about_no) > 40:
        problems += (Problem(code="LETTER_ABOUT_NOTHING", where="about_no"),)
    if wanted is LetterKind.MAIL_CARD and how not in WITH_RECEIPT:
        problems += (Problem(code="LETTER_NEEDS_RECEIPT_CLASS", where="mail_class"),)
    if not person_id and wanted not in OF_NOBODY_HERE:
        problems += (Problem(code="LETTER_PERSON_WRONG", where="person_id"),)
    if problems:
        raise Refused(problems)
    letter = Letter(
        letter_id=new_id(),
        kind=wanted,
        mail_class=how,
        # Notices and cards both go by 転送不要: who has moved away is to be found out.
        no_forwarding=True,
        person_id=person_id,
        also_ids=sorted(set(also_ids) - {person_id}),
        about_no=about_no,
        sort_key=sort_key,
        content=dict(content),
        handed=pack_handed(handed),
        state=LetterState.QUEUED,
        queued_by=actor.staff_id,
        queued_at=now,
        follows_id=follows_id,
    )
    replaced = _supersede(letter, now=now)
    try:
        with transaction.atomic():
            letter.save(force_insert=True)
    except IntegrityError:
        raise Refused(Problem(code="LETTER_QUEUED_TWICE")) from None
    tell("DISPATCH_QUEUED", [letter, *replaced], actor=actor, now=now, detail={"kind": wanted})
    return letter.letter_id


def _supersede(letter: Letter, *, now: datetime) -> list[Letter]:
    """Close what was queued about the same matter: two notices say two things."""
    kinds = NOTICES if LetterKind(letter.kind) in NOTICES else {LetterKind(letter.kind)}
    found = list(
        Letter.objects.select_for_update().filter(
            about_no=letter.about_no, kind__in=kinds, state__in=OPEN_STATES
        )
    )
    for one in found:
        move(one, LetterState.SUPERSEDED, now=now)
    save_all(found)
    return found


def cancel(*, letter_id: str, actor: Actor, now: datetime) -> None:
    """Take a letter out for good before it leaves the house (とりやめ)."""
    _move_one(letter_id, LetterState.CANCELLED, "DISPATCH_CANCELLED", actor=actor, now=now)


def requeue(*, letter_id: str, actor: Actor, now: datetime) -> None:
    """Let a held letter, or a printed one whose paper was spoilt, go into the queue again."""
    _move_one(letter_id, LetterState.QUEUED, "DISPATCH_REQUEUED", actor=actor, now=now)


def mark_delivered(*, letter_id: str, actor: Actor, now: datetime) -> None:
    """Note that a letter arrived: the person came, or the post office said so (届いた)."""
    _move_one(letter_id, LetterState.DELIVERED, "DISPATCH_DELIVERED", actor=actor, now=now)


def close_matter(*, about_no: str, actor: Actor, now: datetime) -> int:
    """End the letters of a matter that is settled, in the caller's unit; return how many (用件の終わり).

    What was posted has arrived: the person came. What has not left yet is not sent any more. Like
    ``enqueue`` it asks for no right of its own: the room above knows why the matter is over.
    """
    living = {LetterState.POSTED, *OPEN_STATES}
    letters = list(Letter.objects.select_for_update().filter(about_no=about_no, state__in=living))
    for letter in letters:
        posted = letter.state == LetterState.POSTED
        move(letter, LetterState.DELIVERED if posted else LetterState.CANCELLED, now=now)
    save_all(letters)
    if letters:
        tell("DISPATCH_MATTER_CLOSED", letters, actor=actor, now=now)
    return len(letters)


def _move_one(
    letter_id: str, state: LetterState, what: str, *, actor: Actor, now: datetime
) -> None:
    must(actor)
    seen = find_letter(letter_id, actor=actor)
    if seen is None:
        raise Refused(Problem(code="LETTER_UNKNOWN_HERE"))
    locks.take([(LockKind.PERSON, seen.person_id)])
    letter = Letter.objects.select_for_update().get(letter_id=letter_id)
    move(letter, state, now=now)
    save_all([letter])
    tell(what, [letter], actor=actor, now=now)
