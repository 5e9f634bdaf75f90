"""The decision at the gate: who may be shown, printed, mailed, now (閲覧・交付の可否)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, unique

from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem
from madoguchi.protection.domain import blocks, measures
from madoguchi.protection.domain.blocks import Block, Level, Process
from madoguchi.protection.domain.measures import Measure


@unique
class Use(StrEnum):
    """What the caller is about to do with the person (利用の種類)."""

    SEARCH = "SEARCH"  # 検索結果に出す
    VIEW = "VIEW"  # 画面に出す
    CHANGE = "CHANGE"  # 異動を入力する
    PRINT = "PRINT"  # 証明書等に印字する
    EXPORT = "EXPORT"  # 書き出す
    MAIL = "MAIL"  # 送る


#: What leaves the office: never by one officer alone (Mitaka, 2020).
LEAVES_THE_OFFICE = frozenset({Use.PRINT, Use.EXPORT, Use.MAIL})

PROCESS_OF: Mapping[Use, Process] = {
    Use.SEARCH: Process.INQUIRY,
    Use.VIEW: Process.INQUIRY,
    Use.CHANGE: Process.INPUT,
    Use.PRINT: Process.ISSUE,
    Use.EXPORT: Process.ISSUE,
    Use.MAIL: Process.ISSUE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """Everything that stands against the persons asked for, as stored this moment (抑止の状況).

    ``held`` also names persons whose measure could not be read: they are held all the same.
    """

    held: frozenset[str]
    measures: tuple[Measure, ...]
    blocks: tuple[tuple[str, Block], ...]  # (person_id, block), household blocks spelled out
    unlocked: frozenset[str]  # by a pass that fits this request, this kind, this use


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAnswer:
    """Who may pass, who may not, and what to be told on the way (ゲートの答え).

    ``alerts`` speaks only of persons whom this actor may know to be held. ``failed`` means
    that the gate could not look; then everybody is blocked.
    """

    open: frozenset[str]
    blocked: frozenset[str]
    alerts: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict, hash=False)
    failed: bool = False


def hidden_from(actor: Actor) -> bool:
    """Tell whether held persons do not exist for this actor (支援対象者を見られない)."""
    return not actor.may(Right.SEE_PROTECTED)


def all_blocked(person_ids: Iterable[str]) -> GateAnswer:
    """Block everybody: the answer when the gate cannot tell (fail closed)."""
    return GateAnswer(open=frozenset(), blocked=frozenset(person_ids), failed=True)


def decide(
    person_ids: Iterable[str],
    holds: Holds,
    *,
    actor: Actor,
    use: Use,
    now: datetime,
    today: date,
) -> GateAnswer:
    """Decide for each person whether this actor may make this use of it (ゲート).

    1. A held person is blocked for every use by an actor without SEE_PROTECTED, silently.
    2. With SEE_PROTECTED a held person may be found, seen and changed in the office; what
       leaves the office needs an unlock that fits.
    3. A block of level ERROR blocks its process for everybody; a search still shows the
       person, since SPEC1 3.1 wants the block seen in the results.
    """
    asked = frozenset(person_ids)
    held = holds.held | {p for m in holds.measures if measures.holds(m.state) for p in m.person_ids}
    found: dict[str, list[Problem]] = {}
    blocked: set[str] = set()
    for person_id in asked & held:
        if hidden_from(actor) or (use in LEAVES_THE_OFFICE and person_id not in holds.unlocked):
            blocked.add(person_id)
    visible = asked - held if hidden_from(actor) else asked
    for measure in sorted(holds.measures, key=lambda m: m.case_no):
        for person_id in measure.person_ids & visible:
            found.setdefault(person_id, []).extend(measures.alerts_of(measure, today=today))
    for person_id, block in holds.blocks:
        if person_id not in visible or block.process is not PROCESS_OF[use]:
            continue
        if not blocks.stands(block, now=now, today=today):
            continue
        if block.level is not Level.ALERT and use is not Use.SEARCH:
            blocked.add(person_id)
        code = "BLOCK_ALERT" if block.level is Level.ALERT else "BLOCK_ERROR"
        found.setdefault(person_id, []).append(Problem(code=code, facts={"reason": block.reason}))
    return GateAnswer(
        open=asked - blocked,
        blocked=frozenset(blocked),
        alerts={person_id: tuple(some) for person_id, some in found.items()},
    )
