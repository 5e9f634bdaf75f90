"""Who calls, how often, and every no in words (鍵の照合・回数・断り)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from madoguchi.infra import clock
from madoguchi.infra.unit import Busy
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.tokens.api import Holder, Scope, find_holder
from madoguchi.web.messages import render_all
from madoguchi.web.pace import too_many, too_many_of

log = logging.getLogger("madoguchi.api")

#: Calls of one key, and wrong keys from one address, a minute and a process (*assumed*).
CALLS_MAX, WRONG_MAX = 120, 20
_STATUS = {
    "TOKEN_UNKNOWN": 401, "TOKEN_SCOPE": 403, "NOT_ALLOWED": 403, "NOT_FOUND": 404,
    "MOVE_TASK_UNKNOWN": 404, "BUSY": 409, "TOO_LARGE": 413, "TOKEN_TOO_OFTEN": 429,
    "OUR_MISTAKE": 500, "UNAVAILABLE": 503,
}  # fmt: skip
#: A task one may not know of is answered in the words of an address where nothing is.
_SAME = {"MOVE_TASK_UNKNOWN": "NOT_FOUND"}


class Key(HttpBearer):
    """A key that must open this scope (鍵)."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Holder | None:
        """Return whose key it is; a key without the scope is told so, no key is told nothing."""
        holder = find_holder(token, now=clock.now())
        if holder is None:
            wrong = too_many(request, what="api-wrong-key", a_minute=WRONG_MAX)
            raise Refused(Problem(code="TOKEN_TOO_OFTEN" if wrong else "TOKEN_UNKNOWN"))
        if too_many_of(holder.token_id, what="api", most=CALLS_MAX, seconds=60):
            raise Refused(Problem(code="TOKEN_TOO_OFTEN"))
        if self.scope not in holder.scopes:
            raise Refused(Problem(code="TOKEN_SCOPE", facts={"scope": self.scope.value}))
        return holder


def holder_of(request: HttpRequest) -> Holder:
    """Return whose key came with this call (鍵の持ち主)."""
    holder: Holder = request.auth  # type: ignore[attr-defined]  # set by the library before the view
    return holder


def actor_of(request: HttpRequest, purpose: str) -> Actor:
    """Return the system as the one who acts (操作者)."""
    return holder_of(request).actor(purpose=purpose, place=settings.MADOGUCHI_PLACE)


def say_no_in_words(api: NinjaAPI) -> None:
    """Answer every refusal as JSON with cause and remedy, all problems at once (断りの言葉)."""

    def on(
        kind: type[Exception], problems: Callable[[Any], Iterable[Problem]], status: int = 0
    ) -> None:
        def answer(request: HttpRequest, exception: Any) -> HttpResponse:
            found = tuple(problems(exception))
            found = tuple(
                Problem(code=_SAME[one.code]) if one.code in _SAME else one for one in found
            )
            code = status or _STATUS.get(found[0].code, 422)
            return api.create_response(request, {"problems": written(found)}, status=code)

        api.add_exception_handler(kind, answer)

    on(Refused, lambda error: error.problems)
    on(Busy, lambda _error: [Problem(code="BUSY")])
    on(Http404, lambda _error: [Problem(code="NOT_FOUND")])
    on(AuthenticationError, lambda _error: [Problem(code="TOKEN_UNKNOWN")])
    on(ValidationError, lambda error: [_wrong(one) for one in error.errors], 422)
    on(RequestDataTooBig, lambda _error: [Problem(code="TOO_LARGE")])
    on(HttpError, lambda _error: [Problem(code="BAD_INPUT")], 400)
    on(OperationalError, _lost)
    on(InterfaceError, _lost)
    on(DataError, lambda _error: [Problem(code="BAD_INPUT")], 400)
    on(Exception, _mistake)


def written(problems: Iterable[Problem]) -> list[dict[str, str | None]]:
    """Return problems as the command line writes them (不備のJSON)."""
    found = tuple(problems)
    return [
        {"code": one.code, "cause": words.cause, "remedy": words.remedy, "where": one.where}
        for one, words in zip(found, render_all(found), strict=True)
    ]


def _wrong(error: dict[str, Any]) -> Problem:
    # Of what was sent nothing is repeated: it may be about somebody.
    where = ".".join(str(one) for one in error.get("loc", ())[1:] if one != "given")[:60]
    return Problem(code="API_FIELD_WRONG", where=where or None, facts={"field": where or "内容"})


def _lost(error: Exception) -> list[Problem]:
    log.error("database: %s", type(error.__cause__ or error).__name__)
    return [Problem(code="UNAVAILABLE")]


def _mistake(error: Exception) -> list[Problem]:
    number = new_id()[:8]
    log.error("internal error %s: %s", number, type(error).__name__)
    return [Problem(code="OUR_MISTAKE", facts={"number": number})]
