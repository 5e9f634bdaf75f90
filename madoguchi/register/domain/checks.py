"""What makes the items of a record wrong (記載事項の検査).

Codes in brackets are those of the list of errors: E1 異動日 ahead, E2 届出日 ahead, E3 a forbidden
blank, E4 a date outside the calendar. Source: resident record standard 1.1.6, 1.1.8, 4.0.3.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from madoguchi.kernel.checkdigits import is_valid_resident_code
from madoguchi.kernel.dates import (
    IMPOSSIBLE_ALLOWED_IN,
    DateField,
    DateForm,
    RegisterDate,
    check_register_date,
    from_day,
    parse_register_date,
)
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text
from madoguchi.register.domain.commands import Change, Filing
from madoguchi.register.domain.items import ITEM_NAMES, Items, Sex, StayClass
from madoguchi.register.domain.reasons import NationalityGroup, Reason
from madoguchi.register.domain.relationship import parse_relationship

DATED: Mapping[str, DateField] = MappingProxyType(
    {
        "birth": DateField.BIRTH,
        "became_resident": DateField.RESIDENT_SINCE,
        "address_since": DateField.ADDRESS_SINCE,
        "notified": DateField.OTHER,
        "stay_until": DateField.OTHER,
    }
)
_EFFECTIVE: Mapping[Reason, DateField] = MappingProxyType(
    {
        Reason.BIRTH: DateField.EFFECTIVE_BIRTH,
        Reason.DEATH: DateField.EFFECTIVE_DEATH,
        # 失踪宣告 comes as a removal by authority.
        Reason.REMOVE_EX_OFFICIO: DateField.EFFECTIVE_MISSING,
    }
)
#: Set by the ledger itself, never by a change of items.
KEPT_BY_LEDGER = frozenset(
    {
        "status", "household_no", "seat", "removal_reason", "removed", "removed_sort",
        "move_out_to", "move_out_planned_on", "move_out_to_confirmed", "move_out_notified_on",
        "extra", *(f"{name}_sort" for name in DATED),
    }
)  # fmt: skip
CHANGEABLE = frozenset(ITEM_NAMES) - KEPT_BY_LEDGER
_CODES: Mapping[str, type[Sex | StayClass | NationalityGroup]] = MappingProxyType(
    {"sex": Sex, "stay_class": StayClass, "nationality_group": NationalityGroup}
)
_FLAGS = frozenset({"is_householder", "kana_confirmed"})
_NUMBERS = frozenset({"household_no", "resident_code", "residence_card_no", "postcode"})
_TEXTS = tuple(
    one.name
    for one in dataclasses.fields(Items)
    if one.type == "str" and one.name not in _NUMBERS | DATED.keys()
)

_NEVER_BLANK = ("name", "birth", "address", "household_no", "became_resident", "resident_code")
_NEVER_BLANK_JAPANESE = ("honseki", "hittosha")
_NEVER_BLANK_FOREIGN = ("nationality", "stay_class")
_NEVER_BLANK_STAY: Mapping[StayClass, tuple[str, ...]] = MappingProxyType(
    {
        StayClass.MID_TO_LONG_TERM: ("residence_status", "stay_until", "residence_card_no"),
        StayClass.SPECIAL_PERMANENT: ("residence_card_no",),
        StayClass.TEMPORARY_REFUGE: ("stay_until",),
        StayClass.PROVISIONAL_STAY: ("stay_until",),
    }
)


def read_effective(
    filing: Filing, reason: Reason, *, today: date, may_be_ahead: bool
) -> tuple[RegisterDate, tuple[Problem, ...]]:
    """Read the 異動日; empty, unreadable or ahead is a problem (E1, E3, E4)."""
    nothing = RegisterDate(as_written="", sort_on=today, form=DateForm.EXACT)
    if not filing.effective.strip():
        return nothing, (Problem(code="BLANK_FORBIDDEN", where="effective"),)
    found = parse_register_date(filing.effective, where="effective")
    if isinstance(found, Problem):
        return nothing, (found,)
    field = _EFFECTIVE.get(reason, DateField.EFFECTIVE_OTHER)
    problems = list(_check_form(found, field, where="effective"))
    if found.sort_on > today and not may_be_ahead:
        facts = {"written": found.as_written}
        problems.append(Problem(code="EFFECTIVE_AHEAD", where="effective", facts=facts))
    return found, tuple(problems)


def check_filing(filing: Filing, *, today: date) -> tuple[Problem, ...]:
    """Return what is wrong with the days of a filing: none may be ahead (E2)."""
    days = {
        "filed_on": filing.filed_on,
        "petitioned_on": filing.petitioned_on,
        "notified_by_office_on": filing.notified_by_office_on,
        "requested_on": filing.requested_on,
    }
    return tuple(
        Problem(code="FILED_AHEAD", where=name, facts={"written": from_day(day).as_written})
        for name, day in days.items()
        if day is not None and day > today
    )


def settle_dates(items: Items, names: Collection[str]) -> tuple[Items, tuple[Problem, ...]]:
    """Read the dates as written and put the day to sort by beside them (E4)."""
    problems: list[Problem] = []
    sorts: dict[str, date | None] = {}
    for name in DATED:
        if name not in names:
            continue
        text = getattr(items, name)
        sorts[f"{name}_sort"] = None
        if not text:
            continue
        found = parse_register_date(text, where=name)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        problems += _check_form(found, DATED[name], where=name)
        sorts[f"{name}_sort"] = found.sort_on
    return replace(items, **sorts), tuple(problems)  # type: ignore[arg-type]


def check_items(items: Items, names: Collection[str] = ITEM_NAMES) -> tuple[Problem, ...]:
    """Return what is wrong with these items: blanks, free text, relationship, code (E3)."""
    found: list[Problem] = []
    required = list(_NEVER_BLANK)
    if items.nationality_group is NationalityGroup.JAPANESE:
        required += _NEVER_BLANK_JAPANESE
    else:
        required += _NEVER_BLANK_FOREIGN + _NEVER_BLANK_STAY.get(items.stay_class, ())
    blank = (name for name in required if name in names and not getattr(items, name))
    found += (Problem(code="BLANK_FORBIDDEN", where=name) for name in blank)
    for name in _TEXTS:
        if name in names:
            found += check_free_text(getattr(items, name), where=name)
    if "relationship" in names:
        found += check_standing(items.relationship, is_householder=items.is_householder)
    code = items.resident_code if "resident_code" in names else ""
    if code and not is_valid_resident_code(code):
        found.append(Problem(code="RESIDENT_CODE_WRONG", where="resident_code"))
    return tuple(found)


def check_standing(relationship: str, *, is_householder: bool) -> tuple[Problem, ...]:
    """Return what is wrong with a relationship (続柄)."""
    read = parse_relationship(relationship, where="relationship")
    if isinstance(read, Problem):
        return (read,)
    if read.is_head != is_householder:
        return (Problem(code="HEAD_AND_RELATIONSHIP_DIFFER", where="relationship"),)
    return ()


def apply_changes(
    items: Items, changes: Mapping[str, Change], *, allowed: Collection[str]
) -> tuple[Items, tuple[Problem, ...]]:
    """Return the items with the changes in them, dates read, and what is wrong with it."""
    problems: list[Problem] = []
    values: dict[str, object] = {}
    for name, value in changes.items():
        if name not in allowed:
            problems.append(Problem(code="ITEM_NOT_CHANGEABLE_HERE", where=name))
            continue
        if isinstance(value, bool) != (name in _FLAGS):
            problems.append(Problem(code="ITEM_VALUE_WRONG", where=name))
            continue
        codes = _CODES.get(name)
        try:
            values[name] = value if codes is None else codes(str(value))
        except ValueError:
            problems.append(Problem(code="ITEM_VALUE_WRONG", where=name))
    after, unread = settle_dates(replace(items, **values), values.keys())  # type: ignore[arg-type]
    problems += unread
    problems += check_items(after, values.keys())
    if not problems and after == items:
        problems.append(Problem(code="NOTHING_CHANGES"))
    return after, tuple(problems)


def _check_form(value: RegisterDate, field: DateField, *, where: str) -> tuple[Problem, ...]:
    if field in IMPOSSIBLE_ALLOWED_IN:
        return ()
    found = check_register_date(value, field=field, where=where)
    if not found and value.form is not DateForm.EXACT:
        return (Problem(code="DATE_NOT_EXACT", where=where, facts={"written": value.as_written}),)
    return found
