"""Arms of a search: each finds people in one way, in the order in which they are shown.

A statement is a list of arms joined by UNION ALL under one LIMIT. PostgreSQL runs them one
after the other and stops as soon as the page is full: an arm behind a full page costs nothing.
Within an arm rows come out sorted (living before removed, then kana), because the arm either
walks a btree that has this order or asks the inverted index bucket by bucket.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

#: A condition on ``register_search x`` and the values of its placeholders.
Condition = tuple[str, tuple[Any, ...]]

# ``|| ''``: with the bare column the planner may walk the index that has this order and check
# a million rows for the token, instead of asking the inverted index (a 300-fold loss).
SORTED_AFTER = "x.rank, x.sort_key || '', x.person_id"
SORTED_BY_INDEX = "x.rank, x.sort_key, x.person_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One way to find people, and the code that tells it apart (検索の手段).

    ``code`` is an SQL expression. ``probes``: token lists to ask in turn; without them the
    arm's conditions find their rows by a btree, or by what ``joins`` adds.
    """

    code: str
    code_values: tuple[Any, ...] = ()
    conditions: tuple[Condition, ...]
    probes: tuple[tuple[int, ...], ...] = ()
    source: str = "register_search x"
    order: str = SORTED_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Arms asked together; ``first`` is what they all look into, read once (1回の照会)."""

    arms: tuple[Arm, ...]
    first: Condition = ("", ())
    #: Not worth asking once anybody was found.
    only_if_nobody: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A person and how they were found (該当者)."""

    person_id: str
    code: str


# To someone without the right a held person does not exist: not here, not in any count.
_OPEN_ONLY = " AND NOT EXISTS (SELECT 1 FROM protection_out_held h WHERE h.person_id = x.person_id)"


def sql_of(
    asked: Statement, *, without: Iterable[str], open_only: bool, limit: int
) -> tuple[str, list[Any]]:
    """Join arms into one statement that yields (person_id, code), best first."""
    seen = list(without)
    texts: list[str] = []
    first, first_values = asked.first
    values: list[Any] = list(first_values)
    for arm in asked.arms:
        text, some = _text_of(arm, seen=seen, open_only=open_only, limit=limit)
        texts.append(f"({text})")
        values += some
    text = f"{first}SELECT * FROM ({' UNION ALL '.join(texts)}) AS found LIMIT %s"  # noqa: S608
    return text, [*values, limit]


def _text_of(arm: Arm, *, seen: list[str], open_only: bool, limit: int) -> tuple[str, list[Any]]:
    conditions = [text for text, _ in arm.conditions]
    values = [value for _, some in arm.conditions for value in some]
    if seen:
        conditions.append("x.person_id <> ALL(%s)")
        values.append(seen)
    where = " AND ".join(conditions) or "TRUE"
    where += _OPEN_ONLY if open_only else ""
    # Constants of this folder; whatever was typed is a value.
    source = f"SELECT x.person_id, {arm.code} AS code FROM {arm.source}"  # noqa: S608
    if len(arm.probes) <= 1:
        if arm.probes:
            where = f"x.tokens @> %s::int[] AND {where}"
            values.insert(0, list(arm.probes[0]))
        text = f"{source} WHERE {where} ORDER BY {arm.order} LIMIT %s"
        return text, [*arm.code_values, *values, limit]
    text = (
        "SELECT s.person_id, s.code FROM unnest(%s::text[]) AS probe(tokens) CROSS JOIN LATERAL ("  # noqa: S608
        f"{source} WHERE x.tokens @> probe.tokens::int[] AND {where}"
        f" ORDER BY {arm.order} LIMIT %s) AS s LIMIT %s"
    )
    probes = ["{" + ",".join(map(str, tokens)) + "}" for tokens in arm.probes]
    return text, [probes, *arm.code_values, *values, limit, limit]


def like(column: str, *pieces: str) -> Condition:
    """Return the condition that a framed text holds this; ``%`` as a piece stands for anything."""
    pattern = "".join(piece if piece == "%" else _escaped(piece) for piece in pieces)
    return f"x.{column} LIKE %s", (pattern,)


def equal(column: str, value: str) -> Condition:
    """Return the condition that a column is exactly this."""
    return f"x.{column} = %s", (value,)


def unequal(column: str, value: str) -> Condition:
    """Return the condition that a column is not this: an arm before has found those."""
    return f"x.{column} <> %s", (value,)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
