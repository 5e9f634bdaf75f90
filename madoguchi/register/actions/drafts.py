"""Drafts: a change that waits for its approval and reaches nothing until then (仮登録)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction

from madoguchi.accounts import api as accounts
from madoguchi.audit import api as audit
from madoguchi.infra import clock, facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import AlertsUnanswered, Problem, Refused
from madoguchi.register.actions.changes import Filed, carry_out, guarded_as, take_situation
from madoguchi.register.domain.codec import decode, encode, verb_of
from madoguchi.register.domain.commands import Command, persons_in
from madoguchi.register.domain.planning import plan_change
from madoguchi.register.models import Draft, DraftPerson


def draft_change(*, actor: Actor, command: Command, passed: Collection[str] = frozenset()) -> str:
    """Keep a change for approval and return its id (仮登録). Run it in ``unit.run``.

    It is checked as if it were filed now, and again when it is approved. Nobody it names can
    be changed meanwhile, and no paper is issued for them.
    """
    plan = plan_change(command, take_situation(actor=actor, command=command))
    if plan.problems:
        raise Refused(plan.problems)
    unanswered = [one for one in plan.alerts if one.code not in passed]
    if unanswered:
        raise AlertsUnanswered(unanswered)
    draft_id = new_id()
    guarded = guarded_as(command)
    approval_id = ""
    if guarded and accounts.second_officer_rule(guarded, clock.today()) == "BEFORE":
        approval_id = accounts.request_approval(
            actor=actor, action=guarded, subject_ref=draft_id, reason=verb_of(command)
        ).approval_id
    draft = Draft.objects.create(
        id=draft_id,
        verb=verb_of(command),
        command={**encode(command), "passed": sorted(passed)},
        drafted_by=actor.staff_id,
        drafted_at=clock.now(),
        state="WAITING",
        approval_id=approval_id,
    )
    touched = persons_in(command) | {one.person_id for one in plan.versions if one.history_no > 1}
    try:
        with transaction.atomic():
            DraftPerson.objects.bulk_create(
                DraftPerson(person_id=one, draft=draft) for one in sorted(touched)
            )
    except IntegrityError:
        raise Refused(Problem(code="PERSON_PROVISIONAL")) from None
    _tell(actor, "REGISTER_DRAFTED", draft, touched)
    return draft_id


def approve_draft(*, actor: Actor, draft_id: str) -> Filed:
    """Turn a draft into versions (本登録); run it in ``unit.run``.

    Where the table wants a second officer before, it is somebody else with the right to
    approve, or their approval is already there. The approver is in the audit, not in the
    register: the standard forbids a register of approvers.
    """
    draft = _waiting(draft_id)
    command = decode(draft.command)
    if draft.approval_id:
        guarded = guarded_as(command)
        assert guarded is not None
        if not accounts.is_approved(action=guarded, subject_ref=draft.id):
            accounts.approve(actor=actor, approval_id=draft.approval_id)
    elif not actor.may(Right.APPROVE):
        raise Refused(Problem(code="APPROVAL_WITHOUT_RIGHT"))
    touched = _close(draft, "APPROVED")
    # Whoever approves has no page to answer on: a warning set since the draft stops nothing.
    passed = {*draft.command["passed"], "BLOCK_ALERT"}
    filed = carry_out(actor=actor, command=command, passed=passed)
    _tell(actor, "REGISTER_DRAFT_APPROVED", draft, touched)
    return filed


def strike_draft(*, actor: Actor, draft_id: str) -> None:
    """Give a draft up; nothing of it was ever seen (仮登録の取下げ)."""
    if not actor.may(Right.FILE_CHANGE):
        raise Refused(Problem(code="NOT_ALLOWED"))
    draft = _waiting(draft_id)
    touched = _close(draft, "STRUCK")
    _tell(actor, "REGISTER_DRAFT_STRUCK", draft, touched)


def _waiting(draft_id: str) -> Draft:
    draft = Draft.objects.select_for_update().filter(id=draft_id, state="WAITING").first()
    if draft is None:
        raise Refused(Problem(code="DRAFT_UNKNOWN"))
    return draft


def _close(draft: Draft, state: str) -> frozenset[str]:
    mine = DraftPerson.objects.filter(draft=draft)
    touched = frozenset(mine.values_list("person_id", flat=True))
    mine.delete()
    draft.state = state
    draft.closed_at = clock.now()
    draft.save(update_fields=["state", "closed_at"])
    return touched


def _tell(actor: Actor, action: str, draft: Draft, touched: Collection[str]) -> None:
    audit.record(
        actor=actor,
        action=action,
        subjects=touched,
        detail={"draft_id": draft.id, "verb": draft.verb, "drafted_by": draft.drafted_by},
    )
    facts.note(action.lower(), at=clock.now(), verb=draft.verb)
