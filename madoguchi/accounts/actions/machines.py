"""The accounts of machines: one for each kiosk terminal (機械のアカウント)."""

from __future__ import annotations

import unicodedata

from django.db import IntegrityError, transaction

from madoguchi.accounts.domain import DISPLAY_NAME_MAX, Role, machine_id
from madoguchi.accounts.models import Staff
from madoguchi.accounts.queries.staff import acting
from madoguchi.audit import api as audit
from madoguchi.infra import unit
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused


def machine_actor(*, terminal: str, place: str, purpose: str) -> Actor:
    """Return the machine that acts at a kiosk terminal, made on first use (機械の操作者).

    It may issue and nothing else, and sees nobody who is protected. An account that an
    officer closed holds no right, so that the machine can still put away what it began.
    """
    staff_id = machine_id(terminal)
    member = Staff.objects.filter(staff_id=staff_id).first()
    if member is None:
        try:
            if unit.is_open():
                member = _open_account(staff_id, terminal=terminal, place=place)
            else:
                member = unit.run(_open_account, staff_id, terminal=terminal, place=place)
        except IntegrityError:  # another process was first, and has written it down
            member = Staff.objects.get(staff_id=staff_id)
    if member.role != Role.MACHINE.value:
        # A person's from before ids of machines were set apart: never act in their name.
        raise Refused(Problem(code="MACHINE_ID_TAKEN", facts={"staff_id": staff_id}))
    return acting(member, purpose=purpose, place=place, terminal=terminal)


def _open_account(staff_id: str, *, terminal: str, place: str) -> Staff:
    member = Staff(
        staff_id=staff_id,
        display_name=f"キオスク {unicodedata.normalize('NFKC', terminal)}"[:DISPLAY_NAME_MAX],
        role=Role.MACHINE.value,
    )
    member.set_unusable_password()
    with transaction.atomic():
        member.save()
    audit.record(
        actor=acting(member, purpose="機械の登録", place=place, terminal=terminal),
        action="MACHINE_ADDED",
        subjects=[],
        detail={"staff_id": staff_id, "terminal": terminal},
    )
    return member
