"""Every desk page: at most 100 KB transferred, at most 50 ms on the server (p95)."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

from bench.demo_town import Visitor, running_town
from bench.measure import median, p95, promise

PAGES = {
    "home": "/desk/",
    "search, one-letter surname": "/register/search/?q=%E5%85%83",
    "search, kana": "/register/search/?q=%E3%81%BF%E3%81%AA%E3%81%A8",
    "search, birth date": "/register/search/?q=S63.7.20",
    "person": "/person/000000990000026/",
    "certificate desk": "/certificates/new/?person=000000990000026&kind=resident_record_household",
    "waiting": "/certificates/",
    "letters": "/certificates/letters/",
    "approvals": "/approvals/",
    "protection": "/protection/",
    "check a paper": "/verify/",
    "moves": "/moves/",
    "moves, ask on the phone": "/moves/ask/",
    "moves, tasks": "/moves/tasks/",
    "messages between towns": "/moves/post/",
    "checks of residence": "/residence/",
    "boxes of cards": "/cards/boxes/",
    "cards, ledger": "/cards/ledger/",
    "cards, hand-over": "/cards/hand-over/",
    "cards, set-up": "/cards/setup/",
    "bookings": "/bookings/",
    "the line": "/line/",
    "visits": "/visits/",
    "visits, figures": "/visits/figures/",
    "visits, expiry": "/visits/expiry/",
    "terminals": "/terminals/",
    "work at the CS": "/csops/",
    "windows of several towns": "/csops/shared/",
    "letters to post": "/dispatch/",
    "addressees": "/addressees/",
    "what to bring": "/advice/",
    "kiosks": "/kiosk/desk/",
    "effect": "/insights/",
    "effect, rows": "/insights/rows/",
    "mistakes": "/insights/errors/",
    "classes": "/insights/campaigns/",
    "the desk tried out": "/insights/desk/",
    "journeys": "/journeys/",
    "a journey map": "/journeys/islands/",
    "an island day": "/kit/",
}


def run(*, full: bool) -> dict[str, Any]:
    """Measure through a real server over loopback: the time includes the wire, so it is an upper bound."""
    rounds = 200 if full else 40
    home = Path(os.environ["MADOGUCHI_HOME"]) / "pages"
    promises = []
    with running_town(residents=7971, home=home) as url:
        visitor = Visitor(url)
        visitor.sign_in("nagi")
        for name, path in PAGES.items():
            weight = _weight(visitor, path)
            samples = []
            for _ in range(rounds):
                began = time.perf_counter()
                status, _body, _kind = visitor.get(path)
                samples.append((time.perf_counter() - began) * 1000)
                assert status == 200, (path, status)
            promises += [
                promise(f"{name}: p95", p95(samples), "ms", at_most=50),
                promise(f"{name}: transferred, first visit", weight / 1024, "KB", at_most=100),
            ]
            print(f"  {name}: median {median(samples):.1f} ms")
    return {
        "promises": promises,
        "peers": [],
        "notes": [f"{rounds} requests a page, one after another."],
    }


def _weight(visitor: Visitor, path: str) -> float:
    """Sum page, style sheets and scripts as transferred, as for somebody's first visit."""
    _status, body, _kind = visitor.get(path)
    text = _plain(body)
    total = len(body)
    for found in set(re.findall(r'(?:src|href)="(/static/[^"]+\.(?:css|js|svg))"', text)):
        total += len(visitor.get(found)[1])
    return total


def _plain(body: bytes) -> str:
    import gzip

    return (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()
