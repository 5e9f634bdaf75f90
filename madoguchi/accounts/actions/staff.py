"""Open accounts, change roles and rights, hand rights on (職員と権限の操作)."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from allauth.mfa.models import Authenticator

from madoguchi.accounts.domain import (
    NOT_PEOPLE,
    DatedRight,
    Effect,
    Role,
    check_dated_right,
    check_delegation,
    check_new_staff,
    fold_staff_id,
)
from madoguchi.accounts.models import Staff, StaffRight
from madoguchi.audit import api as audit
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused

#: Letters and figures nobody confuses when reading a slip of paper aloud.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 4, 4


def add_staff(*, actor: Actor, staff_id: str, display_name: str, role: Role) -> str:
    """Open an account and return its first password, which is shown once (職員の登録).

    The owner must change it and set up a second factor before anything else opens.
    """
    _must_manage(actor)
    staff_id = fold_staff_id(staff_id)
    taken = Staff.objects.filter(staff_id=staff_id).exists()
    _refuse(check_new_staff(staff_id=staff_id, taken=taken, role=role))
    password = make_password()
    member = Staff(
        staff_id=staff_id,
        display_name=display_name,
        role=role.value,
        password_is_initial=True,
    )
    member.set_password(password)
    member.save()
    _record(actor, "STAFF_ADDED", member, role=role.value)
    return password


def change_role(*, actor: Actor, staff_id: str, role: Role) -> None:
    """Give another role from now on; the person's sessions end (役割の変更)."""
    member = _other(actor, staff_id)
    if role in NOT_PEOPLE or Role(member.role) in NOT_PEOPLE:
        raise Refused(Problem(code="ROLE_ONLY_BY_SYSTEM", where="role"))
    if role is not Role.OFFICER:
        _must_leave_an_officer(member)
    before = member.role
    member.role = role.value
    member.session_stamp += 1
    member.save(update_fields=["role", "session_stamp"])
    _record(actor, "ROLE_CHANGED", member, before=before, after=role.value)


def suspend(*, actor: Actor, staff_id: str) -> None:
    """Close an account for now, as on leave or on moving to another office (利用停止)."""
    member = _other(actor, staff_id)
    _must_leave_an_officer(member)
    member.is_active = False
    member.session_stamp += 1
    member.save(update_fields=["is_active", "session_stamp"])
    _record(actor, "STAFF_SUSPENDED", member)


def resume(*, actor: Actor, staff_id: str) -> None:
    """Open a closed account again (利用再開)."""
    member = _other(actor, staff_id)
    member.is_active = True
    member.save(update_fields=["is_active"])
    _record(actor, "STAFF_RESUMED", member)


def reset_sign_in(*, actor: Actor, staff_id: str) -> str:
    """Take away password and second factor, as for a lost telephone; return a new first password."""
    member = _other(actor, staff_id)
    if Role(member.role) in NOT_PEOPLE:
        raise Refused(Problem(code="ROLE_ONLY_BY_SYSTEM"))
    password = make_password()
    member.set_password(password)
    member.password_is_initial = True
    member.session_stamp += 1
    member.save(update_fields=["password", "password_is_initial", "session_stamp"])
    Authenticator.objects.filter(user_id=member.pk).delete()
    _record(actor, "SIGN_IN_RESET", member)
    return password


def give_right(
    *,
    actor: Actor,
    staff_id: str,
    right: Right,
    effect: Effect,
    valid_from: date,
    valid_until: date | None,
    reason: str,
) -> None:
    """Add or take away one right of one person between two days (権限の個別設定; SPEC1 10.3)."""
    _must_manage(actor)
    member = _member(staff_id)
    line = DatedRight(right=right, effect=effect, valid_from=valid_from, valid_until=valid_until)
    assert effect is not Effect.DELEGATED, "handing on is delegate()"
    _refuse(
        check_dated_right(
            line,
            role=Role(member.role),
            by_self=member.staff_id == actor.staff_id,
            today=clock.today(),
        )
    )
    _keep(actor, member, line, reason)
    _record(actor, "RIGHT_SET", member, **_words(line))


