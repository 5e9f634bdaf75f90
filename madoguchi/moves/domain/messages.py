"""Messages between towns: signed, numbered, refused for every byte changed (町どうしの知らせ).

A message is one file: canonical JSON (keys sorted, no blanks), so that what is signed is the file
itself without its signature. Numbers run 1, 2, 3, … from each town to each, so that a lost one is
seen. The layout is ours (``madoguchi.town_message/1``, *assumed*: no public one exists).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, unique
from itertools import islice
from typing import Any

from madoguchi.kernel.outcome import Problem
from madoguchi.moves.domain.town_keys import TownKey, keys_on

SCHEMA = "madoguchi.town_message/1"
#: Stands before what is signed: no signature on a paper passes for one of a message.
_SIGNED_AS = f"{SCHEMA}\n".encode()
MESSAGE_BYTES_MAX = 1_000_000
TEXT_MAX = 200
#: *Assumed*: what is older was settled otherwise long ago, or is played back.
OLD_AFTER = timedelta(days=60)
#: A clock that goes before ours by more is wrong.
AHEAD_MAX = timedelta(hours=1)
_NAMES = ("schema", "from", "to", "number", "kind", "sent_at", "key", "body", "signature")

#: Tells whether a raw public key signed bytes: (data, signature, key).
IsSigned = Callable[[bytes, bytes, bytes], bool]


@unique
class MessageKind(StrEnum):
    """What one town tells another (知らせの別), and what a resident tells by the portal."""

    MOVE_OUT_NOTICE = "MOVE_OUT_NOTICE"  # 転出証明書情報
    MOVE_IN_NOTICE = "MOVE_IN_NOTICE"  # 転入通知
    MOVE_IN_INQUIRY = "MOVE_IN_INQUIRY"  # 転入通知未着の照会
    CERTIFICATE_REQUEST = "CERTIFICATE_REQUEST"  # 転出証明書の請求
    PARCEL_RECEIPT = "PARCEL_RECEIPT"  # 書留の受領
    PORTAL_MOVE_OUT = "PORTAL_MOVE_OUT"  # マイナポータルの転出届
    PORTAL_VISIT = "PORTAL_VISIT"  # マイナポータルの来庁予定


#: What each kind says beside people; all of it is text.
BODIES: Mapping[MessageKind, tuple[str, ...]] = {
    MessageKind.MOVE_OUT_NOTICE: ("ref",),
    MessageKind.MOVE_IN_NOTICE: ("ref", "moved_in_on", "to"),
    MessageKind.MOVE_IN_INQUIRY: ("ref", "left_on", "to"),
    MessageKind.CERTIFICATE_REQUEST: ("name", "birth", "previous_address", "moved_in_on", "deadline"),
    MessageKind.PARCEL_RECEIPT: ("tracking_no", "state", "received_on"),
}  # fmt: skip
#: How a parcel was found when it came, in the words of the post room.
RECEIVED = ("RECEIVED_SEALED", "RECEIVED_OPEN")
#: As JSON writes the one character no database keeps.
NUL = b"\\u0000"
#: The part of a body that is no text, and its kind.
_PARTS: Mapping[MessageKind, tuple[str, type]] = {
    MessageKind.MOVE_OUT_NOTICE: ("notice", dict),
    MessageKind.MOVE_IN_NOTICE: ("people", list),
    MessageKind.MOVE_IN_INQUIRY: ("people", list),
}
_OF_PERSON = frozenset({"name", "birth", "resident_code"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as it stands in its file (知らせ)."""

    sender: str
    receiver: str
    number: int
    kind: MessageKind
    sent_at: datetime
    key_id: str
    body: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Return the name of its file: it names two towns and a number, nobody (ファイル名)."""
        return f"{self.sender}-{self.receiver}-{self.number:06d}.json"


def key_id_of(key: bytes) -> str:
    """Return the short name of a public key, by which a message says who signed it (鍵の番号)."""
    return hashlib.sha256(key).hexdigest()[:16]


def signed_bytes(message: Message) -> bytes:
    """Return what is signed of a message (署名対象)."""
    return _SIGNED_AS + _canonical(_fields(message))


def encode(message: Message, *, signature: bytes) -> bytes:
    """Return the file of a message (知らせのファイル)."""
    return _canonical({**_fields(message), "signature": signature.hex()})


def read_message(
    data: bytes, *, us: str, known: Collection[TownKey], now: datetime, is_signed: IsSigned
) -> Message | tuple[Problem, ...]:
    """Return the message of a file, or everything that stands against it (知らせの読取り).

    Who signed is asked first: of what nobody known signed, nothing it says is believed.
    """
    parts = _parse(data)
    if parts is None:
        return (Problem(code="MOVE_POST_UNREADABLE", facts={"schema": SCHEMA}),)
    message, signature = parts
    facts = {"town": message.sender, "number": str(message.number)}
    towns = [one for one in known if one.code == message.sender]
    if not towns:
        return (Problem(code="MOVE_POST_TOWN_UNKNOWN", facts=facts),)
    keys = keys_on(towns, code=message.sender, day=message.sent_at.date())
    named = [one for one in keys if key_id_of(one) == message.key_id]
    if not named:
        return (Problem(code="MOVE_POST_KEY_UNKNOWN", facts=facts),)
    if not is_signed(signed_bytes(message), signature, named[0]):
        return (Problem(code="MOVE_POST_ALTERED", facts=facts),)
    found = []
    if message.receiver != us:
        found.append(Problem(code="MOVE_POST_NOT_FOR_US", facts={**facts, "to": message.receiver}))
    if not -AHEAD_MAX <= now - message.sent_at <= OLD_AFTER:
        when = {**facts, "days": str((now - message.sent_at).days)}
        found.append(Problem(code="MOVE_POST_TOO_OLD", facts=when))
    found += check_body(message.kind, message.body)
    return tuple(found) or message


def claim_of(data: bytes) -> tuple[str, int] | None:
    """Return whose and which message a file says it is: not to be believed unverified (名乗り)."""
    parts = _parse(data)
    return (parts[0].sender, parts[0].number) if parts else None


def check_body(kind: MessageKind, body: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what is wrong with what a message says, all at once (本文の確認).

    A name nobody knows is refused: so no 個人番号 comes in under any other.
    """
    part, shape = _PARTS.get(kind, ("", object))
    wanted = {*BODIES.get(kind, ()), *([part] if part else [])}
    wrong = sorted(
        {name for name in wanted | body.keys() if name not in wanted or name not in body}
        | {name for name in BODIES.get(kind, ()) if not _is_text(body.get(name))}
        | ({part} if part and not isinstance(body.get(part), shape) else set())
        | {f"{part}[{at}]" for at, one in enumerate(_listed(body, part)) if not _is_person(one)}
    )
    if kind is MessageKind.PARCEL_RECEIPT and body.get("state") not in RECEIVED:
        wrong = sorted({*wrong, "state"})
    if kind not in BODIES:
        wrong = ["kind"]
    return tuple(Problem(code="MOVE_POST_BODY_WRONG", where=one[:40], facts={"field": one[:40]})
                 for one in wrong)  # fmt: skip


