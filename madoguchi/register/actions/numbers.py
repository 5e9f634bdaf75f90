"""個人番号: kept in one table, sealed; set with its reason, read with its right (個人番号)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from madoguchi.audit import api as audit
from madoguchi.infra import clock, facts, locks, unit
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.checkdigits import is_valid_individual_number
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.register.actions.bulk import copy_rows
from madoguchi.register.domain.reasons import Reason
from madoguchi.register.models import Number
from madoguchi.register.queries import sealing
from madoguchi.register.queries.loading import closed_to, hidden_among
from madoguchi.register.queries.persons import provisional_of
from madoguchi.register.queries.rows import read_heads

#: reason -> whether a number must be there already
_REASONS: Mapping[Reason, bool] = {
    Reason.NUMBER_CHANGE_REQUESTED: True,
    Reason.NUMBER_AMEND_EX_OFFICIO: True,
    Reason.NUMBER_ENTER_EX_OFFICIO: False,
}


def set_number(*, actor: Actor, person_id: str, number: str, reason: Reason) -> None:
    """Set the 個人番号 of a person; run it in ``unit.run`` (個人番号の記載・変更).

    A version records that it happened and why; the number itself is only in its own table. A
    removed person may have a number too: it is what tells that somebody comes back (E5).
    """
    assert reason in _REASONS, reason
    locks.take([(LockKind.PERSON, person_id), (LockKind.NUMBERING, "individual_number")])
    head = read_heads((person_id,)).get(person_id)
    if head is None or hidden_among((person_id,), actor=actor):
        raise Refused(Problem(code="PERSON_UNKNOWN", facts={"person_id": person_id}))
    found = _check(actor, person_id, number, reason)
    if found:
        raise Refused(found)
    Number.objects.update_or_create(
        person_id=person_id,
        defaults={
            "sealed": sealing.seal(number, person_id=person_id),
            "digest": sealing.digest(number),
            "set_at": clock.now(),
        },
    )
    version = replace(
        head,
        history_no=head.history_no + 1,
        reason=reason,
        effective_on=clock.today(),
        effective_written="",
        filed_on=None,
        petitioned_on=None,
        notified_by_office_on=None,
        requested_on=clock.today() if reason is Reason.NUMBER_CHANGE_REQUESTED else None,
        recorded_at=clock.now(),
        place=actor.place,
        terminal=actor.terminal,
        staff_id=actor.staff_id,
        corrects_no=None,
        reverts_no=None,
        changed=(),
    )
    copy_rows([version])
    audit.record(
        actor=actor,
        action="REGISTER_SET_NUMBER",
        subjects=[person_id],
        detail={"reason": reason.value, "history_no": version.history_no},
    )
    facts.note("individual_number_set", at=clock.now(), reason=reason.value)


def _check(actor: Actor, person_id: str, number: str, reason: Reason) -> list[Problem]:
    """Return every reason not to set this number."""
    found: list[Problem] = []
    if not actor.may(Right.FILE_CHANGE):
        found.append(Problem(code="NOT_ALLOWED"))
    if not is_valid_individual_number(number):
        found.append(Problem(code="INDIVIDUAL_NUMBER_WRONG", where="individual_number"))
    if closed_to((person_id,), actor=actor):
        found.append(Problem(code="RESTRICTED_FOR_CHANGE"))
    if provisional_of((person_id,)):
        found.append(Problem(code="PERSON_PROVISIONAL", facts={"person_id": person_id}))
    if Number.objects.filter(person_id=person_id).exists() != _REASONS[reason]:
        found.append(Problem(code="REASON_NOT_FOR_THIS_CHANGE", where="individual_number"))
    others = Number.objects.exclude(person_id=person_id)
    if others.filter(digest=sealing.digest(number)).exists():
        found.append(Problem(code="NUMBER_DOUBLE", where="individual_number"))
    return found


def numbers_for_paper(person_ids: Collection[str], *, actor: Actor) -> Mapping[str, str]:
    """Return 個人番号 by id for printing; that they were seen is written down first (印字用).

    Raises ``Refused`` without the right SEE_NUMBERS. Who has none, or is held from this actor,
    is missing.
    """
    if not actor.may(Right.SEE_NUMBERS):
        raise Refused(Problem(code="NUMBERS_NOT_ALLOWED"))
    detail = {"individual_number": True}
    if unit.is_open():
        audit.record(
            actor=actor, action="REGISTER_NUMBERS_READ", subjects=person_ids, detail=detail
        )
    else:
        audit.look(actor=actor, screen="REGISTER_NUMBERS_READ", subjects=person_ids, detail=detail)
    open_ids = frozenset(person_ids) - hidden_among(person_ids, actor=actor)
    return {
        row.person_id: sealing.unseal(bytes(row.sealed), person_id=row.person_id)
        for row in Number.objects.filter(person_id__in=open_ids)
    }


def whose_number(number: str, *, actor: Actor) -> str | None:
    """Return who has this 個人番号, for somebody who comes back (再転入者の宛名番号の照会)."""
    if not actor.may(Right.FILE_CHANGE):
        raise Refused(Problem(code="NOT_ALLOWED"))
    row = Number.objects.filter(digest=sealing.digest(number)).first()
    if row is None or hidden_among((row.person_id,), actor=actor):
        return None
    return row.person_id
