"""Password, second factor, lock-out, sign-out (サインイン)."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.stages import AuthenticateStage
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from madoguchi.accounts.domain import fold_staff_id
from madoguchi.accounts.models import Staff
from madoguchi.accounts.views import events
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import open_to_all
from madoguchi.web.forms import problems_of

_BEFORE = "signing in happens before one is signed in; tries are counted and locked out"


@open_to_all(reason=_BEFORE)
class SignIn(LoginView):  # type: ignore[misc]
    """Ask for staff id and password (サインイン)."""

    template_name = "accounts/sign_in.html"

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Add the problems in words."""
        context: dict[str, Any] = super().get_context_data(**given)
        context["problems"] = problems_of(context["form"]) if context["form"].is_bound else ()
        context["demo"] = settings.MADOGUCHI_DEMO
        return context


@open_to_all(reason=_BEFORE)
@method_decorator(
    login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login"),
    name="dispatch",
)
class SecondFactor(AuthenticateView):  # type: ignore[misc]
    """Ask for the second factor (2つ目の確認); wrong codes count as wrong passwords do."""

    template_name = "accounts/second_factor.html"

    def dispatch(self, request: HttpRequest, *args: Any, **given: Any) -> HttpResponseBase:
        """Turn away who is locked out, before any code is looked at."""
        member = request._login_stage.login.user  # type: ignore[attr-defined]
        if not AxesProxyHandler.is_allowed(request, _credentials(member)):
            request.axes_locked_out = True  # type: ignore[attr-defined]
            return lock_out(request)
        response: HttpResponseBase = super().dispatch(request, *args, **given)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Count and write down a wrong code."""
        member = self.stage.login.user
        events.record_failure(self.request, typed=member.staff_id, what="SECOND_FACTOR")
        AxesProxyHandler.user_login_failed(
            sender=SecondFactor, credentials=_credentials(member), request=self.request
        )
        response: HttpResponse = super().form_invalid(form)
        return response

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Add the problems in words, and which factors this person has."""
        context: dict[str, Any] = super().get_context_data(**given)
        posted = self.form
        context["problems"] = problems_of(posted) if posted is not None and posted.errors else ()
        return context


@open_to_all(reason="whoever is signed in may always leave")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session (サインアウト)."""
    if isinstance(request.user, Staff):
        events.record_event(request, request.user, action="SIGNED_OUT")
        logout(request)
    return HttpResponseRedirect("/" if settings.MADOGUCHI_DEMO else reverse("accounts:sign_in"))


def lock_out(
    request: HttpRequest, _response: HttpResponse | None = None, _credentials: object = None
) -> HttpResponse:
    """Answer too many wrong tries, for axes: how long it lasts and whom to ask (ロック)."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    problem = Problem(
        code="LOCKED_OUT",
        facts={"minutes": str(minutes), "tries": str(settings.AXES_FAILURE_LIMIT)},
    )
    return errors.refusal(request, [problem], status=429)


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """Tell axes whom a try was for: one spelling for one id, or capitals would give new tries."""
    typed = (credentials or {}).get("username") or request.POST.get("login")
    return fold_staff_id(str(typed)).replace("\x00", "") if typed else None


def _credentials(member: Staff) -> dict[str, str]:
    return {"username": member.staff_id}
