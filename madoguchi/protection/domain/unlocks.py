"""Unlocks: one request, one form, one use, some minutes, two officers (一時解除)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique

from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem
from madoguchi.protection.domain.gate import LEAVES_THE_OFFICE, Use

REASON_LENGTH_MAX = 400


@unique
class UnlockState(StrEnum):
    """How far an unlock has come (一時解除の状態)."""

    PROPOSED = "PROPOSED"
    GRANTED = "GRANTED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    USED = "USED"


@unique
class Requester(StrEnum):
    """Who asks for the paper (請求者)."""

    SELF = "SELF"  # 本人
    HOUSEHOLD_MEMBER = "HOUSEHOLD_MEMBER"  # 同じ世帯の人
    PUBLIC_OFFICE = "PUBLIC_OFFICE"  # 国・地方公共団体
    THIRD_PARTY = "THIRD_PARTY"  # 第三者: examined, never refused as a matter of course
    STATUTORY_AGENT = "STATUTORY_AGENT"  # 法定代理人: examined, as a third party is
    PROXY = "PROXY"  # 任意代理人
    PERPETRATOR = "PERPETRATOR"  # 加害者、またはその代わりの人


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a first officer asks a second one to let through (一時解除の申請)."""

    request_id: str
    kind: str
    use: Use
    person_ids: frozenset[str]
    requester: Requester
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlock:
    """An unlock as stored (一時解除)."""

    unlock_id: str
    proposal: Proposal
    state: UnlockState
    basis: str
    proposed_by: str
    proposed_name: str
    proposed_at: datetime
    proposal_ends_at: datetime
    granted_by: str = ""
    granted_name: str = ""
    expires_at: datetime | None = None


def basis_of(live: Iterable[tuple[str, int]]) -> str:
    """Name the state that was examined: every live measure with its version.

    If anything changes between the second officer's look and the print, the two differ
    and the unlock no longer fits.
    """
    text = "\n".join(f"{measure_id}:{version}" for measure_id, version in sorted(set(live)))
    return hashlib.sha256(text.encode()).hexdigest()


def check_proposal(given: Proposal, *, actor: Actor) -> tuple[Problem, ...]:
    """Return every reason not to ask for this unlock (一時解除の申請).

    The perpetrator is refused always; proxies and the person's own request by mail are
    refused too, since neither can be examined face to face.
    """
    found = []
    if not actor.may(Right.SEE_PROTECTED):
        found.append(Problem(code="NOT_AVAILABLE_HERE"))
        return tuple(found)
    if given.use not in LEAVES_THE_OFFICE:
        found.append(Problem(code="UNLOCK_NOT_NEEDED", where="use"))
    if not given.request_id.strip() or not given.kind.strip() or not given.person_ids:
        found.append(Problem(code="UNLOCK_WITHOUT_REQUEST", where="request_id"))
    if not given.reason.strip():
        found.append(Problem(code="UNLOCK_NO_REASON", where="reason"))
    if len(given.reason) > REASON_LENGTH_MAX:
        found.append(Problem(code="UNLOCK_REASON_TOO_LONG", where="reason"))
    # Who writes a letter cannot be looked at; a relative's is no safer than one's own.
    face_to_face = (Requester.SELF, Requester.HOUSEHOLD_MEMBER)
    by_mail = given.requester in face_to_face and given.use is Use.MAIL
    if given.requester in (Requester.PERPETRATOR, Requester.PROXY) or by_mail:
        found.append(Problem(code="UNLOCK_REQUESTER_REFUSED", where="requester"))
    return tuple(found)


def check_second_officer(*, first_id: str, second: Actor) -> tuple[Problem, ...]:
    """Return why this officer cannot be the second one for an unlock (二人目の職員)."""
    found = []
    if not second.may(Right.SEE_PROTECTED):
        return (Problem(code="NOT_AVAILABLE_HERE"),)
    if not (second.may(Right.LIFT_PROTECTION) or second.may(Right.APPROVE)):
        found.append(Problem(code="SECOND_OFFICER_RIGHT_MISSING"))
    if second.staff_id == first_id:
        found.append(Problem(code="SECOND_OFFICER_IS_FIRST"))
    return tuple(found)


def check_ending_officer(*, first_id: str, second: Actor) -> tuple[Problem, ...]:
    """Return why this officer cannot end a measure as the second one (終了の決定者)."""
    found = []
    if not second.may(Right.LIFT_PROTECTION) or not second.may(Right.SEE_PROTECTED):
        found.append(Problem(code="LIFT_RIGHT_MISSING"))
    if second.staff_id == first_id:
        found.append(Problem(code="SECOND_OFFICER_IS_FIRST"))
    return tuple(found)


def check_grant(unlock: Unlock, *, second: Actor, basis: str, now: datetime) -> tuple[Problem, ...]:
    """Return every reason not to grant this unlock now (一時解除の承認)."""
    found = list(check_second_officer(first_id=unlock.proposed_by, second=second))
    if unlock.state is not UnlockState.PROPOSED or now >= unlock.proposal_ends_at:
        found.append(Problem(code="UNLOCK_NOT_WAITING"))
    if unlock.basis != basis:
        found.append(Problem(code="STALE_STATE", facts={"case_no": ""}))
    return tuple(found)


def why_not_used(
    unlock: Unlock | None, *, actor: Actor, person_ids: frozenset[str], basis: str, now: datetime
) -> Problem:
    """Say why an unlock could not be used for this request, kind and use.

    ``unlock`` is the newest one of exactly that request, kind and use. The decision itself
    is the conditional update; this only finds the words afterwards.
    """
    if unlock is None or unlock.state not in _WHY_STATE:
        return Problem(code="UNLOCK_NONE")
    stale = Problem(code="STALE_STATE", facts={"case_no": ""})
    asked = unlock.proposal.person_ids
    why = (
        (bool(_WHY_STATE[unlock.state]), Problem(code=_WHY_STATE[unlock.state] or "UNLOCK_NONE")),
        (unlock.expires_at is None or now >= unlock.expires_at, Problem(code="UNLOCK_EXPIRED")),
        (unlock.proposed_by != actor.staff_id, Problem(code="UNLOCK_OF_ANOTHER")),
        (not person_ids <= asked, Problem(code="UNLOCK_OTHER_PERSONS")),
        (unlock.basis != basis, stale),
    )
    return next((problem for applies, problem in why if applies), Problem(code="UNLOCK_NONE"))


_WHY_STATE = {
    UnlockState.PROPOSED: "UNLOCK_NOT_GRANTED",
    UnlockState.USED: "UNLOCK_USED",
    UnlockState.GRANTED: "",
}
