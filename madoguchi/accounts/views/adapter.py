"""How allauth is told what this office wants: words, records, encryption (allauth との接点)."""

from __future__ import annotations

import base64
import hashlib
import io
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from madoguchi.accounts.domain import NOT_PEOPLE, Role
from madoguchi.accounts.models import Staff
from madoguchi.accounts.views import events
from madoguchi.accounts.views.landing import landing_of
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.messages import render, word

# allauth's names for what can be wrong, and ours.
_CODES = {
    "username_password_mismatch": "SIGN_IN_MISMATCH",
    "too_many_login_attempts": "TOO_MANY_TRIES",
    "rate_limited": "TOO_MANY_TRIES",
    "incorrect_code": "CODE_WRONG",
    "incorrect_password": "CURRENT_PASSWORD_WRONG",
    "enter_current_password": "CURRENT_PASSWORD_WRONG",
    "cannot_delete_authenticator": "LAST_SECOND_FACTOR",
    "password_too_short": "PASSWORD_TOO_SHORT",
    "password_too_common": "PASSWORD_TOO_COMMON",
    "cannot_generate_recovery_codes": "NO_SECOND_FACTOR_YET",
}

_SAID = {
    "mfa/messages/totp_activated.txt": "TOTP_ADDED",
    "mfa/messages/totp_deactivated.txt": "TOTP_REMOVED",
    "mfa/messages/webauthn_added.txt": "PASSKEY_ADDED",
    "mfa/messages/webauthn_removed.txt": "PASSKEY_REMOVED",
    "mfa/messages/recovery_codes_generated.txt": "RECOVERY_CODES_MADE",
    "account/messages/password_changed.txt": "PASSWORD_CHANGED",
}


def problem(code: str) -> ValidationError:
    """Return allauth's problem as one of ours, in the catalogue's words."""
    ours = _CODES.get(code, "BAD_INPUT")
    return ValidationError(render(Problem(code=ours)).cause, code=ours)


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in of staff: nobody signs up, nobody gets mail, everything is recorded."""

    def validation_error(self, code: str, *_args: Any) -> ValidationError:
        """Use the catalogue's words."""
        return problem(code)

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's
        """Accounts are opened by the one who manages staff, never by oneself."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: this house has no mail."""

    def clean_password(self, password: str, user: Staff | None = None) -> str:
        """Refuse a short or well-known password in the catalogue's words."""
        try:
            cleaned: str = super().clean_password(password, user)
        except ValidationError as error:
            raise ValidationError([problem(str(one.code)) for one in error.error_list]) from None
        return cleaned

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave counting wrong passwords to axes: by id and address, shared by all processes."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write down a failed sign-in (認証失敗の記録)."""
        events.record_failure(request, typed=str(credentials.get("username", "")), what="PASSWORD")

    def pre_login(self, request: HttpRequest, user: Staff, **given: Any) -> HttpResponse | None:
        """Stop accounts of no person as well as closed ones; allauth knows only the latter."""
        if Role(user.role) in NOT_PEOPLE:
            clear_login(request)
            return self.respond_user_inactive(request, user)
        stopped: HttpResponse | None = super().pre_login(request, user, **given)
        return stopped

    def login(self, request: HttpRequest, user: Staff) -> None:
        """Start the session, and write that down before anything is shown (サインイン)."""
        events.record_success(request, user, action="SIGNED_IN")
        super().login(request, user)
        events.settle_session(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where this person's work begins."""
        return landing_of(request)

    def respond_user_inactive(
        self,
        request: HttpRequest,
        user: Staff,  # noqa: ARG002  allauth's
    ) -> HttpResponse:
        """Say that the account is closed for now (利用停止中)."""
        return errors.refusal(request, [Problem(code="ACCOUNT_CLOSED")], status=403)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask once more before second factors change, but not while the first is set up.

        Whoever has none has typed the password a moment ago and reaches nothing else.
        """
        user = self.request.user
        if user.is_authenticated and not getattr(user, "has_second_factor", False):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def add_message(  # noqa: PLR0917  allauth's
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,  # noqa: ARG002
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say only what this office has words for."""
        code = _SAID.get(message_template or "")
        words = message or (word(kind="said", code=code) if code else "")
        if words:
            messages.add_message(request, level, words, extra_tags=extra_tags)


class StaffFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: secrets sealed in the database, never the last one taken away."""

    def validation_error(self, code: str, *_args: Any) -> ValidationError:
        """Use the catalogue's words."""
        return problem(code)

    def encrypt(self, text: str) -> str:
        """Seal a secret, so that a copy of the database opens no account (秘密の暗号化)."""
        return _seal().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret; earlier secret keys still open theirs."""
        return _seal().decrypt(encrypted_text.encode("ascii")).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep at least one second factor for every account (多要素は必須)."""
        others = Authenticator.objects.filter(
            user_id=authenticator.user_id,
            type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN],
        ).exclude(pk=authenticator.pk)
        return bool(others.exists())

    def generate_authenticator_name(self, user: Staff, type: str) -> str:  # noqa: A002  allauth's
        """Name a passkey by its number until its owner names it."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"パスキー {count + 1}"

    def get_totp_issuer(self) -> str:
        """Show the town's name in the authenticator app."""
        return f"{settings.MADOGUCHI_TOWN_NAME} 窓口"

    def build_totp_svg(self, url: str) -> str:
        """Draw the code to scan: black on white, with the quiet zone the standard wants."""
        drawn = io.BytesIO()
        segno.make(url, error="m").save(
            drawn, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True
        )
        return drawn.getvalue().decode()

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()


def _seal() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(str(secret))) for secret in secrets])


def _derived(secret: str) -> bytes:
    digest = hashlib.blake2b(secret.encode()[:64], person=b"madoguchi-factor", digest_size=32)
    digest.update(secret.encode())
    return base64.urlsafe_b64encode(digest.digest())
