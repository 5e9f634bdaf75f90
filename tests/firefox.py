"""Pytest plugin: a real Firefox for tests, spoken to by WebDriver BiDi: one process, one websocket, no driver.

Playwright drives only a Firefox of its own build; Debian's ``firefox-esr`` speaks BiDi itself
(``--remote-debugging-port``). What the tests need of it is a dozen commands, so the websocket is
written out here: one text frame a message, on this machine only. Loaded by ``-p tests.firefox``.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
START_SECONDS_MAX = 60
ANSWER_SECONDS_MAX = 30
#: After a key that is no part of a word: faster is a scanner, and the pages know that.
HAND_MS = 75
#: Nothing asks the outside, and the keys reach every control as the tests of Chromium expect.
PREFERENCES = {
    "app.update.disabledForTesting": True, "browser.startup.page": 0,
    "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False, "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False, "services.settings.server": "",
    "browser.safebrowsing.malware.enabled": False, "browser.safebrowsing.phishing.enabled": False,
    "intl.accept_languages": "ja", "intl.locale.requested": "ja", "accessibility.tabfocus": 7,
    "extensions.getAddons.cache.enabled": False, "extensions.systemAddon.update.enabled": False,
    "remote.active-protocols": 1,
}  # fmt: skip
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "Space": " ", "Shift": "\ue008"}


class Wire:
    """A websocket as a client has one (RFC 6455): text frames out, whole messages in."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS_MAX)
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET /session HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self._kept = b""
        while b"\r\n\r\n" not in self._kept:
            self._kept += self._more()
        head, self._kept = self._kept.split(b"\r\n\r\n", 1)
        assert b" 101 " in head.split(b"\r\n")[0], head

    def send(self, text: str) -> None:
        data, mask = text.encode(), os.urandom(4)
        length = len(data)
        size = (
            bytes([0x80 | length]) if length < 126
            else bytes([0xFE]) + length.to_bytes(2, "big") if length < 1 << 16
            else bytes([0xFF]) + length.to_bytes(8, "big")
        )  # fmt: skip
        hidden = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
        self._socket.sendall(b"\x81" + size + mask + hidden)

    def receive(self) -> str:
        whole = b""
        while True:
            first, second = self._take(2)
            length = second & 0x7F
            if length >= 126:
                length = int.from_bytes(self._take(2 if length == 126 else 8), "big")
            data = self._take(length)
            if first & 0x0F in (0x0, 0x1):
                whole += data
                if first & 0x80:
                    return whole.decode()

    def close(self) -> None:
        self._socket.close()

    def _take(self, count: int) -> bytes:
        while len(self._kept) < count:
            self._kept += self._more()
        taken, self._kept = self._kept[:count], self._kept[count:]
        return taken

    def _more(self) -> bytes:
        data = self._socket.recv(1 << 16)
        assert data, "Firefox hung up"
        return data


