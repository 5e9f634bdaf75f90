"""Post a printed batch: the last gate, the numbers, the slip (差出し)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from madoguchi.dispatch.actions.batching import take_batch
from madoguchi.dispatch.actions.printing import Pulled, look_again, pull
from madoguchi.dispatch.actions.storing import (
    left_of,
    move,
    must,
    next_no,
    save_all,
    tell,
)
from madoguchi.dispatch.domain.batches import BatchState
from madoguchi.dispatch.domain.letters import WITH_RECEIPT, LetterState, MailClass
from madoguchi.dispatch.domain.posting import check_receipts, fold_receipt
from madoguchi.dispatch.models import Batch, Letter, Slip
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The slip of what may leave, and what must be taken from the pile (差出しの結果)."""

    slip_id: str
    letters: int
    pulled: tuple[Pulled, ...]


def post_batch(
    *, batch_id: str, receipts: Mapping[str, str], actor: Actor, now: datetime
) -> Posted:
    """Ask the gate a last time and write the slip of what still may leave (差出し).

    Whoever is protected, gone or dead since the printing is pulled and the clerk is told which
    envelope to take out; whose address changed is made again. The rest goes on.
    """
    must(actor)
    batch = take_batch(batch_id)
    if batch.state != BatchState.PRINTED:
        raise Refused(Problem(code="BATCH_NOT_PRINTED"))
    letters = list(Letter.objects.select_for_update().filter(batch=batch).order_by("position"))
    if any(one.state != LetterState.PRINTED for one in letters):
        raise Refused(Problem(code="BATCH_NOT_PRINTED"))
    given = {letter_id: fold_receipt(text) for letter_id, text in receipts.items()}
    printed = {one.letter_id: one.printed_mark for one in letters}
    reasons = look_again(letters, marks=printed, wrong={}, actor=actor)
    kept = [one for one in letters if one.letter_id not in reasons]
    mail_class = MailClass(batch.mail_class)
    problems = check_receipts(mail_class, given, wanted=[one.letter_id for one in kept])
    problems += _used_before(given)
    if problems and kept:
        raise Refused(problems)
    pulled = pull(letters, reasons, actor=actor, now=now)
    if not kept:
        batch.state = BatchState.UNDONE
        batch.save(update_fields=["state"])
        tell("DISPATCH_BATCH_UNDONE", [], actor=actor, now=now,
             detail={"batch_no": batch.batch_no})  # fmt: skip
        return Posted(slip_id="", letters=0, pulled=pulled)
    slip = _slip(batch, actor=actor, now=now)
    for letter in kept:
        move(letter, LetterState.POSTED, now=now)
        letter.slip, letter.posted_on = slip, slip.posted_on
        letter.receipt_no = given.get(letter.letter_id, "") if mail_class in WITH_RECEIPT else ""
    save_all(kept)
    batch.state = BatchState.POSTED
    batch.save(update_fields=["state"])
    tell("DISPATCH_POSTED", kept, actor=actor, now=now, detail={"slip_no": slip.slip_no})
    return Posted(slip_id=slip.slip_id, letters=len(kept), pulled=pulled)


def undo_slip(*, slip_id: str, actor: Actor, now: datetime) -> str:
    """Take a slip back while its pile is still in the house; return the batch (差出しを戻す)."""
    must(actor)
    slip = _take(slip_id)
    letters = list(Letter.objects.select_for_update().filter(slip=slip))
    if any(one.state != LetterState.POSTED for one in letters):
        raise Refused(Problem(code="SLIP_HAS_LEFT"))
    for letter in letters:
        move(letter, LetterState.PRINTED, now=now)
    save_all(letters)
    slip.undone_at = now
    slip.save(update_fields=["undone_at"])
    Batch.objects.filter(batch_id=slip.batch_id).update(state=BatchState.PRINTED)
    tell("DISPATCH_SLIP_UNDONE", letters, actor=actor, now=now, detail={"slip_no": slip.slip_no})
    return str(slip.batch_id)


def hand_in_slip(*, slip_id: str, actor: Actor, now: datetime) -> None:
    """Note that the post office stamped the slip: the pile is out of the house (受領印)."""
    must(actor)
    slip = _take(slip_id)
    slip.handed_in_at = now
    slip.save(update_fields=["handed_in_at"])
    # Nothing of it is drawn again: an address that was handed in need not lie here any longer.
    left = list(Letter.objects.select_for_update().filter(slip=slip).exclude(handed={}))
    for letter in left:
        letter.handed, letter.content = {}, left_of(letter)
    save_all(left, ("handed", "content"))
    tell("DISPATCH_SLIP_HANDED_IN", [], actor=actor, now=now, detail={"slip_no": slip.slip_no})


def _take(slip_id: str) -> Slip:
    found = Slip.objects.filter(slip_id=slip_id).first()
    if found is None:
        raise Refused(Problem(code="SLIP_UNKNOWN"))
    take_batch(found.batch_id)
    slip = Slip.objects.select_for_update().get(slip_id=slip_id)
    if slip.handed_in_at is not None or slip.undone_at is not None:
        raise Refused(Problem(code="SLIP_HAS_LEFT"))
    return slip


def _slip(batch: Batch, *, actor: Actor, now: datetime) -> Slip:
    today = now.astimezone(JAPAN).date()
    return Slip.objects.create(
        slip_id=new_id(),
        slip_no=next_no(Slip, day=today),
        batch=batch,
        mail_class=batch.mail_class,
        posted_on=today,
        made_by=actor.staff_id,
        made_at=now,
    )


def _used_before(receipts: Mapping[str, str]) -> tuple[Problem, ...]:
    """Name the numbers another letter already has: one number is one piece."""
    given = {number: letter_id for letter_id, number in receipts.items() if number}
    taken = Letter.objects.filter(receipt_no__in=given).values_list("receipt_no", flat=True)
    return tuple(
        Problem(code="RECEIPT_USED", where=f"receipt-{given[number]}") for number in sorted(taken)
    )
