"""Who works here, with which rights (職員の照会)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from madoguchi.accounts.domain import DatedRight, Role, StaffRow
from madoguchi.accounts.models import Staff, StaffRight
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class RightLine:
    """One dated right as the pages show it (権限の個別設定の一行)."""

    line_id: int
    value: DatedRight
    reason: str
    given_by: str
    given_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDetail:
    """A member of staff as the one who manages staff sees one (職員の詳細)."""

    row: StaffRow
    os_user: str | None
    last_sign_in_at: datetime | None
    has_second_factor: bool
    password_is_initial: bool
    lines: tuple[RightLine, ...]


def list_staff(staff_ids: Iterable[str] | None = None) -> tuple[StaffRow, ...]:
    """List staff, or those named, by role and id: names for lists, and who is there (職員一覧)."""
    rows = Staff.objects.prefetch_related("dated_rights")
    if staff_ids is not None:
        rows = rows.filter(staff_id__in=list(staff_ids))
    return tuple(row_of(row) for row in _in_order(rows))


def actor_of(*, staff_id: str, purpose: str, place: str, terminal: str) -> Actor:
    """Return the actor in whose name a job goes on, with the rights held today (操作者).

    Who has left since, or is on leave, holds none: the job's own checks then refuse.
    """
    row = Staff.objects.prefetch_related("dated_rights").filter(staff_id=staff_id).first()
    if row is not None:
        return acting(row, purpose=purpose, place=place, terminal=terminal)
    return Actor(
        staff_id=staff_id, name=staff_id, rights=frozenset(), place=place, terminal=terminal,
        purpose=purpose,
    )  # fmt: skip


def acting(row: Staff, *, purpose: str, place: str, terminal: str) -> Actor:
    """Return this account as the one who acts; closed it holds no right (操作者)."""
    return Actor(
        staff_id=row.staff_id,
        name=row.display_name,
        rights=row.rights if row.is_active else frozenset(),
        place=place,
        terminal=terminal,
        purpose=purpose,
    )


def list_details() -> tuple[StaffDetail, ...]:
    """List all staff with what managing them needs; two queries whatever their number."""
    return tuple(_detail(row) for row in _in_order(_with_factors()))


def find_detail(staff_id: str) -> StaffDetail | None:
    """Find one member of staff with what managing one needs, or nothing (職員の詳細)."""
    row = _with_factors().filter(staff_id=staff_id).first()
    return _detail(row) if row is not None else None


def names_of(staff_ids: Iterable[str]) -> dict[str, str]:
    """Return the names for these ids; an id without an account stands for itself (氏名)."""
    wanted = set(staff_ids)
    known = dict(Staff.objects.filter(staff_id__in=wanted).values_list("staff_id", "display_name"))
    return {staff_id: known.get(staff_id, staff_id) for staff_id in wanted}


def lines_given_by(staff_id: str, *, today: date) -> tuple[tuple[str, RightLine], ...]:
    """List the rights somebody has handed on and that have not ended: (to whom, line) (委任)."""
    rows = StaffRight.objects.filter(
        given_by=staff_id, effect="DELEGATED", valid_until__gte=today
    ).order_by("valid_from", "id")
    return tuple((row.staff_id, _line(row)) for row in rows)


def row_of(row: Staff) -> StaffRow:
    """Return a stored account as the value other rooms see (職員)."""
    return StaffRow(
        staff_id=row.staff_id,
        display_name=row.display_name,
        role=Role(row.role),
        is_active=row.is_active,
        rights=row.rights,
    )


_ORDER = {role: place for place, role in enumerate(Role)}


def _in_order(rows: QuerySet[Staff]) -> list[Staff]:
    return sorted(rows, key=lambda row: (_ORDER[Role(row.role)], row.staff_id))


def _with_factors() -> QuerySet[Staff]:
    factors = Authenticator.objects.filter(user_id=OuterRef("pk")).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    return Staff.objects.annotate(has_second_factor=Exists(factors)).prefetch_related(
        "dated_rights"
    )


def _detail(row: Staff) -> StaffDetail:
    return StaffDetail(
        row=row_of(row),
        os_user=row.os_user,
        last_sign_in_at=row.last_login.astimezone(JAPAN) if row.last_login else None,
        has_second_factor=bool(getattr(row, "has_second_factor", False)),
        password_is_initial=row.password_is_initial,
        lines=tuple(
            _line(line)
            for line in sorted(row.dated_rights.all(), key=lambda one: (one.valid_from, one.id))
        ),
    )


def _line(row: StaffRight) -> RightLine:
    return RightLine(
        line_id=row.id,
        value=row.value(),
        reason=row.reason,
        given_by=row.given_by,
        given_at=row.given_at.astimezone(JAPAN),
    )
