"""The case a checklist is made for: its fields, how they are read, their schema (必要書類の場合).

A field that is not told stays unknown, and what depends on it is named as undecided: unknown is
never none. A value nobody knows is refused with the list of those that are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from madoguchi.advice.domain.documents import RuleBook, Visitor
from madoguchi.advice.domain.guard import Channel
from madoguchi.kernel.casefile import Field, read_fields
from madoguchi.kernel.outcome import Problem

AGE_MAX = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One visit as it is told (手続きの場合); None: not told."""

    visit_kind: str
    visitor: Visitor
    age: int
    today: date
    channel: Channel = Channel.COUNTER
    documents: tuple[str, ...] | None = None
    visitor_documents: tuple[str, ...] | None = None
    expired_documents: tuple[str, ...] = ()
    differing_documents: tuple[str, ...] = ()
    papers: tuple[str, ...] | None = None
    reason: str | None = None
    holder_present: bool | None = None
    under_guardianship: bool = False
    same_household: bool | None = None
    annotation_lines_used: int | None = None
    has_licence_function: bool = False
    reissue_reason: str | None = None
    express_reason: str | None = None
    event_on: date | None = None
    birth_date: date | None = None
    card_expired: bool = False
    pin: str | None = None
    wants_sign: bool = True
    moved_in_on: date | None = None
    filed_on: date | None = None
    planned_move_out_on: date | None = None


REISSUE_REASONS = ("lost", "damaged", "damaged_by_holder", "annotation_full", "name_changed")
PIN_STATES = ("known", "forgotten", "locked")
PAPER_FINDINGS = ("envelope_opened",)


def fields_of(book: RuleBook) -> tuple[Field, ...]:
    """Return every field a case may have, with its values (項目の表)."""
    documents = tuple(dict.fromkeys(row.code for row in book.documents))
    papers = tuple(dict.fromkeys(row.code for row in book.papers))
    return (
        Field(name="card_kind", kind="choice", allowed=("my_number",)),
        Field(name="visit_kind", kind="choice", must=True, allowed=tuple(
            row.code for row in book.visits)),
        Field(name="visitor", kind="choice", must=True, allowed=tuple(Visitor)),
        Field(name="age", kind="whole", must=True, limit=AGE_MAX),
        Field(name="documents", kind="choices", allowed=documents),
        Field(name="visitor_documents", kind="choices", allowed=documents),
        Field(name="expired_documents", kind="choices", allowed=documents),
        Field(name="differing_documents", kind="choices", allowed=documents),
        Field(name="papers", kind="choices", allowed=(*papers, *PAPER_FINDINGS)),
        Field(name="reason", kind="choice", allowed=tuple(row.code for row in book.reasons)),
        Field(name="holder_present", kind="flag"),
        Field(name="under_guardianship", kind="flag"),
        Field(name="same_household", kind="flag"),
        Field(name="annotation_lines_used", kind="whole", limit=4),
        Field(name="has_licence_function", kind="flag"),
        Field(name="channel", kind="choice", allowed=tuple(Channel)),
        Field(name="reissue_reason", kind="choice", allowed=REISSUE_REASONS),
        Field(name="express_reason", kind="choice", allowed=tuple(
            row.code for row in book.express)),
        Field(name="event_on", kind="day"),
        Field(name="birth_date", kind="day"),
        Field(name="card_expired", kind="flag"),
        Field(name="pin", kind="choice", allowed=PIN_STATES),
        Field(name="wants_sign", kind="flag"),
        Field(name="moved_in_on", kind="day"),
        Field(name="filed_on", kind="day"),
        Field(name="planned_move_out_on", kind="day"),
        Field(name="today", kind="day"),
    )  # fmt: skip


def read_case(raw: object, *, book: RuleBook, today: date) -> Case | tuple[Problem, ...]:
    """Read a case, or return everything that is wrong with it (場合の読取り)."""
    values = read_fields(raw, fields_of(book))
    if not isinstance(values, Mapping):
        return values
    told = {name: value for name, value in values.items() if name != "card_kind"}
    if "visitor" in told:
        told["visitor"] = Visitor(told["visitor"])
    if "channel" in told:
        told["channel"] = Channel(told["channel"])
    return Case(**{"today": today, **told})
