"""The command line as a named account of the operating-system user (コマンドの利用者)."""

from __future__ import annotations

import os
import pwd

from django.conf import settings

from madoguchi.accounts.domain import Role, fold_staff_id
from madoguchi.accounts.models import Staff
from madoguchi.audit import api as audit
from madoguchi.infra import unit
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused


def cli_actor(verb: str = "") -> Actor:
    """Return who is at the command line, after writing down that it is used (コマンドの利用者).

    The account is bound to the operating-system user; protected persons are never seen by
    it. Raises ``Refused`` where nobody bound one; in the demo it is made on first use.
    """
    os_user = pwd.getpwuid(os.getuid()).pw_name
    member = Staff.objects.filter(os_user=os_user, is_active=True).first()
    if member is None:
        if not settings.MADOGUCHI_DEMO:
            raise Refused(Problem(code="CLI_NOT_BOUND", facts={"os_user": os_user}))
        member = unit.run(bind_command_line, os_user=os_user, by="demo")
    actor = _actor_of(member)
    audit.record_sign_in(actor=actor, action="CLI_USED", detail={"os_user": os_user, "verb": verb})
    return actor


def bind_command_line(*, os_user: str, by: str) -> Staff:
    """Make the account that this operating-system user works under (コマンドの利用者の登録)."""
    member, created = Staff.objects.get_or_create(
        os_user=os_user,
        defaults={
            "staff_id": f"cli.{fold_staff_id(os_user)}"[:40],
            "display_name": f"コマンド（{os_user}）",
            "role": Role.CLI.value,
            "password": "!",
        },
    )
    if not member.is_active:
        raise Refused(Problem(code="CLI_NOT_BOUND", facts={"os_user": os_user}))
    audit.record(
        actor=_actor_of(member),
        action="CLI_BOUND",
        subjects=[],
        detail={"os_user": os_user, "by": by, "new": created},
    )
    return member


def _actor_of(member: Staff) -> Actor:
    return Actor(
        staff_id=member.staff_id,
        name=member.display_name,
        rights=member.rights,
        place=settings.MADOGUCHI_PLACE,
        terminal="CLI",
        purpose="コマンドによる処理",
    )
