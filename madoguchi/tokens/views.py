"""The page of keys: make one, take one back (鍵の画面)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.tokens.actions import make_token, revoke_token
from madoguchi.tokens.forms import TokenForm
from madoguchi.tokens.queries import list_tokens
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "他システムの鍵の管理"


@needs(Right.MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """List the keys; a POST makes one and shows it once (鍵の一覧)."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    made: tuple[str, str] | None = None
    if form.is_bound:
        problems = problems_of(form)
        if not problems:
            made, problems = press(
                make_token, **form.cleaned_data, actor=actor_of(request, PURPOSE), now=clock.now()
            )
            mark(form, problems)
    context = {
        "rows": list_tokens(now=clock.now()), "form": TokenForm() if made else form,
        "problems": problems, "secret": made[1] if made else "",
        "name": form.cleaned_data.get("name", "") if made else "",
    }  # fmt: skip
    return page(request, "tokens/list.html", context, status=422 if problems else 200)


@needs(Right.MANAGE_STAFF)
@require_POST
def revoke(request: HttpRequest, token_id: str) -> HttpResponse:
    """Take a key back."""
    _, problems = press(
        revoke_token, token_id=token_id, actor=actor_of(request, PURPOSE), now=clock.now()
    )
    if problems:
        return errors.refusal(request, problems, status=404)
    messages.success(request, "鍵を止めました。次の呼出しから使えません。")
    return HttpResponseRedirect(reverse("tokens:list"))
