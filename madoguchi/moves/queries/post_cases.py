"""From a message to the case it opens and the people it is about (知らせから受付へ)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from madoguchi.infra.clock import day_of
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.domain.drafted import is_same, with_notice
from madoguchi.moves.domain.filing import Arrival, Evidence, Kind, Said
from madoguchi.moves.domain.household import MoveKind
from madoguchi.moves.domain.messages import MessageKind
from madoguchi.moves.domain.notices import Expectation, Expected, read_notice
from madoguchi.moves.domain.portal import expectation_of as filed_by_portal
from madoguchi.moves.domain.post import PostState, Way
from madoguchi.moves.models import Filing, FilingPerson, PostMessage
from madoguchi.moves.queries.cases import CaseRow, open_cases
from madoguchi.moves.queries.post import names_in, visible
from madoguchi.register.api import persons_of, search, seen

#: Looks whom a message speaks of, so that the gate can be asked; shows nobody anything.
LOOKER = Actor(
    staff_id="system", name="知らせの受取り", place="", terminal="", purpose="知らせの人の照合",
    rights=frozenset({Right.SEARCH, Right.VIEW_PERSON, Right.SEE_PROTECTED}),
)  # fmt: skip
_HITS_MAX = 20


def expectation_of(
    row: PostMessage, *, actor: Actor
) -> tuple[Expectation | tuple[Problem, ...], tuple[str, ...]]:
    """Return the case a message opens, and which others went into it (受付の内容).

    The old town's data and a visit told by the portal are one family's, whichever is opened.
    """
    kind = MessageKind(row.kind)
    found = _alone(row)
    beside = {MessageKind.MOVE_OUT_NOTICE: MessageKind.PORTAL_VISIT,
              MessageKind.PORTAL_VISIT: MessageKind.MOVE_OUT_NOTICE}.get(kind)  # fmt: skip
    if beside is None or not isinstance(found, Expectation):
        return found, ()
    waiting = PostMessage.objects.filter(
        way=Way.IN.value, kind=beside.value, state=PostState.WAITING.value
    )
    for one in visible(list(waiting.order_by("kept_at")), actor=actor):
        other = _alone(one)
        if isinstance(other, Expectation) and is_one_family(found, other):
            notice, visit = (
                (found, other) if kind is MessageKind.MOVE_OUT_NOTICE else (other, found)
            )
            return with_notice(notice, visit), (one.message_id,)
    return found, ()


def is_one_family(one: Expectation, other: Expectation) -> bool:
    """Tell whether somebody is in both (同じ家族)."""
    return any(is_same(each, every) for each in one.people for every in other.people)


def case_without_notice(notice: Expectation, *, actor: Actor) -> CaseRow | None:
    """Return the open case of this family that the old town has told nothing about yet (受付)."""
    rows = (one for one in open_cases(actor=actor) if one.expected.kind is MoveKind.MOVE_IN)
    return next(
        (
            one
            for one in rows
            if not one.expected.codes and is_one_family(one.expected, notice)
        ),
        None,
    )  # fmt: skip


def _alone(row: PostMessage) -> Expectation | tuple[Problem, ...]:
    kind = MessageKind(row.kind)
    if kind is not MessageKind.MOVE_OUT_NOTICE:
        return filed_by_portal(kind, row.body, told_on=day_of(row.told_at))
    notice = read_notice(row.body["notice"], arrival=Arrival.SPECIAL)
    return _told(notice, row) if isinstance(notice, Expectation) else notice


def arrivals_of(row: PostMessage, *, actor: Actor) -> tuple[str, ...]:
    """Return who of those a 転入通知 names is awaited from a 転出 filed here (転入した人)."""
    left = FilingPerson.objects.filter(
        filing__kind=Kind.MOVE_OUT.value, filing__reverted_at__isnull=True,
        person_id__in=row.person_ids,
    )  # fmt: skip
    ids = list(dict.fromkeys(left.order_by("row_id").values_list("person_id", flat=True)))
    people = seen.find_persons(ids, actor=actor)
    return tuple(
        one for one in ids if one in people and people[one].move_out_notified_on is None
    )  # fmt: skip


def known_people(kind: MessageKind, body: Mapping[str, Any]) -> list[str]:
    """Return whom of our register a message names: by code, else by name and birth (照合)."""
    named = [_expected(at, one) for at, one in enumerate(names_in(kind, body))]
    found: dict[str, None] = {}
    if kind is MessageKind.MOVE_IN_NOTICE and Filing.objects.filter(filing_id=body["ref"]).exists():
        rows = FilingPerson.objects.filter(filing=body["ref"]).values_list("person_id", flat=True)
        at_home = persons_of(list(rows))
        found |= dict.fromkeys(
            key for key, one in at_home.items() if any(_is(one, other) for other in named)
        )
    for one in named:
        name = one.items["name"].value if "name" in one.items else ""
        hits = search(name, actor=LOOKER, limit=_HITS_MAX).hits if name else ()
        rows_of = persons_of([hit.person_id for hit in hits])
        found |= dict.fromkeys(key for key, row in rows_of.items() if _is(row, one))
    return list(found)


def _is(row: Any, one: Expected) -> bool:
    code = one.items.get("resident_code")
    if code is not None and row.resident_code:
        return bool(code.value == row.resident_code)
    items = {"name": row.name or row.name_alphabet, "name_kana": row.name_kana, "birth": row.birth}
    here = {
        key: Said(value=str(value), evidence=Evidence.AUTHORITY) for key, value in items.items()
    }
    return is_same(Expected(no="", items=here), one)


def _expected(at: int, one: Mapping[str, str]) -> Expected:
    named = {**one, "name": one.get("name") or one.get("name_alphabet", "")}
    return Expected(
        no=str(at),
        items={
            name: Said(value=named[name], evidence=Evidence.NOTICE)
            for name in ("name", "name_kana", "birth", "resident_code")
            if named.get(name)
        },
    )  # fmt: skip


def _told(notice: Expectation, row: PostMessage) -> Expectation:
    """Say of every field when the old town told it."""
    on = day_of(row.told_at)
    return replace(
        notice, once={name: replace(one, told_on=on) for name, one in notice.once.items()},
        people=tuple(
            replace(one, items={name: replace(said, told_on=on) for name, said in one.items.items()})
            for one in notice.people
        ),
    )  # fmt: skip
