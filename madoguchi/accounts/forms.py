"""What is typed on this room's pages (入力の形)."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthFactorForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.utils import decrypt
from django import forms
from django.core.exceptions import ValidationError

from madoguchi.accounts.actions.codes import spend_code, step_of
from madoguchi.accounts.domain import (
    DELEGABLE,
    NOT_PEOPLE,
    Effect,
    Role,
    Rule,
    fold_staff_id,
)
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web.messages import label, render

_CODE = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autofocus": True,
    "maxlength": "12",
    "placeholder": "",
}


def _choices(kind: str, codes: list[str]) -> list[tuple[str, str]]:
    return [(code, label(kind=kind, code=code)) for code in codes]


def _problem(code: str) -> ValidationError:
    return ValidationError(render(Problem(code=code)).cause, code=code)


def _day(words: str, *, required: bool) -> forms.DateField:
    return forms.DateField(
        label=words,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


class SignInForm(LoginForm):  # type: ignore[misc]
    """Staff id and password (サインイン)."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = "職員番号", "パスワード"
        login.widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
        }
        password.widget.attrs = {"autocomplete": "current-password"}
        password.help_text = ""

    def clean_login(self) -> str:
        """Fold what was typed, so that full-width letters and capitals are the same id."""
        return fold_staff_id(self.cleaned_data["login"])


class _SpendsTotpCode:
    """A code of the authenticator app works once, in every process and for its whole life.

    The library remembers a code for 30 seconds and in one process only; with a tolerance
    of one step either side a code lives for 90.
    """

    authenticator: Authenticator

    def clean_code(self) -> str:
        """Check the code, then spend its time step (RFC 6238 §5.2)."""
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:
            secret = decrypt(self.authenticator.data["secret"])
            step = step_of(secret, code, at=time.time())
            if step is None or not spend_code(authenticator_id=self.authenticator.pk, step=step):
                raise mfa_adapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(_SpendsTotpCode, AllauthAuthenticateForm):  # type: ignore[misc]
    """The code of an authenticator app, or a recovery code (2つ目の確認)."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["code"].label = "確認コード"
        self.fields["code"].widget.attrs = dict(_CODE)


class ConfirmByCodeForm(_SpendsTotpCode, AllauthFactorForm):  # type: ignore[misc]
    """The same, to confirm that it is still oneself (本人の再確認)."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["code"].label = "確認コード"
        self.fields["code"].widget.attrs = dict(_CODE)


class ConfirmByPasswordForm(AllauthReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something sensitive (本人の再確認)."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["password"].label = "パスワード"
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {
            "autocomplete": "current-password",
            "autofocus": True,
        }


class ActivateTotpForm(AllauthActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app (認証アプリの登録)."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["code"].label = "アプリに出ている6けたの数字"
        self.fields["code"].widget.attrs = dict(_CODE)


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]
    """Old password, new password twice (パスワードの変更)."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        words = {
            "oldpassword": ("いまのパスワード", "current-password"),
            "password1": ("新しいパスワード", "new-password"),
            "password2": ("新しいパスワード（もう一度）", "new-password"),
        }
        for name, (text, autocomplete) in words.items():
            self.fields[name].label = text
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs = {"autocomplete": autocomplete}
        self.fields[
            "password1"
        ].help_text = "12文字以上。短い文のように、思い出しやすく長いものをすすめます。"
        self.fields["oldpassword"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        """Compare in the catalogue's words: both new ones alike, and not the old one."""
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}
        old, new, again = (cleaned.get(n) for n in ("oldpassword", "password1", "password2"))
        if new and again and new != again:
            self.add_error("password2", _problem("PASSWORDS_DIFFER"))
        elif new and new == old:
            self.add_error("password1", _problem("PASSWORD_UNCHANGED"))
        return cleaned


class NewStaffForm(forms.Form):
    """A new member of staff (職員の登録)."""

    staff_id = forms.CharField(
        label="職員番号",
        max_length=40,
        help_text="半角の英小文字と数字。サインインに使います。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    display_name = forms.CharField(
        label="氏名", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label="役割", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = _choices("role", [one.value for one in Role if one not in NOT_PEOPLE])

    def clean_display_name(self) -> str:
        """Refuse a name of blanks alone."""
        name: str = self.cleaned_data["display_name"].strip()
        if not name:
            raise ValidationError("", code="required")
        return name


class RoleForm(forms.Form):
    """Another role for somebody (役割の変更)."""

    role = forms.ChoiceField(label="新しい役割")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = _choices("role", [one.value for one in Role if one not in NOT_PEOPLE])


class RightForm(forms.Form):
    """One right more or less between two days (権限の個別設定)."""

    right = forms.ChoiceField(label="権限")
    effect = forms.ChoiceField(label="どうするか", widget=forms.RadioSelect)
    valid_from = _day("はじめの日", required=True)
    valid_until = _day("おわりの日", required=False)
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        right, effect = self.fields["right"], self.fields["effect"]
        assert isinstance(right, forms.ChoiceField)
        assert isinstance(effect, forms.ChoiceField)
        right.choices = _choices("right", [one.value for one in Right])
        effect.choices = _choices("effect", [Effect.ADDED.value, Effect.REMOVED.value])


class DelegationForm(forms.Form):
    """Hand one's own right on for some days (代わりを頼む)."""

    to = forms.ChoiceField(label="だれに")
    right = forms.ChoiceField(label="どの権限を")
    valid_from = _day("はじめの日", required=True)
    valid_until = _day("おわりの日", required=True)
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(
        self, *args: Any, people: list[tuple[str, str]], rights: frozenset[Right], **given: Any
    ) -> None:
        super().__init__(*args, **given)
        to, right = self.fields["to"], self.fields["right"]
        assert isinstance(to, forms.ChoiceField)
        assert isinstance(right, forms.ChoiceField)
        to.choices = people
        right.choices = _choices("right", sorted(DELEGABLE & rights))


class RuleForm(forms.Form):
    """When a second officer looks at one action (二人制の設定)."""

    rule = forms.ChoiceField(label="二人目の確認")
    valid_from = _day("はじめの日", required=True)
    valid_until = _day("おわりの日", required=False)
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        rule = self.fields["rule"]
        assert isinstance(rule, forms.ChoiceField)
        rule.choices = _choices("rule", [one.value for one in Rule])


class DecisionForm(forms.Form):
    """Yes or no to a colleague's request, with a word on it (承認の判断)."""

    note = forms.CharField(label="ひとこと", max_length=200, required=False)
