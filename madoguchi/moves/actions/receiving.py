"""Files that come in: kept whole, each message taken once, everything else listed (受信).

What a file says is believed only after its signature; what cannot be taken stays in sight until a
person has settled it. Nothing here files anything: that is a press of a clerk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from madoguchi.audit.api import record
from madoguchi.certificates.api import town_key
from madoguchi.dispatch.api import town_parcels
from madoguchi.infra import facts, locks
from madoguchi.infra.clock import day_of
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.moves.actions.cases import join_case, open_case
from madoguchi.moves.actions.filing import Moved, file_other
from madoguchi.moves.domain.drafted import with_notice
from madoguchi.moves.domain.filing import Kind, Told
from madoguchi.moves.domain.messages import (
    TEXT_MAX,
    Message,
    MessageKind,
    claim_of,
    day_in,
    read_message,
)
from madoguchi.moves.domain.portal import PORTAL, PortalFiling, read_portal
from madoguchi.moves.domain.post import PostSource, PostState, Way
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.domain.sealing import check_open, is_sealed, read_envelope
from madoguchi.moves.domain.sealing import open_message as open_envelope
from madoguchi.moves.models import PostFile, PostGap, PostMessage
from madoguchi.moves.queries.post import find_message, gaps, old_files, old_post, visible
from madoguchi.moves.queries.post_cases import (
    arrivals_of,
    case_without_notice,
    expectation_of,
    known_people,
)
from madoguchi.moves.queries.rulebook import open_rule, town_keys_book
from madoguchi.protection.api import Use, gate
from madoguchi.register.api import filing as register

NOBODY = Actor(
    staff_id="system", name="知らせの受取り", rights=frozenset(), place="", terminal="",
    purpose="知らせの受取り",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A message or a filing, whichever way it came (届いた知らせ)."""

    town: str
    number: int
    kind: MessageKind
    told_at: datetime
    body: Mapping[str, Any]


def take_file(
    *, source: PostSource, name: str, data: bytes, actor: Actor, now: datetime
) -> tuple[Problem, ...]:
    """Keep a file and take what it says, or list why not (ファイルの受取り). In ``unit.run``.

    Whatever comes of it, its bytes are kept afterwards, so the caller may let go of the file.
    """
    locks.take([(LockKind.NUMBERING, f"move-post-in:{source}")])
    inside = _opened(data) if source is PostSource.TOWN else data
    # One message may come in two envelopes, or with and without one: it is known by itself.
    digest = hashlib.sha256(inside if isinstance(inside, bytes) else data).hexdigest()
    detail = {"source": source.value, "sha256": digest}
    known = PostFile.objects.filter(source=source.value, sha256=digest).first()
    told: Sequence[_Told] = ()
    problems: tuple[Problem, ...] = ()
    if known is None or known.problems:
        # Of what was refused the town may know the key by now, and had it sent again.
        told, problems = _read(source, data, inside, now=now)
        problems = (*problems, *_twice(told))
    if known is not None:
        known.copies += 1
        if problems or not known.problems:
            known.save(update_fields=["copies"])
            record(actor=actor, action="MOVE_POST_CAME_AGAIN", subjects=[], detail=detail)
            return ()
        known.raw, known.problems, known.came_at = data, [], now
        known.save(update_fields=["copies", "raw", "problems", "came_at"])
    claims = _claim(data) if source is PostSource.TOWN else None
    row = known or PostFile.objects.create(
        file_id=new_id(), source=source.value, name=name[:120], sha256=digest, raw=data,
        came_at=now, problems=[asdict(one) for one in problems],
        claims=f"{claims[0][:12]} {claims[1]}" if claims else "",
    )  # fmt: skip
    if not problems:
        for one in told:
            _keep(one, row, actor=actor, now=now)
    detail |= {"file": row.file_id, "problems": ",".join(one.code for one in problems),
               "messages": str(0 if problems else len(told))}  # fmt: skip
    record(actor=actor, action="MOVE_POST_CAME", subjects=[], detail=detail)
    facts.note("move_post_came", at=now, source=source.value, taken=not problems)
    return problems


