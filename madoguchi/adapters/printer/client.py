"""One question to a printer and its answer, with a last moment for everything (印刷機との通信)."""

from __future__ import annotations

import http.client
import secrets
import socket
import ssl
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from madoguchi.adapters.printer.coding import (
    Answer,
    Attribute,
    Operation,
    Tag,
    UnreadableError,
    question,
    read,
)
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk.domain.devices import NoAnswer

PORT = 631
BYTES_MAX = 4 * 1024 * 1024
NOT_FOUND = 0x0406
USER = "madoguchi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a printer is asked (印刷機の場所)."""

    uri: str
    host: str
    port: int
    path: str
    tls: ssl.SSLContext | None


def address(uri: str, *, authority: str = "") -> Address:
    """Read ``ipp://host:631/ipp/print``; ``ipps`` is checked against ``authority`` if given."""
    parts = urlsplit(uri)
    if parts.scheme not in ("ipp", "ipps") or not parts.hostname:
        raise ValueError(uri)
    context = None
    if parts.scheme == "ipps":
        context = ssl.create_default_context(cafile=authority or None)
    return Address(
        uri=uri, host=parts.hostname, port=parts.port or PORT, path=parts.path or "/", tls=context
    )


def ask(
    where: Address,
    operation: Operation,
    *,
    about: Iterable[Attribute] = (),
    job: Iterable[Attribute] = (),
    document: bytes = b"",
    seconds: float,
) -> Answer | Unavailable:
    """Ask once and wait at most ``seconds`` in all (問い合わせ).

    Whatever goes wrong is told apart by one thing only: can the printer have done it?
    """
    request_id = secrets.randbelow(2**31 - 1) + 1
    body = question(
        operation,
        request_id=request_id,
        about=(
            Attribute(tag=Tag.URI, name="printer-uri", values=(where.uri,)),
            Attribute(tag=Tag.NAME, name="requesting-user-name", values=(USER,)),
            *about,
        ),
        job=job,
        document=document,
    )
    answered = _exchange(where, body, seconds)
    if isinstance(answered, Unavailable):
        return answered
    try:
        answer = read(answered, request_id=request_id)
    except UnreadableError:
        return Unavailable(reason=NoAnswer.GARBLED)
    if answer.status == NOT_FOUND:
        return Unavailable(reason=NoAnswer.FORGOTTEN)
    if answer.status >= 0x0400:  # RFC 8011 §B.1: not done, whoever is to blame
        return Unavailable(reason=NoAnswer.REFUSED)
    return answer


def _exchange(where: Address, body: bytes, seconds: float) -> bytes | Unavailable:
    connection = _connection(where, seconds)
    try:
        connection.connect()
    except (OSError, http.client.HTTPException):
        connection.close()
        return Unavailable(reason=NoAnswer.NOT_REACHED)
    # A time-out of the socket begins anew with every byte: a printer that trickles would hold
    # a resident for ever. At the last moment the line is cut, whatever is being waited for.
    last_moment = threading.Timer(seconds, _cut, [connection.sock])
    last_moment.daemon = True
    last_moment.start()
    try:
        connection.request("POST", where.path, body, {"Content-Type": "application/ipp"})
        response = connection.getresponse()
        data = response.read(BYTES_MAX + 1)
    except (OSError, ValueError, http.client.HTTPException):
        return Unavailable(reason=NoAnswer.CUT_OFF)
    finally:
        last_moment.cancel()
        connection.close()
    if 400 <= response.status < 500:
        return Unavailable(reason=NoAnswer.REFUSED)
    kind = response.headers.get_content_type()
    if response.status != 200 or kind != "application/ipp" or len(data) > BYTES_MAX:
        return Unavailable(reason=NoAnswer.GARBLED)
    if response.length:  # the line was cut before all was read
        return Unavailable(reason=NoAnswer.CUT_OFF)
    return data


def _connection(where: Address, seconds: float) -> http.client.HTTPConnection:
    if where.tls is None:
        return http.client.HTTPConnection(where.host, where.port, timeout=seconds)
    return http.client.HTTPSConnection(where.host, where.port, timeout=seconds, context=where.tls)


def _cut(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # closed meanwhile: the exchange is over
