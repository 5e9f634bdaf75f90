"""End measures: always two officers, always on the live state (終了)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from madoguchi.audit import api as audit
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text
from madoguchi.protection import models
from madoguchi.protection.actions import errands
from madoguchi.protection.actions.measures import find_all_live
from madoguchi.protection.actions.store import keep, need, refuse_if
from madoguchi.protection.domain import measures as rules
from madoguchi.protection.domain.measures import EndReason
from madoguchi.protection.domain.unlocks import check_ending_officer


def propose_end(
    pairs: Sequence[tuple[str, int]], *, actor: Actor, reason: str, words: str
) -> tuple[str, ...]:
    """Ask a second officer to end these measures, each as (measure id, version seen) (終了申請).

    Nothing is released yet. Returns the ids of the proposals.
    """
    need(actor, Right.SET_PROTECTION, Right.SEE_PROTECTED)
    end_reason = EndReason(reason)
    if not words.strip():
        raise Refused(Problem(code="END_NO_WORDS", where="words"))
    refuse_if(check_free_text(words, where="words"))
    found = find_all_live(pairs)
    refuse_if(problem for measure in found for problem in rules.check_end(measure))
    made = []
    for measure in found:
        # A proposal made on an older version can never be granted: the new one replaces it.
        models.Ending.objects.filter(measure_id=measure.measure_id, state="PROPOSED").exclude(
            version=measure.version
        ).update(state="STALE")
        ending_id = new_id()
        try:
            with transaction.atomic():
                models.Ending.objects.create(
                    ending_id=ending_id,
                    measure_id=measure.measure_id,
                    version=measure.version,
                    reason=end_reason.value,
                    words=words,
                    state="PROPOSED",
                    proposed_by=actor.staff_id,
                    proposed_name=actor.name,
                    proposed_at=clock.now(),
                )
        except IntegrityError as error:
            facts = {"case_no": str(measure.case_no)}
            raise Refused(Problem(code="END_ALREADY_PROPOSED", facts=facts)) from error
        audit.record(
            actor=actor,
            action="PROTECTION_END_PROPOSED",
            subjects=measure.person_ids,
            detail={"measure_id": measure.measure_id, "reason": end_reason.value},
        )
        made.append(ending_id)
    return tuple(made)


def grant_end(pairs: Sequence[tuple[str, int]], *, actor: Actor) -> None:
    """End these measures as the second officer, each as (measure id, version seen) (終了決定).

    Every pair is compared with the live measure and with its proposal, one by one; if any
    differs nothing of the batch is done and all that differ are named. A list exported
    earlier therefore releases nobody (Meguro, 2025).
    """
    need(actor, Right.LIFT_PROTECTION, Right.SEE_PROTECTED)
    found = find_all_live(pairs)
    proposals = {
        row.measure_id: row
        for row in models.Ending.objects.select_for_update()
        .filter(measure_id__in=[m.measure_id for m in found], state="PROPOSED")
        .order_by("ending_id")
    }
    problems: list[Problem] = []
    for measure in found:
        facts = {"case_no": str(measure.case_no)}
        proposal = proposals.get(measure.measure_id)
        if proposal is None:
            problems.append(Problem(code="END_NOT_PROPOSED", facts=facts))
            continue
        problems += rules.check_version(measure, seen=proposal.version)
        problems += check_ending_officer(first_id=proposal.proposed_by, second=actor)
        problems += rules.check_end(measure)
    refuse_if(dict.fromkeys(problems))
    now, today = clock.now(), clock.today()
    for measure in found:
        proposal = proposals[measure.measure_id]
        new = rules.ended(measure, on=today, reason=EndReason(proposal.reason))
        first = proposal.proposed_name
        keep(measure, new, step="ENDED", actor=actor, second_name=first)
        models.Ending.objects.filter(ending_id=proposal.ending_id).update(
            state="GRANTED", decided_by=actor.staff_id, decided_at=now
        )
        errands.open_clearing(new, actor=actor)


def decline_end(*, actor: Actor, ending_id: str) -> None:
    """Decline a proposal to end, or take back one's own; the measure stands (却下・取下げ)."""
    need(actor, Right.SET_PROTECTION, Right.SEE_PROTECTED)
    changed = models.Ending.objects.filter(ending_id=ending_id, state="PROPOSED").update(
        state="DECLINED", decided_by=actor.staff_id, decided_at=clock.now()
    )
    if not changed:
        raise Refused(Problem(code="END_NOT_PROPOSED", facts={"case_no": ""}))
    audit.record(
        actor=actor,
        action="PROTECTION_END_DECLINED",
        subjects=(),
        detail={"ending_id": ending_id},
    )
