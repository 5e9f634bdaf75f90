"""Messages that go out: queued with the filing that calls for them, sealed, handed over (送信).

Queued: a row of the filing's own transaction. Sealed: numbered, signed and kept whole, after the
gate was asked once more. Handed over: by the job, as often as it takes; the name says which it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max

from madoguchi.audit.api import record
from madoguchi.certificates.api import move_out_codes, town_key
from madoguchi.dispatch.api import town_parcels
from madoguchi.infra import locks
from madoguchi.infra.locks import LockKind
from madoguchi.infra.queue import defer
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.moves.domain.filing import Arrival, Kind, MoveIn
from madoguchi.moves.domain.messages import Message, MessageKind, encode, key_id_of
from madoguchi.moves.domain.messages import signed_bytes as signed_of
from madoguchi.moves.domain.post import PostState, Way
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.domain.town_keys import next_number, town_at
from madoguchi.moves.models import Filing, PostMessage
from madoguchi.moves.queries.post import town_names
from madoguchi.moves.queries.rulebook import town_keys_book
from madoguchi.protection.api import Use, gate
from madoguchi.register.api import filing as register
from madoguchi.register.api import persons_of

SEND = "moves.send"
QUEUE = "moves"


def tell_arrival(
    *, move: MoveIn, filing: Filing, person_ids: Sequence[str], case_id: str, now: datetime
) -> None:
    """Queue the 転入通知 to the town they left, where it takes messages (転入通知). In the filing."""
    if move.arrival not in (Arrival.SPECIAL, Arrival.PAPER):
        return
    opened = PostMessage.objects.filter(
        case_id=case_id, kind=MessageKind.MOVE_OUT_NOTICE.value
    ).first() if case_id else None  # fmt: skip
    town = opened.town if opened else town_at(move.previous_address, town_names(now=now))
    if town is None:
        return
    moved_on = next(iter(persons_of(person_ids).values())).effective_on
    body = {
        "ref": opened.body["ref"] if opened else "", "moved_in_on": moved_on.isoformat(),
        "to": f"{move.address}　{move.building}".strip("　")[:200],
        "people": [
            {"name": one.value("name"), "birth": one.value("birth"),
             "resident_code": one.value("resident_code")}
            for one in move.people
        ],
    }  # fmt: skip
    queue(MessageKind.MOVE_IN_NOTICE, town=town, about=filing.filing_id, body=body,
          person_ids=person_ids, now=now)  # fmt: skip


def tell_leaving(*, command: register.Command, filing: Filing, now: datetime) -> None:
    """Queue the 転出証明書情報 to the town they move to, where it takes messages. In the filing."""
    if filing.kind != Kind.MOVE_OUT.value or not isinstance(command, register.PlanMoveOut):
        return
    known = town_names(now=now)
    town = command.to_town if command.to_town in known else town_at(command.to, known)
    if town is None or command.reason is not register.Reason.MOVE_OUT_DOMESTIC:
        return
    people = list(persons_of(command.person_ids).values())
    notice = move_out_codes.notice_of(people, old_town=settings.MADOGUCHI_TOWN_NAME)
    queue(MessageKind.MOVE_OUT_NOTICE, town=town, about=filing.filing_id,
          body={"ref": filing.filing_id, "notice": notice},
          person_ids=[one.person_id for one in people], now=now)  # fmt: skip


def drop_unsent(*, filing_id: str, actor: Actor, now: datetime) -> None:
    """Drop what a filing that is taken back has not sent yet (未送信の取りやめ). In the filing."""
    PostMessage.objects.filter(
        way=Way.OUT.value, about=filing_id,
        state__in=[PostState.WAITING.value, PostState.HELD.value],
    ).update(state=PostState.DROPPED.value, done_at=now, done_by=actor.staff_id)  # fmt: skip


def tell_receipts(*, actor: Actor, now: datetime) -> int:
    """Queue the receipts of parcels that were not told yet, and count them (書留の受領の知らせ).

    Run it in ``unit.run`` with a look first whether there are any.
    """
    due = receipts_due(now=now)
    for town, one in due:
        body = {"tracking_no": one.tracking_no, "state": one.state,
                "received_on": one.received_on.isoformat()}  # fmt: skip
        queue(MessageKind.PARCEL_RECEIPT, town=town, about=one.parcel_id, body=body, now=now)
    record(actor=actor, action="MOVE_POST_RECEIPTS", subjects=[], detail={"count": len(due)})
    return len(due)


def receipts_due(*, now: datetime) -> list[tuple[str, town_parcels.ParcelReceipt]]:
    """Return the receipts a neighbour has not been told yet (知らせていない受領)."""
    told = PostMessage.objects.filter(kind=MessageKind.PARCEL_RECEIPT.value, way=Way.OUT.value)
    known = set(told.values_list("about", flat=True))
    rows = (one for one in town_parcels.receipts_since(now) if one.parcel_id not in known)
    towns = town_names(now=now)
    found = ((town_at(one.other_town, towns), one) for one in rows)
    return [(town, one) for town, one in found if town is not None]


def queue(
    kind: MessageKind, *, town: str, body: Mapping[str, Any], now: datetime, about: str = "",
    person_ids: Iterable[str] = (),
) -> str:  # fmt: skip
    """Keep a message to be sent as a row of the caller's transaction (送信待ち)."""
    message_id = new_id()
    PostMessage.objects.create(
        message_id=message_id, way=Way.OUT.value, town=town, kind=kind.value,
        state=PostState.WAITING.value, about=about or message_id, body=body, told_at=now,
        kept_at=now, person_ids=list(person_ids),
    )  # fmt: skip
    defer(SEND, queue=QUEUE, lock=SEND)
    return message_id


