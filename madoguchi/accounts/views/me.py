"""One's own account: rights in words, second factors, handing rights on (自分のアカウント)."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import view_recovery_codes
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madoguchi.accounts.actions.staff import delegate, end_right
from madoguchi.accounts.domain import DELEGABLE, Role
from madoguchi.accounts.forms import DelegationForm
from madoguchi.accounts.queries.staff import (
    find_detail,
    lines_given_by,
    list_staff,
    names_of,
)
from madoguchi.audit.api import EntryFilter, Kind, list_entries
from madoguchi.infra import clock, unit
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import signed_in
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.messages import word, word_or_code
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "自分のアカウントの管理"
RECENT = 8


@signed_in(reason="everybody sees their own account")
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Show one's own account; a POST hands a right on (自分のアカウント・委任)."""
    if request.method == "GET":
        return _page(request, _form(request), ())
    form = _form(request, posted=True)
    problems = problems_of(form)
    if not problems:
        given = form.cleaned_data
        _, problems = press(
            delegate,
            actor=actor_of(request, PURPOSE),
            to=given["to"],
            right=Right(given["right"]),
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            reason=given["reason"],
        )
        mark(form, problems)
        if not problems:
            messages.success(request, word(kind="said", code="RIGHT_DELEGATED"))
            return HttpResponseRedirect(reverse("accounts:me"))
    return _page(request, form, problems, status=422)


@signed_in(reason="everybody takes back what they handed on; others' lines are unknown to them")
@require_POST
def take_back(request: HttpRequest, line_id: int) -> HttpResponse:
    """Take back a right one handed on (委任の取消し)."""
    unit.run(end_right, actor=actor_of(request, PURPOSE), line_id=line_id)
    messages.success(request, word(kind="said", code="RIGHT_ENDED"))
    return HttpResponseRedirect(reverse("accounts:me"))


@signed_in(reason="everybody sees their own recovery codes once")
@require_GET
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show one's recovery codes once, to be printed or written down (予備コード)."""
    codes, may_see = view_recovery_codes(request)
    unused = codes.get_unused_codes() if codes else []
    return page(
        request,
        "accounts/recovery_codes.html",
        {"codes": unused if may_see else [], "left": len(unused), "may_see": may_see},
    )


def _page(
    request: HttpRequest, form: DelegationForm, problems: tuple[Problem, ...], status: int = 200
) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    detail = find_detail(actor.staff_id)
    assert detail is not None
    given = lines_given_by(actor.staff_id, today=clock.today())
    names = names_of([to for to, _line in given] + [line.given_by for line in detail.lines])
    factors = list(Authenticator.objects.filter(user_id=request.user.pk).order_by("type", "id"))
    recent = list_entries(
        wanted=EntryFilter(staff_id=actor.staff_id, kind=Kind.SIGN_IN), limit=RECENT
    ).entries
    totp = next((one for one in factors if one.type == Authenticator.Type.TOTP), None)
    return page(
        request,
        "accounts/me.html",
        {
            "detail": detail,
            "rights": sorted(actor.rights, key=list(Right).index),
            "lines": [(names[line.given_by], line) for line in detail.lines],
            "given": [(names[to], line) for to, line in given],
            "has_totp": totp is not None,
            "totp_used_at": totp.last_used_at.astimezone(JAPAN)
            if totp is not None and totp.last_used_at
            else None,
            "passkeys": [
                (one.pk, one.wrap().name, one.last_used_at and one.last_used_at.astimezone(JAPAN))
                for one in factors
                if one.type == Authenticator.Type.WEBAUTHN
            ],
            "codes_left": _codes_left(factors),
            "sign_ins": [
                (
                    entry.note.at,
                    word_or_code(kind="audit_action", code=entry.note.action),
                    str(entry.note.detail.get("address", "")),
                    entry.note.action == "SIGN_IN_FAILED",
                )
                for entry in recent
            ],
            "may_delegate": bool(DELEGABLE & actor.rights),
            "form": form,
            "problems": problems,
        },
        status=status,
    )


def _codes_left(factors: list[Authenticator]) -> int:
    for one in factors:
        if one.type == Authenticator.Type.RECOVERY_CODES:
            return len(one.wrap().get_unused_codes())
    return 0


def _form(request: HttpRequest, *, posted: bool = False) -> DelegationForm:
    actor = actor_of(request, PURPOSE)
    people = [
        (
            one.staff_id,
            word(kind="staff_named", code="WITH_ROLE").format(
                name=one.display_name, role=word(kind="role", code=one.role.value)
            ),
        )
        for one in list_staff()
        if one.is_active
        and one.staff_id != actor.staff_id
        and one.role in (Role.CLERK, Role.SENIOR, Role.CHIEF)
    ]
    today = clock.today()
    return DelegationForm(
        request.POST if posted else None,
        people=people,
        rights=actor.rights,
        initial={"valid_from": today, "valid_until": today},
    )