def _opened(data: bytes) -> bytes | tuple[Problem, ...]:
    """Return the message of a file, out of its envelope where it has one; without a key it waits."""
    if not is_sealed(data):
        return data
    return open_envelope(
        data, us=settings.MADOGUCHI_TOWN_CODE, our_key=town_key.seal_key(), opens=town_key.opens
    )


def _claim(data: bytes) -> tuple[str, int] | None:
    outside = read_envelope(data)
    return (outside.sender, outside.number) if outside else claim_of(data)


def _read(
    source: PostSource, data: bytes, inside: bytes | tuple[Problem, ...], *, now: datetime
) -> tuple[Sequence[_Told], tuple[Problem, ...]]:
    if source is PostSource.PORTAL:
        found = read_portal(data, now=now)
        return [_of_portal(one) for one in found if isinstance(one, PortalFiling)], tuple(
            one for one in found if isinstance(one, Problem)
        )
    if isinstance(inside, tuple):
        return [], inside
    if not is_sealed(data):
        rule = open_rule(settings.MADOGUCHI_CARD_RULES)
        if bare := check_open(data, rule=rule, day=day_of(now)):
            return [], bare
    message = read_message(
        inside, us=settings.MADOGUCHI_TOWN_CODE, now=now, is_signed=town_key.is_signed,
        known=town_keys_book(settings.MADOGUCHI_CARD_RULES),
    )  # fmt: skip
    return ([_of_town(message)], ()) if isinstance(message, Message) else ([], message)


def _of_portal(one: PortalFiling) -> _Told:
    return _Told(town=PORTAL, number=one.number, kind=one.kind, told_at=one.sent_at, body=one.body)


def _of_town(one: Message) -> _Told:
    return _Told(
        town=one.sender, number=one.number, kind=one.kind, told_at=one.sent_at, body=one.body
    )


def _twice(told: Iterable[_Told]) -> list[Problem]:
    """A number that came before with another content: neither is believed over the other."""
    return [
        Problem(code="MOVE_POST_NUMBER_TWICE", facts={"town": one.town, "number": str(one.number)})
        for one in told
        if PostMessage.objects.filter(
            way=Way.IN.value, town=one.town, number=one.number
        ).exists()
    ]  # fmt: skip


def _keep(one: _Told, file: PostFile, *, actor: Actor, now: datetime) -> None:
    done = one.kind is MessageKind.PARCEL_RECEIPT and _note_parcel(one, actor=actor, now=now)
    PostMessage.objects.create(
        message_id=new_id(), way=Way.IN.value, town=one.town, number=one.number,
        kind=one.kind.value, body=one.body, file=file, told_at=one.told_at, kept_at=now,
        person_ids=known_people(one.kind, one.body),
        state=(PostState.DONE if done else PostState.WAITING).value,
        done_at=now if done else None, done_by=actor.staff_id if done else "",
    )  # fmt: skip


def _note_parcel(one: _Told, *, actor: Actor, now: datetime) -> bool:
    """Step the chain of our parcel; where it cannot be, a person looks at the message."""
    try:
        with transaction.atomic():
            town_parcels.take_receipt(
                tracking_no=one.body["tracking_no"], state=one.body["state"], actor=actor,
                note=f"{one.town}からの知らせ {one.number}"[:TEXT_MAX], now=now,
            )  # fmt: skip
    except Refused:
        return False
    return True


# --- what a clerk does with what came in ------------------------------------------------------


def open_message(*, message_id: str, actor: Actor, now: datetime) -> str:
    """Open the case a message is about, with a visit told by the portal beside it (受付を開く)."""
    row = _waiting(message_id, actor=actor)
    expected, beside = expectation_of(row, actor=actor)
    if isinstance(expected, tuple):
        raise Refused(expected)
    # As for somebody without any right: whoever is held now is expected behind the same door.
    held = gate(row.person_ids, actor=NOBODY, use=Use.VIEW).blocked
    known = case_without_notice(expected, actor=actor) if expected.codes and not beside else None
    if known is not None:
        case_id = known.case_id
        join_case(case_id=case_id, expected=with_notice(expected, known.expected), actor=actor)
    else:
        case_id = open_case(expected=expected, is_protected=bool(held), actor=actor, now=now)
    for one in (message_id, *beside):
        _done(one, actor=actor, now=now, case_id=case_id)
    return case_id


