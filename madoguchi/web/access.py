"""Closed by default: every view says who may enter, or nobody may (アクセス制御)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.actor import Staff, staff_of
from madoguchi.web.messages import word

log = logging.getLogger("madoguchi.web.access")

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
_MARK = "madoguchi_access"
SIGN_IN_ROUTE = "accounts:sign_in"
#: No page of ours, and no form of a browser, knows another: PUT would go where nobody looked.
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may enter a view: anybody, any signed-in staff, or staff with all these rights."""

    anonymous: bool
    rights: frozenset[Right]
    reason: str


def needs(*rights: Right) -> Callable[[View], View]:
    """Open a view to staff who hold *all* these rights (必要な権限)."""
    assert rights, "say which right; for any staff use signed_in(reason=...)"
    return _declare(Access(anonymous=False, rights=frozenset(rights), reason="needs rights"))


def signed_in(*, reason: str) -> Callable[[View], View]:
    """Open a view to any signed-in member of staff, with the reason (職員なら誰でも)."""
    assert reason.strip()
    return _declare(Access(anonymous=False, rights=frozenset(), reason=reason))


def open_to_all(*, reason: str) -> Callable[[View], View]:
    """Open a view to anybody, with the reason (公開)."""
    assert reason.strip()
    return _declare(Access(anonymous=True, rights=frozenset(), reason=reason))


# Views we did not write and so cannot decorate: "module.name" -> who may enter and why.
# What is not in this table (sign-up, for one) stays closed.
_PUBLIC = "signing in happens before one is signed in; it is rate-limited there"
_OWN = "staff manage their own second factor; the view itself asks for a fresh sign-in"
THIRD_PARTY: Mapping[str, Access] = {
    name: Access(anonymous=anonymous, rights=frozenset(), reason=reason)
    for names, anonymous, reason in (
        (
            (
                "allauth.account.views.LoginView",
                "allauth.account.views.LogoutView",
                "allauth.mfa.base.views.AuthenticateView",
                "allauth.mfa.webauthn.views.LoginWebAuthnView",
            ),
            True,
            _PUBLIC,
        ),
        (
            (
                "allauth.account.views.ReauthenticateView",
                "allauth.account.views.PasswordChangeView",
                "allauth.mfa.base.views.IndexView",
                "allauth.mfa.base.views.ReauthenticateView",
                "allauth.mfa.recovery_codes.views.DownloadRecoveryCodesView",
                "allauth.mfa.recovery_codes.views.GenerateRecoveryCodesView",
                "allauth.mfa.recovery_codes.views.ViewRecoveryCodesView",
                "allauth.mfa.totp.views.ActivateTOTPView",
                "allauth.mfa.totp.views.DeactivateTOTPView",
                "allauth.mfa.webauthn.views.AddWebAuthnView",
                "allauth.mfa.webauthn.views.EditWebAuthnView",
                "allauth.mfa.webauthn.views.ListWebAuthnView",
                "allauth.mfa.webauthn.views.ReauthenticateWebAuthnView",
                "allauth.mfa.webauthn.views.RemoveWebAuthnView",
            ),
            False,
            _OWN,
        ),
        (
            ("django.contrib.staticfiles.views.serve", "django.views.static.serve"),
            True,
            "style sheets, scripts and pictures of the shell hold nothing about anybody",
        ),
    )
    for name in names
}


def access_of(view: Callable[..., Any]) -> Access | None:
    """Return who may enter this view, or nothing when nobody declared it (宣言)."""
    declared = getattr(view, _MARK, None)
    if isinstance(declared, Access):
        return declared
    made_from = getattr(view, "view_class", view)  # as_view() hides the class
    declared = getattr(made_from, _MARK, None)
    if isinstance(declared, Access):
        return declared
    name = f"{made_from.__module__}.{getattr(made_from, '__qualname__', '')}"
    return THIRD_PARTY.get(name)


class DefaultDeny:
    """Middleware: refuse every view that nobody declared, and everybody without the right."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        _args: object,
        _kwargs: object,
    ) -> HttpResponseBase | None:
        """Let the request in by answering nothing, or answer the refusal."""
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        access = access_of(view)
        if access is None:
            log.error("undeclared view refused: %s", route_of(request))
            return errors.refusal(request, [Problem(code="NOT_DECLARED")], status=403)
        if access.anonymous:
            return None
        staff = staff_of(request)
        if staff is None:
            return ask_to_sign_in(request)
        missing = access.rights - staff.rights
        if not missing:
            return None
        log.warning("right missing: %s at %s", sorted(missing), route_of(request))
        return errors.refusal(request, [missing_right(missing, staff)], status=403)


def missing_right(missing: frozenset[Right], staff: Staff) -> Problem:
    """Say in words which right is missing and who has it (権限がない)."""
    first = min(missing)
    return Problem(
        code="FORBIDDEN",
        facts={
            "rights": "」「".join(word(kind="right", code=right) for right in sorted(missing)),
            "ask": word(kind="right_holder", code=first),
            "name": staff.display_name,
        },
    )


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send an anonymous visitor to the sign-in page, and back here afterwards (サインイン)."""
    sign_in = reverse(SIGN_IN_ROUTE)
    if errors.wants_fragment(request):
        # Replacing half a page by a sign-in form would lose what was typed into it.
        return errors.refusal(request, [Problem(code="SESSION_OVER")], status=401)
    if request.method == "GET":
        sign_in += "?" + urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(sign_in)


def route_of(request: HttpRequest) -> str:
    """Return the pattern of the address, never the address: that may name a person."""
    return request.resolver_match.route if request.resolver_match else "(no route)"


def _declare(access: Access) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        assert getattr(view, _MARK, None) is None, f"{view} is declared twice"
        setattr(view, _MARK, access)
        return view

    return decorate
