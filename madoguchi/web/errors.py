"""Pages that say what is wrong, why, and what to do (エラー画面)."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from madoguchi.infra.away import is_away
from madoguchi.infra.unit import Busy
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.web.messages import render_all

log = logging.getLogger("madoguchi.web.errors")

#: How long an error stands on a machine's screen: two sentences to be read slowly.
UNATTENDED_SECONDS = 15

# Everything else that an action refuses is 422: understood, and not possible as asked.
_STATUS = {
    "BAD_INPUT": 400,
    "SESSION_OVER": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "UNKNOWN_PERSON": 404,
    "BUSY": 409,
    "TOO_LARGE": 413,
    "UNAVAILABLE": 503,
}


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asks, so that the page around must stay as it is."""
    return request.headers.get("HX-Request") == "true" and (
        request.headers.get("HX-Boosted") != "true"
    )


def refusal(
    request: HttpRequest, problems: Iterable[Problem], *, status: int | None = None
) -> HttpResponse:
    """Answer with every problem in words: a whole page, or the alert of the page that asked."""
    found = tuple(problems)
    code = status or _STATUS.get(found[0].code, 422)
    context = {"sentences": render_all(found), "status": code, "home": "/"}
    if re.match(settings.MADOGUCHI_UNATTENDED, request.path):
        return _unattended(context, code)
    if not wants_fragment(request):
        return HttpResponse(render_to_string("web/error.html", context), status=code)
    response = HttpResponse(render_to_string("web/alert.html", context), status=code)
    # Whatever was to be replaced stays, with all that was typed into it.
    response["HX-Retarget"] = "#alert"
    response["HX-Reswap"] = "outerHTML"
    return response


def _unattended(context: dict[str, object], status: int) -> HttpResponse:
    """Answer at a machine in a hall: there is no address bar, so the way back is taken by itself."""
    home = settings.MADOGUCHI_UNATTENDED_HOME
    response = HttpResponse(
        render_to_string("web/error.html", {**context, "home": home}), status=status
    )
    response.headers["Refresh"] = f"{UNATTENDED_SECONDS}; url={home}"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read (400), or is too large (413)."""
    too_large = isinstance(exception, RequestDataTooBig)
    return refusal(request, [Problem(code="TOO_LARGE" if too_large else "BAD_INPUT")])


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Answer a refusal by Django or a library, which knows no reason in words (403)."""
    return refusal(request, [Problem(code="NOT_ALLOWED")], status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Answer an address where nothing is (404); the same words for everything unseen."""
    return refusal(request, [Problem(code="NOT_FOUND")])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Answer a form whose seal does not fit: an old page, or somebody else's (403)."""
    log.warning("form seal refused")
    return refusal(request, [Problem(code="OLD_PAGE")], status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer our own mistake (500) with a number that finds it in the log.

    A database that is away is met before any view too: by whoever looks who asks.
    """
    kind, error, _ = sys.exc_info()
    if error is not None and is_away(error):
        return _away(request, error)
    number = new_id()[:8]
    log.error("internal error %s: %s", number, kind.__name__ if kind else "unknown")
    return refusal(request, [Problem(code="OUR_MISTAKE", facts={"number": number})], status=500)


class Rim:
    """Middleware: what an action refuses becomes words here if the view did not do it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal, a busy record or a lost database; leave bugs to crash."""
        match exception:
            case Refused(problems=problems):
                return refusal(request, problems)
            case Busy():
                return refusal(request, [Problem(code="BUSY")])
            case DataError() | ValueError() if _cannot_be_stored(exception):
                log.warning("unreadable input: %s", type(exception).__name__)
                return refusal(request, [Problem(code="BAD_INPUT")])
            case _ if is_away(exception):
                return _away(request, exception)
            case _:
                return None


def _away(request: HttpRequest, error: BaseException) -> HttpResponse:
    log.error("database: %s", type(error.__cause__ or error).__name__)
    return refusal(request, [Problem(code="UNAVAILABLE")])


def _cannot_be_stored(exception: Exception) -> bool:
    """Tell whether somebody sent what no column holds: a NUL, a number or text too long.

    Forms refuse these with words beside the field; this is for addresses and bare values.
    """
    return isinstance(exception, DataError) or "NUL (0x00)" in str(exception)
