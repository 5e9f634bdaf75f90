"""Put together what waits, and take it apart again (束)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from madoguchi.dispatch.actions.storing import (
    NUMBERING,
    move,
    must,
    next_no,
    save_all,
    tell,
    tell_pulled,
)
from madoguchi.dispatch.domain.batches import LETTERS_MAX, BatchState
from madoguchi.dispatch.domain.letters import LetterState, MailClass
from madoguchi.dispatch.models import Batch, Letter
from madoguchi.dispatch.queries.recipients import persons_of, recipients_of
from madoguchi.infra import locks
from madoguchi.infra.clock import JAPAN
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused


def make_batch(*, mail_class: str, actor: Actor, now: datetime) -> str:
    """Put the waiting letters of one mail class into a batch, in the order of their shelves (束を作る).

    Who may not be written to is held at once, so that a number of the batch never says that
    somebody is missing.
    """
    must(actor)
    waiting = _waiting(mail_class)
    locks.take([*_persons(Letter.objects.filter(letter_id__in=waiting)), NUMBERING])
    letters = list(
        Letter.objects.select_for_update()
        .filter(letter_id__in=waiting, state=LetterState.QUEUED, batch__isnull=True)
        .order_by("sort_key", "queued_at", "letter_id")
    )
    answers = recipients_of(letters, actor=actor)
    pulled = [(one, answers[one.letter_id].why[0]) for one in letters if answers[one.letter_id].why]
    kept = [one for one in letters if not answers[one.letter_id].why]
    for letter, why in pulled:
        move(letter, LetterState.HELD, now=now, why=why)
    save_all(one for one, _ in pulled)
    tell_pulled(pulled, actor=actor, now=now)
    if not kept:
        # What was held stays held; the answer is that of an empty queue.
        tell("DISPATCH_NOTHING_TO_BATCH", [], actor=actor, now=now)
        return ""
    batch = Batch.objects.create(
        batch_id=new_id(),
        batch_no=next_no(Batch, day=now.astimezone(JAPAN).date()),
        mail_class=MailClass(mail_class),
        state=BatchState.MADE,
        made_by=actor.staff_id,
        made_at=now,
    )
    for position, letter in enumerate(kept, start=1):
        letter.batch, letter.position = batch, position
    save_all(kept, ("batch", "position"))
    tell("DISPATCH_BATCHED", kept, actor=actor, now=now, detail={"batch_no": batch.batch_no})
    return batch.batch_id


def undo_batch(*, batch_id: str, actor: Actor, now: datetime) -> int:
    """Take a batch apart before it leaves: every letter waits again (束を戻す).

    Papers already printed go into the shredder; the letters are printed anew.
    """
    must(actor)
    batch = take_batch(batch_id)
    if batch.state not in (BatchState.MADE, BatchState.PRINTED):
        raise Refused(Problem(code="BATCH_HAS_LEFT"))
    letters = list(Letter.objects.select_for_update().filter(batch=batch))
    for letter in letters:
        if letter.state == LetterState.QUEUED:
            letter.batch, letter.position = None, None
        else:
            move(letter, LetterState.QUEUED, now=now)
    save_all(letters)
    batch.state = BatchState.UNDONE
    batch.save(update_fields=["state"])
    tell("DISPATCH_BATCH_UNDONE", letters, actor=actor, now=now,
         detail={"batch_no": batch.batch_no})  # fmt: skip
    return len(letters)


def take_batch(batch_id: str) -> Batch:
    """Lock everybody of a batch, then read the batch for changing it (束の確保)."""
    if not Batch.objects.filter(batch_id=batch_id).exists():
        raise Refused(Problem(code="BATCH_UNKNOWN"))
    locks.take([*_persons(Letter.objects.filter(batch_id=batch_id)), NUMBERING])
    return Batch.objects.select_for_update().get(batch_id=batch_id)


def _persons(letters: QuerySet[Letter]) -> list[tuple[LockKind, str]]:
    rows = letters.only("person_id", "also_ids")
    return [(LockKind.PERSON, each) for row in rows for each in persons_of(row)]


def _waiting(mail_class: str) -> list[str]:
    return list(
        Letter.objects.filter(mail_class=mail_class, state=LetterState.QUEUED, batch__isnull=True)
        .order_by("sort_key", "queued_at", "letter_id")
        .values_list("letter_id", flat=True)[:LETTERS_MAX]
    )
