"""The agent's own pages and their parts (画面): the PIN pad and the tray of fictional cards."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from madoguchi.bridge import trouble

HTML = "text/html; charset=utf-8"
_KINDS = {
    "pad.css": "text/css; charset=utf-8",
    "pad.js": "text/javascript; charset=utf-8",
    "tray.css": "text/css; charset=utf-8",
    "tray.js": "text/javascript; charset=utf-8",
    "words.js": "text/javascript; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A fixed part of a page (部品)."""

    kind: str
    body: bytes


def headers(origins: Iterable[str]) -> Mapping[str, str]:
    """What every answer says to the browser (応答の方針).

    Only the allowed sites may frame our pages; nothing comes from elsewhere, nothing is kept.
    """
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
        f"frame-ancestors {' '.join(sorted(origins))}"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), clipboard-read=()",
    }


def part(path: str) -> Part | None:
    """Return the part of this name; only names of the list are files (部品)."""
    name = path.removeprefix("/static/")
    if name == path or name not in _KINDS:
        return None
    return _read(name)


@cache
def _read(name: str) -> Part:
    if name == "words.js":
        told = json.dumps(trouble.words(), ensure_ascii=False)
        return Part(kind=_KINDS[name], body=f"export const WORDS = {told};\n".encode())
    path = Path(__file__).with_name("static") / name
    return Part(kind=_KINDS[name], body=path.read_bytes())


def pad(*, token: str, origins: Iterable[str]) -> bytes:
    """Write the page with the PIN pad; its script does the rest (暗証番号の画面)."""
    allowed = html.escape(json.dumps(sorted(origins)))
    return _page(
        name="pad",
        data=f'data-page="{html.escape(token)}" data-origins="{allowed}"',
        body='<main id="stage" aria-live="polite"></main>',
    )


def tray(*, token: str) -> bytes:
    """Write the page with the fictional cards (見本のカード置き場)."""
    return _page(
        name="tray",
        data=f'data-page="{html.escape(token)}"',
        body='<main id="tray"></main>',
    )


def _page(*, name: str, data: str, body: str) -> bytes:
    return (
        '<!doctype html>\n<html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>窓口 カードリーダー</title>"
        '<link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="/static/{name}.css">'
        f'<script type="module" src="/static/{name}.js"></script>'
        f"</head><body {data}>{body}</body></html>\n"
    ).encode()
