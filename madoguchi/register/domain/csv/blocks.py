"""Many rows at once: what a worker process does for an import (行の一括検査)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from madoguchi.kernel.outcome import Problem
from madoguchi.register.domain.copytext import copy_text
from madoguchi.register.domain.csv.columns import KNOWN
from madoguchi.register.domain.csv.rows import Header, Row, check_header, check_person, check_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some rows checked: those whose person is known as COPY text, and all that is wrong."""

    rows: int
    text: bytes
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check_block(
    rows: Sequence[tuple[int, list[str]]],
    names: tuple[str, ...],
    file: str,
    fields: tuple[str, ...],
) -> Block:
    """Check rows of a file under a header of ``names``; write their ``fields`` for COPY (行の検査).

    A row is written even if it is wrong, as long as its person is known: so a number given
    twice shows beside all other problems.
    """
    header = _header(names, file)
    is_person = "name" in header.fills
    problems: list[Problem] = []
    warnings: list[Problem] = []
    kept = []
    for line, cells in rows:
        row = check_row(header, line=line, cells=cells)
        if is_person:
            check_person(row)
        problems += row.problems
        warnings += row.warnings
        if row.values.get("person_id"):
            _settle(row)
            value_of = row.values.get
            kept.append([value_of(name) for name in fields])
    return Block(
        rows=len(rows), text=copy_text(kept), problems=tuple(problems), warnings=tuple(warnings)
    )


def _settle(row: Row) -> None:
    values = row.values
    values["line"] = row.line
    values["extra"] = json.dumps(row.extra, ensure_ascii=False) if row.extra else "{}"
    if "reason" in values:
        values["reasons"] = [one.value for one in values["reason"] or ()]


@lru_cache(maxsize=8)
def _header(names: tuple[str, ...], file: str) -> Header:
    header = check_header(names, known=KNOWN[file])
    assert isinstance(header, Header), "the caller has read this header before"
    return header
