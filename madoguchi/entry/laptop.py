"""``madoguchi kit open``: serve one kit on this machine, from its files alone (端末で開く)."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Addresses of pages name people, so nothing is logged (記録しない)."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def serve(path: Path, *, port: int) -> None:
    """Ask for the word, then serve until stopped; nobody else's machine is answered (開く)."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "madoguchi.entry.laptop_settings"
    import django

    django.setup()
    from madoguchi.kit.api import open_kit

    laptop = open_kit(path, _word())
    try:
        with make_server(HOST, port, application(laptop), handler_class=_Quiet) as server:
            print(f"http://{HOST}:{server.server_port}/?key={laptop.key}", flush=True)
            print(f"{laptop.bundle.until:%H:%M} まで。Ctrl-C で閉じます。", flush=True)
            server.serve_forever()
    except KeyboardInterrupt:
        print("閉じました。したことは、ファイルの隣の .journal にあります。", flush=True)
    finally:
        laptop.close()


def application(laptop: Any) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Return the program of the pages with this kit in each request (応答)."""
    from django.core.wsgi import get_wsgi_application

    from madoguchi.kit.api import HELD

    django_pages = get_wsgi_application()

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        environ[HELD] = laptop
        return django_pages(environ, start)

    return answer


def _word() -> str:
    """Read the word without showing it; from a pipe where there is no keyboard (合言葉)."""
    if sys.stdin.isatty():
        return getpass.getpass("合言葉: ")
    return sys.stdin.readline()
