"""Who is called next, and how long it will take (順番・待ち時間の見込み)."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique

from madoguchi.appointments.domain.services import Kind
from madoguchi.kernel.outcome import Problem


@unique
class Stage(StrEnum):
    """Where a number stands (番号札の状態)."""

    WAITING = "WAITING"  # 待っている
    CALLED = "CALLED"  # 呼んだ
    SERVING = "SERVING"  # 対応中
    DONE = "DONE"  # 済み
    LEFT = "LEFT"  # 帰った


NEXT = {
    Stage.WAITING: frozenset({Stage.CALLED, Stage.LEFT}),
    Stage.CALLED: frozenset({Stage.CALLED, Stage.SERVING, Stage.WAITING, Stage.LEFT}),
    Stage.SERVING: frozenset({Stage.DONE}),
}


@unique
class Outcome(StrEnum):
    """How a visit ended (対応の結果)."""

    FINISHED = "FINISHED"  # すんだ
    COME_AGAIN = "COME_AGAIN"  # もう一度来てもらう
    ELSEWHERE = "ELSEWHERE"  # ほかの窓口へ
    GIVEN_UP = "GIVEN_UP"  # とりやめ


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A number somebody waits with; no name is known (番号札).

    ``due`` is the time of a booking that is kept: then it goes before the line. Without one,
    or come too late, the order of coming counts.
    """

    number: int
    kind: Kind
    stage: Stage
    issued: int  # minute of the day
    due: int | None = None
    counter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """About how long somebody waits, and what it is judged by (待ち時間の見込み)."""

    ahead: int
    minutes: int
    measured: bool


#: A visit is judged by today's own pace once so many have ended.
PACE_MIN = 3
#: A forecast is said in steps of five minutes: a finer one would pretend.
FORECAST_STEP = 5


def order_of(waiting: Sequence[Ticket], *, now: int) -> tuple[Ticket, ...]:
    """Return who waits in the order of calling: bookings whose time has come, then the line (呼ぶ順)."""
    due = [one for one in waiting if one.due is not None and one.due <= now]
    line = [one for one in waiting if one not in due]
    return (
        *sorted(due, key=lambda one: (one.due or 0, one.number)),
        *sorted(line, key=lambda one: (one.issued if one.due is None else one.due, one.number)),
    )


def next_in_line(waiting: Sequence[Ticket], *, now: int) -> Ticket | Problem:
    """Return whom to call now (次の番号)."""
    ordered = order_of(waiting, now=now)
    if not ordered:
        return Problem(code="LINE_EMPTY")
    return ordered[0]


def forecast(
    ordered: Sequence[Ticket],
    *,
    ahead: int,
    counters: int,
    usual: Mapping[Kind, int],
    today: Mapping[Kind, Sequence[int]],
) -> Forecast:
    """Say about how many minutes somebody waits with so many before them (待ち時間).

    Each kind is judged by today's median once there are three, and by the town's table before.
    """
    total = 0.0
    for one in ordered[:ahead]:
        seen = today.get(one.kind, ())
        total += statistics.median(seen) if len(seen) >= PACE_MIN else usual.get(one.kind, 10)
    minutes = total / max(1, counters)
    return Forecast(
        ahead=ahead,
        minutes=FORECAST_STEP * math.ceil(minutes / FORECAST_STEP),
        measured=any(len(seen) >= PACE_MIN for seen in today.values()),
    )


def check_stage(stage: Stage, to: Stage) -> tuple[Problem, ...]:
    """Return why a number cannot come from one stage to another (状態の確認)."""
    if to in NEXT.get(stage, frozenset()):
        return ()
    return (Problem(code="LINE_PASSED", facts={"stage": stage.value}),)
