"""What the record says of people who leave, for their 転出証明書 (転出の内容).

Everything is taken from the version that the filing made and from what was known then: a paper
asked for again says what the first one said, whatever happened since (SPEC1 4.1.3.0.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from madoguchi.certificates.actions.compose import birth_text
from madoguchi.certificates.domain.asking import Evidence
from madoguchi.certificates.domain.issue import DrawCommand, State
from madoguchi.certificates.domain.kinds import Kind
from madoguchi.certificates.domain.move_out import move_out_lines
from madoguchi.certificates.domain.move_out_code import SCHEMA, pack
from madoguchi.certificates.domain.paper import Extract, Paper
from madoguchi.certificates.models import Request
from madoguchi.kernel import wareki
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem
from madoguchi.register.api import PersonRow, VersionRow, household_snapshot, live_history_of

_DOMESTIC, _ABROAD, _EX_OFFICIO = "MOVE_OUT_DOMESTIC", "MOVE_OUT_ABROAD", "REMOVE_EX_OFFICIO"
#: 法24条の2: no second paper is needed, so whoever sees this one knows that data went ahead.
SPECIAL_NOTE = "特例による転出の届出（住民基本台帳法24条の2）"
AGAIN_NOTE = "再交付"


def read_move_out(
    command: DrawCommand, asked: PersonRow, actor: Actor
) -> Extract | tuple[Problem, ...]:
    """Read a filed 転出, or say why there is none to certify (転出の届出)."""
    del actor
    if asked.removal_reason == _ABROAD:
        return (Problem(code="MOVE_OUT_ABROAD"),)
    if asked.removal_reason == _EX_OFFICIO:
        return (Problem(code="MOVE_OUT_BY_AUTHORITY"),)
    if asked.removal_reason != _DOMESTIC or asked.move_out_planned_on is None:
        return (Problem(code="MOVE_OUT_NOT_FILED"),)
    special = Evidence.SPECIAL_MOVE_OUT in command.seen
    return _extract(
        command, asked, day=asked.move_out_planned_on, labels=("転出予定年月日", "届出年月日"),
        notes=[SPECIAL_NOTE] if special else [],
    )  # fmt: skip


def read_move_out_like(
    command: DrawCommand, asked: PersonRow, actor: Actor
) -> Extract | tuple[Problem, ...]:
    """Read a 転出 found by authority, too late for a filing (準ずる証明書; SPEC1 4.1.3.0.1, E9)."""
    del actor
    if asked.removal_reason == _DOMESTIC:
        return (Problem(code="MOVE_OUT_WAS_FILED"),)
    if asked.removal_reason != _EX_OFFICIO or asked.removed_sort is None or not asked.move_out_to:
        return (Problem(code="MOVE_OUT_NOT_FOUND"),)
    return _extract(
        command, asked, day=asked.removed_sort, labels=("転出年月日", "職権消除年月日"), notes=[]
    )


def movers_with(asked: PersonRow, people: Iterable[PersonRow]) -> tuple[PersonRow, ...]:
    """Return who leaves with somebody: for the same place, on the same ground and day (転出者)."""
    if not asked.removal_reason:
        return (asked,)  # refused by its own rule, with words
    same = _ground_of(asked)
    return tuple(one for one in people if one.removal_reason and _ground_of(one) == same)


def packed_of(paper: Paper, people: Sequence[PersonRow]) -> str:
    """Return what the codes of this paper say: the record, as 転出証明書情報 (符号の内容)."""
    return pack(notice_of(people, old_town=paper.municipality))


def notice_of(people: Sequence[PersonRow], *, old_town: str) -> dict[str, Any]:
    """Return what a town tells the next one of people who leave together (転出証明書情報)."""
    first = people[0]
    day = first.move_out_planned_on or first.removed_sort
    return {
        "schema": SCHEMA,
        "old_town": old_town,
        "previous_address": f"{first.address}　{first.building}".strip("　"),
        "planned_move_out_on": day.isoformat() if day else "",
        "move_out_to": first.move_out_to,
        "people": [_told(one) for one in people],
    }


def _told(row: PersonRow) -> Mapping[str, str]:
    names = ("name", "name_kana", "relationship", "honseki", "hittosha", "resident_code",
             "name_alphabet", "nationality", "residence_status", "residence_card_no",
             "former_surname", "former_surname_kana", "alias", "alias_kana")  # fmt: skip
    return {name: getattr(row, name) for name in names} | {
        "birth": birth_text(row), "sex": row.sex.value, "stay_class": row.stay_class.value,
        "nationality_group": row.nationality_group.value, "stay_until": row.stay_until,
    }  # fmt: skip


def _ground_of(row: PersonRow) -> tuple[Any, ...]:
    # The day they planned, not the day of removal: a notice of the new town can move that one.
    day = row.move_out_planned_on or row.removed_sort
    return (row.removal_reason, day, row.move_out_to, row.address, row.building)


def _extract(
    command: DrawCommand, asked: PersonRow, *, day: date, labels: tuple[str, str],
    notes: Sequence[str],
) -> Extract | tuple[Problem, ...]:  # fmt: skip
    filed = _filing_of(asked)
    if filed is None:
        return (Problem(code="RECORD_CHANGED_MEANWHILE"),)
    again = [AGAIN_NOTE] if _was_given(command.kind, asked.person_id, filed) else []
    filed_on = filed.filed_on or filed.recorded_at.date()
    return Extract(
        name=asked.name,
        birth_date=birth_text(asked),
        address=asked.address,
        lines=move_out_lines(
            to=asked.move_out_to, day_label=labels[0], day=wareki.format_long(day),
            filed_label=labels[1], filed=wareki.format_long(filed_on), notes=(*again, *notes),
        ),
        mark="",
        householder=_householder(asked, filed),
    )  # fmt: skip


def _filing_of(asked: PersonRow) -> VersionRow | None:
    """Return the version the filing made; what confirmed it later is none."""
    found = [
        one
        for one in live_history_of(asked.person_id)
        if one.reason.value == asked.removal_reason and one.corrects_no is None
    ]
    return found[-1] if found else None


def _householder(asked: PersonRow, filed: VersionRow) -> str:
    """Return the head as known when it was filed; the head who leaves too is the head."""
    then = household_snapshot(asked.household_no, known_at=filed.recorded_at)
    if then is None:
        return ""
    movers = movers_with(asked, (*then.members, *then.left))
    head = next((one for one in movers if one.is_householder), then.householder)
    return (head.name or head.name_alphabet) if head is not None else ""


def _was_given(kind: Kind, person_id: str, filed: VersionRow) -> bool:
    return Request.objects.filter(
        kind=kind.value, subject_ids__contains=[person_id], state=State.HANDED_OVER,
        sample=False, drawn_at__gte=filed.recorded_at,
    ).exists()  # fmt: skip
