"""Routes of the accounts room (経路).

allauth finds some of its pages by fixed names, so these stand outside the namespace; what is
not listed here (sign-up, mail, password reset) does not exist.
"""

from django.urls import include, path, register_converter

from madoguchi.accounts.views import approvals, doors, me, second_factor, sign_in, staff


class StaffIdConverter:
    """A staff id in an address; anything else is no address of ours."""

    regex = "[a-z0-9][a-z0-9._-]{1,39}"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


register_converter(StaffIdConverter, "staff_id")

own = [
    path("", doors.doors, name="doors"),
    path("demo/tour/", doors.tour, name="tour"),
    path("demo/sign-in/<slug:staff_id>/", doors.demo_sign_in, name="demo_sign_in"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("me/", me.me, name="me"),
    path("me/set-up/", second_factor.set_up, name="set_up"),
    path("me/handed-on/<int:line_id>/end/", me.take_back, name="take_back"),
    path("staff/", staff.staff, name="staff"),
    path("staff/<staff_id:staff_id>/", staff.member, name="member"),
    path("staff/<staff_id:staff_id>/role/", staff.change_role, name="change_role"),
    path("staff/<staff_id:staff_id>/suspend/", staff.suspend, name="suspend"),
    path("staff/<staff_id:staff_id>/resume/", staff.resume, name="resume"),
    path("staff/<staff_id:staff_id>/reset/", staff.reset, name="reset"),
    path("staff/<staff_id:staff_id>/rights/<int:line_id>/end/", staff.end_right, name="end_right"),
    path("second-officer/", approvals.rules, name="rules"),
    path("second-officer/<slug:action>/", approvals.rule, name="rule"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<slug:approval_id>/approve/", approvals.approve, name="approve"),
    path("approvals/<slug:approval_id>/reject/", approvals.reject, name="reject"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("sign-in/", sign_in.SignIn.as_view(), name="account_login"),
    path("sign-in/second-factor/", sign_in.SecondFactor.as_view(), name="mfa_authenticate"),
    path("me/", me.me, name="mfa_index"),
    path("me/password/", second_factor.ChangePassword.as_view(), name="account_change_password"),
    path("me/confirm/", second_factor.Confirm.as_view(), name="account_reauthenticate"),
    path("me/confirm/code/", second_factor.ConfirmByFactor.as_view(), name="mfa_reauthenticate"),
    path(
        "me/confirm/passkey/",
        second_factor.ConfirmByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("me/app/add/", second_factor.AddTotp.as_view(), name="mfa_activate_totp"),
    path("me/app/remove/", second_factor.RemoveTotp.as_view(), name="mfa_deactivate_totp"),
    path("me/passkeys/add/", second_factor.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "me/passkeys/<int:pk>/remove/",
        second_factor.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("me/recovery-codes/", me.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "me/recovery-codes/new/",
        second_factor.NewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]
