"""Who really asks, where a web front of the town stands before us (前段のサーバー).

Locks after wrong passwords and limits a minute go by address; behind a front every request comes from the
front. What it says of the asker is believed from the named fronts alone, and thrown away from
anybody else: else whoever writes such a header is another person at each try.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
_SAID = (
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT", "HTTP_X_REAL_IP", "HTTP_FORWARDED",
)  # fmt: skip


class BehindFronts:
    """WSGI: put the asker's address and scheme in place of the front's (要求元の読替え)."""

    def __init__(self, application: Application, fronts: Sequence[str]) -> None:
        self._application = application
        self._fronts = frozenset(ipaddress.ip_address(one) for one in fronts)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass the request on as the front was asked it."""
        said = {name: environ.pop(name, "") for name in _SAID}
        if _address(environ.get("REMOTE_ADDR", "")) in self._fronts:
            # The front appends whom it saw; what stands before that, the asker may have written.
            seen = _address(said["HTTP_X_FORWARDED_FOR"].rsplit(",", 1)[-1].strip())
            if seen is not None:
                environ["REMOTE_ADDR"] = str(seen)
            if said["HTTP_X_FORWARDED_PROTO"] in ("http", "https"):
                environ["wsgi.url_scheme"] = said["HTTP_X_FORWARDED_PROTO"]
        return self._application(environ, start_response)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
