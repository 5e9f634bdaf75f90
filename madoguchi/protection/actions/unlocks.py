"""Propose, grant, use: one paper of one request past the gate (一時解除)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from madoguchi.audit import api as audit
from madoguchi.infra import clock, facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text
from madoguchi.protection import models
from madoguchi.protection.actions.store import need, refuse_if
from madoguchi.protection.domain.gate import Use, hidden_from
from madoguchi.protection.domain.unlocks import (
    Proposal,
    Requester,
    UnlockState,
    check_grant,
    check_proposal,
    why_not_used,
)
from madoguchi.protection.queries.errands import setting
from madoguchi.protection.queries.unlocks import live_basis, newest_unlock, read_unlock


def propose_unlock(
    *,
    actor: Actor,
    request_id: str,
    kind: str,
    use: Use,
    person_ids: Iterable[str],
    requester: str,
    reason: str,
) -> str:
    """Ask a second officer to let one paper of one request through (一時解除の申請).

    ``kind`` is the form (``JUMINHYO``…), ``requester`` who asks for it, ``reason`` what was
    examined. Returns the unlock id. Nothing is open yet.
    """
    given = Proposal(
        request_id=request_id,
        kind=kind,
        use=Use(use),
        person_ids=frozenset(person_ids),
        requester=Requester(requester),
        reason=reason,
    )
    refuse_if([*check_proposal(given, actor=actor), *check_free_text(reason, where="reason")])
    now = clock.now()
    _expire(given, now=now)
    unlock_id = new_id()
    minutes = setting("PROPOSAL_MINUTES", on=clock.today())
    try:
        with transaction.atomic():
            models.Unlock.objects.create(
                unlock_id=unlock_id,
                request_id=given.request_id,
                kind=given.kind,
                use=given.use.value,
                person_ids=sorted(given.person_ids),
                requester=given.requester.value,
                reason=given.reason,
                basis=live_basis(given.person_ids),
                state=UnlockState.PROPOSED.value,
                proposed_by=actor.staff_id,
                proposed_name=actor.name,
                proposed_at=now,
                proposal_ends_at=now + timedelta(minutes=minutes),
            )
    except IntegrityError as error:
        raise Refused(Problem(code="UNLOCK_ALREADY_PROPOSED")) from error
    _record(actor, "PROPOSED", unlock_id, given)
    return unlock_id


def grant_unlock(*, actor: Actor, unlock_id: str) -> datetime:
    """Let it through as the second officer; return the moment it closes by itself (承認)."""
    row = _load(unlock_id, actor=actor)
    unlock = read_unlock(row)
    now = clock.now()
    basis = live_basis(unlock.proposal.person_ids)
    refuse_if(check_grant(unlock, second=actor, basis=basis, now=now))
    expires_at = now + timedelta(minutes=setting("UNLOCK_MINUTES", on=clock.today()))
    changed = models.Unlock.objects.filter(unlock_id=unlock_id, state=UnlockState.PROPOSED).update(
        state=UnlockState.GRANTED,
        granted_by=actor.staff_id,
        granted_name=actor.name,
        granted_at=now,
        expires_at=expires_at,
    )
    if not changed:
        raise Refused(Problem(code="UNLOCK_NOT_WAITING"))
    _record(actor, "GRANTED", unlock_id, unlock.proposal)
    return expires_at


def decline_unlock(*, actor: Actor, unlock_id: str) -> None:
    """Decline an unlock, or take back one's own; nothing opens (却下・取下げ)."""
    row = _load(unlock_id, actor=actor)
    if row.proposed_by != actor.staff_id:
        need(actor, Right.APPROVE)
    changed = models.Unlock.objects.filter(
        unlock_id=unlock_id, state__in=[UnlockState.PROPOSED, UnlockState.GRANTED]
    ).update(state=UnlockState.DECLINED)
    if not changed:
        raise Refused(Problem(code="UNLOCK_NOT_WAITING"))
    _record(actor, "DECLINED", unlock_id, read_unlock(row).proposal)


def use_unlock(
    *, actor: Actor, request_id: str, kind: str, use: Use, person_ids: Iterable[str]
) -> str:
    """Use up the unlock of exactly this request, kind and use; return the pass (解除の使用).

    Of any number of callers exactly one wins. The pass is what ``gate`` wants for this
    paper; it is made here and known to the caller alone. Only the proposer may use it,
    for persons it names, while the state that was examined is still the live one.
    """
    persons = frozenset(person_ids)
    if hidden_from(actor):
        raise Refused(Problem(code="NOT_AVAILABLE_HERE"))
    if not persons:
        raise Refused(Problem(code="UNLOCK_WITHOUT_REQUEST", where="request_id"))
    now = clock.now()
    wanted = newest_unlock(request_id=request_id, kind=kind, use=Use(use).value)
    basis = live_basis(wanted.proposal.person_ids) if wanted else ""
    pass_id = new_id()
    changed = 0
    if wanted is not None:
        # One statement decides, and every condition is in it: no look-then-act.
        changed = models.Unlock.objects.filter(
            unlock_id=wanted.unlock_id,
            state=UnlockState.GRANTED,
            expires_at__gt=now,
            proposed_by=actor.staff_id,
            person_ids__contains=sorted(persons),
            basis=basis,
        ).update(state=UnlockState.USED, used_at=now, pass_id=pass_id)
    if not changed:
        newest = newest_unlock(request_id=request_id, kind=kind, use=Use(use).value)
        raise Refused(why_not_used(newest, actor=actor, person_ids=persons, basis=basis, now=now))
    assert wanted is not None
    _record(actor, "USED", wanted.unlock_id, wanted.proposal)
    return pass_id


def _load(unlock_id: str, *, actor: Actor) -> models.Unlock:
    row = models.Unlock.objects.filter(unlock_id=unlock_id).first()
    if row is None or hidden_from(actor):
        raise Refused(Problem(code="NOT_AVAILABLE_HERE"))
    return row


def _expire(given: Proposal, *, now: datetime) -> None:
    """Put away open unlocks of this paper whose time has passed, so that a new one can be."""
    models.Unlock.objects.filter(
        Q(state=UnlockState.PROPOSED, proposal_ends_at__lte=now)
        | Q(state=UnlockState.GRANTED, expires_at__lte=now),
        request_id=given.request_id,
        kind=given.kind,
        use=given.use.value,
    ).update(state=UnlockState.EXPIRED)


def _record(actor: Actor, what: str, unlock_id: str, proposal: Proposal) -> None:
    audit.record(
        actor=actor,
        action=f"PROTECTION_UNLOCK_{what}",
        subjects=proposal.person_ids,
        detail={
            "unlock_id": unlock_id,
            "request_id": proposal.request_id,
            "kind": proposal.kind,
            "use": proposal.use.value,
        },
    )
    facts.note(f"protection_unlock_{what.lower()}", at=clock.now(), kind=proposal.kind)
