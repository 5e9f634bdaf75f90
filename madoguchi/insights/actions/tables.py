"""Take a table in, take it back, say what the calculation takes for granted (表の取込み・前提の値)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

from django.db import IntegrityError, transaction

from madoguchi.audit.api import record
from madoguchi.infra import facts
from madoguchi.insights.documents.tables import Taken, read_file
from madoguchi.insights.domain.counting import Channel
from madoguchi.insights.domain.effect import Inputs
from madoguchi.insights.domain.years import find_clashes
from madoguchi.insights.models import Count, Premise, Table
from madoguchi.insights.queries.sources import imported_rows
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text

#: Figures of the town are the chief's to answer for.
KEEP = Right.IMPORT_EXPORT
_NAME_MAX = 60
_SOURCE_MAX = 200


def try_table(file: BinaryIO, *, name: str, actor: Actor) -> Taken:
    """Read a file without keeping anything; what clashes with another table is told too (試す)."""
    _must(actor)
    taken = read_file(file, source=name)
    more = check_free_text(name, where="name")
    if not taken.problems:
        more += find_clashes(imported_rows(), taken.rows)
    return Taken(
        rows=taken.rows, means=taken.means, problems=(*taken.problems, *more),
        problem_count=taken.problem_count + len(more),
    )  # fmt: skip


def take_table(file: BinaryIO, *, name: str, actor: Actor, now: datetime) -> str:
    """Keep a table of counts, whole or not at all (取り込む)."""
    name = name.strip()[:_NAME_MAX]
    taken = try_table(file, name=name, actor=actor)
    problems = list(taken.problems)
    if not name:
        problems.append(Problem(code="EFFECT_TABLE_WITHOUT_NAME", where="name"))
    if problems:
        raise Refused(problems)
    file.seek(0)
    kept = Table(
        table_id=new_id(), name=name, file_sum=hashlib.sha256(file.read()).hexdigest(),
        rows=len(taken.rows), taken_by=actor.staff_id, taken_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            kept.save(force_insert=True)
    except IntegrityError:
        raise Refused(Problem(code="EFFECT_TABLE_TWICE", where="file")) from None
    Count.objects.bulk_create(
        Count(
            table=kept, place=row.source, fiscal_year=row.fiscal_year, month=row.month,
            months=row.months, kind=row.kind or "", channel=row.channel.value, issues=row.issues,
            printed_mean=taken.means.get(row.fiscal_year) if row.channel is Channel.STORE else None,
        )
        for row in taken.rows
    )  # fmt: skip
    _tell("INSIGHTS_TABLE_TAKEN", kept.table_id, actor=actor, now=now, rows=kept.rows)
    return kept.table_id


def undo_table(*, table_id: str, actor: Actor, now: datetime) -> None:
    """Let a table count no more; its rows stay to be looked at (取込みの取消し)."""
    _must(actor)
    kept = Table.objects.select_for_update().filter(table_id=table_id).first()
    if kept is None:
        raise Refused(Problem(code="EFFECT_TABLE_UNKNOWN"))
    if kept.undone_at is not None:
        raise Refused(Problem(code="EFFECT_TABLE_UNDONE_ALREADY"))
    kept.undone_at, kept.undone_by = now, actor.staff_id
    kept.save(update_fields=["undone_at", "undone_by"])
    _tell("INSIGHTS_TABLE_UNDONE", table_id, actor=actor, now=now, rows=kept.rows)


def set_inputs(
    *, channel: Channel, from_year: int, inputs: Inputs, source: str, actor: Actor, now: datetime
) -> None:
    """Say what one issue and one year cost from a fiscal year on, and by whose word (前提の値)."""
    _must(actor)
    problems = _check_inputs(inputs, source)
    if problems:
        raise Refused(problems)
    values = {
        name: Decimal(value.numerator) / Decimal(value.denominator)
        for name, value in asdict(inputs).items()
    }
    Premise.objects.create(
        channel=channel.value, from_year=from_year, source=source.strip(), set_by=actor.staff_id,
        set_at=now, **values,
    )  # fmt: skip
    _tell("INSIGHTS_INPUTS_SET", channel.value, actor=actor, now=now, from_year=from_year)


def _check_inputs(inputs: Inputs, source: str) -> Sequence[Problem]:
    found = list(check_free_text(source, where="source"))
    found += [
        Problem(code="EFFECT_INPUT_NEGATIVE", where=name)
        for name, value in asdict(inputs).items()
        if value < 0
    ]
    found += [
        Problem(code="EFFECT_INPUT_PERCENT", where=name)
        for name in ("cashable_percent", "ferry_percent")
        if getattr(inputs, name) > 100
    ]
    if not source.strip() or len(source) > _SOURCE_MAX:
        found.append(
            Problem(code="EFFECT_INPUT_SOURCE", where="source", facts={"most": f"{_SOURCE_MAX}"})
        )
    return found


def _tell(what: str, which: str, *, actor: Actor, now: datetime, **values: int) -> None:
    record(actor=actor, action=what, subjects=[], detail={"which": which, **values})
    facts.note(what.lower(), at=now, **values)


def _must(actor: Actor) -> None:
    if not actor.may(KEEP):
        raise Refused(Problem(code="NOT_ALLOWED"))
