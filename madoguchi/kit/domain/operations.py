"""What is done on a trip, as values (島の日の操作): written on the laptop, read at home.

An operation has a name of its own, which nothing repeats, and says what it was based on: the
version of the thing as it was sealed, and the trip's own operation on the same thing before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Any

from madoguchi.kernel.ids import ID_LENGTH
from madoguchi.kernel.outcome import Problem, Refused

PAYLOAD_BYTES_MAX = 8_000


@unique
class Kind(StrEnum):
    """What was done (操作の種類)."""

    LOOKED = "LOOKED"  # 照会した
    APPLICATION_TAKEN = "APPLICATION_TAKEN"  # カードの申請を受けた
    CARD_HANDED_OVER = "CARD_HANDED_OVER"  # カードを交付した
    VISIT_NOTED = "VISIT_NOTED"  # 居住の訪問
    SURVEY_ANSWERED = "SURVEY_ANSWERED"  # アンケート
    CERTIFICATE_MADE = "CERTIFICATE_MADE"  # 証明書を作った: its number is used
    CERTIFICATE_HANDED_OVER = "CERTIFICATE_HANDED_OVER"  # 証明書を渡した
    CERTIFICATE_SPOILT = "CERTIFICATE_SPOILT"  # 証明書を使わなかった


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing done on a trip (操作)."""

    op_id: str
    number: int
    kind: Kind
    at: datetime
    #: What it changes: a card, a case, a person, a survey, a number.
    subject: str
    #: Whom it is about; empty where nobody is named.
    person_id: str
    #: The subject's version as it was sealed; None where the subject has none.
    base: int | None
    #: This trip's operation on the same subject before it; empty: none.
    after: str
    payload: Mapping[str, Any]
    #: Who did it, as they proved it on the laptop; empty: a kit of one officer.
    officer: str = ""

    @property
    def digest(self) -> str:
        """Return the sum of everything it says: the same name must be the same operation."""
        return hashlib.sha256(write_operation(self).encode()).hexdigest()


def write_operation(one: Operation) -> str:
    """Return the one spelling of an operation (書き出し)."""
    return json.dumps(
        {
            "op_id": one.op_id, "number": one.number, "kind": one.kind.value,
            "at": one.at.isoformat(), "subject": one.subject, "person_id": one.person_id,
            "base": one.base, "after": one.after, "payload": dict(one.payload),
            # Left out where it is empty: what came home before it existed keeps its digest.
            **({"officer": one.officer} if one.officer else {}),
        },
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip


def read_operation(text: str) -> Operation:
    """Read an operation; ``Refused`` with KIT_UNREADABLE where it is none (読み込み)."""
    try:
        given = json.loads(text)
        one = Operation(
            op_id=str(given["op_id"]), number=int(given["number"]), kind=Kind(given["kind"]),
            at=datetime.fromisoformat(given["at"]), subject=str(given["subject"]),
            person_id=str(given["person_id"]), after=str(given["after"]),
            base=None if given["base"] is None else int(given["base"]),
            payload=dict(given["payload"]), officer=str(given.get("officer", "")),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        raise Refused(Problem(code="KIT_UNREADABLE")) from None
    if (
        len(one.op_id) != ID_LENGTH
        or one.at.tzinfo is None
        or len(text.encode()) > PAYLOAD_BYTES_MAX
    ):
        raise Refused(Problem(code="KIT_UNREADABLE"))
    return one
