"""The command line: an account of the operating-system user, and the first start (コマンドの利用者).

Two things cannot be done on a page, since nobody can sign in yet or since they concern the
server: opening the first officer's account, and binding an operating-system user. Both are
for the keeper of the server alone: who owns the data folder, or root.
"""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass

from django.conf import settings

from madoguchi.accounts.actions.staff import add_staff
from madoguchi.accounts.domain import (
    DISPLAY_NAME_MAX,
    Role,
    check_at_server,
    check_display_name,
    check_new_staff,
    command_line_id,
    fold_staff_id,
)
from madoguchi.accounts.models import Staff
from madoguchi.audit import api as audit
from madoguchi.infra import unit
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSignIn:
    """An account just opened, with the first password that is shown once (初期パスワード)."""

    staff_id: str
    name: str
    role: str
    password: str


def cli_actor(verb: str = "") -> Actor:
    """Return who is at the command line, after writing down that it is used (コマンドの利用者).

    The account is bound to the operating-system user; protected persons are never seen by
    it. Raises ``Refused`` where nobody bound one; in the demo it is made on first use.
    """
    os_user = _os_user()
    member = Staff.objects.filter(os_user=os_user).first()
    if member is None:
        if not settings.MADOGUCHI_DEMO:
            raise Refused(Problem(code="CLI_NOT_BOUND", facts={"os_user": os_user}))
        member = unit.run(bind_command_line, os_user=os_user, by="demo")
    if not member.is_active:
        raise Refused(Problem(code="CLI_CLOSED", facts={"os_user": os_user}))
    actor = _actor_of(member)
    _write_down(actor, os_user=os_user, verb=verb)
    return actor


def keeper_actor(verb: str) -> Actor:
    """Return the keeper of the server, after writing down the use (サーバーの管理者).

    Written down before it is refused, so that a try leaves its trace. Needs no account, as
    there is none at the first start; holds no right but to manage staff.
    """
    os_user = _os_user()
    actor = Actor(
        staff_id=command_line_id(os_user),
        name=f"コマンド（{os_user}）",
        rights=frozenset({Right.MANAGE_STAFF}),
        place=settings.MADOGUCHI_PLACE,
        terminal="CLI",
        purpose="サーバーの管理",
    )
    _write_down(actor, os_user=os_user, verb=verb)
    if not (is_keeper() or settings.MADOGUCHI_DEMO):
        raise Refused(Problem(code="CLI_NOT_KEEPER"))
    return actor


def is_keeper() -> bool:
    """Tell whether this process is root or owns the data folder (サーバーの管理者か)."""
    return os.geteuid() in (0, settings.MADOGUCHI_HOME.stat().st_uid)


def add_at_server(*, actor: Actor, staff_id: str, display_name: str, role: str) -> NewSignIn:
    """Open an account from the server: outside the demo the first officer's only (A12).

    An officer who never changed the first password counts for nobody: a slip of paper that
    was lost must not shut the town out.
    """
    officer_is_in = Staff.objects.filter(
        role=Role.OFFICER.value, is_active=True, password_is_initial=False
    ).exists()
    problems = check_at_server(
        role=Role(role),
        demo=settings.MADOGUCHI_DEMO,
        by_keeper=is_keeper(),
        officer_is_in=officer_is_in,
    )
    if problems := (*problems, *check_display_name(display_name)):
        raise Refused(problems)
    name, staff_id = display_name.strip(), fold_staff_id(staff_id)
    password = add_staff(actor=actor, staff_id=staff_id, display_name=name, role=Role(role))
    return NewSignIn(staff_id=staff_id, name=name, role=role, password=password)


def bind_known_user(*, actor: Actor, os_user: str) -> Staff:
    """Bind an operating-system user this server knows to its command-line account (登録)."""
    try:
        pwd.getpwnam(os_user)
    except (KeyError, ValueError) as unknown:
        facts = {"os_user": os_user}
        raise Refused(Problem(code="OS_USER_UNKNOWN", facts=facts)) from unknown
    return bind_command_line(os_user=os_user, by=actor.staff_id)


def bind_command_line(*, os_user: str, by: str) -> Staff:
    """Make the account that this operating-system user works under (コマンドの利用者の登録)."""
    staff_id = command_line_id(os_user)
    member = Staff.objects.select_for_update().filter(os_user=os_user).first()
    created = member is None
    if member is None:
        # Two users can fold to one id: the second is told, and takes nobody's account over.
        if Staff.objects.filter(staff_id=staff_id).exists():
            raise Refused(check_new_staff(staff_id=staff_id, taken=True, role=Role.OTHER))
        member = Staff(
            os_user=os_user,
            staff_id=staff_id,
            display_name=f"コマンド（{os_user}）"[:DISPLAY_NAME_MAX],
            role=Role.CLI.value,
        )
        member.set_unusable_password()
        member.save()
    if not member.is_active:
        # An officer closed it: only an officer opens it again.
        raise Refused(Problem(code="CLI_CLOSED", facts={"os_user": os_user}))
    audit.record(
        actor=_actor_of(member),
        action="CLI_BOUND",
        subjects=[],
        detail={"os_user": os_user, "by": by, "new": created},
    )
    return member


def _os_user() -> str:
    return pwd.getpwuid(os.getuid()).pw_name


def _write_down(actor: Actor, *, os_user: str, verb: str) -> None:
    audit.record_sign_in(actor=actor, action="CLI_USED", detail={"os_user": os_user, "verb": verb})


def _actor_of(member: Staff) -> Actor:
    return Actor(
        staff_id=member.staff_id,
        name=member.display_name,
        rights=member.rights,
        place=settings.MADOGUCHI_PLACE,
        terminal="CLI",
        purpose="コマンドによる処理",
    )
