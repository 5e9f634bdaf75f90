"""A case file as JSON: its fields, how they are read, their schema (場合のファイル).

Rules that are asked by file share this: what a field may hold is a value of data, every problem
of every field is told at once, and a value nobody knows is refused with the list of those known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.kernel.dates import YEARS, is_near
from madoguchi.kernel.outcome import Problem

_ITEMS_MAX = 30
_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a case file and what it may hold (項目)."""

    name: str
    kind: str  # choice, choices, whole, flag, day
    must: bool = False
    allowed: tuple[str, ...] = ()
    limit: int = 0


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
        "day": f"2026-11-27 の形の、{YEARS[0]}年から{YEARS[-1]}年の日付",
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
        day = date.fromisoformat(given)
    except ValueError:
        return _wrong(field, given)
    return day if is_near(day) else _wrong(field, given)


def _unknown(field: Field, given: object) -> Problem:
    facts = {"field": field.name, "written": str(given)[:_SHOWN], "words": "、".join(field.allowed)}
    return Problem(code="CASE_VALUE_UNKNOWN", where=field.name, facts=facts)


def _wrong(field: Field, given: object) -> Problem:
    facts = {"field": field.name, "written": str(given)[:_SHOWN], "words": _form_of(field)}
    return Problem(code="CASE_VALUE_WRONG", where=field.name, facts=facts)
