"""The fields of a case of days (期限の場合の項目)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from madoguchi.advice.domain.deadlines import LimitBook
from madoguchi.advice.domain.documents import RuleBook
from madoguchi.kernel.casefile import Field

DAYS = (
    "today", "birth_date", "accepted_on", "made_on", "certificate_made_on", "card_expires_on",
    "stay_until", "first_notice_on", "renotice_on", "returned_on", "applied_on", "hold_until",
    "moved_in_on", "planned_move_out_on", "filed_on", "departs_on", "event_on",
)  # fmt: skip

EXAMPLE: Mapping[str, Any] = {
    "birth_date": "1986-04-02",
    "accepted_on": "2026-09-01",
    "made_on": "2026-10-05",
    "first_notice_on": "2026-10-20",
}


def fields_of_deadlines(book: RuleBook, limits: LimitBook) -> tuple[Field, ...]:
    """Return every field a case of days may have, with its values (項目の表)."""
    return (
        *(Field(name=name, kind="day") for name in DAYS),
        Field(name="permanent", kind="flag"),
        Field(name="nationality_group", kind="choice", allowed=("japanese", "foreign")),
        Field(name="storage_rule", kind="choice", allowed=tuple(limits.storage)),
        Field(
            name="express_reason", kind="choice", allowed=tuple(row.code for row in book.express)
        ),
    )
