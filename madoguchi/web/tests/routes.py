"""A small house of its own to test the shell in: routes, and a sign-in by header."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError, InternalError, OperationalError
from django.http import HttpResponse
from django.urls import include, path
from django.views import View
from psycopg.errors import ReadOnlySqlTransaction

from madoguchi.infra.unit import Busy
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.web.access import needs, open_to_all, signed_in
from madoguchi.web.actor import actor_of

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "madoguchi.web.headers.Headers",
    "madoguchi.web.tests.routes.SignInByHeader",
    "madoguchi.web.access.DefaultDeny",
    "madoguchi.web.errors.Rim",
]


@dataclass(frozen=True)
class Kaede:
    rights: frozenset
    staff_id: str = "kaede"
    display_name: str = "湾　かえで"
    is_authenticated: bool = True


class SignInByHeader:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.headers.get("Test-Database") == "away":
            raise OperationalError("server closed the connection: 髙﨑")
        rights = request.headers.get("Test-Rights")
        request.session = {"place": "加計呂麻"}
        request.user = (
            AnonymousUser()
            if rights is None
            else Kaede(frozenset(Right[name] for name in rights.split()))
        )
        return self.get_response(request)


def nobody_declared(request):
    return HttpResponse("secret")


@needs(Right.SEARCH, Right.VIEW_PERSON)
def people(request):
    return HttpResponse("people")


@signed_in(reason="every member of staff has a home")
def home(request):
    actor = actor_of(request, "試験")
    return HttpResponse(f"{actor.staff_id} {actor.place} {actor.terminal} {actor.purpose}")


@open_to_all(reason="a door of the town")
def doors(request):
    return HttpResponse("doors")


@open_to_all(reason="a picture of a letter")
def glyph(request, code):
    return HttpResponse('<svg xmlns="http://www.w3.org/2000/svg"/>', content_type="image/svg+xml")


@needs(Right.SEARCH)
class ClassView(View):
    def get(self, request):
        return HttpResponse("class")


def become_a_standby():
    error = InternalError("cannot execute INSERT in a read-only transaction")
    error.__cause__ = ReadOnlySqlTransaction()
    return error


FAILURES = {
    "refused": Refused([Problem(code="FIELD_REQUIRED", where="氏名", facts={"label": "氏名"}),
                        Problem(code="UNKNOWN_PERSON")]),
    "unknown": Refused(Problem(code="UNKNOWN_PERSON")),
    "busy": Busy(),
    "database": OperationalError("connection lost"),
    "standby": become_a_standby(),
    "nul": ValueError("A string literal cannot contain NUL (0x00) characters."),
    "data": DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"),
    "value": ValueError("髙﨑 あおい"),
    "bad": SuspiciousOperation("bad"),
    "denied": PermissionDenied(),
    "bug": ZeroDivisionError("髙﨑 あおい"),
}  # fmt: skip


@open_to_all(reason="fails on purpose")
def fails(request, how):
    raise FAILURES[how]


urlpatterns = [
    path("nobody", nobody_declared),
    path("people", people),
    path("home", home),
    path("doors", doors),
    path("class", ClassView.as_view()),
    path("fails/<how>", fails),
    path("glyphs/<code>", glyph, name="glyph"),
    path("", include("madoguchi.web.urls")),
    path("", include(([path("sign-in", doors, name="sign_in")], "accounts"))),
]
handler400 = "madoguchi.web.errors.bad_request"
handler403 = "madoguchi.web.errors.forbidden"
handler404 = "madoguchi.web.errors.not_found"
handler500 = "madoguchi.web.errors.server_error"
