"""Which machine this browser is, and which session it holds: two signed cookies (端末と利用の札)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from madoguchi.kiosk.queries.sessions import SessionRow, find_session
from madoguchi.kiosk.queries.terminals import TerminalRow, find_terminal

TERMINAL_COOKIE = "madoguchi_terminal"
SESSION_COOKIE = "madoguchi_kiosk"
#: The machine's token is renewed by hand only; browsers keep a cookie at most so long.
_TERMINAL_SECONDS = 400 * 24 * 3600
#: A session is over long before; a cookie copied away is worth nothing after it.
_SESSION_SECONDS = 2 * 3600


def terminal_of(request: HttpRequest) -> TerminalRow | None:
    """Return the registered machine this browser is, or none (端末)."""
    token = _read(request, TERMINAL_COOKIE, _TERMINAL_SECONDS)
    return find_terminal(token) if token else None


def session_of(request: HttpRequest) -> SessionRow | None:
    """Return the session this browser holds, open or ended, or none (利用)."""
    session_id = _read(request, SESSION_COOKIE, _SESSION_SECONDS)
    return find_session(session_id) if session_id else None


def be_terminal(response: HttpResponse, token: str) -> HttpResponse:
    """Make this browser the machine that holds this token (端末の登録)."""
    return _give(response, TERMINAL_COOKIE, token, seconds=_TERMINAL_SECONDS)


def hold(response: HttpResponse, session_id: str) -> HttpResponse:
    """Let this browser hold a session; the cookie dies with the browser (利用の札)."""
    return _give(response, SESSION_COOKIE, session_id, seconds=None)


def let_go(response: HttpResponse) -> HttpResponse:
    """Wipe what this browser holds of a session (利用の札の消去)."""
    response.delete_cookie(SESSION_COOKIE, samesite="Strict")
    return response


def _read(request: HttpRequest, name: str, seconds: int) -> str:
    return str(request.get_signed_cookie(name, default="", max_age=seconds))


def _give(response: HttpResponse, name: str, value: str, *, seconds: int | None) -> HttpResponse:
    response.set_signed_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )
    return response
