"""Requests as one clerk may see them, with names (職員から見た交付申請).

To somebody without the right a request about a held person does not exist, as the person
does not: by number, in lists, and in their counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from madoguchi.certificates.queries.requests import (
    RequestRow,
    find_request,
    find_requests,
    issues_of,
    list_cases,
    list_open,
)
from madoguchi.kernel.actor import Actor
from madoguchi.protection.api import hidden_from
from madoguchi.register.api import seen


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRequest:
    """A request and what the person it was asked for is called (交付申請と氏名)."""

    row: RequestRow
    name: str
    kana: str


def list_waiting(*, actor: Actor) -> tuple[NamedRequest, ...]:
    """List what is being made, ready, or waits for a second officer, oldest first (交付待ち)."""
    return _named(list_open(actor=actor), actor=actor)


def list_open_cases(*, actor: Actor) -> tuple[NamedRequest, ...]:
    """List the failures that nobody has explained yet (未調査の失敗)."""
    return _named(list_cases(actor=actor), actor=actor)


def find_seen(request_id: str, *, actor: Actor) -> NamedRequest | None:
    """Return one request, or None: unknown and not to be seen look the same."""
    row = find_request(request_id)
    # Names are asked for in either case: what must not be known takes as long as what never was.
    found = _named([row] if row is not None else [], actor=actor, or_of=frozenset({""}))
    return found[0] if found else None


def seen_among(request_ids: Iterable[str], *, actor: Actor) -> frozenset[str]:
    """Tell which of these requests exist for this actor (照会できる申請)."""
    wanted = tuple(request_ids)
    if not wanted:
        return frozenset()
    found = _named(find_requests(wanted), actor=actor)
    return frozenset(one.row.request_id for one in found)


def history_for(person_id: str, *, actor: Actor) -> tuple[NamedRequest, ...]:
    """List every paper on which this person stands, newest first (交付履歴照会)."""
    return _named(issues_of([person_id], actor=actor), actor=actor)


def _named(
    rows: Iterable[RequestRow], *, actor: Actor, or_of: frozenset[str] = frozenset()
) -> tuple[NamedRequest, ...]:
    wanted = tuple(rows)
    people = {one for row in wanted for one in (row.asked_person_id, *row.subject_ids)}
    names = seen.find_names(people or or_of, actor=actor)
    return tuple(
        NamedRequest(
            row=row,
            name=names[row.asked_person_id].name,
            kana=names[row.asked_person_id].kana,
        )
        for row in wanted
        if names.keys() >= {row.asked_person_id, *row.subject_ids}
        if not (row.is_protected and hidden_from(actor))
    )
