"""The tables of the checker and of the deadlines, read once (必要書類と期限の表).

A town keeps tables of its own in a folder; a file of the same name there stands in the place of
the one that comes with the program. No database is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from madoguchi.advice.domain.checklist import Advice, advise
from madoguchi.advice.domain.checklist_case import (
    Case,
    fields_of,
    read_case,
)
from madoguchi.advice.domain.deadlines import (
    Deadline,
    KnownDays,
    LimitBook,
    check_days,
    deadlines_of,
    due_between,
    read_limits,
    storage_ends,
)
from madoguchi.advice.domain.deadlines_case import EXAMPLE as DEADLINES_EXAMPLE
from madoguchi.advice.domain.deadlines_case import fields_of_deadlines
from madoguchi.advice.domain.documents import RuleBook, read_book
from madoguchi.infra.office import is_office_day
from madoguchi.infra.town_tables import read_table
from madoguchi.kernel.casefile import read_fields, schema_of
from madoguchi.kernel.outcome import Problem

FOLDER = Path(__file__).resolve().parents[1] / "tables"
CHECKLIST_EXAMPLE: Mapping[str, Any] = {
    "visit_kind": "new",
    "visitor": "proxy",
    "reason": "hospital",
    "age": 82,
    "documents": ["health_insurance_eligibility", "pension_book", "photo_certificate"],
    "visitor_documents": ["driving_licence", "health_insurance_eligibility"],
    "today": "2026-11-27",
}


def rule_book(folder: str = "") -> RuleBook:
    """Return the tables of documents and visits (必要書類の表)."""
    return _books(folder)[0]


def limit_book(folder: str = "") -> LimitBook:
    """Return the tables of deadlines (期限の表)."""
    return _books(folder)[1]


@lru_cache(maxsize=4)
def _books(folder: str) -> tuple[RuleBook, LimitBook]:
    names = ("documents", "visits", "deadlines")
    tables = {name: read_table(name, ours=FOLDER, own=folder) for name in names}
    book = read_book((tables["documents"], tables["visits"]))
    return book, read_limits(tables["deadlines"])


def answer_checklist(raw: object, *, today: date, folder: str = "") -> Advice:
    """Answer a case as it was written, or say all that is wrong with it (必要書類の確認)."""
    book = rule_book(folder)
    case = read_case(raw, book=book, today=today)
    return advise(case, book) if isinstance(case, Case) else Advice(accepted=False, problems=case)


def answer_deadlines(
    raw: object, *, folder: str = ""
) -> tuple[tuple[Deadline, ...], tuple[Problem, ...]]:
    """Answer a case of days as it was written, with all that is wrong with it (期限の一覧)."""
    book, limits = rule_book(folder), limit_book(folder)
    values = read_fields(raw, fields_of_deadlines(book, limits))
    if not isinstance(values, Mapping):
        return (), values
    told = {name: value for name, value in values.items() if name != "today"}
    case = KnownDays(**told)
    problems = check_days(case)
    if problems:
        return (), problems
    found = deadlines_of(case, limits=limits, rulebook=book, is_office_day=is_office_day)
    return found, () if found else (Problem(code="DEADLINE_NOTHING_FOLLOWS"),)


def list_due(
    cards: Iterable[tuple[str, KnownDays]], *, first: date, last: date, folder: str = ""
) -> list[tuple[str, Deadline]]:
    """Return whose deadlines fall into some days, the earliest first (期限の迫る一覧)."""
    found = due_between(
        cards, first=first, last=last, limits=limit_book(folder), rulebook=rule_book(folder),
        is_office_day=is_office_day,
    )  # fmt: skip
    return sorted(found, key=lambda one: (one[1].date, one[0], one[1].code))


def kept_until(days: KnownDays, *, folder: str = "") -> date | None:
    """Return the last day a card nobody fetches is kept, None while none has begun (保管の終わり)."""
    return storage_ends(days, limit_book(folder).storage[days.storage_rule], expires=None)


def checklist_schema(folder: str = "") -> dict[str, Any]:
    """Return the JSON Schema of a checklist's case (必要書類の場合の形)."""
    title = "madoguchi cards checklist: one visit"
    return schema_of(fields_of(rule_book(folder)), title=title, example=CHECKLIST_EXAMPLE)


def deadlines_schema(folder: str = "") -> dict[str, Any]:
    """Return the JSON Schema of a deadlines' case (期限の場合の形)."""
    fields = fields_of_deadlines(rule_book(folder), limit_book(folder))
    title = "madoguchi cards deadlines: what is known of a card or a move"
    return schema_of(fields, title=title, example=DEADLINES_EXAMPLE)
