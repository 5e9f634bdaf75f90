"""The second officer: what waits for one, and when one is asked (承認・二人制)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.accounts.actions import approvals as actions
from madoguchi.accounts.domain import ALWAYS_BEFORE, ApprovalRow, Guarded, Rule
from madoguchi.accounts.forms import DecisionForm, RuleForm
from madoguchi.accounts.queries.approvals import (
    approvals_due_afterwards,
    list_asked_by,
    list_rules,
    pending_approvals,
)
from madoguchi.accounts.queries.staff import names_of
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs, signed_in
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.messages import word, word_or_code
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "二人目の確認"
RULES_PURPOSE = "二人制の管理"


@signed_in(reason="everybody sees what they asked for; only APPROVE shows what others ask")
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """List what waits for this person's yes or no, and what this person asked (承認)."""
    return _approvals(request)


@needs(Right.APPROVE)
@require_POST
def approve(request: HttpRequest, approval_id: str) -> HttpResponse:
    """Say yes as the second officer (承認する)."""
    return _decide(request, approval_id, actions.approve, "APPROVED")


@needs(Right.APPROVE)
@require_POST
def reject(request: HttpRequest, approval_id: str) -> HttpResponse:
    """Say no, with the reason (差し戻す)."""
    return _decide(request, approval_id, actions.reject, "REJECTED")


@needs(Right.MANAGE_STAFF)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show for every action whether a second officer looks, and since when (二人制の表)."""
    return _rules(request)


@needs(Right.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, action: str) -> HttpResponse:
    """Set when a second officer looks at one action (二人制の設定)."""
    if action not in set(Guarded):
        return errors.refusal(request, [Problem(code="ACTION_UNKNOWN")], status=404)
    if request.method == "GET":
        return _rules(request, action=action, form=RuleForm(initial={"valid_from": clock.today()}))
    form = RuleForm(request.POST)
    problems = problems_of(form)
    if not problems:
        given = form.cleaned_data
        _, problems = press(
            actions.set_second_officer_rule,
            actor=actor_of(request, RULES_PURPOSE),
            action=action,
            rule=Rule(given["rule"]),
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            reason=given["reason"],
        )
        mark(form, problems)
        if not problems:
            messages.success(request, word(kind="said", code="RULE_SET"))
            return HttpResponseRedirect(reverse("accounts:rules"))
    return _rules(request, action=action, form=form, problems=problems)


def _decide(
    request: HttpRequest, approval_id: str, action: Callable[..., ApprovalRow], said: str
) -> HttpResponse:
    form = DecisionForm(request.POST)
    problems = problems_of(form)
    if not problems:
        _, problems = press(
            action,
            actor=actor_of(request, PURPOSE),
            approval_id=approval_id,
            note=form.cleaned_data["note"],
        )
        if not problems:
            messages.success(request, word(kind="said", code=said))
            return HttpResponseRedirect(reverse("accounts:approvals"))
    unknown = any(problem.code == "APPROVAL_UNKNOWN" for problem in problems)
    return _approvals(request, problems=problems, status=404 if unknown else 422)


def _approvals(
    request: HttpRequest, *, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    before, afterwards = pending_approvals(actor), approvals_due_afterwards(actor)
    asked = list_asked_by(actor.staff_id)
    everyone = [row.asked_by for row in (*before, *afterwards)]
    names = names_of(everyone + [row.decided_by for row in asked if row.decided_by])
    today = clock.today()
    return page(
        request,
        "accounts/approvals.html",
        {
            "may_approve": actor.may(Right.APPROVE),
            "before": [(names[row.asked_by], _words(row), row) for row in before],
            "afterwards": [
                (
                    names[row.asked_by],
                    _words(row),
                    row,
                    row.due_on is not None and row.due_on < today,
                )
                for row in afterwards
            ],
            "asked": [(names.get(row.decided_by or "", ""), _words(row), row) for row in asked],
            "form": DecisionForm(),
            "problems": problems,
        },
        status=status,
    )


def _words(row: ApprovalRow) -> str:
    """Return the words of an action; one that no table names is shown with its code."""
    return word_or_code(kind="guarded", code=row.action)


def _rules(
    request: HttpRequest,
    *,
    action: str = "",
    form: RuleForm | None = None,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:
    today = clock.today()
    rows = list_rules(on=today)
    names = names_of(line.set_by for row in rows for line in row.lines)
    return page(
        request,
        "accounts/rules.html",
        {
            "rows": rows,
            "names": names,
            "today": today,
            "chosen": action,
            "chosen_fixed": action in ALWAYS_BEFORE,
            "form": form,
            "problems": problems,
        },
        status=422 if problems else 200,
    )
