"""Draw a batch, read it back, ask the gate last, and let out only the pages that passed (印刷).

Drawing holds no lock. The gate and the register are asked again in the transaction that says
"printed"; pages of whoever may not be written to any more are taken out of the file before a
byte of it leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from madoguchi.dispatch.actions.batching import take_batch
from madoguchi.dispatch.actions.storing import move, must, save_all, tell, tell_pulled
from madoguchi.dispatch.documents.drawing import Form, Made, draw
from madoguchi.dispatch.documents.keeping import keep_pages
from madoguchi.dispatch.documents.labels import draw_labels
from madoguchi.dispatch.domain.batches import BatchState
from madoguchi.dispatch.domain.letters import MADE_AGAIN, LetterState, Why
from madoguchi.dispatch.domain.pieces import Piece
from madoguchi.dispatch.models import Letter
from madoguchi.dispatch.queries.lists import find_batch
from madoguchi.dispatch.queries.office import office
from madoguchi.dispatch.queries.pieces import pieces_of
from madoguchi.dispatch.queries.recipients import mark_of, recipients_of
from madoguchi.dispatch.queries.rules import envelope_on
from madoguchi.infra import clock, unit
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """A letter taken out of its batch, as far as this clerk may know of it (外した手紙)."""

    about_no: str
    position: int
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The pages that may leave, and what was taken out (印刷の結果)."""

    pdf: bytes
    letters: int
    pulled: tuple[Pulled, ...]


def print_now(*, batch_id: str, form: Form, actor: Actor) -> Printed:
    """Print a batch: draw, read back, last look, and the file of what passed (束の印刷)."""
    must(actor)
    batch = find_batch(batch_id, actor=actor)
    if batch is None:
        raise Refused(Problem(code="BATCH_UNKNOWN"))
    today = clock.now().astimezone(JAPAN).date()
    pieces, unfit = pieces_of(batch_id, actor=actor, envelope=envelope_on(today))
    made = draw(pieces, form=form, office=office(), envelope=envelope_on(today), today=today)
    passed, pulled = unit.run_long(
        confirm_print, batch_id=batch_id, marks={one.letter_id: one.mark for one in pieces},
        wrong={**unfit, **dict.fromkeys(made.wrong, Why.READ_BACK_DIFFERS)}, actor=actor,
        now=clock.now(),
    )  # fmt: skip
    if not passed:
        raise Refused(Problem(code="BATCH_EMPTY"))
    return Printed(
        pdf=_only(made, pieces, form=form, passed=passed), letters=len(passed), pulled=pulled
    )


def confirm_print(
    *,
    batch_id: str,
    marks: Mapping[str, str],
    wrong: Mapping[str, Why],
    actor: Actor,
    now: datetime,
) -> tuple[frozenset[str], tuple[Pulled, ...]]:
    """Say which drawn letters may leave, as things stand now, and pull the others (最後の確認)."""
    must(actor)
    batch = take_batch(batch_id)
    if batch.state not in (BatchState.MADE, BatchState.PRINTED):
        raise Refused(Problem(code="BATCH_HAS_LEFT"))
    letters = list(Letter.objects.select_for_update().filter(batch=batch).order_by("position"))
    reasons = look_again(letters, marks=marks, wrong=wrong, actor=actor)
    kept = [one for one in letters if one.letter_id not in reasons]
    for letter in kept:
        move(letter, LetterState.PRINTED, now=now)
        letter.printed_at, letter.printed_mark = now, marks[letter.letter_id]
    pulled = pull(letters, reasons, actor=actor, now=now)
    save_all(kept, ("state", "why", "printed_at", "printed_mark"))
    batch.state, batch.printed_at = BatchState.PRINTED, now
    if not kept:
        batch.state = BatchState.UNDONE
    batch.save(update_fields=["state", "printed_at"])
    tell("DISPATCH_PRINTED", kept, actor=actor, now=now, detail={"batch_no": batch.batch_no})
    return frozenset(one.letter_id for one in kept), pulled


def look_again(
    letters: list[Letter],
    *,
    marks: Mapping[str, str],
    wrong: Mapping[str, Why],
    actor: Actor,
) -> dict[str, Why]:
    """Ask gate and register for every letter of a pile; return why some may not go (再確認).

    The address that was drawn must be the register's of this moment, and what was printed
    before must say the same. A reason about the person comes before one about the paper.
    """
    answers = recipients_of(letters, actor=actor)
    found: dict[str, Why] = {}
    for letter in letters:
        answer = answers[letter.letter_id]
        if answer.why:
            found[letter.letter_id] = answer.why[0]
        elif letter.letter_id in wrong:
            found[letter.letter_id] = wrong[letter.letter_id]
        else:
            assert answer.recipient is not None
            live = mark_of(answer.recipient, letter_id=letter.letter_id)
            if live != marks.get(letter.letter_id) or letter.printed_mark not in ("", live):
                found[letter.letter_id] = Why.ADDRESS_CHANGED
    return found


def pull(
    letters: list[Letter], reasons: Mapping[str, Why], *, actor: Actor, now: datetime
) -> tuple[Pulled, ...]:
    """Take these letters out of their batch: held, or queued to be made again (束から外す)."""
    out = [(one, reasons[one.letter_id]) for one in letters if one.letter_id in reasons]
    found = []
    for letter, why in out:
        on_paper = letter.state == LetterState.PRINTED
        # Of a letter that was never on paper a clerk is told nothing if its person is hidden.
        if on_paper or why is not Why.NOT_AVAILABLE:
            assert letter.position is not None
            found.append(Pulled(about_no=letter.about_no, position=letter.position, why=why))
        again = why in MADE_AGAIN
        if again and letter.state == LetterState.QUEUED:
            letter.batch, letter.position, letter.why = None, None, why
        else:
            move(letter, LetterState.QUEUED if again else LetterState.HELD, now=now, why=why)
    save_all(one for one, _ in out)
    tell_pulled(out, actor=actor, now=now)
    return tuple(found)


def _only(made: Made, pieces: Sequence[Piece], *, form: Form, passed: frozenset[str]) -> bytes:
    """Return the file without anything of letters that did not pass."""
    if passed == frozenset(made.pages):
        return made.pdf
    if form is Form.LABELS:
        # The same frozen names and addresses, drawn again without the others.
        return draw_labels([one for one in pieces if one.letter_id in passed])
    return keep_pages(made.pdf, {page for one in passed for page in made.pages[one]})