class Firefox:
    """One Firefox with one tab; errors of its console are kept."""

    def __init__(self, wire: Wire, base_url: str = "") -> None:
        self.base_url, self.complaints = base_url, []
        self._wire, self._last = wire, 0
        self.do("session.new", capabilities={})
        self.do("session.subscribe", events=["log.entryAdded"])
        # The window Firefox starts with has no focus where there is no screen; its own has.
        self._context = self.do("browsingContext.create", type="window")["context"]

    def do(self, method: str, **params: Any) -> Any:
        """Send one command and return its result; events that come meanwhile are kept."""
        self._last += 1
        self._wire.send(json.dumps({"id": self._last, "method": method, "params": params}))
        while True:
            said = json.loads(self._wire.receive())
            if said.get("type") == "event":
                self._hear(said["params"])
            elif said.get("id") == self._last:
                assert said["type"] == "success", said
                return said["result"]

    def _hear(self, entry: dict[str, Any]) -> None:
        if entry.get("level") == "error":
            self.complaints.append(str(entry.get("text")))

    def size(self, width: int, height: int, *, zoom: int = 1) -> None:
        """Give the window a size; at a zoom the same glass shows fewer, larger points."""
        self.do("browsingContext.setViewport", context=self._context, devicePixelRatio=zoom,
                viewport={"width": width // zoom, "height": height // zoom})  # fmt: skip

    def goto(self, path: str) -> None:
        self.do("browsingContext.navigate", context=self._context, url=self.base_url + path,
                wait="complete")  # fmt: skip

    def evaluate(self, script: str) -> Any:
        """Return what a script comes to on the page, once it has come to it."""
        said = self.do(
            "script.evaluate", expression=script, awaitPromise=True,
            target={"context": self._context},
        )  # fmt: skip
        assert said["type"] == "success", (script[:200], said)
        return _plain(said["result"])

    def wait(self, script: str, *, seconds: float = 20.0) -> None:
        """Wait until an expression holds, over the change of a page too."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if self.evaluate(script):
                    return
            except AssertionError:
                # The page that was asked is gone; the next one is asked.
                pass
            time.sleep(0.03)
        pytest.fail(
            f"Firefox: never became true: {script} — {self.evaluate('document.body.innerText')[:800]}"
        )

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as a hand on a keyboard does."""
        actions: list[dict[str, Any]] = []
        for key in keys:
            value = KEYS.get(key, key)
            actions += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
            actions += [
                {"type": "pause", "duration": 0 if len(keys) > 1 or key == "Tab" else HAND_MS}
            ]
        self.do("input.performActions", context=self._context,
                actions=[{"type": "key", "id": "keys", "actions": actions}])  # fmt: skip

    def type(self, text: str) -> None:
        self.press(*text)

    def to(self, selector: str, *, most: int = 80) -> None:
        """Tab until a control has the focus; it must be seen there."""
        for _ in range(most):
            if self.evaluate(f"!!document.activeElement?.matches({json.dumps(selector)})"):
                seen = self.evaluate(
                    "(() => { const s = getComputedStyle(document.activeElement);"
                    " return s.outlineStyle !== 'none' || s.boxShadow !== 'none' })()"
                )
                assert seen, f"the focus on {selector} is not seen"
                return
            self.press("Tab")
        pytest.fail(f"Firefox: the keyboard does not reach {selector}")

    def enter(self, selector: str) -> None:
        """Go to a control by Tab, press it by Enter, and be on the next page."""
        self.to(selector)
        self.evaluate("(document.documentElement.dataset.old = '1')")
        self.press("Enter")
        self.wait("!document.documentElement.dataset.old && document.readyState === 'complete'")

    def fits(self) -> bool:
        """Tell whether nothing has to be scrolled sideways."""
        return bool(self.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def _plain(value: dict[str, Any]) -> Any:
    """Read a value as BiDi spells it; what is no text, number, truth or list is None here."""
    match value["type"]:
        case "array":
            return [_plain(one) for one in value.get("value", [])]
        case "string" | "number" | "boolean":
            return value["value"]
        case _:
            return None


@pytest.fixture(scope="session")
def firefox_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Start Firefox without a window, with a profile of its own; say where it listens."""
    if FIREFOX is None:
        # As with Chromium (tests/chromium.py): in CI the same skip is a failure.
        pytest.skip("Firefox is not installed")  # reason: one's own machine may have none
    home = tmp_path_factory.mktemp("firefox")
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(value)});"
        for name, value in PREFERENCES.items()
    ]
    (home / "user.js").write_text("\n".join(lines), encoding="utf-8")
    log = home / "said"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [FIREFOX, "--headless", "--no-remote", "--remote-debugging-port", "0",
             "--profile", str(home), "about:blank"],
            stdout=said, stderr=said, env={**os.environ, "HOME": str(home), "MOZ_HEADLESS": "1"},
        )  # fmt: skip
    try:
        yield _listening(process, log)
    finally:
        process.terminate()
        process.wait(30)


def _listening(process: subprocess.Popen[bytes], log: Path) -> int:
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        found = re.search(r"WebDriver BiDi listening on ws://127\.0\.0\.1:(\d+)", log.read_text())
        if found:
            return int(found[1])
        time.sleep(0.05)
    pytest.fail(f"Firefox did not start: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def _one_firefox(firefox_port: int) -> Iterator[Firefox]:
    """One session for all tests: Firefox allows one at a time."""
    wire = Wire(firefox_port)
    found = Firefox(wire)
    yield found
    found.do("session.end")
    wire.close()


@pytest.fixture
def firefox(_one_firefox: Firefox, town: Any) -> Iterator[Firefox]:
    """Firefox before the running town, without cookies; what it complains of fails the test."""
    _one_firefox.base_url = town.url
    _one_firefox.do("storage.deleteCookies")
    _one_firefox.complaints.clear()
    yield _one_firefox
    assert _one_firefox.complaints == []
