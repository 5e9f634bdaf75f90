"""A whole CS terminal with screens of its own, for demonstration and tests (統合端末の模擬).

A small web server in a process of its own, on loopback, with its own book and its own cards: it
knows nothing of our tables. It refuses to exist outside the demonstration.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from madoguchi.adapters.csterminal import pages
from madoguchi.adapters.csterminal.machine import DONE, Fault, Machine, TerminalCard
from madoguchi.infra import clock

BODY_SIZE_MAX = 4096
#: Nobody touched it for so long: signed off (*assumed*).
IDLE_SECONDS = 600.0
SLOW_SECONDS = 3.0
HANG_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back to the browser (応答)."""

    body: str = ""
    status: HTTPStatus = HTTPStatus.OK
    to: str = ""
    cookie: str = ""


class Screens:
    """The screens over a machine: sessions, time-outs, faults (画面の流れ)."""

    def __init__(
        self, machine: Machine, *, idle_seconds: float = IDLE_SECONDS,
        slow_seconds: float = SLOW_SECONDS, hang_seconds: float = HANG_SECONDS,
    ) -> None:  # fmt: skip
        self.machine = machine
        self._idle, self._slow, self._hang = idle_seconds, slow_seconds, hang_seconds
        self._sessions: dict[str, float] = {}
        self._presses: set[str] = set()
        self.ended = threading.Event()

    def answer(self, method: str, path: str, form: Mapping[str, str], session: str) -> Reply | None:
        """Answer one request; None: say nothing at all, as a terminal that is off (応答)."""
        if path.startswith("/hands/"):
            return self._hands(method, path, form)
        if (method, path) == ("POST", "/sign-on"):
            return self._sign_on(form)
        if session not in self._sessions:
            return Reply(body=pages.sign_on())
        if time.monotonic() - self._sessions[session] > self._idle:
            return self._lose(session)
        self._sessions[session] = time.monotonic()
        route = _ROUTES.get((method, path))
        if route is None:
            return Reply(body=pages.menu(), status=HTTPStatus.NOT_FOUND)
        return route(self, form, session)

    # -- screens ---------------------------------------------------------------------------

    def _sign_on(self, form: Mapping[str, str]) -> Reply:
        if (form.get("operator"), form.get("code")) != (pages.OPERATOR, pages.OPERATOR_CODE):
            return Reply(body=pages.sign_on(message="操作者番号か操作者コードがちがいます。"))
        session = secrets.token_urlsafe(24)
        self._sessions[session] = time.monotonic()
        return Reply(to="/menu", cookie=session)

    def _sign_off(self, _form: Mapping[str, str], session: str) -> Reply:
        self._sessions.pop(session, None)
        return Reply(body=pages.signed_off())

    def _menu(self, _form: Mapping[str, str], _session: str) -> Reply:
        return Reply(body=pages.menu())

    def _place(self, _form: Mapping[str, str], _session: str) -> Reply:
        return Reply(body=pages.place())

    def _read(self, _form: Mapping[str, str], session: str) -> Reply | None:
        fault = self.machine.fault(self.machine.laid())
        if fault is Fault.OFF:
            return None
        if fault is Fault.SESSION_LOST:
            return self._lose(session)
        if fault is Fault.SLOW:
            self.ended.wait(self._slow)
        found = self.machine.read()
        if found is None:
            return Reply(body=pages.place(message="カードが置かれていません。"))
        if fault is Fault.UNREADABLE:
            return Reply(
                body=pages.refused(
                    "カードを読み取れません", "置きなおしても読めないときは不良です。"
                )
            )
        if fault is Fault.NOT_FOUND:
            return Reply(body=pages.refused("該当する申請がありません", "番号を確かめてください。"))
        is_set = self.machine.is_set(found.notice_no)
        return Reply(body=pages.card(found, is_set=is_set, fault=fault))

    def _ask(self, form: Mapping[str, str], _session: str) -> Reply:
        return Reply(body=pages.ask(form.get("notice_no", ""), press=secrets.token_urlsafe(12)))

    def _set(self, form: Mapping[str, str], session: str) -> Reply | None:
        number, press = form.get("notice_no", ""), form.get("press", "")
        shown = self.machine.read()
        if shown is None or shown.notice_no != number:
            return Reply(
                body=pages.place(message="カードが取られました。はじめからやりなおしてください。")
            )
        if press in self._presses or not press:
            return self._twice()
        self._presses.add(press)
        at = f"{clock.now():%H:%M:%S}"
        outcome = self.machine.set_up(number, operator=pages.OPERATOR, at=at)
        return self._end(number, outcome, session)

    def _end(self, number: str, outcome: str, session: str) -> Reply | None:
        """Show how a card ended, unless something is to go wrong after the deed."""
        match self.machine.fault(number):
            case Fault.HANGS_AFTER:
                self.ended.wait(self._hang)
                return None
            case Fault.SESSION_LOST_AFTER:
                return self._lose(session)
            case Fault.DUPLICATE:
                return self._twice()
        if outcome != DONE:
            return Reply(
                body=pages.refused("受け付けられませんでした", "申請の状態を確かめてください。")
            )
        return Reply(body=pages.done(number))

    def _list(self, _form: Mapping[str, str], _session: str) -> Reply:
        return Reply(body=pages.listed(self.machine.entries()))

    def _find(self, form: Mapping[str, str], _session: str) -> Reply:
        number = form.get("notice_no", "")
        found = self.machine.entry(number)
        return Reply(body=pages.not_found(number) if found is None else pages.found(found))

    # -- what a person's hands do ------------------------------------------------------------

    def _hands(self, method: str, path: str, form: Mapping[str, str]) -> Reply:
        number = form.get("notice_no", "")
        if (method, path) == ("POST", "/hands/lay"):
            if not self.machine.lay(number):
                return Reply(status=HTTPStatus.NOT_FOUND, body="no such card")
        elif (method, path) == ("POST", "/hands/take"):
            self.machine.take_away()
        elif (method, path) == ("POST", "/hands/fault"):
            fault = form.get("fault", "")
            if number not in self.machine.cards or fault not in {"", *Fault}:
                return Reply(status=HTTPStatus.NOT_FOUND, body="no such card or fault")
            self.machine.plan(number, Fault(fault) if fault else None)
        elif (method, path) == ("GET", "/hands/"):
            return Reply(
                body=pages.hands(
                    laid=self.machine.laid(),
                    numbers=self.machine.cards,
                    faults=self.machine.faults(),
                )
            )
        else:
            return Reply(status=HTTPStatus.NOT_FOUND)
        return Reply(to="/hands/")

    def _twice(self) -> Reply:
        return Reply(
            body=pages.refused(
                "二重送信です", "同じ操作が2回送られました。一覧で結果を確かめてください。"
            )
        )

    def _lose(self, session: str) -> Reply:
        self._sessions.pop(session, None)
        return Reply(body=pages.timed_out())