def seal(*, message_id: str, actor: Actor, now: datetime) -> bool:
    """Number and sign a message, unless somebody in it is held (封をする). In ``unit.run``.

    The number is given here and not before: what is held or dropped leaves no gap. False: held,
    or somebody was quicker.
    """
    row = PostMessage.objects.filter(message_id=message_id).first()
    assert row is not None, message_id
    locks.take([(LockKind.NUMBERING, f"move-post:{row.town}")])
    row.refresh_from_db()
    detail = {"message": message_id, "kind": row.kind, "town": row.town}
    if row.state != PostState.WAITING.value:
        record(actor=actor, action="MOVE_POST_SEALED_ALREADY", subjects=[], detail=detail)
        return False
    if gate(row.person_ids, actor=actor, use=Use.MAIL).blocked:
        _change(row, state=PostState.HELD.value)
        record(actor=actor, action="MOVE_POST_HELD", subjects=row.person_ids, detail=detail)
        return False
    sent = PostMessage.objects.filter(way=Way.OUT.value, town=row.town)
    last = sent.aggregate(last=Max("number"))["last"] or 0
    known = town_keys_book(settings.MADOGUCHI_CARD_RULES)
    number = next_number(known, code=row.town, last=last)
    message = Message(
        sender=settings.MADOGUCHI_TOWN_CODE, receiver=row.town, number=number,
        kind=MessageKind(row.kind), sent_at=now, key_id=key_id_of(town_key.public_key()),
        body=row.body,
    )  # fmt: skip
    file = encode(message, signature=town_key.sign(signed_of(message)))
    _change(row, state=PostState.SEALED.value, number=number, sealed=file, told_at=now)
    detail["number"] = str(number)
    record(actor=actor, action="MOVE_POST_SEALED", subjects=row.person_ids, detail=detail)
    return True


def note_sent(*, message_id: str, actor: Actor, now: datetime) -> None:
    """Write down that a message was handed over (送信の記録). In ``unit.run``."""
    found = PostMessage.objects.filter(message_id=message_id, state=PostState.SEALED.value)
    found.update(state=PostState.SENT.value, done_at=now)
    record(actor=actor, action="MOVE_POST_SENT", subjects=[], detail={"message": message_id})


def release(*, message_id: str, again: bool, actor: Actor, now: datetime) -> None:
    """Drop what was held, or let it be tried again once nobody is (止めた知らせ). In ``unit.run``."""
    allowed = actor.may(FILE) and actor.may(Right.SEE_PROTECTED)
    found = PostMessage.objects.filter(message_id=message_id, state=PostState.HELD.value)
    state = PostState.WAITING if again else PostState.DROPPED
    if not allowed or not found.update(
        state=state.value, done_by=actor.staff_id, done_at=None if again else now
    ):
        raise Refused(Problem(code="MOVE_POST_UNKNOWN"))
    if again:
        defer(SEND, queue=QUEUE, lock=SEND)
    detail = {"message": message_id, "state": state.value}
    record(actor=actor, action="MOVE_POST_RELEASED", subjects=[], detail=detail)


def _change(row: PostMessage, **values: Any) -> None:
    PostMessage.objects.filter(message_id=row.message_id).update(**values)
