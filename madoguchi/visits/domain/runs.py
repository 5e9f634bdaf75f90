"""A family's cards as one run: who needs which step, in which order (家族の手続き).

What is needed follows from what is known of each card and nothing else, so a run that is
continued another day is planned again and goes on after what was done. Order: each card lies on
the terminal once, all terminal steps come before what is done at the desk, whoever speaks for a
child comes before the child.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from itertools import pairwise
from typing import Any

from madoguchi.kernel.daytimes import DayRule
from madoguchi.kernel.outcome import Problem

#: Under this age a statutory agent acts (法定代理人); as in the tables of documents.
AGENT_UNTIL_AGE = 15
ADULT_AGE = 18


@unique
class Reason(StrEnum):
    """Why the cards of a household are changed (事由)."""

    MOVE_IN = "MOVE_IN"  # 転入: 継続利用
    MOVE_WITHIN = "MOVE_WITHIN"  # 転居: 券面事項の更新
    RENAME = "RENAME"  # 氏名の変更


@unique
class Pin(StrEnum):
    """What the holder says of the four digits; never the digits (暗証番号のようす)."""

    KNOWN = "KNOWN"
    FORGOTTEN = "FORGOTTEN"
    LOCKED = "LOCKED"


@unique
class StepCode(StrEnum):
    """One thing to do with one card (手順)."""

    PIN_RESET = "PIN_RESET"
    CONTINUE = "CONTINUE"
    UPDATE_CHIP = "UPDATE_CHIP"
    SIGN_CERT = "SIGN_CERT"
    WRITE_LINE = "WRITE_LINE"
    REISSUE_APPLY = "REISSUE_APPLY"


@unique
class Later(StrEnum):
    """Why something must wait for another day (残りの理由)."""

    NO_CARD_HERE = "NO_CARD_HERE"  # カードを持って来ていない
    PIN_WANTS_HOLDER = "PIN_WANTS_HOLDER"  # 暗証番号の初期化は本人が
    SIGN_WANTS_HOLDER = "SIGN_WANTS_HOLDER"  # 署名用は本人が
    REISSUE_WANTS_HOLDER = "REISSUE_WANTS_HOLDER"  # 再交付の申請は本人が
    AGENT_WANTED = "AGENT_WANTED"  # 法定代理人がいない
    TOO_LATE = "TOO_LATE"  # 継続利用の期限が過ぎた


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What is known of one person's card in a run (家族の一人)."""

    person_id: str
    age: int
    is_here: bool
    card_here: bool
    pin: Pin
    lines_used: int
    wants_sign: bool
    has_card: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """How long a step takes, and where it is done, from a day on (手順の行)."""

    code: StepCode
    minutes: int
    terminal: bool
    days: DayRule
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRules:
    """The rules of a run as they hold on one day (家族の手続きの決まり)."""

    steps: Mapping[StepCode, StepRow]
    lines: int
    lines_each: int
    sign_from_age: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the plan (予定の手順)."""

    person_id: str
    code: StepCode
    minutes: int
    terminal: bool
    agent_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What cannot be done this time, and why (残るもの)."""

    person_id: str
    why: Later


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All steps in order, and what stays for another day (手順と残り)."""

    steps: tuple[Step, ...]
    left: tuple[Left, ...]

    @property
    def minutes(self) -> int:
        """Return the minutes of all steps (分の計)."""
        return sum(one.minutes for one in self.steps)

    @property
    def terminal_minutes(self) -> int:
        """Return the minutes a terminal is needed for (端末の分)."""
        return sum(one.minutes for one in self.steps if one.terminal)

    def without(self, done: Collection[tuple[str, str]]) -> Plan:
        """Return what is still to do: nothing is done twice (残りの手順)."""
        return Plan(
            steps=tuple(one for one in self.steps if (one.person_id, one.code.value) not in done),
            left=self.left,
        )


def plan_run(
    members: Sequence[Member], *, reason: Reason, rules: RunRules, too_late: bool = False
) -> Plan:
    """Return every needed step once, in the order that changes cards least (手順の計画)."""
    agents = {one.person_id: agent_of(one, members) for one in members}
    steps: list[Step] = []
    left: list[Left] = []
    for member in _agents_first(members, agents):
        agent = agents[member.person_id]
        codes, later = _needed(member, agent=agent, reason=reason, rules=rules, too_late=too_late)
        left += [Left(person_id=member.person_id, why=why) for why in later]
        steps += [
            Step(person_id=member.person_id, code=code, minutes=rules.steps[code].minutes,
                 terminal=rules.steps[code].terminal, agent_id=agent or "")
            for code in codes
        ]  # fmt: skip
    # Stable: within terminal and desk the order of people and of their steps stays.
    return Plan(steps=tuple(sorted(steps, key=lambda one: not one.terminal)), left=tuple(left))


def agent_of(member: Member, members: Sequence[Member]) -> str | None:
    """Return who speaks for a child: an adult of the run who is here; "" for nobody needed (代理人)."""
    if member.age >= AGENT_UNTIL_AGE:
        return ""
    here = (one for one in members if one.is_here and one.age >= ADULT_AGE)
    return next((one.person_id for one in here), None)


def changes_of(steps: Sequence[Step]) -> int:
    """Count how often one goes to another place, or another card lies on the terminal (入替え)."""
    seats = [one.person_id if one.terminal else "" for one in steps]
    return sum(one != other for one, other in pairwise(seats))


def check_members(members: Sequence[Member], *, rules: RunRules) -> tuple[Problem, ...]:
    """Return everything wrong with what was said of the cards (家族の確認)."""
    found = []
    if not any(one.has_card for one in members):
        found.append(Problem(code="RUN_NO_CARDS"))
    for one in members:
        if not 0 <= one.lines_used <= rules.lines:
            facts = {"most": str(rules.lines)}
            where = f"lines_{one.person_id}"
            found.append(Problem(code="RUN_LINES_UNKNOWN", where=where, facts=facts))
        if one.card_here and not one.has_card:
            found.append(Problem(code="RUN_CARD_OF_NONE", where=f"card_{one.person_id}"))
    return tuple(found)


def check_days(
    *, reason: Reason, filed_on: date, moved_in_on: date | None, planned_out_on: date | None,
    today: date,
) -> tuple[Problem, ...]:  # fmt: skip
    """Return everything wrong with the days of a run (日付の確認)."""
    found = []
    if filed_on > today:
        found.append(Problem(code="RUN_FILED_LATER", where="filed_on"))
    if moved_in_on is not None and moved_in_on > filed_on:
        found.append(Problem(code="RUN_MOVED_LATER", where="moved_in_on"))
    if reason is not Reason.MOVE_IN and planned_out_on is not None:
        found.append(Problem(code="RUN_NO_MOVE_OUT", where="planned_out_on"))
    return tuple(found)


def read_rules(table: Mapping[str, Any], day: date) -> RunRules:
    """Make the rules of a day from a file as it is written; the newest row counts (決まりの読取り)."""
    rows = [
        StepRow(code=StepCode(row["code"]), minutes=row["minutes"], days=_days(row),
                terminal=row.get("terminal", False), source=row["source"])
        for row in table["step"]
    ]  # fmt: skip
    rows.sort(key=lambda one: one.days.valid_from)
    steps = {one.code: one for one in rows if one.days.holds_on(day)}
    assert steps.keys() == set(StepCode), "each step has a row on each day"
    lines, sign = _on(table["lines"], day), _on(table["sign"], day)
    return RunRules(
        steps=steps, lines=lines["have"], lines_each=lines["each"], sign_from_age=sign["age"]
    )


def _needed(
    member: Member, *, agent: str | None, reason: Reason, rules: RunRules, too_late: bool
) -> tuple[list[StepCode], list[Later]]:
    """Say what one card needs, in the order it is done, and what has to wait."""
    if not member.has_card:
        return [], []
    # A child's agent stands for the child; anybody else must be there in person.
    holder = member.is_here or bool(agent)
    is_full = member.lines_used + rules.lines_each > rules.lines
    stops = {
        Later.NO_CARD_HERE: not member.card_here,
        Later.AGENT_WANTED: agent is None,
        # Past the ninety days the card has lapsed, and a lapsed card has no lines to fill.
        Later.TOO_LATE: too_late and reason is Reason.MOVE_IN,
        Later.REISSUE_WANTS_HOLDER: is_full and not holder,
        Later.PIN_WANTS_HOLDER: member.pin is not Pin.KNOWN and not holder,
    }
    stopped = next((why for why, is_so in stops.items() if is_so), None)
    if stopped is not None:
        return [], [stopped]
    if is_full:
        return [StepCode.REISSUE_APPLY], []
    wants_sign = member.wants_sign and member.age >= rules.sign_from_age
    wanted = {
        StepCode.PIN_RESET: member.pin is not Pin.KNOWN,
        StepCode.CONTINUE: reason is Reason.MOVE_IN,
        StepCode.UPDATE_CHIP: True,
        StepCode.SIGN_CERT: wants_sign and holder,
        StepCode.WRITE_LINE: True,
    }
    codes = [code for code, is_wanted in wanted.items() if is_wanted]
    return codes, [Later.SIGN_WANTS_HOLDER] if wants_sign and not holder else []


def _agents_first(
    members: Sequence[Member], agents: Mapping[str, str | None]
) -> Iterator[Member]:  # fmt: skip
    """Yield whoever speaks for a child before the children; else the order of the household."""
    speaking = set(agents.values())
    yield from (one for one in members if one.person_id in speaking)
    yield from (one for one in members if one.person_id not in speaking)


def _days(row: Mapping[str, Any]) -> DayRule:
    until = row.get("until")
    return DayRule(
        valid_from=date.fromisoformat(row["from"]),
        valid_until=date.fromisoformat(until) if until else None,
    )


def _on(rows: Sequence[Mapping[str, Any]], day: date) -> Mapping[str, Any]:
    held = [row for row in rows if _days(row).holds_on(day)]
    assert held, "each rule has a row on each day"
    return max(held, key=lambda row: _days(row).valid_from)
