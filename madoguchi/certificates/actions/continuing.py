"""A protected person's paper: ask for the unlock, then go on with the same request (一時解除)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from madoguchi.certificates.actions.drawing import Drawn, NotDrawn, draw
from madoguchi.certificates.actions.reading import must
from madoguchi.certificates.actions.storing import tell
from madoguchi.certificates.domain.asking import Applicant, Evidence
from madoguchi.certificates.domain.issue import DrawCommand, FeeFree, State
from madoguchi.certificates.domain.kinds import Channel, Kind, Omit
from madoguchi.certificates.domain.town import Town
from madoguchi.certificates.models import Request
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.protection.api import Use, gate, hidden_from, propose_unlock
from madoguchi.register.api import household_snapshot

#: Who asks, in protection's words. A proxy is refused there, a statutory agent is examined.
REQUESTER: Mapping[Applicant, str] = {
    Applicant.SELF: "SELF",
    Applicant.HOUSEHOLD: "HOUSEHOLD_MEMBER",
    Applicant.STATUTORY_AGENT: "STATUTORY_AGENT",
    Applicant.PROXY: "PROXY",
    Applicant.PUBLIC_BODY: "PUBLIC_OFFICE",
    Applicant.THIRD_PARTY: "THIRD_PARTY",
}


def ask_unlock(
    *, request_id: str, actor: Actor, now: datetime, reason: str, is_perpetrator: bool
) -> str:
    """Ask a second officer to let exactly this paper through (解除の申請)."""
    must(actor, Right.ISSUE_CERTIFICATE)
    request = _locked(request_id, actor=actor)
    requester = "PERPETRATOR" if is_perpetrator else REQUESTER[Applicant(request.applicant)]
    unlock_id = propose_unlock(
        actor=actor,
        request_id=request_id,
        kind=request.kind,
        use=_use(request),
        person_ids=_held(request, actor=actor),
        requester=requester,
        reason=reason,
    )
    request.unlock_asked_at = now
    request.save(update_fields=["unlock_asked_at"])
    tell("CERTIFICATE_UNLOCK_ASKED", request, actor=actor, detail={"unlock_id": unlock_id})
    return unlock_id


def draw_again(
    *, request_id: str, actor: Actor, now: datetime, town: Town
) -> Drawn | NotDrawn:  # fmt: skip
    """Draw what was asked for once more, under the same number (再開)."""
    request = _locked(request_id, actor=actor)
    return draw(actor=actor, command=_command_of(request), now=now, town=town)


def _command_of(request: Request) -> DrawCommand:
    return DrawCommand(
        asked_person_id=request.asked_person_id,
        kind=Kind(request.kind),
        channel=Channel(request.channel),
        applicant=Applicant(request.applicant),
        seen=frozenset(Evidence(one) for one in request.evidence),
        asked_for=frozenset(Omit(one) for one in request.asked_for),
        left_out=frozenset(Omit(one) for one in request.left_out),
        chosen_ids=tuple(request.chosen_ids),
        year=request.year,
        record=request.record,
        copies=request.copies,
        purpose=request.purpose,
        official_use=request.official_use,
        sample=request.sample,
        fee_free=FeeFree(request.fee_free_reason) if request.fee_free_reason else None,
        accepts_alerts=request.accepts_alerts,
        request_id=request.request_id,
    )


def _locked(request_id: str, *, actor: Actor) -> Request:
    request = Request.objects.filter(request_id=request_id).first()
    if request is None or hidden_from(actor):
        raise Refused(Problem(code="REQUEST_UNKNOWN"))
    if request.staff_id != actor.staff_id:
        raise Refused(Problem(code="REQUEST_OF_ANOTHER"))
    if request.state != State.LOCKED:
        raise Refused(Problem(code="REQUEST_NOT_WAITING"))
    return request


def _use(request: Request) -> Use:
    return Use.MAIL if request.channel == Channel.MAIL else Use.PRINT


def _held(request: Request, *, actor: Actor) -> frozenset[str]:
    household = household_snapshot(request.household_no)
    people = {request.asked_person_id, *request.subject_ids}
    people |= {one.person_id for one in household.members} if household else set()
    households = dict.fromkeys(people, request.household_no)
    return gate(people, actor=actor, use=_use(request), households=households).blocked