_ROUTES: Mapping[tuple[str, str], Callable[[Screens, Mapping[str, str], str], Reply | None]] = {
    ("GET", "/"): Screens._menu,
    ("GET", "/menu"): Screens._menu,
    ("GET", "/setup"): Screens._place,
    ("POST", "/setup/read"): Screens._read,
    ("POST", "/setup/ask"): Screens._ask,
    ("POST", "/setup/set"): Screens._set,
    ("GET", "/list"): Screens._list,
    ("POST", "/list/find"): Screens._find,
    ("POST", "/sign-off"): Screens._sign_off,
}


class EmulatedTerminal:
    """The terminal as a running server (模擬端末の起動): start, address, stop."""

    def __init__(
        self, *, cards: Mapping[str, TerminalCard], folder: Path, port: int = 0,
        in_place: bool = False, **more: float
    ) -> None:  # fmt: skip
        if not settings.MADOGUCHI_DEMO:
            raise RuntimeError("the emulated terminal is for the demonstration only")
        self.machine = Machine(cards=cards, folder=folder)
        self.screens = Screens(self.machine, **more)
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.screens = self.screens
        # Screens that change in place instead of being opened anew: both kinds are met.
        self._server.head = pages.SCRIPT if in_place else ""
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._server.own_host = self.url.removeprefix("http://")

    def start(self) -> None:
        """Serve in a thread (開始)."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def run(self) -> None:
        """Serve until this thread is interrupted (動かしつづける)."""
        self._server.serve_forever(0.2)

    def stop(self) -> None:
        """End it (終了)."""
        self.screens.ended.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    screens: Screens
    own_host: str
    head: str


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 30.0
    wbufsize = -1  # one packet an answer

    def do_GET(self) -> None:
        """Show a screen."""
        if self.path in pages.PARTS:
            kept = {"Cache-Control": "max-age=3600"}
            self._send(HTTPStatus.OK, pages.PARTS[self.path], pages.part(self.path), kept)
            return
        self._answer("GET", {})

    def do_POST(self) -> None:
        """Take a press."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > BODY_SIZE_MAX:
            self.close_connection = True
            self._send(HTTPStatus.BAD_REQUEST, "text/plain", b"")
            return
        sent = parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace"))
        self._answer("POST", {name: values[0] for name, values in sent.items()})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
        """Write nothing."""

    def _answer(self, method: str, form: Mapping[str, str]) -> None:
        origin = self.headers.get("Origin")
        if self.headers.get("Host") != self.server.own_host or origin not in (
            None, f"http://{self.server.own_host}",
        ):  # fmt: skip
            self._send(HTTPStatus.MISDIRECTED_REQUEST, "text/plain", b"")
            return
        jar = SimpleCookie(self.headers.get("Cookie", ""))
        session = jar["terminal"].value if "terminal" in jar else ""
        reply = self.server.screens.answer(method, self.path, form, session)
        if reply is None:
            self.close_connection = True
            return
        headers = {"Location": reply.to} if reply.to else {}
        if reply.cookie:
            headers["Set-Cookie"] = f"terminal={reply.cookie}; HttpOnly; SameSite=Strict; Path=/"
        status = HTTPStatus.SEE_OTHER if reply.to else reply.status
        body = reply.body.replace("</head>", f"{self.server.head}</head>", 1)
        self._send(status, "text/html; charset=utf-8", body.encode(), headers)

    def _send(
        self, status: HTTPStatus, kind: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        more = {"Cache-Control": "no-store", "Content-Length": str(len(body)), "Content-Type": kind}
        for name, value in {**more, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