def missing_numbers(
    numbers: Collection[int], *, first: int = 1, most: int | None = None
) -> tuple[int, ...]:  # fmt: skip
    """Return which numbers before the last one never came, the first ``most`` of them (欠番)."""
    known = set(numbers)
    missing = (one for one in range(first, max(known, default=0)) if one not in known)
    return tuple(islice(missing, most))


def day_in(body: Mapping[str, Any], name: str) -> date | None:
    """Return a day a body tells, None where it is none (日付)."""
    try:
        return date.fromisoformat(str(body.get(name, "")))
    except ValueError:
        return None


def _listed(body: Mapping[str, Any], part: str) -> list[Any]:
    found = body.get(part)
    return found if isinstance(found, list) else []


def _is_person(one: object) -> bool:
    return isinstance(one, dict) and one.keys() == _OF_PERSON and all(map(_is_text, one.values()))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_MAX


def _fields(message: Message) -> dict[str, Any]:
    return {
        "schema": SCHEMA, "from": message.sender, "to": message.receiver,
        "number": message.number, "kind": message.kind.value,
        "sent_at": message.sent_at.isoformat(), "key": message.key_id, "body": message.body,
    }  # fmt: skip


def _canonical(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _parse(data: bytes) -> tuple[Message, bytes] | None:
    """Read the one spelling of a message; anything else is none."""
    if len(data) > MESSAGE_BYTES_MAX or NUL in data:
        return None
    try:
        raw = json.loads(data)
        if not isinstance(raw, dict) or sorted(raw) != sorted(_NAMES) or raw["schema"] != SCHEMA:
            return None
        signature = bytes.fromhex(raw["signature"])
        message = Message(
            sender=raw["from"], receiver=raw["to"], number=raw["number"],
            kind=MessageKind(raw["kind"]), sent_at=datetime.fromisoformat(raw["sent_at"]),
            key_id=raw["key"], body=raw["body"],
        )  # fmt: skip
        texts = (message.sender, message.receiver, message.key_id)
        ok = all(isinstance(one, str) and one.isalnum() for one in texts)
        ok = ok and type(message.number) is int and 0 < message.number < 10**6
        ok = ok and isinstance(message.body, dict) and message.sent_at.tzinfo is not None
        return (message, signature) if ok and encode(message, signature=signature) == data else None
    except (ValueError, TypeError, RecursionError):
        return None
