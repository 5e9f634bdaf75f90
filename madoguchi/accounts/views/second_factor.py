"""One's own second factors and password; nothing else opens before them (多要素の設定)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import PasswordChangeView, ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as FactorReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse, reverse_lazy

from madoguchi.accounts.actions.codes import spend_code, step_of
from madoguchi.accounts.models import Staff
from madoguchi.accounts.views import events
from madoguchi.accounts.views.adapter import StaffFactorAdapter, problem
from madoguchi.web.access import signed_in
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page

_OWN = "staff manage their own password and second factor"

PASSWORD_ROUTES = frozenset({"account_change_password", "accounts:sign_out"})
FACTOR_ROUTES = PASSWORD_ROUTES | {
    "accounts:set_up",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
}


class SecondFactorFirst:
    """Middleware: who has no second factor yet reaches only the pages that set one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; the work is in ``process_view``."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Let the request through by answering nothing, or lead to the next step."""
        if not isinstance(request.user, Staff) or is_demo_session(request):
            return None
        route = request.resolver_match.view_name if request.resolver_match else ""
        if request.user.password_is_initial:
            if route in PASSWORD_ROUTES:
                return None
            return HttpResponseRedirect(reverse("account_change_password"))
        if getattr(request.user, "has_second_factor", False) or route in FACTOR_ROUTES:
            return None
        return HttpResponseRedirect(reverse("accounts:set_up"))


def is_demo_session(request: HttpRequest) -> bool:
    """Tell whether this session began with one press in the demo (デモのサインイン)."""
    return bool(settings.MADOGUCHI_DEMO and request.session.get("demo_sign_in"))


@signed_in(reason="the first thing after a first sign-in")
def set_up(request: HttpRequest) -> HttpResponse:
    """Choose what the second factor will be (2つ目の確認の選択)."""
    host = request.get_host().partition(":")[0]
    numeric = host.replace(".", "").isdigit() or host.startswith("[")
    return page(request, "accounts/set_up.html", {"passkey_possible": not numeric})


class _InWords:
    """Add the problems of the form in words, and write down what was done."""

    recorded_as = ""
    request: HttpRequest

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**given)  # type: ignore[misc]
        form = context.get("form")
        context["problems"] = problems_of(form) if form is not None and form.is_bound else ()
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        if self.recorded_as:
            assert isinstance(self.request.user, Staff)
            events.record_event(self.request, self.request.user, action=self.recorded_as)
        return response


class _Proves:
    """Whoever has just shown that a new factor works need not be asked again at once."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        record_authentication(self.request, form.user, method="mfa", reauthenticated=True)
        return response


@signed_in(reason=_OWN)
class AddTotp(_Proves, _InWords, ActivateTOTPView):  # type: ignore[misc]
    """Scan a picture with an authenticator app and prove it works (認証アプリの登録)."""

    template_name = "accounts/totp_add.html"
    recorded_as = "TOTP_ADDED"

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Add the secret in groups of four, to be typed where a camera is missing."""
        context = super().get_context_data(**given)
        secret = context["form"].secret
        context["groups"] = [secret[i : i + 4] for i in range(0, len(secret), 4)]
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        """Spend the code that proved it, so that it cannot be used to sign in again."""
        response = super().form_valid(form)
        made = Authenticator.objects.get(user_id=form.user.pk, type=Authenticator.Type.TOTP)
        step = step_of(form.secret, form.cleaned_data["code"], at=time.time())
        if step is not None:
            spend_code(authenticator_id=made.pk, step=step)
        return response


@signed_in(reason=_OWN)
class RemoveTotp(_InWords, DeactivateTOTPView):  # type: ignore[misc]
    """Take the authenticator app away again, if another factor stays (認証アプリの解除)."""

    template_name = "accounts/totp_remove.html"
    recorded_as = "TOTP_REMOVED"
    success_url = reverse_lazy("accounts:me")


@signed_in(reason=_OWN)
class AddPasskey(_Proves, _InWords, AddWebAuthnView):  # type: ignore[misc]
    """Register a passkey or security key (パスキーの登録)."""

    template_name = "accounts/passkey_add.html"
    recorded_as = "PASSKEY_ADDED"

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Keep the posted form, which the library's view forgets."""
        form = given.get("form")
        context = super().get_context_data(**given)
        if form is not None:
            context["form"] = form
            context["problems"] = problems_of(form) if form.is_bound else ()
        return context


@signed_in(reason=_OWN)
class RemovePasskey(_InWords, RemoveWebAuthnView):  # type: ignore[misc]
    """Take a passkey away, if another factor stays; somebody else's is not found (パスキーの解除)."""

    template_name = "accounts/passkey_remove.html"
    recorded_as = "PASSKEY_REMOVED"
    success_url = reverse_lazy("accounts:me")

    def form_valid(self, form: Any) -> HttpResponse:
        """Refuse to take the last one."""
        if not StaffFactorAdapter().can_delete_authenticator(self.object):
            form.add_error(None, problem("cannot_delete_authenticator"))
            refused: HttpResponse = self.render_to_response(
                self.get_context_data(form=form), status=422
            )
            return refused
        return super().form_valid(form)


@signed_in(reason=_OWN)
class NewRecoveryCodes(_InWords, GenerateRecoveryCodesView):  # type: ignore[misc]
    """Make new recovery codes; the old ones stop working (予備コードの作り直し)."""

    template_name = "accounts/recovery_codes_new.html"
    recorded_as = "RECOVERY_CODES_MADE"


@signed_in(reason=_OWN)
class Confirm(_InWords, ReauthenticateView):  # type: ignore[misc]
    """Ask for the password once more (本人の再確認)."""

    template_name = "accounts/confirm.html"


@signed_in(reason=_OWN)
class ConfirmByFactor(_InWords, FactorReauthenticateView):  # type: ignore[misc]
    """Ask for a code once more (本人の再確認)."""

    template_name = "accounts/confirm.html"


@signed_in(reason=_OWN)
class ConfirmByPasskey(_InWords, ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Ask for the passkey once more (本人の再確認)."""

    template_name = "accounts/confirm_passkey.html"


@signed_in(reason=_OWN)
class ChangePassword(_InWords, PasswordChangeView):  # type: ignore[misc]
    """Change one's own password; other sessions of the same person end (パスワードの変更)."""

    template_name = "accounts/password.html"
    recorded_as = "PASSWORD_CHANGED"
    success_url = reverse_lazy("accounts:me")

    def dispatch(self, request: HttpRequest, *args: Any, **given: Any) -> HttpResponseBase:
        """Send back whoever has no password, as the staff of a demonstration: there is none to change."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            return HttpResponseRedirect(reverse("accounts:me"))
        answer: HttpResponseBase = super().dispatch(request, *args, **given)
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        """Note that the owner alone knows it now."""
        form.user.password_is_initial = False
        return super().form_valid(form)
