"""The envelope around a message: sealed to the town it goes to, so that the way reads nothing (封).

Signed first, sealed then. What is inside says itself from whom, to whom and with which number, and
is signed over that: whoever opens it cannot pass it on as theirs, nor to a third town as if it had
been meant for that. The envelope says the same three outside, because a folder has to sort them; the
seal is bound to them, and they have to be those inside (``madoguchi.town_sealed/1``, *assumed*).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.kernel.outcome import Problem
from madoguchi.moves.domain.messages import MESSAGE_BYTES_MAX, claim_of, key_id_of

SCHEMA = "madoguchi.town_sealed/1"
_NAMES = ("schema", "from", "to", "number", "key", "box")

#: Seals bytes to a raw public key, bound to others: (data, key, bound).
Close = Callable[[bytes, bytes, bytes], bytes]
#: Opens what was sealed to this town, None where it cannot be: (box, bound).
Open = Callable[[bytes, bytes], bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What stands outside, and the sealed box (封筒)."""

    sender: str
    receiver: str
    number: int
    #: The short name of the key it is sealed to.
    key_id: str
    box: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRule:
    """Through which day a message without a seal is still sent and taken (封のない知らせの決まり)."""

    until: date | None
    source: str

    def holds_on(self, day: date) -> bool:
        """Tell whether one goes without a seal on a day (封がなくてよいか)."""
        return self.until is not None and day <= self.until


def read_open_rule(table: Mapping[str, Any]) -> OpenRule:
    """Make the rule of a file as it is written (封のない知らせの決まりの読取り)."""
    row = table["unsealed"]
    until = row.get("until")
    return OpenRule(until=date.fromisoformat(until) if until else None, source=row["source"])


def seal_message(
    data: bytes, *, sender: str, receiver: str, number: int, key: bytes, close: Close
) -> bytes:  # fmt: skip
    """Return the file that goes out: a signed message in its envelope (封をする)."""
    bare = Envelope(sender=sender, receiver=receiver, number=number, key_id=key_id_of(key), box=b"")
    box = close(data, key, _bound(bare))
    return _canonical(
        {**_outside(bare), "box": base64.b64encode(box).decode("ascii")}
    )  # fmt: skip


def open_message(
    data: bytes, *, us: str, our_key: bytes, opens: Open
) -> bytes | tuple[Problem, ...]:
    """Return the message inside an envelope, or what stands against it (封を開ける).

    What is no envelope is returned as it came: whether that is a message is asked next.
    """
    found = read_envelope(data)
    if found is None:
        return data
    facts = {"town": found.sender, "number": str(found.number)}
    if found.receiver != us:
        more = {**facts, "to": found.receiver}
        return (Problem(code="MOVE_POST_NOT_FOR_US", facts=more),)
    if found.key_id != key_id_of(our_key):
        return (Problem(code="MOVE_POST_SEAL_OTHER_KEY", facts=facts),)
    inside = opens(found.box, _bound(found))
    if inside is None:
        return (Problem(code="MOVE_POST_SEAL_BROKEN", facts=facts),)
    # Not to be believed yet: but what is told outside has to be told inside.
    if claim_of(inside) != (found.sender, found.number):
        return (Problem(code="MOVE_POST_SEAL_OTHER_INSIDE", facts=facts),)
    return inside


def is_sealed(data: bytes) -> bool:
    """Tell whether a file is an envelope at all (封筒か)."""
    return read_envelope(data) is not None


def check_open(
    data: bytes, *, rule: OpenRule, day: date
) -> tuple[Problem, ...]:  # fmt: skip
    """Return why a message without a seal is not taken any more (封のない知らせの確認)."""
    claim = claim_of(data)
    if claim is None or rule.holds_on(day):
        return ()
    facts = {"town": claim[0], "number": str(claim[1])}
    return (Problem(code="MOVE_POST_UNSEALED", facts=facts),)


def read_envelope(data: bytes) -> Envelope | None:
    """Read the one spelling of an envelope; anything else is none (封筒の読取り)."""
    if len(data) > MESSAGE_BYTES_MAX:
        return None
    try:
        raw = json.loads(data)
        if not isinstance(raw, dict) or sorted(raw) != sorted(_NAMES) or raw["schema"] != SCHEMA:
            return None
        found = Envelope(
            sender=raw["from"], receiver=raw["to"], number=raw["number"], key_id=raw["key"],
            box=base64.b64decode(raw["box"], validate=True),
        )  # fmt: skip
        texts = (found.sender, found.receiver, found.key_id)
        ok = all(isinstance(one, str) and one.isascii() and one.isalnum() for one in texts)
        ok = ok and type(found.number) is int and 0 < found.number < 10**6
        ok = ok and base64.b64encode(found.box).decode("ascii") == raw["box"]
        return found if ok and _canonical(raw) == data else None
    except (ValueError, TypeError, RecursionError, binascii.Error):
        return None


def _outside(one: Envelope) -> dict[str, Any]:
    return {
        "schema": SCHEMA, "from": one.sender, "to": one.receiver, "number": one.number,
        "key": one.key_id,
    }  # fmt: skip


def _bound(one: Envelope) -> bytes:
    return _canonical(_outside(one))


def _canonical(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