def delegate(
    *,
    actor: Actor,
    to: str,
    right: Right,
    valid_from: date,
    valid_until: date | None,
    reason: str,
) -> None:
    """Hand one's own right on for some days, as when away; it stays one's own too (委任)."""
    member = _member(to)
    line = DatedRight(
        right=right, effect=Effect.DELEGATED, valid_from=valid_from, valid_until=valid_until
    )
    _refuse(
        check_delegation(
            line,
            giver_rights=actor.rights,
            to_role=Role(member.role),
            to_self=member.staff_id == actor.staff_id,
            today=clock.today(),
        )
    )
    _keep(actor, member, line, reason)
    _record(actor, "RIGHT_DELEGATED", member, **_words(line))


def end_right(*, actor: Actor, line_id: int) -> None:
    """End a dated right today at the latest: its giver, or who manages staff (権限設定の終了)."""
    row = StaffRight.objects.select_for_update().select_related("staff").filter(id=line_id).first()
    mine = row is not None and row.given_by == actor.staff_id
    if row is None or not (mine or actor.may(Right.MANAGE_STAFF)):
        raise Refused(Problem(code="RIGHT_LINE_UNKNOWN"))
    if row.staff.staff_id == actor.staff_id and row.effect == Effect.REMOVED.value:
        raise Refused(Problem(code="RIGHTS_OF_ONESELF"))
    yesterday = clock.today() - timedelta(days=1)
    before = _words(row.value())
    if row.valid_from > yesterday:
        # It never counted on a whole day: nothing to keep but the record of both.
        row.delete()
    elif row.valid_until is None or row.valid_until > yesterday:
        row.valid_until = yesterday
        row.save(update_fields=["valid_until"])
    _record(actor, "RIGHT_ENDED", row.staff, **before)


def make_password() -> str:
    """Return a first password of 79 bits that can be read aloud (初期パスワード)."""
    groups = (
        "".join(secrets.choice(_READABLE) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )
    return "-".join(groups)


def _keep(actor: Actor, member: Staff, line: DatedRight, reason: str) -> None:
    StaffRight.objects.create(
        staff=member,
        right=line.right.value,
        effect=line.effect.value,
        valid_from=line.valid_from,
        valid_until=line.valid_until,
        reason=reason,
        given_by=actor.staff_id,
        given_at=clock.now(),
    )


def _words(line: DatedRight) -> dict[str, str | None]:
    return {
        "right": line.right.value,
        "effect": line.effect.value,
        "from": line.valid_from.isoformat(),
        "until": line.valid_until.isoformat() if line.valid_until else None,
    }


def _record(actor: Actor, action: str, member: Staff, **detail: str | None) -> None:
    # Staff are no residents: they stand in the detail, the subjects are persons only.
    audit.record(
        actor=actor, action=action, subjects=[], detail={"staff_id": member.staff_id, **detail}
    )


def _must_manage(actor: Actor) -> None:
    assert actor.may(Right.MANAGE_STAFF), "the view asks for the right"


def _other(actor: Actor, staff_id: str) -> Staff:
    _must_manage(actor)
    member = _member(staff_id)
    if member.staff_id == actor.staff_id:
        raise Refused(Problem(code="RIGHTS_OF_ONESELF"))
    return member


def _member(staff_id: str) -> Staff:
    member = Staff.objects.select_for_update().filter(staff_id=staff_id).first()
    if member is None:
        raise Refused(Problem(code="STAFF_UNKNOWN"))
    return member


def _must_leave_an_officer(member: Staff) -> None:
    """Refuse to take away the last one who can manage staff: nobody could undo it."""
    if member.role != Role.OFFICER.value or not member.is_active:
        return
    # Locked: of two officers who take each other away at once, one is told Busy.
    others = Staff.objects.select_for_update().filter(role=Role.OFFICER.value, is_active=True)
    if not [one for one in others.order_by("id") if one.pk != member.pk]:
        raise Refused(Problem(code="LAST_OFFICER"))


def _refuse(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise Refused(problems)
