"""The agent's own small web server (仲立ちのサーバー): loopback, one host name, no query strings.

It hears only pages it served itself: exact Host, exact Origin, a token of the page. What sites
may frame those pages stands in the policy of every answer. Nothing of a request is logged but
its route and the status; errors are told without their text.
"""

from __future__ import annotations

import base64
import contextlib
import json
import secrets
import socket
import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from madoguchi.bridge import apdu, jpki, pages
from madoguchi.bridge.agent import Agent
from madoguchi.bridge.readers import Seen
from madoguchi.bridge.tray import Tray
from madoguchi.bridge.trouble import Trouble
from madoguchi.kernel.outcome import Problem

BODY_SIZE_MAX = 2048
PIN_SIZE_MAX = 16
LINE_SECONDS_MAX = 10.0
POLL_SECONDS = 20.0
PAGES_MAX = 32
THREADS_MAX = 32
LOOPBACK = frozenset({"127.0.0.1", "::1"})
PAGE_HEADER = "X-Bridge-Page"
CHALLENGE_HEADER = "X-Bridge-Challenge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back to the browser (応答)."""

    status: HTTPStatus = HTTPStatus.OK
    kind: str = "application/json"
    body: bytes = b"{}"


class Desk:
    """What the routes share: agent, tray and the tokens of open pages (共有の状態)."""

    def __init__(self, *, agent: Agent, tray: Tray | None, own_origin: str) -> None:
        self.agent = agent
        self.tray = tray
        self.own_origin = own_origin
        self._pages: OrderedDict[str, None] = OrderedDict()
        self._new_pages: OrderedDict[str, None] = OrderedDict()
        self._turn = threading.Lock()

    def new_page(self) -> str:
        """Give a page its token; the oldest that never asked anything is forgotten (ページの印).

        Any site may have our page fetched without reading it, so what is only fetched must not
        push out the page a resident sits before.
        """
        token = secrets.token_urlsafe(32)
        with self._turn:
            _remember(self._new_pages, token)
        return token

    def knows(self, token: str) -> bool:
        """Tell whether a page of ours has this token; one in use is not forgotten (確認)."""
        with self._turn:
            if token not in self._pages and token not in self._new_pages:
                return False
            self._new_pages.pop(token, None)
            _remember(self._pages, token)
            return True


def _remember(kept: OrderedDict[str, None], token: str) -> None:
    kept[token] = None
    kept.move_to_end(token)
    while len(kept) > PAGES_MAX:
        kept.popitem(last=False)


