"""A running town to measure from outside: ``madoguchi demo`` with a data folder of its own."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

READY_SECONDS_MAX = 600


class Visitor:
    """A browser without a picture: keeps cookies, asks for compressed answers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )

    def get(self, path: str) -> tuple[int, bytes, str]:
        """Return status, body as transferred (compressed) and the type of a page."""
        request = urllib.request.Request(self.url + path, headers={"Accept-Encoding": "gzip"})
        with self._opener.open(request, timeout=30) as answer:
            return answer.status, answer.read(), answer.headers.get_content_type()

    def sign_in(self, staff_id: str) -> None:
        """Press the demo's button of one member of staff."""
        with self._opener.open(self.url + "/", timeout=30) as answer:
            text = answer.read().decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        assert found is not None
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": found[1]}).encode()
        request = urllib.request.Request(
            f"{self.url}/demo/sign-in/{staff_id}/", data=body, headers={"Referer": self.url + "/"}
        )
        with self._opener.open(request, timeout=30) as answer:
            assert answer.status == 200


@contextmanager
def running_town(*, residents: int, home: Path, port: int = 18090) -> Iterator[str]:
    """Start a demo, yield its address, end it with Ctrl-C."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if k != "MADOGUCHI_DATABASE_URL"}
    log = home / "demo.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "madoguchi", "demo", "--port", str(port),
             "--residents", str(residents)],
            env={**kept, "MADOGUCHI_HOME": str(home)}, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        yield _wait(process, log)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _wait(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        # With the slash it is the town; the agent beside it speaks first, of its own address.
        found = re.search(r"http://127\.0\.0\.1:\d+/", log.read_text(errors="replace"))
        if found:
            return found.group().rstrip("/")
        time.sleep(0.2)
    raise RuntimeError(log.read_text(errors="replace")[-2000:])
