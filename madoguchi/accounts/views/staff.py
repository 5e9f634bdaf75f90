"""Who works here: accounts, roles, rights (職員の管理)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.accounts.actions import staff as actions
from madoguchi.accounts.domain import NOT_PEOPLE, ROLE_RIGHTS, Effect, Role
from madoguchi.accounts.forms import NewStaffForm, RightForm, RoleForm
from madoguchi.accounts.queries.staff import StaffDetail, find_detail, list_details, names_of
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.messages import word
from madoguchi.web.nav import url_or_none
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "職員と権限の管理"


@needs(Right.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
@never_cache
def staff(request: HttpRequest) -> HttpResponse:
    """List all staff; a POST opens an account and shows its first password once (職員一覧)."""
    form = NewStaffForm(request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    password = ""
    if form.is_bound:
        problems = problems_of(form)
        if not problems:
            password, problems = press(
                actions.add_staff,
                actor=actor_of(request, PURPOSE),
                staff_id=form.cleaned_data["staff_id"],
                display_name=form.cleaned_data["display_name"],
                role=Role(form.cleaned_data["role"]),
            )
            mark(form, problems)
    return page(
        request,
        "accounts/staff.html",
        {
            "people": list_details(),
            "machine": Role.MACHINE,
            "roles": [(role, ROLE_RIGHTS[role]) for role in Role],
            "keys": url_or_none("tokens:list"),
            "form": NewStaffForm() if password else form,
            "problems": problems,
            "new_id": form.cleaned_data.get("staff_id", "") if password else "",
            "password": password,
        },
        status=422 if problems else 200,
    )


@needs(Right.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, staff_id: str) -> HttpResponse:
    """Show one account; a POST sets one right between two days (職員の詳細・権限の個別設定)."""
    detail = find_detail(staff_id)
    if detail is None:
        return errors.refusal(request, [Problem(code="STAFF_UNKNOWN")], status=404)
    if request.method == "GET":
        return _member(request, detail)
    form = RightForm(request.POST)
    problems = problems_of(form)
    if not problems:
        given = form.cleaned_data
        _, problems = press(
            actions.give_right,
            actor=actor_of(request, PURPOSE),
            staff_id=staff_id,
            right=Right(given["right"]),
            effect=Effect(given["effect"]),
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            reason=given["reason"],
        )
        mark(form, problems)
        if not problems:
            return _done(request, staff_id, "RIGHT_SET")
    return _member(request, detail, form=form, problems=problems)


@needs(Right.MANAGE_STAFF)
@require_POST
def change_role(request: HttpRequest, staff_id: str) -> HttpResponse:
    """Give another role; the person's sessions end (役割の変更)."""
    form = RoleForm(request.POST)
    problems = problems_of(form)
    if problems:
        return errors.refusal(request, problems, status=422)
    unit.run(
        actions.change_role,
        actor=actor_of(request, PURPOSE),
        staff_id=staff_id,
        role=Role(form.cleaned_data["role"]),
    )
    return _done(request, staff_id, "ROLE_CHANGED")


@needs(Right.MANAGE_STAFF)
@require_POST
def suspend(request: HttpRequest, staff_id: str) -> HttpResponse:
    """Close an account for now (利用停止)."""
    return _plain(request, staff_id, actions.suspend, "STAFF_SUSPENDED")


@needs(Right.MANAGE_STAFF)
@require_POST
def resume(request: HttpRequest, staff_id: str) -> HttpResponse:
    """Open a closed account again (利用再開)."""
    return _plain(request, staff_id, actions.resume, "STAFF_RESUMED")


@needs(Right.MANAGE_STAFF)
@require_POST
@never_cache
def reset(request: HttpRequest, staff_id: str) -> HttpResponse:
    """Take away password and second factor, and show a new first password once (再発行)."""
    password = unit.run(actions.reset_sign_in, actor=actor_of(request, PURPOSE), staff_id=staff_id)
    detail = find_detail(staff_id)
    assert detail is not None
    return _member(request, detail, password=password)


@needs(Right.MANAGE_STAFF)
@require_POST
def end_right(request: HttpRequest, staff_id: str, line_id: int) -> HttpResponse:
    """End one dated right (権限設定の終了)."""
    unit.run(actions.end_right, actor=actor_of(request, PURPOSE), line_id=line_id)
    return _done(request, staff_id, "RIGHT_ENDED")


def _plain(
    request: HttpRequest, staff_id: str, action: Callable[..., None], said: str
) -> HttpResponse:
    unit.run(action, actor=actor_of(request, PURPOSE), staff_id=staff_id)
    return _done(request, staff_id, said)


def _done(request: HttpRequest, staff_id: str, said: str) -> HttpResponse:
    messages.success(request, word(kind="said", code=said))
    return HttpResponseRedirect(reverse("accounts:member", args=[staff_id]))


def _member(
    request: HttpRequest,
    detail: StaffDetail,
    *,
    form: RightForm | None = None,
    problems: tuple[Problem, ...] = (),
    password: str = "",
) -> HttpResponse:
    today = clock.today()
    names = names_of(line.given_by for line in detail.lines)
    return page(
        request,
        "accounts/member.html",
        {
            "detail": detail,
            "rights": sorted(detail.row.rights, key=list(Right).index),
            "lines": [
                (
                    names[line.given_by],
                    line,
                    line.value.holds_on(today),
                    line.value.valid_from > today,
                )
                for line in detail.lines
            ],
            "is_self": detail.row.staff_id == actor_of(request, PURPOSE).staff_id,
            "is_machine": detail.row.role is Role.MACHINE,
            "is_person": detail.row.role not in NOT_PEOPLE,
            "role_form": RoleForm(initial={"role": detail.row.role.value}),
            "form": form or RightForm(initial={"valid_from": today, "effect": Effect.ADDED.value}),
            "problems": problems,
            "password": password,
        },
        status=422 if problems else 200,
    )
