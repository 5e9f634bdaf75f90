"""What a second officer has to look at, and when one is asked (承認・二人制の照会)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from madoguchi.accounts.domain import (
    ALWAYS_BEFORE,
    OPENS_PROTECTION,
    ApprovalRow,
    ApprovalState,
    Guarded,
    Rule,
    RuleLine,
    rule_on,
)
from madoguchi.accounts.models import Approval, SecondOfficerRule
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor, Right

PAGE_ROWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One action of the table: what counts today, and what was set (二人制の表の一行)."""

    action: Guarded
    rule: Rule
    fixed: bool
    lines: tuple[SetLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLine:
    """One setting with who set it, when and why (二人制の設定)."""

    value: RuleLine
    reason: str
    set_by: str


def second_officer_rule(action: str, on: date) -> Rule:
    """Return whether a second officer looks BEFORE, AFTERWARDS or not at all (OFF) (二人制).

    Lifting a protection is always BEFORE, and so is an action that nobody has placed.
    """
    return rule_on(action, _lines(action), on=on)


def list_rules(*, on: date) -> tuple[RuleRow, ...]:
    """List every action of the table with what counts on a day; one query (二人制の表)."""
    kept = list(SecondOfficerRule.objects.order_by("-set_at", "-id"))
    rows = []
    for action in Guarded:
        mine = [row for row in kept if row.action == action.value]
        rows.append(
            RuleRow(
                action=action,
                rule=rule_on(action, [_rule_line(row) for row in mine], on=on),
                fixed=action in ALWAYS_BEFORE,
                lines=tuple(
                    SetLine(value=_rule_line(row), reason=row.reason, set_by=row.set_by)
                    for row in mine[:5]
                ),
            )
        )
    return tuple(rows)


def is_approved(*, action: str, subject_ref: str) -> bool:
    """Tell whether a second officer approved this one request (承認済みか).

    ``subject_ref`` names one request, never a person: an approval is not a licence.
    """
    return Approval.objects.filter(
        action=action, subject_ref=subject_ref, state=ApprovalState.APPROVED.value
    ).exists()


def pending_approvals(actor: Actor) -> tuple[ApprovalRow, ...]:
    """List what this person may decide on before it is done, oldest first (承認待ち)."""
    return _waiting_for(actor, Rule.BEFORE)


def approvals_due_afterwards(actor: Actor) -> tuple[ApprovalRow, ...]:
    """List what was done and this person should look at afterwards, by due day (事後確認)."""
    return _waiting_for(actor, Rule.AFTERWARDS)


def list_asked_by(staff_id: str, *, limit: int = 20) -> tuple[ApprovalRow, ...]:
    """List what somebody asked for, newest first (自分の承認依頼)."""
    rows = Approval.objects.filter(asked_by=staff_id).order_by("-asked_at", "-id")
    return tuple(approval_row(row) for row in rows[:limit])


def approval_row(row: Approval) -> ApprovalRow:
    """Return a stored request as the domain's value (承認依頼)."""
    return ApprovalRow(
        approval_id=row.id,
        action=row.action,
        subject_ref=row.subject_ref,
        rule=Rule(row.rule),
        state=ApprovalState(row.state),
        reason=row.reason,
        detail=row.detail,
        asked_by=row.asked_by,
        asked_at=row.asked_at.astimezone(JAPAN),
        due_on=row.due_on,
        decided_by=row.decided_by,
        decided_at=row.decided_at.astimezone(JAPAN) if row.decided_at else None,
        note=row.note,
    )


# Written out, because every clerk's home asks it twice: Django puts such a question together
# anew each time, which takes longer than the answer.
_WAITING = """
SELECT * FROM accounts_approval
 WHERE state = %(state)s AND rule = %(rule)s AND asked_by <> %(staff_id)s
   AND NOT action = ANY(%(untold)s)
 ORDER BY due_on, asked_at LIMIT %(limit)s
"""


def _waiting_for(actor: Actor, rule: Rule) -> tuple[ApprovalRow, ...]:
    if not actor.may(Right.APPROVE):
        return ()
    # That somebody asks to lift a protection tells that there is one.
    untold = [] if actor.may(Right.SEE_PROTECTED) else sorted(OPENS_PROTECTION)
    rows = Approval.objects.raw(
        _WAITING,
        {
            "state": ApprovalState.PENDING.value,
            "rule": rule.value,
            "staff_id": actor.staff_id,
            "untold": untold,
            "limit": PAGE_ROWS,
        },
    )
    return tuple(approval_row(row) for row in rows)


def _lines(action: str) -> list[RuleLine]:
    return [_rule_line(row) for row in SecondOfficerRule.objects.filter(action=action)]


def _rule_line(row: SecondOfficerRule) -> RuleLine:
    return RuleLine(
        action=row.action,
        rule=Rule(row.rule),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        set_at=row.set_at,
    )
