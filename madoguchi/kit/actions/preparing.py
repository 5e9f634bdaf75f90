"""Before a kit is sealed: each officer's own word, and who is released by two (出かける前)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from madoguchi.audit.api import record
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kit.documents.officer_words import check_word, stretch_word
from madoguchi.kit.domain.trips import OfficerAlong
from madoguchi.kit.models import OfficerWord, Release
from madoguchi.kit.queries.trips import KIT, list_releasable
from madoguchi.protection.api import Use, propose_unlock, use_unlock

#: The form of the unlock: what goes through is a trip, not a paper.
RELEASE_KIND = "KIT"
#: A word set in the evening is for tomorrow.
WORD_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Who comes along although held, and the pass for the gate (解除された人)."""

    person_ids: frozenset[str] = frozenset()
    pass_id: str = ""


def set_word(*, word: str, again: str, actor: Actor, now: datetime) -> None:
    """Set one's own word for the next trip; nobody else ever learns it (合言葉を決める)."""
    if not actor.may(KIT):
        raise Refused(Problem(code="NOT_ALLOWED"))
    found = list(check_word(word, staff_id=actor.staff_id))
    if word != again:
        found.append(Problem(code="KIT_OFFICER_WORD_TWICE", where="again"))
    if found:
        raise Refused(found)
    salt, digest = stretch_word(word)
    OfficerWord.objects.update_or_create(
        staff_id=actor.staff_id, defaults={"salt": salt, "digest": digest, "set_at": now}
    )
    record(actor=actor, action="KIT_WORD_SET", subjects=[], detail={})


def take_words(
    officers: Sequence[Actor], *, sealer: Actor, now: datetime
) -> tuple[OfficerAlong, ...]:
    """Take the words of all who go, each for this one kit (合言葉の使用).

    Who seals for nobody but themselves needs none: the kit's own word is theirs already.
    """
    ids = [one.staff_id for one in officers]
    found = {
        row.staff_id: row
        for row in OfficerWord.objects.select_for_update().filter(
            staff_id__in=ids, set_at__gt=now - WORD_LASTS
        )
    }
    if ids == [sealer.staff_id] and not found:
        return (_along(sealer, salt="", digest=""),)
    missing = [
        Problem(code="KIT_OFFICER_WORD_MISSING", where="officer", facts={"officer": one.name})
        for one in officers
        if one.staff_id not in found
    ]
    if missing or len(set(ids)) != len(ids):
        raise Refused(missing or [Problem(code="BAD_INPUT", where="officer")])
    OfficerWord.objects.filter(staff_id__in=ids).delete()
    return tuple(
        _along(one, salt=found[one.staff_id].salt, digest=found[one.staff_id].digest)
        for one in officers
    )


def _along(one: Actor, *, salt: str, digest: str) -> OfficerAlong:
    return OfficerAlong(
        staff_id=one.staff_id, name=one.name, salt=salt, digest=digest,
        may_see_held=one.may(Right.SEE_PROTECTED),
        may_issue=one.may(Right.ISSUE_CERTIFICATE),
    )  # fmt: skip


def ask_release(
    *, area: str, person_ids: Iterable[str], reason: str, actor: Actor, now: datetime
) -> str:
    """Ask a second officer to let these protected people come along once; return the trip (解除の申請).

    Bound to one trip and its area; open for some minutes after the second officer agreed, and
    usable only by a trip whose first officer is the one who asked.
    """
    if not actor.may(KIT):
        raise Refused(Problem(code="NOT_ALLOWED"))
    wanted = sorted(set(person_ids))
    known = list_releasable(area, actor=actor, on=clock.day_of(now))
    if not wanted or not set(wanted) <= known.keys():
        raise Refused(Problem(code="KIT_RELEASE_WHOM", where="person_ids"))
    trip_id = new_id()
    propose_unlock(
        actor=actor, request_id=trip_id, kind=RELEASE_KIND, use=Use.EXPORT, person_ids=wanted,
        requester="SELF", reason=reason,
    )  # fmt: skip
    Release.objects.create(
        trip_id=trip_id, area=area, person_ids=wanted, asked_by=actor.staff_id, asked_at=now
    )
    record(actor=actor, action="KIT_RELEASE_ASKED", subjects=wanted,
           detail={"trip": trip_id, "area": area, "closed": True})  # fmt: skip
    return trip_id


def take_release(
    trip_id: str, *, area: str, lead: Actor, here: Collection[str], now: datetime
) -> Passed:
    """Use up the release of exactly this trip; no trip, nobody (解除の使用)."""
    if not trip_id:
        return Passed()
    row = Release.objects.select_for_update().filter(trip_id=trip_id).first()
    if row is None or row.area != area or row.used_at is not None:
        raise Refused(Problem(code="KIT_RELEASE_UNKNOWN", where="released"))
    wanted = frozenset(row.person_ids) & frozenset(here)
    pass_id = use_unlock(
        actor=lead, request_id=trip_id, kind=RELEASE_KIND, use=Use.EXPORT, person_ids=wanted
    )
    Release.objects.filter(trip_id=trip_id).update(used_at=now)
    return Passed(person_ids=wanted, pass_id=pass_id)