class Server(ThreadingHTTPServer):
    """Listens on loopback only, and says nothing about what goes wrong but its kind."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, *, bind: str, port: int) -> None:
        assert bind in LOOPBACK, "an agent that others can reach is no agent"
        self._room = threading.BoundedSemaphore(THREADS_MAX)
        self.desk: Desk | None = None
        if ":" in bind:
            self.address_family = socket.AF_INET6
        super().__init__((bind, port), Handler)

    @property
    def own_origin(self) -> str:
        """The origin of the agent's own pages (自らのオリジン)."""
        host = str(self.server_address[0])
        return f"http://{f'[{host}]' if ':' in host else host}:{self.server_port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Refuse more at once than any kiosk needs."""
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Free the place afterwards, whatever happened."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        """Name the kind of error only: its text and its frames may hold what was typed."""
        log(f"error {type(sys.exc_info()[1]).__name__}")


class Handler(BaseHTTPRequestHandler):
    """One request: the doors first, then the route."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "madoguchi-bridge"
    sys_version = ""
    timeout = LINE_SECONDS_MAX
    # Unbuffered, so that a PIN is not left behind in a buffer nobody can wipe.
    rbufsize = 0

    def do_GET(self) -> None:
        """Pages and their parts."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """What pages ask for."""
        self._answer(self._post)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing: the base class would write the request's line."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answer what the base class refuses, without repeating it."""
        self.close_connection = True
        self._send(Reply(status=HTTPStatus(code)))

    # -- doors -------------------------------------------------------------------------------

    def _answer(self, route: Any) -> None:
        desk = self.server.desk
        assert desk is not None
        try:
            reply = self._shut(desk) or route(desk)
        except (TimeoutError, ConnectionError):
            self.close_connection = True
            return
        except Exception as error:  # noqa: BLE001  a traceback could quote the PIN
            log(f"error {type(error).__name__}")
            self.close_connection = True
            reply = _trouble(Trouble.FAILED, HTTPStatus.INTERNAL_SERVER_ERROR)
        if reply.status != HTTPStatus.OK:
            self.close_connection = True  # a body that was not read must not be the next request
        self._send(reply)

    def _shut(self, desk: Desk) -> Reply | None:
        """Return the refusal, when the request is for another name or from another page."""
        if self.headers.get_all("Host") != [desk.own_origin.removeprefix("http://")]:
            return _refusal(HTTPStatus.MISDIRECTED_REQUEST)
        site = self.headers.get("Sec-Fetch-Site")
        if self.command == "GET":
            return None
        if self.headers.get_all("Origin") != [desk.own_origin] or site not in (None, "same-origin"):
            return _trouble(Trouble.ORIGIN_REFUSED, HTTPStatus.FORBIDDEN)
        if not desk.knows(self.headers.get(PAGE_HEADER, "")):
            return _trouble(Trouble.PAGE_OLD, HTTPStatus.FORBIDDEN)
        return None

    # -- routes ------------------------------------------------------------------------------

    def _get(self, desk: Desk) -> Reply:
        if self.path == "/":
            body = pages.pad(token=desk.new_page(), origins=desk.agent.origins)
            return Reply(kind=pages.HTML, body=body)
        if self.path == "/tray" and desk.tray:
            return Reply(kind=pages.HTML, body=pages.tray(token=desk.new_page()))
        found = pages.part(self.path)
        if found is None:
            return _refusal(HTTPStatus.NOT_FOUND)
        return Reply(kind=found.kind, body=found.body)

    def _post(self, desk: Desk) -> Reply:
        routes = {
            "/state": self._state,
            "/begin": self._begin,
            "/tries": self._tries,
            "/pin": self._pin,
            "/cancel": self._cancel,
        }
        if desk.tray:
            routes |= {
                "/tray/cards": self._tray_cards,
                "/tray/place": self._tray_place,
                "/tray/take": self._tray_take,
            }
        route = routes.get(self.path)
        if route is None:
            return _refusal(HTTPStatus.NOT_FOUND)
        reply = route(desk)
        if self.path != "/state":
            log(f"{self.path[1:]} {reply.status.value}")
        return reply

    def _state(self, desk: Desk) -> Reply:
        """Long poll: what lies on the reader, as soon as it is not what the page knew."""
        asked = self._json()
        known = asked.get("change")
        change, seen = desk.agent.seen_after(
            known if isinstance(known, int) else 0, seconds=POLL_SECONDS
        )
        return _json(_state_of(desk, change, seen))

    def _begin(self, desk: Desk) -> Reply:
        asked = self._json()
        begun = desk.agent.begin(
            nonce=str(asked.get("nonce", "")), origin=str(asked.get("origin", ""))
        )
        if isinstance(begun, Problem):
            return _json({"problem": begun.code})
        return _json({"challenge": begun.challenge_id})

    def _tries(self, desk: Desk) -> Reply:
        """Tell the tries left of the card that lies there: known before the first key."""
        self._body(BODY_SIZE_MAX)
        found = desk.agent.tries()
        return _json(
            {"problem": found.code} if isinstance(found, Problem) else {"left": found.left}
        )

    def _pin(self, desk: Desk) -> Reply:
        """The PIN is the whole body, as raw bytes: it never becomes a text that stays."""
        pin = self._body(PIN_SIZE_MAX)
        try:
            done = desk.agent.answer(challenge_id=self.headers.get(CHALLENGE_HEADER, ""), pin=pin)
        finally:
            apdu.wipe(pin)
        if isinstance(done, Problem):
            return _json({"problem": done.code})
        if isinstance(done, jpki.WrongPin):
            code = Trouble.PIN_WRONG if done.left else Trouble.PIN_BLOCKED
            return _json({"problem": code, "left": done.left})
        return _json(
            {
                "certificate": base64.b64encode(done.certificate).decode("ascii"),
                "signature": base64.b64encode(done.signature).decode("ascii"),
            }
        )

    def _cancel(self, desk: Desk) -> Reply:
        self._body(BODY_SIZE_MAX)
        desk.agent.cancel()
        return _json({})

    # -- the tray ----------------------------------------------------------------------------

    def _tray_cards(self, desk: Desk) -> Reply:
        self._body(BODY_SIZE_MAX)
        return _json({"cards": _cards(desk)})

    def _tray_place(self, desk: Desk) -> Reply:
        assert desk.tray
        failed = desk.tray.place(str(self._json().get("card", "")))
        desk.agent.look_again()
        return _json({"problem": failed.code} if failed else {"cards": _cards(desk)})

    def _tray_take(self, desk: Desk) -> Reply:
        self._body(BODY_SIZE_MAX)
        assert desk.tray
        desk.tray.take()
        desk.agent.look_again()
        return _json({"cards": _cards(desk)})

    # -- reading and writing -----------------------------------------------------------------

    def _body(self, size_max: int) -> bytearray:
        """Read the whole body into memory that can be wiped; too long ends the line."""
        told = self.headers.get("Content-Length", "0")
        size = int(told) if told.isascii() and told.isdigit() and len(told) < 8 else size_max + 1
        if size > size_max or self.headers.get("Transfer-Encoding"):
            raise ConnectionError("a body this agent does not take")
        body = bytearray(size)
        view, read = memoryview(body), 0
        while read < size:
            part: int = self.rfile.readinto(view[read:])
            if not part:
                raise ConnectionError("the body ended early")
            read += part
        return body

    def _json(self) -> Mapping[str, Any]:
        try:
            found = json.loads(self._body(BODY_SIZE_MAX) or b"{}")
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def _send(self, reply: Reply) -> None:
        desk = self.server.desk
        assert desk is not None
        self.send_response(reply.status)
        for name, value in pages.headers(desk.agent.origins).items():
            self.send_header(name, value)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        with contextlib.suppress(ConnectionError, TimeoutError):  # the page was left meanwhile
            self.end_headers()
            self.wfile.write(reply.body)


def log(text: str) -> None:
    """Write one line for whoever looks after the machine: routes and kinds, never contents."""
    sys.stderr.write(f"bridge: {text}\n")


def _state_of(desk: Desk, change: int, seen: Seen) -> dict[str, object]:
    return {
        "change": change,
        "present": seen.present,
        "trouble": seen.trouble,
        "reader": seen.reader,
        "emulated": desk.agent.readers.emulated,
    }


def _cards(desk: Desk) -> list[dict[str, object]]:
    assert desk.tray
    laid = desk.tray.laid
    return [
        {
            "card_no": card.card_no,
            "label": card.label,
            "state": card.state,
            "pin": card.pin,
            "laid": card.card_no == laid,
        }
        for card in desk.tray.cards()
    ]


def _json(told: Mapping[str, object]) -> Reply:
    return Reply(body=json.dumps(told, ensure_ascii=False).encode("utf-8"))


def _refusal(status: HTTPStatus) -> Reply:
    return Reply(status=status)


def _trouble(trouble: Trouble, status: HTTPStatus) -> Reply:
    return Reply(status=status, body=json.dumps({"problem": trouble}).encode("ascii"))
