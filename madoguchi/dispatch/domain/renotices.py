"""Whom to write to again, by the town's own dated rule (再通知の決まり).

How long a town waits is its own decision; the towns read wait one to three months. The days a
migration writes are *assumed*.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from madoguchi.dispatch.domain.letters import LetterKind, LetterState
from madoguchi.kernel.outcome import Problem

DAYS_MIN, DAYS_MAX = 7, 730


@dataclass(frozen=True, slots=True, kw_only=True)
class RenoticeRule:
    """How many days after a notice nobody came the next one goes out, from a day on (再通知の決まり)."""

    valid_from: date
    first_days: int  # 交付通知書 → 再通知
    second_days: int  # 再通知 → 最終通知
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A letter that left, as far as the rule looks at it (差し出した手紙)."""

    letter_id: str
    about_no: str
    kind: LetterKind
    state: LetterState
    posted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A matter whose next letter is due, and since when (再通知の対象)."""

    about_no: str
    last_letter_id: str
    kind: LetterKind
    since: date


_NEXT = {
    LetterKind.ISSUE_NOTICE: LetterKind.RENOTICE,
    LetterKind.RENOTICE: LetterKind.FINAL_NOTICE,
}


def rule_on(rules: Iterable[RenoticeRule], *, day: date) -> RenoticeRule | None:
    """Return the rule that counts on a day, or None before the first (適用される決まり)."""
    counting = [rule for rule in rules if rule.valid_from <= day]
    return max(counting, key=lambda rule: rule.valid_from, default=None)


def due_renotices(
    sent: Sequence[Sent], rule: RenoticeRule | None, *, today: date
) -> tuple[Due, ...]:
    """List every matter whose last notice lies long enough back, the oldest first (再通知の一覧).

    A letter that came back or arrived asks for something else than another letter, and only the
    last letter of a matter counts. Without a rule nothing is due.
    """
    if rule is None:
        return ()
    last: dict[str, Sent] = {}
    for one in sorted(sent, key=lambda one: (one.posted_on, one.letter_id)):
        last[one.about_no] = one
    found = []
    for one in last.values():
        kind = _NEXT.get(one.kind)
        if kind is None or one.state is not LetterState.POSTED:
            continue
        days = rule.first_days if kind is LetterKind.RENOTICE else rule.second_days
        since = one.posted_on + timedelta(days=days)
        if since <= today:
            found.append(
                Due(about_no=one.about_no, last_letter_id=one.letter_id, kind=kind, since=since)
            )
    return tuple(sorted(found, key=lambda due: (due.since, due.about_no)))


def check_rule(rule: RenoticeRule, *, today: date) -> tuple[Problem, ...]:
    """Return every reason not to take a new rule; the past is not changed (決まりの検査)."""
    found = []
    for where in ("first_days", "second_days"):
        if not DAYS_MIN <= getattr(rule, where) <= DAYS_MAX:
            facts = {"least": str(DAYS_MIN), "most": str(DAYS_MAX)}
            found.append(Problem(code="RENOTICE_DAYS", where=where, facts=facts))
    return (*found, *check_start(rule.valid_from, rule.source, today=today))


def check_start(valid_from: date, source: str, *, today: date) -> tuple[Problem, ...]:
    """Return what any new rule must have: a day that is not past, and where it is from (決まりの始期)."""
    found = []
    if valid_from < today:
        found.append(Problem(code="RULE_IN_THE_PAST", where="valid_from"))
    if not source.strip():
        found.append(Problem(code="RULE_NEEDS_SOURCE", where="source"))
    return tuple(found)
