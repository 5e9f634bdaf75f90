"""The case a checklist is made for: its fields, how they are read, their schema (必要書類の場合).

A field that is not told stays unknown, and what depends on it is named as undecided: unknown is
never none. A value nobody knows is refused with the list of those that are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.advice.domain.documents import RuleBook, Visitor
from madoguchi.advice.domain.guard import Channel
from madoguchi.kernel.outcome import Problem

AGE_MAX = 130
_ITEMS_MAX = 30
_SHOWN = 40


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a case file and what it may hold (項目)."""

    name: str
    kind: str  # choice, choices, whole, flag, day
    must: bool = False
    allowed: tuple[str, ...] = ()
    limit: int = 0


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


def read_fields(raw: object, fields: tuple[Field, ...]) -> Mapping[str, Any] | tuple[Problem, ...]:
    """Read the fields of a case file; every problem of every field at once (項目の読取り)."""
    if not isinstance(raw, Mapping):
        return (Problem(code="CASE_NOT_AN_OBJECT"),)
    known = {field.name: field for field in fields}
    found: list[Problem] = []
    values: dict[str, Any] = {}
    for name in raw:
        if name not in known:
            facts = {"written": str(name)[:_SHOWN], "words": "、".join(known)}
            found.append(Problem(code="CASE_FIELD_UNKNOWN", where=str(name)[:_SHOWN], facts=facts))
    for field in fields:
        given = raw.get(field.name)
        if given is None:
            if field.must:
                found.append(
                    Problem(
                        code="CASE_FIELD_MISSING",
                        where=field.name,
                        facts={
                            "field": field.name,
                            "words": "、".join(field.allowed) or _form_of(field),
                        },
                    )
                )
            continue
        value = _value(field, given)
        if isinstance(value, Problem):
            found.append(value)
        else:
            values[field.name] = value
    return tuple(found) or values


def schema_of(
    fields: tuple[Field, ...], *, title: str, example: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the JSON Schema of a case file, with an example that runs (JSON Schema)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in fields if field.must],
        "properties": {field.name: _schema_of(field) for field in fields},
        "examples": [dict(example)],
    }


def _schema_of(field: Field) -> dict[str, Any]:
    choice = {"type": "string", "enum": list(field.allowed)}
    match field.kind:
        case "choice":
            return choice
        case "choices":
            return {"type": "array", "items": choice, "maxItems": _ITEMS_MAX}
        case "whole":
            return {"type": "integer", "minimum": 0, "maximum": field.limit}
        case "flag":
            return {"type": "boolean"}
        case _:
            return {"type": "string", "format": "date"}


def _form_of(field: Field) -> str:
    return {
        "whole": f"0 から {field.limit} の整数",
        "flag": "true、false",
        "day": "2026-11-27 の形の日付",
    }.get(field.kind, "")


def _value(field: Field, given: object) -> Any:
    match field.kind:
        case "choice":
            return given if given in field.allowed else _unknown(field, given)
        case "choices":
            return _choices(field, given)
        case "whole":
            whole = isinstance(given, int) and not isinstance(given, bool)
            return given if whole and 0 <= given <= field.limit else _wrong(field, given)  # type: ignore[operator]  # whole says int
        case "flag":
            return given if isinstance(given, bool) else _wrong(field, given)
        case _:
            return _day(field, given)


def _choices(field: Field, given: object) -> Any:
    if not isinstance(given, list) or len(given) > _ITEMS_MAX:
        return _unknown(field, given)
    strange = [one for one in given if one not in field.allowed]
    return _unknown(field, strange[0]) if strange else tuple(dict.fromkeys(given))


def _day(field: Field, given: object) -> Any:
    # ISO 8601 days only: the calendar form with dashes, as the contract says.
    if not isinstance(given, str) or len(given) != len("2026-11-27"):
        return _wrong(field, given)
    try:
        return date.fromisoformat(given)
    except ValueError:
        return _wrong(field, given)


def _unknown(field: Field, given: object) -> Problem:
    facts = {"field": field.name, "written": str(given)[:_SHOWN], "words": "、".join(field.allowed)}
    return Problem(code="CASE_VALUE_UNKNOWN", where=field.name, facts=facts)


def _wrong(field: Field, given: object) -> Problem:
    facts = {"field": field.name, "written": str(given)[:_SHOWN], "words": _form_of(field)}
    return Problem(code="CASE_VALUE_WRONG", where=field.name, facts=facts)
