"""The fee table and the town's own rules (手数料・町の決まりの画面)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.certificates.actions.fees import add_fee, end_fee, set_rule
from madoguchi.certificates.domain.kinds import Channel, Kind
from madoguchi.certificates.forms import FeeForm
from madoguchi.certificates.queries.ledgers import RuleCode, rule_stands
from madoguchi.certificates.queries.rules import list_fees
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.messages import word
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "手数料の変更"


@needs(Right.STOP_SWITCH)
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Show what a copy costs now and from when on; a press adds a fee from a day on."""
    form = FeeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _show(request, form)
    problems = problems_of(form)
    if problems:
        return _show(request, form, problems)
    given = form.cleaned_data
    return _do(
        request, form, add_fee, kind=Kind(given["kind"]), channel=Channel(given["channel"]),
        yen=given["yen"], valid_from=given["valid_from"],
    )  # fmt: skip


@needs(Right.STOP_SWITCH)
@require_POST
def end(request: HttpRequest, fee_id: int) -> HttpResponse:
    """End a fee; its kind is not given there any more after that day."""
    last_day = parse_day(request.POST.get("last_day", ""))
    if not isinstance(last_day, date):
        facts = {"label": word(kind="field", code="LAST_DAY")}
        wrong = Problem(code="FIELD_INVALID", where="last_day", facts=facts)
        return _show(request, FeeForm(), (wrong,))
    return _do(request, FeeForm(), end_fee, fee_id=fee_id, last_day=last_day)


@needs(Right.STOP_SWITCH)
@require_POST
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """Switch a rule of the town on or off."""
    if code not in set(RuleCode):
        return _show(request, FeeForm(), (Problem(code="RULE_UNKNOWN"),))
    stands = request.POST.get("stands") == "1"
    return _do(request, FeeForm(), set_rule, code=RuleCode(code), stands=stands)


def _do(
    request: HttpRequest, form: FeeForm, action: Callable[..., object], **given: Any
) -> HttpResponse:
    _, problems = press(action, actor=actor_of(request, PURPOSE), now=clock.now(), **given)
    if problems:
        return _show(request, form, problems)
    return HttpResponseRedirect(reverse("certificates:fees"))


def _show(request: HttpRequest, form: FeeForm, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    today = clock.today()
    context = {
        "form": form,
        "fees": list_fees(today=today),
        "rules": [(code.value, rule_stands(code)) for code in RuleCode],
        "today": today,
        "problems": problems,
    }
    return page(request, "certificates/fees.html", context, 422 if problems else 200)