def confirm_message(*, message_id: str, actor: Actor, now: datetime) -> Moved:
    """File the 転入通知 a new town sent, for whom it names (転入通知の登録). In ``unit.run``."""
    row = _waiting(message_id, actor=actor)
    moved_in_on = day_in(row.body, "moved_in_on")
    people = arrivals_of(row, actor=actor)
    if moved_in_on is None or not people:
        raise Refused(Problem(code="MOVE_POST_NOBODY_AWAITED"))
    command = register.ConfirmMoveOut(
        filing=register.Filing(notified_by_office_on=day_of(row.kept_at)), person_ids=people,
        to=row.body["to"], moved_in_on=moved_in_on,
    )  # fmt: skip
    moved = file_other(
        actor=actor, kind=Kind.CONFIRM_MOVE_OUT, command=command, told=Told(filed_on=day_of(now)),
        now=now,
    )  # fmt: skip
    _done(message_id, actor=actor, now=now)
    return moved


def settle_message(*, message_id: str, actor: Actor, now: datetime) -> None:
    """Say that a person has seen to a message (すんだ知らせ). In ``unit.run``."""
    _waiting(message_id, actor=actor)
    _done(message_id, actor=actor, now=now)
    detail = {"message": message_id}
    record(actor=actor, action="MOVE_POST_SETTLED", subjects=[], detail=detail)


def settle_file(*, file_id: str, actor: Actor, now: datetime) -> None:
    """Say that a person has seen to a file nothing could be taken of (片づけた届き物). In ``unit.run``.

    Its bytes go with it: what was in it is settled with the other town, and asked for anew.
    """
    if not actor.may(FILE):
        raise Refused(Problem(code="NOT_ALLOWED"))
    found = PostFile.objects.filter(file_id=file_id, settled_at__isnull=True).exclude(problems=[])
    if not found.update(settled_at=now, settled_by=actor.staff_id, raw=b""):
        raise Refused(Problem(code="MOVE_POST_UNKNOWN"))
    record(actor=actor, action="MOVE_POST_FILE_SETTLED", subjects=[], detail={"file": file_id})


def settle_gap(*, town: str, number: int, actor: Actor, now: datetime) -> None:
    """Say that a missing number is settled with its town; should it come, it is taken (欠番の片づけ)."""
    if not actor.may(FILE):
        raise Refused(Problem(code="NOT_ALLOWED"))
    facts_ = {"town": town, "number": str(number)}
    if not any(one.facts == facts_ for one in gaps(now=now)):
        raise Refused(Problem(code="MOVE_POST_UNKNOWN"))
    PostGap.objects.create(town=town, number=number, settled_at=now, settled_by=actor.staff_id)
    record(actor=actor, action="MOVE_POST_GAP_SETTLED", subjects=[], detail=facts_)


def _waiting(message_id: str, *, actor: Actor) -> PostMessage:
    """Return what still waits and this actor may know of; its row is held."""
    if not actor.may(FILE):
        raise Refused(Problem(code="NOT_ALLOWED"))
    row = find_message(message_id, for_update=True)
    if row is None or row.way != Way.IN.value or not visible([row], actor=actor):
        raise Refused(Problem(code="MOVE_POST_UNKNOWN"))
    if row.state != PostState.WAITING.value:
        raise Refused(Problem(code="MOVE_POST_OVER"))
    return row


def _done(message_id: str, *, actor: Actor, now: datetime, case_id: str = "") -> None:
    PostMessage.objects.filter(message_id=message_id).update(
        state=PostState.DONE.value, done_at=now, done_by=actor.staff_id, case_id=case_id
    )


def forget_post(*, actor: Actor, now: datetime) -> int:
    """Empty what settled messages said and every file nobody waits for, and count them (送受信の消去).

    Numbers, days and kinds stay: so a number that comes again is known. Run it in ``unit.run``
    with a look first whether there are any.
    """
    messages = old_post(now=now).update(body={}, sealed=None)
    files = old_files(now=now).update(raw=b"")
    detail = {"messages": messages, "files": files}
    record(actor=actor, action="MOVE_POST_FORGOTTEN", subjects=[], detail=detail)
    return messages + files
