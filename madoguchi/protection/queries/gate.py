"""The gate's one look at the live state (ゲート)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection

from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor
from madoguchi.protection.domain.blocks import Block, Level, Process, SubjectKind
from madoguchi.protection.domain.gate import GateAnswer, Holds, Use, all_blocked, decide
from madoguchi.protection.domain.measures import (
    Category,
    EndReason,
    Ground,
    Measure,
    MeasureState,
    Period,
    Scope,
)
from madoguchi.protection.domain.unlocks import basis_of

log = logging.getLogger("madoguchi.protection.gate")

# Two tables say who is held; either one is enough, so that a slip in one opens nobody.
# Joined to a list of rows and not compared with an array: 100,000 ids stay one pass.
_SQL = """
WITH asked AS MATERIALIZED (SELECT DISTINCT unnest(%(persons)s::text[]) AS person_id),
     homes AS MATERIALIZED (SELECT DISTINCT unnest(%(households)s::text[]) AS household_id)
SELECT 'HELD', h.person_id, NULL::jsonb
  FROM protection_held h JOIN asked ON asked.person_id = h.person_id
UNION ALL
SELECT 'MEASURE', p.person_id, to_jsonb(m) || jsonb_build_object('members',
       (SELECT jsonb_agg(o.person_id) FROM protection_member o WHERE o.measure_id = m.measure_id))
  FROM asked JOIN protection_member p ON p.person_id = asked.person_id
  JOIN protection_measure m ON m.measure_id = p.measure_id
 WHERE m.state <> 'ENDED'
UNION ALL
SELECT 'BLOCK', b.subject_id, to_jsonb(b)
  FROM asked JOIN protection_block b ON b.subject_id = asked.person_id
 WHERE b.subject_kind = 'PERSON' AND b.cleared_at IS NULL
UNION ALL
SELECT 'BLOCK', b.subject_id, to_jsonb(b)
  FROM homes JOIN protection_block b ON b.subject_id = homes.household_id
 WHERE b.subject_kind = 'HOUSEHOLD' AND b.cleared_at IS NULL
UNION ALL
SELECT 'PASS', NULL, jsonb_build_object('persons', u.person_ids, 'basis', u.basis, 'live',
       (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_array(m.measure_id, m.version)), '[]')
          FROM protection_member p JOIN protection_measure m ON m.measure_id = p.measure_id
         WHERE p.person_id = ANY(u.person_ids) AND m.state <> 'ENDED'))
  FROM protection_unlock u
 WHERE u.state = 'USED' AND u.pass_id = %(pass_id)s AND u.request_id = %(request_id)s
   AND u.kind = %(kind)s AND u.use = %(use)s AND u.proposed_by = %(staff_id)s
   AND u.expires_at > %(now)s
"""


def gate(
    person_ids: Iterable[str],
    *,
    actor: Actor,
    use: Use,
    households: Mapping[str, str] | None = None,
    request_id: str = "",
    kind: str = "",
    pass_id: str = "",
) -> GateAnswer:
    """Say who may be shown, printed or sent, as things stand this moment (ゲート).

    Ask at the last moment, for all persons of a page or paper at once: it is one query for
    any number of ids. ``households`` (person id → household id) brings in blocks on
    households. ``request_id``, ``kind`` and ``pass_id`` (what ``use_unlock`` answered) open
    held persons for exactly that paper. Whatever goes wrong, everybody is blocked.
    """
    asked = frozenset(person_ids)
    try:
        now = clock.now()
        holds = _look(
            asked,
            households=households or {},
            pass_given={
                "pass_id": pass_id,
                "request_id": request_id,
                "kind": kind,
                "use": Use(use).value,
                "staff_id": actor.staff_id,
                "now": now,
            },
        )
        return decide(asked, holds, actor=actor, use=Use(use), now=now, today=clock.today())
    except Exception as error:  # noqa: BLE001  fail closed, whatever it was
        # No traceback: its locals would carry ids into the log.
        log.error("the gate could not look and blocked everybody: %s", type(error).__name__)  # noqa: TRY400
        return all_blocked(asked)


def _look(
    asked: frozenset[str],
    *,
    households: Mapping[str, str],
    pass_given: Mapping[str, str | datetime],
) -> Holds:
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                **pass_given,
                "persons": list(asked),
                "households": sorted({households[p] for p in asked if p in households}),
            },
        )
        rows = cursor.fetchall()
    living_in: dict[str, list[str]] = {}
    for person_id, household_id in households.items():
        if person_id in asked:
            living_in.setdefault(household_id, []).append(person_id)
    held: set[str] = set()
    measures: dict[str, Measure] = {}
    blocks: list[tuple[str, Block]] = []
    unlocked: frozenset[str] = frozenset()
    for what, person_id, text in rows:
        data = json.loads(text) if isinstance(text, str) else text
        match what:
            case "HELD":
                held.add(person_id)
            case "MEASURE":
                held.add(person_id)
                read = read_measure(data)
                if read is not None:
                    measures[read.measure_id] = read
            case "BLOCK":
                block = read_block(data)
                on_person = block.subject_kind is SubjectKind.PERSON
                persons = [person_id] if on_person else living_in[person_id]
                blocks += [(one, block) for one in persons]
            case "PASS":
                live = [(one[0], one[1]) for one in data["live"]]
                if data["basis"] == basis_of(live):
                    unlocked = frozenset(data["persons"])
    return Holds(
        held=frozenset(held),
        measures=tuple(measures.values()),
        blocks=tuple(blocks),
        unlocked=unlocked,
    )


def read_measure(data: Mapping[str, Any]) -> Measure | None:
    """Read a stored measure; None when it holds a code we do not know (it holds even so)."""
    try:
        period = None
        if data["begins_on"] and data["ends_on"]:
            period = Period(begins_on=_day(data["begins_on"]), ends_on=_day(data["ends_on"]))
        return Measure(
            measure_id=data["measure_id"],
            case_no=data["case_no"],
            state=MeasureState(data["state"]),
            version=data["version"],
            applicant_id=data["applicant_id"],
            together_ids=frozenset(data["members"]) - {data["applicant_id"]},
            category=Category(data["category"]),
            scope=frozenset(Scope(one) for one in data["scope"]),
            accepted_on=_day(data["accepted_on"]),
            from_town=data["from_town"],
            period=period,
            ground=Ground(data["ground"]) if data["ground"] else None,
            carried_over_on=_day_or_none(data["carried_over_on"]),
            carried_to=data["carried_to"],
            ended_on=_day_or_none(data["ended_on"]),
            end_reason=EndReason(data["end_reason"]) if data["end_reason"] else None,
        )
    except ValueError:
        return None


def read_block(data: Mapping[str, Any]) -> Block:
    """Read a stored block (抑止)."""
    until = data["open_until"]
    return Block(
        block_id=data["block_id"],
        subject_kind=SubjectKind(data["subject_kind"]),
        subject_id=data["subject_id"],
        process=Process(data["process"]),
        level=Level(data["level"]),
        reason=data["reason"],
        starts_on=_day(data["starts_on"]),
        ends_on=_day_or_none(data["ends_on"]),
        open_until=datetime.fromisoformat(until) if isinstance(until, str) else until,
        cleared=data["cleared_at"] is not None,
    )


def _day(value: str | date) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _day_or_none(value: str | date | None) -> date | None:
    return None if value is None else _day(value)
