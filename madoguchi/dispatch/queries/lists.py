"""Letters and batches as one clerk may see them (手紙と束の照会).

Letters to people who do not exist for this clerk are left out before anything is counted or
numbered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.dispatch.domain.batches import BatchState
from madoguchi.dispatch.domain.handed import WANTED
from madoguchi.dispatch.domain.letters import OF_RESIDENCE, LetterKind, LetterState
from madoguchi.dispatch.domain.posting import fold_receipt
from madoguchi.dispatch.models import Batch, Letter, Slip
from madoguchi.kernel.actor import Actor
from madoguchi.register.api import seen

LIST_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """One letter as shown (手紙)."""

    letter_id: str
    kind: str
    mail_class: str
    person_id: str
    about_no: str
    name: str
    kana: str
    sort_key: str
    state: LetterState
    why: str
    position: int | None
    batch_id: str
    slip_id: str
    queued_at: datetime
    printed_at: datetime | None
    posted_on: date | None
    receipt_no: str
    returned_on: date | None
    return_reason: str
    #: Only the room it came from can send it again: it knew the address, or sets a new last day.
    is_handed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One batch with the letters this clerk may see (束)."""

    batch_id: str
    batch_no: str
    mail_class: str
    state: BatchState
    made_at: datetime
    printed_at: datetime | None
    letters: tuple[LetterRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipRow:
    """One posting slip with the letters this clerk may see (差出票)."""

    slip_id: str
    slip_no: str
    batch_id: str
    mail_class: str
    posted_on: date
    handed_in_at: datetime | None
    undone_at: datetime | None
    letters: tuple[LetterRow, ...]


def find_letter(letter_id: str, *, actor: Actor) -> LetterRow | None:
    """Return one letter, or None: unknown and not to be seen look the same (手紙の照会)."""
    return next(iter(_seen(Letter.objects.filter(letter_id=letter_id), actor=actor)), None)


def find_scanned(scanned: str, *, actor: Actor) -> LetterRow | None:
    """Return the letter an envelope's number means: of one matter the newest that left (スキャン)."""
    text = scanned.strip()
    if not 5 <= len(text) <= 40:
        return None
    by_receipt = Letter.objects.filter(receipt_no=fold_receipt(text))
    by_matter = Letter.objects.filter(about_no=text.upper(), posted_on__isnull=False)
    by_id = Letter.objects.filter(letter_id=text.lower(), posted_on__isnull=False)
    for found in (by_receipt, by_matter, by_id):
        rows = _seen(found.order_by("-posted_on", "-queued_at"), actor=actor)
        out = [row for row in rows if row.state is LetterState.POSTED]
        if rows:
            return (out or list(rows))[0]
    return None


def list_waiting(*, actor: Actor) -> tuple[LetterRow, ...]:
    """List the letters that wait to be put into a batch, in the order of their shelves (発送待ち)."""
    found = Letter.objects.filter(state=LetterState.QUEUED, batch__isnull=True)
    return _seen(found.order_by("mail_class", "sort_key", "queued_at", "letter_id"), actor=actor)


def list_held(*, actor: Actor) -> tuple[LetterRow, ...]:
    """List the letters that are held, with the reason a clerk may know (止めている手紙)."""
    return _seen(Letter.objects.filter(state=LetterState.HELD).order_by("queued_at"), actor=actor)


def list_returned(*, actor: Actor) -> tuple[LetterRow, ...]:
    """List the letters that came back, the latest first (返戻の一覧)."""
    found = Letter.objects.filter(state=LetterState.RETURNED)
    return _seen(found.order_by("-returned_on", "about_no"), actor=actor)


def count_waiting(*, actor: Actor) -> int:
    """Count the letters that wait, for the clerk's home (発送待ちの件数)."""
    ids = list(
        Letter.objects.filter(state=LetterState.QUEUED, batch__isnull=True).values_list(
            "person_id", flat=True
        )
    )
    known = seen.find_names(set(ids), actor=actor)
    return sum(1 for one in ids if not one or one in known)


def list_batches(*, actor: Actor) -> tuple[BatchRow, ...]:
    """List the batches that are still in the house, the oldest first (手元の束)."""
    rows = Batch.objects.filter(state__in=(BatchState.MADE, BatchState.PRINTED))
    return tuple(found for row in rows.order_by("made_at") if (found := _batch(row, actor=actor)))


def find_batch(batch_id: str, *, actor: Actor) -> BatchRow | None:
    """Return a batch; None when it is unknown or nobody in it may be seen (束の照会)."""
    row = Batch.objects.filter(batch_id=batch_id).first()
    return None if row is None else _batch(row, actor=actor)


def list_slips(*, actor: Actor, since: date) -> tuple[SlipRow, ...]:
    """List the slips of these days, the newest first (差出票の一覧)."""
    rows = Slip.objects.filter(posted_on__gte=since, undone_at__isnull=True).order_by("-made_at")
    return tuple(found for row in rows if (found := find_slip(row.slip_id, actor=actor)))


def find_slip(slip_id: str, *, actor: Actor) -> SlipRow | None:
    """Return a slip; None when it is unknown or nobody on it may be seen (差出票の照会)."""
    row = Slip.objects.filter(slip_id=slip_id).first()
    if row is None:
        return None
    letters = _seen(Letter.objects.filter(slip=row).order_by("position"), actor=actor)
    if not letters and row.undone_at is None:
        return None
    return SlipRow(
        slip_id=row.slip_id,
        slip_no=row.slip_no,
        batch_id=row.batch_id,
        mail_class=row.mail_class,
        posted_on=row.posted_on,
        handed_in_at=row.handed_in_at,
        undone_at=row.undone_at,
        letters=letters,
    )


def _batch(row: Batch, *, actor: Actor) -> BatchRow | None:
    letters = _seen(Letter.objects.filter(batch=row).order_by("position"), actor=actor)
    if not letters and row.state != BatchState.UNDONE:
        return None
    return BatchRow(
        batch_id=row.batch_id,
        batch_no=row.batch_no,
        mail_class=row.mail_class,
        state=BatchState(row.state),
        made_at=row.made_at,
        printed_at=row.printed_at,
        letters=letters,
    )


def _seen(rows: Iterable[Letter], *, actor: Actor) -> tuple[LetterRow, ...]:
    """Leave out letters to people who do not exist for this actor, then cut the list."""
    found = list(rows)
    names = seen.find_names({row.person_id for row in found if row.person_id}, actor=actor)
    known = {person_id: (one.name, one.kana) for person_id, one in names.items()}
    shown = (row for row in found if not row.person_id or row.person_id in known)
    return tuple(_row(row, known) for row in shown)[:LIST_MAX]


def _row(row: Letter, names: Mapping[str, tuple[str, str]]) -> LetterRow:
    # About nobody registered here: it is called by the town it goes to.
    name, kana = names[row.person_id] if row.person_id else (str(row.content["town"]), "")
    return LetterRow(
        letter_id=row.letter_id,
        kind=row.kind,
        mail_class=row.mail_class,
        person_id=row.person_id,
        about_no=row.about_no,
        name=name,
        kana=kana,
        sort_key=row.sort_key,
        state=LetterState(row.state),
        why=row.why,
        position=row.position,
        batch_id=row.batch_id or "",
        slip_id=row.slip_id or "",
        queued_at=row.queued_at,
        printed_at=row.printed_at,
        posted_on=row.posted_on,
        receipt_no=row.receipt_no,
        returned_on=row.returned_on,
        return_reason=row.return_reason,
        is_handed=LetterKind(row.kind) in {*WANTED, *OF_RESIDENCE},
    )
