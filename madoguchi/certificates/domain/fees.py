"""How the fee table changes: a new row from a day on, an end to a row (手数料表の変更).

What was charged stays as it was: no row begins or ends in the past.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from madoguchi.certificates.domain.kinds import Fee
from madoguchi.kernel.outcome import Problem

YEN_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRow:
    """A row of the fee table with its number (手数料の行)."""

    fee_id: int
    fee: Fee


@dataclass(frozen=True, slots=True, kw_only=True)
class FeePlan:
    """What a new row comes to: which row ends the day before, or why not (変更の計画)."""

    ends: FeeRow | None = None
    problems: tuple[Problem, ...] = ()


def plan_fee(new: Fee, *, table: Iterable[FeeRow], today: date) -> FeePlan:
    """Place a new row: the open one before it ends the day before (手数料の改定)."""
    found: list[Problem] = []
    if new.valid_from < today:
        found.append(Problem(code="FEE_IN_THE_PAST", where="valid_from"))
    if new.yen > YEN_MAX:
        facts = {"limit": f"{YEN_MAX:,}"}
        found.append(Problem(code="FEE_OUT_OF_RANGE", where="yen", facts=facts))
    before: FeeRow | None = None
    for row in table:
        if (row.fee.kind, row.fee.channel) != (new.kind, new.channel) or not _meet(row.fee, new):
            continue
        if row.fee.valid_until is None and row.fee.valid_from < new.valid_from:
            before = row
        else:
            facts = {"on": row.fee.valid_from.isoformat()}
            found.append(Problem(code="FEE_OVERLAPS", where="valid_from", facts=facts))
    return FeePlan(problems=tuple(found)) if found else FeePlan(ends=before)


def _meet(one: Fee, other: Fee) -> bool:
    """Tell whether two rows share a day."""
    return (one.valid_until is None or other.valid_from <= one.valid_until) and (
        other.valid_until is None or one.valid_from <= other.valid_until
    )


def day_before(day: date) -> date:
    """Return the day before (前の日)."""
    return day - timedelta(days=1)


def check_end(fee: Fee, *, last_day: date, today: date) -> tuple[Problem, ...]:
    """Say why a row cannot end on that day (終了日の確認)."""
    if last_day < today or last_day < fee.valid_from:
        return (Problem(code="FEE_IN_THE_PAST", where="last_day"),)
    if fee.valid_until is not None and fee.valid_until < last_day:
        return (Problem(code="FEE_ENDS_EARLIER", where="last_day"),)
    return ()
