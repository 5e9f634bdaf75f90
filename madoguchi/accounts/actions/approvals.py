"""Ask a second officer, and decide as one (承認を求める・承認する)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from madoguchi.accounts.domain import (
    ALWAYS_BEFORE,
    ApprovalRow,
    ApprovalState,
    Rule,
    check_decision,
)
from madoguchi.accounts.models import Approval, SecondOfficerRule
from madoguchi.accounts.queries.approvals import approval_row, second_officer_rule
from madoguchi.audit import api as audit
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused

#: Days until somebody should have looked at what was done first.
DUE_DAYS = 3


def request_approval(
    *,
    actor: Actor,
    action: str,
    subject_ref: str,
    reason: str,
    detail: Mapping[str, str] | None = None,
) -> ApprovalRow:
    """Ask a second officer about one request, in the running unit (承認を求める).

    Under BEFORE the action waits for ``is_approved``; under AFTERWARDS it goes on and the
    row shows as due. Asking again while one waits returns that one. Under OFF there is
    nothing to ask: the caller looks at ``second_officer_rule`` first.
    """
    today = clock.today()
    rule = second_officer_rule(action, today)
    assert rule is not Rule.OFF, "no second officer is wanted; do not ask"
    waiting = Approval.objects.filter(
        action=action, subject_ref=subject_ref, state=ApprovalState.PENDING.value
    ).first()
    if waiting is None:
        waiting = Approval.objects.create(
            id=new_id(),
            action=action,
            subject_ref=subject_ref,
            rule=rule.value,
            state=ApprovalState.PENDING.value,
            reason=reason,
            detail=dict(detail or {}),
            asked_by=actor.staff_id,
            asked_at=clock.now(),
            due_on=today + timedelta(days=DUE_DAYS) if rule is Rule.AFTERWARDS else None,
        )
    audit.record(
        actor=actor,
        action="APPROVAL_ASKED",
        subjects=[subject_ref],
        detail={"approval_id": waiting.id, "for": action, "rule": rule.value},
    )
    return approval_row(waiting)


def approve(*, actor: Actor, approval_id: str, note: str = "") -> ApprovalRow:
    """Approve as a different person than the one who asked (承認する)."""
    return _decide(actor, approval_id, ApprovalState.APPROVED, note)


def reject(*, actor: Actor, approval_id: str, note: str) -> ApprovalRow:
    """Say no, with the reason; the one who asked sees it (差し戻す)."""
    if not note.strip():
        raise Refused(Problem(code="REJECT_NEEDS_REASON", where="note"))
    return _decide(actor, approval_id, ApprovalState.REJECTED, note)


def set_second_officer_rule(
    *,
    actor: Actor,
    action: str,
    rule: Rule,
    valid_from: date,
    valid_until: date | None,
    reason: str,
) -> None:
    """Set when a second officer looks at an action between two days (二人制の設定).

    The table only grows: the line set last counts, earlier ones stay to be read.
    """
    assert actor.may(Right.MANAGE_STAFF), "the view asks for the right"
    found: list[Problem] = []
    if action in ALWAYS_BEFORE and rule is not Rule.BEFORE:
        found.append(Problem(code="RULE_ALWAYS_BEFORE", where="rule"))
    if valid_until is not None and valid_until < valid_from:
        found.append(Problem(code="DAYS_REVERSED", where="valid_until"))
    if valid_from < clock.today():
        found.append(Problem(code="DAY_PASSED", where="valid_from"))
    if found:
        raise Refused(found)
    SecondOfficerRule.objects.create(
        action=action,
        rule=rule.value,
        valid_from=valid_from,
        valid_until=valid_until,
        reason=reason,
        set_by=actor.staff_id,
        set_at=clock.now(),
    )
    audit.record(
        actor=actor,
        action="SECOND_OFFICER_RULE_SET",
        subjects=[],
        detail={
            "for": action,
            "rule": rule.value,
            "from": valid_from.isoformat(),
            "until": valid_until.isoformat() if valid_until else None,
        },
    )


def _decide(actor: Actor, approval_id: str, state: ApprovalState, note: str) -> ApprovalRow:
    row = Approval.objects.select_for_update().filter(id=approval_id).first()
    if row is None:
        raise Refused(Problem(code="APPROVAL_UNKNOWN"))
    problems = check_decision(approval_row(row), staff_id=actor.staff_id, rights=actor.rights)
    if problems:
        raise Refused(problems)
    row.state = state.value
    row.decided_by = actor.staff_id
    row.decided_at = clock.now()
    row.note = note.strip()
    row.save(update_fields=["state", "decided_by", "decided_at", "note"])
    audit.record(
        actor=actor,
        action=f"APPROVAL_{state.value}",
        subjects=[row.subject_ref],
        detail={"approval_id": row.id, "for": row.action, "asked_by": row.asked_by},
    )
    return approval_row(row)
