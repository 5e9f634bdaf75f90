"""A real browser before the terminal's screens (ブラウザー): Chromium, driven by Playwright.

The driver keeps an event loop in its thread, and Django refuses to touch tables in such a
thread, so everything here runs in one thread of its own. Nothing is recorded: no picture, no
trace, no download, a fresh profile that ends with the run.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from madoguchi.adapters.csterminal.walking import Lost, Screen
from madoguchi.cards.domain.terminal import NoAnswer
from madoguchi.kernel.outcome import Problem, Refused

P = ParamSpec("P")
R = TypeVar("R")

ARGUMENTS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--lang=ja"]  # fmt: skip
#: Debian's names of the browser; the one without windows is the quicker one where nobody watches.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
UNSEEN = ("chromium-headless-shell", *PROGRAMS)

#: One look at a screen waits no longer; the walk looks again until the script's time is over.
LOOK_MS = 500
#: Headings and lines that can be seen, once all of a screen is there; where a small window is open, only what stands in it.
LOOK = """() => {
  if (document.readyState !== 'complete') return null;
  const seen = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  const boxes = [...document.querySelectorAll(
    'dialog[open], [role=dialog], [role=alertdialog], [aria-modal=true]')].filter(seen);
  const root = boxes.length ? boxes[boxes.length - 1] : document.body;
  if (!root) return null;
  const heads = [...root.querySelectorAll('h1, h2, h3, legend, [role=heading]')].filter(seen);
  return {heads: heads.map(e => e.innerText.trim()),
          lines: root.innerText.split('\\n').map(l => l.trim()).filter(l => l),
          box: boxes.length > 0};
}"""
#: The middle of the one button or link with these words that can be pressed just now.
PRESS = """label => {
  const seen = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  const words = e => (e.getAttribute('aria-label') || e.innerText || e.value || '').trim();
  const found = [...document.querySelectorAll(
    'button, a[href], input[type=submit], input[type=button], [role=button], [role=link]')]
    .filter(e => seen(e) && !e.disabled && words(e) === label);
  if (found.length !== 1) return null;
  found[0].scrollIntoView({block: 'center', behavior: 'instant'});
  const place = found[0].getBoundingClientRect();
  const [x, y] = [place.left + place.width / 2, place.top + place.height / 2];
  const top = document.elementFromPoint(x, y);
  return top && (found[0].contains(top) || top.contains(found[0])) ? [x, y] : null;
}"""
#: The one field with this label, ready to be typed into.
FIELD = """label => {
  const found = [...document.querySelectorAll('label')]
    .filter(e => e.getClientRects().length > 0 && e.innerText.trim() === label && e.control)
    .map(e => e.control);
  if (found.length !== 1 || found[0].disabled || found[0].readOnly) return false;
  found[0].focus();
  if (found[0].select) found[0].select();
  return document.activeElement === found[0];
}"""
#: What stands beside the one place with these words: a cell, a definition, a field.
READ = """label => {
  const seen = e => e.getClientRects().length > 0;
  const found = [...document.querySelectorAll('th, dt, label')]
    .filter(e => seen(e) && e.innerText.trim() === label);
  if (found.length !== 1) return null;
  const one = found[0];
  if (one.tagName === 'LABEL') return one.control ? one.control.value.trim() : null;
  const beside = one.nextElementSibling;
  return beside && ['TD', 'DD'].includes(beside.tagName) ? beside.innerText.trim() : null;
}"""


class BrowserScreens:
    """The terminal's screens as one page of Chromium (ブラウザーの画面)."""

    def __init__(self, page: Any, *, url: str, wait_seconds: float) -> None:
        from playwright.sync_api import Error

        self._page, self._url, self._error = page, url.rstrip("/"), Error
        self._wait_ms = wait_seconds * 1000
        self._surprised = False
        page.set_default_timeout(self._wait_ms)
        # A window of the browser's own that the script cannot see: closed, and the walk stops.
        page.on("dialog", self._surprise)
        page.on("popup", self._surprise_window)

    def open(self, path: str) -> None:
        """See ``Screens`` (開く)."""
        with self._reached():
            self._page.goto(f"{self._url}{path}", wait_until="domcontentloaded")

    def look(self) -> Screen | None:
        """See ``Screens`` (見る)."""
        if self._surprised:
            return Screen(headings=(), lines=frozenset(), has_box=True)
        try:
            found = self._ask(LOOK, None, at_most_ms=LOOK_MS)
        except self._error:  # the screen changes just now
            if self._page.is_closed():
                raise Lost(NoAnswer.NOT_REACHED) from None
            return None
        if self._page.url.startswith("chrome-error:"):
            raise Lost(NoAnswer.NOT_REACHED)
        if found is None:
            return None
        return Screen(
            headings=tuple(found["heads"]), lines=frozenset(found["lines"]), has_box=found["box"]
        )

    def fill(self, label: str, text: str) -> bool:
        """See ``Screens`` (入れる)."""
        with self._reached():
            if not self._ask(FIELD, label):
                return False
            self._page.keyboard.insert_text(text)
            return bool(self._ask("t => document.activeElement.value === t", text))

    def press(self, label: str) -> bool:
        """See ``Screens`` (押す): with the mouse, where a person would; hidden or twice is no place."""
        with self._reached():
            place = self._ask(PRESS, label)
            if place is None:
                return False
            self._page.mouse.click(*place)
        return True

    def read(self, label: str) -> str | None:
        """See ``Screens`` (読む)."""
        with self._reached():
            found: str | None = self._ask(READ, label)
        return found

    def _ask(self, script: str, given: str | None, *, at_most_ms: float | None = None) -> Any:
        """Ask the page something; what is asked plainly waits for ever while a page is on its way."""
        handle = self._page.wait_for_function(
            f"given => ({{answer: ({script})(given)}})",
            arg=given, timeout=at_most_ms or self._wait_ms, polling=50,
        )  # fmt: skip
        return handle.json_value()["answer"]

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except self._error as error:
            # Its text may quote the screen, so the kind of error is all that is kept.
            slow = type(error).__name__ == "TimeoutError"
            reason = NoAnswer.TOO_SLOW if slow else NoAnswer.NOT_REACHED
            raise Lost(reason) from None

    def _surprise_window(self, window: Any) -> None:
        self._surprised = True
        with contextlib.suppress(self._error):
            window.close()

    def _surprise(self, dialog: Any) -> None:
        self._surprised = True
        with contextlib.suppress(self._error):
            dialog.dismiss()


class Browser:
    """One Chromium in a thread of its own (ブラウザーの起動と終了)."""

    def __init__(self, *, show: bool = False, arguments: tuple[str, ...] = ()) -> None:
        program = next(filter(None, map(shutil.which, PROGRAMS if show else UNSEEN)), None)
        problems = []
        try:
            import playwright.sync_api  # noqa: F401  is it there
        except ImportError:
            problems.append(Problem(code="ROBOT_PLAYWRIGHT_MISSING"))
        if program is None:
            problems.append(Problem(code="ROBOT_CHROMIUM_MISSING"))
        if problems:
            raise Refused(problems)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="robot")
        try:
            self.do(self._start, str(program), show, [*ARGUMENTS, *arguments])
        except Exception:  # noqa: BLE001  whatever it was, there is no browser
            self._thread.shutdown(wait=False)
            raise Refused(Problem(code="ROBOT_BROWSER_WILL_NOT_START")) from None

    def do(self, work: Callable[P, R], /, *args: P.args, **given: P.kwargs) -> R:
        """Run something in the browser's thread (ブラウザーの中で実行する)."""
        return self._thread.submit(work, *args, **given).result()

    def page(self, *, url: str, wait_seconds: float) -> BrowserScreens:
        """Open a fresh window before a terminal (新しい窓)."""
        return self.do(self._page, url, wait_seconds)

    def close(self) -> None:
        """End the browser and its thread (終了)."""
        with contextlib.suppress(Exception):  # it may be gone already, by Ctrl-C
            self.do(self._stop)
        self._thread.shutdown(wait=True)

    def _start(self, program: str, show: bool, arguments: list[str]) -> None:
        from playwright.sync_api import sync_playwright

        self._play = sync_playwright().start()
        self._browser = self._play.chromium.launch(
            executable_path=program, headless=not show, args=arguments, handle_sigint=False
        )

    def _page(self, url: str, wait_seconds: float) -> BrowserScreens:
        for old in self._browser.contexts:
            old.close()
        context = self._browser.new_context(
            locale="ja-JP", accept_downloads=False, service_workers="block"
        )
        return BrowserScreens(context.new_page(), url=url, wait_seconds=wait_seconds)

    def _stop(self) -> None:
        self._browser.close()
        self._play.stop()
